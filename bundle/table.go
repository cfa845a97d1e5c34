// Package bundle reads and writes a province's files: a folder, or a zip of one, with
// bundle.json and the tables of the contract in any of the formats it names.
//
// The tables below are the one description of what a bundle holds. The readers, the
// import's checks, the writer and the demo province all follow it.
package bundle

// Type says how a cell is read and how it is stored.
type Type uint8

// The types a column can have.
const (
	Text     Type = iota // Unicode text, NFC, no doubled spaces
	Code                 // an identifier: text without the repairs that names get, trimmed
	Integer              // a whole number, 0 or more
	Number               // a finite decimal number
	Date                 // a day, YYYY-MM-DD
	Geometry             // a Polygon or MultiPolygon as WKB, in the bundle's reference system
)

// Column describes one column of a table.
type Column struct {
	Name     string
	Type     Type
	Required bool     // an empty cell rejects the row, a missing column fails the bundle
	Values   []string // the values it may take; none: any
	Max      float64  // the largest number it may hold; 0: any
	Longest  int      // the most bytes that a text may have; 0: any, for a code maxCode
}

// maxCode is how many bytes a code may have. Codes make up keys, and a key of the store has to fit an index's page.
const maxCode = 500

// longest returns how many bytes a cell may have; 0: any number.
func (c *Column) longest() int {
	if c.Longest == 0 && c.Type == Code {
		return maxCode
	}
	return c.Longest
}

// Table describes one table of a bundle: its columns in the contract's order, and what
// tells one row from another.
type Table struct {
	Name     string
	Columns  []Column
	Identity []string  // the columns that identify a row within one province
	Period   [2]string // the columns that begin and end the row's validity, half-open; empty: none
	Point    bool      // lon and lat hold a position and may come as a Point geometry
}

