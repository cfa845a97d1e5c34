package graph_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/bundle"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/graph"
)

// zipped makes a bundle of files, as a person would.
func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const importBundle = `mutation ($file: Upload!, $dryRun: Boolean! = false, $strict: Boolean! = false) {importBundle(upload: $file, dryRun: $dryRun, strict: $strict) {id state province bytes}}`

// form makes a request with a file as the specification's clients do.
func form(t testing.TB, query string, variables map[string]any, file []byte) (body *bytes.Buffer, contentType string) {
	t.Helper()
	given := map[string]any{"file": nil}
	maps.Copy(given, variables)
	operations, err := json.Marshal(map[string]any{"query": query, "variables": given})
	if err != nil {
		t.Fatal(err)
	}
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, field := range [][2]string{{"operations", string(operations)}, {"map", `{"0": ["variables.file"]}`}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("0", "gói.zip")
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

// opened is a pool on the database of a URL.
func opened(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// number reads a whole number.
func number(t testing.TB, url, query string) (n int) {
	t.Helper()
	if err := dbtest.SQL(t, url).QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// served answers as a caller over HTTP.
func served(t testing.TB, h http.Handler, caller access.Caller) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(access.With(r.Context(), caller)))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// sentFile sends a file with a query over HTTP, and returns the status and the answer.
func sentFile(t testing.TB, url, query string, variables map[string]any, file []byte, header ...string) (int, answer) {
	t.Helper()
	body, contentType := form(t, query, variables, file)
	return sentBody(t, url, body, append([]string{"Content-Type", contentType}, header...)...)
}

func sentBody(t testing.TB, url string, body io.Reader, header ...string) (int, answer) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var a answer
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		t.Fatalf("%d: %v", response.StatusCode, err)
	}
	return response.StatusCode, a
}

// uploaded sends a bundle that must be taken, and returns its job's id. The place of one that is done is given up a moment after that is known.
func uploaded(t testing.TB, url string, variables map[string]any, file []byte) string {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		status, a := sentFile(t, url, importBundle, variables, file, "GraphQL-Preflight", "1")
		switch {
		case status == http.StatusServiceUnavailable && time.Now().Before(deadline):
		case status != http.StatusOK || len(a.Errors) > 0:
			t.Fatalf("%d %+v", status, a.Errors)
		default:
			return a.at(t, "importBundle", "id").(string)
		}
	}
}

// asked sends a query over HTTP.
func asked(t testing.TB, url, query string) answer {
	t.Helper()
	text, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	_, a := sentBody(t, url, bytes.NewReader(text), "Content-Type", "application/json")
	return a
}

// awaited waits until a job is in a state.
func awaited(t testing.TB, url, id, state string) answer {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		a := asked(t, url, fmt.Sprintf(`{importJob(id: %q) {state failed snapshot endedAt dryRun strict progress {state step snapshot} report {tables {name read inserted updated unchanged rejected erased}
			problems(first: 3) {totalCount nodes {table file line column value code message kept} pageInfo {hasNextPage endCursor}}}}}`, id))
		if len(a.Errors) > 0 {
			t.Fatalf("%+v", a.Errors)
		}
		got := a.at(t, "importJob", "state")
		if got == state {
			return a
		}
		if got != "WAITING" && got != "RUNNING" || time.Now().After(deadline) {
			t.Fatalf("the job is %v, want %s: %v", got, state, a.Data)
		}
	}
}

// uploadFixture sends the fixture again, of which nothing is new.
func uploadFixture(t *testing.T, h http.Handler) {
	t.Helper()
	url := served(t, h, access.Local())
	awaited(t, url, uploaded(t, url, nil, zipped(t, fixtureFiles())), "DONE")
}

func importerOf(province string) access.Caller {
	return access.Caller{Issuer: "https://id.example.vn", Subject: "nguoi-nap", Grants: []access.Grant{{Role: access.Importer, Units: []access.Unit{{Level: "province", Code: province}}}}}
}

// dirty is the fixture with rows that are rejected and rows that are kept with a word.
func dirty() map[string]string {
	files := fixtureFiles()
	files["visits.csv"] += "W1,nobody,T001,2023-03-01,guided,\nW2,HH001-0,T001,31/02/2023,guided,\n\x00W3,HH002-0,T001,2023-03-04,maybe,\n"
	files["strange.txt"] = "x"
	return files
}

