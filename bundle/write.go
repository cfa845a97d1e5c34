package bundle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
)

// Writer writes a bundle into a folder.
type Writer struct {
	// Exact writes polygons with all their digits, so that reading them back gives the very
	// same polygons; otherwise they are written with seven decimals, a centimetre in degrees.
	Exact bool

	dir  string
	meta Meta
	open atomic.Int32 // tables not yet closed
}

// Create begins a bundle in a folder, which is made if needed. Files of other tables that
// stand there stay; a table that stands there in another form is refused. bundle.json is written last, by Close: a folder without it is no bundle.
func Create(dir string, m Meta) (*Writer, error) {
	if m.SRID == 0 {
		m.SRID = defaultSRID
	}
	if m.Province == "" || m.Source == "" {
		return nil, errors.New("a bundle needs a province and a source")
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("the bundle's folder can't be made: %w", err)
	}
	if err := os.Remove(filepath.Join(dir, MetaFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the old %s can't be replaced: %w", MetaFile, err)
	}
	return &Writer{dir: dir, meta: m}, nil
}

// Table begins a table: NAME.csv, or NAME.geojsonl where its rows have polygons; with
// .gz where it is to be compressed. Tables may be written side by side, each by one
// goroutine, once they have all been begun.
func (w *Writer) Table(t *Table, compress bool) (*TableWriter, error) {
	tw := &TableWriter{writer: w, table: t, shape: t.geometryColumn()}
	name := t.Name + ".csv"
	if tw.shape >= 0 {
		name = t.Name + ".geojsonl"
	}
	if compress {
		name += ".gz"
	}
	err := w.alone(t, name)
	if err != nil {
		return nil, err
	}
	if tw.file, err = os.Create(filepath.Join(w.dir, name)); err != nil {
		return nil, fmt.Errorf("%s can't be written: %w", name, err)
	}
	var out io.Writer = tw.file
	if compress {
		// No name and no time in its header: the same rows give the same bytes.
		if tw.gzip, err = gzip.NewWriterLevel(tw.file, gzip.BestSpeed); err != nil {
			return nil, errors.Join(err, tw.file.Close())
		}
		out = tw.gzip
	}
	tw.out = bufio.NewWriterSize(out, csvBuffer)
	if tw.shape < 0 {
		for i, c := range t.Columns {
			if i > 0 {
				tw.out.WriteByte(',')
			}
			tw.out.WriteString(c.Name)
		}
		tw.out.WriteByte('\n')
	}
	w.open.Add(1)
	return tw, nil
}

// alone refuses a folder that holds the table in another form too: whoever reads the bundle would read both.
func (w *Writer) alone(t *Table, name string) error {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return fmt.Errorf("the bundle's folder can't be read: %w", err)
	}
	for _, e := range entries {
		other, _, _ := partOf(&entry{name: e.Name()})
		if other == t && e.Name() != name || strings.EqualFold(e.Name(), workbook) {
			return fmt.Errorf("%s holds %s, which would be read beside %s; remove it, or choose another folder", w.dir, e.Name(), name)
		}
	}
	return nil
}

// Close writes bundle.json. Every table must be closed before.
func (w *Writer) Close() error {
	if n := w.open.Load(); n != 0 {
		return fmt.Errorf("%d tables of the bundle are still open", n)
	}
	var out bytes.Buffer
	if err := writeMeta(&out, w.meta); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, MetaFile), out.Bytes(), 0o666); err != nil {
		return fmt.Errorf("%s can't be written: %w", MetaFile, err)
	}
	return nil
}

// TableWriter writes the rows of one table.
type TableWriter struct {
	writer *Writer
	table  *Table
	file   *os.File
	gzip   *gzip.Writer
	out    *bufio.Writer
	shape  int    // the geometry column, or -1
	buf    []byte // a feature being written
	place  place
}

