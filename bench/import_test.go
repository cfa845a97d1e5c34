package bench

import (
	"fmt"
	"testing"
	"time"

	"vunglom/db/dbtest"
)

// limitImport is the most that an import may take beside COPY and a spatial join.
const limitImport = 4

// roundsOfImport is how often each side of an import is timed.
const roundsOfImport = 3

var importColumns = []string{"work", "import", "base", "ratio"}

// benchImport measures the import of the province into an empty database against COPY of
// the same rows and the bare spatial join, into tables with the store's keys and indexes and
// into tables with none.
func benchImport(b *testing.B, p *province) {
	units := writeUnits(b, p)
	var bare []time.Duration
	var copies, joins, bareCopies []time.Duration
	ours := func() time.Duration {
		url := dbtest.URL(b)
		checkpoint(b, connect(b, url))
		took, _ := p.importInto(b, url, p.folder)
		c := copyAll(b, p, units, false)
		bare, bareCopies = append(bare, c.total()), append(bareCopies, c.copy)
		return took
	}
	base := func() time.Duration {
		c := copyAll(b, p, units, true)
		copies, joins = append(copies, c.copy), append(joins, c.join)
		return c.total()
	}
	t := byTurns(b, roundsOfImport, ours, base)
	p.imported = median(t.ours)
	row("The import", importColumns, fmt.Sprintf("into tables with the store's keys and indexes (COPY %s, join %s)", seconds(median(copies)), seconds(median(joins))),
		seconds(median(t.ours)), seconds(median(t.base)), against(t.ratio(), limitImport))
	t.base = bare
	b.ReportMetric(t.ratio(), "bare-ratio")
	row("The import", importColumns, fmt.Sprintf("into bare tables (COPY %s, index of points and join %s)", seconds(median(bareCopies)), seconds(median(bare)-median(bareCopies))),
		seconds(median(t.ours)), seconds(median(bare)), against(t.ratio(), 0))
}
