package graph_test

import (
	"fmt"
	"net/http"
	"testing"
)

func testNearest(t *testing.T, h http.Handler) {
	a := answered(t, h, `{nearestServicePoints(position: {longitude: 105.05, latitude: 9.051}, asOf: "2024-09-30") {code name kind position distanceMetres}
		before: nearestServicePoints(position: {longitude: 105.05, latitude: 9.051}, asOf: "2019-12-31") {code}
		adminUnit(level: HAMLET, code: "H-010", asOf: "2024-09-30") {nearestTeams(first: 2) {distanceMetres team {code}} nearestServicePoints {code distanceMetres} then: nearestServicePoints(asOf: "2019-12-31") {code}}
		district: adminUnit(level: DISTRICT, code: "961", asOf: "2024-09-30") {nearestTeams {distanceMetres} nearestServicePoints {code}}}`, nil)
	expect(t, a, "SP1", "nearestServicePoints", 0, "code")
	expect(t, a, "one_stop", "nearestServicePoints", 0, "kind")
	if d := a.at(t, "nearestServicePoints", 0, "distanceMetres").(float64); d < 110.5 || d > 110.7 { // 0.001° of latitude
		t.Errorf("the service point is %v m away", d)
	}
	// H-010 has no team: its label point, 9.5 km east and 0.05° north of the first hamlet's, is nearest to H-009's.
	expect(t, a, "T009", "adminUnit", "nearestTeams", 0, "team", "code")
	expect(t, a, "T011", "adminUnit", "nearestTeams", 1, "team", "code")
	expect(t, a, "SP1", "adminUnit", "nearestServicePoints", 0, "code")
	for _, none := range [][]any{{"before"}, {"adminUnit", "then"}, {"district", "nearestTeams"}, {"district", "nearestServicePoints"}} { // a district has no polygon
		if got := a.list(t, none...); len(got) != 0 {
			t.Errorf("%v has %v", none, got)
		}
	}
}

func testGapAreas(t *testing.T, h http.Handler) {
	const query = `query ($first: Int, $least: Int!) {gapAreas(asOf: "2024-09-30", distanceMetres: 1150, minHouseholds: $least) {asOf households scattered unplaced features
		areas(first: $first) {id households hull centre hamlets {code parent {code}} nearestTeam {distanceMetres team {code unit {code}}} nearestServicePoint {code distanceMetres}}}}`
	a := answered(t, h, query, map[string]any{"least": 3})
	expect(t, a, 500.0, "gapAreas", "households") // of each four hamlets 1 + 2 + 3 + 4
	expect(t, a, 0.0, "gapAreas", "unplaced")
	areas, sum, last := a.list(t, "gapAreas", "areas"), 0.0, 1e9
	for i, area := range areas {
		households := area.(map[string]any)["households"].(float64)
		sum += households
		if households < 3 || households > last {
			t.Errorf("area %d holds %v households, the one before %v", i, households, last)
		}
		last = households
		expect(t, a, a.at(t, "gapAreas", "areas", i, "id"), "gapAreas", "features", "features", i, "id")
		expect(t, a, households, "gapAreas", "features", "features", i, "properties", "households")
		expect(t, a, "Polygon", "gapAreas", "areas", i, "hull", "type")
		expect(t, a, "Point", "gapAreas", "areas", i, "centre", "type")
		expect(t, a, "SP1", "gapAreas", "areas", i, "nearestServicePoint", "code")
		if a.at(t, "gapAreas", "areas", i, "nearestTeam", "distanceMetres").(float64) > 12_000 {
			t.Errorf("area %d is far from every team", i)
		}
	}
	if sum+a.at(t, "gapAreas", "scattered").(float64) != 500 || len(areas) < 2 || len(areas) != len(a.list(t, "gapAreas", "features", "features")) {
		t.Errorf("%v households in %d areas", sum, len(areas))
	}
	few := answered(t, h, query, map[string]any{"least": 1, "first": 1})
	many := answered(t, h, query, map[string]any{"least": 1})
	if len(few.list(t, "gapAreas", "areas")) != 1 || many.statements != few.statements || many.statements > 7 {
		t.Errorf("one area took %d statements, all %d", few.statements, many.statements)
	}
}

// TestCostOfAreas: linking costs as much as a map; all areas are as many as a page may have.
func TestCostOfAreas(t *testing.T) {
	t.Parallel()
	for query, cost := range map[string]int{
		`{gapAreas {households areas {id hamlets {code}} features}}`:                                         50 + 5000 + 1 + 1000*(1+3),
		`{gapAreas {areas(first: null) {id}}}`:                                                               50 + 5000 + 1 + 1000,
		`{gapAreas {areas(first: 7) {nearestTeam {team {code}}}}}`:                                           50 + 5000 + 1 + 7*3,
		`{adminUnits(first: 10) {nodes {nearestTeams {team {code}} nearestServicePoints(first: 2) {code}}}}`: 50 + 10*(1+5*2+2),
	} {
		if got := costs(t, query); got != fmt.Sprint(cost) {
			t.Errorf("%s costs %s, want %d", query, got, cost)
		}
	}
}
