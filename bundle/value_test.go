package bundle

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// TestProblems has one row for each thing that can be wrong with a cell. Each must be
// named with its line, column, value and code, and say what to do.
func TestProblems(t *testing.T) {
	const (
		visits  = "code,household_code,team_code,visited_on,outcome,topics\n"
		units   = "level,code,name,kind,valid_from,valid_to,population,geometry\n"
		targets = "measure,share,due_on\n"
		reports = "level,unit_code,measure,value,qualifier,as_of,share,source\n"
		place   = "scheme,code,lon,lat,kind,label\n"
		teams   = "code,name,level,kind,unit_code,established_on,lon,lat\n"
	)
	for name, c := range map[string]struct {
		file, content string
		want          Problem // without table and file
		says          string
	}{
		"required":           {"visits.csv", visits + "v1,h1,,2024-01-02,guided,\n", Problem{Line: 2, Column: "team_code", Code: "required"}, "team_code is empty; every row of visits needs it"},
		"required blank":     {"visits.csv", visits + "v1,h1,\u00a0 ,2024-01-02,guided,\n", Problem{Line: 2, Column: "team_code", Code: "required"}, "needs it"},
		"vietnamese date":    {"visits.csv", visits + "v1,h1,t1,31/12/2025,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "31/12/2025", Code: "bad_date"}, `visited_on is "31/12/2025", not a date; write it as 2025-12-31`},
		"dashed date":        {"visits.csv", visits + "v1,h1,t1,1-7-2025,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "1-7-2025", Code: "bad_date"}, "write it as 2025-07-01"},
		"compact date":       {"visits.csv", visits + "v1,h1,t1,20250701,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "20250701", Code: "bad_date"}, "write it as 2025-07-01"},
		"slashed date":       {"visits.csv", visits + "v1,h1,t1,2025/7/1,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "2025/7/1", Code: "bad_date"}, "write it as 2025-07-01"},
		"no such day":        {"visits.csv", visits + "v1,h1,t1,2025-02-29,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "2025-02-29", Code: "bad_date"}, "no such day"},
		"american date":      {"visits.csv", visits + "v1,h1,t1,12/31/2025,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "12/31/2025", Code: "bad_date"}, "no such day; write a day as YYYY-MM-DD"},
		"time of day":        {"visits.csv", visits + "v1,h1,t1,2025-07-01T08:30:00Z,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "2025-07-01T08:30:00Z", Code: "bad_date"}, "without a time, 2025-07-01"},
		"a year":             {"visits.csv", visits + "v1,h1,t1,2025,guided,\n", Problem{Line: 2, Column: "visited_on", Value: "2025", Code: "bad_date"}, "write a day as YYYY-MM-DD"},
		"choice":             {"visits.csv", visits + "v1,h1,t1,2025-07-01,Guided,\n", Problem{Line: 2, Column: "outcome", Value: "Guided", Code: "bad_value"}, "write one of guided, not_home, declined, ineligible"},
		"control":            {"visits.csv", visits + "v\x011,h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Column: "code", Value: "v\x011", Code: "bad_value"}, "control character"},
		"turned code":        {"visits.csv", visits + "v1\u202e2,h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Column: "code", Value: "v1\u202e2", Code: "bad_value"}, "direction of text"},
		"isolated code":      {"visits.csv", visits + "v1,\u2066h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Column: "household_code", Value: "\u2066h1", Code: "bad_value"}, "direction of text"},
		"report in percent":  {"reports.csv", reports + "province,96,m,1,eq,2025-07-01,75.4,s\n", Problem{Line: 2, Column: "share", Value: "75.4", Code: "out_of_range"}, "write a number from 0 to 1: 0.754 for 75.4 %"},
		"more than all":      {"reports.csv", reports + "province,96,m,1,eq,2025-07-01,1.5,s\n", Problem{Line: 2, Column: "share", Value: "1.5", Code: "out_of_range"}, "write a number from 0 to 1"},
		"less than nothing":  {"reports.csv", reports + "province,96,m,1,eq,2025-07-01,-1,s\n", Problem{Line: 2, Column: "share", Value: "-1", Code: "out_of_range"}, "write a number from 0 to 1"},
		"line end in a code": {"visits.csv", visits + "\"v\n1\",h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Column: "code", Value: "v\n1", Code: "bad_value"}, "control character"},
		"nul in a name":      {"visits.csv", visits + "v1,h1,t1,2025-07-01,guided,a\x00b\n", Problem{Line: 2, Column: "topics", Value: "a\x00b", Code: "bad_value"}, "control character"},
		"encoding":           {"visits.csv", visits + "v1,h1,t1,2025-07-01,guided,\xd0\xe2u\n", Problem{Line: 2, Column: "topics", Value: `\xd0\xe2u`, Code: "bad_encoding"}, `topics is "\xd0\xe2u", and byte \xd0 is not UTF-8; save the file as UTF-8`},
		"field count":        {"visits.csv", visits + "v1,h1,t1,2025-07-01,guided,a,b\n", Problem{Line: 2, Code: "field_count"}, "7 fields and the header 6"},
		"bare quote":         {"visits.csv", visits + "v\"1,h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Code: "bare_quote"}, "inside a field"},
		"after a quote":      {"visits.csv", visits + "\"v\"1,h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Code: "bare_quote"}, "inside a field"},
		"open quote":         {"visits.csv", visits + "\"v1,h1,t1,2025-07-01,guided,\n", Problem{Line: 2, Code: "bare_quote"}, "never closed"},
		"word":               {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,many,\n", Problem{Line: 2, Column: "population", Value: "many", Code: "bad_number"}, "not a whole number; write digits only"},
		"thousands":          {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,1.729,\n", Problem{Line: 2, Column: "population", Value: "1.729", Code: "bad_number"}, "write 1729"},
		"no thousands":       {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,0.754,\n", Problem{Line: 2, Column: "population", Value: "0.754", Code: "bad_number"}, "write digits only"},
		"more thousands":     {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,\"1,194,300\",\n", Problem{Line: 2, Column: "population", Value: "1,194,300", Code: "bad_number"}, "write 1194300"},
		"a round thousand":   {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,1.000,\n", Problem{Line: 2, Column: "population", Value: "1.000", Code: "bad_number"}, "write 1000"},
		"negative":           {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,-3,\n", Problem{Line: 2, Column: "population", Value: "-3", Code: "out_of_range"}, "from 0 to"},
		"huge":               {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,99999999999999999999999,\n", Problem{Line: 2, Column: "population", Value: "99999999999999999999999", Code: "out_of_range"}, "from 0 to"},
		"range":              {"units.csv", units + "hamlet,1,A,ap,2020-01-02,2020-01-01,,\n", Problem{Line: 2, Column: "valid_to", Value: "2020-01-01", Code: "bad_range"}, "valid_to 2020-01-01 is before valid_from 2020-01-02"},
		"geometry words":     {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,a square\n", Problem{Line: 2, Column: "geometry", Value: "a square", Code: "bad_geometry"}, "geometry is neither WKT"},
		"geometry type":      {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,POINT (105 9)\n", Problem{Line: 2, Column: "geometry", Value: "POINT (105 9)", Code: "bad_geometry"}, "is a Point; a row of units has a Polygon"},
		"line string":        {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,\"LINESTRING (105 9, 106 9)\"\n", Problem{Line: 2, Column: "geometry", Value: "LINESTRING (105 9, 106 9)", Code: "bad_geometry"}, "is a LINESTRING"},
		"short ring":         {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,\"POLYGON ((105 9, 106 9, 105 9))\"\n", Problem{Line: 2, Column: "geometry", Value: "POLYGON ((105 9, 106 9, 105 9))", Code: "bad_geometry"}, "fewer than 4 points"},
		"empty geometry":     {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,POLYGON EMPTY\n", Problem{Line: 2, Column: "geometry", Value: "POLYGON EMPTY", Code: "bad_geometry"}, "is empty"},
		"ewkt srid":          {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,\"SRID=9207;POLYGON ((5 9, 6 9, 6 10, 5 9))\"\n", Problem{Line: 2, Column: "geometry", Value: "SRID=9207;POLYGON ((5 9, 6 9, 6 10, 5 9))", Code: "bad_geometry"}, "says SRID 9207 while bundle.json says 4326"},
		"not finite":         {"units.csv", units + "hamlet,1,A,ap,2020-01-01,,,0103000000010000000400000000000000000000000000000000000000000000000000f07f0000000000000000000000000000f03f000000000000f03f00000000000000000000000000000000\n", Problem{Line: 2, Column: "geometry", Code: "bad_geometry"}, "not a finite number"},
		"share":              {"targets.csv", targets + "guided,1.5,\n", Problem{Line: 2, Column: "share", Value: "1.5", Code: "out_of_range"}, "from 0 to 1"},
		"percent":            {"targets.csv", targets + "guided,75%,\n", Problem{Line: 2, Column: "share", Value: "75%", Code: "bad_number"}, "write a share as a part of 1, 0.75"},
		"decimal comma":      {"targets.csv", targets + "guided,\"0,75\",\n", Problem{Line: 2, Column: "share", Value: "0,75", Code: "bad_number"}, "decimal comma, write 0.75"},
		"not a number":       {"addresses.csv", place + "local,1,NaN,9,household,\n", Problem{Line: 2, Column: "lon", Value: "NaN", Code: "bad_number"}, "write digits and a decimal point"},
		"infinite":           {"addresses.csv", place + "local,1,1e999,9,household,\n", Problem{Line: 2, Column: "lon", Value: "1e999", Code: "bad_number"}, "write digits"},
		"hexadecimal":        {"addresses.csv", place + "local,1,0x10,9,household,\n", Problem{Line: 2, Column: "lon", Value: "0x10", Code: "bad_number"}, "write digits"},
		"half a place":       {"teams.csv", teams + "t,T,hamlet,cnscd,1,2020-01-01,105,\n", Problem{Line: 2, Column: "lat", Code: "required"}, "give both lon and lat, or neither"},
		"json":               {"units.geojsonl", `{"type":"Feature"`, Problem{Line: 1, Code: "bad_json"}, "no valid JSON; write one feature a line"},
		"no feature":         {"units.geojsonl", `{"type":"Polygon"}`, Problem{Line: 1, Code: "bad_json"}, "no GeoJSON feature"},
		"nested":             {"units.geojsonl", `{"type":"Feature","properties":{"level":["hamlet"]},"geometry":null}`, Problem{Line: 1, Column: "level", Value: `["hamlet"]`, Code: "bad_value"}, "write a text or a number"},
		"point with area":    {"addresses.geojsonl", `{"type":"Feature","properties":{"scheme":"local","code":"1","kind":"household"},"geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}}`, Problem{Line: 1, Column: "geometry", Value: `{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}`, Code: "bad_geometry"}, "lies at a Point"},
		"no place":           {"addresses.geojsonl", `{"type":"Feature","properties":{"scheme":"local","code":"1","kind":"household"},"geometry":null}`, Problem{Line: 1, Column: "lon", Code: "required"}, "lon is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			content := c.content
			g := readFile(t, c.file, content)
			if strings.HasSuffix(c.file, ".geojsonl") && g.err != nil {
				g.err = nil // the only feature names too few columns
			}
			if g.err != nil {
				t.Fatal(g.err)
			}
			var rejected []Problem
			for _, p := range g.problems {
				if !p.Kept {
					rejected = append(rejected, p)
				}
			}
			if len(rejected) != 1 || len(g.rows) != 0 {
				t.Fatalf("got %d rows and rejected %+v", len(g.rows), rejected)
			}
			p := rejected[0]
			if !strings.Contains(p.Message, c.says) {
				t.Errorf("message %q, want %q in it", p.Message, c.says)
			}
			c.want.Table, c.want.File, c.want.Message = p.Table, c.file, p.Message
			if name == "not finite" {
				c.want.Value = p.Value
			}
			if diff := cmp.Diff(c.want, p); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValuesThatAreFine(t *testing.T) {
	g := readFile(t, "units.csv", "\ufeffvalid_from , NAME,level,code,kind,population,households,valid_to\r\n"+
		" 2024-12-01 ,\" Ấp \"\"Khu phố\"\" \",hamlet,00123,ap,12.0,, 2024-12-01\r\n"+
		"2024-12-01T00:00:00Z,Hoà’s – “x”,hamlet,2,ap,+7,0,2024-12-02 00:00:00.000\r\n")
	if g.err != nil || len(g.problems) != 0 {
		t.Fatal(g.err, g.problems)
	}
	units := TableNamed("units")
	a, b := &g.rows[0], &g.rows[1]
	for _, c := range []struct {
		row    *Row
		column string
		want   Value
	}{
		{a, "valid_from", Value{Known: true, Integer: 20058}},
		{a, "valid_to", Value{Known: true, Integer: 20058}}, // an empty period is kept
		{a, "name", known(`Ấp "Khu phố"`)},
		{a, "code", known("00123")},
		{a, "population", Value{Known: true, Integer: 12}},
		{a, "households", Value{}},
		{a, "geometry", Value{}},
		{b, "valid_from", Value{Known: true, Integer: 20058}},
		{b, "valid_to", Value{Known: true, Integer: 20059}},
		{b, "population", Value{Known: true, Integer: 7}},
		{b, "households", Value{Known: true}},
		{b, "name", known("Hoà’s – “x”")},
	} {
		if diff := cmp.Diff(c.want, c.row.cell(units, c.column)); diff != "" {
			t.Errorf("line %d %s: %s", c.row.Line, c.column, diff)
		}
	}
	for i, column := range units.Columns {
		given := !slices.Contains([]string{"parent_level", "parent_code", "geometry", "derived_from"}, column.Name)
		if a.Given>>i&1 == 1 != given {
			t.Errorf("%s: given %v", column.Name, !given)
		}
	}
}

func TestRepairs(t *testing.T) {
	for name, c := range map[string]struct {
		cell, want string
		codes      string
	}{
		"as it should be": {"Đầm Dơi", "Đầm Dơi", ""},
		"old tone":        {"Hòa Hoà Thủy Thuỷ", "Hòa Hoà Thủy Thuỷ", ""},
		"apostrophe":      {"Đắk R’Lấp", "Đắk R’Lấp", ""},
		"nfd":             {norm.NFD.String("Đầm Dơi"), "Đầm Dơi", "nfd"},
		"eth":             {"Ðầm Dơi, xã ðó", "Đầm Dơi, xã đó", "eth"},
		"african d":       {"Ɖầm Dơi", "Đầm Dơi", "lookalike"},
		"cp1258":          {"Đâ\u0300m Dơi", "Đầm Dơi", "lookalike"},
		"cp1258 below":    {"Viê\u0323t", "Việt", "lookalike"},
		"tone mark":       {"ho\u0340a", "hòa", "lookalike"},
		"no-break":        {"Đầm\u00a0Dơi", "Đầm Dơi", "lookalike"},
		"full width":      {"Đầm\u3000Dơi", "Đầm Dơi", "lookalike"},
		"zero width":      {"Đầm\u200b Dơi\ufeff", "Đầm Dơi", "lookalike"},
		"spaces":          {"Đầm   Dơi", "Đầm Dơi", "spaces"},
		"ascii spaces":    {"Khom  4", "Khom 4", "spaces"},
		"all":             {"Ðầm\u00a0 Dơi", "Đầm Dơi", "eth lookalike spaces"},
	} {
		t.Run(name, func(t *testing.T) {
			g := readFile(t, "services.csv", "code,name_vi,name_en,counted_in\nx,\""+c.cell+"\",X,person\n")
			if g.err != nil || len(g.rows) != 1 {
				t.Fatal(g.err, g.problems)
			}
			var codes []string
			for _, p := range g.problems {
				codes = append(codes, p.Code)
				if !p.Kept || p.Column != "name_vi" || p.Line != 2 || p.Value != c.cell {
					t.Errorf("%+v", p)
				}
			}
			if got := strings.Join(codes, " "); got != c.codes {
				t.Errorf("reported %q, want %q", got, c.codes)
			}
			if got := g.rows[0].cell(TableNamed("services"), "name_vi").Text; got != c.want {
				t.Errorf("stored %+q, want %+q", got, c.want)
			}
		})
	}
	t.Run("code", func(t *testing.T) {
		g := readFile(t, "services.csv", "code,name_vi,name_en,counted_in\na  Ð,X,X,person\n")
		if len(g.rows) != 1 || g.rows[0].Values[0].Text != "a  Đ" || len(g.problems) != 1 || g.problems[0].Code != "eth" {
			t.Errorf("%+v", g)
		}
	})
}

func TestHeaderFails(t *testing.T) {
	for name, c := range map[string]struct{ file, content, want string }{
		"empty":      {"services.csv", "", "is empty; its first line names the columns"},
		"missing":    {"services.csv", "code,name_vi,name_en\n", "the required column counted_in is missing; of its columns the file has code, name_vi, name_en"},
		"twice":      {"services.csv", "code,name_vi,name_en,counted_in,Code\n", "the column code stands there twice"},
		"semicolons": {"services.csv", "code;name_vi;name_en;counted_in\n", `the columns stand between ";"; separate them with commas`},
		"utf-16":     {"services.csv", "\xff\xfec\x00o\x00", "is UTF-16 text; save it as UTF-8"},
		"latin":      {"services.csv", "code,t\xean\n", "the header is not UTF-8"},
		"open quote": {"services.csv", "\"code,x\n", "never closed"},
		"no gzip":    {"services.csv.gz", "code", "is not gzip"},
		"property":   {"teams.geojsonl", `{"type":"Feature","properties":{"code":"1"},"geometry":null}`, "the required column name is missing"},
		"no list":    {"teams.geojson", `{"type":"Feature","properties":{}}`, "is no FeatureCollection"},
		"cut":        {"teams.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature"`, "is no valid JSON after feature 0"},
		"cut after":  {"teams.geojson", `{"type":"FeatureCollection","features":[]`, "is no valid JSON"},
		"crs":        {"teams.geojson", `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::9207"}},"features":[]}`, `its coordinates are in EPSG:9207 and bundle.json says 4326; put "srid": 9207 into bundle.json`},
		"no sqlite":  {"teams.gpkg", "x", "is no GeoPackage that can be read"},
		"no zip":     {"teams.zip", "x", "is no zip that can be read"},
		"long":       {"services.csv", "code,name_vi,name_en,counted_in\n" + strings.Repeat("x", maxRecord+1), "services.csv:2: the record is longer than 16 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			g := readFile(t, c.file, c.content)
			if g.err == nil || !strings.Contains(g.err.Error(), c.want) {
				t.Errorf("got %v, want %q", g.err, c.want)
			}
		})
	}
}

func TestUnknownColumnIsReportedOnce(t *testing.T) {
	g := readFile(t, "services.csv", "code,name_vi,phone,name_en,counted_in\na,A,1,A,person\nb,B,2,B,person\n")
	if len(g.rows) != 2 || len(g.problems) != 1 || g.problems[0].Code != "unknown_column" || g.problems[0].Column != "phone" || !g.problems[0].Kept {
		t.Errorf("%+v", g)
	}
}
