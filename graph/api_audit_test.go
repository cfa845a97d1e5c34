package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"vunglom/access"
)

// testAuditLog: who reads addresses is in the log, which is paged; who reads figures is not.
func testAuditLog(t *testing.T, h http.Handler) {
	caller := access.Caller{Issuer: "https://id.example.vn", Subject: "ba-tu", Grants: []access.Grant{{Role: access.Admin, Everywhere: true}}}
	asked := func(query string) (a answer) {
		t.Helper()
		w := postAs(t, h, caller, "203.0.113.77:1", query)
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || len(a.Errors) > 0 {
			t.Fatalf("%d %v %s", w.Code, err, w.Body)
		}
		return a
	}
	asked(`{addresses(first: 2, asOf: "2024-09-30", within: {level: PROVINCE, code: "96"}, status: [GUIDED]) {nodes {code}}}`)
	asked(`{addresses(first: 3, asOf: "2024-09-30", bbox: {west: 104, south: 8, east: 106, north: 10}) {nodes {code}}}`)
	asked(`{coverageGaps(first: 1) {nodes {priority}}}`)
	const page = `{auditLog(first: 1, after: %s, from: "2000-01-01T00:00:00Z", subject: "ba-tu") {totalCount pageInfo {hasNextPage hasPreviousPage endCursor}
		nodes {at issuer subject system purpose entry filter rows} edges {cursor node {entry}}}}`
	a := asked(fmt.Sprintf(page, "null"))
	expect(t, a, 2.0, "auditLog", "totalCount")
	expect(t, a, "https://id.example.vn", "auditLog", "nodes", 0, "issuer")
	expect(t, a, "addresses", "auditLog", "nodes", 0, "entry")
	expect(t, a, `{"asOf": "2024-09-30", "bbox": [104, 8, 106, 10]}`, "auditLog", "nodes", 0, "filter")
	expect(t, a, 3.0, "auditLog", "nodes", 0, "rows")
	expect(t, a, false, "auditLog", "nodes", 0, "system")
	expect(t, a, true, "auditLog", "pageInfo", "hasNextPage")
	b := asked(fmt.Sprintf(page, fmt.Sprintf("%q", a.at(t, "auditLog", "pageInfo", "endCursor"))))
	expect(t, b, "addresses", "auditLog", "edges", 0, "node", "entry")
	expect(t, b, `{"asOf": "2024-09-30", "status": ["GUIDED"], "within": "PROVINCE:96"}`, "auditLog", "nodes", 0, "filter")
	expect(t, b, false, "auditLog", "pageInfo", "hasNextPage")
	c := asked(`{auditLog(to: "2000-01-01T00:00:00Z") {totalCount nodes {entry}}}`)
	expect(t, c, 0.0, "auditLog", "totalCount")
}