// TestUploadIsAnImport: what is sent over HTTP ends in the report and the rows that the import of the same bundle does, and in what is
// stored of both.
func TestUploadIsAnImport(t *testing.T) {
	t.Parallel()
	url, other := dbtest.URL(t), dbtest.URL(t)
	d := opened(t, url)
	at := served(t, graph.NewHandler(d, options()), importerOf("96"))
	file := zipped(t, dirty())
	for _, variables := range []map[string]any{{"dryRun": true}, nil} {
		a := awaited(t, at, uploaded(t, at, variables, file), "DONE")
		path := filepath.Join(t.TempDir(), "upload")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := bundle.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		want, err := opened(t, other).Import(t.Context(), b, db.ImportOptions{DryRun: variables != nil})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, a, want.Snapshot, "importJob", "snapshot")
		expect(t, a, variables != nil, "importJob", "dryRun")
		expect(t, a, float64(want.Noted()), "importJob", "report", "problems", "totalCount")
		for i, table := range want.Tables {
			got := a.at(t, "importJob", "report", "tables", i)
			if diff := cmp.Diff(map[string]any{"name": table.Name, "read": float64(table.Read), "inserted": float64(table.Inserted), "updated": float64(table.Updated),
				"unchanged": float64(table.Unchanged), "rejected": float64(table.Rejected), "erased": 0.0}, got); diff != "" {
				t.Errorf("%s: %s", table.Name, diff)
			}
		}
		var got []bundle.Problem
		for after := ""; ; {
			page := asked(t, at, fmt.Sprintf(`{importJobs(province: "96", first: 1) {nodes {report {problems(first: 2, after: %q) {nodes {table file line column value code message kept} pageInfo {hasNextPage endCursor}}}}}}`, after))
			for _, each := range page.list(t, "importJobs", "nodes", 0, "report", "problems", "nodes") {
				text, err := json.Marshal(each)
				if err != nil {
					t.Fatal(err)
				}
				var p bundle.Problem
				if err := json.Unmarshal(text, &p); err != nil {
					t.Fatal(err)
				}
				got = append(got, p)
			}
			if page.at(t, "importJobs", "nodes", 0, "report", "problems", "pageInfo", "hasNextPage") == false {
				break
			}
			after = page.at(t, "importJobs", "nodes", 0, "report", "problems", "pageInfo", "endCursor").(string)
		}
		for i := range want.Problems { // which PostgreSQL can't hold
			want.Problems[i].Value = strings.ReplaceAll(want.Problems[i].Value, "\x00", `\x00`)
		}
		if diff := cmp.Diff(want.Problems, got); diff != "" {
			t.Errorf("problems: %s", diff)
		}
		if rows := number(t, url, "select count(*) from visit"); (rows == 0) != (variables != nil) {
			t.Errorf("%d visits after %v", rows, variables)
		}
	}
	testProblemsTogether(t, d, at)
	readsOnly(t, url, at)
	for _, table := range []string{"visit", "household", "place_day", "published_day", "unit"} {
		query := fmt.Sprintf(`select count(*) from %s`, table)
		if got, want := number(t, url, query), number(t, other, query); got != want || got == 0 {
			t.Errorf("%s: %d rows, the import has %d", table, got, want)
		}
	}
	if n := number(t, url, "select count(*) from audit_log where entry = 'importBundle' and subject = 'nguoi-nap'"); n != 3 { // two were sent, one landed
		t.Errorf("%d entries in the audit log", n)
	}
	if breaches, err := d.Verify(t.Context(), nil); err != nil || len(breaches) > 0 {
		t.Errorf("verify: %v %+v", err, breaches)
	}
}

