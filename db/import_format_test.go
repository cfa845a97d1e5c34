package db_test

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/xuri/excelize/v2"

	"vunglom/db"
)

func records(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// tool runs a program that comes with GDAL or PROJ and returns what it says.
func tool(t *testing.T, input, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (apt install gdal-bin proj-bin)", name)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin = strings.NewReader(input)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, complaints.String())
	}
	return string(out)
}

// asGeoJSONLines writes a table with a geometry or a position as features, without GDAL. A position has no other columns lon and lat.
func asGeoJSONLines(t *testing.T, text string) string {
	t.Helper()
	rows := records(t, text)
	var out strings.Builder
	for _, cells := range rows[1:] {
		properties, lon, lat := map[string]any{}, "", ""
		feature := map[string]any{"type": "Feature", "properties": properties, "geometry": nil}
		for i, name := range rows[0] {
			switch {
			case name == "geometry" && cells[i] != "":
				ring := strings.NewReplacer("POLYGON((", "[[", "))", "]]", ",", "],[", " ", ",").Replace(cells[i])
				feature["geometry"] = json.RawMessage(`{"type":"Polygon","coordinates":[` + ring + `]}`)
			case name == "lon":
				lon = cells[i]
			case name == "lat":
				lat = cells[i]
			case name != "geometry" && cells[i] != "":
				properties[name] = cells[i]
			}
		}
		if lon != "" {
			feature["geometry"] = json.RawMessage(`{"type":"Point","coordinates":[` + lon + `,` + lat + `]}`)
		}
		line, err := json.Marshal(feature)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	return out.String()
}

// placed are the tables of small that have places on the map.
var placed = []string{"units", "addresses", "service_points", "teams"}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// formats write small in other forms into a folder, and answer what to import.
var formats = map[string]func(t *testing.T, dir string) string{
	"csv.gz": func(t *testing.T, dir string) string {
		for name, text := range small {
			if strings.HasSuffix(name, ".csv") {
				put(t, dir, name+".gz", zipped(t, text))
			}
		}
		return dir
	},
	"csv with a byte-order mark, CRLF, columns turned round": func(t *testing.T, dir string) string {
		for name, text := range small {
			if !strings.HasSuffix(name, ".csv") {
				continue
			}
			var out strings.Builder
			out.WriteString("\ufeff")
			w := csv.NewWriter(&out)
			w.UseCRLF = true
			for _, cells := range records(t, text) {
				for i := range len(cells) / 2 {
					cells[i], cells[len(cells)-1-i] = cells[len(cells)-1-i], cells[i]
				}
				if err := w.Write(cells); err != nil {
					t.Fatal(err)
				}
			}
			w.Flush()
			put(t, dir, name, out.String())
		}
		return dir
	},
	"tables.xlsx": func(t *testing.T, dir string) string {
		book := excelize.NewFile()
		for name, text := range small {
			table, ok := strings.CutSuffix(name, ".csv")
			if !ok {
				continue
			}
			if _, err := book.NewSheet(table); err != nil {
				t.Fatal(err)
			}
			for i, cells := range records(t, text) {
				at, err := excelize.CoordinatesToCellName(1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := book.SetSheetRow(table, at, &cells); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := book.DeleteSheet("Sheet1"); err != nil {
			t.Fatal(err)
		}
		if err := book.SaveAs(filepath.Join(dir, "tables.xlsx")); err != nil {
			t.Fatal(err)
		}
		return dir
	},
	"geojsonl": func(t *testing.T, dir string) string {
		return placedAs(t, dir, func(table, text string) { put(t, dir, table+".geojsonl", text) })
	},
	"geojsonl.gz": func(t *testing.T, dir string) string {
		return placedAs(t, dir, func(table, text string) { put(t, dir, table+".geojsonl.gz", zipped(t, text)) })
	},
	"geojson": func(t *testing.T, dir string) string {
		return placedAs(t, dir, func(table, text string) {
			put(t, dir, table+".geojson", `{"type":"FeatureCollection","features":[`+strings.ReplaceAll(strings.TrimSpace(text), "\n", ",\n")+`]}`)
		})
	},
	"gpkg": func(t *testing.T, dir string) string {
		return placedAs(t, dir, func(table, text string) {
			source := filepath.Join(t.TempDir(), table+".geojsonl")
			put(t, filepath.Dir(source), filepath.Base(source), text)
			tool(t, "", "ogr2ogr", "-f", "GPKG", filepath.Join(dir, table+".gpkg"), source)
		})
	},
	"shapefile": func(t *testing.T, dir string) string {
		return placedAs(t, dir, func(table, text string) {
			source := filepath.Join(t.TempDir(), table+".geojsonl")
			put(t, filepath.Dir(source), filepath.Base(source), text)
			shape := filepath.Join(dir, table+".shz") // what GDAL calls a zipped Shapefile
			tool(t, "", "ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", shape, source)
			if err := os.Rename(shape, filepath.Join(dir, table+".zip")); err != nil {
				t.Fatal(err)
			}
		})
	},
	"zip of the folder": func(t *testing.T, dir string) string {
		path := filepath.Join(t.TempDir(), "province.zip")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := zip.NewWriter(file)
		for name, text := range small {
			entry, err := w.Create("Cà Mau/" + name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(entry, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	},
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// placedAs writes the tables with places by a format's own means, and the others as CSV.
func placedAs(t *testing.T, dir string, as func(table, features string)) string {
	t.Helper()
	for name, text := range small {
		if strings.HasSuffix(name, ".csv") {
			put(t, dir, name, text)
		}
	}
	for _, table := range placed {
		if err := os.Remove(filepath.Join(dir, table+".csv")); err != nil {
			t.Fatal(err)
		}
		as(table, asGeoJSONLines(t, small[table+".csv"]))
	}
	return dir
}

// TestFormatsLandTheSame imports one province in every format the contract names: what is stored is the same to the last digit.
func TestFormatsLandTheSame(t *testing.T) {
	t.Parallel()
	csv := newLanding(t)
	original := csv.land(t, small, db.ImportOptions{})
	want, derived := said(t, csv.sql), derivedSaid(t, csv)
	for name, as := range formats {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put(t, dir, "bundle.json", small["bundle.json"])
			path := as(t, dir)
			l := newLanding(t)
			r := l.landDir(t, path, db.ImportOptions{})
			if diff := cmp.Diff(original.Tables, r.Tables); diff != "" {
				t.Errorf("counts: %s\n%+v", diff, r.Problems)
			}
			if diff := cmp.Diff(want, said(t, l.sql)); diff != "" {
				t.Errorf("%.3000s", diff)
			}
			if diff := cmp.Diff(derived, derivedSaid(t, l)); diff != "" {
				t.Errorf("derived: %.3000s", diff)
			}
		})
	}
}
