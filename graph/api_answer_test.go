package graph_test

import (
	"net/http"
	"strings"
	"testing"
)

func testDatasets(t *testing.T, h http.Handler) {
	a := answered(t, h, `{datasets {province asOf source licence synthetic importedAt snapshot} services {code nameVi nameEn countedIn}}`, nil)
	expect(t, a, "96", "datasets", 0, "province")
	expect(t, a, "2026-10-31", "datasets", 0, "asOf")
	expect(t, a, true, "datasets", 0, "synthetic")
	expect(t, a, "2026-10-30T20:00:00Z", "datasets", 0, "importedAt")
	expect(t, a, "CC0-1.0", "datasets", 0, "licence")
	expect(t, a, "dvc", "services", 0, "code")
	expect(t, a, "ACCOUNT", "services", 1, "countedIn")
}

func testUnit(t *testing.T, h http.Handler) {
	a := answered(t, h, `query ($day: Date) {adminUnit(level: HAMLET, code: "H-003", asOf: $day) {
		level code name fullName kind validFrom validTo parent {fullName parent {fullName}} ancestors {level code}
		geometry low: geometry(zoom: 6) labelPoint bbox areaKm2
		coverage {asOf basis guided attempted notVisited ineligible unknown share shareLow shareHigh gapHouseholds addresses teams members householdsPerMember lastVisitOn
			services {service {code} households share}}
		early: coverage(asOf: "2022-06-01") {guided notVisited share}
		remoteness {index remote designated serviceDistanceMetres teamDistanceMetres addressesPerKm2 computedAt}
		teams {totalCount nodes {code}} children {totalCount nodes {code}}}}`, map[string]any{"day": fixtureDay})
	for _, want := range []struct {
		value any
		path  []any
	}{
		{"ấp Ấp 3", []any{"fullName"}}, {"xã Khánh An 1", []any{"parent", "fullName"}}, {"huyện Đầm Dơi", []any{"parent", "parent", "fullName"}},
		{"PROVINCE", []any{"ancestors", 2, "level"}}, {nil, []any{"validTo"}}, {"2020-01-01", []any{"validFrom"}},
		{"Polygon", []any{"geometry", "type"}}, {"Point", []any{"labelPoint", "type"}}, {105.02, []any{"bbox", 0}}, {9.1, []any{"bbox", 3}},
		{fixtureDay, []any{"coverage", "asOf"}}, {"REGISTER", []any{"coverage", "basis"}}, {3.0, []any{"coverage", "guided"}}, {0.0, []any{"coverage", "notVisited"}},
		{1.0, []any{"coverage", "unknown"}}, {1.0, []any{"coverage", "share"}}, {0.75, []any{"coverage", "shareLow"}}, {1.0, []any{"coverage", "shareHigh"}},
		{1.0, []any{"coverage", "gapHouseholds"}}, {4.0, []any{"coverage", "addresses"}}, {1.0, []any{"coverage", "teams"}}, {2.0, []any{"coverage", "members"}},
		{1.5, []any{"coverage", "householdsPerMember"}}, {"2023-03-03", []any{"coverage", "lastVisitOn"}},
		{"dvc", []any{"coverage", "services", 0, "service", "code"}}, {3.0, []any{"coverage", "services", 0, "households"}}, {1.0, []any{"coverage", "services", 0, "share"}},
		{nil, []any{"coverage", "services", 1, "share"}}, {0.0, []any{"early", "guided"}}, {3.0, []any{"early", "notVisited"}},
		{"T003", []any{"teams", "nodes", 0, "code"}}, {1.0, []any{"teams", "totalCount"}}, {0.0, []any{"children", "totalCount"}},
	} {
		expect(t, a, want.value, append([]any{"adminUnit"}, want.path...)...)
	}
	if index, ok := a.at(t, "adminUnit", "remoteness", "index").(float64); !ok || index <= 0 || index >= 1 {
		t.Errorf("the index is %v", a.at(t, "adminUnit", "remoteness", "index"))
	}
	none := answered(t, h, `{adminUnit(level: COMMUNE, code: "99999") {code}}`, nil)
	expect(t, none, nil, "adminUnit")
}

