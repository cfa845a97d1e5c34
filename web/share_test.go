package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/quota"
	"vunglom/web"
)

// TestTilesAndFilesTakeFromTheSameShare: what a client has spent on tiles is gone for files and for the API.
func TestTilesAndFilesTakeFromTheSameShare(t *testing.T) {
	t.Parallel()
	d, log := dbtest.New(t), slog.New(slog.NewTextHandler(io.Discard, nil))
	clients := quota.New(quota.Settings{Requests: 10, Streams: 10, Rate: 0.001, Burst: 3*200 + 2*50})
	h := web.New(web.Options{DB: d, Log: log, Clients: clients, GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID, Clients: clients})})
	const tile, info, file, query = "/tiles/units/9/405/242.mvt", "/tiles/units.json", "/export/coverage.csv", "/graphql?query=%7B__typename%7D"
	for _, path := range []string{tile, tile, info, query, query} {
		if w := get(t, h, path); w.Code >= 300 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for path, price := range map[string]string{tile: "costs 200,", info: "costs 200,", file: "costs 20000,", query: "costs 50,"} {
		w := get(t, h, path)
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" ||
			!strings.Contains(w.Body.String(), `"code":"TOO_COSTLY"`) || !strings.Contains(w.Body.String(), price) {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
	for _, path := range []string{"/", "/healthz", "/app.json"} {
		if w := get(t, h, path); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	figures := get(t, h, "/metrics").Body.String()
	for _, want := range []string{"vunglom_clients 1\n", "vunglom_cost_total 700\n", `vunglom_refused_total{limit="rate"} 4`, `vunglom_refused_total{limit="requests"} 0`} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	if strings.Contains(figures, "192.0.2.1") { // httptest's client
		t.Error("the figures name a client")
	}
}

// TestGraphiQLCanBeLeftOut: the page and its files.
func TestGraphiQLCanBeLeftOut(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h := web.New(web.Options{DB: d, NoGraphiQL: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), GraphQL: http.NotFoundHandler()})
	for _, path := range []string{"/graphiql", "/graphiql/start.js", "/graphiql/dist/graphiql.min.js"} {
		if w := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if said := get(t, h, "/app.json").Body.String(); !strings.Contains(said, `"graphiql":false`) {
		t.Errorf("the dashboard is told %s", said)
	}
}
