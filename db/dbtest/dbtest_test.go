package dbtest

import (
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

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

// TestFilledIsCopied: a database is filled once, and what a test does to its copy no other test sees.
func TestFilledIsCopied(t *testing.T) {
	t.Parallel()
	var times atomic.Int32
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			url := Filled(t, t.Name()[:len("TestFilledIsCopied")], func(url string) {
				times.Add(1)
				conn, err := pgx.Connect(t.Context(), url)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close(t.Context())
				if _, err := conn.Exec(t.Context(), "create table mine (n int); insert into mine values (1)"); err != nil {
					t.Fatal(err)
				}
			})
			var rows int
			if err := SQL(t, url).QueryRowContext(t.Context(), "with own as (insert into mine values (2) returning n) select (select count(*) from mine) + count(*) from own").Scan(&rows); err != nil || rows != 2 || times.Load() != 1 {
				t.Errorf("%d rows, filled %d times, %v", rows, times.Load(), err)
			}
		})
	}
}

func BenchmarkURL(b *testing.B) {
	for b.Loop() {
		URL(b)
	}
}
