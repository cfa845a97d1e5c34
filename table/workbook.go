package table

import (
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
	"github.com/xuri/excelize/v2"
)

// workbookRows is how many rows a sheet may have below its header. What is more goes on in another sheet.
var workbookRows = excelize.TotalRows - 1

// aboutSheet is the sheet that says where the rows come from.
const aboutSheet = "Nguồn · Source"

// workbook writes an XLSX file: the rows as a table with filters below a header that stays in sight, and a sheet about
// them. Texts are texts there, so no cell can become a formula.
type workbook struct {
	to     io.Writer
	file   *excelize.File
	table  *Table
	about  *About
	lang   Language
	sheet  *excelize.StreamWriter
	sheets int
	row    int // the last written; 1 is the header
	styles []int
	header int
	cells  []any
}

// newWorkbook begins a workbook. The library keeps 16 MB of a sheet and puts the rest of it into a temporary file.
func newWorkbook(to io.Writer, t *Table, about *About, l Language) (*workbook, error) {
	w := &workbook{to: to, file: excelize.NewFile(), table: t, about: about, lang: l, cells: make([]any, len(t.Columns))}
	if err := w.begin(); err != nil {
		w.Discard()
		return nil, fmt.Errorf("table: workbook: %w", err)
	}
	return w, nil
}

func (w *workbook) begin() error {
	var err error
	w.header, err = w.file.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF", Family: "Calibri", Size: 11},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	if err != nil {
		return err
	}
	known := map[string]int{}
	for i := range w.table.Columns {
		c := &w.table.Columns[i]
		format := numberFormat(c.Kind, w.lang)
		key := fmt.Sprint(format, c.Wide > 0, c.Kind == Text)
		id, ok := known[key]
		if !ok {
			style := &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: c.Wide > 0}}
			if c.Kind == Text || c.Kind == Code {
				style.Alignment.Horizontal, style.Alignment.Indent = "left", 1 // off the number that ends beside it
			}
			if format != "" {
				style.CustomNumFmt = &format
			}
			if id, err = w.file.NewStyle(style); err != nil {
				return err
			}
			known[key] = id
		}
		w.styles = append(w.styles, id)
	}
	return w.nextSheet()
}

// numberFormat is how a spreadsheet shows the values of a kind.
func numberFormat(k Kind, l Language) string {
	switch k {
	case Code:
		return "@"
	case Whole, Metres:
		return "#,##0"
	case Number:
		return "#,##0.00"
	case Share:
		return "0.0%"
	case Degree:
		return "0.000000"
	case Day:
		if l == Vietnamese {
			return "dd/mm/yyyy"
		}
		return "yyyy-mm-dd"
	case Moment:
		return "yyyy-mm-dd hh:mm:ss"
	}
	return ""
}

func width(c *Column, l Language) float64 {
	switch {
	case c.Wide > 0:
		return float64(c.Wide)
	case c.Kind == Text:
		return 24
	case c.Kind == Moment:
		return 19
	case c.Kind == Code:
		return float64(max(10, min(15, 2+utf8.RuneCountInString(c.Header(l)))))
	}
	return 14
}

// nextSheet begins a sheet of rows.
func (w *workbook) nextSheet() error {
	w.sheets++
	name := w.table.Title(w.lang)
	if w.sheets > 1 {
		name = fmt.Sprintf("%s (%d)", name, w.sheets)
		if _, err := w.file.NewSheet(name); err != nil {
			return err
		}
	} else if err := w.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err := w.setPrint(name); err != nil {
		return err
	}
	var err error
	if w.sheet, err = w.file.NewStreamWriter(name); err != nil {
		return err
	}
	header := make([]any, len(w.table.Columns))
	for i := range w.table.Columns {
		c := &w.table.Columns[i]
		header[i] = excelize.Cell{StyleID: w.header, Value: c.Header(w.lang)}
		if err := w.sheet.SetColWidth(i+1, i+1, width(c, w.lang)); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(w.table.Fixed+1, 2)
	if err != nil {
		return err
	}
	pane := "bottomLeft"
	if w.table.Fixed > 0 {
		pane = "bottomRight"
	}
	if err := w.sheet.SetPanes(&excelize.Panes{Freeze: true, XSplit: w.table.Fixed, YSplit: 1, TopLeftCell: corner, ActivePane: pane}); err != nil {
		return err
	}
	w.row = 1
	return w.sheet.SetRow("A1", header, excelize.RowOpts{Height: 48})
}

// A page of paper that takes pageWidth characters of columns can still be read.
const (
	paperA3   = 8
	pageWidth = 260
)

// setPrint makes a sheet print as it is read: across, with its header and what names a row on every page.
func (w *workbook) setPrint(name string) error {
	wide := 0.0
	for i := range w.table.Columns {
		wide += width(&w.table.Columns[i], w.lang)
	}
	if err := w.fit(name, 1+int(wide/pageWidth)); err != nil {
		return err
	}
	repeated := fmt.Sprintf("'%s'!$1:$1", name)
	if w.table.Fixed > 0 {
		last, err := excelize.ColumnNumberToName(w.table.Fixed)
		if err != nil {
			return err
		}
		repeated = fmt.Sprintf("'%s'!$A:$%s,%s", name, last, repeated)
	}
	return w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: repeated, Scope: name})
}

