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
		{"W1", "team_code is empty; every row of visits needs it", "teamCode is empty; every item needs it"},
		{"H9", "no hamlet H9 is valid on 2024-01-01; correct it, or add that unit to units", "no hamlet H9 is valid on 2024-01-01; correct it, or have that unit imported first"},
		{"12", "12, 9 is outside longitude 102-118, latitude 6-24; check the number and the bundle's srid (EPSG:4326)", "12, 9 is outside longitude 102-118, latitude 6-24; check the numbers, degrees of WGS 84"},
	} {
		if got := sentProblem(visits, bundle.Problem{Column: "household_code", Code: "reference", Value: c[0], Message: c[1]}).SentenceEn; got != c[2] {
			t.Errorf("of %q\ngot  %s\nwant %s", c[0], got, c[2])
		}
	}
}

// TestADuplicateNamesTheItem: items count from 0, whatever the code reads like.
func TestADuplicateNamesTheItem(t *testing.T) {
	t.Parallel()
	const code = "W stands already in visits line 7, which"
	got := sentProblem(bundle.TableNamed("visits"), bundle.Problem{Column: "code", Code: "duplicate", Value: code, Message: code + " stands already in visits line 1, which is kept; remove or change one of the two"}).SentenceEn
	if want := code + " stands already in item 0 (counted from 0), which is kept; remove or change one of the two"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
