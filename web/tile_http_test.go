package web_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

func testTileRefused(t *testing.T, h http.Handler, _ *sql.DB) {
	for path, want := range map[string]struct {
		status int
		code   string
		holds  string
	}{
		"units/9/405/242.mvt?level=VILLAGE":                     {400, "BAD_INPUT", "HAMLET"},
		"units/9/405/242.mvt?asOf=%zz":                          {400, "BAD_INPUT", "invalid URL escape"},
		"units.json?a;b":                                        {400, "BAD_INPUT", "semicolon"},
		"units/9/405/242.mvt?colour=red":                        {400, "BAD_INPUT", "asOf, boundariesAsOf, figures, level, service, within"},
		"units/9/405/242.mvt?asOf=30/09/2024":                   {400, "BAD_INPUT", "2024-09-30"},
		"units/9/405/242.mvt?asOf=2024-09-30&asOf=2024-10-01":   {400, "BAD_INPUT", "asOf"},
		"units/9/405/242.mvt?within=COMMUNE":                    {400, "BAD_INPUT", "COMMUNE:32041"},
		"units/9/405/242.mvt?within=COMMUNE:99999":              {404, "NOT_FOUND", "99999"},
		"units/9/405/242.mvt?service=flying":                    {400, "BAD_INPUT", "flying"},
		"units/9/405/242.mvt?within=DISTRICT:972":               {404, "NOT_FOUND", "2025-07-01"},
		"units.json?within=COMMUNE:99999":                       {404, "NOT_FOUND", "99999"},
		"units.json?colour=red":                                 {400, "BAD_INPUT", "level"},
		"addresses/9/405/242.mvt?level=HAMLET":                  {400, "BAD_INPUT", "asOf, boundariesAsOf, within"},
		"addresses.json?within=COMMUNE:99999":                   {404, "NOT_FOUND", "99999"},
		"teams/9/405/242.mvt?boundariesAsOf=2024-09-30":         {400, "BAD_INPUT", "asOf, within"},
		"teams.json?within=COMMUNE:99999":                       {404, "NOT_FOUND", "99999"},
		"service_points/9/405/242.mvt?level=HAMLET":             {400, "BAD_INPUT", "asOf, within"},
		"service_points/9/405/242.mvt?within=HAMLET:nowhere%00": {400, "BAD_INPUT", "within"},
		"gap_areas/9/405/242.mvt?distanceMetres=0":              {400, "BAD_INPUT", "distanceMetres"},
		"gap_areas/9/405/242.mvt?minHouseholds=few":             {400, "BAD_INPUT", "minHouseholds"},
		"gap_areas/9/405/242.mvt?boundariesAsOf=2024-09-30":     {400, "BAD_INPUT", "asOf, distanceMetres, minHouseholds, within"},
		"gap_areas.json?minHouseholds=0":                        {400, "BAD_INPUT", "minHouseholds"},
		"gap_areas.json?within=COMMUNE:99999":                   {404, "NOT_FOUND", "99999"},
		"roads/9/405/242.mvt":                                   {404, "NOT_FOUND", "units, addresses, teams"},
		"roads.json":                                            {404, "NOT_FOUND", "units, addresses, teams"},
		"units":                                                 {404, "NOT_FOUND", "/tiles/units.json"},
		"units/9/405/242":                                       {404, "NOT_FOUND", "/tiles/units/9/405/242.mvt"},
		"units/9/405/242.png":                                   {404, "NOT_FOUND", "/tiles/units/9/405/242.mvt"},
		"units/9/405/-1.mvt":                                    {404, "NOT_FOUND", "/tiles/units/9/405/242.mvt"},
		"units/9/+405/242.mvt":                                  {404, "NOT_FOUND", "/tiles/units/9/405/242.mvt"},
		"units/09/405/242.mvt":                                  {404, "NOT_FOUND", "/tiles/units/9/405/242.mvt"},
		"units/9/512/242.mvt":                                   {404, "NOT_FOUND", "2^z"},
		"units/17/1/1.mvt":                                      {404, "NOT_FOUND", "16"},
		"units/99999999999999999999/1/1.mvt":                    {404, "NOT_FOUND", "/tiles/units/9/405/242.mvt"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := do(t, h, method, "/tiles/"+path, "")
			if w.Code != want.status || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d %v", method, path, w.Code, w.Header())
			}
			if method == http.MethodHead {
				continue
			}
			var a struct {
				Errors []struct {
					Message    string
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != want.code ||
				!strings.Contains(a.Errors[0].Message, want.holds) || !strings.Contains(a.Errors[0].Message, " / ") {
				t.Errorf("%s: %s", path, w.Body)
			}
		}
	}
	for _, path := range []string{"/tiles/units/9/405/242.mvt", "/tiles/units.json"} {
		if w := do(t, h, http.MethodPost, path, ""); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", path, w.Code)
		}
	}
}

