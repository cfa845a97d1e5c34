package bundle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxFeature    = 256 << 20 // bytes one feature may have; Vân Đồn's 30,445 points take one
	maxProperties = 1000      // different names of properties in one file
)

// features turns GeoJSON features into records. Properties are cells.
type features struct {
	file    string
	srid    int
	table   *Table
	columns []string
	index   map[string]int
}

func newFeatures(t *Table, file string, srid int) features {
	return features{file: file, srid: srid, table: t, index: make(map[string]int)}
}

// ownNames tells that each feature names its own columns: none is missing before the last.
func (f *features) ownNames() {}

func (f *features) names() []string { return f.columns }
func (f *features) geometry() bool  { return true }

// read fills the record with a feature that is known to be valid JSON.
func (f *features) read(rec *record, feature []byte) error {
	rec.original = feature
	rec.place.given = true
	for range f.columns {
		rec.cells = append(rec.cells, nil)
	}
	var kind, properties, geometry []byte
	err := eachMember(feature, func(key, value []byte) error {
		switch string(key) {
		case "type":
			kind, _ = unquote(value)
		case "properties":
			properties = value
		case "geometry":
			geometry = value
		}
		return nil
	})
	if err != nil || string(kind) != "Feature" {
		rec.fault = &fault{value: shown(feature), code: "bad_json", message: `this is no GeoJSON feature; write {"type": "Feature", "properties": {…}, "geometry": …}`}
		return nil
	}
	if !utf8.Valid(feature) {
		rec.fault = encodingFault("the feature", feature)
		rec.fault.column = ""
		return nil
	}
	if geometry != nil {
		rec.place.readGeometry(geometry)
	}
	if properties == nil || string(properties) == "null" {
		return nil
	}
	err = eachMember(properties, func(key, value []byte) error {
		i, ok := f.index[string(key)]
		if !ok {
			if len(f.columns) >= maxProperties {
				return fileError(f.file, "has more than %d different properties; write each column as one property", maxProperties)
			}
			i = len(f.columns)
			f.index[string(key)] = i
			f.columns = append(f.columns, string(key))
			rec.cells = append(rec.cells, nil)
		}
		cell, err := propertyCell(value)
		if err != nil && f.table.Index(strings.ToLower(string(key))) >= 0 {
			rec.fault = &fault{column: string(key), value: shown(value), code: "bad_value",
				message: fmt.Sprintf("%s is %s; write a text or a number", key, shown(value))}
		}
		rec.cells[i] = cell
		return nil
	})
	var failure *FileError
	if errors.As(err, &failure) {
		return failure
	}
	if err != nil {
		rec.fault = &fault{column: "", value: shown(properties), code: "bad_json", message: "properties is no object; write the columns as its members"}
	}
	return nil
}

// propertyCell returns a property as a cell: text or number alike, null as an empty one.
func propertyCell(value []byte) ([]byte, error) {
	switch value[0] {
	case '"':
		return unquote(value)
	case '{', '[':
		return []byte{}, errors.New("not a cell")
	case 'n':
		return value[:0], nil
	}
	return value, nil
}

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
			rec.fault = &fault{value: shown(feature), code: "bad_json", message: "the line is no valid JSON; write one feature a line"}
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

// collectionReader reads a GeoJSON file: a FeatureCollection, one feature after another.
type collectionReader struct {
	features
	in      io.ReadCloser
	limit   *limitedReader
	json    *json.Decoder
	feature json.RawMessage
	number  int64
	done    bool
}

// limitedReader fails when more is read than was allowed since the last feature.
type limitedReader struct {
	in   io.Reader
	left int
}

var errLongFeature = fmt.Errorf("a feature is longer than %d MB", maxFeature>>20)

func (r *limitedReader) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongFeature
	}
	n, err := r.in.Read(b)
	r.left -= n
	return n, err
}

