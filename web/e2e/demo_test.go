// Package e2e tries the dashboard as a person uses it: the distribution's Chromium opens what the program serves, on the demo
// province, in Vietnamese and in English, wide and on a phone.
package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"vunglom/access"
	"vunglom/auth"
	"vunglom/bundle"
	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
	"vunglom/web/browsertest"
)

// scale is the size of the province: the least at which every unit of the demo has households enough to be in any state.
const scale = 0.05

// Of the demo province: its code, and the last day of its data, which the dashboard shows where the address names none.
const (
	province = "96"
	lastDay  = "2026-10-31"
)

// demo is the demo province, served.
type demo struct {
	*browsertest.Server
	browser *browsertest.Browser
	api     http.Handler // answers what a test asks; the dashboard gets answers to its own documents alone
	store   *db.DB
	rows    *sql.DB // for counting the plain rows
}

// newDemo serves a database that holds nothing yet.
func newDemo(t *testing.T) *demo {
	t.Helper()
	url := dbtest.URL(t)
	store, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	log := slog.New(slog.DiscardHandler)
	until, stop := context.WithCancel(t.Context())
	trusted, err := graph.ReadTrusted(web.AppDocuments())
	if err != nil {
		t.Fatal(err)
	}
	api := graph.NewHandler(store, graph.Options{Log: log, RequestID: web.RequestID, Until: until, Trusted: trusted})
	served := browsertest.Serve(t, web.New(web.Options{DB: store, Callers: auth.Local{}, GraphQL: api, Log: log, TileCacheBytes: 64 << 20, Subscriptions: api.Subscriptions}))
	t.Cleanup(stop) // subscriptions end before the server waits for them
	return &demo{served, browsertest.Start(t, chromedp.Flag("ignore-certificate-errors", true)),
		graph.NewHandler(store, graph.Options{Log: log}), store, dbtest.SQL(t, url)}
}

// generate makes the demo province's bundle.
func generate(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "demo")
	if err := synthetic.Generate(t.Context(), synthetic.Options{Out: folder, Seed: 1, Scale: scale}); err != nil {
		t.Fatal(err)
	}
	return folder
}

// land imports a bundle as the program does.
func (d *demo) land(t *testing.T, folder string) {
	t.Helper()
	b, err := bundle.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := d.store.Import(t.Context(), b, db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
}

// ask asks the API and reads what `data` holds.
func (d *demo) ask(t *testing.T, into any, query string, variables map[string]any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(access.With(t.Context(), access.Local()), http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	d.api.ServeHTTP(response, request)
	var answer struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Errors != nil {
		t.Fatalf("%v: %v, for %s", err, answer.Errors, query)
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		t.Fatal(err)
	}
}

// fetch gets a file.
func (d *demo) fetch(t *testing.T, path string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v: %s for %s: %s", err, response.Status, path, body)
	}
	return body
}
