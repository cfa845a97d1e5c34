package bundle

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	csvBuffer = 256 << 10 // bytes read at once
	maxRecord = 16 << 20  // bytes one record may have
)

// csvReader reads CSV after RFC 4180. It keeps line numbers and the bytes of a record,
// which encoding/csv doesn't, and goes on after a record that is broken.
type csvReader struct {
	file   string
	in     io.ReadCloser
	buf    []byte
	start  int // of what is not yet read
	end    int // of what is in buf
	eof    bool
	line   int64 // of the next record
	header []string
	head   []byte   // the header's bytes
	fields [][]byte // of the current record
	plain  []byte   // quoted fields without their quotes
}

// newCSVReader reads the header.
func newCSVReader(file string, in io.ReadCloser) (*csvReader, error) {
	r := &csvReader{file: file, in: in, buf: make([]byte, csvBuffer), line: 1}
	if err := r.fill(4); err != nil {
		return nil, err
	}
	if n, name := byteOrderMark(r.buf[:r.end]); name != "" {
		return nil, fileError(file, "is %s text; save it as UTF-8", name)
	} else {
		r.start = n
	}
	raw, _, bad, err := r.next()
	if err == io.EOF {
		return nil, fileError(file, "is empty; its first line names the columns")
	}
	if err != nil {
		return nil, err
	}
	if bad != nil {
		return nil, &FileError{File: file, Line: 1, Message: "the header can't be read, " + bad.message}
	}
	if !utf8.Valid(raw) {
		return nil, &FileError{File: file, Line: 1, Message: "the header is not UTF-8; save the file as UTF-8"}
	}
	if len(r.fields) == 1 {
		for _, mark := range []string{";", "\t", "|"} {
			if bytes.Contains(r.fields[0], []byte(mark)) {
				return nil, &FileError{File: file, Line: 1, Message: fmt.Sprintf("the columns stand between %q; separate them with commas", mark)}
			}
		}
	}
	r.head = bytes.Clone(raw)
	for _, f := range r.fields {
		r.header = append(r.header, string(f))
	}
	return r, nil
}

// byteOrderMark returns the length of a UTF-8 mark, or the name of an encoding that is not UTF-8.
func byteOrderMark(b []byte) (int, string) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return 3, ""
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return 0, "UTF-16"
	}
	return 0, ""
}

func (r *csvReader) names() []string { return r.header }
func (r *csvReader) geometry() bool  { return false }
func (r *csvReader) close() error    { return r.in.Close() }

func (r *csvReader) read(rec *record) error {
	raw, line, bad, err := r.next()
	if err != nil {
		return err
	}
	rec.reset(line)
	rec.original, rec.header, rec.fault = raw, r.head, bad
	if bad != nil {
		return nil
	}
	rec.cells = append(rec.cells, r.fields...)
	if len(r.fields) != len(r.header) {
		rec.fault = &fault{code: "field_count", // without the record, which may be of a person
			message: fmt.Sprintf("the record has %d fields and the header %d; put a field with a comma in double quotes, and leave an unknown one empty", len(r.fields), len(r.header))}
	}
	return nil
}

// next finds the next record that is not an empty line and splits it into r.fields.
func (r *csvReader) next() (raw []byte, line int64, bad *fault, err error) {
	searched := 0 // bytes after start known to hold no line's end
	for {
		at := bytes.IndexByte(r.buf[r.start+searched:r.end], '\n')
		if at < 0 && !r.eof {
			searched = r.end - r.start
			if searched >= maxRecord {
				return nil, 0, nil, &FileError{File: r.file, Line: r.line, Message: fmt.Sprintf("the record is longer than %d MB; a line's end is missing", maxRecord>>20)}
			}
			if err := r.fill(searched + 1); err != nil {
				return nil, 0, nil, err
			}
			continue
		}
		end, after := r.end, r.end
		if at >= 0 {
			end = r.start + searched + at
			after = end + 1
		}
		if r.start == r.end {
			return nil, 0, nil, io.EOF
		}
		raw := trimCR(r.buf[r.start:end])
		line = r.line
		if bytes.IndexByte(raw, '"') >= 0 {
			return r.quoted()
		}
		r.start = after
		r.line++
		searched = 0
		if len(raw) == 0 {
			continue
		}
		r.fields = split(r.fields[:0], raw)
		return raw, line, nil, nil
	}
}

func trimCR(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return b[:n-1]
	}
	return b
}

