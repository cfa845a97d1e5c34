// Package dbtest gives a test a real database of its own: migrated, empty, and gone when the
// test ends.
//
// The databases live in the server of VUNGLOM_TEST_DATABASE_URL, which `vunglom testdb`
// starts for a whole run. Without it the test process starts a private server, which stops
// with the process, however that ends.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver of SQL

	"vunglom/access"
	"vunglom/db"
)

// New returns a pool on a migrated database of the test's own.
func New(tb testing.TB) *db.DB {
	tb.Helper()
	d, err := Open(tb.Context(), URL(tb))
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tb.Cleanup(d.Close)
	return d
}

// Open opens the database of a URL for who may see everything, unless the context names a caller.
func Open(ctx context.Context, url string) (*db.DB, error) {
	d, err := db.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	return d.As(access.Local()), nil
}

// URL returns the connection string of a migrated database of the test's own, for tests that
// run the program.
func URL(tb testing.TB) string {
	tb.Helper()
	return create(tb, true)
}

// Copy returns the connection string of a copy, of the test's own, of the database of a URL, with all that it holds.
// Nobody may be connected to that one.
func Copy(tb testing.TB, url string) string {
	tb.Helper()
	server, err := server()
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	return createFrom(tb, server, config.Database)
}

// filled are the databases of Filled, by name.
var filled sync.Map

// Filled returns the connection string of a database of the test's own that holds what fill puts into a migrated one. The first test of
// this process that asks for a name has fill do so, and then nobody may be connected; each test gets a copy, as that is much less work
// than to import the same again. What was filled stays as long as the server.
func Filled(tb testing.TB, name string, fill func(url string)) string {
	tb.Helper()
	server, err := server()
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	type filling struct {
		once     sync.Once
		database string // "" until it is filled
	}
	kept, _ := filled.LoadOrStore(name, new(filling))
	f := kept.(*filling)
	f.once.Do(func() {
		template, err := template(server)
		if err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
		database := "filled_" + randomName()
		if err := run(server, "create database "+database+" template "+template+" strategy file_copy"); err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
		url, err := withDatabase(server, database)
		if err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
		fill(url)
		if err := run(server, "alter database "+database+" with allow_connections false"); err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
		f.database = database
	})
	if f.database == "" {
		tb.Fatalf("dbtest: %s: the test that was to fill it says why it did not", name)
	}
	return createFrom(tb, server, f.database)
}

// EmptyURL returns the connection string of a database without a schema, for tests of the
// migrations themselves.
func EmptyURL(tb testing.TB) string {
	tb.Helper()
	return create(tb, false)
}

// SQL opens the database of a URL for plain statements, by which tests count the raw rows.
func SQL(tb testing.TB, url string) *sql.DB {
	tb.Helper()
	d, err := sql.Open("pgx", url)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("dbtest: %v", err)
		}
	})
	return d
}

// Lock keeps everybody from a table of a database until it is released, or the test ends.
func Lock(tb testing.TB, url, table string) (release func()) {
	tb.Helper()
	d, err := sql.Open("pgx", url)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tx, err := d.BeginTx(tb.Context(), nil)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	if _, err := tx.ExecContext(tb.Context(), "lock table "+table+" in access exclusive mode"); err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	release = sync.OnceFunc(func() {
		if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) { // which it is when the test's context has ended
			tb.Errorf("dbtest: %v", err)
		}
		if err := d.Close(); err != nil {
			tb.Errorf("dbtest: %v", err)
		}
	})
	tb.Cleanup(release)
	return release
}

// AwaitWaiting waits until as many statements as are wanted wait for a lock in the database.
func AwaitWaiting(tb testing.TB, d *sql.DB, want int) {
	tb.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var waiting int
		if err := d.QueryRowContext(tb.Context(), `select count(*) from pg_stat_activity
			where datname = current_database() and state = 'active' and wait_event_type = 'Lock'`).Scan(&waiting); err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
		if waiting == want {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("dbtest: %d statements wait for a lock, not %d", waiting, want)
		}
	}
}

// create makes a database that is dropped when the test ends.
func create(tb testing.TB, migrated bool) string {
	tb.Helper()
	server, err := server()
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	if !migrated {
		return createFrom(tb, server, "")
	}
	template, err := template(server)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	return createFrom(tb, server, template)
}

// createFrom is create with a template named; "" for none.
func createFrom(tb testing.TB, server, template string) string {
	tb.Helper()
	name := "test_" + randomName()
	statement := "create database " + name
	if template != "" {
		statement += " template " + template + " strategy file_copy"
	}
	if err := run(server, statement); err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	tb.Cleanup(func() {
		if err := run(server, "drop database if exists "+name+" with (force)"); err != nil {
			tb.Errorf("dbtest: %v", err)
		}
	})
	url, err := withDatabase(server, name)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	return url
}

func randomName() string {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

// run carries out one statement that no transaction may hold. It does not follow the test's
// context, which has ended when the cleanup runs.
func run(server, statement string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("test server: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
