package bundle

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// anyText draws a text as a reader gives it: composed, trimmed, single spaces.
func anyText(t *rapid.T, column string) string {
	s := rapid.StringOfN(rapid.SampledFrom([]rune("abcXYZ019 ,;\"'\\/{}[]éêƯơĐđệữ’–ẩ日")), 1, 20, -1).Draw(t, column)
	s, _ = tidy(norm.NFC.String(s), true)
	if s == "" {
		return "x"
	}
	return s
}

// anyShape draws a polygon with seven decimals, as the writer keeps them.
func anyShape(t *rapid.T) []byte {
	var s shape
	s.reset(rapid.Bool().Draw(t, "multi"))
	coordinate := rapid.Custom(func(t *rapid.T) float64 {
		return float64(rapid.Int64Range(-1800000000, 5e15).Draw(t, "coordinate")) / 1e7
	})
	polygons := 1
	if s.multi {
		polygons = rapid.IntRange(1, 3).Draw(t, "polygons")
	}
	for range polygons {
		for range rapid.IntRange(1, 3).Draw(t, "rings") {
			for range rapid.IntRange(3, 6).Draw(t, "points") {
				if err := s.add(coordinate.Draw(t, "x"), coordinate.Draw(t, "y")); err != nil {
					t.Fatal(err)
				}
			}
			last := s.coords[len(s.coords)-2:]
			last[0] = math.Nextafter(last[0], 1e9)
			last[0] = math.Round(last[0]*1e7+1) / 1e7 // so that the ring is open until it is closed
			if s.endRing() != nil {
				t.Skip("a ring of one point")
			}
		}
		if err := s.endPolygon(); err != nil {
			t.Fatal(err)
		}
	}
	return s.appendWKB(nil)
}

// anyRow draws a row that a reader would accept.
func anyRow(t *rapid.T, table *Table) []Value {
	values := make([]Value, len(table.Columns))
	for i, c := range table.Columns {
		if !c.Required && rapid.Bool().Draw(t, "unknown "+c.Name) {
			continue
		}
		v := &values[i]
		v.Known = true
		switch {
		case c.Values != nil:
			v.Text = rapid.SampledFrom(c.Values).Draw(t, c.Name)
		case c.Type == Text || c.Type == Code:
			v.Text = anyText(t, c.Name)
		case c.Type == Integer:
			v.Integer = rapid.Int64Range(0, maxInteger).Draw(t, c.Name)
		case c.Type == Date:
			v.Integer = rapid.Int64Range(-700000, 2900000).Draw(t, c.Name)
		case c.Type == Number && c.Max > 0:
			v.Number = rapid.Float64Range(0, c.Max).Draw(t, c.Name)
		case c.Type == Number:
			v.Number = rapid.Float64Range(-1e15, 1e15).Draw(t, c.Name)
		case c.Type == Geometry:
			v.Bytes = anyShape(t)
		}
	}
	if table.Period[0] != "" {
		from, to := &values[table.Index(table.Period[0])], &values[table.Index(table.Period[1])]
		if from.Known && to.Known && to.Integer < from.Integer {
			from.Integer, to.Integer = to.Integer, from.Integer
		}
	}
	if table.Point {
		lon, lat := &values[table.Index("lon")], &values[table.Index("lat")]
		if lon.Known != lat.Known {
			*lon, *lat = Value{}, Value{}
		}
	}
	return values
}

// TestWrittenIsRead writes rows of every table and reads them back unchanged, and writes
// what was read again to the same bytes.
func TestWrittenIsRead(t *testing.T) {
	for _, table := range Tables {
		t.Run(table.Name, func(t *testing.T) {
			base := t.TempDir()
			rapid.Check(t, func(rt *rapid.T) {
				compress := rapid.Bool().Draw(rt, "compress")
				var rows [][]Value
				for range rapid.IntRange(1, 4).Draw(rt, "rows") {
					rows = append(rows, anyRow(rt, table))
				}
				meta := Meta{Province: "96", AsOf: 20000, Source: anyText(rt, "source"), SRID: 9207, Synthetic: true}
				first := writeRows(rt, base, table, meta, rows, compress)
				b, err := Open(base)
				if err != nil {
					rt.Fatal(err)
				}
				defer b.Close()
				if diff := cmp.Diff(meta, b.Meta); diff != "" {
					rt.Fatal(diff)
				}
				var back [][]Value
				_, err = b.Rows(t.Context(), table, func(r *Row) error {
					values := append([]Value(nil), r.Values...)
					for i := range values {
						values[i].Bytes = bytes.Clone(values[i].Bytes)
					}
					back = append(back, values)
					return nil
				}, func(p Problem) { rt.Errorf("%+v", p) })
				if err != nil {
					rt.Fatal(err)
				}
				if diff := cmp.Diff(rows, back); diff != "" {
					rt.Fatal(diff)
				}
				if again := writeRows(rt, base, table, meta, back, compress); !bytes.Equal(first, again) {
					rt.Error("the same rows gave other bytes")
				}
			})
		})
	}
}

