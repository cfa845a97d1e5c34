package bundle

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// fuzzFile feeds a file of any bytes to a table's reader. Whatever stands in it, the
// reading ends, counts what it read, gives rows that hold what the table promises, and
// fails only with an error that names the file.
func fuzzFile(t *testing.T, name string, data []byte) got {
	table, _, _ := partOf(&entry{name: name})
	return fuzzTable(t, folder(t, map[string]string{name: string(data)}), table)
}

// fuzzTable reads a table of a bundle, and copies what is wrong with it.
func fuzzTable(t *testing.T, dir string, table *Table) got {
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	g := readAll(t, b, table)
	checkReading(t, table, g)
	lines := make(map[string]*Lines)
	for _, p := range g.problems {
		if lines[p.File] == nil {
			lines[p.File] = new(Lines)
		}
		lines[p.File].Add(p.Line)
	}
	if err := b.Copy(t.Context(), table, lines, t.TempDir()); err != nil && g.err == nil {
		t.Errorf("read without an error, but copied with %v", err)
	}
	return g
}

func checkReading(t *testing.T, table *Table, g got) {
	t.Helper()
	var failure *FileError
	if g.err != nil && (!errors.As(g.err, &failure) || failure.File == "") {
		t.Errorf("the error names no file: %v", g.err)
	}
	for _, r := range g.rows {
		for i, c := range table.Columns {
			v := r.Values[i]
			if c.Required && !v.Known {
				t.Errorf("line %d came without %s", r.Line, c.Name)
			}
			if c.Type == Geometry && v.Known {
				var p place
				if _, err := p.readWKB(v.Bytes); err != nil || p.kind != placePolygons || p.shape.closed != 0 {
					t.Errorf("line %d has a geometry that can't be read: %v", r.Line, err)
				}
			}
		}
	}
}

const unitFeature = `{"type":"Feature","properties":{"level":"hamlet","code":"1","name":"A","kind":"ap","valid_from":"2020-01-01"},"geometry":{"type":"Polygon","coordinates":[[[105,9],[106,9],[106,10],[105,9]]]}}`