// testDays: a unit is seen on the day it was asked for, and so is what it leads to.
func testDays(t *testing.T, h http.Handler) {
	const query = `query ($day: Date) {adminUnit(level: HAMLET, code: "H-003", asOf: $day) {parent {name parent {level children(first: 1) {nodes {level}}}} coverage {asOf}}}`
	then := answered(t, h, query, map[string]any{"day": fixtureDay})
	expect(t, then, "Khánh An 1", "adminUnit", "parent", "name")
	expect(t, then, "DISTRICT", "adminUnit", "parent", "parent", "level")
	now := answered(t, h, query, nil)
	expect(t, now, "Tân Ân 1", "adminUnit", "parent", "name")
	expect(t, now, "PROVINCE", "adminUnit", "parent", "parent", "level")
	expect(t, now, "2026-10-31", "adminUnit", "coverage", "asOf") // the clock says 20:00 UTC the day before
	expect(t, now, "COMMUNE", "adminUnit", "parent", "parent", "children", "nodes", 0, "level")
	old := answered(t, h, `{adminUnit(level: PROVINCE, code: "96") {children(asOf: "2024-09-30") {totalCount nodes {level coverage {asOf}}}}}`, nil)
	expect(t, old, 2.0, "adminUnit", "children", "totalCount")
	expect(t, old, fixtureDay, "adminUnit", "children", "nodes", 0, "coverage", "asOf")
}

func testPages(t *testing.T, h http.Handler) {
	const query = `query ($after: String) {adminUnits(level: HAMLET, first: 90, after: $after, asOf: "2024-09-30") {
		totalCount nodes {code} edges {cursor node {code}} pageInfo {hasNextPage hasPreviousPage startCursor endCursor}}}`
	var codes []any
	var after any
	for page := 0; ; page++ {
		a := answered(t, h, query, map[string]any{"after": after})
		expect(t, a, 200.0, "adminUnits", "totalCount")
		expect(t, a, page > 0, "adminUnits", "pageInfo", "hasPreviousPage")
		for _, node := range a.list(t, "adminUnits", "nodes") {
			codes = append(codes, node.(map[string]any)["code"])
		}
		expect(t, a, a.at(t, "adminUnits", "edges", 0, "cursor"), "adminUnits", "pageInfo", "startCursor")
		after = a.at(t, "adminUnits", "pageInfo", "endCursor")
		if a.at(t, "adminUnits", "pageInfo", "hasNextPage") == false {
			break
		}
	}
	if len(codes) != 200 || codes[0] != "H-001" || codes[199] != "H-200" {
		t.Errorf("%d units, from %v to %v", len(codes), codes[0], codes[len(codes)-1])
	}
	all := answered(t, h, `{adminUnits(within: {level: DISTRICT, code: "962"}, bbox: {west: 105.301, south: 9.001, east: 105.302, north: 9.002}, asOf: "2024-09-30") {nodes {code}}}`, nil)
	if got := all.list(t, "adminUnits", "nodes"); len(got) != 2 { // a district without a polygon meets no box
		t.Errorf("a small box in a district: %v", got)
	}
}

func testNodes(t *testing.T, h http.Handler) {
	a := answered(t, h, `{adminUnits(level: COMMUNE, first: 1, asOf: "2024-09-30") {nodes {id}}
		adminUnit(level: HAMLET, code: "H-001") {id teams {nodes {id}}}
		addresses(first: 1) {nodes {id}}}`, nil)
	ids := []any{
		a.at(t, "adminUnits", "nodes", 0, "id"), a.at(t, "adminUnit", "teams", "nodes", 0, "id"), a.at(t, "addresses", "nodes", 0, "id"), a.at(t, "adminUnit", "id"),
		"dGVhbTo5NjpOT05F", // team:96:NONE
	}
	b := answered(t, h, `query ($ids: [ID!]!) {nodes(ids: $ids) {id __typename
		... on AdminUnit {code coverage {asOf}} ... on Team {memberCount unit {code}} ... on Address {hamlet {code} status}}}`, map[string]any{"ids": ids})
	for i := range 4 {
		expect(t, b, ids[i], "nodes", i, "id")
	}
	expect(t, b, nil, "nodes", 4)
	expect(t, b, "2025-06-30", "nodes", 0, "coverage", "asOf") // the last day of its validity
	expect(t, b, 1.0, "nodes", 1, "memberCount")               // one of the two has left
	expect(t, b, "H-001", "nodes", 1, "unit", "code")
	expect(t, b, "GUIDED", "nodes", 2, "status")
	c := answered(t, h, `query ($id: ID!) {node(id: $id) {__typename}}`, map[string]any{"id": ids[1]})
	expect(t, c, "Team", "node", "__typename")
}

