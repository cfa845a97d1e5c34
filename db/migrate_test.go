package db_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"vunglom/db"
	"vunglom/db/dbtest"
)

func TestMigrateTwiceAtOnce(t *testing.T) {
	t.Parallel()
	url := dbtest.EmptyURL(t)
	var group errgroup.Group
	for range 2 {
		group.Go(func() error { return db.Migrate(t.Context(), url) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.CheckSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatalf("the second time: %v", err)
	}
	var rows int
	if err := dbtest.SQL(t, url).QueryRowContext(t.Context(), "select count(*) from public.schema_version").Scan(&rows); err != nil || rows != 1 {
		t.Fatalf("%d rows of versions, %v", rows, err)
	}
}

func TestMigrateRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	if _, err := dbtest.SQL(t, url).ExecContext(t.Context(), "update public.schema_version set version = 9999"); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), url); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Fatalf("a newer database: %v", err)
	}
}

func TestCheckSchemaTellsAnOldOne(t *testing.T) {
	t.Parallel()
	url := dbtest.EmptyURL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.CheckSchema(t.Context()); !errors.Is(err, db.ErrNotMigrated) {
		t.Fatalf("an empty database: %v", err)
	}
	if _, err := dbtest.SQL(t, url).ExecContext(t.Context(), "create table schema_version as select 0 as version"); err != nil {
		t.Fatal(err)
	}
	if err := d.CheckSchema(t.Context()); !errors.Is(err, db.ErrNotMigrated) {
		t.Fatalf("version 0: %v", err)
	}
}