// Index returns the position of the named column, or -1.
func (t *Table) Index(name string) int {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

var (
	levels     = []string{"province", "district", "commune", "hamlet"}
	schemes    = []string{"dia_chi_so", "vpostcode", "dinh_danh_dia_diem", "local"}
	unitLevel  = Column{Name: "level", Type: Code, Required: true, Values: levels}
	unitCode   = Column{Name: "unit_code", Type: Code, Required: true}
	identifier = Column{Name: "code", Type: Code, Required: true}
)

// Tables lists every table of a bundle in the order in which an import takes them: what
// is referred to comes before what refers to it.
var Tables = []*Table{
	{
		Name: "units",
		Columns: []Column{
			unitLevel, identifier,
			{Name: "name", Type: Text, Required: true},
			{Name: "kind", Type: Code, Required: true},
			{Name: "parent_level", Type: Code, Values: levels},
			{Name: "parent_code", Type: Code},
			{Name: "valid_from", Type: Date, Required: true},
			{Name: "valid_to", Type: Date},
			{Name: "population", Type: Integer},
			{Name: "households", Type: Integer},
			{Name: "geometry", Type: Geometry},
			{Name: "derived_from", Type: Integer}, // the geometry was derived from so many addresses; empty: it was drawn
		},
		Identity: []string{"level", "code", "valid_from"},
		Period:   [2]string{"valid_from", "valid_to"},
	},
	{
		Name: "successions",
		Columns: []Column{
			{Name: "from_level", Type: Code, Required: true, Values: levels},
			{Name: "from_code", Type: Code, Required: true},
			{Name: "to_level", Type: Code, Required: true, Values: levels},
			{Name: "to_code", Type: Code, Required: true},
			{Name: "effective_on", Type: Date, Required: true},
			{Name: "extent", Type: Code, Required: true, Values: []string{"whole", "part", "area_only", "population_only"}},
			{Name: "decision", Type: Text},
		},
		Identity: []string{"from_level", "from_code", "to_level", "to_code", "effective_on", "extent"},
	},
	{
		Name: "designations",
		Columns: []Column{
			unitLevel, identifier,
			{Name: "scheme", Type: Code, Required: true},
			{Name: "value", Type: Code, Required: true},
			{Name: "decision", Type: Text},
			{Name: "valid_from", Type: Date, Required: true},
			{Name: "valid_to", Type: Date},
		},
		Identity: []string{"level", "code", "scheme", "value", "valid_from", "valid_to"},
		Period:   [2]string{"valid_from", "valid_to"},
	},
	{
		Name: "addresses",
		Columns: []Column{
			{Name: "scheme", Type: Code, Required: true, Values: schemes},
			identifier,
			{Name: "lon", Type: Number, Required: true},
			{Name: "lat", Type: Number, Required: true},
			{Name: "kind", Type: Code, Required: true, Values: []string{"household", "business", "agency", "public", "other"}},
			{Name: "commune_code", Type: Code},
			{Name: "hamlet_code", Type: Code},
			{Name: "label", Type: Text},
			{Name: "surveyed_on", Type: Date},
		},
		Identity: []string{"scheme", "code"},
		Point:    true,
	},
	{
		Name: "service_points",
		Columns: []Column{
			identifier,
			{Name: "kind", Type: Code, Required: true, Values: []string{"one_stop", "post_office", "other"}},
			{Name: "name", Type: Text, Required: true},
			{Name: "commune_code", Type: Code},
			{Name: "lon", Type: Number, Required: true},
			{Name: "lat", Type: Number, Required: true},
			{Name: "opened_on", Type: Date},
			{Name: "closed_on", Type: Date},
		},
		Identity: []string{"code"},
		Period:   [2]string{"opened_on", "closed_on"},
		Point:    true,
	},
	{
		Name: "services",
		Columns: []Column{
			identifier,
			{Name: "name_vi", Type: Text, Required: true},
			{Name: "name_en", Type: Text, Required: true},
			{Name: "counted_in", Type: Code, Required: true, Values: []string{"household", "person", "account", "record", "visit"}},
		},
		Identity: []string{"code"},
	},
	{
		Name: "targets",
		Columns: []Column{
			{Name: "measure", Type: Code, Required: true},
			{Name: "level", Type: Code, Values: levels},
			{Name: "code", Type: Code},
			{Name: "share", Type: Number, Required: true, Max: 1},
			{Name: "due_on", Type: Date},
			{Name: "source", Type: Text},
		},
		Identity: []string{"measure", "level", "code", "share", "due_on"},
	},
	{
		Name: "teams",
		Columns: []Column{
			identifier,
			{Name: "name", Type: Text, Required: true},
			unitLevel,
			{Name: "kind", Type: Code, Required: true, Values: []string{"cnscd", "de_an_06", "other"}},
			unitCode,
			{Name: "decision", Type: Text},
			{Name: "established_on", Type: Date, Required: true},
			{Name: "dissolved_on", Type: Date},
			{Name: "lon", Type: Number},
			{Name: "lat", Type: Number},
		},
		Identity: []string{"code"},
		Period:   [2]string{"established_on", "dissolved_on"},
		Point:    true,
	},
	{
		Name: "team_service",
		Columns: []Column{
			{Name: "team_code", Type: Code, Required: true},
			unitLevel, unitCode,
			{Name: "from_on", Type: Date, Required: true},
			{Name: "to_on", Type: Date},
		},
		Identity: []string{"team_code", "level", "unit_code", "from_on"},
		Period:   [2]string{"from_on", "to_on"},
	},
	{
		Name: "members",
		Columns: []Column{
			identifier,
			{Name: "team_code", Type: Code, Required: true},
			{Name: "role", Type: Code, Required: true, Values: []string{"lead", "deputy", "member"}},
			{Name: "organization", Type: Text},
			{Name: "joined_on", Type: Date, Required: true},
			{Name: "left_on", Type: Date},
			{Name: "trained_on", Type: Date},
		},
		Identity: []string{"code"},
		Period:   [2]string{"joined_on", "left_on"},
	},
	{
		Name: "households",
		Columns: []Column{
			identifier,
			{Name: "address_scheme", Type: Code, Values: schemes},
			{Name: "address_code", Type: Code},
			{Name: "commune_code", Type: Code},
			{Name: "hamlet_code", Type: Code},
			{Name: "persons", Type: Integer},
			{Name: "registered_on", Type: Date, Required: true},
			{Name: "ended_on", Type: Date},
		},
		Identity: []string{"code"},
		Period:   [2]string{"registered_on", "ended_on"},
	},
	{
		Name: "visits",
		Columns: []Column{
			identifier,
			{Name: "household_code", Type: Code, Required: true},
			{Name: "team_code", Type: Code, Required: true},
			{Name: "visited_on", Type: Date, Required: true},
			{Name: "outcome", Type: Code, Required: true, Values: []string{"guided", "not_home", "declined", "ineligible"}},
			{Name: "topics", Type: Text},
		},
		Identity: []string{"code"},
	},
	{
		Name: "adoptions",
		Columns: []Column{
			{Name: "household_code", Type: Code, Required: true},
			{Name: "service_code", Type: Code, Required: true},
			{Name: "adopted_on", Type: Date, Required: true},
			{Name: "ended_on", Type: Date},
		},
		Identity: []string{"household_code", "service_code", "adopted_on"},
		Period:   [2]string{"adopted_on", "ended_on"},
	},
	{
		Name: "reports",
		Columns: []Column{
			unitLevel, unitCode,
			{Name: "measure", Type: Code, Required: true},
			{Name: "value", Type: Number, Required: true},
			{Name: "qualifier", Type: Code, Required: true, Values: []string{"eq", "gte", "lte", "approx"}},
			{Name: "from_on", Type: Date},
			{Name: "as_of", Type: Date, Required: true},
			{Name: "base", Type: Text},
			{Name: "share", Type: Number, Max: 1},
			{Name: "source", Type: Text, Required: true, Longest: 1000}, // a part of the identity
		},
		Identity: []string{"level", "unit_code", "measure", "as_of", "source"},
		Period:   [2]string{"from_on", "as_of"},
	},
}

// TableNamed returns the table of that name, or nil.
func TableNamed(name string) *Table {
	for _, t := range Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Value is one typed cell. The zero Value is "unknown", which is never zero.
type Value struct {
	Known   bool
	Text    string  // Text and Code
	Integer int64   // Integer; for Date the days since 1970-01-01
	Number  float64 // Number
	Bytes   []byte  // Geometry: WKB (ISO, little-endian), no SRID
}

// Row is one row of a table that could be read, and where it stands.
// It is valid only until the visitor returns.
type Row struct {
	File   string  // the file's name inside the bundle; a sheet as tables.xlsx#NAME
	Line   int64   // 1-based: a line (CSV: the record's first line, header counted), a sheet's row, a feature's number
	Values []Value // one for each column of the table
	Given  uint32  // bit i is set where the file has column i at all, even if this cell is empty
}

// Problem is something wrong with a bundle: the row was rejected, or (Kept) repaired or
// only reported. Its JSON is the contract's.
type Problem struct {
	Table   string `json:"table,omitempty"`
	File    string `json:"file"`
	Line    int64  `json:"line"`
	Column  string `json:"column"`
	Value   string `json:"value"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Kept    bool   `json:"kept"`
}
