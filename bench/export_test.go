package bench

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// exportSQL has PostgreSQL write every address with its status and where it lies as CSV: the least that makes the file.
//
//go:embed export.sql
var exportSQL string

var exportColumns = []string{"file", "rows", "took", "size", "a second", "peak", "beside COPY of the same rows"}

// benchExport runs the program's exports as a user does, a process of its own each, and watches its peak memory.
func benchExport(b *testing.B, p *province) {
	conn, program := p.asked(b), build(b)
	copied, lines := exportCopy(b, conn)
	for _, export := range []struct {
		name string
		args []string
		base time.Duration
		rows int64
	}{
		{"addresses", nil, copied, lines},
		{"coverage", []string{"--level", "hamlet"}, 0, 0},
	} {
		for _, format := range []string{"csv", "geojson", "xlsx", "gpkg"} {
			file := filepath.Join(b.TempDir(), export.name+"."+format)
			args := append([]string{"export", export.name, "--as-of", day, "--within", "PROVINCE:96", "-o", file}, export.args...)
			took, peak := watched(b, p.url, program, args...)
			info, err := os.Stat(file)
			must(b, err)
			ratio, rows := "", fmt.Sprint(export.rows)
			if export.base > 0 {
				ratio = fmt.Sprintf("%.2f", float64(took)/float64(export.base))
			} else {
				rows = "the hamlets"
			}
			b.ReportMetric(float64(took.Milliseconds()), export.name+"-"+format+"-ms")
			row("Files", exportColumns, fmt.Sprintf("`%s.%s`", export.name, format), rows, seconds(took), fmt.Sprintf("%.1f MB", float64(info.Size())/1e6),
				fmt.Sprintf("%.1f MB", float64(info.Size())/1e6/took.Seconds()), fmt.Sprintf("%.0f MB", float64(peak)/1024), ratio)
		}
	}
	row("Files", exportColumns, "COPY of the addresses, CSV", fmt.Sprint(lines), seconds(copied), "", "", "", "1.00")
	b.ReportMetric(0, "ns/op")
}

// exportCopy is the base: once to warm up, then the faster of two, and how many rows came.
func exportCopy(b *testing.B, conn *pgx.Conn) (time.Duration, int64) {
	var least time.Duration
	var rows int64
	for i := range 3 {
		var to lineCounter
		took := timed(func() {
			_, err := conn.PgConn().CopyTo(b.Context(), &to, exportSQL)
			must(b, err)
		})
		if rows = to.lines; i == 1 || i == 2 && took < least {
			least = took
		}
	}
	return least, rows
}

// lineCounter counts the lines of what is written to it.
type lineCounter struct{ lines int64 }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += int64(strings.Count(string(p), "\n"))
	return len(p), nil
}

// build makes the program.
func build(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "vunglom")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-o", program, "vunglom/cmd/vunglom")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}
