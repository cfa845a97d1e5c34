package synthetic

import (
	"errors"

	"vunglom/bundle"
)

// out is one table being written; a row's cells are set by position, in the table's order.
type out struct {
	*bundle.TableWriter
	name     string
	row      []bundle.Value
	rows     int64
	err      error
	from, to int               // the columns of the row's period, -1: none
	clock    func(int64) int64 // when an invented day really was; nil: then
}

// tables are the open tables of the bundle.
type tables map[string]*out

func openTables(w *bundle.Writer, compress bool) (tables, error) {
	ts := tables{}
	for _, t := range bundle.Tables {
		tw, err := w.Table(t, compress)
		if err != nil {
			ts.close()
			return nil, err
		}
		ts[t.Name] = &out{TableWriter: tw, name: t.Name, row: make([]bundle.Value, len(t.Columns)), from: t.Index(t.Period[0]), to: t.Index(t.Period[1])}
	}
	return ts, nil
}

// close closes every table and returns the first error that any of them had.
func (ts tables) close() error {
	var errs []error
	for _, t := range bundle.Tables {
		if o := ts[t.Name]; o != nil {
			errs = append(errs, o.err, o.Close())
		}
	}
	return errors.Join(errs...)
}

// put writes a row: cells are string ("" is unknown), whole (a number), date (0 is
// unknown), float64, or a shape.
func (o *out) put(cells ...any) {
	for i, c := range cells {
		v := &o.row[i]
		switch c := c.(type) {
		case string:
			*v = bundle.Value{Known: c != "", Text: c}
		case whole:
			*v = bundle.Value{Known: true, Integer: int64(c)}
		case date:
			if *v = (bundle.Value{Known: c != 0, Integer: int64(c)}); v.Known && o.clock != nil {
				v.Integer = o.clock(int64(c))
			}
		case float64:
			*v = bundle.Value{Known: true, Number: c}
		case shape:
			*v = bundle.Value{Known: len(c) > 0, Bytes: c.wkb()}
		default:
			*v = bundle.Value{}
		}
	}
	if o.clock != nil && o.from >= 0 && o.row[o.to].Known && o.row[o.to].Integer <= o.row[o.from].Integer {
		o.row[o.to].Integer = o.row[o.from].Integer + 1 // squeezed time leaves at least a day
	}
	if err := o.Write(o.row[:len(cells)]); err != nil && o.err == nil {
		o.err = err
	}
	o.rows++
}

type (
	whole int64
	date  int64 // days since 1970-01-01
)
