package web_test

import (
	"database/sql"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"vunglom/gis"
)

// TestTiles asks for tiles as a map does, and holds them against the API's own answers and plain counts.
func TestTiles(t *testing.T) {
	t.Parallel()
	h, raw := loaded(t)
	for name, test := range map[string]func(*testing.T, http.Handler, *sql.DB){
		"units": testTileUnits, "boundaries": testTileBoundaries, "labels": testTileLabels, "borders": testTileBorders, "addresses": testTileAddresses,
		"addresses of a commune": testTileAddressesWithin, "teams": testTileTeams, "service points": testTileServicePoints, "gap areas": testTileGapAreas,
		"described": testTilesDescribed, "refused": testTileRefused, "kept": testTileKept,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h, raw)
		})
	}
}

// tileAt is the tile of a zoom that a point lies in.
func tileAt(longitude, latitude float64, z int) gis.Tile {
	n := math.Exp2(float64(z))
	return gis.Tile{Z: z, X: int((longitude + 180) / 360 * n), Y: int((0.5 - math.Asinh(math.Tan(latitude*math.Pi/180))/(2*math.Pi)) * n)}
}

// tiled gets a tile and decodes it, layer by name.
func tiled(t *testing.T, h http.Handler, layer string, tile gis.Tile, arguments url.Values) map[string][]*geojson.Feature {
	t.Helper()
	path := fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt?%s", layer, tile.Z, tile.X, tile.Y, arguments.Encode())
	w := get(t, h, path)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
		t.Fatalf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
	}
	layers, err := mvt.Unmarshal(w.Body.Bytes())
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	found := map[string][]*geojson.Feature{}
	for _, l := range layers {
		if l.Extent != 4096 || l.Version != 2 {
			t.Errorf("%s: layer %s has extent %d, version %d", path, l.Name, l.Extent, l.Version)
		}
		found[l.Name] = l.Features
	}
	return found
}

func tileOf(z, x, y int) gis.Tile { return gis.Tile{Z: z, X: x, Y: y} }

// all is the tile of the whole map.
var all = gis.Tile{}

const figuresOfUnit = `id labelPoint code name fullName kind level parent {code fullName} coverage {basis guided attempted notVisited ineligible unknown share shareLow shareHigh
	gapHouseholds addresses teams members householdsPerMember lastVisitOn apportioned} remoteness {index remote}`

// testTileUnits: every unit of a level has the figures of the API, and none that it does not know.
func testTileUnits(t *testing.T, h http.Handler, _ *sql.DB) {
	bases := map[any]bool{}
	for _, day := range []string{"2024-09-30", "2022-03-31", "2025-08-15"} {
		for _, level := range []string{"PROVINCE", "DISTRICT", "COMMUNE", "HAMLET"} {
			want := unitsOfAPI(t, h, level, day)
			if level == "DISTRICT" && day > "2025-07-01" {
				continue // there are none any more
			}
			// The whole province lies in a tile of zoom 6.
			got := map[string]map[string]any{}
			for _, f := range tiled(t, h, "units", tileAt(105, 9, 6), url.Values{"asOf": {day}, "level": {level}, "within": {"PROVINCE:96"}})["units"] {
				got[f.Properties["code"].(string)] = f.Properties
				bases[f.Properties["basis"]] = true
			}
			if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
				t.Errorf("%s on %s: %d units: %s", level, day, len(got), diff)
			}
		}
	}
	if len(bases) < 2 {
		t.Errorf("all units have one basis: %v", bases)
	}
}

// unitsOfAPI are the units of a level that have a polygon, by code, with the properties that a tile should give them.
func unitsOfAPI(t *testing.T, h http.Handler, level, day string) map[string]map[string]any {
	t.Helper()
	gaps := map[string]string{}
	for _, n := range answer(t, h, fmt.Sprintf(`{coverageGaps(asOf: %q, first: 1000) {nodes {unit {code} reasons}}}`, day))["coverageGaps"].(map[string]any)["nodes"].([]any) {
		gap := n.(map[string]any)
		var reasons []string
		for _, r := range gap["reasons"].([]any) {
			reasons = append(reasons, r.(string))
		}
		gaps[gap["unit"].(map[string]any)["code"].(string)] = strings.Join(reasons, ",")
	}
	units := map[string]map[string]any{}
	for _, n := range answer(t, h, fmt.Sprintf(`{adminUnits(level: %s, asOf: %q, first: 1000) {nodes {%s}}}`, level, day, figuresOfUnit))["adminUnits"].(map[string]any)["nodes"].([]any) {
		unit := n.(map[string]any)
		if unit["labelPoint"] == nil {
			continue
		}
		properties := map[string]any{"province": "96", "synthetic": true, "derived": false, "remote": false}
		put := func(from map[string]any, names ...string) {
			for _, name := range names {
				if from[name] != nil {
					properties[name] = from[name]
				}
			}
		}
		put(unit, "id", "code", "name", "fullName", "kind", "level")
		coverage := unit["coverage"].(map[string]any)
		put(coverage, "basis", "guided", "attempted", "notVisited", "ineligible", "unknown", "share", "shareLow", "shareHigh", "gapHouseholds",
			"addresses", "teams", "members", "householdsPerMember", "lastVisitOn", "apportioned")
		if parent, ok := unit["parent"].(map[string]any); ok {
			properties["parentCode"], properties["parentName"] = parent["code"], parent["fullName"]
		}
		index := 0.0
		if remoteness, ok := unit["remoteness"].(map[string]any); ok {
			put(remoteness, "index", "remote")
			index, _ = remoteness["index"].(float64)
		}
		if coverage["basis"] == "REGISTER" {
			properties["households"] = coverage["guided"].(float64) + coverage["attempted"].(float64) + coverage["notVisited"].(float64) + coverage["ineligible"].(float64)
		}
		if gap := coverage["gapHouseholds"]; gap != nil {
			properties["priority"] = gap.(float64) * (1 + index)
			if reasons, isGap := gaps[unit["code"].(string)]; level == "HAMLET" {
				properties["gap"] = isGap
				if isGap {
					properties["reasons"] = reasons
				}
			}
		}
		units[unit["code"].(string)] = properties
	}
	return units
}

