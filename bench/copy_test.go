package bench

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/db/dbtest"
)

var (
	//go:embed copied.sql
	copiedSQL string
	//go:embed copied_index.sql
	copiedIndexSQL string
	//go:embed located.sql
	locatedSQL string
	//go:embed located_ever.sql
	locatedEverSQL string
	//go:embed unit_copy.sql
	unitCopySQL string
)

// copied is what the least import took: COPY of every row, then one spatial join.
type copied struct{ copy, join time.Duration }

func (c copied) total() time.Duration { return c.copy + c.join }

// baseline is a least import: whether its tables have the store's keys and indexes before
// the rows come, or none, of which only the points get one before the join; and whether the
// join finds the hamlets of the bundle's day, or every polygon that a commune or a hamlet
// has had.
type baseline struct{ indexed, ever bool }

// copyAll streams the bundle's CSV into tables of their own by COPY and locates the
// addresses, in one transaction.
func copyAll(b *testing.B, p *province, units string, as baseline) copied {
	b.Helper()
	conn := connect(b, dbtest.URL(b))
	prepare := copiedSQL
	if as.indexed {
		prepare += copiedIndexSQL
	}
	must(b, conn.PgConn().Exec(b.Context(), prepare).Close())
	checkpoint(b, conn)
	var took copied
	tx, err := conn.Begin(b.Context())
	must(b, err)
	took.copy = timed(func() {
		copyFile(b, tx, "units", units)
		for _, name := range p.tables(b) {
			copyFile(b, tx, name, filepath.Join(p.folder, name+".csv"))
		}
	})
	took.join = timed(func() {
		prepare := "set local work_mem = '192MB'; analyze copied.units; analyze copied.addresses;"
		if !as.indexed {
			prepare = "create index on copied.addresses using spgist (position);" + prepare
		}
		must(b, conn.PgConn().Exec(b.Context(), prepare).Close())
		sql, arguments := locatedSQL, []any{p.asOf(b)}
		if as.ever {
			sql, arguments = locatedEverSQL, nil
		}
		done, err := tx.Exec(b.Context(), sql, arguments...)
		must(b, err)
		if done.RowsAffected() == 0 {
			b.Fatal("no address lies in a hamlet")
		}
	})
	took.join += timed(func() { must(b, tx.Commit(b.Context())) })
	must(b, conn.Close(b.Context()))
	return took
}

// copyFile streams a CSV file with a header into the table of that name.
func copyFile(b *testing.B, tx pgx.Tx, table, path string) {
	b.Helper()
	file, err := os.Open(path)
	must(b, err)
	defer file.Close()
	header, err := bufio.NewReader(file).ReadString('\n')
	must(b, err)
	_, err = file.Seek(0, io.SeekStart)
	must(b, err)
	statement := fmt.Sprintf("copy copied.%s (%s) from stdin (format csv, header)", table, strings.TrimSpace(header))
	if _, err := tx.Conn().PgConn().CopyFrom(b.Context(), file, statement); err != nil {
		b.Fatalf("%s: %v", table, err)
	}
}

// writeUnits writes the units of the store as CSV, so that COPY need not read GeoJSON.
func writeUnits(b *testing.B, p *province) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "units.csv")
	file, err := os.Create(path)
	must(b, err)
	_, err = p.asked(b).PgConn().CopyTo(b.Context(), file, unitCopySQL)
	must(b, err)
	must(b, file.Close())
	return path
}

// checkpoint leaves no work of what came before to what comes next.
func checkpoint(b *testing.B, conn *pgx.Conn) {
	b.Helper()
	_, err := conn.Exec(b.Context(), "checkpoint")
	must(b, err)
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
