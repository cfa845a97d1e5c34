package db_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/db"
)

// problems lists what a report says with a code, as "FILE:LINE VALUE".
func problems(r *db.Report, code string) []bundle.Problem {
	var found []bundle.Problem
	for _, p := range r.Problems {
		if p.Code == code {
			found = append(found, p)
		}
	}
	return found
}

// TestImportOnALaterDay imports again, and other tables, after a team and a counter have closed: remoteness stays true to the day it names.
func TestImportOnALaterDay(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	files := edited(small, map[string]string{
		"service_points.csv": small["service_points.csv"] + "S2,one_stop,Xa,,105.9,9.5,2010-01-01,2024-01-01\n",
		"teams.csv":          strings.Replace(small["teams.csv"], "T1,Tổ khóm 1,hamlet,cnscd,H1,2022-05-01,,", "T1,Tổ khóm 1,hamlet,cnscd,H1,2022-05-01,2024-01-01,", 1),
	})
	day := func(s string) db.ImportOptions { return db.ImportOptions{Today: parse(s), Now: parse(s)} }
	l.land(t, files, day("2023-06-01"))
	before := content(t, l.sql)
	l.land(t, files, day("2025-08-01"))
	sameContent(t, "the same bundle on a later day", before, content(t, l.sql))
	l.land(t, edited(only(files, "units.csv"), map[string]string{"visits.csv": "code,household_code,team_code,visited_on,outcome\nV9,C,T1,2023-08-01,guided\n"}), day("2025-08-02"))
}

// TestPolygonWarningsOfLaterBundles brings only the unit whose code comes later, and only a child.
func TestPolygonWarningsOfLaterBundles(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	if r := l.land(t, only(small, "units.csv"), db.ImportOptions{}); len(problems(r, "overlap"))+len(problems(r, "hole")) > 0 {
		t.Fatalf("a clean bundle: %+v", r.Problems)
	}
	r := l.land(t, edited(small, map[string]string{"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry
hamlet,H3,3,khom,commune,32002,2025-07-01,,"POLYGON((105.019 9,105.025 9,105.025 9.01,105.019 9.01,105.019 9))"
`}), db.ImportOptions{Today: parse("2026-01-01")})
	if found := problems(r, "overlap"); len(found) != 1 || found[0].Line != 2 || !strings.Contains(found[0].Message, "H2") || !strings.Contains(found[0].Message, "0.12") {
		t.Errorf("overlaps: %+v", found)
	}
	later := edited(only(small, "units.csv"), map[string]string{"bundle.json": strings.Replace(small["bundle.json"], "2024-09-30", "2025-09-30", 1), "units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry
hamlet,H3,3,khom,commune,32002,2025-07-01,,"POLYGON((105.02 9,105.025 9,105.025 9.01,105.02 9.01,105.02 9))"
`})
	r = l.land(t, later, db.ImportOptions{})
	if found := problems(r, "hole"); len(found) != 1 || found[0].Line != 2 || !strings.Contains(found[0].Message, "32002") || !strings.Contains(found[0].Message, "0.6") {
		t.Errorf("holes: %+v", found)
	}
	later["units.csv"] = `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry
hamlet,H2,2,khom,commune,32002,2025-07-01,,"POLYGON((105.009 9,105.019 9,105.019 9.01,105.009 9.01,105.009 9))"
hamlet,H3,3,khom,commune,32002,2025-07-01,,"POLYGON((105.02 9,105.03 9,105.03 9.01,105.02 9.01,105.02 9))"
`
	r = l.land(t, later, db.ImportOptions{})
	if holes, overlaps := problems(r, "hole"), problems(r, "overlap"); len(holes) != 1 || len(overlaps) != 1 {
		t.Errorf("a hamlet moved aside: the hole is as large as the overlap: %+v", r.Problems)
	}
}

// TestColumnsLeftOut sends rows without the columns that didn't change: what is stored stands.
func TestColumnsLeftOut(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	before := said(t, l.sql)
	r := l.land(t, map[string]string{
		"bundle.json":        small["bundle.json"],
		"units.csv":          "level,code,name,kind,valid_from\ncommune,32002,4,phuong,2004-08-31\ncommune,32002,An Xuyên,phuong,2025-07-01\nhamlet,H1,1,khom,2004-08-31\n",
		"households.csv":     "code,registered_on\nB,2022-06-01\n",
		"teams.csv":          "code,name,level,kind,unit_code,established_on\nT1,Tổ khóm 1,hamlet,cnscd,H1,2022-05-01\n",
		"service_points.csv": "code,kind,name,lon,lat\nS1,one_stop,Một cửa phường 9,105.0,9.0\n",
		"members.csv":        "code,team_code,role,joined_on\nM2,T1,member,2022-05-01\n",
		"adoptions.csv":      "household_code,service_code,adopted_on\nA,online,2023-08-01\n",
		"team_service.csv":   "team_code,level,unit_code,from_on\nT1,hamlet,H2,2023-01-01\n",
	}, db.ImportOptions{})
	for _, c := range r.Tables {
		if c.Unchanged != c.Read {
			t.Errorf("%s: %+v", c.Name, c.Count)
		}
	}
	after := said(t, l.sql)
	for table, rows := range before {
		if strings.Join(rows, "\n") != strings.Join(after[table], "\n") {
			t.Errorf("%s: %v, then %v", table, rows, after[table])
		}
	}
	// A column that is there says what it says, even beside one that isn't.
	l.land(t, map[string]string{
		"bundle.json": small["bundle.json"],
		"units.csv":   "level,code,name,kind,valid_from\n",
		"teams.csv":   "code,name,level,kind,unit_code,established_on\nT1,Tổ khóm 1,hamlet,cnscd,H1,2022-06-01\n",
		"members.csv": "code,team_code,role,joined_on\nM2,T1,member,2022-06-02\n",
	}, db.ImportOptions{})
	for statement, want := range map[string]string{
		`select active::text from team where code = 'T1'`:   "[2022-06-01,)",
		`select joined::text from member where code = 'M2'`: "[2022-06-02,2024-01-01)",
	} {
		if got := texts(t, l.sql, statement)[0]; got != want {
			t.Errorf("%s: %s, want %s", statement, got, want)
		}
	}
}

// TestOverlappingValidityRejectsNoMoreThanItMust: the third unit overlaps only the second, which does not land.
func TestOverlappingValidityRejectsNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	r := l.land(t, edited(only(small), map[string]string{"units.csv": `level,code,name,kind,valid_from,valid_to
province,96,Một,tinh,2000-01-01,2010-01-01
province,96,Hai,tinh,2005-01-01,2015-01-01
province,96,Ba,tinh,2012-01-01,
province,96,Bốn,tinh,2030-01-01,
`}), db.ImportOptions{})
	if got := strings.Join(texts(t, l.sql, "select name from unit order by valid"), " "); got != "Một Ba" || r.Rejected() != 2 {
		t.Errorf("%s stand: %+v", got, r.Problems)
	}
	r = l.land(t, edited(only(small), map[string]string{"units.csv": `level,code,name,kind,valid_from,valid_to
province,96,Ba,tinh,2012-01-01,2020-01-01
province,96,Bốn,tinh,2019-06-01,
province,96,Năm,tinh,2020-01-01,
`}), db.ImportOptions{})
	if got := strings.Join(texts(t, l.sql, "select name from unit order by valid"), " "); got != "Một Ba Năm" || r.Rejected() != 1 {
		t.Errorf("%s stand: %+v", got, r.Problems)
	}
}

