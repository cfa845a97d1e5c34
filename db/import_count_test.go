package db_test

import (
	"strings"
	"testing"

	"vunglom/db"
)

// The API answers with reported households as whole numbers of 32 bits: what is none is named at import, and doesn't
// break every map of its level later.
func TestReportedHouseholdsAreACount(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	report := l.land(t, edited(small, map[string]string{"reports.csv": `level,unit_code,measure,value,qualifier,as_of,share,source
province,96,households_guided,2147483647,gte,2022-01-01,,most
province,96,households_guided,2147483648,gte,2022-02-01,,too many
province,96,households_guided,-1,gte,2022-03-01,,too few
province,96,dossiers,3000000000,gte,2022-04-01,,no household
`}), db.ImportOptions{})

	wrong := problems(report, "out_of_range")
	if len(wrong) != 2 {
		t.Fatalf("out of range: %+v", wrong)
	}
	for i, line := range []int64{3, 4} {
		if p := wrong[i]; p.File != "reports.csv" || p.Line != line || p.Column != "value" || p.Kept || !strings.Contains(p.Message, "households_guided") {
			t.Errorf("problem %d: %+v", i, p)
		}
	}
	unit, err := l.UnitByRef(t.Context(), db.Ref{Level: db.LevelProvince, Code: "96"}, parse("2022-05-01"))
	if err != nil {
		t.Fatal(err)
	}
	asked := db.OnDay{Key: unit.Key(), Day: parse("2022-05-01")}
	coverage, err := l.Coverage(t.Context(), []db.OnDay{asked})
	if err != nil {
		t.Fatal(err)
	}
	if c := coverage[asked]; c.Basis != db.BasisReport || c.Guided == nil || *c.Guided != 2147483647 {
		t.Errorf("coverage: %+v", c)
	}
}
