package bundle

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

const (
	unitsCSV = "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,population,households,geometry\n" +
		"commune,00123,Đầm Dơi,xa,province,96,2024-12-01,,1200,,\"POLYGON ((105.1 9.1, 105.2 9.1, 105.2 9.2, 105.1 9.1))\"\n" +
		"commune,00124,Phường 4,phuong,province,96,2024-12-01,2025-07-01,,30," +
		"\"MULTIPOLYGON (((105 9, 106 9, 106 10, 105 10, 105 9), (105.2 9.2, 105.2 9.4, 105.4 9.4, 105.2 9.2)), ((107 9, 108 9, 108 10, 107 9)))\"\n" +
		"province,96,Cà Mau,tinh,,,2004-08-31,,,,\n"
	addressesCSV = "scheme,code,lon,lat,kind,commune_code,hamlet_code,label,surveyed_on\n" +
		"dia_chi_so,0123456789,105.1234567,9.5,household,00123,00123-01,\"Số 1, ấp Tân Hòa\",2023-01-31\n" +
		"local,x2,104.9,8.75,public,,,,\n"
)

// wantRows reads the CSV that all formats are compared with.
func wantRows(t *testing.T, table *Table, content string) []Row {
	t.Helper()
	g := readFile(t, table.Name+".csv", content)
	if g.err != nil || len(g.problems) > 0 {
		t.Fatal(g.err, g.problems)
	}
	return g.rows
}

// sameRows compares values, and not where they stand. Formats without a type for a
// single polygon in a layer of many may give a MultiPolygon of one.
func sameRows(t *testing.T, table *Table, want, got []Row) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range want {
		for k, c := range table.Columns {
			w, g := want[i].Values[k], got[i].Values[k]
			if c.Type == Geometry && w.Known && g.Known {
				w.Bytes, g.Bytes = normalShape(t, w.Bytes), normalShape(t, g.Bytes)
			}
			if len(w.Bytes) == 0 && len(g.Bytes) == 0 {
				w.Bytes, g.Bytes = nil, nil
			}
			if diff := cmp.Diff(w, g); diff != "" {
				t.Errorf("row %d, %s: %s", i+1, c.Name, diff)
			}
		}
	}
}

