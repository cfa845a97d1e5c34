package bundle

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	maxSheetRows  = 1 << 20 // Excel's own limit
	maxWorkbook   = 4 << 30 // bytes of a workbook unpacked
	sheetInMemory = 1 << 20 // bytes of one part of it above which it is unpacked to disk
)

// listSheets finds which sheets of the workbook are tables. It reads only the list of
// sheets: the rest waits until a sheet is read.
func (b *Bundle) listSheets(e *entry) error {
	disk, err := b.store.path(e)
	if err != nil {
		return err
	}
	names, err := sheetNames(e.name, disk)
	var failure *FileError
	if errors.As(err, &failure) {
		return err
	}
	if err != nil {
		return fileError(e.name, "is no workbook that can be read (%v); save it as .xlsx without a password", err)
	}
	for _, name := range names {
		full := e.name + "#" + name
		t := TableNamed(strings.ToLower(strings.TrimSpace(name)))
		if t == nil {
			b.reportUnknown(full)
			continue
		}
		b.parts[t] = append(b.parts[t], &part{entry: e, name: full, sheet: name, format: formatSheet})
	}
	return nil
}

// sheetNames lists a workbook's sheets in their order.
func sheetNames(name, disk string) ([]string, error) {
	z, err := zip.OpenReader(disk)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	for _, f := range z.File {
		if err := checkRatio(name, f); err != nil {
			return nil, err
		}
	}
	for _, f := range z.File {
		if !strings.EqualFold(path.Clean("/"+f.Name), "/xl/workbook.xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		defer r.Close()
		var list struct {
			Sheets []struct {
				Name string `xml:"name,attr"`
			} `xml:"sheets>sheet"`
		}
		if err := xml.NewDecoder(io.LimitReader(r, maxFeature)).Decode(&list); err != nil {
			return nil, err
		}
		var names []string
		for _, s := range list.Sheets {
			names = append(names, s.Name)
		}
		return names, nil
	}
	return nil, fmt.Errorf("it holds no list of sheets")
}

// sheetReader reads a sheet row by row. Each row is read twice: as it is shown, which
// keeps the leading zeros a number format gives to a code, and as it is stored, which
// keeps every digit of a number and the serial of a date.
type sheetReader struct {
	file   string
	table  *Table
	shown  *excelize.Rows
	stored *excelize.Rows
	from   int64 // 1904 workbooks count days from then
	line   int64
	header []string
	types  []Type
}

func (b *Bundle) sheetReader(t *Table, p *part) (reader, error) {
	if b.book == nil {
		disk, err := b.store.path(p.entry)
		if err != nil {
			return nil, err
		}
		book, err := excelize.OpenFile(disk, excelize.Options{UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: sheetInMemory})
		if err != nil {
			return nil, fileError(p.entry.name, "is no workbook that can be read (%v); save it as .xlsx without a password", err)
		}
		if err := wholeSheets(disk, book.CharsetReader); err != nil {
			book.Close() // it only removes temporary files
			return nil, fileError(p.entry.name, "is damaged (%v); open it and save it again", err)
		}
		b.book = book
	}
	r := &sheetReader{file: p.name, table: t, from: excelEpoch}
	if props, err := b.book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		r.from = daysFrom(1904, 1, 1)
	}
	var err error
	if r.shown, err = b.book.Rows(p.sheet); err == nil {
		r.stored, err = b.book.Rows(p.sheet)
	}
	if err != nil {
		r.close()
		return nil, fileError(p.name, "can't be read: %v", err)
	}
	for { // blank rows above the header don't count
		asShown, _, err := r.next()
		if err == io.EOF {
			r.close()
			return nil, fileError(p.name, "is empty; its first row names the columns")
		}
		if err != nil {
			r.close()
			return nil, err
		}
		if !blank(asShown) {
			r.header = asShown
			break
		}
	}
	for _, name := range r.header {
		kind := Text
		if i := t.Index(strings.ToLower(strings.TrimSpace(name))); i >= 0 {
			kind = t.Columns[i].Type
		}
		r.types = append(r.types, kind)
	}
	return r, nil
}

func (r *sheetReader) names() []string { return r.header }
func (r *sheetReader) geometry() bool  { return false }

func (r *sheetReader) close() (err error) {
	for _, rows := range []*excelize.Rows{r.shown, r.stored} {
		if rows != nil {
			if e := rows.Close(); e != nil {
				err = e
			}
		}
	}
	return err
}

// next reads the next row both ways.
func (r *sheetReader) next() (asShown, asStored []string, err error) {
	if !r.shown.Next() || !r.stored.Next() {
		return nil, nil, io.EOF
	}
	if r.line++; r.line > maxSheetRows {
		return nil, nil, fileError(r.file, "has more than %d rows; save it as CSV", maxSheetRows)
	}
	if asShown, err = r.shown.Columns(); err == nil {
		asStored, err = r.stored.Columns(excelize.Options{RawCellValue: true})
	}
	if err != nil {
		return nil, nil, &FileError{File: r.file, Line: r.line, Message: fmt.Sprintf("can't be read (%v); save the workbook again", err), Err: err}
	}
	return asShown, asStored, nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func (r *sheetReader) read(rec *record) error {
	for {
		asShown, asStored, err := r.next()
		if err != nil {
			return err
		}
		if blank(asShown) {
			continue // what a spreadsheet leaves below and between its rows
		}
		rec.reset(r.line)
		for i := range r.header {
			cell := ""
			if i < len(asShown) {
				cell = asShown[i]
			}
			if i < len(asStored) {
				cell = r.cell(r.types[i], cell, asStored[i])
			}
			if isFormulaError(cell) && rec.fault == nil {
				rec.fault = &fault{column: r.header[i], value: cell, code: "bad_value",
					message: fmt.Sprintf("%s is the formula error %s; put a value there", r.header[i], cell)}
			}
			rec.cells = append(rec.cells, []byte(cell))
		}
		for i := len(r.header); i < len(asShown); i++ {
			if strings.TrimSpace(asShown[i]) != "" && rec.fault == nil {
				rec.fault = &fault{value: asShown[i], code: "field_count",
					message: fmt.Sprintf("%q stands beyond the last named column; give its column a name, or remove it", asShown[i])}
			}
		}
		return nil
	}
}

func isFormulaError(cell string) bool {
	switch cell {
	case "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!":
		return true
	}
	return false
}

// excelEpoch is day 0 of a workbook's serials after February 1900: 1899-12-30.
const excelEpoch = -25569

// Serials between these (1954 to 2119) are days even where the cell has no date format.
const (
	firstBareSerial = 20_000
	lastBareSerial  = 80_000
)

// cell chooses between a cell as it is shown and as it is stored.
func (r *sheetReader) cell(kind Type, asShown, asStored string) string {
	switch kind {
	case Integer, Number:
		return asStored
	case Date:
		serial, ok := parseFloat([]byte(asStored))
		days := int64(serial)
		bare := asShown == asStored && (serial < firstBareSerial || serial >= lastBareSerial)
		if !ok || bare || serial != float64(days) || serial < 1 || serial > 2_958_465 {
			return asStored
		}
		if days < 60 && r.from == excelEpoch {
			days++ // Excel has a 29 February 1900
		}
		return string(appendDay(nil, r.from+days))
	}
	// A long code typed as a number is shown as 1.23457E+11: take its digits.
	if asShown != asStored && strings.ContainsAny(asShown, "Ee") {
		if f, ok := parseFloat([]byte(asStored)); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return strconv.FormatInt(int64(f), 10)
		}
	}
	return asShown
}
