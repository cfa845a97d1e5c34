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

var importColumns = []string{"COPY into, then join with", "import", "base", "ratio"}

// bases are what an import is set beside; the first is the issue's, and has the limit.
var bases = []struct {
	as   baseline
	what string // of the seconds that its COPY and its join take
}{
	{baseline{indexed: true}, "tables with the store's keys and indexes, the hamlets of the day (COPY %s, join %s)"},
	{baseline{indexed: true, ever: true}, "tables with the store's keys and indexes, every polygon ever (COPY %s, join %s)"},
	{baseline{ever: true}, "bare tables, every polygon ever (COPY %s, index of points and join %s)"},
}

// benchImport measures the import of the province into an empty database against COPY of
// the same rows and the bare spatial join.
func benchImport(b *testing.B, p *province) {
	units := writeUnits(b, p)
	times, copies := make([]turns, len(bases)), make([][]time.Duration, len(bases))
	ours := func() {
		url := dbtest.URL(b)
		checkpoint(b, connect(b, url))
		took, _ := p.importInto(b, url, p.folder)
		for i := range bases {
			times[i].ours = append(times[i].ours, took)
		}
	}
	theirs := func() {
		for i, base := range bases {
			c := copyAll(b, p, units, base.as)
			times[i].base, copies[i] = append(times[i].base, c.total()), append(copies[i], c.copy)
		}
	}
	for round := range roundsOfImport {
		if round%2 == 0 {
			ours()
			theirs()
		} else {
			theirs()
			ours()
		}
	}
	for i, base := range bases {
		t := times[i]
		limit := 0.0
		if i == 0 {
			limit = limitImport
		}
		copied := median(copies[i])
		row("The import", importColumns, fmt.Sprintf(base.what, seconds(copied), seconds(median(t.base)-copied)),
			seconds(median(t.ours)), seconds(median(t.base)), against(t.ratio(), limit))
		b.ReportMetric(t.ratio(), []string{"ratio", "ever-ratio", "bare-ratio"}[i])
	}
	p.imported = median(times[0].ours)
	b.ReportMetric(milli(p.imported), "ms")
	b.ReportMetric(milli(median(times[0].base)), "base-ms")
	b.ReportMetric(0, "ns/op") // says nothing here
}
