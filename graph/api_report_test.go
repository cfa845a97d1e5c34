package graph_test

import (
	"net/http"
	"testing"
)

// testReports: what was published, and what the register says to it.
func testReports(t *testing.T, h http.Handler) {
	a := answered(t, h, `{reports(first: 3) {totalCount pageInfo {hasNextPage endCursor} nodes {id measure value qualifier from asOf base share source unit {level code coverage {asOf guided}}}}}`, nil)
	expect(t, a, 5.0, "reports", "totalCount")
	expect(t, a, true, "reports", "pageInfo", "hasNextPage")
	for _, want := range []struct {
		value any
		path  []any
	}{
		{"cnscd_teams", []any{0, "measure"}}, {181.0, []any{0, "value"}}, {"EQ", []any{0, "qualifier"}}, {nil, []any{0, "share"}},
		{"households_guided", []any{1, "measure"}}, {"GTE", []any{1, "qualifier"}}, {"2022-12-31", []any{1, "asOf"}}, {0.53, []any{1, "share"}}, {"báo cáo", []any{1, "source"}},
		{nil, []any{1, "from"}}, {nil, []any{1, "base"}}, {"PROVINCE", []any{1, "unit", "level"}}, {"2022-12-31", []any{1, "unit", "coverage", "asOf"}},
		{0.0, []any{1, "unit", "coverage", "guided"}}, {"2024-06-30", []any{2, "asOf"}}, {300.0, []any{2, "unit", "coverage", "guided"}},
	} {
		expect(t, a, want.value, append([]any{"reports", "nodes"}, want.path...)...)
	}
	rest := answered(t, h, `query ($after: String) {reports(first: 3, after: $after) {pageInfo {hasNextPage} edges {cursor node {id measure}}}}`,
		map[string]any{"after": a.at(t, "reports", "pageInfo", "endCursor")})
	expect(t, rest, "vssid", "reports", "edges", 0, "node", "measure")
	expect(t, rest, false, "reports", "pageInfo", "hasNextPage")
	nodes := answered(t, h, `query ($ids: [ID!]!) {nodes(ids: $ids) {... on Report {measure asOf unit {code}}}}`,
		map[string]any{"ids": []any{a.at(t, "reports", "nodes", 1, "id"), rest.at(t, "reports", "edges", 1, "node", "id")}})
	expect(t, nodes, "2022-12-31", "nodes", 0, "asOf")
	expect(t, nodes, "H-003", "nodes", 1, "unit", "code")
	early := answered(t, h, `{reports(asOf: "2023-01-01") {totalCount} hamlet: reports(unit: {level: HAMLET, code: "H-003"}) {totalCount} guided: reports(measure: "households_guided") {totalCount}}`, nil)
	expect(t, early, 1.0, "reports", "totalCount")
	expect(t, early, 1.0, "hamlet", "totalCount")
	expect(t, early, 2.0, "guided", "totalCount")

	b := answered(t, h, `{reconciliation(unit: {level: PROVINCE, code: "96"}, asOf: "2024-09-30") {measure asOf computed difference status report {value unit {code}}}}`, nil)
	found := map[any]map[string]any{}
	for i := range b.list(t, "reconciliation") {
		found[b.at(t, "reconciliation", i, "measure")] = b.at(t, "reconciliation", i).(map[string]any)
	}
	for measure, want := range map[string]map[string]any{
		"households_guided": {"status": "CONSISTENT", "computed": 300.0, "difference": 0.0, "asOf": "2024-06-30"},
		"cnscd_teams":       {"status": "DIFFERS", "computed": 180.0, "difference": -1.0, "asOf": "2024-06-30"},
		"vssid":             {"status": "ONLY_REPORTED", "computed": nil, "difference": nil, "asOf": "2024-06-30"},
		"cnscd_members":     {"status": "ONLY_COMPUTED", "computed": 360.0, "difference": nil, "asOf": "2024-09-30"},
		"dvc":               {"status": "ONLY_COMPUTED", "computed": 300.0},
		"digital_addresses": {"status": "ONLY_COMPUTED", "computed": 800.0},
		"communes":          {"status": "ONLY_COMPUTED", "computed": 20.0},
	} {
		for key, value := range want {
			if got := found[measure][key]; got != value {
				t.Errorf("%s: %s is %v, want %v", measure, key, got, value)
			}
		}
	}
	for query, code := range map[string]string{
		`{reports(unit: {level: COMMUNE, code: "99999"}) {totalCount}}`:       "NOT_FOUND",
		`{reports(measure: " ") {totalCount}}`:                                "BAD_INPUT",
		`{reports(first: 0) {totalCount}}`:                                    "BAD_INPUT",
		`{reports(after: "WyJyZXBvcnQiXQ") {totalCount}}`:                     "BAD_INPUT",
		`{reconciliation(unit: {level: DISTRICT, code: "961"}) {measure}}`:    "NOT_FOUND", // it ended with the districts
		`{reconciliation(unit: {level: COMMUNE, code: "nothing"}) {measure}}`: "NOT_FOUND",
	} {
		if a := ask(t, h, query, nil); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != code {
			t.Errorf("%s: %+v, want %s", query, a.Errors, code)
		}
	}
}