// normalShape gives every polygon as a MultiPolygon with rings wound one way from their
// smallest point on.
func normalShape(t *testing.T, wkb []byte) []byte {
	t.Helper()
	var p place
	if _, err := p.readWKB(wkb); err != nil {
		t.Fatal(err)
	}
	p.shape.multi = true
	start := 0
	for _, end := range p.shape.rings {
		ring := p.shape.coords[start : end-2]
		if clockwiseArea(p.shape.coords[start:end]) < 0 {
			for i, k := 0, len(ring)-2; i < k; i, k = i+2, k-2 {
				ring[i], ring[i+1], ring[k], ring[k+1] = ring[k], ring[k+1], ring[i], ring[i+1]
			}
		}
		least := 0
		for i := 2; i < len(ring); i += 2 {
			if ring[i] < ring[least] || ring[i] == ring[least] && ring[i+1] < ring[least+1] {
				least = i
			}
		}
		turned := append(append([]float64(nil), ring[least:]...), ring[:least]...)
		copy(ring, turned)
		p.shape.coords[end-2], p.shape.coords[end-1] = ring[0], ring[1]
		start = end
	}
	return p.shape.appendWKB(nil)
}

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// asGeoJSON writes rows with our own writer and returns the file.
func asGeoJSON(t *testing.T, rows []Row) string {
	t.Helper()
	dir := t.TempDir()
	w, err := Create(dir, Meta{Province: "96", Source: "s"})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := w.Table(TableNamed("units"), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := tw.Write(r.Values); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(tw.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "units.geojsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const addressesGeoJSON = `{"type":"Feature","properties":{"scheme":"dia_chi_so","code":"0123456789","kind":"household","commune_code":"00123","hamlet_code":"00123-01","label":"S\u1ed1 1, ấp Tân Hòa","surveyed_on":"2023-01-31"},"geometry":{"type":"Point","coordinates":[105.1234567,9.5,3]}}
{"geometry":{"coordinates":[1.049e2, 8.75],"type":"Point"},"type":"Feature","id":7,"properties":{"scheme":"local","code":"x2","kind":"public","commune_code":null,"hamlet_code":"","label":null,"surveyed_on":null}}
`

// collection makes a FeatureCollection of newline-delimited features.
func collection(lines string) string {
	return `{"type":"FeatureCollection","name":"x","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},` + "\n" + `"features":[` +
		strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",\n") + "],\"bbox\":[1,2,3,4]}\n"
}

// TestFormats reads the same rows from every format that needs no other program.
func TestFormats(t *testing.T) {
	units, addresses := TableNamed("units"), TableNamed("addresses")
	wantUnits, wantAddresses := wantRows(t, units, unitsCSV), wantRows(t, addresses, addressesCSV)
	lines := asGeoJSON(t, wantUnits)
	for name, content := range map[string]string{
		"units.csv":              "\ufeff" + unitsCSV,
		"units.csv.gz":           gzipped(t, unitsCSV),
		"units.geojsonl":         lines,
		"units.ndjson":           "\ufeff\x1e" + strings.ReplaceAll(lines, "\n", "\r\n\x1e"),
		"units.geojsonl.gz":      gzipped(t, lines),
		"units.geojson":          collection(lines),
		"units.geojson.gz":       gzipped(t, "\ufeff"+collection(lines)),
		"addresses.csv":          strings.ReplaceAll(addressesCSV, "\n", "\r\n"),
		"addresses.geojsonl":     addressesGeoJSON,
		"addresses.geojson":      collection(addressesGeoJSON),
		"addresses.geojsonl.gz":  gzipped(t, addressesGeoJSON),
		"addresses.geojson.gz":   gzipped(t, collection(addressesGeoJSON)),
		"addresses.ndjson.gz":    gzipped(t, addressesGeoJSON),
		"service_points.csv.gz":  gzipped(t, "code,kind,name,lon,lat\n"),
		"service_points.geojson": collection(""),
	} {
		t.Run(name, func(t *testing.T) {
			table, _, _ := partOf(&entry{name: name})
			want := map[string][]Row{"units": wantUnits, "addresses": wantAddresses}[table.Name]
			g := readFile(t, name, content)
			if g.err != nil || len(g.problems) > 0 {
				t.Fatal(g.err, g.problems)
			}
			sameRows(t, table, want, g.rows)
			for i, r := range g.rows {
				if r.File != name {
					t.Errorf("row %d says it stands in %s", i, r.File)
				}
			}
			in := readAll(t, open(t, zipped(t, [2]string{"x/" + MetaFile, metaText}, [2]string{"x/" + name, content})), table)
			if in.err != nil {
				t.Fatal(in.err)
			}
			sameRows(t, table, want, in.rows)
		})
	}
}

func TestSeveralFilesOfOneTable(t *testing.T) {
	b := open(t, folder(t, map[string]string{"units.geojsonl": asGeoJSON(t, wantRows(t, TableNamed("units"), unitsCSV)), "units.csv": unitsCSV}))
	g := readAll(t, b, TableNamed("units"))
	if len(g.rows) != 6 || g.rows[0].File != "units.csv" || g.rows[3].File != "units.geojsonl" || g.rows[3].Line != 1 {
		t.Errorf("%d rows, %v", len(g.rows), g.err)
	}
}

func TestUnclosedRing(t *testing.T) {
	for name, content := range map[string]string{
		"units.csv":      "level,code,name,kind,valid_from,geometry\nhamlet,1,A,ap,2020-01-01,\"POLYGON Z ((105 9 1, 106 9 1, 106 10 1))\"\n",
		"units.geojsonl": `{"type":"Feature","properties":{"level":"hamlet","code":1,"name":"A","kind":"ap","valid_from":"2020-01-01"},"geometry":{"type":"Polygon","coordinates":[[[105,9],[106,9],[106,10]]]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			g := readFile(t, name, content)
			if g.err != nil || len(g.rows) != 1 || len(g.problems) != 1 || g.problems[0].Code != "unclosed_ring" || !g.problems[0].Kept {
				t.Fatalf("%+v", g)
			}
			want := "POLYGON ((105 9, 106 9, 106 10, 105 9))"
			var p place
			if _, err := p.readWKB(g.rows[0].cell(TableNamed("units"), "geometry").Bytes); err != nil || string(p.appendWKT(nil)) != want {
				t.Errorf("%s, %v", p.appendWKT(nil), err)
			}
		})
	}
}

// TestGeometryCells reads a polygon from every notation a cell may have.
func TestGeometryCells(t *testing.T) {
	const want = "POLYGON ((105 9, 106 9, 106 10.5, 105 9))"
	for name, cell := range map[string]string{
		"wkt":       " polygon((105 9,106 9,106 10.5,105 9)) ",
		"ewkt":      "SRID=4326;POLYGON ((105 9, 106 9, 106 10.5, 105 9))",
		"wkt zm":    "POLYGON ZM ((105 9 0 1, 106 9 0 1, 106 10.5 0 1, 105 9 0 1))",
		"wkt z":     "POLYGONZ((105 9 0, 106 9 0, 1.06e2 10.5 0, 105 9 0))",
		"geojson":   `{"type": "Polygon", "coordinates": [[[105, 9], [106, 9, 7], [106, 10.5], [105, 9]]]}`,
		"wkb":       "01030000000100000004000000" + "0000000000405A40" + "0000000000002240" + "0000000000805A40" + "0000000000002240" + "0000000000805A40" + "0000000000002540" + "0000000000405A40" + "0000000000002240",
		"ewkb":      "0103000020e61000000100000004000000" + "0000000000405A40" + "0000000000002240" + "0000000000805A40" + "0000000000002240" + "0000000000805A40" + "0000000000002540" + "0000000000405A40" + "0000000000002240",
		"wkb big":   "00000000030000000100000004" + "405A400000000000" + "4022000000000000" + "405A800000000000" + "4022000000000000" + "405A800000000000" + "4025000000000000" + "405A400000000000" + "4022000000000000",
		"wkb iso z": "01eb0300000100000004000000" + "0000000000405A40" + "0000000000002240" + "0000000000000000" + "0000000000805A40" + "0000000000002240" + "0000000000000000" + "0000000000805A40" + "0000000000002540" + "0000000000000000" + "0000000000405A40" + "0000000000002240" + "0000000000000000",
	} {
		t.Run(name, func(t *testing.T) {
			g := readFile(t, "units.csv", "level,code,name,kind,valid_from,geometry\nhamlet,1,A,ap,2020-01-01,\""+strings.ReplaceAll(cell, `"`, `""`)+"\"\n")
			if len(g.rows) != 1 {
				t.Fatalf("%+v", g)
			}
			var p place
			if _, err := p.readWKB(g.rows[0].cell(TableNamed("units"), "geometry").Bytes); err != nil || string(p.appendWKT(nil)) != want {
				t.Errorf("%s, %v", p.appendWKT(nil), err)
			}
		})
	}
}