// testProblemsTogether: what was wrong with two bundles is read as what was wrong with one, and a cursor is of the bundle that it was told of.
func testProblemsTogether(t *testing.T, d *db.DB, at string) {
	const page = `id report {problems(first: 2) {totalCount nodes {table file line code message} pageInfo {endCursor hasNextPage}}}`
	h := graph.NewHandler(d, options())
	one := answered(t, h, `{importJobs(first: 1) {nodes {`+page+`}}}`, nil).statements
	both := answered(t, h, `{importJobs(first: 2) {nodes {`+page+`}}}`, nil)
	if both.statements != one {
		t.Errorf("two jobs took %d statements, one %d", both.statements, one)
	}
	var ids, cursors []string
	for i, each := range both.list(t, "importJobs", "nodes") {
		id := both.at(t, "importJobs", "nodes", i, "id").(string)
		ids, cursors = append(ids, id), append(cursors, both.at(t, "importJobs", "nodes", i, "report", "problems", "pageInfo", "endCursor").(string))
		if diff := cmp.Diff(asked(t, at, `{importJob(id: "`+id+`") {`+page+`}}`).at(t, "importJob"), each); diff != "" {
			t.Errorf("job %s: %s", id, diff)
		}
	}
	if len(ids) != 2 {
		t.Fatalf("%v", ids)
	}
	for i := range ids {
		query := fmt.Sprintf(`{importJob(id: %q) {report {problems(after: %q) {nodes {code}}}}}`, ids[0], cursors[i])
		if a := asked(t, at, query); (len(a.Errors) == 0) != (i == 0) || i > 0 && a.Errors[0].Extensions.Code != "BAD_INPUT" {
			t.Errorf("job %s, cursor of job %s: %+v", ids[0], ids[i], a.Errors)
		}
	}
}

// readsOnly: jobs are read where nothing can be written; what was wrong with their rows is not, because nobody reads that without an entry in the log.
func readsOnly(t *testing.T, url, at string) {
	const query = `{importJobs(province: "96", first: 1) {nodes {id state report {tables {name read}}}}}`
	reading := served(t, graph.NewHandler(opened(t, url+"&default_transaction_read_only=on"), options()), importerOf("96"))
	if diff := cmp.Diff(asked(t, at, query).at(t, "importJobs"), asked(t, reading, query).at(t, "importJobs")); diff != "" {
		t.Error(diff)
	}
	const problems = `{importJobs(province: "96", first: 1) {nodes {report {problems(first: 1) {nodes {code}}}}}}`
	if a := asked(t, reading, problems); len(a.Errors) == 0 || len(asked(t, at, problems).Errors) != 0 {
		t.Errorf("what was wrong with rows is read without an entry in the log: %+v", a)
	}
}

