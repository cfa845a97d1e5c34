package db_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"vunglom/db"
	"vunglom/db/dbtest"
)

func TestCountStatements(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx, count := db.CountStatements(t.Context())
	pool := db.Pool(d)
	var n int
	if err := pool.QueryRow(ctx, "select 1").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow(t.Context(), "select 1").Scan(&n); err != nil { // under no count
		t.Fatal(err)
	}
	batch := new(pgx.Batch)
	batch.Queue("select 1")
	batch.Queue("create temp table copied (n int)")
	if err := pool.SendBatch(ctx, batch).Close(); err != nil {
		t.Fatal(err)
	}
	if got := count.Load(); got != 3 {
		t.Fatalf("%d statements counted, 1 query and a batch of 2 sent", got)
	}
}

func TestOpenSetsTheSession(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for setting, want := range map[string]string{"jit": "off", "TimeZone": "UTC", "application_name": "vunglom"} {
		var got string
		if err := db.Pool(d).QueryRow(t.Context(), "select current_setting($1)", setting).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
}

func TestOpenSaysWhatFails(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"postgres://nobody@127.0.0.1:1/none?sslmode=disable": "database:",
		"postgres://%zz": "database URL:",
	} {
		d, err := dbtest.Open(t.Context(), url)
		if err == nil {
			d.Close()
			t.Fatalf("%s was opened", url)
		}
		if !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s …", url, err, want)
		}
	}
}
