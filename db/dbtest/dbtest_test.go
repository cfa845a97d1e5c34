package dbtest

import (
	"testing"

	"vunglom/db"
)

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	one, two := URL(t), URL(t)
	if _, err := SQL(t, one).ExecContext(t.Context(), "create table mine (n int)"); err != nil {
		t.Fatal(err)
	}
	var found bool
	err := SQL(t, two).QueryRowContext(t.Context(), "select to_regclass('mine') is not null").Scan(&found)
	if err != nil || found {
		t.Fatalf("a table of one test's database is seen in another's: %v, %v", found, err)
	}
}

func TestDatabasesInParallel(t *testing.T) {
	t.Parallel()
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if err := New(t).Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestDatabaseIsDropped(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("user", func(t *testing.T) { url = URL(t) })
	if d, err := db.Open(t.Context(), url); err == nil {
		d.Close()
		t.Fatal("the database outlived its test")
	}
}

func BenchmarkURL(b *testing.B) {
	for b.Loop() {
		URL(b)
	}
}
