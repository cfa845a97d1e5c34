package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// table is one table of BENCHMARKS.md.
type table struct {
	title   string
	columns []string
	rows    [][]string
}

var (
	tables      []*table
	description string
)

// row adds a row to the table of that title, which is made at its first row.
func row(title string, columns []string, cells ...string) {
	for _, t := range tables {
		if t.title == title {
			t.rows = append(t.rows, cells)
			return
		}
	}
	tables = append(tables, &table{title, columns, [][]string{cells}})
}

// printTables writes what BENCHMARKS.md holds between its two marks.
func printTables(to io.Writer) {
	if len(tables) == 0 {
		return
	}
	fmt.Fprintf(to, "\n<!-- make bench: begin -->\n%s\n", description)
	for _, t := range tables {
		fmt.Fprintf(to, "\n### %s\n\n| %s |\n|%s\n", t.title, strings.Join(t.columns, " | "), "---|"+strings.Repeat("---:|", len(t.columns)-1))
		for _, cells := range t.rows {
			fmt.Fprintf(to, "| %s |\n", strings.Join(cells, " | "))
		}
	}
	fmt.Fprint(to, "<!-- make bench: end -->\n\n")
}

// against is a row's verdict: a ratio beside the most it may be.
func against(ratio, limit float64) string {
	if limit == 0 || scale != 1 { // the claims are about the province as it is
		return fmt.Sprintf("%.2f", ratio)
	}
	verdict := "holds"
	if ratio > limit {
		verdict = "**missed**"
	}
	return fmt.Sprintf("%.2f (≤ %g: %s)", ratio, limit, verdict)
}

// milliseconds and seconds write a time with three digits that matter.
func milliseconds(t time.Duration) string { return fmt.Sprintf("%.1f ms", milli(t)) }
func seconds(t time.Duration) string      { return fmt.Sprintf("%.2f s", t.Seconds()) }

// describe remembers what the figures were taken on.
func describe(p *province, took time.Duration) {
	description = fmt.Sprintf("%s, demo province at scale %g (%d rows beside its units), %s, %d processors, %s of memory, %s; the whole run took %s.",
		time.Now().Format(time.DateOnly), scale, p.rows, runtime.Version(), runtime.NumCPU(), machineMemory(), serverVersion(p.url), took.Round(time.Second))
}

func milli(t time.Duration) float64 { return float64(t) / 1e6 }

func machineMemory() string {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return "an unknown amount"
	}
	var kB int64
	if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kB); err != nil {
		return "an unknown amount"
	}
	return fmt.Sprintf("%.0f GB", float64(kB)/(1<<20))
}

func serverVersion(url string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "an unknown server"
	}
	defer conn.Close(ctx)
	var server, postgis string
	if err := conn.QueryRow(ctx, "select current_setting('server_version'), postgis_lib_version()").Scan(&server, &postgis); err != nil {
		return "an unknown server"
	}
	return fmt.Sprintf("PostgreSQL %s, PostGIS %s", server, postgis)
}

// within is a figure whose limit stands at the head of its column, marked where it is missed.
func within(holds bool, figure string) string {
	if holds {
		return figure
	}
	return figure + " **missed**"
}
