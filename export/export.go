// Package export says what each file for planners holds: the answers of the API's queries as rows of a table, with the
// queries' own arguments. How a table becomes a file is table's work, what the figures are is db's.
package export

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"vunglom/argument"
	"vunglom/db"
	"vunglom/table"
)

// kinds are the files there are, by name: each reads its arguments and returns the question.
var kinds = map[string]func(*arguments) question{
	"coverage":  coverage,
	"gaps":      gaps,
	"addresses": addresses,
	"gap-areas": gapAreas,
	"plan":      plan,
	"quality":   quality,
}

// Names returns the names of the files there are.
func Names() []string { return slices.Sorted(maps.Keys(kinds)) }

// Arguments returns the names of the arguments that a file takes, in order.
func Arguments(name string) []string {
	a := &arguments{Reader: argument.New(nil, time.Time{})}
	kinds[name](a)
	a.Day("asOf")
	a.headers()
	return a.Known()
}

// question finds out what a file holds, all but its rows. Whatever is wrong with it, it says.
type question func(ctx context.Context, held *db.DB) (*content, error)

// content is what a file holds. The rows come in the order of the query.
type content struct {
	table      *table.Table
	asOf       time.Time
	boundaries time.Time // zero: those of asOf
	notes      []table.Note
	rows       func(yield func(*table.Row) error) error
}

// File is a file that can be written.
type File struct {
	Name   string // "coverage"
	Format table.Format

	// Step is told how many rows are written, now and then; it may be nil.
	Step func(rows int)

	question  question
	persons   *db.Listing // of whose rows a reading is logged before the first is written; nil: there are none
	listing   listing     // see arguments
	asOf      time.Time
	headers   table.Language
	canonical string
}

// stepRows is after how many rows a Step is told.
const stepRows = 1 << 12

// Read reads the arguments of a file. Today is the day that is asked about where none is named. What is wrong is a
// *db.Error that says so.
func Read(name string, format table.Format, values url.Values, today time.Time) (*File, error) {
	kind, known := kinds[name]
	if !known {
		return nil, argument.NotFound("không có tệp %q; có: %s", "there is no file %q; there are: %s", name, strings.Join(Names(), ", "))
	}
	if !slices.Contains(table.Formats, format) {
		return nil, argument.NotFound("không có định dạng %q; có: %s", "there is no format %q; there are: %s", string(format), formatNames())
	}
	a := &arguments{Reader: argument.New(values, today)}
	f := &File{Name: name, Format: format, question: kind(a), asOf: a.Day("asOf"), headers: a.headers()}
	if err := a.Finish(); err != nil {
		return nil, err
	}
	f.persons, f.listing = a.persons, a.listing
	all := url.Values{}
	for name, given := range values {
		all[name] = slices.Sorted(slices.Values(given))
	}
	all.Set("asOf", f.asOf.Format(time.DateOnly))
	f.canonical = all.Encode()
	return f, nil
}

func formatNames() string {
	names := make([]string, len(table.Formats))
	for i, f := range table.Formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// Key names the content of the file in a state of the data: two with one key are the same.
func (f *File) Key(snapshot string) string {
	return strings.Join([]string{snapshot, f.Name, string(f.Format), f.canonical}, "\n")
}

// FileName is what the file is called where it is kept: its name, the day and the state of the data.
func (f *File) FileName(about *table.About) string {
	return fmt.Sprintf("%s_%s_%s.%s", f.Name, about.AsOf.Format(time.DateOnly), about.Snapshot, f.Format)
}

// Persons is as what the file's rows of persons are logged; nil: it has none for who asks. Errors: those of its question.
func (f *File) Persons(ctx context.Context, d *db.DB) (*db.Listing, error) {
	if f.listing != nil {
		return f.listing(ctx, d)
	}
	return f.persons, nil
}

// Write writes the file. Begin is told what the file is about once nothing can be wrong with the question, and returns
// where to write; nil ends it there without an error. All rows are of one state of the data. On an error what has been
// written is no whole file, and whoever passes it on must break it off.
func (f *File) Write(ctx context.Context, d *db.DB, begin func(*table.About) (io.Writer, error)) error {
	if f.persons != nil { // what is wrong with the question is said before its reading is logged
		if err := d.Hold(ctx, func(held *db.DB) error { _, err := f.question(ctx, held); return err }); err != nil {
			return err
		}
	}
	persons, err := f.Persons(ctx, d)
	if err != nil {
		return err
	}
	var w table.Writer
	err = d.HoldListing(ctx, persons, func(held *db.DB) error {
		c, err := f.question(ctx, held)
		if err != nil {
			return err
		}
		about, err := f.about(ctx, held, c)
		if err != nil {
			return err
		}
		to, err := begin(about)
		if err != nil || to == nil {
			return err
		}
		made, err := table.New(f.Format, to, c.table, about, f.headers)
		if err != nil {
			return err
		}
		w = made
		rows := 0
		return c.rows(func(r *table.Row) error {
			if rows++; f.Step != nil && rows%stepRows == 0 {
				f.Step(rows)
			}
			return w.Write(r)
		})
	})
	if w == nil {
		return err
	}
	defer w.Discard()
	if err != nil {
		return err
	}
	return w.Close() // the database is free by now: a workbook may take its time on the wire
}

func (f *File) about(ctx context.Context, held *db.DB, c *content) (*table.About, error) {
	snapshot, err := held.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	datasets, err := held.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	about := &table.About{AsOf: c.asOf, BoundariesAsOf: c.boundaries, Snapshot: snapshot, Arguments: f.canonical, Notes: c.notes}
	for _, s := range datasets {
		o := table.Origin{Province: s.Province, Snapshot: s.Token(), DataAsOf: s.AsOf, Source: s.Source, Synthetic: s.Synthetic, ImportedAt: s.ImportedAt}
		if s.Licence != nil {
			o.Licence = *s.Licence
		}
		about.Origins = append(about.Origins, o)
	}
	return about, nil
}
