package db_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vunglom/bundle/published"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestPublished imports every bundle of published figures, strictly, and asks what each province answers with them.
func TestPublished(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, province := range published.Provinces() {
		folder := filepath.Join(t.TempDir(), province)
		if err := published.Write(province, folder); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second changes nothing
			report, err := importDir(t, d, folder, db.ImportOptions{Strict: true})
			if err != nil || len(report.Problems) > 0 || report.Snapshot != province+"-1" {
				t.Fatalf("%s: %v, %+v", province, err, report)
			}
		}
	}
	day := parse("2024-09-30")
	seen := 0
	for after := ""; ; {
		page, err := d.Reports(t.Context(), db.ReportFilter{}, day, db.PageArgs{First: 7, After: after})
		if err != nil || page.Total != 45 {
			t.Fatalf("%v, %d reports", err, page.Total)
		}
		var keys []db.ReportKey
		for i := range page.Items {
			keys = append(keys, page.Items[i].Key())
		}
		again, err := d.ReportsByKey(t.Context(), keys)
		if err != nil || len(again) != len(keys) {
			t.Fatalf("%v: %d of %d reports were found by their keys", err, len(again), len(keys))
		}
		if seen += len(keys); !page.More {
			break
		}
		after = page.Cursors[len(page.Cursors)-1]
	}
	if seen != 45 {
		t.Errorf("the pages hold %d reports", seen)
	}
	for _, c := range []struct {
		unit    db.Ref
		measure string
		day     string
		want    int
	}{
		{db.Ref{Level: db.LevelProvince, Code: "22"}, "", "2023-02-20", 8}, {db.Ref{Level: db.LevelProvince, Code: "22"}, "", "2023-02-19", 0},
		{db.Ref{Level: db.LevelProvince, Code: "83"}, "", "2026-10-31", 4}, // its unit is no longer valid then
		{db.Ref{Level: db.LevelCommune, Code: "83/29188"}, "accounts", "2024-09-30", 1}, {db.Ref{Level: db.LevelProvince, Code: "96"}, "households_guided", "2023-12-31", 1},
		{db.Ref{Level: db.LevelHamlet, Code: "31618-an-thuong"}, "", "2024-09-30", 1}, {db.Ref{Level: db.LevelProvince, Code: "94"}, "cnscd_hamlet_teams", "2024-09-30", 0},
	} {
		page, err := d.Reports(t.Context(), db.ReportFilter{Unit: &c.unit, Measure: c.measure}, parse(c.day), db.PageArgs{First: 50})
		if err != nil || page.Total != c.want || len(page.Items) != c.want {
			t.Errorf("%+v: %v, %d reports", c, err, page.Total)
		}
	}
	var e *db.Error
	if _, err := d.Reports(t.Context(), db.ReportFilter{Unit: &db.Ref{Level: db.LevelCommune, Code: "29194"}}, day, db.PageArgs{First: 1}); !errors.As(err, &e) || e.Code != db.CodeNotFound {
		t.Errorf("a code that nothing has: %v", err)
	}

	// Nothing is computed where nothing is recorded, and what is unknown is not 0.
	for _, ref := range []db.Ref{{Level: db.LevelProvince, Code: "22"}, {Level: db.LevelProvince, Code: "83"}, {Level: db.LevelProvince, Code: "94"}, {Level: db.LevelProvince, Code: "96"}, {Level: db.LevelCommune, Code: "29188"}} {
		unit, err := d.UnitByRef(t.Context(), ref, day)
		if err != nil {
			t.Fatal(err)
		}
		compared, err := d.Reconciliation(t.Context(), ref, day)
		if err != nil || len(compared) == 0 {
			t.Errorf("%v: %v, %d figures", ref, err, len(compared))
		}
		for _, c := range compared {
			if c.Status != db.VerdictOnlyReported || c.Computed != nil || c.Difference != nil || c.Report == nil {
				t.Errorf("%v: %+v", ref, c)
			}
		}
		on := db.OnDay{Key: unit.Key(), Day: day}
		coverage, err := d.Coverage(t.Context(), []db.OnDay{on})
		if err != nil {
			t.Fatal(err)
		}
		want := db.Coverage{Basis: db.BasisNone, Unknown: new(int)}
		if ref.Code == "96" {
			guided, share := 215000, 0.69
			want = db.Coverage{Basis: db.BasisReport, Guided: &guided, Share: &share, Unknown: new(int)}
		}
		if got := coverage[on]; fmt.Sprint(shown(got)) != fmt.Sprint(shown(want)) {
			t.Errorf("%v: %v, want %v", ref, shown(got), shown(want))
		}
	}
	for level, units := range map[db.Level]int{db.LevelProvince: 4, db.LevelDistrict: 4, db.LevelCommune: 3, db.LevelHamlet: 2} {
		m, err := d.CoverageMap(t.Context(), db.MapQuery{Level: level, Day: day, Measure: db.MeasureShare, Classification: "QUANTILE", Classes: 5})
		if err != nil || m.UnitCount != units || !m.Integrity.Holds || m.Integrity.Total != 0 || m.Synthetic {
			t.Errorf("the map of level %s: %v, %d units, %+v", level, err, m.UnitCount, m.Integrity)
		}
	}
	if at, err := d.Locate(t.Context(), db.Position{Longitude: 105.98, Latitude: 9.6}, day); err != nil || at != (db.Location{}) {
		t.Errorf("a point of Sóc Trăng: %v, %+v", err, at)
	}
	if breaches, err := d.Verify(t.Context(), nil); err != nil || len(breaches) > 0 {
		t.Errorf("%v, %+v", err, breaches)
	}
}

