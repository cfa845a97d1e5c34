package web_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestTileTagsAfterImport: an import that changes one commune gives new tags to the tiles that show it, and to no others; so does a row that
// is sent.
func TestTileTagsAfterImport(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	folder := filepath.Join(t.TempDir(), "demo")
	if err := synthetic.Generate(t.Context(), synthetic.Options{Out: folder, Scale: 0.02}); err != nil {
		t.Fatal(err)
	}
	importFolder(t, d, folder)
	h, _ := served(d)
	raw := dbtest.SQL(t, url)
	type asked struct{ path, kind string }
	var paths []asked
	for _, z := range []int{8, 10, 12} {
		from, to := tileAt(104.6, 9.7, z), tileAt(105.6, 8.5, z)
		for x := from.X; x <= to.X; x++ {
			for y := from.Y; y <= to.Y; y++ {
				for _, kind := range []string{"units", "addresses", "teams", "service_points"} {
					paths = append(paths, asked{fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt?asOf=2024-09-30", kind, z, x, y), kind})
				}
			}
		}
	}
	tags := func() map[asked]string {
		found := map[asked]string{}
		for _, p := range paths {
			w := get(t, h, p.path)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", p.path, w.Code, w.Body)
			}
			found[p] = w.Header().Get("ETag")
		}
		return found
	}
	ways := map[string]func(household, team string){
		"import": func(household, team string) {
			later := t.TempDir()
			for name, text := range map[string]string{
				"bundle.json": `{"province": "96", "as_of": "2026-10-31", "source": "later", "synthetic": true}`,
				"visits.csv":  "code,household_code,team_code,visited_on,outcome\nlate-visit," + household + "," + team + ",2024-03-01,guided\n",
			} {
				if err := os.WriteFile(filepath.Join(later, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			importFolder(t, d, later)
		},
		"write": func(household, team string) {
			visit := map[string]any{"code": "sent-visit", "householdCode": household, "teamCode": team, "visitedOn": "2024-03-01", "outcome": "guided"}
			w, err := d.Write(t.Context(), db.Write{Entry: "recordVisits", Table: "visits", Province: "96", Mode: db.WriteAll, Items: []map[string]any{visit}})
			if err != nil || w.Rows[0].Outcome != db.Inserted {
				t.Fatalf("%v %+v", err, w)
			}
		},
	}
	for _, way := range []string{"import", "write"} {
		// A household that nobody has visited, in a commune with a polygon.
		var household, team, commune string
		var longitude, latitude float64
		if err := raw.QueryRowContext(t.Context(), `select h.code, (select code from team where kind = 'cnscd' order by code limit 1), u.code, st_x(a.position), st_y(a.position)
		from household h join address a on a.scheme = h.address_scheme and a.code = h.address_code
		join place_period p on p.place_id = a.place_id and p.period @> date '2024-09-30' join unit u on u.id = p.commune_id
		where h.registered_on < '2024-01-01' and h.ended_on is null and not exists (select from visit v where v.household_code = h.code) order by h.code limit 1`).Scan(&household, &team, &commune, &longitude, &latitude); err != nil {
			t.Fatal(err)
		}
		before := tags()
		ways[way](household, team)
		changed := map[string]int{}
		for p, tag := range tags() {
			shows := false
			var z, x, y int
			if _, err := fmt.Sscanf(strings.TrimPrefix(p.path, "/tiles/"+p.kind), "/%d/%d/%d.mvt", &z, &x, &y); err != nil {
				t.Fatal(err)
			}
			switch p.kind {
			case "addresses":
				at := tileAt(longitude, latitude, z)
				shows = at.X == x && at.Y == y
			case "units":
				for _, f := range tiled(t, h, "units", tileOf(z, x, y), map[string][]string{"asOf": {"2024-09-30"}})["units"] {
					shows = shows || f.Properties["code"] == commune
				}
			}
			if shows != (tag != before[p]) {
				t.Errorf("%s shows what changed: %v; its tag was %s and is %s", p.path, shows, before[p], tag)
			}
			if tag != before[p] {
				changed[p.kind]++
			}
			// Whoever has the tile already is told so, or gets the new one.
			want := http.StatusNotModified
			if shows {
				want = http.StatusOK
			}
			if w := get(t, h, p.path, "If-None-Match", before[p]); w.Code != want {
				t.Errorf("%s: %d for the tag before the import, want %d", p.path, w.Code, want)
			}
		}
		if changed["units"] < 3 || changed["addresses"] != 3 || changed["units"] > len(paths)/8 {
			t.Errorf("%s: of %d tiles changed: %v", way, len(paths), changed)
		}
	}
}