// Write writes a row: one value for each column of the table, in its order. Polygons are
// WKB and are written with seven decimals (but see Writer.Exact); texts must be as a reader would give them.
func (w *TableWriter) Write(values []Value) error {
	if len(values) != len(w.table.Columns) {
		return fmt.Errorf("a row of %s has %d values, not %d", w.table.Name, len(w.table.Columns), len(values))
	}
	if w.shape >= 0 {
		return w.writeFeature(values)
	}
	for i := range values {
		if i > 0 {
			w.out.WriteByte(',')
		}
		v := &values[i]
		if !v.Known {
			continue
		}
		switch w.table.Columns[i].Type {
		case Text, Code:
			writeCell(w.out, v.Text)
		default:
			w.out.Write(w.number(w.out.AvailableBuffer(), i, v))
		}
	}
	return w.out.WriteByte('\n') // a bufio.Writer keeps its first error
}

// number appends a number or a day.
func (w *TableWriter) number(dst []byte, column int, v *Value) []byte {
	switch w.table.Columns[column].Type {
	case Integer:
		return strconv.AppendInt(dst, v.Integer, 10)
	case Number:
		return strconv.AppendFloat(dst, v.Number, 'f', -1, 64)
	case Date:
		return appendDay(dst, v.Integer)
	}
	return dst
}

// writeCell writes a field of CSV, in quotes where it needs them.
func writeCell[T string | []byte](out *bufio.Writer, cell T) {
	quote := false
	for i := 0; i < len(cell) && !quote; i++ {
		c := cell[i]
		quote = c == '"' || c == ',' || c == '\n' || c == '\r'
	}
	if !quote {
		out.WriteString(string(cell))
		return
	}
	out.WriteByte('"')
	for i := 0; i < len(cell); i++ {
		if cell[i] == '"' {
			out.WriteByte('"')
		}
		out.WriteByte(cell[i])
	}
	out.WriteByte('"')
}

// writeFeature writes a row as a GeoJSON feature on a line.
func (w *TableWriter) writeFeature(values []Value) error {
	dst := append(w.buf[:0], `{"type":"Feature","properties":{`...)
	first := true
	for i := range values {
		if i == w.shape {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		c, v := &w.table.Columns[i], &values[i]
		dst = append(append(append(dst, '"'), c.Name...), `":`...)
		switch {
		case !v.Known:
			dst = append(dst, "null"...)
		case c.Type == Text || c.Type == Code:
			dst = appendJSONText(dst, v.Text)
		case c.Type == Date:
			dst = append(w.number(append(dst, '"'), i, v), '"')
		default:
			dst = w.number(dst, i, v)
		}
	}
	dst = append(dst, `},"geometry":`...)
	if v := &values[w.shape]; v.Known {
		if _, err := w.place.readWKB(v.Bytes); err != nil {
			return fmt.Errorf("the geometry of a row of %s %w", w.table.Name, err)
		}
		if w.place.kind != placePolygons {
			return fmt.Errorf("the geometry of a row of %s is no polygon", w.table.Name)
		}
		dst = w.place.shape.appendGeoJSON(dst, w.writer.Exact)
	} else {
		dst = append(dst, "null"...)
	}
	w.buf = append(dst, "}\n"...)
	_, err := w.out.Write(w.buf)
	return err
}

// appendJSONText appends a JSON string.
func appendJSONText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			enc.Encode(s) // a string always can be encoded
			return append(dst, bytes.TrimRight(out.Bytes(), "\n")...)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}

// Close writes what is left. It must be called once.
func (w *TableWriter) Close() error {
	err := w.out.Flush()
	if w.gzip != nil {
		err = errors.Join(err, w.gzip.Close())
	}
	w.writer.open.Add(-1)
	if err = errors.Join(err, w.file.Close()); err != nil {
		return fmt.Errorf("%s can't be written: %w", filepath.Base(w.file.Name()), err)
	}
	return nil
}
