package table_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vunglom/table"
)

// sample is a table of every kind, with what a file format can get wrong.
var sample = &table.Table{
	Name: "sample", Vi: "Mẫu", En: "Sample", Geometry: table.MultiPolygon, Fixed: 2,
	Columns: []table.Column{
		{Name: "code", Vi: "Mã", En: "Code", Kind: table.Code},
		{Name: "name", Vi: "Tên đầy đủ", En: "Full name"},
		{Name: "guided", Vi: "Đã hướng dẫn (hộ)", En: "Guided (households)", Kind: table.Whole},
		{Name: "distance", Vi: "Khoảng cách (m)", En: "Distance (m)", Kind: table.Metres},
		{Name: "share", Vi: "Tỷ lệ", En: "Share", Kind: table.Share},
		{Name: "longitude", Vi: "Kinh độ (độ)", En: "Longitude (degrees)", Kind: table.Degree},
		{Name: "day", Vi: "Ngày", En: "Day", Kind: table.Day},
		{Name: "moment", Vi: "Lúc", En: "Moment", Kind: table.Moment},
		{Name: "remote", Vi: "Vùng xa", En: "Remote", Kind: table.Truth},
	},
}

var about = &table.About{
	AsOf: day("2024-09-30"), BoundariesAsOf: day("2025-07-01"), Snapshot: "96-1", Arguments: "level=COMMUNE",
	Origins: []table.Origin{{Province: "96", Snapshot: "96-1", DataAsOf: day("2026-10-31"), Source: `Nguồn "thử"`, Licence: "CC0-1.0", Synthetic: true,
		ImportedAt: time.Date(2026, 11, 1, 7, 15, 30, 0, time.UTC)}},
	Notes: []table.Note{{Name: "total", Vi: "Tổng", En: "Total", Value: 42}},
}

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

const square = `{"type":"Polygon","coordinates":[[[105,9],[105.5,9],[105.5,9.25],[105,9.25],[105,9]]]}`
const squares = `{"type":"MultiPolygon","coordinates":[[[[104,8],[104.5,8],[104.5,8.5],[104,8]]],[[[106,9],[106.5,9],[106.5,9.5],[106,9]]]]}`

var moment = time.Date(2026, 10, 31, 7, 15, 30, 0, time.UTC)

// rows are those of the sample. Texts that spreadsheets take for formulas stand among the names.
var rows = []table.Row{
	{Province: "96", Cells: []any{"0012345678", "ấp Đầm Dơi, \"khóm\" 4\nhai dòng", 12, -1234.5678, 1.0 / 3, 105.12345678, day("2024-09-30"), moment, true}, Shape: []byte(square)},
	{Province: "96", Cells: []any{"007", `=HYPERLINK("http://x","y")`, -5, 0.0, 0.0, -0.1, day("1899-12-31").AddDate(1, 0, 0), moment, false}, Shape: []byte(squares)},
	{Province: "97", Cells: []any{nil, "+1", nil, nil, nil, nil, nil, nil, nil}},
	{Province: "96", Cells: []any{"-1", "@SUM(A1)", math.MaxInt32, 1e-9, 1.0, 0.0, nil, nil, nil}},
	{Province: "96", Cells: []any{"\t=1", "  =1+1", 0, 1e15, nil, nil, nil, nil, nil}},
	{Province: "96", Cells: []any{"x", "\u3000＝1", 0, nil, nil, nil, nil, nil, nil}},
	{Province: "96", Cells: []any{"y", "a=b-c", 0, nil, nil, nil, nil, nil, nil}},
}

