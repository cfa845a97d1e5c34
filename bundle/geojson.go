package bundle

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxFeature    = 64 << 20 // bytes one feature may have: two million points; Vân Đồn's 30,445 take one
	maxProperties = 1000     // different names of properties in one file
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
		rec.fault = &fault{code: "bad_json", message: `this is no GeoJSON feature; write {"type": "Feature", "properties": {…}, "geometry": …}`}
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
		rec.fault = &fault{code: "bad_json", message: "properties is no object; write the columns as its members"}
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
