package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"vunglom/gis"
)

// plainAddress is an address and its status, worked out from the facts one by one.
type plainAddress struct {
	longitude, latitude float64
	status              string
}

// plainAddresses reads every address and gives each the status of its households (contract, Figures).
func plainAddresses(t *testing.T, raw *sql.DB, day, where string) map[string]plainAddress {
	t.Helper()
	each := func(query string, into []any, do func()) {
		t.Helper()
		rows, err := raw.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			do()
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	var household, outcome, key, kind string
	guided, latest := map[string]bool{}, map[string]string{}
	each(fmt.Sprintf("select household_code, outcome from visit where visited_on <= '%s' order by visited_on, code", day), []any{&household, &outcome}, func() {
		guided[household], latest[household] = guided[household] || outcome == "guided", outcome
	})
	order := []string{"GUIDED", "ATTEMPTED", "NOT_VISITED", "INELIGIBLE"}
	best := map[string]int{} // of an address: place in order, from 1
	each(fmt.Sprintf("select code, address_scheme || '/' || address_code from household where address_code is not null and registered_on <= '%[1]s' and (ended_on is null or ended_on > '%[1]s')", day),
		[]any{&household, &key}, func() {
			status := 3
			switch {
			case guided[household]:
				status = 1
			case latest[household] == "ineligible":
				status = 4
			case latest[household] != "":
				status = 2
			}
			if best[key] == 0 || status < best[key] {
				best[key] = status
			}
		})
	addresses := map[string]plainAddress{}
	var a plainAddress
	each("select scheme || '/' || code, kind, st_x(position), st_y(position) from address where "+where, []any{&key, &kind, &a.longitude, &a.latitude}, func() {
		a.status = ""
		if best[key] > 0 {
			a.status = order[best[key]-1]
		} else if kind == "household" {
			a.status = "UNKNOWN"
		}
		addresses[key] = a
	})
	return addresses
}

// binStatuses are the counts of a bin by the API's word; "": no household's.
var binStatuses = map[string]string{"guided": "GUIDED", "attempted": "ATTEMPTED", "notVisited": "NOT_VISITED", "ineligible": "INELIGIBLE", "unknown": "UNKNOWN", "other": ""}

// statusesIn counts the addresses of a tile by status, and tells whether they came as bins.
func statusesIn(t *testing.T, h http.Handler, tile gis.Tile, arguments url.Values) (counts map[string]int, bins bool) {
	t.Helper()
	counts = map[string]int{}
	layers := tiled(t, h, "addresses", tile, arguments)
	for _, f := range layers["addresses"] {
		status, _ := f.Properties["status"].(string)
		counts[status]++
	}
	for _, f := range layers["address_bins"] {
		sum := 0
		for name, status := range binStatuses {
			n := int(f.Properties[name].(float64))
			sum += n
			if counts[status] += n; counts[status] == 0 {
				delete(counts, status)
			}
		}
		if at := f.Geometry.(orb.Point); sum != int(f.Properties["addresses"].(float64)) || sum == 0 || at[0] < 0 || at[0] > 4095 || at[1] < 0 || at[1] > 4095 {
			t.Errorf("%v: a bin %v at %v", tile, f.Properties, at)
		}
	}
	if len(layers["addresses"]) > 0 && len(layers["address_bins"]) > 0 {
		t.Errorf("%v has both points and bins", tile)
	}
	return counts, len(layers["address_bins"]) > 0
}

// testTileAddresses: at every zoom every address is in one tile, under its status.
func testTileAddresses(t *testing.T, h http.Handler, raw *sql.DB) {
	const day = "2024-09-30"
	addresses := plainAddresses(t, raw, day, "true")
	statuses := map[string]bool{}
	for z := 0; z <= gis.MaxTileZoom; z++ {
		want := map[gis.Tile]map[string]int{}
		for _, a := range addresses {
			tile := tileAt(a.longitude, a.latitude, z)
			if want[tile] == nil {
				want[tile] = map[string]int{}
			}
			want[tile][a.status]++
			statuses[a.status] = true
		}
		withBins := 0
		for tile, counts := range want {
			got, bins := statusesIn(t, h, tile, url.Values{"asOf": {day}})
			if diff := cmp.Diff(counts, got); diff != "" {
				t.Errorf("%v: %s", tile, diff)
			}
			if bins {
				withBins++
			}
			total := 0
			for _, n := range counts {
				total += n
			}
			if bins != (total > 4096) {
				t.Errorf("%v: %d addresses, as bins %v", tile, total, bins)
			}
		}
		if z == 0 && withBins == 0 || z == gis.MaxTileZoom && withBins > 0 {
			t.Errorf("zoom %d: %d tiles have bins", z, withBins)
		}
	}
	if len(statuses) != 6 {
		t.Errorf("statuses that the province has: %v", statuses)
	}
	if _, none := statusesIn(t, h, tileAt(120, 20, 5), url.Values{"asOf": {day}}); none {
		t.Error("an address in the sea")
	}
}

// testTileAddressesWithin: the same narrowed to a unit, on the boundaries of the day and of another.
func testTileAddressesWithin(t *testing.T, h http.Handler, raw *sql.DB) {
	for _, c := range []struct{ unit, level, code, boundaries string }{
		{"COMMUNE:32041", "commune", "32041", "2024-09-30"}, {"DISTRICT:972", "district", "972", "2024-09-30"}, {"COMMUNE:32041", "commune", "32041", "2025-07-01"},
	} {
		arguments := url.Values{"asOf": {"2024-09-30"}, "within": {c.unit}, "boundariesAsOf": {c.boundaries}}
		got, _ := statusesIn(t, h, all, arguments)
		want := map[string]int{}
		for _, a := range plainAddresses(t, raw, "2024-09-30", fmt.Sprintf(`place_id in (select p.place_id from place_period p join unit u on u.id = p.%s_id
			where u.level = '%[1]s' and u.code = '%[2]s' and p.period @> date '%[3]s')`, c.level, c.code, c.boundaries)) {
			want[a.status]++
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 3 {
			t.Errorf("%v: %s", c, diff)
		}
	}
}
