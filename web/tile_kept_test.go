package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph"
	"vunglom/web"
)

// TestTilesOfAddressesAreKeptForWhoMaySeeThem: a tile that is kept is answered to those alone who may see the same addresses, and
// every answer is in the audit log, with who got it and how many addresses it stands for.
func TestTilesOfAddressesAreKeptForWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	d, _ := demoed(t)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h := web.New(web.Options{DB: d, Callers: roles{}, Log: log, TileCacheBytes: 8 << 20, GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID})})
	ask := func(token, query string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/tiles/addresses/0/0/0.mvt?asOf="+matrixDay+query, nil)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	within := "&within=COMMUNE:" + ours
	all, again := ask("+officer", ""), ask("+officer", "")
	other := ask("+admin", "") // may see the same
	part, own := ask("+officer", within), ask("officer", within)
	for _, w := range []*httptest.ResponseRecorder{all, again, other, part, own} {
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Fatalf("%d, %d bytes: %s", w.Code, w.Body.Len(), w.Header())
		}
	}
	if all.Body.String() != again.Body.String() || all.Body.String() != other.Body.String() || part.Body.String() != own.Body.String() || all.Body.String() == part.Body.String() {
		t.Errorf("tiles of %d, %d, %d bytes of everything, of %d and %d of a commune", all.Body.Len(), again.Body.Len(), other.Body.Len(), part.Body.Len(), own.Body.Len())
	}
	for token, want := range map[string]int{"officer": http.StatusForbidden, "+planner": http.StatusForbidden, "": http.StatusUnauthorized} {
		if w := ask(token, ""); w.Code != want {
			t.Errorf("%q got %d for everything that somebody else was shown before, not %d", token, w.Code, want)
		}
	}
	page, err := d.AuditLog(access.With(t.Context(), access.Local()), db.AuditFilter{}, db.PageArgs{First: 50})
	if err != nil {
		t.Fatal(err)
	}
	var who []string
	rows := map[string]int{}
	for _, e := range page.Items {
		if e.Rows == nil || *e.Rows == 0 || rows[e.Filter] != 0 && rows[e.Filter] != *e.Rows {
			t.Errorf("an entry of %v addresses, of another %d: %+v", e.Rows, rows[e.Filter], e)
			continue
		}
		rows[e.Filter] = *e.Rows
		who = append(who, e.Subject)
	}
	if got := strings.Join(who, " "); got != "officer +officer +admin +officer +officer" || len(rows) != 2 {
		t.Errorf("the log has, the latest first, %s, of %d questions", got, len(rows))
	}
	figures := httptest.NewRecorder()
	metrics := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	metrics.Header.Set("Authorization", "Bearer +admin")
	h.ServeHTTP(figures, metrics)
	for _, want := range []string{`vunglom_tiles_total{from="cache",layer="addresses"} 2`, `vunglom_tiles_total{from="drawn",layer="addresses"} 3`} {
		if !strings.Contains(figures.Body.String(), want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
}
