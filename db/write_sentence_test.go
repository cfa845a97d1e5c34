package db

import (
	"testing"

	"vunglom/bundle"
)

// TestSentencesLeaveValuesAlone: columns are said as the API names them, what was sent as it was sent.
func TestSentencesLeaveValuesAlone(t *testing.T) {
	t.Parallel()
	visits := bundle.TableNamed("visits")
	for _, c := range [][3]string{
		{"W1", "visited_on is missing", "visitedOn is missing"},
		{"", "visited_on is missing", "visitedOn is missing"},
		{"a visited_on b", "no household has the code a visited_on b; correct it, or add that household to the bundle", "no household has the code a visited_on b; correct it, or add that household first"},
		{"visited", `visited_on is "visited", not a date`, `visitedOn is "visited", not a date`},
		{"visited_on", `no household has the code visited_on; correct household_code`, `no household has the code visited_on; correct householdCode`},
		{"the first", "no household has the code the first; correct it", "no household has the code the first; correct it"},
		{"to the bundle", "no household has the code to the bundle; correct it", "no household has the code to the bundle; correct it"},
		{`"team_code`, `outcome is "\"team_code"; write one of guided`, `outcome is "\"team_code"; write one of guided`},
	} {
		if got := sentProblem(visits, bundle.Problem{Column: "household_code", Code: "reference", Value: c[0], Message: c[1]}).SentenceEn; got != c[2] {
			t.Errorf("of %q\ngot  %s\nwant %s", c[0], got, c[2])
		}
	}
}