// TestUploadsAreRefused: whatever is no bundle of the caller's province, in a form of the specification's with the header that no other
// page can have sent.
func TestUploadsAreRefused(t *testing.T) {
	t.Parallel()
	o := options()
	o.Limits.Upload = 1 << 20
	d := dbtest.New(t)
	h := graph.NewHandler(d, o)
	at := served(t, h, importerOf("96"))
	small := zipped(t, map[string]string{"bundle.json": fixtureFiles()["bundle.json"]})
	foreign := zipped(t, map[string]string{"bundle.json": `{"province": "91", "as_of": "2026-10-31", "source": "kiểm thử"}`, "visits.csv": "bad"})
	preflight := []string{"GraphQL-Preflight", "1"}
	for name, c := range map[string]struct {
		url, query string
		file       []byte
		header     []string
		status     int
		code, says string
	}{
		"no header":        {at, importBundle, small, nil, 403, "FORBIDDEN", "GraphQL-Preflight"},
		"empty header":     {at, importBundle, small, []string{"GraphQL-Preflight", ""}, 403, "FORBIDDEN", "GraphQL-Preflight"},
		"too large":        {at, importBundle, bytes.Repeat([]byte("x"), 2<<20), preflight, 413, "BAD_INPUT", "the request is too large"},
		"garbage":          {at, importBundle, []byte("PK\x03\x04 garbage"), preflight, 200, "BAD_INPUT", "no bundle that can be read"},
		"empty":            {at, importBundle, nil, preflight, 200, "BAD_INPUT", "no bundle that can be read"},
		"no bundle.json":   {at, importBundle, zipped(t, map[string]string{"visits.csv": ""}), preflight, 200, "BAD_INPUT", "bundle.json"},
		"climbs out":       {at, importBundle, zipped(t, map[string]string{"bundle.json": "{}", "../x": ""}), preflight, 200, "BAD_INPUT", "points outside"},
		"another province": {at, importBundle, foreign, preflight, 200, "FORBIDDEN", "91"},
		"an officer":       {served(t, h, access.Caller{Issuer: "x", Subject: "y", Grants: []access.Grant{{Role: access.Officer, Everywhere: true}}}), importBundle, small, preflight, 200, "FORBIDDEN", "importer"},
		"anybody":          {served(t, h, access.Caller{}), importBundle, small, preflight, 200, "UNAUTHENTICATED", "importBundle"},
		"unknown field":    {at, `mutation ($file: Upload!) {importBundle(upload: $file) {nothing}}`, small, preflight, 200, "BAD_INPUT", "nothing"},
		"sent twice":       {at, `mutation ($file: Upload!) {importBundle(upload: $file) {id} again: importBundle(upload: $file) {id}}`, small, preflight, 200, "BAD_INPUT", "one importBundle only"},
	} {
		t.Run(name, func(t *testing.T) {
			status, a := sentFile(t, c.url, c.query, nil, c.file, c.header...)
			if status != c.status || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != c.code || !strings.Contains(a.Errors[0].Message, c.says) {
				t.Errorf("%d %+v, want %d %s %q", status, a.Errors, c.status, c.code, c.says)
			}
		})
	}
	const operations = `{"query":"mutation ($file: Upload!) {importBundle(upload: $file) {id}}","variables":{"file":null}}`
	for name, parts := range map[string][]string{
		"no file":         {"operations", operations, "map", `{"0":["variables.file"]}`},
		"order":           {"map", `{"0":["variables.file"]}`, "operations", operations, "0", "x"},
		"other file":      {"operations", operations, "map", `{"0":["variables.file"]}`, "1", "x"},
		"more files":      {"operations", operations, "map", `{"0":["variables.file"]}`, "0", "x", "1", "x"},
		"not null":        {"operations", strings.Replace(operations, "null", `"x"`, 1), "map", `{"0":["variables.file"]}`, "0", "x"},
		"no such":         {"operations", operations, "map", `{"0":["variables.other"]}`, "0", "x"},
		"no variable":     {"operations", operations, "map", `{"0":["query"]}`, "0", "x"},
		"two places":      {"operations", operations, "map", `{"0":["variables.file","variables.file"]}`, "0", "x"},
		"batch":           {"operations", "[" + operations + "]", "map", `{"0":["0.variables.file"]}`, "0", "x"},
		"large operation": {"operations", strings.Repeat(" ", 1<<20) + operations, "map", `{}`},
	} {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i := 0; i < len(parts); i += 2 {
			if err := w.WriteField(parts[i], parts[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		status, a := sentBody(t, at, &body, "Content-Type", w.FormDataContentType(), "Apollo-Require-Preflight", "true")
		if status < 400 || status > 413 || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_INPUT" {
			t.Errorf("%s: %d %+v", name, status, a.Errors)
		}
	}
	if a := asked(t, at, `mutation {importBundle(upload: "x") {id}}`); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_INPUT" {
		t.Errorf("a text for a file: %+v", a)
	}
	id := asked(t, at, `{importJobs(province: "96") {totalCount nodes {id}}}`).at(t, "importJobs", "nodes", 0, "id").(string) // of the file that was sent twice
	foreigner := served(t, h, importerOf("91"))
	for query, code := range map[string]string{
		`{importJob(id: "` + id + `") {id}}`:                    "NOT_FOUND",
		`mutation {cancelImport(id: "` + id + `") {id}}`:        "NOT_FOUND",
		`{importJobs(province: "96") {nodes {id}}}`:             "FORBIDDEN",
		`{importJobs {nodes {id}}}`:                             "FORBIDDEN",
		`{importJob(id: "x") {id}}`:                             "BAD_INPUT",
		`{importJob(id: "99999999999999999999999") {id}}`:       "BAD_INPUT",
		`mutation {cancelImport(id: "999") {id}}`:               "NOT_FOUND",
		`{importJobs(province: "91", after: "x") {nodes {id}}}`: "BAD_INPUT",
	} {
		if a := asked(t, foreigner, query); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != code {
			t.Errorf("%s: %+v, want %s", query, a.Errors, code)
		}
	}
}

// TestUploadsWaitForOneAnother: one is imported at a time, those that are cancelled leave nothing, there is room for so many, and how far
// each is can be followed.
func TestUploadsWaitForOneAnother(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d := opened(t, url)
	at := served(t, graph.NewHandler(d, options()), importerOf("96"))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	heard, landed := make(chan struct{}, 1), make(chan db.Progress, 1)
	go func() {
		_ = d.FollowProgress(ctx, "96", func(p db.Progress) error { // its only error is the context's
			select {
			case heard <- struct{}{}:
			default:
			}
			if p.Snapshot != "96-1" && p.State == db.ImportLanded {
				select {
				case landed <- p:
				default:
				}
			}
			return nil
		})
	}()
	for n := 0; n == 0; n = len(heard) { // the first may be over before anybody listens
		awaited(t, at, uploaded(t, at, nil, zipped(t, fixtureFiles())), "DONE")
	}
	sent := asked(t, at, `{importJobs(province: "96") {totalCount}}`).at(t, "importJobs", "totalCount").(float64)
	before := number(t, url, "select count(*) from visit")
	more := fixtureFiles()
	more["visits.csv"] += "X1,HH001-0,T001,2023-03-01,guided,\n"
	file := zipped(t, more)

	release := dbtest.Lock(t, url, "dataset") // which an import needs at its end
	first := uploaded(t, at, nil, file)
	running := awaited(t, at, first, "RUNNING")
	expect(t, running, "RUNNING", "importJob", "progress", "state")
	expect(t, running, nil, "importJob", "report")
	var waiting []string
	for range db.MostUploads - 1 {
		waiting = append(waiting, uploaded(t, at, nil, file))
	}
	if status, a := sentFile(t, at, importBundle, nil, file, "GraphQL-Preflight", "1"); status != http.StatusServiceUnavailable || a.Errors[0].Extensions.Code != "TOO_COSTLY" {
		t.Errorf("one too many: %d %+v", status, a.Errors)
	}
	for _, id := range waiting {
		expect(t, awaited(t, at, id, "WAITING"), nil, "importJob", "progress")
	}
	for _, id := range append([]string{first}, waiting[1:]...) {
		expect(t, asked(t, at, `mutation {cancelImport(id: "`+id+`") {state}}`), "CANCELLED", "cancelImport", "state")
	}
	if n := number(t, url, "select count(*) from visit"); n != before {
		t.Errorf("%d visits, %d before", n, before)
	}
	release()
	done := awaited(t, at, waiting[0], "DONE")
	expect(t, done, "LANDED", "importJob", "progress", "state")
	expect(t, done, "96-2", "importJob", "snapshot")
	if n := number(t, url, "select count(*) from visit"); n != before+1 {
		t.Errorf("%d visits after the one that was not cancelled, %d before", n, before)
	}
	expect(t, asked(t, at, `mutation {cancelImport(id: "`+waiting[0]+`") {state}}`), "DONE", "cancelImport", "state")
	expect(t, asked(t, at, `{importJobs(province: "96", first: 2) {totalCount}}`), sent+float64(db.MostUploads), "importJobs", "totalCount")
	if breaches, err := d.Verify(t.Context(), nil); err != nil || len(breaches) > 0 {
		t.Errorf("verify: %v %+v", err, breaches)
	}
	told := func() bool {
		select {
		case <-landed:
			return true
		case <-time.After(10 * time.Second):
			return false
		case <-ctx.Done():
			t.Fatal("no end was told")
			return false
		}
	}
	for n := 2; !told(); n++ { // no import waits longer than five seconds to tell its end, and a busy machine may take as long to connect
		more["visits.csv"] += fmt.Sprintf("X1%d,HH001-0,T001,2023-03-01,guided,\n", n)
		awaited(t, at, uploaded(t, at, nil, zipped(t, more)), "DONE")
	}
	// A bundle that fails says why, with its report as far as it got.
	more["visits.csv"] += "X2,nobody,T001,2023-03-01,guided,\n"
	failed := awaited(t, at, uploaded(t, at, map[string]any{"strict": true}, zipped(t, more)), "FAILED")
	if why, _ := failed.at(t, "importJob", "failed").(string); !strings.Contains(why, "--strict") {
		t.Errorf("failed: %q", why)
	}
	expect(t, failed, "reference", "importJob", "report", "problems", "nodes", 0, "code")
}
