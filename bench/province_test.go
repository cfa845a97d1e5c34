package bench

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/bundle"
	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// province is the demo province as a bundle and, once it was asked for, in a database.
type province struct {
	folder string // the bundle, not compressed
	url    string // of the database that holds it; use asked
	rows   int    // of the bundle; units not counted

	imported time.Duration // the full import, once it was measured; else 0
}

func newProvince(b *testing.B) *province {
	b.Helper()
	p := &province{folder: filepath.Join(b.TempDir(), "demo")}
	if err := synthetic.Generate(b.Context(), synthetic.Options{Seed: 1, Scale: scale, Out: p.folder}); err != nil {
		b.Fatal(err)
	}
	for _, name := range p.tables(b) {
		p.rows += countRows(b, filepath.Join(p.folder, name+".csv"))
	}
	if p.url = os.Getenv("VUNGLOM_BENCH_DATABASE_URL"); p.url == "" { // else it holds the province already
		p.url = dbtest.URL(b)
	}
	return p
}

// tables names the tables that the bundle has as CSV: all but units.
func (p *province) tables(b *testing.B) []string {
	b.Helper()
	var names []string
	for _, t := range bundle.Tables {
		if _, err := os.Stat(filepath.Join(p.folder, t.Name+".csv")); err == nil {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 {
		b.Fatal("the bundle has no CSV")
	}
	return names
}

// asOf is the day of the bundle.
func (p *province) asOf(b *testing.B) time.Time {
	b.Helper()
	in, err := bundle.Open(p.folder)
	must(b, err)
	defer in.Close()
	return in.Meta.AsOfTime()
}

// asked returns a connection to the database of the province, which is imported if it is
// not there yet.
func (p *province) asked(b *testing.B) *pgx.Conn {
	b.Helper()
	conn := connect(b, p.url)
	var there bool
	if err := conn.QueryRow(b.Context(), "select exists (select from dataset)").Scan(&there); err != nil {
		b.Fatal(err)
	}
	if !there {
		p.importInto(b, p.url, p.folder)
	}
	// Autovacuum would come at a moment of its own choosing.
	if _, err := conn.Exec(b.Context(), "vacuum analyze"); err != nil {
		b.Fatal(err)
	}
	return conn
}

// importInto imports a bundle by the program's own path and tells how long that took.
func (p *province) importInto(b *testing.B, url, folder string) (time.Duration, *db.Report) {
	b.Helper()
	d, err := dbtest.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	began := time.Now()
	in, err := bundle.Open(folder)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	report, err := d.Import(b.Context(), in, db.ImportOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began), report
}

// connect opens a connection with the settings of the program's own.
func connect(b *testing.B, url string) *pgx.Conn {
	b.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		b.Fatal(err)
	}
	config.RuntimeParams["jit"], config.RuntimeParams["TimeZone"] = "off", "UTC"
	conn, err := pgx.ConnectConfig(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close(context.WithoutCancel(b.Context())) })
	return conn
}

func countRows(b *testing.B, path string) int {
	b.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	r, n := csv.NewReader(file), -1 // the header is no row
	r.ReuseRecord = true
	for _, err = r.Read(); err == nil; _, err = r.Read() {
		n++
	}
	return n
}
