package web_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb/geojson"

	"vunglom/gis"
)

// lines reads one column of text.
func lines(t *testing.T, raw *sql.DB, query string) map[string]bool {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]bool{}
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		found[line] = true
	}
	if err := rows.Err(); err != nil || len(found) == 0 {
		t.Fatalf("%v, %d rows of %s", err, len(found), query)
	}
	return found
}

// everywhere gathers the features of a layer over the tiles of a zoom that the province lies in; each must be in one.
func everywhere(t *testing.T, h http.Handler, layer, vector string, z int, arguments url.Values, line func(*geojson.Feature) string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	from, to := tileAt(104, 10.5, z), tileAt(106, 8, z)
	for x := from.X; x <= to.X; x++ {
		for y := from.Y; y <= to.Y; y++ {
			for _, f := range tiled(t, h, layer, gis.Tile{Z: z, X: x, Y: y}, arguments)[vector] {
				if found[line(f)] {
					t.Errorf("zoom %d: %s twice", z, line(f))
				}
				found[line(f)] = true
			}
		}
	}
	return found
}

func testTileTeams(t *testing.T, h http.Handler, raw *sql.DB) {
	line := func(f *geojson.Feature) string {
		p := f.Properties
		return fmt.Sprint(p["province"], p["code"], p["name"], p["kind"], p["level"], p["unitCode"], p["located"], p["members"])
	}
	const plain = `select t.province || t.code || t.name || t.kind || ' ' || upper(t.level) || t.unit_code || ' ' || case when t.position is null then 'false' else 'true' end || ' ' ||
		(select count(*) from member m where m.team_code = t.code and m.province = t.province and m.joined @> date '2024-09-30') from team t where t.active @> date '2024-09-30' and t.base is not null`
	trim := func(lines map[string]bool) map[string]bool {
		bare := map[string]bool{}
		for line := range lines {
			bare[strings.ReplaceAll(line, " ", "")] = true
		}
		return bare
	}
	for _, z := range []int{0, 9} {
		got := everywhere(t, h, "teams", "teams", z, url.Values{"asOf": {"2024-09-30"}}, line)
		if diff := cmp.Diff(trim(lines(t, raw, plain)), trim(got)); diff != "" {
			t.Errorf("zoom %d: %s", z, diff)
		}
	}
	ids := map[string]bool{}
	for _, n := range answer(t, h, `{adminUnit(level: COMMUNE, code: "32041", asOf: "2024-09-30") {teams(first: 1000) {nodes {id}}}}`)["adminUnit"].(map[string]any)["teams"].(map[string]any)["nodes"].([]any) {
		ids[n.(map[string]any)["id"].(string)] = true
	}
	got := everywhere(t, h, "teams", "teams", 6, url.Values{"asOf": {"2024-09-30"}, "within": {"COMMUNE:32041"}}, func(f *geojson.Feature) string { return f.Properties["id"].(string) })
	if diff := cmp.Diff(ids, got); diff != "" || len(ids) == 0 {
		t.Errorf("of a commune: %s", diff)
	}
}

func testTileServicePoints(t *testing.T, h http.Handler, raw *sql.DB) {
	line := func(f *geojson.Feature) string {
		p := f.Properties
		return fmt.Sprintf("%s %s %s %s", p["province"], p["code"], p["kind"], p["name"])
	}
	const plain = "select s.province || ' ' || s.code || ' ' || s.kind || ' ' || s.name from service_point s where s.open @> date '2024-09-30'"
	for _, z := range []int{0, 10} {
		if diff := cmp.Diff(lines(t, raw, plain), everywhere(t, h, "service_points", "service_points", z, url.Values{"asOf": {"2024-09-30"}}, line)); diff != "" {
			t.Errorf("zoom %d: %s", z, diff)
		}
	}
	for level, code := range map[string]string{"commune": "32041", "district": "972", "province": "96"} {
		inside := fmt.Sprintf(` and st_covers((select g.geometry from polygon g join unit u on u.drawn_id = g.id where u.level = '%s' and u.code = '%s' and u.valid @> date '2024-09-30'), s.position)`, level, code)
		if diff := cmp.Diff(lines(t, raw, plain+inside), everywhere(t, h, "service_points", "service_points", 6, url.Values{"asOf": {"2024-09-30"}, "within": {level + ":" + code}}, line)); diff != "" {
			t.Errorf("%s %s: %s", level, code, diff)
		}
	}
}

