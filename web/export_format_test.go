package web_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// testExportFormats reads every file in every format by another program or library: the same rows, in the same order.
func testExportFormats(t *testing.T, h http.Handler, _ *sql.DB) {
	for name, arguments := range map[string]string{
		"coverage": "level=HAMLET&asOf=2024-09-30", "gaps": "asOf=2024-09-30", "addresses": "asOf=2024-09-30&within=DISTRICT:972", "gap-areas": "asOf=2024-09-30&distanceMetres=800",
		"quality": "asOf=2024-09-30", "plan": "asOf=2024-09-30",
	} {
		want := readCSV(t, get(t, h, "/export/"+name+".csv?headers=name&"+arguments).Body.Bytes())
		layer := strings.ReplaceAll(name, "-", "_")
		for _, format := range []string{"xlsx", "geojson", "gpkg"} {
			w := get(t, h, "/export/"+name+"."+format+"?headers=name&"+arguments)
			if w.Code != http.StatusOK {
				t.Fatalf("%s.%s: %d %s", name, format, w.Code, w.Body)
			}
			path := filepath.Join(t.TempDir(), name+"."+format)
			if err := os.WriteFile(path, w.Body.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			var got [][]string
			switch format {
			case "xlsx":
				f, err := excelize.OpenFile(path)
				if err != nil {
					t.Fatal(err)
				}
				got, err = f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				f.Close()
			default:
				got = ogrRows(t, path, layer)
			}
			if len(got) != len(want)+1 || len(want) == 0 {
				t.Fatalf("%s.%s: %d rows, want %d", name, format, len(got)-1, len(want))
			}
			for i, row := range want {
				for j, column := range got[0] {
					cell := ""
					if j < len(got[i+1]) {
						cell = got[i+1][j]
					}
					if !sameCell(cell, row[column]) {
						t.Errorf("%s.%s, row %d: %s is %q, want %q", name, format, i, column, cell, row[column])
					}
				}
			}
		}
	}
}

// sameCell compares two programs' ways of writing a value.
func sameCell(got, want string) bool {
	want = strings.TrimPrefix(want, "'") // against formulas, in CSV alone
	if got == want {
		return true
	}
	switch want {
	case "true":
		return got == "1" || got == "TRUE"
	case "false":
		return got == "0" || got == "FALSE"
	}
	a, errA := strconv.ParseFloat(got, 64)
	b, errB := strconv.ParseFloat(want, 64)
	if errA == nil && errB == nil {
		return a == b || max(a-b, b-a) <= 1e-12*max(a, -a, 1e-9)
	}
	if errA == nil && len(want) == len("2006-01-02") { // a workbook counts days
		day, err := excelize.ExcelDateToTime(a, false)
		return err == nil && day.Format("2006-01-02") == want
	}
	return strings.ReplaceAll(got, "/", "-") == want
}

// ogrRows has GDAL read a layer and write it as CSV.
func ogrRows(t *testing.T, path, layer string) [][]string {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed: .ci/install test")
	}
	out := filepath.Join(t.TempDir(), "out.csv")
	if text, err := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "CSV", "-lco", "STRING_QUOTING=IF_NEEDED", out, path, layer).CombinedOutput(); err != nil || len(text) > 0 {
		t.Fatalf("ogr2ogr: %v %s", err, text)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
