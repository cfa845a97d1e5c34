package graph_test

import (
	"fmt"
	"net/http"
	"testing"

	"vunglom/db"
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
		`{dataQuality {kind count}}`:                                                                         50 + 5000 + len(db.QualityKinds()),
		`{dataQuality {cases(first: 10) {nodes {unit {code}}}}}`:                                             50 + 5000 + len(db.QualityKinds())*(1+10*2),
		`{adminUnits(first: 10) {nodes {nearestTeams {team {code}} nearestServicePoints(first: 2) {code}}}}`: 50 + 10*(1+5*2+2),
	} {
		if got := costs(t, query); got != fmt.Sprint(cost) {
			t.Errorf("%s costs %s, want %d", query, got, cost)
		}
	}
}

// testQuality: the fixture has one unregistered address in each hamlet, and four latest figures of three months ago.
func testQuality(t *testing.T, h http.Handler) {
	const query = `query ($kinds: [String!], $first: Int, $after: String) {dataQuality(asOf: "2024-09-30", kinds: $kinds, staleAfterMonths: 3) {kind count outOf share sentenceVi sentenceEn
		cases(first: $first, after: $after) {totalCount nodes {table identity detail detailVi detailEn position unit {level code parent {code}}} edges {cursor node {identity}} pageInfo {hasNextPage endCursor}}}}`
	a := answered(t, h, query, map[string]any{"first": 3})
	kinds := a.list(t, "dataQuality")
	if len(kinds) != len(db.QualityKinds()) {
		t.Fatalf("%d checks", len(kinds))
	}
	if a.statements > 8 { // counts, cases (those of persons in a transaction of their own that logs them), their units, parents, and the parents' own
		t.Errorf("all checks with their cases took %d statements", a.statements)
	}
	b := answered(t, h, query, map[string]any{"first": 150, "kinds": []any{"unregistered", "stale_report"}})
	for _, want := range []struct {
		value any
		path  []any
	}{
		{"unregistered", []any{0, "kind"}}, {200.0, []any{0, "count"}}, {800.0, []any{0, "outOf"}}, {0.25, []any{0, "share"}},
		{"200 trong 800 địa chỉ hộ gia đình chưa có hộ nào trong sổ đăng ký.", []any{0, "sentenceVi"}},
		{"200 of 800 household addresses have nobody on the register.", []any{0, "sentenceEn"}},
		{200.0, []any{0, "cases", "totalCount"}}, {true, []any{0, "cases", "pageInfo", "hasNextPage"}},
		{"addresses", []any{0, "cases", "nodes", 0, "table"}}, {"dia_chi_so/0000000013", []any{0, "cases", "nodes", 0, "identity"}},
		{"Address dia_chi_so/0000000013 has no household on the register.", []any{0, "cases", "nodes", 0, "detailEn"}},
		{"H-001", []any{0, "cases", "nodes", 0, "unit", "code"}}, {"31001", []any{0, "cases", "nodes", 0, "unit", "parent", "code"}},
		{"Point", []any{0, "cases", "nodes", 0, "position", "type"}},
		{"stale_report", []any{1, "kind"}}, {4.0, []any{1, "count"}}, {4.0, []any{1, "outOf"}}, {false, []any{1, "cases", "pageInfo", "hasNextPage"}},
		{"hamlet/H-003/cnscd_teams/2024-06-30/báo cáo", []any{1, "cases", "nodes", 0, "identity"}}, {nil, []any{1, "cases", "nodes", 0, "position"}},
	} {
		expect(t, b, want.value, append([]any{"dataQuality"}, want.path...)...)
	}
	c := answered(t, h, query, map[string]any{"first": 150, "kinds": []any{"unregistered"}, "after": b.at(t, "dataQuality", 0, "cases", "pageInfo", "endCursor")})
	if rest := c.list(t, "dataQuality", 0, "cases", "nodes"); len(rest) != 50 {
		t.Errorf("%d cases follow 150 of 200", len(rest))
	}
	none := answered(t, h, `{dataQuality(within: {level: HAMLET, code: "H-002"}, asOf: "2023-12-31", staleAfterMonths: 13, kinds: ["stale_report", "overlap"]) {count outOf share}}`, nil)
	expect(t, none, 0.0, "dataQuality", 1, "count")
	expect(t, none, nil, "dataQuality", 1, "share")
}
