package bench

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vunglom/db/dbtest"
)

// everyVisit is one in how many visits a re-import changes.
const everyVisit = 100

// benchReimport measures what a second import costs: of the whole bundle unchanged, and of
// a bundle that holds one visit in a hundred with another outcome. They are set beside the
// full import.
func benchReimport(b *testing.B, p *province) {
	url := dbtest.URL(b)
	conn := connect(b, url)
	checkpoint(b, conn)
	full, _ := p.importInto(b, url, p.folder)
	if p.imported > 0 {
		full = p.imported
	}
	checkpoint(b, conn)
	unchanged, report := p.importInto(b, url, p.folder)
	for _, t := range report.Tables {
		if t.Inserted+t.Updated != 0 {
			b.Fatalf("an unchanged bundle changed %+v", t)
		}
	}
	var times []time.Duration
	n := 0
	for round := range roundsOfImport {
		folder, rows := changedVisits(b, p, round)
		checkpoint(b, conn)
		took, report := p.importInto(b, url, folder)
		for _, t := range report.Tables {
			if t.Name == "visits" && int(t.Updated) != rows {
				b.Fatalf("of %d changed visits %+v came in", rows, t)
			}
		}
		times, n = append(times, took), rows
	}
	part := func(t time.Duration) float64 { return 100 * t.Seconds() / full.Seconds() }
	b.ReportMetric(milli(unchanged), "unchanged-ms")
	b.ReportMetric(part(unchanged), "unchanged-%")
	b.ReportMetric(milli(median(times)), "changed-ms")
	b.ReportMetric(part(median(times)), "changed-%")
	b.ReportMetric(0, "ns/op")
	columns := []string{"work", "took", "of the full import"}
	row("A second import", columns, "the whole bundle, nothing changed", seconds(unchanged), fmt.Sprintf("%.1f %%", part(unchanged)))
	row("A second import", columns, fmt.Sprintf("a bundle of 1 %% of the visits, changed (%d rows)", n), seconds(median(times)), fmt.Sprintf("%.1f %%", part(median(times))))
}

// changedVisits writes a bundle of one visit in a hundred, others in every round, each with
// another outcome; it returns its folder and how many they are.
func changedVisits(b *testing.B, p *province, round int) (string, int) {
	b.Helper()
	folder := b.TempDir()
	meta, err := os.ReadFile(filepath.Join(p.folder, "bundle.json"))
	must(b, err)
	must(b, os.WriteFile(filepath.Join(folder, "bundle.json"), meta, 0o644))
	in, err := os.Open(filepath.Join(p.folder, "visits.csv"))
	must(b, err)
	defer in.Close()
	out, err := os.Create(filepath.Join(folder, "visits.csv"))
	must(b, err)
	r, w := csv.NewReader(in), csv.NewWriter(out)
	header, err := r.Read()
	must(b, err)
	must(b, w.Write(header))
	outcome, n := columnOf(b, header, "outcome"), 0
	for line := 0; ; line++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		must(b, err)
		if line%everyVisit != round {
			continue
		}
		if cells[outcome] == "guided" {
			cells[outcome] = "not_home"
		} else {
			cells[outcome] = "guided"
		}
		must(b, w.Write(cells))
		n++
	}
	w.Flush()
	must(b, errors.Join(w.Error(), out.Close()))
	return folder, n
}

func columnOf(b *testing.B, header []string, name string) int {
	b.Helper()
	for i, column := range header {
		if column == name {
			return i
		}
	}
	b.Fatalf("visits.csv has no column %s", name)
	return -1
}
