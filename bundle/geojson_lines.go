package bundle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// lineReader reads newline-delimited GeoJSON: a feature a line.
type lineReader struct {
	features
	in    io.ReadCloser
	lines *bufio.Reader
	long  []byte // a line longer than the buffer
	line  int64
}

func newLineReader(t *Table, file string, srid int, in io.ReadCloser) (*lineReader, error) {
	r := &lineReader{features: newFeatures(t, file, srid), in: in, lines: bufio.NewReaderSize(in, csvBuffer)}
	start, _ := r.lines.Peek(4)
	n, other := byteOrderMark(start)
	if other != "" {
		return nil, fileError(file, "is %s text; save it as UTF-8", other)
	}
	_, err := r.lines.Discard(n)
	return r, err
}

func (r *lineReader) close() error { return r.in.Close() }

func (r *lineReader) read(rec *record) error {
	for {
		line, err := r.nextLine()
		if err != nil {
			return err
		}
		feature := bytes.TrimSpace(bytes.TrimLeft(line, "\x1e")) // RFC 8142 begins each with a record separator
		if len(feature) == 0 {
			continue
		}
		rec.reset(r.line)
		if !json.Valid(feature) {
			rec.original = feature
			rec.place.given = true
			rec.fault = &fault{code: "bad_json", message: "the line is no valid JSON; write one feature a line"}
			if !utf8.Valid(feature) {
				rec.fault = encodingFault("the line", feature)
				rec.fault.column = ""
			}
			return nil
		}
		return r.features.read(rec, feature)
	}
}

func (r *lineReader) nextLine() ([]byte, error) {
	r.line++
	r.long = r.long[:0]
	for {
		piece, err := r.lines.ReadSlice('\n')
		switch {
		case err == nil && len(r.long) == 0:
			return piece, nil
		case err == nil:
			return append(r.long, piece...), nil
		case errors.Is(err, bufio.ErrBufferFull):
			if len(r.long)+len(piece) > maxFeature {
				return nil, &FileError{File: r.file, Line: r.line, Message: fmt.Sprintf("the line is longer than %d MB; write one feature a line", maxFeature>>20)}
			}
			r.long = append(r.long, piece...)
		case err == io.EOF:
			if len(r.long)+len(piece) == 0 {
				return nil, io.EOF
			}
			return append(r.long, piece...), nil
		default:
			return nil, &FileError{File: r.file, Line: r.line, Message: fmt.Sprintf("can't be read further (%v); the file is damaged, copy it again", cause(err)), Err: err}
		}
	}
}
