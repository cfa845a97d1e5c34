package bundle

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// decoder turns the records of one file into rows of a table.
type decoder struct {
	table   *Table
	file    string
	srid    int
	reader  reader
	report  func(Problem)
	from    []int // for each column of the table the reader's column; -1: none
	known   int   // how many of the reader's names are mapped
	seen    []bool
	cells   []cells
	lon     int // -1 where the table has no position
	lat     int
	shape   int // the geometry column, or -1
	begin   int // of the period, or -1
	end     int
	row_    Row
	wkb     []byte
	text    place // a geometry written into a cell
	notes   []Problem
	columns map[string]bool // names seen, to find duplicates
}

func newDecoder(t *Table, file string, srid int, r reader, report func(Problem)) *decoder {
	d := &decoder{table: t, file: file, srid: srid, reader: r, report: report,
		lon: -1, lat: -1, shape: t.geometryColumn(), begin: t.Index(t.Period[0]), end: t.Index(t.Period[1]),
		seen: make([]bool, len(t.Columns)), columns: make(map[string]bool)}
	if t.Point {
		d.lon, d.lat = t.Index("lon"), t.Index("lat")
	}
	for i := range t.Columns {
		d.from = append(d.from, -1)
		d.cells = append(d.cells, newCells(&t.Columns[i]))
	}
	d.row_ = Row{File: file, Values: make([]Value, len(t.Columns))}
	return d
}

// isPlace says whether a column's values come from the format's own geometry.
func (d *decoder) isPlace(column int) bool {
	return d.reader.geometry() && (column == d.lon || column == d.lat || column == d.shape)
}

// header maps the columns of a format that has a header.
func (d *decoder) header() error {
	if err := d.mapNames(); err != nil {
		return err
	}
	if _, own := d.reader.(interface{ ownNames() }); own {
		return nil
	}
	for i := range d.seen {
		d.seen[i] = d.from[i] >= 0
	}
	return d.missing()
}

// finish is called after the last record. Where records name their own columns a
// required one that none has is only known now.
func (d *decoder) finish(read int64) error {
	if read == 0 {
		return nil
	}
	return d.missing()
}

func (d *decoder) missing() error {
	for i, c := range d.table.Columns {
		if c.Required && !d.seen[i] && !d.isPlace(i) {
			return &FileError{File: d.file, Line: 1, Column: c.Name,
				Message: fmt.Sprintf("the required column %s is missing; of its columns the file has %s", c.Name, d.namesKnown())}
		}
	}
	return nil
}

// mapNames maps the names that the reader has found since the last call.
func (d *decoder) mapNames() error {
	names := d.reader.names()
	for ; d.known < len(names); d.known++ {
		name := strings.ToLower(strings.TrimSpace(names[d.known]))
		if name != "" && d.columns[name] {
			if d.table.Index(name) < 0 { // what it says may be a cell
				return &FileError{File: d.file, Line: 1, Message: fmt.Sprintf("two columns that are none of %s have one name; keep one of them", d.table.Name)}
			}
			return &FileError{File: d.file, Line: 1, Column: name, Value: name,
				Message: fmt.Sprintf("the column %s stands there twice; keep one of them", name)}
		}
		d.columns[name] = true
		column := d.table.Index(name)
		if column >= 0 && !(column == d.shape && d.reader.geometry()) {
			d.from[column] = d.known
			continue
		}
		given := strings.TrimSpace(names[d.known]) // as it stands there: in a file without a header it is a cell
		d.report(Problem{Table: d.table.Name, File: d.file, Line: 1, Column: given, Value: given, Code: "unknown_column", Kept: true,
			Message: fmt.Sprintf("%q is no column of %s and is not read; its columns are %s", given, d.table.Name, strings.Join(d.table.columnNames(), ", "))})
	}
	return nil
}

// namesKnown are the columns of the table that the file has; of a file without a header, whose first row would be read as names, none.
func (d *decoder) namesKnown() string {
	var known []string
	for _, name := range d.reader.names() {
		if name = strings.ToLower(strings.TrimSpace(name)); d.table.Index(name) >= 0 {
			known = append(known, name)
		}
	}
	if known == nil {
		return "none"
	}
	return strings.Join(known, ", ")
}

func (t *Table) columnNames() []string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return names
}

// row understands a record. A record that must be rejected is reported and gives nil.
func (d *decoder) row(rec *record) (*Row, error) {
	if len(d.reader.names()) > d.known {
		if err := d.mapNames(); err != nil {
			return nil, err
		}
	}
	d.notes = d.notes[:0]
	bad := rec.fault
	if bad == nil {
		bad = d.fill(rec)
	}
	if bad != nil {
		d.report(Problem{Table: d.table.Name, File: d.file, Line: rec.line, Column: bad.column, Value: bad.value, Code: bad.code, Message: bad.message})
		return nil, nil
	}
	for _, note := range d.notes {
		d.report(note)
	}
	return &d.row_, nil
}

func (d *decoder) note(rec *record, column, value, code, message string) {
	d.notes = append(d.notes, Problem{Table: d.table.Name, File: d.file, Line: rec.line, Column: column, Value: value, Code: code, Message: message, Kept: true})
}

