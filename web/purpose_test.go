package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/graph"
	"vunglom/web"
)

// careful is roles where persons' rows are read by who says why alone.
type careful struct{ roles }

func (c careful) Caller(ctx context.Context, authorization string) (access.Caller, error) {
	caller, err := c.roles.Caller(ctx, authorization)
	caller.PurposeNeeded = caller.SignedIn()
	return caller, err
}

// testPurposes: why persons' rows are read is in the log as it was said. What the log can't keep is refused, never dropped, and where it
// has to be said nobody is told a row, a tile or a file of persons who does not say it; all else is answered.
func testPurposes(t *testing.T, m *matrix) {
	h := web.New(web.Options{DB: m.db, Callers: careful{}, TileCacheBytes: 1 << 20, Log: slog.New(slog.DiscardHandler), GraphQL: graph.NewHandler(m.db, graph.Options{})})
	const purpose = "rà soát hộ chưa được hướng dẫn ở xã"
	get := func(h http.Handler, path string, said ...string) (status int, body string) {
		header := []string{"Authorization", "Bearer admin"}
		for _, text := range said {
			header = append(header, "X-Purpose", text)
		}
		w := do(t, h, http.MethodGet, path, "", header...)
		return w.Code, w.Body.String()
	}
	within := "asOf=" + matrixDay + "&within=COMMUNE:" + ours
	ask := func(query string) string { return "/graphql?query=" + url.QueryEscape(m.about(query, ours)) }
	persons := []string{
		ask(`{addresses(within: $R, asOf: "$D", first: 2) {nodes {code}}}`),
		ask(`{node(id: "$ADDRESS") {... on Address {status}}}`),
		"/export/addresses.csv?" + within, "/export/addresses.gpkg?" + within,
		"/export/quality.csv?" + within + "&kinds=unregistered",
		"/tiles/addresses/12/3244/1944.mvt?" + within, "/tiles/addresses/12/3244/1944.mvt?" + within, // the second one is kept
	}
	for _, path := range persons {
		for _, none := range [][]string{nil, {"   "}} {
			if status, body := get(h, path, none...); !strings.Contains(body, "FORBIDDEN") || !strings.Contains(body, "X-Purpose") || status == http.StatusOK && path[:8] != "/graphql" {
				t.Errorf("%s without a purpose: %d %.300s", path, status, body)
			}
		}
	}
	for _, path := range append(persons, ask(`{adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {coverage {guided}}}`)) {
		if status, body := get(h, path, url.PathEscape(purpose)); status != http.StatusOK || strings.Contains(body, `"errors"`) {
			t.Errorf("%s with a purpose: %d %.300s", path, status, body)
		}
		for _, bad := range []string{strings.Repeat("a", 501), strings.Repeat("%E1%BA%A1", 167), "%", "%00", "%FF"} {
			for _, h := range []http.Handler{h, m.h} {
				if status, body := get(h, path, bad); status != http.StatusBadRequest || !strings.Contains(body, "BAD_INPUT") || !strings.Contains(body, "500") {
					t.Errorf("%s for %.9s…: %d %.300s", path, bad, status, body)
				}
			}
		}
	}
	if status, body := get(h, ask(`{adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {coverage {guided}}}`)); status != http.StatusOK || strings.Contains(body, `"errors"`) {
		t.Errorf("figures need no purpose: %d %s", status, body)
	}
	_, body := m.ask(t, "+admin", `{auditLog(first: 1000, subject: "admin") {nodes {purpose entry}}}`)
	for _, entry := range []string{"addresses", "address.status", "export/addresses", "tiles/addresses", "export/quality"} {
		if !strings.Contains(body, `{"purpose":"`+purpose+`","entry":"`+entry+`"}`) {
			t.Errorf("the log has no %s with its purpose: %.600s", entry, body)
		}
	}
}
