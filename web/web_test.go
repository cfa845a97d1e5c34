package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vunglom/auth"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
)

// served is the whole handler over a database, and what it logs.
func served(d *db.DB) (http.Handler, *bytes.Buffer) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	return web.New(web.Options{DB: d, Callers: auth.Local{}, Log: logger, Version: "0.0.0-test", TileCacheBytes: 8 << 20,
		GraphQL: graph.NewHandler(d, graph.Options{Log: logger, RequestID: web.RequestID})}), &log
}

func get(t *testing.T, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return do(t, h, http.MethodGet, path, "", header...)
}

func do(t *testing.T, h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	t.Parallel()
	h, _ := served(dbtest.New(t))
	for path, want := range map[string]struct {
		status      int
		kind, holds string
	}{
		"/":                                {200, "text/html; charset=utf-8", "Vùng Lõm"},
		"/app.json":                        {200, "application/json; charset=utf-8", `{"version":"0.0.0-test","graphiql":true,"files":["`},
		"/assets/":                         {404, "text/plain; charset=utf-8", ""},
		"/index.html":                      {404, "text/plain; charset=utf-8", "/"},
		"/graphiql":                        {200, "text/html; charset=utf-8", "/graphiql/start.js"},
		"/graphiql/start.js":               {200, "text/javascript; charset=utf-8", "createFetcher"},
		"/graphiql/example.js":             {200, "text/javascript; charset=utf-8", "coverageGaps"},
		"/graphiql/dist/graphiql.min.js":   {200, "text/javascript; charset=utf-8", "GraphiQL"},
		"/graphiql/dist/graphiql.min.css":  {200, "text/css; charset=utf-8", ".graphiql"},
		"/graphiql/dist/LICENSES.txt":      {200, "text/plain; charset=utf-8", "MIT"},
		"/graphiql/dist/":                  {404, "text/plain; charset=utf-8", ""},
		"/graphiql/example/01_gap.graphql": {404, "text/plain; charset=utf-8", ""},
		"/graphiql/dist/../../web.go":      {307, "text/html; charset=utf-8", ""}, // cleaned away by the mux
		"/healthz":                         {200, "text/plain; charset=utf-8", "ok"},
		"/readyz":                          {200, "application/json; charset=utf-8", `"ready":true`},
		"/metrics":                         {200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", "vunglom_db_connections_open"},
		"/nothing":                         {404, "text/plain; charset=utf-8", "/"},
		"/graphql?query=%7B__typename%7D":  {200, "application/json; charset=utf-8", `{"data":{"__typename":"Query"}}`},
	} {
		w := get(t, h, path)
		if w.Code != want.status || w.Header().Get("Content-Type") != want.kind || !strings.Contains(w.Body.String(), want.holds) {
			t.Errorf("%s: %d %q, want %d %q with %q", path, w.Code, w.Header().Get("Content-Type"), want.status, want.kind, want.holds)
		}
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
			if w.Header().Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, w.Header().Get(name))
			}
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "script-src 'self' 'unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
	}
	if w := do(t, h, http.MethodPost, "/", ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST /: %d", w.Code)
	}
}

// TestReadinessSaysWhyNot, and how to get there.
func TestReadinessSaysWhyNot(t *testing.T) {
	t.Parallel()
	empty, err := dbtest.Open(t.Context(), dbtest.EmptyURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(empty.Close)
	closed := dbtest.New(t)
	closed.Close()
	account, _ := dbtest.Account(t, dbtest.URL(t), "grant select on schema_version to %s")
	lacking, err := dbtest.Open(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lacking.Close)
	for reason, d := range map[string]*db.DB{"lacks the current schema: run vunglom migrate": empty, "does not answer": closed, "lacks roles to ask under": lacking} {
		h, _ := served(d)
		w := get(t, h, "/readyz")
		var answer struct {
			Ready  bool
			Reason string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusServiceUnavailable || answer.Ready || !strings.Contains(answer.Reason, reason) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := get(t, h, "/healthz"); w.Code != http.StatusOK {
			t.Errorf("/healthz is %d though the process lives", w.Code)
		}
		if w := get(t, h, "/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Vùng Lõm") {
			t.Errorf("/ is %d: %s", w.Code, w.Body)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	h, log := served(dbtest.New(t))
	for given, kept := range map[string]bool{"abc-1.2_3": true, "": false, "a b": false, "a\nb": false, strings.Repeat("x", 65): false} {
		id := get(t, h, "/healthz", "X-Request-Id", given).Header().Get("X-Request-Id")
		if id == "" || (id == given) != kept || !strings.Contains(log.String(), "request="+id) {
			t.Errorf("%q became %q", given, id)
		}
	}
}

// TestLogSaysNothingOfWhatWasAsked: query strings and bodies can name people.
func TestLogSaysNothingOfWhatWasAsked(t *testing.T) {
	t.Parallel()
	h, log := served(dbtest.New(t))
	get(t, h, "/graphql?query=%7B__typename%7D&variables=%7B%22who%22%3A%22SECRET%22%7D")
	do(t, h, http.MethodPost, "/graphql", `{"query":"query ($t: String!) {search(text: $t) {score}}","variables":{"t":"SECRET"}}`, "Content-Type", "application/json")
	if strings.Contains(log.String(), "SECRET") || strings.Count(log.String(), "route=/graphql") != 2 {
		t.Errorf("the log: %s", log)
	}
}

func TestBigAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	h, _ := served(dbtest.New(t))
	plain := get(t, h, "/graphiql/dist/graphiql.min.css")
	packed := get(t, h, "/graphiql/dist/graphiql.min.css", "Accept-Encoding", "gzip")
	if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() {
		t.Fatalf("%d bytes as %q, %d as %q", plain.Body.Len(), plain.Header().Get("Content-Encoding"), packed.Body.Len(), packed.Header().Get("Content-Encoding"))
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
		t.Errorf("it is not the same unpacked: %v", err)
	}
}

func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	h, _ := served(dbtest.New(t))
	w := do(t, h, http.MethodPost, "/graphql", `{"query":"`+strings.Repeat("#", 2<<20)+`"}`, "Content-Type", "application/json")
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestPanicEndsOnlyItsRequest: the client is told the request's name, the log where it was.
func TestPanicEndsOnlyItsRequest(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := web.New(web.Options{DB: dbtest.New(t), Callers: auth.Local{}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("SECRET") })})
	w := get(t, h, "/graphql", "X-Request-Id", "r-1")
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "r-1") || strings.Contains(w.Body.String(), "SECRET") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "SECRET") || !strings.Contains(log.String(), "web_test.go") || !strings.Contains(log.String(), "status=500") {
		t.Errorf("the log: %s", &log)
	}
}

func TestMetricsCount(t *testing.T) {
	t.Parallel()
	h, _ := served(dbtest.New(t))
	get(t, h, "/healthz")
	get(t, h, "/made/up")
	figures := get(t, h, "/metrics").Body.String()
	for _, want := range []string{`vunglom_http_requests_total{method="GET",route="/healthz",status="200"} 1`, `vunglom_http_requests_total{method="GET",route="other",status="404"} 1`,
		`vunglom_http_request_duration_seconds_count{route="/healthz"} 1`, "vunglom_db_connections_most"} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	if strings.Contains(figures, "made") {
		t.Error("a made-up path became a label")
	}
}
