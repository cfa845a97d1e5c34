package graph_test

import (
	"net/http"
	"strings"
	"testing"
)

// everything asks of a page of units whatever can be asked.
const everything = `{adminUnits(level: HAMLET, asOf: "2024-09-30", first: $first) {nodes {
	id code parent {name parent {name coverage {share}}} ancestors {name}
	coverage {share services {households}} last: coverage(asOf: "2023-12-31") {share}
	remoteness {index} designations {scheme} geometry(zoom: 9) labelPoint bbox areaKm2
	teams {nodes {name memberCount unit {name} serves {name coverage {share}}}} children {totalCount}}}}`

// testStatements: a page takes as many statements as its fields need, however long it is.
func testStatements(t *testing.T, h http.Handler) {
	few := answered(t, h, strings.ReplaceAll(everything, "$first", "20"), nil).statements
	many := answered(t, h, strings.ReplaceAll(everything, "$first", "190"), nil)
	if many.statements != few || len(many.list(t, "adminUnits", "nodes")) != 190 {
		t.Errorf("a page of 20 took %d statements, one of 190 %d", few, many.statements)
	}
	if few > 20 {
		t.Errorf("%d statements for 16 questions", few)
	}
	plain := answered(t, h, `{adminUnits(level: HAMLET, asOf: "2024-09-30", first: 200) {nodes {name parent {name} coverage {share} remoteness {index} teams {nodes {name}}}}}`, nil)
	if plain.statements > 6 {
		t.Errorf("a page of 200 units with parents, coverage, remoteness and teams took %d statements", plain.statements)
	}
	counted := answered(t, h, `{addresses(first: 2) {...C}} fragment C on AddressConnection {totalCount nodes {code}}`, nil).statements
	if uncounted := answered(t, h, `{addresses(first: 2) {nodes {code}}}`, nil).statements; uncounted != counted-1 {
		t.Errorf("addresses with their count took %d statements, without it %d", counted, uncounted)
	}
	gaps := answered(t, h, `{coverageGaps(asOf: "2024-09-30", first: 50) {nodes {unit {name coverage {share}} coverage {share} remoteness {index}}}}`, nil)
	if gaps.statements > 2 {
		t.Errorf("a page of gaps took %d statements", gaps.statements)
	}
	// Why each is a gap and what closes it: points, teams and staff, however many gaps there are.
	const why = `query ($first: Int) {coverageGaps(filter: {teamReachMetres: 800, maxHouseholdsPerMember: 1}, asOf: "2024-09-30", first: $first) {nodes {reasons
		explanations {reason value sentenceVi team {code unit {name} memberCount}} actions {kind closes position team {code}}}}}`
	for _, first := range []int{20, 50, 200} {
		explained := answered(t, h, why, map[string]any{"first": first})
		if explained.statements > 1+3+2 {
			t.Errorf("%d gaps with explanations, actions and teams took %d statements", first, explained.statements)
		}
		if n := len(explained.list(t, "coverageGaps", "nodes")); n != first {
			t.Errorf("%d gaps, want %d", n, first)
		}
	}
}
