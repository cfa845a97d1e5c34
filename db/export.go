package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"vunglom/access"
	"vunglom/bundle"
)

// exportQueries are the statements that answer a table's rows as its bundle has them.
var exportQueries = func() map[string]statement {
	queries := make(map[string]statement, len(bundle.Tables))
	for _, t := range bundle.Tables {
		queries[t.Name] = query("export_" + t.Name)
	}
	return queries
}()

// personTables are the tables of a bundle that hold rows of persons.
var personTables = []string{"addresses", "members", "households", "visits", "adoptions"}

var datasetMeta = query("dataset_meta")

// exportStep is after how many rows of a table Export tells of its progress.
const exportStep = 1 << 14

// Export writes what is stored of a province into a folder as a bundle, in EPSG:4326. All of it is of one snapshot,
// however long it takes, and importing it again changes nothing. Rows are streamed. An unknown province is an *Error
// with CodeNotFound. Step is told of each table and how many of its rows are written; it may be nil.
func (d *DB) Export(ctx context.Context, province, dir string, step func(name string, done, total int64)) error {
	if step == nil {
		step = func(string, int64, int64) {}
	}
	if everywhere, _ := d.asks(ctx).Scope(access.Persons); !everywhere {
		return forbidden("gói dữ liệu là của ai được xem mọi hộ", "a bundle is for who may see every household")
	}
	return d.streamPersons(ctx, reading{"export", map[string]any{"province": province}}, func(held *DB) (persons int, err error) {
		meta := bundle.Meta{Province: province, SRID: 4326}
		found, err := ask[struct {
			AsOf            time.Time
			Source, Licence string
			Synthetic       bool
		}](ctx, held, datasetMeta, pgx.StrictNamedArgs{"province": province})
		if err != nil {
			return 0, fmt.Errorf("export: %w", err)
		}
		if len(found) == 0 {
			return 0, notFound("chưa có dữ liệu của tỉnh %q", "nothing is loaded of province %q", province)
		}
		meta.AsOf, meta.Source, meta.Licence, meta.Synthetic = bundle.DayOf(found[0].AsOf), found[0].Source, found[0].Licence, found[0].Synthetic
		w, err := bundle.Create(dir, meta)
		if err != nil {
			return 0, err
		}
		w.Exact = true
		for _, t := range bundle.Tables {
			rows, err := exportTable(ctx, held, w, t, province, step)
			if err != nil {
				return persons, fmt.Errorf("export %s: %w", t.Name, err)
			}
			if slices.Contains(personTables, t.Name) {
				persons += int(rows)
			}
		}
		return persons, w.Close()
	})
}

func exportTable(ctx context.Context, held *DB, w *bundle.Writer, t *bundle.Table, province string, step func(name string, done, total int64)) (written int64, err error) {
	rows, err := held.query(ctx, exportQueries[t.Name], pgx.StrictNamedArgs{"province": province})
	if err != nil {
		return 0, err
	}
	out, err := w.Table(t, false)
	if err != nil {
		rows.Close()
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	cells := newExportCells(t)
	values := make([]bundle.Value, len(t.Columns))
	step(t.Name, 0, 0)
	_, err = pgx.ForEachRow(rows, cells.targets, func() error {
		cells.read(values)
		if written++; written%exportStep == 0 {
			step(t.Name, written, 0)
		}
		return out.Write(values)
	})
	step(t.Name, written, written)
	return written, err
}

// exportCells are what a table's columns are scanned into, one kind a type of column.
type exportCells struct {
	table   *bundle.Table
	targets []any
	texts   []pgtype.Text
	wholes  []pgtype.Int8
	numbers []pgtype.Float8
	dates   []pgtype.Date
	shapes  [][]byte
}

func newExportCells(t *bundle.Table) *exportCells {
	n := len(t.Columns)
	c := &exportCells{table: t, targets: make([]any, n), texts: make([]pgtype.Text, n), wholes: make([]pgtype.Int8, n),
		numbers: make([]pgtype.Float8, n), dates: make([]pgtype.Date, n), shapes: make([][]byte, n)}
	for i := range t.Columns {
		switch t.Columns[i].Type {
		case bundle.Integer:
			c.targets[i] = &c.wholes[i]
		case bundle.Number:
			c.targets[i] = &c.numbers[i]
		case bundle.Date:
			c.targets[i] = &c.dates[i]
		case bundle.Geometry:
			c.targets[i] = &c.shapes[i]
		default:
			c.targets[i] = &c.texts[i]
		}
	}
	return c
}

// read turns the row that was scanned last into a bundle's values.
func (c *exportCells) read(values []bundle.Value) {
	for i := range values {
		v := bundle.Value{}
		switch c.table.Columns[i].Type {
		case bundle.Integer:
			v.Known, v.Integer = c.wholes[i].Valid, c.wholes[i].Int64
		case bundle.Number:
			v.Known, v.Number = c.numbers[i].Valid, c.numbers[i].Float64
		case bundle.Date:
			if v.Known = c.dates[i].Valid; v.Known {
				v.Integer = bundle.DayOf(c.dates[i].Time)
			}
		case bundle.Geometry:
			v.Known, v.Bytes = c.shapes[i] != nil, c.shapes[i]
		default:
			v.Known, v.Text = c.texts[i].Valid, c.texts[i].String
		}
		values[i] = v
	}
}
