package bundle

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// dbfReader reads the table of a Shapefile (dBASE III). Cells stay text.
type dbfReader struct {
	in      *bufio.Reader
	columns []string
	fields  []dbfField
	record  []byte
	left    uint32
	decode  *encoding.Decoder // nil: UTF-8
}

type dbfField struct {
	kind   byte
	length int
}

func newDBFReader(file string, t *Table, in *bufio.Reader, charset string) (*dbfReader, error) {
	r := &dbfReader{in: in}
	var err error
	if r.decode, err = decoderOf(charset); err != nil {
		return nil, fileError(file, "its .cpg names the encoding %q, which is not known; export it as UTF-8", charset)
	}
	var header [32]byte
	if _, err := io.ReadFull(in, header[:]); err != nil {
		return nil, fmt.Errorf("the .dbf has no header")
	}
	r.left = binary.LittleEndian.Uint32(header[4:])
	headerSize, recordSize := int(binary.LittleEndian.Uint16(header[8:])), int(binary.LittleEndian.Uint16(header[10:]))
	if headerSize < 33 || recordSize < 1 {
		return nil, errors.New("the .dbf's header is damaged")
	}
	rest := make([]byte, headerSize-32)
	if _, err := io.ReadFull(in, rest); err != nil {
		return nil, errors.New("the .dbf ends early")
	}
	width := 1
	for len(rest) >= 32 && rest[0] != '\r' {
		name, _, _ := bytes.Cut(rest[:11], []byte{0})
		field := dbfField{kind: rest[11], length: int(rest[16])}
		if field.kind == 'C' {
			field.length |= int(rest[17]) << 8 // long texts, as some programs write them
		}
		r.fields = append(r.fields, field)
		r.columns = append(r.columns, t.fullName(string(bytes.TrimSpace(name))))
		width += field.length
		rest = rest[32:]
	}
	if width > recordSize {
		return nil, errors.New("the .dbf's fields are longer than its records")
	}
	r.record = make([]byte, recordSize)
	return r, nil
}

// decoderOf returns what turns an encoding into UTF-8; nil for UTF-8 itself.
func decoderOf(charset string) (*encoding.Decoder, error) {
	name := strings.ToLower(strings.TrimSpace(charset))
	for _, prefix := range []string{"ansi", "cp", "windows-", " "} {
		name = strings.TrimPrefix(name, prefix)
	}
	switch {
	case name == "" || name == "utf-8" || name == "utf8" || name == "65001":
		return nil, nil
	case len(name) == 4 && strings.HasPrefix(name, "125") || name == "874":
		name = "windows-" + name
	case strings.HasPrefix(name, "8859") && allDigits(name):
		name = "iso-8859-" + name[4:]
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, err
	}
	return e.NewDecoder(), nil
}

// dbfName is how many characters of a column's name a .dbf keeps.
const dbfName = 10

// fullName returns the column that a name cut to ten characters stands for, where there
// is only one.
func (t *Table) fullName(name string) string {
	lower := strings.ToLower(name)
	if t.Index(lower) >= 0 || len(lower) != dbfName {
		return lower
	}
	found := lower
	for _, c := range t.Columns {
		if strings.HasPrefix(c.Name, lower) {
			if found != lower {
				return lower
			}
			found = c.Name
		}
	}
	return found
}

// read reads the cells of the next row.
func (r *dbfReader) read(rec *record) error {
	if r.left == 0 {
		return io.EOF
	}
	r.left--
	if _, err := io.ReadFull(r.in, r.record); err != nil {
		return fmt.Errorf("the .dbf ends early")
	}
	if r.record[0] == '*' {
		rec.fault = &fault{code: "deleted_record", message: "the row is marked as deleted; remove it for good by exporting the Shapefile again"}
	}
	at := 1
	for _, f := range r.fields {
		cell := r.record[at : at+f.length]
		at += f.length
		cell = bytes.TrimSpace(bytes.TrimRight(cell, "\x00"))
		switch {
		case f.kind == 'D' && len(cell) == 8 && allDigits(string(cell)):
			if string(cell) == "00000000" {
				cell = cell[:0]
				break
			}
			cell = fmt.Appendf(nil, "%s-%s-%s", cell[:4], cell[4:6], cell[6:])
		case (f.kind == 'N' || f.kind == 'F') && len(bytes.Trim(cell, "*")) == 0:
			cell = cell[:0] // GDAL and ArcGIS write null so
		case f.kind == 'C' && r.decode != nil:
			decoded, err := r.decode.Bytes(cell)
			if err == nil {
				cell = decoded
			}
		}
		if cell == nil {
			cell = []byte{} // the column is there, the cell is empty
		}
		rec.cells = append(rec.cells, cell)
	}
	return nil
}