// TestWorkbook reads sheets with everything spreadsheets do to codes and days.
func TestWorkbook(t *testing.T) {
	book := excelize.NewFile()
	sheet := "addresses"
	style := func(s excelize.Style) int {
		id, err := book.NewStyle(&s)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	text := func(s string) *string { return &s }
	set := func(sheet, cell string, value any) {
		if err := book.SetCellValue(sheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{sheet, "visits", "Ghi chú"} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"scheme", "code", "lon", "lat", "kind", "commune_code", "hamlet_code", "label", "surveyed_on"} {
		cell, _ := excelize.CoordinatesToCellName(i+1, 1)
		set(sheet, cell, name)
	}
	// The first address with types of their own, the second as text, and a gap between.
	set(sheet, "A2", "dia_chi_so")
	set(sheet, "B2", 123456789)
	set(sheet, "C2", 105.1234567)
	set(sheet, "D2", 9.5)
	set(sheet, "E2", "household")
	set(sheet, "F2", 123)
	set(sheet, "G2", "00123-01")
	set(sheet, "H2", "Số 1, ấp Tân Hòa")
	set(sheet, "I2", 44957)
	for cell, id := range map[string]int{
		"B2": style(excelize.Style{CustomNumFmt: text("0000000000")}),
		"C2": style(excelize.Style{CustomNumFmt: text("0.00")}),
		"F2": style(excelize.Style{CustomNumFmt: text("00000")}),
		"I2": style(excelize.Style{CustomNumFmt: text("dd/mm/yyyy")}),
	} {
		if err := book.SetCellStyle(sheet, cell, cell, id); err != nil {
			t.Fatal(err)
		}
	}
	for cell, value := range map[string]string{"A4": "local", "B4": "x2", "C4": "104.9", "D4": "8.75", "E4": "public"} {
		if err := book.SetCellStr(sheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range []string{"code", "household_code", "team_code", "visited_on", "outcome"} {
		cell, _ := excelize.CoordinatesToCellName(i+1, 1)
		set("visits", cell, name)
	}
	for row, day := range map[string]any{"2": "2025-07-01", "3": 45839, "4": "01/07/2025", "5": 20250701} {
		set("visits", "A"+row, 123456789012)
		set("visits", "B"+row, "h")
		set("visits", "C"+row, "t")
		set("visits", "D"+row, day)
		set("visits", "E"+row, "guided")
	}
	dir := folder(t, nil)
	if err := book.SaveAs(filepath.Join(dir, workbook)); err != nil {
		t.Fatal(err)
	}
	b := open(t, dir)
	if u := b.Unknown(); len(u) != 1 || u[0].File != "tables.xlsx#Ghi chú" {
		t.Errorf("unknown %v", u)
	}
	addresses := TableNamed("addresses")
	g := readAll(t, b, addresses)
	if g.err != nil || len(g.problems) > 0 {
		t.Fatal(g.err, g.problems)
	}
	sameRows(t, addresses, wantRows(t, addresses, addressesCSV), g.rows)
	if g.rows[1].Line != 4 || g.rows[1].File != "tables.xlsx#addresses" {
		t.Errorf("the second row stands at %s:%d", g.rows[1].File, g.rows[1].Line)
	}
	g = readAll(t, b, TableNamed("visits"))
	if g.err != nil || len(g.rows) != 2 || len(g.problems) != 2 {
		t.Fatalf("%+v", g)
	}
	for _, r := range g.rows {
		if r.Values[0].Text != "123456789012" || r.Values[3].Integer != daysFrom(2025, 7, 1) {
			t.Errorf("%+v", r.Values)
		}
	}
	for _, p := range g.problems {
		if p.Code != "bad_date" || !strings.Contains(p.Message, "write it as 2025-07-01") {
			t.Errorf("%+v", p)
		}
	}
	if b.Size(addresses) <= 0 {
		t.Error("a sheet has no size")
	}
	// The rejects of a sheet are CSV.
	rejects := t.TempDir()
	if err := b.Copy(t.Context(), TableNamed("visits"), map[string]map[int64]bool{"tables.xlsx#visits": {4: true}}, rejects); err != nil {
		t.Fatal(err)
	}
	sameFile(t, filepath.Join(rejects, "tables.xlsx.visits.csv"), "code,household_code,team_code,visited_on,outcome\n123456789012,h,t,01/07/2025,guided\n")
}

func sameFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// ogr runs ogr2ogr, the program most of these files come from.
func ogr(t testing.TB, args ...string) {
	t.Helper()
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed (apt install gdal-bin)")
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
}

// TestFormatsOfOGR reads files that ogr2ogr writes.
func TestFormatsOfOGR(t *testing.T) {
	units, addresses := TableNamed("units"), TableNamed("addresses")
	wantUnits, wantAddresses := wantRows(t, units, unitsCSV), wantRows(t, addresses, addressesCSV)
	source := t.TempDir()
	from := map[*Table]string{units: filepath.Join(source, "units.geojsonl"), addresses: filepath.Join(source, "addresses.geojsonl")}
	write(t, from[units], asGeoJSON(t, wantUnits))
	write(t, from[addresses], addressesGeoJSON)
	for name, c := range map[string]struct {
		file string
		args []string
	}{
		"geopackage":       {"NAME.gpkg", []string{"-f", "GPKG", "-nln", "NAME"}},
		"geopackage layer": {"NAME.gpkg", []string{"-f", "GPKG", "-nln", "Lớp 1"}},
		"geopackage z":     {"NAME.gpkg", []string{"-f", "GPKG", "-nln", "x", "-dim", "XYZ"}},
		"geojson":          {"NAME.geojson", []string{"-f", "GeoJSON"}},
		"geojson lines":    {"NAME.geojsonl", []string{"-f", "GeoJSONSeq", "-lco", "RS=YES"}},
		"shapefile":        {"NAME.zip", []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-nln", "NAME"}},
		"shapefile z":      {"NAME.zip", []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-nln", "NAME", "-dim", "XYZ"}},
	} {
		for table, want := range map[*Table][]Row{units: wantUnits, addresses: wantAddresses} {
			t.Run(name+" "+table.Name, func(t *testing.T) {
				dir := folder(t, nil)
				file := filepath.Join(dir, strings.ReplaceAll(c.file, "NAME", table.Name))
				target := strings.TrimSuffix(file, ".zip")
				if target != file {
					target = file + ".shz" // what GDAL calls a zipped Shapefile
				}
				args := []string{}
				for _, a := range c.args {
					args = append(args, strings.ReplaceAll(a, "NAME", table.Name))
				}
				ogr(t, append(args, target, from[table])...)
				if target != file {
					if err := os.Rename(target, file); err != nil {
						t.Fatal(err)
					}
				}
				g := readAll(t, open(t, dir), table)
				if g.err != nil {
					t.Fatal(g.err)
				}
				for _, p := range g.problems {
					if p.Code != "unknown_column" || p.Column != "id" {
						t.Errorf("%+v", p)
					}
				}
				sameRows(t, table, want, g.rows)
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				packed, err := Open(zipped(t, [2]string{MetaFile, metaText}, [2]string{filepath.Base(file), string(data)}))
				if err != nil {
					t.Fatal(err)
				}
				in := readAll(t, packed, table)
				if in.err != nil {
					t.Fatal(in.err)
				}
				sameRows(t, table, want, in.rows)
				temp := packed.store.temp
				if err := packed.Close(); err != nil {
					t.Fatal(err)
				}
				if _, err := os.Stat(temp); temp != "" && !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%s is still there: %v", temp, err)
				}
			})
		}
	}
}

func TestGeoPackageOfAnotherSRID(t *testing.T) {
	dir := folder(t, map[string]string{"source.geojsonl": addressesGeoJSON})
	ogr(t, "-f", "GPKG", "-t_srs", "EPSG:32648", filepath.Join(dir, "addresses.gpkg"), filepath.Join(dir, "source.geojsonl"))
	g := readAll(t, open(t, dir), TableNamed("addresses"))
	var failure *FileError
	if !errors.As(g.err, &failure) || failure.Value != "32648" || !strings.Contains(failure.Message, `put "srid": 32648 into bundle.json`) {
		t.Errorf("got %v", g.err)
	}
}

func TestShapefileOfAnotherEncoding(t *testing.T) {
	dir := folder(t, map[string]string{"source.csv": "level,code,name,kind,valid_from,WKT\nhamlet,001,Ấp Tân Hòa Đông,ap,2020-01-01,\"POLYGON ((105 9,105 10,106 10,105 9))\"\n"})
	target := filepath.Join(dir, "units.shz")
	ogr(t, "-f", "ESRI Shapefile", "-lco", "ENCODING=CP1258", "-nln", "units", target, filepath.Join(dir, "source.csv"))
	if err := os.Rename(target, filepath.Join(dir, "units.zip")); err != nil {
		t.Fatal(err)
	}
	g := readAll(t, open(t, dir), TableNamed("units"))
	if g.err != nil || len(g.rows) != 1 {
		t.Fatalf("%+v", g)
	}
	t.Logf("%+q %v", g.rows[0].Values[2].Text, g.problems)
}

func TestCopy(t *testing.T) {
	bad := "\"v\"\"2\",h,t,\"31/12/2024\n\",guided\n"
	b := open(t, folder(t, map[string]string{
		"visits.csv.gz":  gzipped(t, "\ufeffcode,household_code,team_code,visited_on,outcome\r\nv1,h,t,2024-01-01,guided\r\n"+bad+"v3\xff,h,t,2024-01-01,guided\n\"v4,h\nv5,h,t,x,guided"),
		"units.geojson":  "{\"features\": [\n{\"type\": \"Feature\",\n \"properties\": {\"level\": \"x\"}},\n{}]}",
		"units.geojsonl": "{}\nnonsense\n",
	}))
	rejects := filepath.Join(t.TempDir(), "a", "b")
	lines := map[string]map[int64]bool{"units.geojson": {1: true, 2: true}, "units.geojsonl": {1: true, 2: true}}
	for _, p := range readAll(t, b, TableNamed("visits")).problems {
		if lines[p.File] == nil {
			lines[p.File] = make(map[int64]bool)
		}
		lines[p.File][p.Line] = true
	}
	for _, table := range []*Table{TableNamed("visits"), TableNamed("units")} {
		if err := b.Copy(t.Context(), table, lines, rejects); err != nil {
			t.Fatal(err)
		}
	}
	sameFile(t, filepath.Join(rejects, "visits.csv"), "code,household_code,team_code,visited_on,outcome\n"+bad+"v3\xff,h,t,2024-01-01,guided\n\"v4,h\nv5,h,t,x,guided\n")
	sameFile(t, filepath.Join(rejects, "units.geojsonl.geojsonl"), "{}\nnonsense\n")
	sameFile(t, filepath.Join(rejects, "units.geojsonl"), "{\"type\": \"Feature\", \"properties\": {\"level\": \"x\"}}\n{}\n")
}
