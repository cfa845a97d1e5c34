package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func asked(t *testing.T, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// built is what a build leaves.
var built = fstest.MapFS{
	"unbuilt.html": {Data: []byte("make build")}, "index.html": {Data: []byte("<!doctype html>")}, "index.html.br": {Data: []byte("page.br")},
	"assets/a-1.mjs": {Data: []byte("plain")}, "assets/a-1.mjs.gz": {Data: []byte("packed.gz")}, "assets/a-1.mjs.br": {Data: []byte("packed.br")},
	"assets/b-2.svg": {Data: []byte("<svg/>")},
}

func TestAppFiles(t *testing.T) {
	t.Parallel()
	h := compressed(newApp(built, "", nil))
	for _, c := range []struct{ path, accept, body, coding, kind, cache string }{
		{"/", "gzip, br", "page.br", "br", "text/html; charset=utf-8", "no-cache"},
		{"/", "gzip", "<!doctype html>", "", "text/html; charset=utf-8", "no-cache"},
		{"/assets/a-1.mjs", "gzip, deflate, br", "packed.br", "br", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/a-1.mjs", "gzip;q=1.0, br;q=0", "packed.gz", "gzip", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/a-1.mjs", "", "plain", "", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/b-2.svg", "br", "<svg/>", "", "image/svg+xml", "public, max-age=31536000, immutable"},
	} {
		w := asked(t, h, c.path, "Accept-Encoding", c.accept)
		header := w.Header()
		if w.Code != http.StatusOK || w.Body.String() != c.body || header.Get("Content-Encoding") != c.coding || header.Get("Content-Type") != c.kind ||
			header.Get("Cache-Control") != c.cache || !strings.Contains(strings.Join(header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s for %q: %d %q, %v", c.path, c.accept, w.Code, w.Body, header)
		}
		if again := asked(t, h, c.path, "Accept-Encoding", c.accept, "If-None-Match", header.Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s for %q, again: %d", c.path, c.accept, again.Code)
		}
	}
	for _, path := range []string{"/assets/", "/assets/a-1.mjs.br", "/assets/c-3.js", "/unbuilt.html/"} {
		if w := asked(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestAppUnbuilt: what stands in a clone where nobody had Node says how to build the dashboard.
func TestAppUnbuilt(t *testing.T) {
	t.Parallel()
	page, err := embedded.ReadFile("app/dist/unbuilt.html")
	if err != nil {
		t.Fatal(err)
	}
	w := asked(t, newApp(fstest.MapFS{"unbuilt.html": {Data: page}}, "", nil), "/")
	if w.Code != http.StatusOK || strings.Count(w.Body.String(), "make build") != 2 || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestAppPolicy: no script, style or answer from anywhere but here; the basemap's host, where there is one, is the one exception.
func TestAppPolicy(t *testing.T) {
	t.Parallel()
	without := asked(t, newApp(built, "", nil), "/").Header().Get("Content-Security-Policy")
	if strings.Contains(without, "unsafe") || strings.Contains(without, "http") || !strings.Contains(without, "connect-src 'self';") {
		t.Errorf("without a basemap: %s", without)
	}
	with := asked(t, newApp(built, "https://tiles.example.vn/style.json?key=a;script-src *", nil), "/").Header().Get("Content-Security-Policy")
	if !strings.Contains(with, "connect-src 'self' https://tiles.example.vn;") || !strings.Contains(with, "img-src 'self' data: blob: https://tiles.example.vn;") ||
		strings.Contains(with, "*") || !strings.Contains(with, "script-src 'self';") {
		t.Errorf("with one: %s", with)
	}
}
