package graph_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/graph"
)

// TestEraseHousehold erases a household by the mutation: figures are without it, it is in the log, and a second time is said so.
func TestEraseHousehold(t *testing.T) {
	t.Parallel()
	d := imported(t)
	d.ErasureKey = filepath.Join(t.TempDir(), "erasure.key")
	h := graph.NewHandler(d, options())
	caller := access.Caller{Issuer: "https://id.example.vn", Subject: "ba-tu", Purpose: "theo đơn", Grants: []access.Grant{{Role: access.Admin, Units: []access.Unit{{Level: "province", Code: "96"}}}}}
	ask := func(query string) (a answer) {
		t.Helper()
		w := postAs(t, h, caller, "203.0.113.78:1", query)
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatalf("%v %s", err, w.Body)
		}
		return a
	}
	const guided = `{adminUnit(level: HAMLET, code: "96/H-003", asOf: "2024-09-30") {coverage {guided}}}`
	expect(t, ask(guided), 3.0, "adminUnit", "coverage", "guided")
	const erase = `mutation {eraseHousehold(province: "96", household: "HH003-0") {already visits adoptions snapshot}}`
	a := ask(erase)
	expect(t, a, false, "eraseHousehold", "already")
	expect(t, a, "96-2", "eraseHousehold", "snapshot")
	expect(t, a, 1.0, "eraseHousehold", "visits")
	expect(t, a, 1.0, "eraseHousehold", "adoptions")
	expect(t, ask(guided), 2.0, "adminUnit", "coverage", "guided")
	a = ask(erase)
	expect(t, a, true, "eraseHousehold", "already")
	expect(t, a, "96-2", "eraseHousehold", "snapshot")
	for query, want := range map[string]string{
		`mutation {eraseHousehold(province: "96", household: "NOBODY") {already}}`: "NOT_FOUND",
		`mutation {eraseHousehold(province: "95", household: "NOBODY") {already}}`: "FORBIDDEN",
		`mutation {eraseHousehold(province: "96", household: "") {already}}`:       "BAD_INPUT",
	} {
		w := postAs(t, h, caller, "203.0.113.78:1", query)
		if !strings.Contains(w.Body.String(), `"code":"`+want+`"`) || strings.Contains(w.Body.String(), "NOBODY") {
			t.Errorf("%s: want %s and no code of a household: %s", query, want, w.Body)
		}
	}
	caller.Purpose = ""
	if w := postAs(t, h, caller, "203.0.113.78:1", erase); !strings.Contains(w.Body.String(), "X-Purpose") {
		t.Errorf("without a purpose: %s", w.Body)
	}
}
