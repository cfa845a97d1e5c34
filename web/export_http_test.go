package web_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/export"
)

func testExportRefused(t *testing.T, h http.Handler, _ *sql.DB) {
	for path, want := range map[string]struct {
		status int
		code   string
		holds  string
	}{
		"coverage.csv?level=VILLAGE":                   {400, "BAD_INPUT", "level"},
		"coverage.csv?asOf=%zz":                        {400, "BAD_INPUT", "invalid URL escape"},
		"coverage.csv?colour=red":                      {400, "BAD_INPUT", "asOf, bbox"},
		"coverage.csv?asOf=30/09/2024":                 {400, "BAD_INPUT", "2024-09-30"},
		"coverage.csv?asOf=2024-09-30&asOf=2024-10-01": {400, "BAD_INPUT", "asOf"},
		"coverage.csv?classes=12":                      {400, "BAD_INPUT", "classes"},
		"coverage.csv?zoom=-1":                         {400, "BAD_INPUT", "zoom"},
		"coverage.csv?measure=SERVICE_SHARE":           {400, "BAD_INPUT", "service"},
		"coverage.csv?lang=fr":                         {400, "BAD_INPUT", "vi, en"},
		"coverage.csv?within=COMMUNE":                  {400, "BAD_INPUT", "COMMUNE:32041"},
		"coverage.csv?within=COMMUNE:99999":            {404, "NOT_FOUND", "99999"},
		"coverage.csv?bbox=1,2,3":                      {400, "BAD_INPUT", "bbox"},
		"coverage.csv?bbox=105,9,104,10":               {400, "BAD_INPUT", "bbox"},
		"coverage.csv?bbox=NaN,9,104,10":               {400, "BAD_INPUT", "NaN"},
		"coverage.pdf":                                 {404, "NOT_FOUND", "csv, xlsx, geojson, gpkg"},
		"coverage":                                     {404, "NOT_FOUND", "csv, xlsx, geojson, gpkg"},
		"households.csv":                               {404, "NOT_FOUND", "addresses, coverage"},
		"gaps.xlsx?target=1.5":                         {400, "BAD_INPUT", "target"},
		"gaps.gpkg?reasons=LAZY":                       {400, "BAD_INPUT", "NO_TEAM"},
		"gaps.gpkg?minGapHouseholds=ten":               {400, "BAD_INPUT", "minGapHouseholds"},
		"gaps.csv?within=DISTRICT:972&asOf=2025-07-01": {404, "NOT_FOUND", "972"},
		"addresses.geojson?status=DEAD":                {400, "BAD_INPUT", "GUIDED"},
		"addresses.csv?within=%00":                     {400, "BAD_INPUT", "within"},
		"plan.csv?teams=0":                             {400, "BAD_INPUT", "teams"},
		"plan.csv?capacity=many":                       {400, "BAD_INPUT", "capacity"},
		"plan.csv?demand=NONE":                         {400, "BAD_INPUT", "GAP_HOUSEHOLDS"},
		"plan.csv?share=1&teams=1&reachMetres=1":       {400, "BAD_INPUT", "share"},
		"quality.csv?kinds=ugly":                       {400, "BAD_INPUT", "kinds"},
		"quality.csv?bbox=104,8,105,9":                 {400, "BAD_INPUT", "bbox"},
		"gap-areas.csv?distanceMetres=0":               {400, "BAD_INPUT", "distanceMetres"},
		"addresses.csv?within=HAMLET:nowhere%27%3B--":  {404, "NOT_FOUND", "nowhere"},
		"addresses.csv?bbox=104,8,1e400,10":            {400, "BAD_INPUT", "bbox"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := do(t, h, method, "/export/"+path, "")
			if w.Code != want.status || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("ETag") != "" || w.Header().Get("Content-Disposition") != "" {
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
	if w := do(t, h, http.MethodPost, "/export/coverage.csv", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// testExportKept looks at what browsers and caches go by.
func testExportKept(t *testing.T, h http.Handler, _ *sql.DB) {
	var settings struct {
		Files, Formats, KindsWithoutPersons []string
		Needs                               map[string]string
	}
	if err := json.Unmarshal(get(t, h, "/app.json").Body.Bytes(), &settings); err != nil || !slices.Equal(settings.Files, export.Names()) || !slices.Contains(settings.Formats, "xlsx") {
		t.Errorf("the dashboard is not told of the files: %+v, %v", settings, err)
	}
	for _, name := range export.Names() {
		if want := map[bool]string{true: "PERSONS", false: "DECISIONS"}[name == "addresses"]; settings.Needs[name] != want {
			t.Errorf("the dashboard is not told what %s needs: %v", name, settings.Needs)
		}
	}
	for _, kind := range db.QualityKinds() {
		if slices.Contains(settings.KindsWithoutPersons, kind) == db.QualityOfPersons(kind) {
			t.Errorf("the dashboard is told wrongly whether cases of %s are persons: %q", kind, settings.KindsWithoutPersons)
		}
	}
	for format, kind := range map[string]string{"csv": "text/csv; charset=utf-8; header=present", "geojson": "application/geo+json",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "gpkg": "application/geopackage+sqlite3"} {
		path := "/export/gaps." + format + "?asOf=2024-09-30"
		w := get(t, h, path)
		header := w.Header()
		if header.Get("Content-Type") != kind || header.Get("Cache-Control") != "private, no-cache" || header.Get("X-Snapshot") != "96-1" || header.Get("X-As-Of") != "2024-09-30" ||
			header.Get("Content-Disposition") != `attachment; filename="gaps_2024-09-30_96-1.`+format+`"` {
			t.Errorf("%s: %v", format, header)
		}
		head := do(t, h, http.MethodHead, path, "")
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("ETag") != header.Get("ETag") || head.Header().Get("Content-Type") != kind {
			t.Errorf("HEAD %s: %d, %d bytes, %v", format, head.Code, head.Body.Len(), head.Header())
		}
		again := get(t, h, path, "If-None-Match", `"other", `+header.Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != header.Get("ETag") {
			t.Errorf("%s again: %d, %d bytes", format, again.Code, again.Body.Len())
		}
		for _, other := range []string{"/export/gaps." + format + "?asOf=2024-09-29", path + "&target=0.5", path + "&lang=en", path + "&headers=name"} {
			if w := get(t, h, other, "If-None-Match", header.Get("ETag")); w.Code != http.StatusOK {
				t.Errorf("%s: %d for another file's tag", other, w.Code)
			}
		}
		packed := get(t, h, path, "Accept-Encoding", "gzip")
		if compressed := packed.Header().Get("Content-Encoding") == "gzip"; compressed != (format == "csv" || format == "geojson") {
			t.Errorf("%s is compressed: %v", format, compressed)
		} else if compressed {
			r, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(r); err != nil || !bytes.Equal(text, w.Body.Bytes()) {
				t.Errorf("%s compressed is another file: %v", format, err)
			}
		}
	}
}

// TestExportBreaksOff: what fails after the first byte is a broken connection, never a file that looks whole; what is
// made before it is sent, an error. No temporary file stays.
func TestExportBreaksOff(t *testing.T) {
	h, raw := loaded(t)
	made := t.TempDir()
	t.Setenv("TMPDIR", made) // of the whole process, so no other test runs beside this one
	// The last address in the list has no coordinates: reading it fails.
	if _, err := raw.ExecContext(t.Context(), "update address set position = 'SRID=4326;POINT EMPTY' where (scheme, code) = (select scheme, code from address order by scheme desc, code desc limit 1)"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	for _, format := range []string{"csv", "geojson", "xlsx", "gpkg"} {
		for _, encoding := range []string{"identity", "gzip"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/export/addresses."+format+"?asOf=2024-09-30", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", encoding)
			response, err := http.DefaultTransport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if format == "xlsx" || format == "gpkg" {
				if response.StatusCode != http.StatusInternalServerError || err != nil || encoding == "identity" && !bytes.Contains(body, []byte(`"code":"INTERNAL"`)) {
					t.Errorf("%s %s: %d, %v, %.100s", format, encoding, response.StatusCode, err, body)
				}
				continue
			}
			if response.StatusCode != http.StatusOK || err == nil || len(body) == 0 {
				t.Errorf("%s %s: %d, %d bytes, error %v; it looks whole", format, encoding, response.StatusCode, len(body), err)
			}
		}
	}
	if left, err := os.ReadDir(made); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestExportIsOfTheNewSnapshot: after an import the tag is another, and so is the file.
func TestExportIsOfTheNewSnapshot(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h, _ := served(d)
	path := "/export/addresses.csv?asOf=2024-09-30"
	empty := get(t, h, path)
	if empty.Code != http.StatusOK || empty.Header().Get("X-Snapshot") != "0" {
		t.Fatalf("nothing loaded: %d %v", empty.Code, empty.Header())
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bundle.json":   `{"province": "96", "as_of": "2024-09-30", "source": "test"}`,
		"units.csv":     "level,code,name,kind,valid_from\nprovince,96,Cà Mau,tinh,2000-01-01\n",
		"addresses.csv": "scheme,code,lon,lat,kind\nlocal,-1+1,105.1,9.1,household\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	importFolder(t, d, folder)
	w := get(t, h, path, "If-None-Match", empty.Header().Get("ETag"))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `,"'-1+1",`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
