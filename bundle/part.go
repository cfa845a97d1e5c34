package bundle

import (
	"slices"
	"strings"
)

// format is how a part of a table is written.
type format uint8

const (
	formatCSV format = iota
	formatSheet
	formatGeoJSON
	formatGeoJSONLines
	formatGeoPackage
	formatShapefile
	formatSent // no file at all
)

// part is one source of a table's rows: a file, or a sheet of a workbook.
type part struct {
	entry  *entry
	name   string // as problems name it: the file, or tables.xlsx#sheet
	sheet  string // the sheet's name as it is written
	format format
	gzip   bool
	rows   [][][]byte // of formatSent
}

// workbook is the file whose sheets are tables.
const workbook = "tables.xlsx"

// suffixes tells the formats by a file's name. Files of one table are read in this order.
var suffixes = []struct {
	suffix   string
	format   format
	gzip     bool
	geometry bool // only for tables with a place on the map
}{
	{".csv", formatCSV, false, false},
	{".csv.gz", formatCSV, true, false},
	{".geojson", formatGeoJSON, false, true},
	{".geojson.gz", formatGeoJSON, true, true},
	{".geojsonl", formatGeoJSONLines, false, true},
	{".geojsonl.gz", formatGeoJSONLines, true, true},
	{".ndjson", formatGeoJSONLines, false, true},
	{".ndjson.gz", formatGeoJSONLines, true, true},
	{".gpkg", formatGeoPackage, false, true},
	{".zip", formatShapefile, false, true},
}

// hasPlace says whether a table's rows lie on the map, so that it may come as a geo format.
func (t *Table) hasPlace() bool {
	return t.Point || t.geometryColumn() >= 0
}

// geometryColumn returns the position of the column that holds a polygon, or -1.
func (t *Table) geometryColumn() int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Type == Geometry })
}

// partOf tells which table an entry belongs to, by its name; nil: to none.
func partOf(e *entry) (*Table, *part, int) {
	name := strings.ToLower(e.name)
	for _, t := range Tables {
		rest, ok := strings.CutPrefix(name, t.Name)
		if !ok {
			continue
		}
		for i, s := range suffixes {
			if rest == s.suffix && (!s.geometry || t.hasPlace()) {
				return t, &part{entry: e, name: e.name, format: s.format, gzip: s.gzip}, i
			}
		}
	}
	return nil, nil, 0
}
