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
	"strconv"
	"strings"
	"time"

	"vunglom/bundle"
)

// mapping makes rows of a table of a source's records. What the mapping itself can't read is refused here, with a reason; all
// else is left to the import, which sees the words of the source.
type mapping struct {
	source  *Source
	table   *bundle.Table
	zone    *time.Location
	columns []mapped // in the table's order
}

// mapped is a column of the mapping.
type mapped struct {
	*Column
	name  string
	path  []string
	kind  bundle.Type
	codes map[string]string // by words as the import would store them
	seen  bool              // some record had the field
}

func newMapping(s *Source, zone *time.Location) *mapping {
	m := &mapping{source: s, table: bundle.TableNamed(s.Table), zone: zone}
	for _, c := range m.table.Columns {
		column := s.Columns[c.Name]
		if column == nil {
			continue
		}
		to := mapped{Column: column, name: c.Name, kind: c.Type, path: strings.Split(column.Field, ".")}
		if column.Codes != nil {
			to.codes = map[string]string{}
			for from, code := range column.Codes {
				to.codes[bundle.Tidy(from)] = code
			}
		}
		m.columns = append(m.columns, to)
	}
	return m
}

// row returns the cells of a record, or why it has none.
func (m *mapping) row(record any) ([]string, *bundle.Problem) {
	if _, is := record.(map[string]any); !is {
		return nil, &bundle.Problem{Value: shown(record), Code: "bad_record", Message: "bản ghi không có trường nào · the record has no fields"}
	}
	if scope := m.source.Scope; scope != nil {
		value, _ := field(record, strings.Split(scope.Field, "."))
		if code := strings.TrimSpace(scalar(value)); !slices.Contains(scope.Codes, code) {
			return nil, &bundle.Problem{Column: scope.Field, Value: shown(value), Code: "out_of_scope",
				Message: fmt.Sprintf("%[1]s là %[2]q, ngoài phạm vi của nguồn · %[1]s is %[2]q, which the source may not speak for", scope.Field, shown(value))}
		}
	}
	cells := make([]string, len(m.columns))
	for i := range m.columns {
		c := &m.columns[i]
		if c.Constant != nil {
			cells[i] = *c.Constant
			continue
		}
		value, there := field(record, c.path)
		c.seen = c.seen || there
		cell, code, remedy := c.cell(value, m.zone)
		if code != "" {
			return nil, &bundle.Problem{Column: c.name, Value: shown(value), Code: code, Message: fmt.Sprintf("%s (%s): %q: %s", c.name, c.Field, shown(value), remedy)}
		}
		cells[i] = cell
	}
	return cells, nil
}

// cell returns a value as a cell of a bundle, or a code and a remedy where it is not what the mapping says.
func (c *mapped) cell(value any, zone *time.Location) (cell, code, remedy string) {
	var text string
	switch inner := value.(type) {
	case nil:
	case map[string]any, []any:
		if c.kind != bundle.Geometry {
			return "", "bad_value", "là một nhóm trường, không phải một giá trị; hãy sửa field · is a group of fields, not one value; mend field"
		}
		geometry, err := json.Marshal(inner)
		if err != nil {
			return "", "bad_value", err.Error()
		}
		return string(geometry), "", ""
	default:
		text = strings.TrimSpace(scalar(value))
	}
	if c.codes != nil {
		known, is := c.codes[bundle.Tidy(text)]
		if !is && text != "" {
			return "", "unmapped", "không có trong codes; hãy thêm vào · is not in codes; add it"
		}
		return known, "", ""
	}
	if text == "" {
		return "", "", ""
	}
	if len(c.Date) > 0 {
		day, is := readDay(text, c.Date, zone)
		if !is {
			return "", "bad_date", fmt.Sprintf("không phải ngày viết như %[1]s · is no day written as %[1]s", strings.Join(c.Date, ", "))
		}
		return day, "", ""
	}
	if c.Number != "" {
		number, is := readLocalNumber(value)
		if !is {
			return "", "bad_number", "không phải số viết như 1.729 hay 75,4% · is no number written as 1.729 or 75,4%"
		}
		return number, "", ""
	}
	return text, "", ""
}

// field returns what stands at a path in a record. A name may hold dots itself: the whole of it comes first.
func field(record any, path []string) (value any, there bool) {
	if len(path) == 0 {
		return record, true
	}
	switch record := record.(type) {
	case map[string]any:
		for n := len(path); n > 0; n-- {
			if inner, is := record[strings.Join(path[:n], ".")]; is {
				return field(inner, path[n:])
			}
		}
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(record) {
			return field(record[i], path[1:])
		}
	}
	return nil, false
}

// shown returns a value for a person to read.
func shown(value any) string {
	if text := scalar(value); text != "" || value == nil {
		return shortened(text)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return shortened(string(text))
}

// Bundle writes what has come as a bundle and opens it. Rows that the mapping refused are problems of the bundle, as if its reader
// had found them. It is gone when it is closed. A field that no record has fails it: the source has changed.
func (r *Run) Bundle(ctx context.Context) (*Mapped, error) {
	m, err := r.bundle(ctx)
	return m, r.veil.error(err)
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

// write writes the rows of all pages, and returns what tells of those that were refused.
func (r *Run) write(ctx context.Context, m *mapping, folder string) (refusals func(func(bundle.Problem)) (int64, error), err error) {
	if err := os.Mkdir(filepath.Join(folder, "bundle"), 0o700); err != nil {
		return nil, err
	}
	rows, err := os.OpenFile(filepath.Join(folder, "bundle", m.table.Name+".csv"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	refusedPath := filepath.Join(folder, "refused.jsonl")
	refused, err := os.OpenFile(refusedPath, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.Join(err, rows.Close())
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
			return problems.Encode(problem)
		})
	}
	table.Flush()
	err = errors.Join(err, table.Error(), out.Flush(), bad.Flush(), rows.Close(), refused.Close())
	if err == nil && r.Records() > 0 {
		err = m.missing()
	}
	return func(report func(bundle.Problem)) (int64, error) { return tell(refusedPath, report) }, err
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
