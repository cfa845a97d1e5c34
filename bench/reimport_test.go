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

// benchReimport measures what a second import costs: of a bundle that holds one visit in a
// hundred with another outcome, and of the whole bundle unchanged. Both by turns with a
// full import would take the province's time again, so they are set beside the one measured.
func benchReimport(b *testing.B, p *province) {
	url := dbtest.URL(b)
	full, _ := p.importInto(b, url, p.folder)
	if p.imported > 0 {
		full = p.imported
	}
	var times []time.Duration
	n := 0
	for round := range roundsOfImport {
		folder, rows := changedVisits(b, p, round)
		took, report := p.importInto(b, url, folder)
		for _, t := range report.Tables {
			if t.Name == "visits" && int(t.Updated) != rows {
				b.Fatalf("of %d changed visits %+v came in", rows, t)
			}
		}
		times, n = append(times, took), rows
	}
	conn := connect(b, url)
	columns := []string{"work", "took", "beside the full import"}
	part := func(t time.Duration) string { return fmt.Sprintf("%.2f %%", 100*t.Seconds()/full.Seconds()) }
	b.ReportMetric(median(times).Seconds()*1000, "changed-ms")
	b.ReportMetric(100*median(times).Seconds()/full.Seconds(), "changed-%")
	row("A second import", columns, fmt.Sprintf("1 %% of the visits changed (%d rows, their bundle)", n), milliseconds(median(times)), part(median(times)))

	checkpoint(b, conn)
	folder := filepath.Join(b.TempDir(), "again")
	must(b, os.CopyFS(folder, os.DirFS(p.folder)))
	again := dbtest.URL(b)
	p.importInto(b, again, p.folder)
	unchanged, report := p.importInto(b, again, folder)
	for _, t := range report.Tables {
		if t.Inserted+t.Updated != 0 {
			b.Fatalf("an unchanged bundle changed %+v", t)
		}
	}
	b.ReportMetric(unchanged.Seconds()*1000, "unchanged-ms")
	b.ReportMetric(0, "ns/op")
	row("A second import", columns, "the whole bundle, nothing changed", milliseconds(unchanged), part(unchanged))
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
