// Package table writes rows of figures as files that office programs and maps open: CSV, XLSX, GeoJSON and GeoPackage.
// One description of the columns makes all four. Rows are written as they come; none is kept.
package table

import (
	"time"
)

// Kind is what the cells of a column hold. A cell is nil where nothing is known, else of the Go type named here.
type Kind int

// The kinds.
const (
	Text   Kind = iota // string
	Code               // string of letters and digits that is no number, though it may look like one
	Whole              // int
	Number             // float64
	Metres             // float64; a workbook shows whole ones
	Share              // float64, 0 to 1; a workbook shows it as a percentage
	Degree             // float64, of WGS 84
	Day                // time.Time, UTC midnight
	Moment             // time.Time
	Truth              // bool
)

// Column describes a column once for all formats.
type Column struct {
	Name string // as the API names the field: "gapHouseholds"
	Vi   string // its header, with the unit: "Hộ chưa được hướng dẫn (hộ)"
	En   string // "Households yet to be guided (households)"
	Kind Kind
	Wide int // how many characters of text a workbook gives room for in a line; more make more lines. 0: as the kind needs
}

// Geometry is what the rows of a table have on a map.
type Geometry string

// The geometries, named as GeoPackage does.
const (
	Point        Geometry = "POINT"
	MultiPolygon Geometry = "MULTIPOLYGON" // Polygons too: the formats that tell them apart are given what each takes
	AnyGeometry  Geometry = "GEOMETRY"     // of several kinds, such as hulls that may be a point or a line
)

// Table describes a table: its name, its columns, what its rows are on a map.
type Table struct {
	Name     string // "coverage": of the file, the layer
	Vi       string // its title: "Độ phủ"; 31 characters at most, as it names a sheet
	En       string
	Geometry Geometry
	Columns  []Column
	Fixed    int // so many columns name the row: a workbook keeps them in sight
}

// Row is one row: a cell for each column, in their order, and where it is.
type Row struct {
	Province string // whose data it comes from: it finds the row's Origin
	Cells    []any
	At       *[2]float64 // longitude and latitude of a Point; nil: nowhere
	Shape    []byte      // any other geometry as a GeoJSON geometry object; nil: none
}

// Language is that of headers.
type Language string

// The languages of headers. Names are the API's own, for programs.
const (
	Vietnamese Language = "vi"
	English    Language = "en"
	Names      Language = "name"
)

// Header returns the header of a column.
func (c *Column) Header(l Language) string {
	switch l {
	case Vietnamese:
		return c.Vi
	case English:
		return c.En
	}
	return c.Name
}

// Title returns the title of the table.
func (t *Table) Title(l Language) string {
	switch l {
	case Vietnamese:
		return t.Vi
	case English:
		return t.En
	}
	return t.Name
}

// Origin says where a province's rows come from.
type Origin struct {
	Province   string
	Snapshot   string // of that province: "96-12"
	DataAsOf   time.Time
	Source     string
	Licence    string // "": not said
	Synthetic  bool
	ImportedAt time.Time
}

// About says what a file holds and from when, so that it explains itself once it has left its server.
type About struct {
	AsOf           time.Time // the day that the figures are about
	BoundariesAsOf time.Time // the day of the boundaries; zero: the same
	Snapshot       string    // names the state of the data
	Arguments      string    // what was asked, as a query string
	Origins        []Origin  // one a province, by code
	Notes          []Note    // figures of the whole, such as a plan's upper bound
}

// Note is a figure or a remark about the whole table.
type Note struct {
	Name, Vi, En string
	Value        any // string, int, float64, bool, time.Time or nil
}

// Label returns what the note is called.
func (n *Note) Label(l Language) string {
	c := Column{Name: n.Name, Vi: n.Vi, En: n.En}
	return c.Header(l)
}

// Synthetic tells whether any of the data were generated.
func (a *About) Synthetic() bool {
	for _, o := range a.Origins {
		if o.Synthetic {
			return true
		}
	}
	return false
}

// importedAt is when the youngest of the data were imported.
func (a *About) importedAt() time.Time {
	var last time.Time
	for _, o := range a.Origins {
		if o.ImportedAt.After(last) {
			last = o.ImportedAt
		}
	}
	return last
}

func (a *About) boundaries() time.Time {
	if a.BoundariesAsOf.IsZero() {
		return a.AsOf
	}
	return a.BoundariesAsOf
}

// notes are what every file says of itself, the notes of its own last.
func (a *About) notes(t *Table) []Note {
	notes := []Note{
		{"table", "Bảng", "Table", t.Vi + " · " + t.En},
		{"asOf", "Ngày của số liệu", "Day of the figures", a.AsOf},
		{"boundariesAsOf", "Ngày của địa giới", "Day of the boundaries", a.boundaries()},
		{"snapshot", "Ảnh chụp dữ liệu", "Snapshot of the data", a.Snapshot},
		{"arguments", "Đã hỏi", "Asked with", a.Arguments},
		{"synthetic", "Có dữ liệu tổng hợp (do máy sinh)", "Some data are synthetic (generated)", a.Synthetic()},
	}
	for _, o := range a.Origins {
		notes = append(notes,
			Note{"province", "Tỉnh (mã)", "Province (code)", o.Province},
			Note{"dataAsOf", "Dữ liệu đến ngày", "Data as of", o.DataAsOf},
			Note{"importedAt", "Nạp lúc (giờ UTC)", "Imported at (UTC)", o.ImportedAt},
			Note{"source", "Nguồn", "Source", o.Source},
			Note{"licence", "Giấy phép", "Licence", o.Licence})
	}
	return append(notes, a.Notes...)
}