func write(t testing.TB, f table.Format, l table.Language) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := table.New(f, &out, sample, about, l)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func save(t testing.TB, f table.Format, l table.Language) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample."+string(f))
	if err := os.WriteFile(path, write(t, f, l), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a program that a test needs; without it the test says so.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: .ci/install test", name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func TestCSV(t *testing.T) {
	t.Parallel()
	text := string(write(t, table.CSV, table.Vietnamese))
	body, marked := strings.CutPrefix(text, "\uFEFF")
	if !marked {
		t.Error("no byte-order mark: Excel would misread the letters")
	}
	if lines := strings.Count(body, "\r\n"); lines != len(rows)+1 {
		t.Errorf("%d lines end in CRLF, want %d", lines, len(rows)+1)
	}
	records, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Mã", "Tên đầy đủ", "Đã hướng dẫn (hộ)", "Khoảng cách (m)", "Tỷ lệ", "Kinh độ (độ)", "Ngày", "Lúc", "Vùng xa",
			"Ngày của số liệu", "Ngày của địa giới", "Ảnh chụp dữ liệu", "Dữ liệu tổng hợp", "Giấy phép"},
		{"0012345678", "ấp Đầm Dơi, \"khóm\" 4\nhai dòng", "12", "-1234.5678", "0.3333333333333333", "105.1234568", "2024-09-30", "2026-10-31T07:15:30Z", "true"},
		{"007", `'=HYPERLINK("http://x","y")`, "-5", "0", "0", "-0.1", "1900-12-31", "2026-10-31T07:15:30Z", "false"},
		{"", "'+1", "", "", "", "", "", "", ""},
		{"'-1", "'@SUM(A1)", "2147483647", "0.000000001", "1", "0", "", "", ""},
		{"'\t=1", "'  =1+1", "0", "1000000000000000", "", "", "", "", ""},
		{"x", "'\u3000＝1", "0", "", "", "", "", "", ""},
		{"y", "a=b-c", "0", "", "", "", "", "", ""},
	}
	for i, record := range records {
		if i > 0 {
			want[i] = append(want[i], "2024-09-30", "2025-07-01", "96-1", "true", "CC0-1.0")
		}
		if i == 3 {
			want[i][13] = "" // province 97 has no origin
		}
		if !slices.Equal(record, want[i]) {
			t.Errorf("row %d\n got %q\nwant %q", i, record, want[i])
		}
	}
}