func testGaps(t *testing.T, h http.Handler) {
	const query = `query ($filter: GapFilter) {coverageGaps(filter: $filter, asOf: "2024-09-30", first: 200) {
		totalCount nodes {unit {code coverage {gapHouseholds} remoteness {index}} coverage {gapHouseholds services {households}} remoteness {index} gapHouseholds reasons priority}}}`
	a := answered(t, h, query, nil)
	last := 1e9
	for i, node := range a.list(t, "coverageGaps", "nodes") {
		gap := node.(map[string]any)
		households, priority := gap["gapHouseholds"].(float64), gap["priority"].(float64)
		expect(t, a, households, "coverageGaps", "nodes", i, "unit", "coverage", "gapHouseholds")
		expect(t, a, households, "coverageGaps", "nodes", i, "coverage", "gapHouseholds")
		index := a.at(t, "coverageGaps", "nodes", i, "remoteness", "index").(float64)
		expect(t, a, index, "coverageGaps", "nodes", i, "unit", "remoteness", "index")
		if want := households * (1 + index); priority < want-1e-9 || priority > want+1e-9 || priority > last {
			t.Errorf("gap %d: priority %v, want %v and at most %v", i, priority, want, last)
		}
		last = priority
	}
	// Hamlets whose number is a multiple of 10 have no team: 20 of them.
	b := answered(t, h, query, map[string]any{"filter": map[string]any{"reasons": []any{"NO_TEAM"}}})
	expect(t, b, 20.0, "coverageGaps", "totalCount")
	// Those whose number is a multiple of 4 were never visited: 50.
	c := answered(t, h, query, map[string]any{"filter": map[string]any{"reasons": []any{"NEVER_VISITED"}, "minGapHouseholds": 2}})
	expect(t, c, 50.0, "coverageGaps", "totalCount")
}

func testMap(t *testing.T, h http.Handler) {
	a := answered(t, h, `query ($input: CoverageMapInput!) {coverageMap(input: $input) {
		asOf snapshot synthetic unitCount legend {index lower upper lowerClosed upperClosed count color} integrity {total sumOfUnits unassigned holds} features}}`,
		map[string]any{"input": map[string]any{"level": "HAMLET", "asOf": fixtureDay, "zoom": 9}})
	expect(t, a, 200.0, "coverageMap", "unitCount")
	expect(t, a, true, "coverageMap", "synthetic")
	expect(t, a, 600.0, "coverageMap", "integrity", "total")
	expect(t, a, true, "coverageMap", "integrity", "holds")
	expect(t, a, "FeatureCollection", "coverageMap", "features", "type")
	if features := a.list(t, "coverageMap", "features", "features"); len(features) != 200 {
		t.Errorf("%d features", len(features))
	}
	expect(t, a, "H-003", "coverageMap", "features", "features", 2, "id")
	expect(t, a, 1.0, "coverageMap", "features", "features", 2, "properties", "value")
	counted := 0.0
	for i := range a.list(t, "coverageMap", "legend") {
		counted += a.at(t, "coverageMap", "legend", i, "count").(float64)
	}
	if counted != 200 {
		t.Errorf("the legend counts %v units", counted)
	}
	b := answered(t, h, `{coverageMap(input: {level: COMMUNE, measure: SERVICE_SHARE, service: "dvc", classification: JENKS, classes: 3, within: {level: DISTRICT, code: "961"}, asOf: "2024-09-30"}) {unitCount}}`, nil)
	expect(t, b, 12.0, "coverageMap", "unitCount")
}

func testSearch(t *testing.T, h http.Handler) {
	a := answered(t, h, `{search(text: "tan an 7") {score unit {fullName code}} former: search(text: "xã Khánh An 7", asOf: "2024-09-30", level: COMMUNE, within: {level: PROVINCE, code: "96"}) {unit {code}}}`, nil)
	expect(t, a, "xã Tân Ân 7", "search", 0, "unit", "fullName")
	expect(t, a, "31007", "former", 0, "unit", "code")
}

