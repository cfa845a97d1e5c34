package bundle

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// charsets turns a text of an encoding into UTF-8, as excelize does.
type charsets = func(label string, text io.Reader) (io.Reader, error)

// wholeSheets fails where a sheet of a workbook, or the texts that its sheets share, can't be read to their end, or where the rows of one
// are in no order. excelize takes the place at which XML is broken for the end of a sheet, and rows that don't ascend for one.
func wholeSheets(disk string, encodings charsets) error {
	z, err := zip.OpenReader(disk)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		if !strings.EqualFold(path.Ext(f.Name), ".xml") {
			continue
		}
		if err := wholeSheet(f, encodings); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// wholeSheet looks at a part of a workbook. Parts of other kinds are nothing that is read here.
func wholeSheet(f *zip.File, encodings charsets) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	decoder := xml.NewDecoder(in)
	decoder.CharsetReader = encodings
	var root string
	var row int64
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) || err != nil && root == "" { // what does not begin is no sheet
			return nil
		}
		if err != nil {
			return err
		}
		switch element := token.(type) {
		case xml.StartElement:
			switch {
			case root == "" && element.Name.Local != "worksheet" && element.Name.Local != "sst":
				return nil
			case root == "":
				root = element.Name.Local
			case element.Name.Local == "row":
				if row, err = nextRow(element, row); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if element.Name.Local == "sheetData" {
				return nil // what follows is how the sheet looks
			}
		}
	}
}

// nextRow is the number of a row, which may say it itself, after the one of the row before.
func nextRow(row xml.StartElement, before int64) (int64, error) {
	for _, a := range row.Attr {
		if a.Name.Local != "r" {
			continue
		}
		number, err := strconv.ParseInt(a.Value, 10, 64)
		if err != nil || number <= before {
			return 0, fmt.Errorf("its row %s stands behind row %d", shown([]byte(a.Value)), before)
		}
		return number, nil
	}
	return before + 1, nil
}
