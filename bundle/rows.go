package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// checkEvery is how many records are read between two looks at the context.
const checkEvery = 1024

// Rows streams every row of the table, file after file, each in its own order. visit gets
// the rows that can be read; a row is valid only during the call. report gets what is
// wrong: exactly one problem that is not Kept for each rejected row, which is not
// visited, and Kept ones for what was repaired in a row or is only worth knowing.
//
// It returns how many rows were read: visited and rejected ones. An error of visit or of
// the context ends the reading and is returned as it is; a *FileError means that the
// bundle fails.
func (b *Bundle) Rows(ctx context.Context, t *Table, visit func(*Row) error, report func(Problem)) (read int64, err error) {
	if refused := b.refused[t]; refused != nil {
		if read, err = refused(report); err != nil {
			return read, err
		}
	}
	for _, p := range b.parts[t] {
		n, err := b.rowsOf(ctx, t, p, visit, report)
		read += n
		if err != nil {
			return read, err
		}
	}
	return read, nil
}

// Refuse has the bundle tell of rows that never came to be written into its files, because whoever made these of something else could
// not read them: each is read, and rejected for the problem that tell reports of it. Problems name another file than the bundle's.
func (b *Bundle) Refuse(t *Table, tell func(report func(Problem)) (rows int64, err error)) {
	if b.refused == nil {
		b.refused = make(map[*Table]func(func(Problem)) (int64, error))
	}
	b.refused[t] = tell
}

func (b *Bundle) rowsOf(ctx context.Context, t *Table, p *part, visit func(*Row) error, report func(Problem)) (read int64, err error) {
	r, err := b.reader(t, p)
	if err != nil {
		return 0, err
	}
	defer func() { err = closed(r, p, err) }()
	d := newDecoder(t, p.name, b.Meta.SRID, r, report)
	if err := d.header(); err != nil {
		return 0, err
	}
	var rec record
	for {
		if read%checkEvery == 0 && ctx.Err() != nil {
			return read, ctx.Err()
		}
		if err := r.read(&rec); err == io.EOF {
			return read, d.finish(read)
		} else if err != nil {
			return read, err
		}
		read++
		row, err := d.row(&rec)
		if err != nil {
			return read, err
		}
		if row == nil {
			continue
		}
		if err := visit(row); err != nil {
			return read, err
		}
	}
}

// closed closes the reader of a part and returns why the reading failed, or else why the closing did: a compressed file may be read to its
// last row and turn out to be damaged behind it.
func closed(r reader, p *part, reading error) error {
	if err := r.close(); err != nil && reading == nil {
		return fileError(p.name, "is damaged behind its last row (%v); pack it again", cause(err))
	}
	return reading
}

// reader opens a part of a table.
func (b *Bundle) reader(t *Table, p *part) (reader, error) {
	switch p.format {
	case formatSheet:
		return b.sheetReader(t, p)
	case formatGeoPackage:
		return b.packageReader(t, p)
	case formatShapefile:
		return b.shapefileReader(t, p)
	case formatSent:
		return &sentReader{columns: t.columnNames(), rows: p.rows}, nil
	}
	in, err := p.entry.open()
	if err != nil {
		return nil, fileError(p.name, "can't be read: %v", cause(err))
	}
	if p.gzip {
		if in, err = newGunzip(p.name, in); err != nil {
			return nil, err
		}
	}
	var r reader
	switch p.format {
	case formatGeoJSON:
		r, err = newCollectionReader(t, p.name, b.Meta.SRID, in)
	case formatGeoJSONLines:
		r, err = newLineReader(t, p.name, b.Meta.SRID, in)
	case formatCSV:
		r, err = newCSVReader(p.name, in)
	default:
		err = fmt.Errorf("format %d has no reader", p.format)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return r, nil
}

// gunzip is a gzip stream that closes what it reads from.
type gunzip struct {
	*gzip.Reader
	in io.Closer
}

func newGunzip(file string, in io.ReadCloser) (io.ReadCloser, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		in.Close()
		return nil, fileError(file, "is not gzip (%v); pack it again, or drop .gz from its name", err)
	}
	return &gunzip{z, in}, nil
}

func (g *gunzip) Close() error { return errors.Join(g.Reader.Close(), g.in.Close()) }