func testLocate(t *testing.T, h http.Handler) {
	a := answered(t, h, `{locate(position: {longitude: 105.025, latitude: 9.05}, asOf: "2024-09-30") {province {code} district {code} commune {code name} hamlet {code coverage {guided}}}
		nowhere: locate(position: {longitude: 110, latitude: 15}) {province {code} hamlet {code}}}`, nil)
	expect(t, a, "961", "locate", "district", "code")
	expect(t, a, "Khánh An 1", "locate", "commune", "name")
	expect(t, a, "H-003", "locate", "hamlet", "code")
	expect(t, a, 3.0, "locate", "hamlet", "coverage", "guided")
	expect(t, a, nil, "nowhere", "province")
}

func testAddresses(t *testing.T, h http.Handler) {
	a := answered(t, h, `{addresses(within: {level: HAMLET, code: "H-002"}, asOf: "2024-09-30") {totalCount nodes {scheme code kind position status commune {name} hamlet {code} was: commune(asOf: "2026-01-01") {name}}}
		unvisited: addresses(status: [NOT_VISITED], asOf: "2024-09-30", first: 1000) {totalCount}
		other: addresses(bbox: {west: 105.0509, south: 9.0509, east: 105.0511, north: 9.0511}) {nodes {kind status}}}`, nil)
	expect(t, a, 4.0, "addresses", "totalCount")
	expect(t, a, "Point", "addresses", "nodes", 0, "position", "type")
	expect(t, a, "H-002", "addresses", "nodes", 0, "hamlet", "code")
	expect(t, a, "Khánh An 1", "addresses", "nodes", 0, "commune", "name")
	expect(t, a, "Tân Ân 1", "addresses", "nodes", 0, "was", "name")
	expect(t, a, "GUIDED", "addresses", "nodes", 0, "status")
	expect(t, a, "UNKNOWN", "addresses", "nodes", 3, "status")
	expect(t, a, 300.0, "unvisited", "totalCount") // of each four hamlets 3 + 2 + 1 + 0
	expect(t, a, "agency", "other", "nodes", 0, "kind")
	expect(t, a, nil, "other", "nodes", 0, "status")
}

func testTeams(t *testing.T, h http.Handler) {
	a := answered(t, h, `{nearestTeams(position: {longitude: 105.005, latitude: 9.05}, asOf: "2024-09-30", first: 2) {distanceMetres
		team {id code name level kind establishedOn dissolvedOn base memberCount later: memberCount(asOf: "2026-06-01") unit {code fullName} serves {code level}}}}`, nil)
	expect(t, a, "T001", "nearestTeams", 0, "team", "code")
	expect(t, a, "HAMLET", "nearestTeams", 0, "team", "level")
	expect(t, a, 2.0, "nearestTeams", 0, "team", "memberCount")
	expect(t, a, 1.0, "nearestTeams", 0, "team", "later")
	expect(t, a, "H-001", "nearestTeams", 0, "team", "serves", 0, "code")
	if d := a.at(t, "nearestTeams", 1, "distanceMetres").(float64); d < 1000 || d > 1200 { // 0.01° of longitude
		t.Errorf("the second team is %v m away", d)
	}
}