// fit makes a sheet so many pages wide, as many long as it takes.
func (w *workbook) fit(name string, across int) error {
	landscape, paper, fit, down := "landscape", paperA3, true, 0
	return errors.Join(w.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}),
		w.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &paper, Orientation: &landscape, FitToWidth: &across, FitToHeight: &down}))
}

// lineHeight is that of a line of text, in points; programs don't work the height of a row out by themselves.
const lineHeight = 15

func (w *workbook) Write(r *Row) error {
	if w.row > workbookRows {
		if err := w.endSheet(); err != nil {
			return err
		}
		if err := w.nextSheet(); err != nil {
			return err
		}
	}
	w.row++
	lines := 1
	for i, cell := range r.Cells {
		w.cells[i] = nil
		if v, ok := cell.(float64); ok && w.table.Columns[i].Kind == Degree {
			cell = rounded(v)
		}
		if cell != nil {
			w.cells[i] = excelize.Cell{StyleID: w.styles[i], Value: cell}
		}
		if text, ok := cell.(string); ok && w.table.Columns[i].Wide > 0 {
			lines = max(lines, 1+utf8.RuneCountInString(text)/w.table.Columns[i].Wide)
		}
	}
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	if lines > 1 {
		return w.sheet.SetRow(at, w.cells, excelize.RowOpts{Height: float64(min(lines, 25) * lineHeight)})
	}
	return w.sheet.SetRow(at, w.cells)
}

func (w *workbook) endSheet() error {
	last, err := excelize.CoordinatesToCellName(len(w.table.Columns), max(w.row, 2))
	if err != nil {
		return err
	}
	table := &excelize.Table{Range: "A1:" + last, Name: fmt.Sprintf("vunglom_%d", w.sheets), StyleName: "TableStyleLight1"}
	if err := w.sheet.AddTable(table); err != nil {
		return err
	}
	return w.sheet.Flush()
}

// Close makes the file from its parts, straight into the destination.
func (w *workbook) Close() error {
	defer w.Discard()
	if err := errors.Join(w.endSheet(), w.writeAbout()); err != nil {
		return fmt.Errorf("table: workbook: %w", err)
	}
	// The library would build the file in memory; a zip writer of our own sends it on as it is made.
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(w.to)
		z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, 3) })
		return z
	})
	left, err := w.file.WriteToBuffer()
	if err == nil && left.Len() > 0 {
		err = errors.New("the library wrote past its zip writer")
	}
	if err != nil {
		return fmt.Errorf("table: workbook: %w", err)
	}
	return nil
}

// writeAbout writes what the file is about, then what its columns are.
func (w *workbook) writeAbout() error {
	if _, err := w.file.NewSheet(aboutSheet); err != nil {
		return err
	}
	if err := w.fit(aboutSheet, 1); err != nil {
		return err
	}
	sheet, err := w.file.NewStreamWriter(aboutSheet)
	if err != nil {
		return err
	}
	wrap, err := w.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	day := numberFormat(Day, w.lang)
	date, err := w.file.NewStyle(&excelize.Style{CustomNumFmt: &day, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top"}})
	if err != nil {
		return err
	}
	left, err := w.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top"}})
	if err != nil {
		return err
	}
	if err := errors.Join(sheet.SetColWidth(1, 1, 34), sheet.SetColWidth(2, 2, 80), sheet.SetColWidth(3, 3, 50)); err != nil {
		return err
	}
	row := 0
	add := func(lines int, cells ...any) {
		row++
		err = errors.Join(err, sheet.SetRow(fmt.Sprintf("A%d", row), cells, excelize.RowOpts{Height: float64(lines * lineHeight)}))
	}
	for _, n := range w.about.notes(w.table) {
		value, lines := excelize.Cell{StyleID: left, Value: n.Value}, 1
		switch v := n.Value.(type) {
		case string:
			value.StyleID, lines = wrap, 1+utf8.RuneCountInString(v)/80
		case time.Time:
			if value.StyleID = date; !v.Equal(v.Truncate(24 * time.Hour)) {
				value.Value = v.UTC().Format(time.RFC3339)
			}
		}
		label := n.Label(w.lang)
		add(max(lines, 1+utf8.RuneCountInString(label)/32), excelize.Cell{StyleID: wrap, Value: label}, value)
	}
	row++
	head := func(text string) excelize.Cell { return excelize.Cell{StyleID: w.header, Value: text} }
	add(1, head("Tên trong API · Name in the API"), head("Tiếng Việt"), head("English"))
	for i := range w.table.Columns {
		c := &w.table.Columns[i]
		add(1, c.Name, c.Vi, c.En)
	}
	return errors.Join(err, sheet.Flush())
}

// Discard removes the temporary files.
func (w *workbook) Discard() {
	if w.file != nil {
		_ = w.file.Close() // nothing is left to be done about a file that can't be removed
		w.file = nil
	}
}
