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
	//go:embed unit_copy.sql
	unitCopySQL string
)

// copied is what the least import took: COPY of every row, then one spatial join.
type copied struct{ copy, join time.Duration }

func (c copied) total() time.Duration { return c.copy + c.join }

// copyAll streams the bundle's CSV into tables of their own by COPY and locates the
// addresses in the hamlets of the day, in one transaction. indexed gives the tables the
// store's keys and indexes first; without, they have none, and only the points get one,
// before the join.
func copyAll(b *testing.B, p *province, units string, indexed bool) copied {
	b.Helper()
	conn := connect(b, dbtest.URL(b))
	prepare := copiedSQL
	if indexed {
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
		if !indexed {
			prepare = "create index on copied.addresses using spgist (position);" + prepare
		}
		must(b, conn.PgConn().Exec(b.Context(), prepare).Close())
		done, err := tx.Exec(b.Context(), locatedSQL)
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
