package sync

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"vunglom/bundle"
)

// Bundle writes what has come as a bundle and opens it. Rows that the mapping refused are problems of the bundle, as if its reader
// had found them. It is gone when it is closed. A field that no record has fails it: the source has changed.
func (r *Run) Bundle(ctx context.Context) (*Mapped, error) {
	m, err := r.bundle(ctx)
	return m, r.veil.Error(err)
}

// Mapped is a bundle of what a source sent.
type Mapped struct {
	*bundle.Bundle
	folder string
}

// Close closes the bundle and removes it.
func (m *Mapped) Close() error {
	return errors.Join(m.Bundle.Close(), os.RemoveAll(m.folder))
}

func (r *Run) bundle(ctx context.Context) (_ *Mapped, err error) {
	source := r.fetch.source
	folder, err := os.MkdirTemp(r.fetch.keep.folder, mappedPrefix) // 0700
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	meta := bundle.Meta{Province: source.Bundle.Province, Source: source.Bundle.Source, Licence: source.Bundle.Licence, SRID: source.Bundle.SRID,
		Synthetic: source.Bundle.Synthetic, AsOf: bundle.DayOf(r.Began.In(r.now.Location()))}
	if source.Bundle.AsOf != "" {
		day, err := time.Parse(time.DateOnly, source.Bundle.AsOf)
		if err != nil {
			return nil, err
		}
		meta.AsOf = bundle.DayOf(day)
	}
	m := newMapping(source, r.now.Location())
	refusals, err := r.write(ctx, m, folder)
	if err != nil {
		return nil, err
	}
	w, err := bundle.Create(filepath.Join(folder, "bundle"), meta)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, err
	}
	b, err := bundle.Open(filepath.Join(folder, "bundle"))
	if err != nil {
		return nil, err
	}
	b.Refuse(m.table, refusals)
	return &Mapped{b, folder}, nil
}

// write writes the rows of all pages, and returns what tells of those that were refused. A column that no record has is not written,
// because an empty one would take away what is stored.
func (r *Run) write(ctx context.Context, m *mapping, folder string) (refusals func(func(bundle.Problem)) (int64, error), err error) {
	if err := os.Mkdir(filepath.Join(folder, "bundle"), 0o700); err != nil {
		return nil, err
	}
	rows, refused := filepath.Join(folder, "bundle", m.table.Name+".csv"), filepath.Join(folder, "refused.jsonl")
	err = r.writeRows(ctx, m, rows, refused)
	if err == nil && r.Records() > 0 {
		err = m.missing()
	}
	if err == nil && m.leavesOut() {
		err = r.writeRows(ctx, m, rows, refused)
	}
	return func(report func(bundle.Problem)) (int64, error) { return tell(refused, report) }, err
}

// writeRows writes the rows of all pages into a file, and what was refused into another.
func (r *Run) writeRows(ctx context.Context, m *mapping, rowsPath, refusedPath string) error {
	rows, err := os.OpenFile(rowsPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	refused, err := os.OpenFile(refusedPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(err, rows.Close())
	}
	out, bad := bufio.NewWriter(rows), bufio.NewWriter(refused)
	table, problems := csv.NewWriter(out), json.NewEncoder(bad)
	header := make([]string, len(m.columns))
	for i, c := range m.columns {
		header[i] = c.name
	}
	err = table.Write(header)
	for i := 0; i < len(r.pages) && err == nil; i++ {
		err = r.readPage(ctx, i, func(n int64, record any) error {
			cells, problem := m.row(record)
			if problem == nil {
				return table.Write(cells)
			}
			problem.File, problem.Line, problem.Table = fmt.Sprintf("%s#%d", r.fetch.source.Name, i+1), n, m.table.Name
			problem.Value, problem.Message = r.veil.Hide(problem.Value), r.veil.Hide(problem.Message)
			return problems.Encode(problem)
		})
	}
	table.Flush()
	return errors.Join(err, table.Error(), out.Flush(), bad.Flush(), rows.Close(), refused.Close())
}

// missing refuses records of which none has a field that is mapped: what is there would be taken away.
func (m *mapping) missing() error {
	for _, c := range m.columns {
		if c.Constant == nil && !c.seen && !c.Optional {
			return fmt.Errorf("columns.%[1]s: không bản ghi nào có trường %[2]s; nguồn đã đổi, hãy sửa ánh xạ, hoặc ghi optional: true · no record has the field %[2]s; the source has changed, mend the mapping, or write optional: true", c.name, c.Field)
		}
	}
	return nil
}

// leavesOut takes out the optional columns that no record has, and tells whether there were any.
func (m *mapping) leavesOut() bool {
	all := len(m.columns)
	m.columns = slices.DeleteFunc(m.columns, func(c mapped) bool { return c.Optional && c.Constant == nil && !c.seen })
	return len(m.columns) < all
}

// readPage hands on the records of a page.
func (r *Run) readPage(ctx context.Context, i int, take func(n int64, record any) error) error {
	if r.pages[i].Bytes == 0 {
		return nil
	}
	file, err := os.Open(r.fetch.keep.answer(r.pages[i].Hash))
	if err != nil {
		return err
	}
	defer file.Close()
	var n int64
	_, err = readEnvelope(file, r.fetch.source.Records, r.fetch.settings.Limits.RecordBytes, func(record any) error {
		n++
		if n%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return take(n, record)
	})
	return err
}

// tell reports refused rows from where they were written down.
func tell(path string, report func(bundle.Problem)) (n int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for d := json.NewDecoder(file); d.More(); n++ {
		var p bundle.Problem
		if err := d.Decode(&p); err != nil {
			return n, err
		}
		report(p)
	}
	return n, nil
}
