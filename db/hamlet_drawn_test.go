package db_test

import (
	"strings"
	"testing"

	"vunglom/db"
)

// TestDerivedBesideDrawn derives beside drawn hamlets that are valid at other times than the day asked for, or lie in other
// communes: no derived polygon lies on one (the helpers verify that), and a bundle about something else changes none.
func TestDerivedBesideDrawn(t *testing.T) {
	t.Parallel()
	for name, world := range map[string]struct {
		units    string // beside those of plot
		hectares int    // of H1, H2 and H3 together
	}{
		"ended before the day": {
			`hamlet,H9,9,ap,commune,32002,2004-08-31,2020-01-01,"POLYGON((105.012 9,105.018 9,105.018 9.01,105.012 9.01,105.012 9))"
`,
			292,
		},
		"over the border of another commune": {
			`commune,32003,Tắc Vân,xa,province,96,2004-08-31,,"POLYGON((105.03 9,105.06 9,105.06 9.01,105.03 9.01,105.03 9))"
hamlet,K1,1,ap,commune,32003,2004-08-31,,"POLYGON((105.0299 9,105.06 9,105.06 9.01,105.0299 9.01,105.0299 9))"
`,
			364,
		},
		"where the commune of the day has grown": { // its new strip was a drawn hamlet's while H3 was another commune's
			`commune,32003,Tắc Vân,xa,province,96,2004-08-31,2025-07-01,"POLYGON((105.03 9,105.06 9,105.06 9.01,105.03 9.01,105.03 9))"
hamlet,K1,1,ap,commune,32003,2004-08-31,2025-07-01,"POLYGON((105.03 9,105.06 9,105.06 9.01,105.03 9.01,105.03 9))"
commune,33001,Mới,xa,province,96,2025-07-01,,"POLYGON((105 9,105.033 9,105.033 9.01,105 9.01,105 9))"
hamlet,H1,1,ap,commune,33001,2025-07-01,,
hamlet,H2,2,ap,commune,33001,2025-07-01,,
hamlet,H3,3,ap,commune,33001,2025-07-01,,
`,
			365,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLanding(t)
			files := plot()
			if strings.Contains(world.units, "33001") {
				files["units.csv"] = strings.ReplaceAll(files["units.csv"], "2004-08-31,,", "2004-08-31,2025-07-01,")
				files["units.csv"] = strings.Replace(files["units.csv"], "tinh,,,2004-08-31,2025-07-01,", "tinh,,,2004-08-31,,", 1)
			}
			files["units.csv"] += world.units
			l.land(t, files, db.ImportOptions{})
			if r := l.derive(t, db.DeriveOptions{}); r.Derived != 3 {
				t.Fatalf("%+v", r)
			}
			if n := count(t, l, `select round(sum(area_km2) * 100) from polygon where id in (select polygon_id from unit where derived_support is not null)`); n != world.hectares {
				t.Errorf("derived hamlets have %d ha, want %d", n, world.hectares)
			}
			before := texts(t, l.sql, "select code || valid || coalesce(polygon_id, 0) from unit order by 1")
			l.land(t, map[string]string{"bundle.json": files["bundle.json"],
				"units.csv": "level,code,name,kind,valid_from,population\nprovince,96,Cà Mau,tinh,2004-08-31,1200000\n"}, db.ImportOptions{})
			after := texts(t, l.sql, "select code || valid || coalesce(polygon_id, 0) from unit order by 1")
			if got, want := strings.Join(after, " "), strings.Join(before, " "); got != want {
				t.Errorf("a bundle about something else changed polygons: %s, were %s", got, want)
			}
			stored, snapshot := content(t, l.sql), texts(t, l.sql, "select province || '-' || snapshot from dataset")[0]
			if r := l.derive(t, db.DeriveOptions{}); r.Changed != 0 || r.Snapshot != snapshot {
				t.Errorf("deriving again changed %d, snapshot %s", r.Changed, r.Snapshot)
			}
			again := content(t, l.sql)
			delete(again, "dataset") // tells that it was derived again
			sameContent(t, "deriving again", stored, again)
		})
	}
}
