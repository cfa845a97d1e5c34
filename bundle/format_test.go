package bundle

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