func writeRows(t *rapid.T, dir string, table *Table, meta Meta, rows [][]Value, compress bool) []byte {
	for _, ext := range []string{".csv", ".csv.gz", ".geojsonl", ".geojsonl.gz"} {
		if err := os.Remove(filepath.Join(dir, table.Name+ext)); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	w, err := Create(dir, meta)
	if err != nil {
		t.Fatal(err)
	}
	tw, err := w.Table(table, compress)
	if err != nil {
		t.Fatal(err)
	}
	for _, values := range rows {
		if err := tw.Write(values); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(tw.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(tw.file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWriterRefuses(t *testing.T) {
	if _, err := Create(t.TempDir(), Meta{Province: "96"}); err == nil {
		t.Error("a bundle without source was begun")
	}
	dir := t.TempDir()
	w, err := Create(dir, Meta{Province: "96", Source: "s"})
	if err != nil {
		t.Fatal(err)
	}
	units, err := w.Table(TableNamed("units"), true)
	if err != nil {
		t.Fatal(err)
	}
	if err := units.Write([]Value{known("x")}); err == nil {
		t.Error("a row with too few values was written")
	}
	row := make([]Value, len(TableNamed("units").Columns))
	row[TableNamed("units").Index("geometry")] = Value{Known: true, Bytes: []byte{1, 2}}
	if err := units.Write(row); err == nil {
		t.Error("a broken geometry was written")
	}
	if err := w.Close(); err == nil {
		t.Error("the bundle was closed before its table")
	}
	if _, err := Open(dir); err == nil {
		t.Error("a bundle that is not finished opens")
	}
	if err := errors.Join(units.Close(), w.Close()); err != nil {
		t.Error(err)
	}
	if b := open(t, dir); b.Meta.SRID != 4326 {
		t.Errorf("srid %d", b.Meta.SRID)
	}
}

func TestDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Int64Range(-719162, 2932896).Draw(t, "day") // 0001-01-01 to 9999-12-31
		text := appendDay(nil, day)
		if back, ok := parseDay(text); !ok || back != day {
			t.Fatalf("%d is %s is %d", day, text, back)
		}
		if back := DayOf(DayTime(day)); back != day {
			t.Fatalf("%d is %v is %d", day, DayTime(day), back)
		}
	})
	saigon := time.FixedZone("+07", 7*3600)
	if got := DayOf(time.Date(2024, 9, 30, 1, 0, 0, 0, saigon)); got != 19996 {
		t.Errorf("the day in its own zone is %d", got)
	}
}

func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-1e17, 1e17).Draw(t, "f")
		text := (&TableWriter{table: TableNamed("reports")}).number(nil, TableNamed("reports").Index("value"), &Value{Number: f})
		if got, ok := parseFloat(text); !ok || got != f {
			t.Fatalf("%v is %s is %v", f, text, got)
		}
	})
	for cell, want := range map[string]float64{"1": 1, "-.5": -0.5, "5.": 5, "+1e3": 1000, "105.12345678901234567": 105.12345678901234567, "9007199254740993": 9007199254740993, "0.1": 0.1, "123456789012345678901234567890": 123456789012345678901234567890} {
		if got, ok := parseFloat([]byte(cell)); !ok || got != want {
			t.Errorf("%s is %v", cell, got)
		}
	}
	for _, cell := range []string{"", ".", "-", "1_0", "Inf", "nan", "0x1p4", "1e", "1.2.3", "e5", "--1", "1-1"} {
		if got, ok := parseFloat([]byte(cell)); ok {
			t.Errorf("%q is %v", cell, got)
		}
	}
}

func TestExcelEpoch(t *testing.T) {
	if want := daysFrom(1899, 12, 30); want != excelEpoch {
		t.Errorf("1899-12-30 is day %d", want)
	}
}

// TestWriterIsAlone: a folder that holds a table in another form is refused, because both would be read; the same form is replaced.
func TestWriterIsAlone(t *testing.T) {
	for name, refused := range map[string]bool{"visits.csv": false, "visits.csv.gz": true, "Visits.CSV": true, "units.gpkg": false, "notes.txt": false, "tables.xlsx": true} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("code\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := Create(dir, Meta{Province: "96", Source: "s"})
		if err != nil {
			t.Fatal(err)
		}
		tw, err := w.Table(TableNamed("visits"), false)
		if refused != (err != nil) || refused && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if tw != nil {
			if err := tw.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
