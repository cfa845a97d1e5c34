package db_test

import (
	"archive/zip"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/db"
)

// sendBundle sends a bundle of files as the API does, and waits until it is over.
func sendBundle(t *testing.T, d *db.DB, files map[string]string) *db.Job {
	t.Helper()
	u, err := d.NewUpload()
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	z := zip.NewWriter(u)
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
	job, err := d.SendBundle(t.Context(), u, db.SendOptions{})
	for deadline := time.Now().Add(3 * time.Minute); err == nil && (job.State == db.JobWaiting || job.State == db.JobRunning); job, err = d.JobByID(t.Context(), job.ID) {
		if time.Now().After(deadline) {
			t.Fatalf("the job goes on and on: %+v", job)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// TestJobsAreNotKeptForEver: the owner's retention takes out those that ended long ago, with what was wrong with their rows, and no other.
func TestJobsAreNotKeptForEver(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	dirty := maps.Clone(small)
	dirty["visits.csv"] += "W9,nobody,T1,2023-09-01,guided\n"
	old, fresh := sendBundle(t, l.DB, dirty), sendBundle(t, l.DB, dirty)
	if old.State != db.JobDone || fresh.State != db.JobDone || fresh.Problems == 0 {
		t.Fatalf("%+v %+v", old, fresh)
	}
	if _, err := l.sql.ExecContext(t.Context(), "update import_job set ended_at = '2026-01-01' where id = $1", old.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := l.RetainJobs(t.Context(), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if log := entries(t, l.DB, db.AuditFilter{}); !slices.Contains(log, `local retain.imports {"before": "2026-01-02T00:00:00Z"} 1`) {
		t.Errorf("the log: %q", log)
	}
	if _, err := l.JobByID(t.Context(), old.ID); !db.IsNotFound(err) {
		t.Errorf("the old one: %v", err)
	}
	if got := texts(t, l.sql, "select distinct job = (select max(id) from import_job) from import_problem"); !slices.Equal(got, []string{"true"}) {
		t.Errorf("problems of %v", got)
	}
}

// TestJobOutlivesItsDatabase: a job whose program lost the connection that tells of its life is that program's still, and another one does
// not end it once that has been made anew.
func TestJobOutlivesItsDatabase(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	sendBundle(t, l.DB, small)
	texts(t, l.sql, `select pg_terminate_backend(pid)::text from pg_locks where locktype = 'advisory' and objsubid = 1 and database = (select oid from pg_database where datname = current_database())`)
	if job := sendBundle(t, l.DB, small); job.State != db.JobDone {
		t.Errorf("%+v", job)
	}
}

// TestJobEndsOnce: a job that somebody has ended, as one does whose program is taken for dead, lands nothing.
func TestJobEndsOnce(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	tx, err := l.sql.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `create function late() returns trigger language plpgsql as $f$ begin
		if new.state = 'running' and old.state = 'waiting' then new.state = 'failed'; end if; return new; end $f$;
		create trigger late before update on import_job for each row execute function late()`); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	job := sendBundle(t, l.DB, small)
	if job.State != db.JobFailed {
		t.Errorf("%+v", job)
	}
	if got := texts(t, l.sql, "select province from dataset"); len(got) > 0 {
		t.Error("it has landed all the same")
	}
	if _, err := l.sql.ExecContext(t.Context(), "drop trigger late on import_job"); err != nil {
		t.Fatal(err)
	}
	if job := sendBundle(t, l.DB, small); job.State != db.JobDone || !strings.HasPrefix(*job.Snapshot, "96-") {
		t.Errorf("%+v", job)
	}
	if _, err := l.JobByID(t.Context(), 1<<40); !db.IsNotFound(err) || errors.Is(err, io.EOF) {
		t.Error(err)
	}
}
