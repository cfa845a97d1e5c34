package bundle

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Copy writes rows of the table as they were into a folder, which is made if needed:
// those that stand at the lines given for each file, as Row and Problem name them. It
// reads the table's files a second time.
//
// A CSV file keeps its name, its header and each record's own bytes. GeoJSON becomes
// newline-delimited, a feature's own bytes a line. Other formats become CSV of the cells
// as they were read, with the geometry as WKT (as it was, in hexadecimal, where it can't
// be read), named after their file: teams.gpkg.csv, tables.xlsx.visits.csv. Of two files
// that would share a name the later keeps its extension: visits.csv.gz.csv.
func (b *Bundle) Copy(ctx context.Context, t *Table, lines map[string]*Lines, dir string) error {
	taken := make(map[string]bool)
	for _, p := range b.parts[t] {
		name := p.copyName()
		if taken[name] { // visits.csv and visits.csv.gz
			name = p.entry.name + filepath.Ext(name)
		}
		taken[name] = true
		if lines[p.name].Len() == 0 {
			continue
		}
		if err := b.copyPart(ctx, t, p, lines[p.name], filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// copyName returns the name of the file that rejected rows of a part are copied to.
func (p *part) copyName() string {
	name := strings.TrimSuffix(p.entry.name, ".gz")
	switch p.format {
	case formatGeoJSON, formatGeoJSONLines:
		return strings.TrimSuffix(strings.TrimSuffix(name, filepath.Ext(name)), ".gz") + ".geojsonl"
	case formatSheet:
		return p.entry.name + "." + strings.TrimSpace(p.sheet) + ".csv"
	case formatGeoPackage, formatShapefile:
		return p.entry.name + ".csv"
	}
	return name
}

func (b *Bundle) copyPart(ctx context.Context, t *Table, p *part, lines *Lines, path string) (err error) {
	r, err := b.reader(t, p)
	if err != nil {
		return err
	}
	defer func() { err = closed(r, p, err) }()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("the rejects folder can't be made: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // half of them must not look like all
	if err != nil {
		return fmt.Errorf("rejects can't be written: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Chmod(0o644), file.Close()); err == nil {
			err = os.Rename(file.Name(), path)
		} else {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	out := bufio.NewWriterSize(file, 64<<10)
	left := lines.Len()
	begun := false
	var rec record
	for n := 0; left > 0; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.read(&rec); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if !lines.Has(rec.line) {
			continue
		}
		left--
		if !begun {
			begun = true
			copyHeader(out, r, &rec)
		}
		copyRecord(out, r, &rec)
	}
	return out.Flush()
}

func copyHeader(out *bufio.Writer, r reader, rec *record) {
	switch {
	case rec.header != nil:
		out.Write(rec.header)
	case rec.original != nil:
		return
	default:
		names := make([][]byte, 0, len(r.names())+1)
		for _, name := range r.names() {
			names = append(names, []byte(name))
		}
		if r.geometry() {
			names = append(names, []byte("geometry"))
		}
		writeCells(out, names)
		return
	}
	out.WriteByte('\n')
}

func copyRecord(out *bufio.Writer, r reader, rec *record) {
	if rec.original != nil {
		// A feature may go over several lines in a .geojson; as a line it can't.
		if rec.header == nil {
			for _, c := range rec.original {
				if c != '\n' && c != '\r' {
					out.WriteByte(c)
				}
			}
		} else {
			out.Write(rec.original)
		}
		out.WriteByte('\n')
		return
	}
	cells := rec.cells
	if r.geometry() {
		cells = append(cells[:len(cells):len(cells)], rec.place.appendWKT(nil))
	}
	writeCells(out, cells)
}

func writeCells(out *bufio.Writer, cells [][]byte) {
	for i, cell := range cells {
		if i > 0 {
			out.WriteByte(',')
		}
		writeCell(out, cell)
	}
	out.WriteByte('\n')
}
