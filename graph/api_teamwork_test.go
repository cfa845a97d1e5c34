package graph_test

import (
	"net/http"
	"testing"
)

// testTeamWork: what a team answers for, and the topics of a unit. All visits of the fixture are of team T001.
func testTeamWork(t *testing.T, h http.Handler) {
	a := answered(t, h, `{adminUnit(level: HAMLET, code: "H-001", asOf: "2024-09-30") {
		coverage {topics {topic households share} teamsByLevel {level teams members}}
		teams {nodes {code roles {role members} organizations {name members} membersTrained membersUntrained visitCount householdsGuided topics {topic households share}
			householdsServed householdsPerMember early: householdsGuided(asOf: "2023-03-01") before: visitCount(asOf: "2021-01-01") none: roles(asOf: "2021-12-31") {role}
			unserved: householdsPerMember(asOf: "2021-12-31") now: householdsPerMember(asOf: "2026-10-31")}}}}`, nil)
	for _, want := range []struct {
		value any
		path  []any
	}{
		{"dich_vu_cong", []any{"coverage", "topics", 0, "topic"}}, {"vneid", []any{"coverage", "topics", 1, "topic"}}, {1.0, []any{"coverage", "topics", 1, "households"}},
		{1.0 / 3, []any{"coverage", "topics", 1, "share"}}, {"HAMLET", []any{"coverage", "teamsByLevel", 0, "level"}}, {1.0, []any{"coverage", "teamsByLevel", 0, "teams"}},
		{2.0, []any{"coverage", "teamsByLevel", 0, "members"}}, {"T001", []any{"teams", "nodes", 0, "code"}},
		{"lead", []any{"teams", "nodes", 0, "roles", 0, "role"}}, {1.0, []any{"teams", "nodes", 0, "roles", 0, "members"}}, {"member", []any{"teams", "nodes", 0, "roles", 1, "role"}},
		{"Đoàn Thanh niên", []any{"teams", "nodes", 0, "organizations", 0, "name"}}, {nil, []any{"teams", "nodes", 0, "organizations", 1, "name"}},
		{1.0, []any{"teams", "nodes", 0, "membersTrained"}}, {1.0, []any{"teams", "nodes", 0, "membersUntrained"}},
		{300.0, []any{"teams", "nodes", 0, "visitCount"}}, {300.0, []any{"teams", "nodes", 0, "householdsGuided"}}, {150.0, []any{"teams", "nodes", 0, "early"}}, {0.0, []any{"teams", "nodes", 0, "before"}},
		{300.0, []any{"teams", "nodes", 0, "topics", 0, "households"}}, {1.0, []any{"teams", "nodes", 0, "topics", 0, "share"}},
		{3.0, []any{"teams", "nodes", 0, "householdsServed"}}, {1.5, []any{"teams", "nodes", 0, "householdsPerMember"}}, {nil, []any{"teams", "nodes", 0, "unserved"}}, {3.0, []any{"teams", "nodes", 0, "now"}},
	} {
		expect(t, a, want.value, append([]any{"adminUnit"}, want.path...)...)
	}
	if none := a.list(t, "adminUnit", "teams", "nodes", 0, "none"); len(none) > 0 {
		t.Errorf("a team has members before it began: %v", none)
	}
	empty := answered(t, h, `{adminUnit(level: HAMLET, code: "H-020", asOf: "2024-09-30") {coverage {topics {topic} teamsByLevel {teams}}}}`, nil)
	if got := empty.list(t, "adminUnit", "coverage", "teamsByLevel"); len(got) > 0 || len(empty.list(t, "adminUnit", "coverage", "topics")) > 0 {
		t.Errorf("a hamlet without team and guided household: %+v", empty.Data)
	}
}

// testTeamWorkStatements: a page of units and their teams takes as many statements as its fields need, however long it is.
func testTeamWorkStatements(t *testing.T, h http.Handler) {
	const query = `query ($first: Int) {adminUnits(level: HAMLET, asOf: "2024-09-30", first: $first) {nodes {coverage {topics {households} teamsByLevel {teams}}
		teams(first: 5) {nodes {code roles {members} organizations {members} membersTrained membersUntrained visitCount householdsGuided topics {share} householdsServed householdsPerMember}}}}
		reports(first: $first) {nodes {unit {code}}} reconciliation(unit: {level: PROVINCE, code: "96"}) {report {unit {code}}}}`
	few := answered(t, h, query, map[string]any{"first": 3})
	many := answered(t, h, query, map[string]any{"first": 200})
	// units, coverage, topics, levels, teams, four of teams and the share of their topics, two of reports, seven of a reconciliation
	if few.statements != many.statements || few.statements > 20 || len(many.list(t, "adminUnits", "nodes")) != 200 {
		t.Errorf("a page of 3 took %d statements, one of 200 %d", few.statements, many.statements)
	}
}