func TestGeoJSON(t *testing.T) {
	t.Parallel()
	var c struct {
		Type, Name, Title, AsOf, BoundariesAsOf, Snapshot, Arguments string
		Synthetic                                                    bool
		Total                                                        int
		Datasets                                                     []struct{ Source, Licence string }
		Fields                                                       map[string]string
		Features                                                     []struct {
			Type       string
			Geometry   json.RawMessage
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(write(t, table.GeoJSON, table.English), &c); err != nil {
		t.Fatal(err)
	}
	if c.Type != "FeatureCollection" || c.AsOf != "2024-09-30" || c.BoundariesAsOf != "2025-07-01" || c.Snapshot != "96-1" || !c.Synthetic ||
		c.Total != 42 || c.Title != "Sample" || c.Datasets[0].Licence != "CC0-1.0" || c.Datasets[0].Source != `Nguồn "thử"` || c.Fields["guided"] != "Guided (households)" {
		t.Errorf("the file says of itself: %+v", c)
	}
	if len(c.Features) != len(rows) {
		t.Fatalf("%d features", len(c.Features))
	}
	if string(c.Features[0].Geometry) != square || string(c.Features[2].Geometry) != "null" {
		t.Errorf("geometries %s, %s", c.Features[0].Geometry, c.Features[2].Geometry)
	}
	p := c.Features[1].Properties
	if p["name"] != `=HYPERLINK("http://x","y")` || p["guided"] != -5.0 || p["remote"] != false || p["day"] != "1900-12-31" || p["moment"] != "2026-10-31T07:15:30Z" {
		t.Errorf("properties %v", p)
	}
	if v, known := c.Features[2].Properties["share"]; !known || v != nil {
		t.Errorf("unknown is %v, want null", v)
	}
}

// TestWorkbook reads the file back and looks at what a person sees: kinds of cells, the fixed header, filters.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(write(t, table.XLSX, table.Vietnamese)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Mẫu", "Nguồn · Source"}) {
		t.Fatalf("sheets %q", got)
	}
	raw, err := f.GetRows("Mẫu", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if raw[0][1] != "Tên đầy đủ" || raw[1][0] != "0012345678" || raw[2][1] != `=HYPERLINK("http://x","y")` || raw[1][3] != "-1234.5678" || raw[1][6] != "45565" {
		t.Errorf("cells %q", raw)
	}
	shown, err := f.GetRows("Mẫu")
	if err != nil {
		t.Fatal(err)
	}
	if shown[1][4] != "33.3%" || shown[1][6] != "30/09/2024" || shown[1][3] != "-1,235" {
		t.Errorf("shown %q", shown[1])
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset, "I2": excelize.CellTypeBool} {
		if got, err := f.GetCellType("Mẫu", cell); err != nil || got != want {
			t.Errorf("%s is of type %v (%v), want %v", cell, got, err, want)
		}
		if formula, err := f.GetCellFormula("Mẫu", cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q (%v)", cell, formula, err)
		}
	}
	panes, err := f.GetPanes("Mẫu")
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 2 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	tables, err := f.GetTables("Mẫu")
	if err != nil || len(tables) != 1 || tables[0].Range != "A1:I"+strconv.Itoa(len(rows)+1) {
		t.Errorf("tables %+v, %v", tables, err)
	}
	says, err := f.GetRows("Nguồn · Source")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, r := range says {
		if len(r) > 1 {
			said[r[0]] = r[1]
		}
	}
	for name, want := range map[string]string{"Ngày của số liệu": "30/09/2024", "Ngày của địa giới": "01/07/2025", "Ảnh chụp dữ liệu": "96-1",
		"Có dữ liệu tổng hợp (do máy sinh)": "TRUE", "Nguồn": `Nguồn "thử"`, "Giấy phép": "CC0-1.0", "Tổng": "42", "guided": "Đã hướng dẫn (hộ)", "Nạp lúc (giờ UTC)": "2026-11-01T07:15:30Z"} {
		if said[name] != want {
			t.Errorf("%s: %q, want %q", name, said[name], want)
		}
	}
}

// TestWorkbookInLibreOffice has another program read the workbook: its cells must be those of the CSV that GDAL is
// given, unknown ones empty, texts texts.
func TestWorkbookInLibreOffice(t *testing.T) {
	t.Parallel()
	path := save(t, table.XLSX, table.English)
	out := t.TempDir()
	run(t, "soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to",
		"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", out, path)
	text, err := os.ReadFile(filepath.Join(out, "sample-Sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(rows)+1 {
		t.Fatalf("%d rows:\n%s", len(got), text)
	}
	for i, row := range rows {
		for j, cell := range row.Cells {
			shown := got[i+1][j]
			switch v := cell.(type) {
			case nil:
				if shown != "" {
					t.Errorf("row %d, column %d: %q, want nothing", i, j, shown)
				}
			case string:
				if shown != v {
					t.Errorf("row %d, column %d: %q, want %q", i, j, shown, v)
				}
			case int:
				if shown != strconv.Itoa(v) {
					t.Errorf("row %d, column %d: %q, want %d", i, j, shown, v)
				}
			case float64:
				percent := 1.0
				if sample.Columns[j].Kind == table.Share {
					shown, percent = strings.TrimSuffix(shown, "%"), 100
				}
				if f, err := strconv.ParseFloat(shown, 64); err != nil || math.Abs(f/percent-v) > 1e-9*math.Abs(v) {
					t.Errorf("row %d, column %d: %q, want %v", i, j, shown, v)
				}
			case time.Time:
				if !strings.HasPrefix(shown, v.Format(time.DateOnly)) {
					t.Errorf("row %d, column %d: %q, want %s", i, j, shown, v)
				}
			case bool:
				if shown != strings.ToUpper(strconv.FormatBool(v)) {
					t.Errorf("row %d, column %d: %q, want %v", i, j, shown, v)
				}
			}
		}
	}
}

// TestMapsInGDAL has GDAL read the two formats of maps: counts, types, the reference system, the extent, the polygons.
func TestMapsInGDAL(t *testing.T) {
	t.Parallel()
	for _, f := range []table.Format{table.GeoJSON, table.GeoPackage} {
		path := save(t, f, table.Vietnamese)
		info := run(t, "ogrinfo", "-so", "-al", path)
		for _, want := range []string{"Feature Count: 7", "Extent: (104.000000, 8.000000) - (106.500000, 9.500000)", `ID["EPSG",4326]`,
			"code: String", "name: String", "guided: Integer", "distance: Real", "share: Real", "day: Date", "moment: DateTime", "remote: Integer(Boolean)"} {
			if !strings.Contains(info, want) {
				t.Errorf("%s: %q is not in\n%s", f, want, info)
			}
		}
		if strings.Contains(info, "Warning") || strings.Contains(info, "ERROR") {
			t.Errorf("%s: %s", f, info)
		}
		dump := run(t, "ogrinfo", "-al", path, "sample")
		for _, want := range []string{"code (String) = 0012345678", "guided (Integer) = -5", "distance (Real) = -1234.5678", "day (Date) = 1900/12/31",
			"remote (Integer(Boolean)) = 1", "share (Real) = (null)", "MULTIPOLYGON (((104 8,104.5 8.0,104.5 8.5,104 8)),((106 9,106.5 9.0,106.5 9.5,106 9)))", `name (String) = =HYPERLINK("http://x","y")`} {
			if !strings.Contains(strings.ReplaceAll(dump, "Integer64", "Integer"), want) {
				t.Errorf("%s: %q is not in\n%s", f, want, dump)
			}
		}
		if f == table.GeoPackage {
			// This release of GDAL shows no titles of columns; later ones and QGIS do.
			if titles := run(t, "ogrinfo", "-sql", "select title from gpkg_data_columns where column_name = 'guided'", path); !strings.Contains(titles, "Đã hướng dẫn (hộ)") {
				t.Errorf("the titles of the columns are not seen:\n%s", titles)
			}
			says := run(t, "ogrinfo", "-al", path, "about")
			for _, want := range []string{"Nguồn \"thử\"", "96-1", "2024-09-30", "CC0-1.0"} {
				if !strings.Contains(says, want) {
					t.Errorf("about: %q is not in\n%s", want, says)
				}
			}
			invalid := run(t, "ogrinfo", "-dialect", "sqlite", "-sql", "select count(*) as n from sample where geom is not null and not ST_IsValid(geom)", path)
			if !strings.Contains(invalid, "n (Integer) = 0") {
				t.Errorf("invalid geometries: %s", invalid)
			}
		}
	}
}

// TestCutShort: what is not closed does not look whole, and leaves no file behind.
func TestCutShort(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, f := range table.Formats {
		var out bytes.Buffer
		w, err := table.New(f, &out, sample, about, table.English)
		if err != nil {
			t.Fatal(err)
		}
		for range 3000 {
			if err := w.Write(&rows[0]); err != nil {
				t.Fatal(err)
			}
		}
		w.Discard()
		switch f {
		case table.GeoJSON:
			if json.Valid(out.Bytes()) {
				t.Error("half a GeoJSON is valid")
			}
		case table.XLSX, table.GeoPackage:
			if out.Len() > 0 {
				t.Errorf("%s: %d bytes of a file that was given up", f, out.Len())
			}
		}
		if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
			t.Errorf("%s left %v, %v", f, left, err)
		}
	}
}

// TestNoRoom: where the temporary file can't be made there is an error and no writer. (A small workbook needs none.)
func TestNoRoom(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	var out bytes.Buffer
	if w, err := table.New(table.GeoPackage, &out, sample, about, table.English); err == nil || w != nil || out.Len() > 0 {
		t.Errorf("%v, error %v, %d bytes", w, err, out.Len())
	}
}
