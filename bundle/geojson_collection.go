package bundle

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

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
