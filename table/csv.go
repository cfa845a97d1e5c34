package table

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// csvOrigin are the columns that end every row of a CSV file, which has no other place to say where it comes from.
var csvOrigin = []Column{
	{Name: "asOf", Vi: "Ngày của số liệu", En: "Day of the figures"},
	{Name: "boundariesAsOf", Vi: "Ngày của địa giới", En: "Day of the boundaries"},
	{Name: "snapshot", Vi: "Ảnh chụp dữ liệu", En: "Snapshot of the data"},
	{Name: "synthetic", Vi: "Dữ liệu tổng hợp", En: "Synthetic data"},
	{Name: "licence", Vi: "Giấy phép", En: "Licence"},
}

// csvWriter writes RFC 4180 with a byte-order mark, by which Excel knows UTF-8.
type csvWriter struct {
	out     *bufio.Writer
	table   *Table
	origins map[string]string // what ends the rows of a province
	other   string            // what ends the others'
	text    []byte
}

func newCSV(to io.Writer, t *Table, about *About, l Language) (*csvWriter, error) {
	w := &csvWriter{out: bufio.NewWriterSize(to, 1<<16), table: t, origins: make(map[string]string, len(about.Origins))}
	end := func(o *Origin) string {
		b := append([]byte{','}, about.AsOf.Format(time.DateOnly)...)
		b = append(append(b, ','), about.boundaries().Format(time.DateOnly)...)
		b = append(appendCSVText(append(b, ','), about.Snapshot), ',')
		b = append(strconv.AppendBool(b, o.Synthetic), ',')
		return string(append(appendCSVText(b, o.Licence), "\r\n"...))
	}
	for i := range about.Origins {
		w.origins[about.Origins[i].Province] = end(&about.Origins[i])
	}
	w.other = end(&Origin{Synthetic: about.Synthetic()})
	w.out.WriteString("\uFEFF")
	for i, columns := range [][]Column{t.Columns, csvOrigin} {
		for j := range columns {
			if i+j > 0 {
				w.out.WriteByte(',')
			}
			w.out.Write(appendCSVText(nil, columns[j].Header(l)))
		}
	}
	w.out.WriteString("\r\n")
	return w, nil
}

func (w *csvWriter) Write(r *Row) error {
	b := w.text[:0]
	for i, cell := range r.Cells {
		if i > 0 {
			b = append(b, ',')
		}
		switch v := cell.(type) {
		case nil:
		case string:
			b = appendCSVText(b, v)
		default:
			b = appendPlain(b, v, w.table.Columns[i].Kind)
		}
	}
	w.text = b
	w.out.Write(b)
	end, known := w.origins[r.Province]
	if !known {
		end = w.other
	}
	_, err := w.out.WriteString(end) // a bufio.Writer keeps its first error
	return err
}

func (w *csvWriter) Close() error { return w.out.Flush() }
func (w *csvWriter) Discard()     {}

// appendPlain writes what is no text: numbers without grouping and with a point, days as YYYY-MM-DD.
func appendPlain(b []byte, cell any, kind Kind) []byte {
	switch v := cell.(type) {
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		if kind == Degree {
			return appendDegrees(b, v)
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	case time.Time:
		if kind == Moment {
			return v.UTC().AppendFormat(b, time.RFC3339)
		}
		return v.AppendFormat(b, time.DateOnly)
	}
	return b
}

// appendCSVText writes a text cell. One that a spreadsheet would run as a formula gets an apostrophe in front, which
// says that it is text (OWASP, CSV Injection); full-width signs and blanks before the sign are no way around.
func appendCSVText(b []byte, s string) []byte {
	mark := startsFormula(s)
	if !mark && !strings.ContainsAny(s, "\",\r\n") && strings.TrimSpace(s) == s {
		return append(b, s...)
	}
	b = append(b, '"')
	if mark {
		b = append(b, '\'')
	}
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}

func startsFormula(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '\t', '\r', '\n':
		return true
	}
	switch r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\u200b\u3000\ufeff")); r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n':
		return true
	}
	return false
}
