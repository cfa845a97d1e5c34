package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"vunglom/auth"
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
	h := web.New(web.Options{DB: d, Callers: auth.Local{}, Log: log, Clients: clients, GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID, Clients: clients})})
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

// TestTilesOfGapAreasCostWhatFindingThemDoes, until it has been found out.
func TestTilesOfGapAreasCostWhatFindingThemDoes(t *testing.T) {
	t.Parallel()
	clients := quota.New(quota.Settings{Requests: 10, Streams: 10, Rate: 0.001, Burst: 200 + 5000 + 200})
	h := web.New(web.Options{DB: dbtest.New(t), Callers: auth.Local{}, Log: slog.New(slog.DiscardHandler), Clients: clients, TileCacheBytes: 8 << 20, GraphQL: http.NotFoundHandler()})
	for _, c := range []struct {
		path  string
		spent int64
	}{{"/tiles/gap_areas/9/405/242.mvt", 5200}, {"/tiles/gap_areas/9/405/243.mvt", 5400}} {
		if w := get(t, h, c.path); w.Code >= 300 || clients.Figures().Spent.Load() != c.spent {
			t.Errorf("%s: %d %s, %d spent", c.path, w.Code, w.Body, clients.Figures().Spent.Load())
		}
	}
	poor := quota.New(quota.Settings{Requests: 10, Streams: 10, Rate: 0.001, Burst: 5000})
	h = web.New(web.Options{DB: dbtest.New(t), Callers: auth.Local{}, Log: slog.New(slog.DiscardHandler), Clients: poor, GraphQL: http.NotFoundHandler()})
	if w := get(t, h, "/tiles/gap_areas/9/405/242.mvt"); w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), "costs 5000,") {
		t.Errorf("%d %s", w.Code, w.Body)
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

// TestStreamsOfAClientAreLimited: WebSockets and streams of events together, beside requests, which they don't count as; a
// subscription costs as a question does.
func TestStreamsOfAClientAreLimited(t *testing.T) {
	t.Parallel()
	clients := quota.New(quota.Settings{Requests: 1, Streams: 2, Rate: 0.001, Burst: 600})
	l := newLive(t, func(o *graph.Options, _ *http.Server) { o.Clients = clients })
	land(t, l.importer, "96")
	l.listen(t, `subscription {importProgress {step}}`, nil)                                                                                                                          // 50, and the operation 51
	s := l.dial(t)                                                                                                                                                                    // 50
	if third := l.listen(t, `subscription {importProgress {step}}`, nil); third.response.StatusCode != http.StatusTooManyRequests || third.response.Header.Get("Retry-After") == "" { // 101
		t.Errorf("a third stream: %d", third.response.StatusCode)
	}
	_, response, err := websocket.Dial(t.Context(), "ws://"+l.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) // 50
	if err == nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a second WebSocket: %v", err)
	}
	if said := fetch(t, http.MethodPost, "http://"+l.address+"/graphql", string(request(t, "{__typename}", nil))); said != `{"data":{"__typename":"Query"}}` { // 50
		t.Errorf("a question beside them: %s", said)
	}
	s.subscribe(t, "0", `subscription {nothing`, nil) // 50 of 248 that are left, as by POST
	if m := s.read(t); m.Type != "error" || m.ID != "0" || !strings.Contains(string(m.Payload), `"BAD_INPUT"`) {
		t.Errorf("no subscription: %s %s %s", m.Type, m.ID, m.Payload)
	}
	s.read(t)                               // complete
	for _, id := range []string{"1", "2"} { // 101 each
		s.subscribe(t, id, `subscription {importProgress {step}}`, nil)
	}
	if m := s.read(t); m.Type != "error" || m.ID != "2" || !strings.Contains(string(m.Payload), `"TOO_COSTLY"`) || !strings.Contains(string(m.Payload), "this costs 51, this client has 47 left") {
		t.Errorf("a subscription too many: %s %s %s", m.Type, m.ID, m.Payload)
	}
}
