package bundle

import "io"

// Sent returns a bundle of one table whose rows were sent rather than written into files. Its rows have a cell for each column of
// the table, as text in a file's form: nil says nothing of the column, an empty one makes it unknown. A row's line is its number,
// from 1, and its file has the table's name; nil: none yet. It needs no Close.
func Sent(meta Meta, t *Table, rows [][][]byte) *Bundle {
	if meta.SRID == 0 {
		meta.SRID = defaultSRID
	}
	b := &Bundle{Meta: meta, store: &store{}, parts: map[*Table][]*part{}}
	if t != nil {
		b.Add(t, rows)
	}
	return b
}

// Add adds the rows of a further table that were sent.
func (b *Bundle) Add(t *Table, rows [][][]byte) {
	b.parts[t] = []*part{{entry: &entry{name: t.Name, size: int64(len(rows))}, name: t.Name, format: formatSent, rows: rows}}
}

// sentReader reads rows that were sent.
type sentReader struct {
	columns []string
	rows    [][][]byte
	next    int
}

func (r *sentReader) names() []string { return r.columns }
func (r *sentReader) geometry() bool  { return false }
func (r *sentReader) close() error    { return nil }

func (r *sentReader) read(rec *record) error {
	if r.next == len(r.rows) {
		return io.EOF
	}
	rec.reset(int64(r.next + 1))
	rec.cells = append(rec.cells, r.rows[r.next]...)
	r.next++
	return nil
}
