package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"vunglom/access"
	"vunglom/graph"
)

// askAs sends a query of a caller.
func askAs(t *testing.T, h http.Handler, caller access.Caller, query string) (a answer) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(access.With(t.Context(), caller), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return a
}

// TestWhoSeesExactFigures asks as everybody, as who may see the figures of one commune, and as who may see all of them: each hamlet of
// the fixture has 3 households, which no published figure says.
func TestWhoSeesExactFigures(t *testing.T) {
	t.Parallel()
	h := graph.NewHandler(imported(t), options())
	everybody := access.Caller{}
	viewer := access.Caller{Issuer: "i", Subject: "s", Grants: []access.Grant{{Role: access.Viewer, Units: []access.Unit{{Level: "commune", Code: "31001"}}}}}
	const day, published = "2026-10-15", "2026-09-30"
	for who, c := range map[string]struct {
		access.Caller
		exact map[string]bool // by commune
	}{
		"everybody": {everybody, nil}, "a viewer of 31001": {viewer, map[string]bool{"31001": true}}, "the own machine": {access.Local(), map[string]bool{"31001": true, "31002": true}},
	} {
		for _, commune := range []string{"31001", "31002"} {
			asOf := published
			if c.exact[commune] {
				asOf = day
			}
			check := func(way string, coverage map[string]any, asOf string, exact bool) {
				t.Helper()
				sum := coverage["guided"].(float64) + coverage["attempted"].(float64) + coverage["notVisited"].(float64)
				if coverage["asOf"] != asOf || (sum == 3) != exact || !exact && int(sum)%5 != 0 {
					t.Errorf("%s, %s of %s: %v", who, way, commune, coverage)
				}
			}
			const figures = `asOf guided attempted notVisited basis`
			a := askAs(t, h, c.Caller, fmt.Sprintf(`{adminUnits(level: HAMLET, within: {level: COMMUNE, code: %q}, asOf: %q) {nodes {code coverage {%s}}}}`, commune, day, figures))
			if len(a.Errors) > 0 {
				t.Fatalf("%s: %+v", who, a.Errors)
			}
			for _, n := range a.list(t, "adminUnits", "nodes") {
				coverage := n.(map[string]any)["coverage"].(map[string]any)
				if coverage["basis"] != "REGISTER" { // published as nobody
					if c.exact[commune] {
						t.Errorf("%s, %s: %v", who, commune, n)
					}
					continue
				}
				check("the hamlets", coverage, asOf, c.exact[commune])
			}
			a = askAs(t, h, c.Caller, fmt.Sprintf(`{coverageMap(input: {level: HAMLET, within: {level: COMMUNE, code: %q}, asOf: %q, measure: GAP_HOUSEHOLDS}) {asOf integrity {total holds}}}`, commune, day))
			expect(t, a, asOf, "coverageMap", "asOf")
			expect(t, a, true, "coverageMap", "integrity", "holds")
			if total := int(a.at(t, "coverageMap", "integrity", "total").(float64)); (total == 30) != c.exact[commune] && total%5 != 0 {
				t.Errorf("%s: %d households in %s", who, total, commune)
			}
			a = askAs(t, h, c.Caller, fmt.Sprintf(`{coverageTrend(unit: {level: COMMUNE, code: %q}, from: "2026-01-15", to: %q) {asOf}}`, commune, day))
			first := "2026-01-31"
			if c.exact[commune] {
				first = "2026-01-15"
			}
			expect(t, a, first, "coverageTrend", 0, "asOf")
		}
		// Of everything only who may see everything gets exact figures.
		a := askAs(t, h, c.Caller, fmt.Sprintf(`{coverageMap(input: {level: COMMUNE, asOf: %q}) {asOf}}`, day))
		expect(t, a, map[bool]string{false: published, true: day}[len(c.exact) == 2], "coverageMap", "asOf")
	}
	for query, code := range map[string]string{
		`{adminUnit(level: COMMUNE, code: "31002") {coverage {services {households}}}}`:                                  "services",
		`{adminUnit(level: COMMUNE, code: "31002") {coverage {topics {households}}}}`:                                    "topics",
		`{adminUnit(level: COMMUNE, code: "31002") {coverage(boundariesAsOf: "2025-06-30") {guided}}}`:                   "boundaries",
		`{coverageMap(input: {level: COMMUNE, within: {level: COMMUNE, code: "31002"}, measure: PRIORITY}) {asOf}}`:      "measure",
		`{coverageMap(input: {level: COMMUNE, within: {level: COMMUNE, code: "31002"}, remoteOnly: true}) {asOf}}`:       "remoteOnly",
		`{coverageTrend(unit: {level: COMMUNE, code: "31002"}, from: "2026-09-01", to: "2026-09-30", step: DAY) {asOf}}`: "step",
	} {
		for caller, want := range map[*access.Caller]string{&everybody: "UNAUTHENTICATED", &viewer: "FORBIDDEN"} {
			if a := askAs(t, h, *caller, query); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != want {
				t.Errorf("%s (%s): %+v, want %s", query, code, a.Errors, want)
			}
		}
	}
}