// testTileBoundaries: on the boundaries of another day, and with a service, the tile says what the API's map says.
func testTileBoundaries(t *testing.T, h http.Handler, _ *sql.DB) {
	for _, c := range []struct{ level, day, boundaries string }{{"COMMUNE", "2024-09-30", "2025-07-01"}, {"DISTRICT", "2026-01-01", "2024-09-30"}, {"COMMUNE", "2022-03-31", "2025-07-01"}} {
		want := map[string]map[string]any{}
		m := answer(t, h, fmt.Sprintf(`{coverageMap(input: {level: %s, asOf: %q, boundariesAsOf: %q, measure: SERVICE_SHARE, service: "online_public_service", zoom: 6}) {features}}`,
			c.level, c.day, c.boundaries))["coverageMap"].(map[string]any)["features"].(map[string]any)
		names := []string{"share", "shareLow", "shareHigh", "guided", "gapHouseholds", "addresses", "teams", "members", "remote", "index", "apportioned"}
		for _, n := range m["features"].([]any) {
			feature := n.(map[string]any)
			if feature["geometry"] == nil {
				continue
			}
			properties := feature["properties"].(map[string]any)
			kept := map[string]any{}
			for _, name := range names {
				if properties[name] != nil {
					kept[name] = properties[name]
				}
			}
			if properties["value"] != nil {
				kept["serviceShare"] = properties["value"]
			}
			want[properties["code"].(string)] = kept
		}
		got := map[string]map[string]any{}
		for _, f := range tiled(t, h, "units", tileAt(105, 9, 6), url.Values{"asOf": {c.day}, "boundariesAsOf": {c.boundaries}, "level": {c.level}, "service": {"online_public_service"}})["units"] {
			kept := map[string]any{}
			for _, name := range append(names, "serviceShare") {
				if value, known := f.Properties[name]; known {
					kept[name] = value
				}
			}
			got[f.Properties["code"].(string)] = kept
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("%v: %d units: %s", c, len(got), diff)
		}
	}
}

// testTileLabels: every unit has its label in one tile of a zoom, also where its polygon is too small to be drawn.
func testTileLabels(t *testing.T, h http.Handler, raw *sql.DB) {
	arguments := url.Values{"asOf": {"2024-09-30"}, "level": {"HAMLET"}}
	var hamlets int
	if err := raw.QueryRowContext(t.Context(), "select count(*) from unit where level = 'hamlet' and valid @> date '2024-09-30' and drawn_id is not null").Scan(&hamlets); err != nil {
		t.Fatal(err)
	}
	for _, z := range []int{0, 5, 8, 10} {
		seen := map[string]int{}
		from, to := tileAt(104, 10.5, z), tileAt(106, 8, z)
		for x := from.X; x <= to.X; x++ {
			for y := from.Y; y <= to.Y; y++ {
				for _, f := range tiled(t, h, "units", gis.Tile{Z: z, X: x, Y: y}, arguments)["unit_labels"] {
					seen[f.Properties["id"].(string)]++
				}
			}
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("zoom %d: %s has %d labels", z, id, times)
			}
		}
		if len(seen) != hamlets || hamlets == 0 {
			t.Errorf("zoom %d: %d hamlets have labels of %d", z, len(seen), hamlets)
		}
	}
}

// testTileBorders: neighbours share their borders in a tile, point by point: of two hamlets of one commune the stretch
// between has the same vertices.
func testTileBorders(t *testing.T, h http.Handler, _ *sql.DB) {
	shared := 0
	edges := map[[2]orb.Point]int{}
	features := tiled(t, h, "units", tileAt(105.15, 9.18, 9), url.Values{"asOf": {"2024-09-30"}, "level": {"HAMLET"}})["units"]
	for _, f := range features {
		var polygons orb.MultiPolygon
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			polygons = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			polygons = g
		}
		for _, polygon := range polygons {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					if edges[[2]orb.Point{ring[i], ring[i-1]}]++; edges[[2]orb.Point{ring[i-1], ring[i]}] > 0 {
						shared++
					}
				}
			}
		}
	}
	alone := 0
	inside := func(p orb.Point) bool { return p[0] > 0 && p[0] < 4096 && p[1] > 0 && p[1] < 4096 }
	for e, n := range edges {
		if n > 1 {
			t.Errorf("the border %v runs %d times the same way: hamlets overlap", e, n)
		}
		if edges[[2]orb.Point{e[1], e[0]}] == 0 && inside(e[0]) && inside(e[1]) {
			alone++
		}
	}
	if len(features) < 3 || shared == 0 || alone > len(edges)/2 {
		t.Errorf("%d hamlets, %d stretches of border shared, %d of %d alone", len(features), shared, alone, len(edges))
	}
}