func newCollectionReader(t *Table, file string, srid int, in io.ReadCloser) (*collectionReader, error) {
	limit := &limitedReader{in: in, left: maxFeature}
	buffered := bufio.NewReaderSize(limit, csvBuffer)
	start, _ := buffered.Peek(4)
	n, other := byteOrderMark(start)
	if other != "" {
		return nil, fileError(file, "is %s text; save it as UTF-8", other)
	}
	buffered.Discard(n)
	r := &collectionReader{features: newFeatures(t, file, srid), in: in, limit: limit, json: json.NewDecoder(buffered)}
	return r, r.begin()
}

func (r *collectionReader) close() error { return r.in.Close() }

// begin reads up to the first feature.
func (r *collectionReader) begin() error {
	if token, err := r.json.Token(); err != nil || token != json.Delim('{') {
		return r.broken(err)
	}
	for r.json.More() {
		key, err := r.json.Token()
		if err != nil {
			return r.broken(err)
		}
		switch key {
		case "features":
			if token, err := r.json.Token(); err != nil || token != json.Delim('[') {
				return r.broken(err)
			}
			return nil
		case "crs":
			if err := r.checkCRS(); err != nil {
				return err
			}
		default:
			var skipped json.RawMessage
			if err := r.json.Decode(&skipped); err != nil {
				return r.broken(err)
			}
		}
	}
	return r.broken(nil)
}

// checkCRS compares the reference system that some programs write with the bundle's.
func (r *collectionReader) checkCRS() error {
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if err := r.json.Decode(&crs); err != nil {
		var mistyped *json.UnmarshalTypeError
		if errors.As(err, &mistyped) {
			return nil
		}
		return r.broken(err)
	}
	name := crs.Properties.Name
	srid, err := strconv.Atoi(name[strings.LastIndexByte(name, ':')+1:])
	if strings.HasSuffix(name, "CRS84") {
		srid, err = defaultSRID, nil
	}
	if err == nil && strings.Contains(strings.ToUpper(name), "EPSG") || strings.HasSuffix(name, "CRS84") {
		return checkSRID(r.file, srid, r.srid)
	}
	return nil
}

// checkSRID fails a file whose reference system is not the bundle's.
func checkSRID(file string, srid, want int) error {
	if srid == want {
		return nil
	}
	return &FileError{File: file, Column: "srid", Value: strconv.Itoa(srid),
		Message: fmt.Sprintf("its coordinates are in EPSG:%d and %s says %d; put \"srid\": %[1]d into %[2]s if all files are in it, else transform this one to EPSG:%[3]d", srid, MetaFile, want)}
}

func (r *collectionReader) broken(err error) error {
	if err == nil {
		return fileError(r.file, `is no FeatureCollection; write {"type": "FeatureCollection", "features": […]}, or one feature a line in a .geojsonl file`)
	}
	if errors.Is(err, errLongFeature) {
		return fileError(r.file, "%v after feature %d; split it", err, r.number)
	}
	e := fileError(r.file, "is no valid JSON after feature %d (byte %d: %v); export it again", r.number, r.json.InputOffset(), err)
	e.Line, e.Err = r.number, err
	return e
}

func (r *collectionReader) read(rec *record) error {
	if r.done {
		return io.EOF
	}
	if !r.json.More() {
		r.done = true
		return r.finish()
	}
	r.limit.left = maxFeature
	r.feature = r.feature[:0]
	if err := r.json.Decode(&r.feature); err != nil {
		return r.broken(err)
	}
	r.number++
	rec.reset(r.number)
	return r.features.read(rec, r.feature)
}

// finish reads what follows the features, so that a file that was cut off is noticed.
func (r *collectionReader) finish() error {
	r.limit.left = maxFeature
	if _, err := r.json.Token(); err != nil { // ]
		return r.broken(err)
	}
	for r.json.More() {
		key, err := r.json.Token()
		if err != nil {
			return r.broken(err)
		}
		if key == "crs" {
			if err := r.checkCRS(); err != nil {
				return err
			}
			continue
		}
		var skipped json.RawMessage
		if err := r.json.Decode(&skipped); err != nil {
			return r.broken(err)
		}
	}
	if _, err := r.json.Token(); err != nil { // }
		return r.broken(err)
	}
	return io.EOF
}
