package db_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vunglom/db"
)

// TestQualityOfPolygons moves a hamlet 0.001° aside since the merger: it overlaps the one before it, and leaves a hole behind.
func TestQualityOfPolygons(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	moved := strings.Replace(small["units.csv"], `hamlet,H2,2,khom,commune,32002,2025-07-01,,"POLYGON((105.01 9,105.02 9,105.02 9.01,105.01 9.01,105.01 9))"`,
		`hamlet,H2,2,khom,commune,32002,2025-07-01,,"POLYGON((105.009 9,105.019 9,105.019 9.01,105.009 9.01,105.009 9))"`, 1)
	l.land(t, edited(small, map[string]string{"units.csv": moved}), db.ImportOptions{})
	for _, c := range []struct {
		within *db.Ref
		day    string
		want   string
		outOf  [2]int // units with a polygon; those drawn together with their parts
	}{
		{nil, "2024-09-30", "", [2]int{5, 2}},
		{nil, "2025-09-30", "hamlet/H1/2025-07-01 & hamlet/H2/2025-07-01, commune/32002/2025-07-01 hamlet", [2]int{4, 1}},
		{&db.Ref{Level: db.LevelCommune, Code: "32002"}, "2025-09-30", "hamlet/H1/2025-07-01 & hamlet/H2/2025-07-01, commune/32002/2025-07-01 hamlet", [2]int{4, 1}},
		{&db.Ref{Level: db.LevelHamlet, Code: "H2"}, "2025-09-30", "hamlet/H1/2025-07-01 & hamlet/H2/2025-07-01", [2]int{1, 0}},
		{&db.Ref{Level: db.LevelHamlet, Code: "H3"}, "2025-09-30", "", [2]int{1, 0}},
	} {
		q := db.DefaultQualityQuery(parse(c.day))
		q.Within, q.Kinds = c.within, []string{"hole", "overlap"}
		checks, err := l.Quality(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for found, err := range l.WholeQuality(t.Context(), q) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, found.Identity)
			// 0.001° by 0.01° at 9°N are 0.1216 km².
			if !strings.Contains(found.DetailEn, "0.1216 km²") || found.Position == nil {
				t.Errorf("%+v", found)
				continue
			}
			east := map[string]float64{"overlap": 105.0095, "hole": 105.0195}[found.Kind]
			if p := *found.Position; math.Abs(p.Longitude-east) > 0.0005 || math.Abs(p.Latitude-9.005) > 0.005 {
				t.Errorf("%s is shown at %+v", found.Kind, p)
			}
		}
		if len(checks) != 2 || checks[0].OutOf != c.outOf[0] || checks[1].OutOf != c.outOf[1] || checks[0].Count+checks[1].Count != len(got) || strings.Join(got, ", ") != c.want {
			t.Errorf("%+v on %s: %v, %+v", c.within, c.day, got, checks)
		}
	}
	kept := texts(t, l.sql, polygonDefects)
	if len(kept) != 2 {
		t.Fatalf("%v", kept)
	}
	// A database that was filled before these tables came gets what an import would have put there.
	files, err := filepath.Glob("migration/*_polygon_defect.sql")
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	migration, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.AsOwner(context.Background(), l.DB, "drop table polygon_overlap, polygon_hole;"+string(migration)); err != nil {
		t.Fatal(err)
	}
	if again := texts(t, l.sql, polygonDefects); !slices.Equal(again, kept) {
		t.Errorf("the migration finds %v, the import %v", again, kept)
	}
	verified(t, l.DB)
}

const polygonDefects = `select row(o.*)::text from polygon_overlap o union all select row(h.*)::text from polygon_hole h`