// testTileKept looks at what browsers and caches go by.
func testTileKept(t *testing.T, h http.Handler, _ *sql.DB) {
	const path = "/tiles/units/9/405/242.mvt?level=HAMLET&asOf=2024-09-30"
	plain, packed := get(t, h, path), get(t, h, path, "Accept-Encoding", "gzip, br;q=0.5")
	r, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || !bytes.Equal(text, plain.Body.Bytes()) || len(text) == 0 {
		t.Errorf("compressed it is another tile: %v", err)
	}
	if packed.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" || plain.Header().Get("ETag") == packed.Header().Get("ETag") {
		t.Errorf("%v, %v", plain.Header(), packed.Header())
	}
	for encoding, first := range map[string]http.Header{"": plain.Header(), "gzip": packed.Header()} {
		tag := first.Get("ETag")
		if !strings.HasPrefix(tag, `"`) || first.Get("Cache-Control") != "private, no-cache" || strings.Join(first.Values("Vary"), "|") != "Accept-Encoding|Authorization" || first.Get("No-Gzip-Compression") != "" {
			t.Errorf("%q: %v", encoding, first)
		}
		head := do(t, h, http.MethodHead, path, "", "Accept-Encoding", encoding)
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("ETag") != tag || head.Header().Get("Content-Length") != first.Get("Content-Length") || first.Get("Content-Length") == "" {
			t.Errorf("HEAD %q: %d, %d bytes, %v", encoding, head.Code, head.Body.Len(), head.Header())
		}
		again := get(t, h, path, "Accept-Encoding", encoding, "If-None-Match", `"other", W/`+tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag || again.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q again: %d, %v", encoding, again.Code, again.Header())
		}
		for _, other := range []string{"/tiles/units/9/405/242.mvt?level=COMMUNE&asOf=2024-09-30", "/tiles/units/9/405/242.mvt?level=HAMLET&asOf=2023-09-30", "/tiles/units/9/405/243.mvt?level=HAMLET&asOf=2024-09-30"} {
			if w := get(t, h, other, "Accept-Encoding", encoding, "If-None-Match", tag); w.Code != http.StatusOK {
				t.Errorf("%s: %d for another tile's tag", other, w.Code)
			}
		}
	}
	for _, refused := range []string{"identity", "gzip;q=0", "br, gzip; q=0.0", "*;q=0", "br"} {
		if w := get(t, h, path, "Accept-Encoding", refused); w.Header().Get("Content-Encoding") != "" || !bytes.Equal(w.Body.Bytes(), plain.Body.Bytes()) {
			t.Errorf("Accept-Encoding: %s: %v", refused, w.Header())
		}
	}
	for _, taken := range []string{"*", "deflate, GZIP;q=1", "gzip;q=0.1"} {
		if w := get(t, h, path, "Accept-Encoding", taken); w.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("Accept-Encoding: %s: %v", taken, w.Header())
		}
	}
	empty := get(t, h, "/tiles/teams/9/0/0.mvt", "Accept-Encoding", "gzip")
	if empty.Code != http.StatusOK || empty.Body.Len() != 0 || empty.Header().Get("Content-Encoding") != "" || empty.Header().Get("Content-Length") != "0" {
		t.Errorf("an empty tile: %d, %d bytes, %v", empty.Code, empty.Body.Len(), empty.Header())
	}
	if same := get(t, h, "/tiles/units/9/405/242.mvt?boundariesAsOf=2024-09-30&level=hamlet&asOf=2024-09-30"); same.Header().Get("ETag") != plain.Header().Get("ETag") {
		t.Error("the same question written otherwise has another tag")
	}
	counted := get(t, h, "/metrics").Body.String()
	for _, line := range []string{`vunglom_tiles_total{from="cache",layer="units"}`, `vunglom_tiles_total{from="drawn",layer="units"}`, "vunglom_tile_cache_bytes "} {
		if !strings.Contains(counted, line) {
			t.Errorf("/metrics lacks %s", line)
		}
	}
}
