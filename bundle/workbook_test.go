package bundle

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

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
	if err := b.Copy(t.Context(), TableNamed("visits"), map[string]*Lines{"tables.xlsx#visits": linesOf(4)}, rejects); err != nil {
		t.Fatal(err)
	}
	sameFile(t, filepath.Join(rejects, "tables.xlsx.visits.csv"), "code,household_code,team_code,visited_on,outcome\n123456789012,h,t,01/07/2025,guided\n")
}

// TestWorkbookThatIsDamaged: a sheet of which not every row can be read is refused, not taken as far as it goes.
func TestWorkbookThatIsDamaged(t *testing.T) {
	t.Parallel()
	row := func(number int, cell string) string {
		return fmt.Sprintf(`<row r="%d"><c t="inlineStr"><is><t>%s</t></is></c></row>`, number, cell)
	}
	sst := func(texts string) string {
		return `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + texts
	}
	const shared = `<row r="3"><c t="s"><v>0</v></c></row>`
	for name, c := range map[string]struct{ sheet, texts, want string }{
		"whole":                          {row(1, "code") + row(2, "a") + shared + "</sheetData></worksheet>", sst("<si><t>b</t></si></sst>"), ""},
		"what is behind the rows":        {row(1, "code") + row(2, "a") + "</sheetData><conditional</worksheet>", "", ""},
		"a character that XML has not":   {row(1, "code") + row(2, "a\x0b") + row(3, "b") + "</sheetData></worksheet>", "", "xl/worksheets/sheet1.xml: XML syntax error"},
		"an end too early":               {row(1, "code") + row(2, "a") + `<row r="3"><c t="inl`, "", "xl/worksheets/sheet1.xml: XML syntax error"},
		"an end that was never begun":    {row(1, "code") + row(2, "a") + "</row>" + row(3, "b") + "</sheetData></worksheet>", "", "xl/worksheets/sheet1.xml: XML syntax error"},
		"rows in no order":               {row(1, "code") + row(3, "b") + row(2, "a") + "</sheetData></worksheet>", "", "row 2 stands behind row 3"},
		"a row twice":                    {row(1, "code") + row(2, "a") + row(2, "b") + "</sheetData></worksheet>", "", "row 2 stands behind row 2"},
		"texts that are not there whole": {row(1, "code") + row(2, "a") + shared + "</sheetData></worksheet>", sst("<si><t>b</t></si><si><t"), "xl/sharedStrings.xml: XML syntax error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := excelize.NewFile()
			if err := book.SetSheetName("Sheet1", "visits"); err != nil {
				t.Fatal(err)
			}
			book.Sheet.Clear()
			book.Pkg.Store("xl/worksheets/sheet1.xml", []byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+c.sheet))
			if c.texts != "" {
				book.Pkg.Store("xl/sharedStrings.xml", []byte(c.texts))
			}
			dir := folder(t, nil)
			if err := book.SaveAs(filepath.Join(dir, workbook)); err != nil {
				t.Fatal(err)
			}
			visits := TableNamed("visits")
			r, err := open(t, dir).reader(visits, open(t, dir).parts[visits][0])
			if said := fmt.Sprint(err); (err == nil) != (c.want == "") || err != nil && (!strings.Contains(said, c.want) || !strings.Contains(said, workbook)) {
				t.Errorf("%v; want %q", err, c.want)
			}
			if err != nil {
				return
			}
			defer r.close()
			var cells []string
			for rec := new(record); r.read(rec) == nil; {
				cells = append(cells, string(rec.cells[0]))
			}
			if cells[0] != "a" || c.texts != "" && !slices.Equal(cells, []string{"a", "b"}) {
				t.Errorf("%q", cells)
			}
		})
	}
}