func FuzzGeoJSON(f *testing.F) {
	f.Add([]byte(collection(unitFeature)))
	f.Add([]byte(`{"features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[]}}],"crs":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "units.geojson", data) })
}

func FuzzGeoJSONLines(f *testing.F) {
	f.Add([]byte(unitFeature + "\n\x1e{\"type\":\"Feature\",\"properties\":{\"\\u00d0\":[],\"level\":{}}}\n\n{"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "units.geojsonl", data) })
}

func FuzzGeometry(f *testing.F) {
	f.Add([]byte("SRID=4326;MULTIPOLYGON Z (((105 9 1, 106 9 1, 106 10 1)), ((1 2, 3 4, 5 6, 1 2)))"))
	f.Add([]byte("POINT EMPTY"))
	f.Add([]byte("00000000030000000100000004405A4000000000004022000000000000"))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6]]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		var p, again place
		p.readText(data, 4326)
		if p.err != nil || p.kind != placePolygons {
			return
		}
		again.readText(p.appendWKT(nil), 4326)
		if again.err != nil || !bytes.Equal(p.shape.appendWKB(nil), again.shape.appendWKB(nil)) {
			t.Errorf("%s is read as %v, %v", p.appendWKT(nil), again.shape, again.err)
		}
	})
}

func FuzzPackageGeometry(f *testing.F) {
	var s place
	s.readText([]byte("POLYGON ((105 9, 106 9, 106 10, 105 9))"), 4326)
	f.Add(s.shape.appendWKB([]byte("GP\x00\x01\xe6\x10\x00\x00")))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p place
		p.readPackage(data)
		if p.err == nil && p.kind == placePolygons && len(p.shape.polygons) == 0 {
			t.Error("an empty geometry was taken")
		}
	})
}

func FuzzShape(f *testing.F) {
	f.Add(append([]byte{5, 0, 0, 0}, make([]byte, 100)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4 {
			return
		}
		var p place
		p.readShape(data)
		if p.err == nil && p.kind == placePolygons && len(p.shape.polygons) == 0 {
			t.Error("an empty geometry was taken")
		}
	})
}

// byOGR adds a file that ogr2ogr writes to the seeds, where it is installed.
func byOGR(f *testing.F, name, format string) {
	dir := f.TempDir()
	source := filepath.Join(dir, "source.geojsonl")
	write(f, source, unitFeature)
	ogr(f, "-f", format, "-nln", "units", filepath.Join(dir, name), source)
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
}

func FuzzGeoPackage(f *testing.F) {
	byOGR(f, "units.gpkg", "GPKG")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "units.gpkg", data) })
}

func FuzzShapefile(f *testing.F) {
	byOGR(f, "units.shz", "ESRI Shapefile")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "units.zip", data) })
}

// FuzzDBF feeds the parts of a Shapefile, which a zip's checksums keep from FuzzShapefile.
func FuzzDBF(f *testing.F) {
	dir := f.TempDir()
	write(f, filepath.Join(dir, "source.geojsonl"), unitFeature)
	ogr(f, "-f", "ESRI Shapefile", "-nln", "units", filepath.Join(dir, "units.shp"), filepath.Join(dir, "source.geojsonl"))
	var parts [2][]byte
	for i, ext := range []string{".shp", ".dbf"} {
		data, err := os.ReadFile(filepath.Join(dir, "units"+ext))
		if err != nil {
			f.Fatal(err)
		}
		parts[i] = data
	}
	f.Add(parts[0], parts[1], "UTF-8")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, cpg string) {
		path := zipped(t, [2]string{"x.shp", string(shp)}, [2]string{"x.dbf", string(dbf)}, [2]string{"x.cpg", cpg})
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fuzzFile(t, "units.zip", data)
	})
}

// FuzzWorkbook feeds the XML of a sheet.
func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="7"><c r="A7"><v>1</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>household_code</t></is></c><c t="inlineStr"><is><t>team_code</t></is></c><c t="inlineStr"><is><t>visited_on</t></is></c><c t="inlineStr"><is><t>outcome</t></is></c></row>
		<row r="3"><c><v>1</v></c><c><v>2</v></c><c r="C3" t="str"><v>T</v></c><c><v>45839</v></c><c t="inlineStr"><is><t>guided</t></is></c></row><row><c><v>1e11</v></c><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="999999999999"><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		book := excelize.NewFile()
		if err := book.SetSheetName("Sheet1", "visits"); err != nil {
			t.Fatal(err)
		}
		book.Sheet.Clear()
		book.Pkg.Store("xl/worksheets/sheet1.xml", sheet)
		dir := folder(t, nil)
		if err := book.SaveAs(filepath.Join(dir, workbook)); err != nil {
			return // excelize looks at some sheets when it saves them
		}
		fuzzTable(t, dir, TableNamed("visits"))
	})
}

func FuzzMeta(f *testing.F) {
	f.Add([]byte(metaText))
	f.Add([]byte(`{"province": "96", "as_of": "2024-09-30", "source": "s", "licence": null, "srid": 9207, "synthetic": true, "x": []}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, _, err := readMeta(MetaFile, bytes.NewReader(data))
		if err != nil {
			var failure *FileError
			if !errors.As(err, &failure) || failure.File == "" {
				t.Errorf("the error names no file: %v", err)
			}
			return
		}
		var out bytes.Buffer
		if err := writeMeta(&out, m); err != nil {
			t.Fatal(err)
		}
		again, unknown, err := readMeta(MetaFile, &out)
		if err != nil || len(unknown) > 0 || again != m {
			t.Errorf("%+v came back as %+v, %v, %v", m, again, unknown, err)
		}
	})
}

func FuzzZip(f *testing.F) {
	data, err := os.ReadFile(zipped(f, [2]string{"x/" + MetaFile, metaText}, [2]string{"x/visits.csv", "code\n1\n"}, [2]string{"x/units.geojsonl", unitFeature}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "bundle.zip")
		write(t, path, string(data))
		b, err := Open(path)
		if err != nil {
			var failure *FileError
			if !errors.As(err, &failure) {
				t.Errorf("the error names no file: %v", err)
			}
			return
		}
		defer b.Close()
		for _, table := range Tables {
			checkReading(t, table, readAll(t, b, table))
		}
	})
}

// FuzzClean holds that a text put right once is right.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"Ðầm  Dơi", "Đâ\u0300m\u00a0Dơi", "\u0344\u0958", "a\u0323\u0302 \u3000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || classify([]byte(s)) == classControl {
			return // only what a reader passes on
		}
		once, done := tidy(s, true)
		twice, again := tidy(once, true)
		if once != twice || again != 0 {
			t.Errorf("%+q is %+q, then %+q (%b, %b)", s, once, twice, done, again)
		}
		if classify([]byte(s)) == classPlain && once != s && once != string(trim([]byte(s))) {
			t.Errorf("%+q passes as it is, but ought to be %+q", s, once)
		}
	})
}
