package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// over waits until a job is over.
func (s *served) over(t *testing.T, id string) (job importJob) {
	t.Helper()
	await(t, "the job is over", func() bool {
		job = s.job(t, id)
		return job.State != "WAITING" && job.State != "RUNNING"
	})
	return job
}

// TestUploadOnAFullDisk: a bundle for which the disk has no room is refused, and what it took is there for the next one.
func TestUploadOnAFullDisk(t *testing.T) {
	t.Parallel()
	disk := reachableFolder(t)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m,mode=755"); err != nil {
		t.Skipf("only who may mount can have a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := serve(t, []string{"DATABASE_URL=" + dbtest.URL(t), "TMPDIR=" + disk})
	large := make([]byte, 1<<20+128<<10) // what is over the server takes all the same before it answers
	for range 3 {
		if a := s.upload(t, large); a.status != http.StatusInsufficientStorage || !strings.Contains(a.body, "could not write the file") {
			t.Errorf("%+v", a)
		}
	}
	if job := s.over(t, jobOf(t, s.upload(t, packed(t, province(t, 3, 10, 10, "guided"))))); job.State != "DONE" {
		t.Errorf("%+v", job)
	}
	wantEmpty(t, disk)
}

// TestUploadThatStops: who begins to send a bundle and sends no more is dropped after --stall, however many do so, and whoever sends his
// is served.
func TestUploadThatStops(t *testing.T) {
	t.Parallel()
	s := serve(t, []string{"DATABASE_URL=" + dbtest.URL(t)}, "--stall=1s")
	host := strings.TrimPrefix(s.address, "http://")
	form := "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{" + sendsBundle + `, "variables": {"f": null}}` +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{\"0\": [\"variables.f\"]}\r\n--b\r\nContent-Disposition: form-data; name=\"0\"; filename=\"0\"\r\n\r\nPK"
	dropped := make(chan string, db.MostUploads)
	for range db.MostUploads { // all places that there are
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: %s\r\nGraphQL-Preflight: 1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n%s", host, form); err != nil {
			t.Fatal(err)
		}
		go func() {
			said, _ := io.ReadAll(conn) // what is not read to its end is cut
			dropped <- string(said)
		}()
	}
	for range db.MostUploads {
		if said := <-dropped; said != "" && !strings.Contains(said, "HTTP/1.1 400") {
			t.Errorf("%s", said)
		}
	}
	if job := s.over(t, jobOf(t, s.upload(t, packed(t, province(t, 3, 10, 10, "guided"))))); job.State != "DONE" {
		t.Errorf("%+v", job)
	}
}

// TestUploadOfATrap sends zips that unpack to much more than they are, as they say themselves or though they say otherwise: each is refused or
// fails with the name of its file, nothing of it lands, and the program takes no more memory.
func TestUploadOfATrap(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	s := serve(t, []string{"DATABASE_URL=" + url})
	meta := `{"province": "96", "as_of": "2024-09-30", "source": "kiểm thử"}`
	const size = 256 << 20
	var squeezed bytes.Buffer // of zeros, so many times smaller
	var sum uint32
	trap := func(said uint64) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		w, err := z.Create("bundle.json")
		if err == nil {
			_, err = io.WriteString(w, meta)
		}
		if err == nil {
			w, err = z.CreateRaw(&zip.FileHeader{Name: "visits.csv", Method: zip.Deflate, CRC32: sum, UncompressedSize64: said, CompressedSize64: uint64(squeezed.Len())})
		}
		if err == nil {
			_, err = w.Write(squeezed.Bytes())
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	squeeze(t, &squeezed, &sum, size)
	if a := s.upload(t, trap(size)); !strings.Contains(a.body, `"code":"BAD_INPUT"`) || !strings.Contains(a.body, "visits.csv") || !strings.Contains(a.body, "refused as a trap") {
		t.Errorf("%+v", a)
	}
	job := s.over(t, jobOf(t, s.upload(t, trap(1000))))
	if job.State != "FAILED" || !strings.Contains(job.Failed, "visits.csv") {
		t.Errorf("%+v", job)
	}
	if n := number(t, url, "select count(*) from dataset"); n != 0 {
		t.Error("something of it has landed")
	}
	s.bounded(t)
}

// squeeze packs so many zeros.
func squeeze(t *testing.T, to io.Writer, sum *uint32, size int) {
	t.Helper()
	w, err := flate.NewWriter(to, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range size / len(zeros) {
		*sum = crc32.Update(*sum, crc32.IEEETable, zeros)
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestUploadByATrustedDocument: under --trusted-documents a bundle is sent by a document of the file, by its text or its id, and by no other.
func TestUploadByATrustedDocument(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "trusted.json")
	if err := os.WriteFile(file, []byte(`{"send": "mutation ($f: Upload!) {importBundle(upload: $f) {id}}", "job": "query ($id: ID!) {importJob(id: $id) {state}}"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	url := dbtest.URL(t)
	s := serve(t, []string{"DATABASE_URL=" + url}, "--trusted-documents="+file)
	bundle := packed(t, province(t, 3, 10, 10, "guided"))
	if a := s.uploadBy(t, `"query": "mutation ($f: Upload!) {importBundle(upload: $f) {id state}}"`, bundle); a.code != "FORBIDDEN" && !strings.Contains(a.body, `"code":"FORBIDDEN"`) {
		t.Errorf("another document: %+v", a)
	}
	for _, document := range []string{sendsBundle, `"documentId": "send"`} {
		id := jobOf(t, s.uploadBy(t, document, bundle))
		await(t, "the bundle is imported", func() bool {
			return number(t, url, "select count(*) from import_job where state = 'done' and id = "+id) == 1
		})
	}
	if n := number(t, url, "select count(*) from import_job"); n != 2 {
		t.Errorf("%d jobs", n)
	}
}

// TestUploadCancelled cancels, by another program on the same database, a bundle that is being imported: the job says so, nothing of it lands, and the program goes on.
func TestUploadCancelled(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 10, 1000, 1000, "not_home"))
	before := digestBut(t, url)
	s, other := serve(t, settings), serve(t, settings)
	release := holdDataset(t, url)
	file := packed(t, province(t, 11, 1500, 3000, "guided"))
	id := jobOf(t, s.upload(t, file))
	await(t, "the import is on its way", func() bool { return s.job(t, id).State == "RUNNING" })
	if a := other.ask(t.Context(), `mutation {cancelImport(id: "`+id+`") {state}}`); !a.good() || !strings.Contains(a.body, "CANCELLED") {
		t.Fatalf("%+v", a)
	}
	await(t, "the import has given up", func() bool { // though what it waits for is not over
		return number(t, url, "select count(*) from pg_locks where locktype = 'advisory' and (classid::bigint << 32 | objid::bigint) = hashtextextended('vunglom import 96', 0)") == 0
	})
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if job := s.over(t, id); job.State != "CANCELLED" || job.Report != nil || job.Snapshot != "" {
		t.Errorf("%+v", job)
	}
	if after := digestBut(t, url); after != before {
		t.Errorf("cancelled, it left %s instead of %s", after, before)
	}
	if job := s.over(t, jobOf(t, s.upload(t, file))); job.State != "DONE" {
		t.Errorf("%+v", job)
	}
	succeed(t, settings, "verify")
}
