package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"vunglom/db"
	"vunglom/graph"
	"vunglom/web"
)

// TestFilesAreKeptForWhoMaySeeTheSame: the tag of one caller's file says nothing to who may see more in it, and rows of persons are
// never said to be unchanged: each reading is sent and logged. One connection to the database is enough for a file.
func TestFilesAreKeptForWhoMaySeeTheSame(t *testing.T) {
	t.Parallel()
	_, url := demoed(t)
	d, err := db.Open(t.Context(), url+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	log := slog.New(slog.DiscardHandler)
	h := web.New(web.Options{DB: d, Callers: roles{}, Log: log, GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID})})
	ask := func(token, path, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	const areas, addresses = "/export/gap-areas.csv?asOf=" + matrixDay, "/export/addresses.csv?within=COMMUNE:" + ours + "&asOf=" + matrixDay
	planners := ask("+planner", areas, "").Header().Get("ETag")
	officers := ask("officer", addresses, "").Header().Get("ETag")
	if planners == "" || officers == "" {
		t.Fatalf("tags %q, %q", planners, officers)
	}
	for _, c := range []struct {
		token, path, tag string
		status           int
	}{
		{"+planner", areas, planners, http.StatusNotModified},
		{"+admin", areas, planners, http.StatusOK}, // who sees small areas too
		{"officer", addresses, officers, http.StatusOK},
	} {
		w := ask(c.token, c.path, c.tag)
		if w.Code != c.status || !slices.Contains(w.Header().Values("Vary"), "Authorization") || w.Header().Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s asks for %s with %s: %d %v", c.token, c.path, c.tag, w.Code, w.Header())
		}
	}
}
