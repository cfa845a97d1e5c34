package table

import (
	"fmt"
	"io"
)

// Format is a kind of file, named by its extension.
type Format string

// The formats.
const (
	CSV        Format = "csv"
	XLSX       Format = "xlsx"
	GeoJSON    Format = "geojson"
	GeoPackage Format = "gpkg"
)

// Formats are all of them.
var Formats = []Format{CSV, XLSX, GeoJSON, GeoPackage}

// MediaType is what HTTP calls the format.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case GeoJSON:
		return "application/geo+json"
	}
	return "application/geopackage+sqlite3"
}

// Packed tells whether a file of the format is compressed already, or is one that programs seek in.
func (f Format) Packed() bool { return f == XLSX || f == GeoPackage }

// Writer writes one file. CSV and GeoJSON reach the destination row by row; XLSX and GeoPackage are made in a temporary
// file, for which about as much room is needed on disk as the file takes, and are copied to the destination by Close.
type Writer interface {
	// Write adds a row. The row may be used again once Write has returned.
	Write(*Row) error
	// Close completes the file. A file that is not closed is cut short and does not look whole.
	Close() error
	// Discard gives back what the writer holds, without completing the file. After Close it does nothing.
	Discard()
}

// New begins a file.
func New(f Format, to io.Writer, t *Table, about *About, l Language) (Writer, error) {
	switch f {
	case CSV:
		return begun(newCSV(to, t, about, l))
	case XLSX:
		return begun(newWorkbook(to, t, about, l))
	case GeoJSON:
		return begun(newGeoJSON(to, t, about, l))
	case GeoPackage:
		return begun(newPackage(to, t, about, l))
	}
	return nil, fmt.Errorf("table: no format %q", f)
}

// begun is a writer, or nil: a nil pointer in the interface would look like one.
func begun[W Writer](w W, err error) (Writer, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}
