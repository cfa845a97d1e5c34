package bundle

import (
	"errors"
	"fmt"
	"testing"
)

// benchRows is how many rows a benchmark reads or writes.
const benchRows = 200_000

// writeAddresses writes addresses as a province has them.
func writeAddresses(b *testing.B, dir string, compress bool) {
	b.Helper()
	w, err := Create(dir, Meta{Province: "96", Source: "a benchmark"})
	if err != nil {
		b.Fatal(err)
	}
	tw, err := w.Table(TableNamed("addresses"), compress)
	if err != nil {
		b.Fatal(err)
	}
	values := make([]Value, 9)
	for i := range int64(benchRows) {
		values[0], values[4] = known("dia_chi_so"), known("household")
		values[1] = known(fmt.Sprintf("%010d", i*7919%1e10))
		values[2] = Value{Known: true, Number: 104.7 + float64(i%9973)/1e5}
		values[3] = Value{Known: true, Number: 8.6 + float64(i%9941)/1e5}
		values[5], values[6] = known(fmt.Sprintf("%05d", 31900+i%101)), known(fmt.Sprintf("%05d-%02d", 31900+i%101, i%9))
		values[7] = known("Số nhà ven kênh, ấp Tân Hòa")
		values[8] = Value{Known: true, Integer: 19000 + i%365}
		if err := tw.Write(values); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(tw.Close(), w.Close()); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkReadAddresses(b *testing.B) {
	for _, compress := range []bool{false, true} {
		b.Run(map[bool]string{false: "csv", true: "csv.gz"}[compress], func(b *testing.B) {
			dir := b.TempDir()
			writeAddresses(b, dir, compress)
			in := open(b, dir)
			b.ReportAllocs()
			for b.Loop() {
				n, err := in.Rows(b.Context(), TableNamed("addresses"), func(*Row) error { return nil }, func(p Problem) { b.Error(p) })
				if err != nil || n != benchRows {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkSplitCSV(b *testing.B) {
	dir := b.TempDir()
	writeAddresses(b, dir, false)
	in := open(b, dir)
	for b.Loop() {
		r, err := in.reader(TableNamed("addresses"), in.parts[TableNamed("addresses")][0])
		if err != nil {
			b.Fatal(err)
		}
		var rec record
		for r.read(&rec) == nil {
		}
		if err := r.close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkWriteAddresses(b *testing.B) {
	for _, compress := range []bool{false, true} {
		b.Run(map[bool]string{false: "csv", true: "csv.gz"}[compress], func(b *testing.B) {
			dir := b.TempDir()
			for b.Loop() {
				writeAddresses(b, dir, compress)
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