// split cuts a record without quotes at its commas.
func split(fields [][]byte, raw []byte) [][]byte {
	for {
		i := bytes.IndexByte(raw, ',')
		if i < 0 {
			return append(fields, raw)
		}
		fields = append(fields, raw[:i])
		raw = raw[i+1:]
	}
}

// quoted reads a record with quotes, which may go over several lines. A record whose
// quotes don't pair is given up at the end of its first line: reading goes on there.
func (r *csvReader) quoted() (raw []byte, line int64, bad *fault, err error) {
	line = r.line
	for {
		length, next, state := r.parse(r.buf[r.start:r.end])
		switch state {
		case recordWhole:
			raw = r.buf[r.start : r.start+length]
			r.line += int64(bytes.Count(r.buf[r.start:r.start+next], []byte{'\n'}))
			if length == next { // the file ends without a line's end
				r.line++
			}
			r.start += next
			return raw, line, nil, nil
		case recordCut:
			if have := r.end - r.start; !r.eof && have < maxRecord {
				if err := r.fill(min(2*have, maxRecord)); err != nil {
					return nil, 0, nil, err
				}
				continue
			}
		}
		raw, next = r.buf[r.start:r.end], r.end-r.start
		if at := bytes.IndexByte(raw, '\n'); at >= 0 {
			raw, next = raw[:at], at+1
		}
		raw = trimCR(raw)
		r.start += next
		r.line++
		message := `has a double quote inside a field; put the field in double quotes and write the quote twice`
		if state == recordCut {
			message = `has a double quote that is never closed; close the field with another`
		}
		return raw, line, &fault{code: "bare_quote", message: "the record " + message}, nil
	}
}

type recordState uint8

const (
	recordWhole  recordState = iota
	recordCut                // more bytes are needed
	recordBroken             // a quote stands where none may
)

// parse splits the record at the start of b. It returns its length without and with the
// line's end.
func (r *csvReader) parse(b []byte) (length, next int, state recordState) {
	r.fields = r.fields[:0]
	if cap(r.plain) < len(b) {
		r.plain = make([]byte, 0, len(b)) // never grows below: fields point into it
	}
	r.plain = r.plain[:0]
	i := 0
	for {
		var field []byte
		if i < len(b) && b[i] == '"' {
			i++
			from := len(r.plain)
			for {
				q := bytes.IndexByte(b[i:], '"')
				if q < 0 {
					return 0, 0, recordCut
				}
				r.plain = append(r.plain, b[i:i+q]...)
				i += q + 1
				if i == len(b) && !r.eof {
					return 0, 0, recordCut
				}
				if i == len(b) || b[i] != '"' {
					break
				}
				r.plain = append(r.plain, '"')
				i++
			}
			field = r.plain[from:len(r.plain):len(r.plain)]
		} else {
			n := bytes.IndexAny(b[i:], ",\n\"")
			if n < 0 {
				if !r.eof {
					return 0, 0, recordCut
				}
				n = len(b) - i
			}
			field = b[i : i+n]
			i += n
			if i == len(b) || b[i] == '\n' {
				if trimmed := trimCR(field); len(trimmed) < len(field) {
					field = trimmed
					i--
				}
			}
		}
		r.fields = append(r.fields, field)
		rest := b[i:]
		switch {
		case len(rest) == 0:
			return i, i, recordWhole
		case rest[0] == ',':
			i++
		case rest[0] == '\n':
			return i, i + 1, recordWhole
		case rest[0] == '\r' && len(rest) > 1 && rest[1] == '\n':
			return i, i + 2, recordWhole
		case rest[0] == '\r' && len(rest) == 1:
			if !r.eof {
				return 0, 0, recordCut
			}
			return i, i + 1, recordWhole
		default:
			return 0, 0, recordBroken
		}
	}
}

// fill reads until want bytes are there from start on, or the file ends.
func (r *csvReader) fill(want int) error {
	if r.start > 0 {
		copy(r.buf, r.buf[r.start:r.end])
		r.end -= r.start
		r.start = 0
	}
	if want > len(r.buf) {
		grown := make([]byte, min(max(want, 2*len(r.buf)), 2*maxRecord))
		copy(grown, r.buf[:r.end])
		r.buf = grown
	}
	for r.end < want && !r.eof {
		n, err := r.in.Read(r.buf[r.end:])
		r.end += n
		if err == io.EOF {
			r.eof = true
		} else if err != nil {
			return &FileError{File: r.file, Line: r.line, Message: fmt.Sprintf("can't be read further (%v); the file is damaged, copy it again", cause(err)), Err: err}
		}
	}
	return nil
}