// shown are the figures of a coverage that a report may give, as text.
func shown(c db.Coverage) []any {
	text := func(v any) string {
		switch v := v.(type) {
		case *int:
			if v != nil {
				return fmt.Sprint(*v)
			}
		case *float64:
			if v != nil {
				return fmt.Sprint(*v)
			}
		case *time.Time:
			if v != nil {
				return v.String()
			}
		}
		return "unknown"
	}
	return []any{c.Basis, text(c.Guided), text(c.Attempted), text(c.NotVisited), text(c.Ineligible), text(c.Unknown), text(c.Share), text(c.ShareLow), text(c.ShareHigh),
		text(c.GapHouseholds), c.Addresses, c.Teams, c.Members, text(c.HouseholdsPerMember), text(c.LastVisitOn)}
}

// TestQualifiers: what is published as "more than" is no exact figure.
func TestQualifiers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		qualifier       string
		value, computed float64
		want            db.Verdict
	}{
		{"eq", 10, 10, db.VerdictConsistent}, {"eq", 10, 11, db.VerdictDiffers},
		{"gte", 10, 10, db.VerdictConsistent}, {"gte", 10, 1e6, db.VerdictConsistent}, {"gte", 10, 9, db.VerdictDiffers},
		{"lte", 10, 10, db.VerdictConsistent}, {"lte", 10, 0, db.VerdictConsistent}, {"lte", 10, 11, db.VerdictDiffers},
		{"approx", 100, 105, db.VerdictConsistent}, {"approx", 100, 95, db.VerdictConsistent}, {"approx", 100, 106, db.VerdictDiffers}, {"approx", 100, 94, db.VerdictDiffers},
	} {
		report := &db.PublishedReport{Measure: "m", Value: c.value, Qualifier: c.qualifier}
		got := db.Reconcile(report, &c.computed)
		if got.Status != c.want || *got.Difference != c.computed-c.value {
			t.Errorf("%+v: %+v", c, got)
		}
		if got := db.Reconcile(report, nil); got.Status != db.VerdictOnlyReported || got.Difference != nil {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// TestReportsNameTheUnitOfTheirDay: codes are reused, and a report is about whatever had its code on its own day.
func TestReportsNameTheUnitOfTheirDay(t *testing.T) {
	t.Parallel()
	l := load(t, 60)
	keys := l.keys(t)
	seen, reused := 0, 0
	for i := range l.reports {
		r := &l.reports[i]
		page, err := l.d.Reports(t.Context(), db.ReportFilter{Unit: &db.Ref{Level: db.Level(r.level), Code: r.unit}}, parse(r.on), db.PageArgs{First: 100})
		if err != nil {
			t.Fatal(err)
		}
		want := 0 // those about the code, whoever had it, up to the day
		for j := range l.reports {
			if other := &l.reports[j]; other.level == r.level && other.unit == r.unit && other.on <= r.on {
				want++
				if l.unitOn(r.level, r.unit, other.on) != l.unitOn(r.level, r.unit, r.on) {
					reused++
				}
			}
		}
		if page.Total != want || len(page.Items) != want {
			t.Errorf("%+v: %d reports, want %d", r, page.Total, want)
		}
		for _, item := range page.Items {
			seen++
			if day := item.AsOf.Format(time.DateOnly); item.UnitKey() != keys[l.unitOn(r.level, r.unit, day)] {
				t.Errorf("%+v is about unit %v", item, item.UnitKey())
			}
		}
	}
	if seen == 0 {
		t.Error("nothing was reported")
	}
	t.Logf("%d of %d reports are about another unit of the same code", reused, seen)
}

// TestReportsOfACodeOfTwoProvinces: a code that several provinces use names no unit until its province is written.
func TestReportsOfACodeOfTwoProvinces(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, province := range []string{"91", "96"} {
		if _, err := importDir(t, d, write(t, map[string]string{
			"bundle.json": `{"province": "` + province + `", "as_of": "2025-12-31", "source": "two", "synthetic": true}`,
			"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to\nprovince," + province + ",Tỉnh,tinh,,,2004-01-01,\n" +
				"commune,32001,Xã,xa,province," + province + ",2004-01-01,\n",
			"reports.csv": "level,unit_code,measure,value,qualifier,as_of,source\ncommune,32001,households_guided," + province + ",gte,2024-06-30,Sở\n",
		}), db.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(code string) (db.Page[db.PublishedReport], error) {
		return d.Reports(t.Context(), db.ReportFilter{Unit: &db.Ref{Level: db.LevelCommune, Code: code}}, parse("2025-12-31"), db.PageArgs{First: 10})
	}
	var e *db.Error
	if _, err := ask("32001"); !errors.As(err, &e) || e.Code != db.CodeBadInput || !strings.Contains(e.Error(), "91/32001, 96/32001") {
		t.Errorf("a code of two provinces: %v", err)
	}
	if _, err := ask("95/32001"); !errors.As(err, &e) || e.Code != db.CodeNotFound {
		t.Errorf("a code of neither: %v", err)
	}
	for province, value := range map[string]float64{"91": 91, "96": 96} {
		if page, err := ask(province + "/32001"); err != nil || page.Total != 1 || page.Items[0].Province != province || page.Items[0].Value != value {
			t.Errorf("%s: %v, %+v", province, err, page)
		}
	}
}