// testTileGapAreas: every area of the API has its centre in one tile, and its hull where a tile can show it.
func testTileGapAreas(t *testing.T, h http.Handler, _ *sql.DB) {
	want, arguments := map[string]bool{}, url.Values{"asOf": {"2024-09-30"}, "distanceMetres": {"800"}, "minHouseholds": {"3"}, "within": {"PROVINCE:96"}}
	areas := answer(t, h, `{gapAreas(asOf: "2024-09-30", distanceMetres: 800, minHouseholds: 3, within: {level: PROVINCE, code: "96"}) {areas {id households hamlets {code}}}}`)["gapAreas"].(map[string]any)["areas"].([]any)
	hulls := map[string]bool{}
	for _, a := range areas {
		area := a.(map[string]any)
		var codes []string
		for _, hamlet := range area["hamlets"].([]any) {
			codes = append(codes, hamlet.(map[string]any)["code"].(string))
		}
		want[fmt.Sprintf("%s %v", area["id"], area["households"])] = true
		hulls[fmt.Sprintf("%s %v %s", area["id"], area["households"], strings.Join(codes, ","))] = true
	}
	for _, z := range []int{0, 8, 11} {
		got := everywhere(t, h, "gap_areas", "gap_area_labels", z, arguments, func(f *geojson.Feature) string {
			return fmt.Sprintf("%s %v", f.Properties["id"], f.Properties["households"])
		})
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 {
			t.Errorf("zoom %d: %d areas: %s", z, len(want), diff)
		}
	}
	drawn := map[string]bool{}
	from, to := tileAt(104, 10.5, 11), tileAt(106, 8, 11)
	for x := from.X; x <= to.X; x++ {
		for y := from.Y; y <= to.Y; y++ {
			for _, f := range tiled(t, h, "gap_areas", tileOf(11, x, y), arguments)["gap_areas"] {
				drawn[fmt.Sprintf("%s %v %s", f.Properties["id"], f.Properties["households"], f.Properties["hamlets"])] = true
			}
		}
	}
	if diff := cmp.Diff(hulls, drawn); diff != "" {
		t.Error(diff)
	}
}

// testTilesDescribed: TileJSON leads to tiles, under the same arguments, and describes every property that they have.
func testTilesDescribed(t *testing.T, h http.Handler, _ *sql.DB) {
	for layer, query := range map[string]string{"units": "asOf=2024-09-30&level=HAMLET&service=online_public_service&within=PROVINCE%3A96", "addresses": "asOf=2024-09-30&within=DISTRICT%3A972", "teams": "", "service_points": "asOf=2024-09-30",
		"gap_areas": "asOf=2024-09-30&distanceMetres=800&minHouseholds=3"} {
		w := get(t, h, "/tiles/"+layer+".json?"+query, "X-Forwarded-Proto", "https")
		var a struct {
			TileJSON, Name, Scheme, Attribution string
			Tiles                               []string
			Bounds                              []float64
			MinZoom, MaxZoom                    int
			Vector_layers                       []struct { //nolint:all // TileJSON's own name
				ID, Description string
				Fields          map[string]string
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
			t.Fatalf("%s: %v %d %v", layer, err, w.Code, w.Header())
		}
		want := "https://example.com/tiles/" + layer + "/{z}/{x}/{y}.mvt"
		if query != "" {
			want += "?" + query
		}
		if a.TileJSON != "3.0.0" || a.Scheme != "xyz" || a.MinZoom != 0 || a.MaxZoom != 16 || len(a.Tiles) != 1 || a.Tiles[0] != want || a.Attribution == "" || a.Name == "" {
			t.Errorf("%s: %s", layer, w.Body)
		}
		if len(a.Bounds) != 4 || a.Bounds[0] < 103 || a.Bounds[1] < 8 || a.Bounds[2] > 107 || a.Bounds[3] > 11 || a.Bounds[0] >= a.Bounds[2] || a.Bounds[1] >= a.Bounds[3] {
			t.Errorf("%s: bounds %v", layer, a.Bounds)
		}
		if again := get(t, h, "/tiles/"+layer+".json?"+query, "X-Forwarded-Proto", "https", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", layer, again.Code)
		}
		described, seen := map[string]map[string]string{}, map[string]map[string]bool{}
		for _, v := range a.Vector_layers {
			described[v.ID], seen[v.ID] = v.Fields, map[string]bool{}
			for name, text := range v.Fields {
				if !strings.HasPrefix(text, "String. ") && !strings.HasPrefix(text, "Number. ") && !strings.HasPrefix(text, "Boolean. ") || !strings.HasSuffix(text, ".") {
					t.Errorf("%s.%s: %q", v.ID, name, text)
				}
			}
		}
		arguments, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		for _, tile := range []gis.Tile{all, tileAt(105.15, 9.18, 11)} {
			for id, features := range tiled(t, h, layer, tile, arguments) {
				for _, f := range features {
					for name, value := range f.Properties {
						text, known := described[id][name]
						if kind := map[bool]string{true: "Boolean. "}[value == true || value == false]; !known || kind != "" && !strings.HasPrefix(text, kind) {
							t.Errorf("%s.%s is %v, described as %q", id, name, value, text)
						}
						seen[id][name] = true
					}
				}
			}
		}
		for id, fields := range described {
			for name := range fields {
				if !seen[id][name] && name != "apportioned" && (id != "address_bins" || layer != "addresses") {
					t.Errorf("no feature has %s.%s", id, name)
				}
			}
		}
	}
}
