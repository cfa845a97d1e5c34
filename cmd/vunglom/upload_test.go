package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// packed makes a zip of a folder.
func packed(t *testing.T, folder string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if err := errors.Join(z.AddFS(os.DirFS(folder)), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sendsBundle is how the tests send one.
const sendsBundle = `"query": "mutation ($f: Upload!) {importBundle(upload: $f) {id}}"`

// upload sends a bundle to the program by the API.
func (s *served) upload(t *testing.T, file []byte) answer {
	t.Helper()
	return s.uploadBy(t, sendsBundle, file)
}

// uploadBy sends a bundle by a document, which is named as it stands in the request.
func (s *served) uploadBy(t *testing.T, document string, file []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := errors.Join(form.WriteField("operations", `{`+document+`, "variables": {"f": null}}`), form.WriteField("map", `{"0": ["variables.f"]}`))
	part, perr := form.CreateFormFile("0", "bundle.zip")
	if err = errors.Join(err, perr); err != nil {
		t.Fatal(err)
	}
	_, err = part.Write(file)
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.address+"/graphql", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("GraphQL-Preflight", "1")
	response, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: response.StatusCode, body: string(text)}
}

// jobOf is the id of a job that was begun.
func jobOf(t *testing.T, a answer) string {
	t.Helper()
	var begun struct {
		Data struct{ ImportBundle struct{ ID string } }
	}
	if err := json.Unmarshal([]byte(a.body), &begun); err != nil || begun.Data.ImportBundle.ID == "" {
		t.Fatalf("%v %+v", err, a)
	}
	return begun.Data.ImportBundle.ID
}

// importJob is a job as the API tells of it.
type importJob struct {
	State, Failed, Snapshot string
	Report                  *struct {
		Tables []struct {
			Name string
			db.Count
		}
		Problems struct{ Nodes []json.RawMessage }
	}
}

func (s *served) job(t *testing.T, id string) importJob {
	t.Helper()
	a := s.ask(t.Context(), fmt.Sprintf(`{importJob(id: %q) {state failed snapshot report {tables {name read inserted updated unchanged rejected} problems(first: 1000) {nodes {table file line column value code message}}}}}`, id))
	var told struct{ Data struct{ ImportJob importJob } }
	if err := json.Unmarshal([]byte(a.body), &told); err != nil || !a.good() {
		t.Fatalf("%v %+v", err, a)
	}
	return told.Data.ImportJob
}

// TestUploadBringsWhatTheCommandDoes: the same bundle by the API and by the command ends in the same report and the same rows of all tables.
func TestUploadBringsWhatTheCommandDoes(t *testing.T) {
	t.Parallel()
	folder := province(t, 10, 1500, 3000, "guided")
	visits, err := os.OpenFile(filepath.Join(folder, "visits.csv"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = visits.WriteString("X1,nobody,T,2023-01-01,guided\nX2,N1,T,yesterday,guided\nX3,N1,T,2023-01-01,maybe\n")
	if err = errors.Join(err, visits.Close()); err != nil {
		t.Fatal(err)
	}
	commanded, sent := dbtest.URL(t), dbtest.URL(t)
	file := filepath.Join(t.TempDir(), "report.json")
	succeed(t, []string{"DATABASE_URL=" + commanded}, "import", "--report", file, folder)
	var want struct {
		Tables   map[string]db.Count
		Problems []map[string]any
		Snapshot string
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, []string{"DATABASE_URL=" + sent})
	id := jobOf(t, s.upload(t, packed(t, folder)))
	var job importJob
	await(t, "the bundle is imported", func() bool {
		job = s.job(t, id)
		return job.State != "WAITING" && job.State != "RUNNING"
	})
	if job.State != "DONE" || job.Snapshot != want.Snapshot || len(job.Report.Tables) != len(want.Tables) || len(want.Problems) < 3 {
		t.Fatalf("%+v, want the report %+v", job, want)
	}
	for _, table := range job.Report.Tables {
		if table.Count != want.Tables[table.Name] {
			t.Errorf("%s: %+v, the command's report has %+v", table.Name, table.Count, want.Tables[table.Name])
		}
	}
	var got []map[string]any
	for _, each := range job.Report.Problems.Nodes {
		var p map[string]any
		if err := json.Unmarshal(each, &p); err != nil {
			t.Fatal(err)
		}
		got = append(got, p)
	}
	if len(got) != len(want.Problems) {
		t.Fatalf("%d problems, the command's report has %d", len(got), len(want.Problems))
	}
	for i, p := range want.Problems {
		delete(p, "kept")
		if !reflect.DeepEqual(got[i], p) {
			t.Errorf("problem %d: %v, the command's report has %v", i, got[i], p)
		}
	}
	if got, want := digestBut(t, sent), digestBut(t, commanded); got != want {
		t.Errorf("the database holds\n%s\nthe command's\n%s", got, want)
	}
	succeed(t, []string{"DATABASE_URL=" + sent}, "verify")
	if a := serve(t, []string{"DATABASE_URL=" + sent}, "--limit-upload=1000").upload(t, packed(t, folder)); a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "the request is too large") {
		t.Errorf("more than --limit-upload: %+v", a)
	}
}

// digestBut is digest without what no two databases have alike: draws of published figures, the last digits of what is measured in parallel
// (verify measures it anew).
func digestBut(t *testing.T, url string) string {
	t.Helper()
	var kept strings.Builder
	for line := range strings.Lines(digest(t, url)) {
		name, _, _ := strings.Cut(line, " ")
		switch name {
		case "publication", "published", "published_day", "remoteness", "dataset", "snapshot": // the last two have the time
			continue
		}
		kept.WriteString(line)
	}
	return kept.String()
}

// TestUploadKilled kills the program with SIGKILL while one bundle is imported and another waits: nothing has landed, both jobs say so to
// the program that comes after, no file is left, and sent again it lands.
func TestUploadKilled(t *testing.T) {
	t.Parallel()
	url, temp := dbtest.URL(t), t.TempDir()
	settings := []string{"DATABASE_URL=" + url, "TMPDIR=" + temp}
	succeed(t, settings, "import", province(t, 10, 1000, 1000, "not_home"))
	before := digestBut(t, url)
	file := packed(t, province(t, 11, 1500, 3000, "guided"))
	s := serve(t, settings)
	release := holdDataset(t, url) // however late a busy machine comes to look, the import is still on its way
	first := jobOf(t, s.upload(t, file))
	await(t, "the import is on its way", func() bool { return s.job(t, first).State == "RUNNING" })
	second := jobOf(t, s.upload(t, file))
	other := serve(t, settings) // one that does not die tells what is true, too
	if state := other.job(t, second).State; state != "WAITING" {
		t.Errorf("another program takes the bundle that waits for %s", state)
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	if err := release(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{first, second} {
		await(t, "it is known that the program is no more", func() bool { return other.job(t, id).State == "FAILED" })
		if job := other.job(t, id); !strings.Contains(job.Failed, "send it again") || job.Report != nil {
			t.Errorf("%+v", job)
		}
	}
	if after := digestBut(t, url); after != before {
		t.Errorf("killed, it left %s instead of %s", after, before)
	}
	id := jobOf(t, other.upload(t, file))
	await(t, "the bundle is imported", func() bool { return other.job(t, id).State == "DONE" })
	succeed(t, settings, "verify")
	if digestBut(t, url) == before {
		t.Error("the last import changed nothing")
	}
	wantEmpty(t, temp)
}