// TestUnitsUnderStandingFacts ends a unit under a team and a household that name it later: the bundle must not leave them dangling.
func TestUnitsUnderStandingFacts(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	before := content(t, l.sql)
	files := edited(only(small), map[string]string{"units.csv": strings.Replace(strings.Split(small["units.csv"], "\n")[0]+"\n"+strings.Split(small["units.csv"], "\n")[7]+"\n", "2025-07-01", "2022-01-01", 1)})
	r, err := importDir(t, l.DB, write(t, files), db.ImportOptions{})
	var input *db.Error
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "H1") || !strings.Contains(r.Failed, "T1") {
		t.Errorf("got %v, %+v", err, r)
	}
	sameContent(t, "after a bundle that failed", before, content(t, l.sql))
	// With the facts put right in the same bundle it lands.
	files["teams.csv"] = "code,name,level,kind,unit_code,established_on\nT1,Tổ,hamlet,cnscd,H2,2022-05-01\n"
	files["households.csv"] = "code,registered_on,hamlet_code\nF,2022-06-01,\n"
	files["designations.csv"] = ""
	delete(files, "designations.csv")
	l.land(t, files, db.ImportOptions{})
}

// TestSmallSteps changes one thing at a time and looks at what it does to the figures by verify alone.
func TestSmallSteps(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	first := content(t, l.sql)
	for _, step := range []struct{ table, from, to string }{
		{"visits", "V2,A,T1,2023-07-01,guided", "V2,C,T1,2023-07-01,guided"},
		{"visits", "V1,A,T1,2022-07-01,not_home", "V1,A,T1,2022-06-01,ineligible"},
		{"households", "A,dia_chi_so,9600000001,,,4", "A,dia_chi_so,9600000003,,,4"},
		{"households", "D,,,31999,H2,4,2022-06-01,", "D,,,32002,,4,2022-06-01,2023-01-01"},
		{"addresses", "dia_chi_so,9600000002,105.002,9.002,household", "dia_chi_so,9600000002,105.022,9.002,business"},
		{"adoptions", "A,online,2023-08-01,", "A,online,2023-08-01,2024-08-01"},
		{"teams", "T2,Tổ phường 9,commune,cnscd,31999,2022-05-01", "T2,Tổ phường 9,commune,cnscd,32002,2022-05-01"},
	} {
		name := step.table + ".csv"
		changed := strings.Replace(small[name], step.from, step.to, 1)
		if changed == small[name] {
			t.Fatalf("%s is not in %s", step.from, name)
		}
		r := l.land(t, edited(only(small, "units.csv", name), map[string]string{name: changed}), db.ImportOptions{})
		for _, c := range r.Tables {
			if want := map[bool]int64{true: 1}[c.Name == step.table]; c.Updated != want || c.Inserted != 0 {
				t.Errorf("%s: %+v", step.to, c)
			}
		}
		l.land(t, only(small, "units.csv", name), db.ImportOptions{})
		now := content(t, l.sql)
		for _, table := range []string{"place_day", "place_month", "place_cell", "place_visit", "place_service_day", "place_service_month", "household", "address", "visit", "team_period"} {
			if first[table] != now[table] {
				t.Errorf("%s and back: %s is not what it was: %s, %s", step.to, table, first[table], now[table])
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}
