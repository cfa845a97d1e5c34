package bundle

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// shapefileReader reads a zipped Shapefile: geometry from .shp, cells from .dbf, in step.
//
// go-shapefile gives a whole file up at its first bad ring, and turns codes into numbers;
// here one bad record is one rejected row, and a cell keeps its digits.
type shapefileReader struct {
	file    string
	archive *zip.ReadCloser
	shp     *bufio.Reader
	dbf     *dbfReader
	open    []io.Closer
	number  int64
	content []byte
}

func (b *Bundle) shapefileReader(t *Table, p *part) (reader, error) {
	disk, err := b.store.path(p.entry)
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(disk)
	if err != nil {
		return nil, fileError(p.name, "is no zip that can be read (%v); zip the Shapefile again", err)
	}
	r := &shapefileReader{file: p.name, archive: archive}
	if err := r.start(t); err != nil {
		r.close()
		var failure *FileError
		if errors.As(err, &failure) {
			return nil, err
		}
		return nil, fileError(p.name, "is no Shapefile that can be read (%v); export it again", err)
	}
	return r, nil
}

// start finds the parts of the Shapefile and reads their headers.
func (r *shapefileReader) start(t *Table) error {
	files, err := archiveFiles(r.file, &r.archive.Reader)
	if err != nil {
		return err
	}
	sets := make(map[string]map[string]*zip.File) // by name without extension
	var names []string
	for _, f := range files {
		ext := path.Ext(f.Name)
		base := strings.TrimSuffix(f.Name, ext)
		if strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		if sets[base] == nil {
			sets[base] = make(map[string]*zip.File)
		}
		sets[base][strings.ToLower(ext)] = f
		if strings.EqualFold(ext, ".shp") {
			names = append(names, base)
		}
	}
	chosen := ""
	for _, base := range names {
		if len(names) == 1 || strings.EqualFold(path.Base(base), t.Name) {
			chosen = base
		}
	}
	switch {
	case len(names) == 0:
		return fileError(r.file, "holds no .shp; zip the .shp, .dbf, .shx and .cpg of one Shapefile")
	case chosen == "":
		return fileError(r.file, "holds %s; name the one to read %s", strings.Join(names, ", "), t.Name)
	case sets[chosen][".dbf"] == nil:
		return fileError(r.file, "holds no %s.dbf, where the columns stand; zip all parts of the Shapefile", chosen)
	}
	charset, err := r.charset(sets[chosen][".cpg"])
	if err != nil {
		return err
	}
	table, err := r.stream(sets[chosen][".dbf"])
	if err != nil {
		return err
	}
	if r.dbf, err = newDBFReader(r.file, t, table, charset); err != nil {
		return err
	}
	if r.shp, err = r.stream(sets[chosen][".shp"]); err != nil {
		return err
	}
	var header [100]byte
	if _, err := io.ReadFull(r.shp, header[:]); err != nil || binary.BigEndian.Uint32(header[:]) != 9994 {
		return errors.New("the .shp has no header")
	}
	return nil
}

func (r *shapefileReader) charset(f *zip.File) (string, error) {
	if f == nil {
		return "UTF-8", nil
	}
	in, err := f.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	name, err := io.ReadAll(io.LimitReader(in, 100))
	return strings.TrimSpace(string(name)), err
}

func (r *shapefileReader) stream(f *zip.File) (*bufio.Reader, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	r.open = append(r.open, in)
	return bufio.NewReaderSize(in, 64<<10), nil
}

func (r *shapefileReader) names() []string { return r.dbf.columns }
func (r *shapefileReader) geometry() bool  { return true }

func (r *shapefileReader) close() error {
	var errs []error
	for _, c := range r.open {
		errs = append(errs, c.Close())
	}
	return errors.Join(append(errs, r.archive.Close())...)
}

func (r *shapefileReader) read(rec *record) error {
	rec.reset(r.number + 1)
	rec.place.given = true
	err := r.dbf.read(rec)
	var header [8]byte
	n, shpErr := io.ReadFull(r.shp, header[:])
	switch {
	case err == io.EOF && n == 0 && shpErr == io.EOF:
		return io.EOF
	case err == io.EOF || n == 0 && shpErr == io.EOF:
		return fileError(r.file, "has not as many shapes as rows: one of them ends after %d; export it again", r.number)
	case err != nil:
		return r.damaged(err)
	case shpErr != nil:
		return r.damaged(shpErr)
	}
	r.number++
	size := 2 * int64(binary.BigEndian.Uint32(header[4:]))
	if got := int64(binary.BigEndian.Uint32(header[:])); got != r.number || size < 4 || size > maxFeature {
		return r.damaged(fmt.Errorf("record %d of %d bytes stands where %d belongs", got, size, r.number))
	}
	if r.content, err = readN(r.shp, r.content, int(size)); err != nil {
		return r.damaged(err)
	}
	rec.place.readShape(r.content)
	return nil
}

func (r *shapefileReader) damaged(err error) error {
	return fileError(r.file, "can't be read after feature %d (%v); the file is damaged, export it again", r.number, err)
}

// readN reads n bytes into b, growing it only as bytes come: a length may lie.
func readN(in io.Reader, b []byte, n int) ([]byte, error) {
	const step = 1 << 20
	b = b[:0]
	for len(b) < n {
		have := len(b)
		more := min(n-have, step)
		if cap(b) < have+more {
			b = append(make([]byte, 0, max(2*cap(b), have+more)), b...)
		}
		b = b[:have+more]
		if _, err := io.ReadFull(in, b[have:]); err != nil {
			return b[:0], err
		}
	}
	return b, nil
}