// fill reads the record's cells into the row, in the order of the table's columns.
func (d *decoder) fill(rec *record) *fault {
	if bad := d.encoding(rec); bad != nil {
		return bad
	}
	row := &d.row_
	row.Line, row.Given = rec.line, 0
	for i := range row.Values {
		v := &row.Values[i]
		*v = Value{}
		at := d.from[i]
		if at < 0 || at >= len(rec.cells) || rec.cells[at] == nil {
			continue
		}
		d.seen[i] = true
		row.Given |= 1 << i
		cell := trim(rec.cells[at])
		if len(cell) == 0 {
			continue
		}
		if i == d.shape {
			if bad := d.readShape(rec, cell, v); bad != nil {
				return bad
			}
			continue
		}
		c := &d.cells[i]
		if bad := c.read(cell, v); bad != nil {
			return bad
		}
		if c.repairs != 0 {
			for _, known := range repairs {
				if c.repairs&known.repair != 0 {
					code, message := known.repair.message(c.column.Name, v.Text)
					d.note(rec, c.column.Name, shown(cell), code, message)
				}
			}
		}
	}
	if rec.place.given {
		if bad := d.locate(rec); bad != nil {
			return bad
		}
	}
	return d.check()
}

// check looks at the row as a whole.
func (d *decoder) check() *fault {
	values := d.row_.Values
	for i := range values {
		if c := &d.table.Columns[i]; c.Required && !values[i].Known {
			return &fault{column: c.Name, code: "required", message: c.Name + " is empty; every row of " + d.table.Name + " needs it"}
		}
	}
	if d.lon >= 0 && values[d.lon].Known != values[d.lat].Known {
		empty := "lat"
		if values[d.lat].Known {
			empty = "lon"
		}
		return &fault{column: empty, code: "required", message: empty + " is empty; give both lon and lat, or neither"}
	}
	if d.begin >= 0 && values[d.begin].Known && values[d.end].Known && values[d.end].Integer < values[d.begin].Integer {
		begin, end := appendDay(nil, values[d.begin].Integer), appendDay(nil, values[d.end].Integer)
		return &fault{column: d.table.Period[1], value: string(end), code: "bad_range",
			message: fmt.Sprintf("%s %s is before %s %s; a period ends after it begins", d.table.Period[1], end, d.table.Period[0], begin)}
	}
	return nil
}

// locate takes the record's own geometry into the row.
func (d *decoder) locate(rec *record) *fault {
	row, p := &d.row_, &rec.place
	if p.err != nil {
		return geometryFault(p)
	}
	switch {
	case d.shape >= 0:
		row.Given |= 1 << d.shape
		return d.takeShape(rec, p, &row.Values[d.shape])
	case d.lon >= 0:
		row.Given |= 1<<d.lon | 1<<d.lat
		switch p.kind {
		case placePoint:
			row.Values[d.lon] = Value{Known: true, Number: p.x}
			row.Values[d.lat] = Value{Known: true, Number: p.y}
		case placePolygons:
			p.err = fmt.Errorf("is a polygon; a row of %s lies at a Point", d.table.Name)
			return geometryFault(p)
		}
	}
	return nil
}

// readShape reads a geometry that stands in a cell.
func (d *decoder) readShape(rec *record, cell []byte, v *Value) *fault {
	d.text.readText(cell, d.srid)
	if d.text.err != nil {
		return geometryFault(&d.text)
	}
	return d.takeShape(rec, &d.text, v)
}

func (d *decoder) takeShape(rec *record, p *place, v *Value) *fault {
	switch p.kind {
	case placeNone:
		return nil
	case placePoint:
		p.err = fmt.Errorf("is a Point; a row of %s has a Polygon or MultiPolygon", d.table.Name)
		return geometryFault(p)
	}
	if p.shape.closed > 0 {
		d.note(rec, "geometry", shown(p.text), "unclosed_ring",
			fmt.Sprintf("%d of the geometry's rings did not end where it began and was closed; write the first point once more at the end", p.shape.closed))
	}
	d.wkb = p.shape.appendWKB(d.wkb[:0])
	*v = Value{Known: true, Bytes: d.wkb}
	return nil
}

func geometryFault(p *place) *fault {
	return &fault{column: "geometry", value: shown(p.text), code: "bad_geometry", message: "geometry " + p.err.Error()}
}

// encoding finds a cell that is not UTF-8.
func (d *decoder) encoding(rec *record) *fault {
	if rec.original != nil && utf8.Valid(rec.original) {
		return nil
	}
	for i, cell := range rec.cells {
		if !utf8.Valid(cell) {
			name := d.reader.names()[i]
			if column := slices.Index(d.from, i); column >= 0 {
				name = d.table.Columns[column].Name
			}
			return encodingFault(name, cell)
		}
	}
	return nil
}

// trim cuts white space off; most cells have none.
func trim(cell []byte) []byte {
	n := len(cell)
	if n == 0 || (cell[0] > ' ' && cell[0] < 0x80 && cell[n-1] > ' ' && cell[n-1] < 0x80) {
		return cell
	}
	return bytes.TrimSpace(cell)
}