// testGapReasons: hamlet 150 has no team; of its 3 households on the register 2 are guided, of 4 addresses one is unknown.
func testGapReasons(t *testing.T, h http.Handler) {
	a := answered(t, h, `{coverageGaps(filter: {within: {level: HAMLET, code: "H-150"}, reasons: [NO_TEAM], teamReachMetres: 1500, target: 0.9}, asOf: "2024-09-30") {nodes {
		reasons
		explanations {reason value threshold unit team {code} distanceMetres lastVisitOn households members sentenceVi sentenceEn}
		actions {kind closes creates quantity least position households members team {code} sentenceVi sentenceEn}}}}`, nil)
	for _, want := range []struct {
		value any
		path  []any
	}{
		{"NO_TEAM", []any{"explanations", 0, "reason"}}, {0.0, []any{"explanations", 0, "value"}}, {1.0, []any{"explanations", 0, "threshold"}},
		{"teams", []any{"explanations", 0, "unit"}}, {"T149", []any{"explanations", 0, "team", "code"}}, {2.0, []any{"explanations", 0, "households"}},
		{"BELOW_TARGET", []any{"explanations", 1, "reason"}}, {"share", []any{"explanations", 1, "unit"}}, {2.0, []any{"explanations", 1, "households"}},
		{"Ấp Ấp 150 mới hướng dẫn được 2 trên 3 hộ (66,7%), dưới mục tiêu 90%.", []any{"explanations", 1, "sentenceVi"}},
		{"2 of 3 households in ấp Ấp 150 have been guided (66.7%), below the target of 90%.", []any{"explanations", 1, "sentenceEn"}},
		{"OUT_OF_REACH", []any{"explanations", 2, "reason"}}, {"metres", []any{"explanations", 2, "unit"}}, {1500.0, []any{"explanations", 2, "threshold"}},
		{"STALE", []any{"explanations", 3, "reason"}}, {18.0, []any{"explanations", 3, "value"}}, {"2023-03-02", []any{"explanations", 3, "lastVisitOn"}},
		{"The last visit in ấp Ấp 150 was on 2 March 2023, which by 30 September 2024 was 18 months ago (the limit is 6).", []any{"explanations", 3, "sentenceEn"}},
		{"ESTABLISH_TEAM", []any{"actions", 0, "kind"}}, {1.0, []any{"actions", 0, "quantity"}}, {1.0, []any{"actions", 0, "members"}},
		{"NO_TEAM", []any{"actions", 0, "closes", 0}}, {"OUT_OF_REACH", []any{"actions", 0, "closes", 1}}, {"Point", []any{"actions", 0, "position", "type"}},
		{"VISIT_HOUSEHOLDS", []any{"actions", 1, "kind"}}, {1.0, []any{"actions", 1, "households"}}, {"STALE", []any{"actions", 1, "closes", 1}},
		{"Hướng dẫn ít nhất 1 trong 1 hộ chưa được hướng dẫn ở ấp Ấp 150.", []any{"actions", 1, "sentenceVi"}},
	} {
		expect(t, a, want.value, append([]any{"coverageGaps", "nodes", 0}, want.path...)...)
	}
	if n := len(a.list(t, "coverageGaps", "nodes", 0, "actions")); n != 2 {
		t.Errorf("%d actions", n)
	}
}

// testWhatIf: commune 31001 holds hamlets 1 to 10, of whose 30 households 1 + 2 + 3 + 0 + 1 + 2 + 3 + 0 + 1 + 2 are guided; 9 teams of 2.
func testWhatIf(t *testing.T, h http.Handler) {
	a := answered(t, h, `{whatIf(unit: {level: COMMUNE, code: "31001"}, asOf: "2024-09-30",
		teams: [{position: {longitude: 105.095, latitude: 9.05}, members: 2, serves: [{level: HAMLET, code: "H-010"}]}, {position: {longitude: 105.095, latitude: 9.05}, members: 5, serves: [{level: HAMLET, code: "H-011"}]}]
		visits: [{unit: {level: HAMLET, code: "H-004"}, households: 3}, {unit: {level: COMMUNE, code: "31001"}, households: 2}])
		{asOf basis guided attempted notVisited unknown share gapHouseholds teams members householdsPerMember lastVisitOn services {service {code} households share}}}`, nil)
	for field, want := range map[string]any{
		"asOf": fixtureDay, "basis": "REGISTER", "guided": 20.0, "attempted": 0.0, "notVisited": 10.0, "unknown": 10.0, "share": 20.0 / 30, "gapHouseholds": 20.0,
		"teams": 10.0, "members": 20.0, "householdsPerMember": 1.5, "lastVisitOn": fixtureDay,
	} {
		expect(t, a, want, "whatIf", field)
	}
	expect(t, a, 15.0, "whatIf", "services", 0, "households")
	if a.statements > 5 {
		t.Errorf("%d statements", a.statements)
	}
	refused := ask(t, h, `{whatIf(unit: {level: COMMUNE, code: "31001"}, asOf: "2024-09-30", visits: [{unit: {level: HAMLET, code: "H-004"}, households: 4}]) {share}}`, nil)
	if len(refused.Errors) != 1 || refused.Errors[0].Extensions.Code != "BAD_INPUT" || !strings.Contains(refused.Errors[0].Message, "ấp Ấp 4 has 3 left") {
		t.Errorf("%+v", refused.Errors)
	}
}
