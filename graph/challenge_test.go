package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/graph"
)

// TestChallenge opens a challenge, reads it and accepts it, each as who may; figures and the list follow.
func TestChallenge(t *testing.T) {
	t.Parallel()
	d := imported(t)
	h := graph.NewHandler(d, generous())
	ask := func(role access.Role, query string) answer {
		t.Helper()
		caller := access.Caller{Issuer: "https://id.example.vn", Subject: string(role), System: role == access.Platform, Grants: []access.Grant{{Role: role, Units: []access.Unit{{Level: "hamlet", Code: "96/H-003"}}}}}
		var a answer
		if w := postAs(t, h, caller, "203.0.113.79:1", query); json.Unmarshal(w.Body.Bytes(), &a) != nil {
			t.Fatal(w.Body)
		}
		return a
	}
	const open = `mutation {openChallenge(province: "96", challenge: {kind: NOBODY_LIVES_THERE, addressScheme: "dia_chi_so", addressCode: "%s", day: "2024-01-01", evidence: "Nhà khóa cửa, ð đã dọn đi"}) {outcome id status snapshot problems {code field sentenceVi sentenceEn}}}`
	opened := ask(access.Platform, fmt.Sprintf(open, "0000000030"))
	expect(t, opened, "INSERTED", "openChallenge", "outcome")
	expect(t, opened, "OPEN", "openChallenge", "status")
	id := opened.Data["openChallenge"].(map[string]any)["id"].(string)
	again := ask(access.Platform, fmt.Sprintf(open, "0000000030"))
	expect(t, again, "UNCHANGED", "openChallenge", "outcome")
	expect(t, again, id, "openChallenge", "id")
	elsewhere := ask(access.Platform, fmt.Sprintf(open, "0000000040"))
	expect(t, elsewhere, "REJECTED", "openChallenge", "outcome")
	expect(t, elsewhere, nil, "openChallenge", "id")

	const list = `{challenges(within: {level: HAMLET, code: "96/H-003"}, %s) {totalCount pageInfo {hasNextPage} nodes {id kind status addressCode householdCode day evidence point unit {code} history {action subject system words} corrections {what code field former became}}}}`
	if a := ask(access.Platform, fmt.Sprintf(list, "status: OPEN")); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "FORBIDDEN" {
		t.Errorf("a platform reads challenges: %+v", a)
	}
	a := ask(access.Officer, fmt.Sprintf(list, "status: OPEN, kind: NOBODY_LIVES_THERE"))
	expect(t, a, 1.0, "challenges", "totalCount")
	node := a.Data["challenges"].(map[string]any)["nodes"].([]any)[0].(map[string]any)
	if node["id"] != id || node["evidence"] != "Nhà khóa cửa, đ đã dọn đi" || node["day"] != "2024-01-01" || node["unit"].(map[string]any)["code"] != "H-003" {
		t.Errorf("%v", node)
	}
	guided := `{adminUnit(level: HAMLET, code: "96/H-003", asOf: "2024-09-30") {coverage {guided unknown}}}`
	expect(t, ask(access.Officer, guided), 3.0, "adminUnit", "coverage", "guided")
	resolve := `mutation {resolveChallenge(id: "` + id + `", decision: %s) {outcome status snapshot problems {code field}}}`
	expect(t, ask(access.Officer, fmt.Sprintf(resolve, "REJECT")), "REJECTED", "resolveChallenge", "outcome") // without a reason
	if a := ask(access.Platform, fmt.Sprintf(resolve, "ACCEPT")); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "FORBIDDEN" {
		t.Errorf("a platform resolves: %+v", a)
	}
	done := ask(access.Officer, fmt.Sprintf(resolve, "ACCEPT"))
	expect(t, done, "UPDATED", "resolveChallenge", "outcome")
	expect(t, done, "ACCEPTED", "resolveChallenge", "status")
	expect(t, done, "96-2", "resolveChallenge", "snapshot")
	a = ask(access.Officer, guided)
	expect(t, a, 2.0, "adminUnit", "coverage", "guided")
	expect(t, a, 2.0, "adminUnit", "coverage", "unknown")
	a = ask(access.Officer, fmt.Sprintf(list, "status: ACCEPTED"))
	node = a.Data["challenges"].(map[string]any)["nodes"].([]any)[0].(map[string]any)
	if got := fmt.Sprint(node["history"], node["corrections"]); !strings.Contains(got, "action:ACCEPTED subject:officer") || !strings.Contains(got, "became:2024-01-01 code:HH003-0 field:ended_on former:<nil> what:household") {
		t.Error(got)
	}
	const rates = `{dataQuality(within: {level: HAMLET, code: "96/H-003"}, asOf: %s, kinds: ["challenge_open", "challenge_accepted", "challenge_rejected", "hole"]) {kind count outOf share sentenceVi sentenceEn units(level: HAMLET) {totalCount nodes {unit {code} count outOf share}}}}`
	a = ask(access.Planner, fmt.Sprintf(rates, `"2030-01-01"`))
	for _, check := range a.list(t, "dataQuality") {
		check := check.(map[string]any)
		kind, got := check["kind"], func(of map[string]any) string {
			return fmt.Sprint(of["count"], " of ", of["outOf"], " is ", of["share"])
		}
		if kind == "hole" { // comes first, and is asked of a unit at a time
			if check["units"] != nil {
				t.Errorf("%v", check)
			}
			continue
		}
		want := map[any]string{"challenge_open": "0 of 1 is 0", "challenge_accepted": "1 of 1 is 1", "challenge_rejected": "0 of 1 is 0"}[kind]
		node := check["units"].(map[string]any)["nodes"].([]any)[0].(map[string]any)
		if got(check) != want || got(node) != want || node["unit"].(map[string]any)["code"] != "H-003" {
			t.Errorf("%s: %v, want %s", kind, check, want)
		}
	}
	a = ask(access.Planner, fmt.Sprintf(rates, `"2020-01-01"`)) // nothing was disputed yet, and nobody knows how much would have been accepted
	for _, check := range a.list(t, "dataQuality") {
		if c := check.(map[string]any); c["count"] != 0.0 || c["share"] != nil && c["kind"] != "hole" {
			t.Errorf("before: %v", c)
		}
	}
	for _, role := range []access.Role{access.Public, access.Viewer, access.Officer, access.Importer} {
		if a := ask(role, fmt.Sprintf(rates, `"2030-01-01"`)); len(a.Errors) == 0 || a.Errors[0].Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s reads rates: %+v", role, a)
		}
	}
	const cases = `{dataQuality(within: {level: HAMLET, code: "96/H-003"}, kinds: "challenge_accepted") {cases {nodes {table identity detailVi detailEn position unit {code}}}}}`
	if a := ask(access.Planner, cases); len(a.Errors) == 0 || a.Errors[0].Extensions.Code != "FORBIDDEN" {
		t.Errorf("a planner reads what was disputed: %+v", a)
	}
	node = ask(access.Admin, cases).list(t, "dataQuality", 0, "cases", "nodes")[0].(map[string]any)
	if got := fmt.Sprint(node["table"], node["identity"], node["detailEn"]); !strings.Contains(got, "challenges1Challenge 1 (nobody lives there) about address dia_chi_so/0000000030, opened on ") || !strings.Contains(got, ", was accepted on ") ||
		!strings.Contains(node["detailVi"].(string), "(không có ai ở) về địa chỉ dia_chi_so/0000000030, mở ngày ") || node["position"] == nil || node["unit"].(map[string]any)["code"] != "H-003" {
		t.Errorf("%v", node)
	}
	for query, code := range map[string]string{
		`mutation {resolveChallenge(id: "Y2hhbGxlbmdlOjk2Ojk5", decision: ACCEPT) {outcome}}`: "NOT_FOUND",
		`mutation {resolveChallenge(id: "x", decision: ACCEPT) {outcome}}`:                    "BAD_INPUT",
		`mutation {openChallenge(province: "96", challenge: {kind: WRONG_PLACE, addressScheme: "dia_chi_so", addressCode: "0000000030", evidence: "x", point: {longitude: 9, latitude: 105}}) {outcome}}`: "BAD_INPUT",
		`mutation {openChallenge(province: "91", challenge: {kind: NOT_A_HOUSE, addressScheme: "dia_chi_so", addressCode: "0000000030", evidence: "x"}) {outcome}}`:                                       "FORBIDDEN",
	} {
		if a := ask(access.Officer, query); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != code {
			t.Errorf("%s: %+v, want %s", query, a.Errors, code)
		}
	}
	broken, err := d.Verify(t.Context(), nil)
	if err != nil || len(broken) > 0 {
		t.Errorf("%v %+v", err, broken)
	}
}
