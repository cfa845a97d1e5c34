package bundle

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cells reads the cells of one column: it keeps what is the same for all of them.
type cells struct {
	column  *Column
	recent  []string // texts seen lately, by hash: codes repeat, and share their memory
	repairs repair   // of the cell read last
}

// recentSize is how many texts a column remembers; a province has about as many hamlets.
const recentSize = 1024

func newCells(c *Column) cells {
	cc := cells{column: c}
	if c.Type == Code && c.Name != "code" && c.Values == nil {
		cc.recent = make([]string, recentSize)
	}
	return cc
}

// read reads a cell that is not empty and has no space around it into v.
func (c *cells) read(cell []byte, v *Value) *fault {
	c.repairs = 0
	switch c.column.Type {
	case Text:
		return c.readText(cell, v)
	case Code:
		if c.column.Values != nil {
			return c.readChoice(cell, v)
		}
		return c.readText(cell, v)
	case Integer:
		n, ok := parseWhole(cell)
		if !ok {
			return numberFault(c.column.Name, cell, true)
		}
		if n < 0 || n > maxInteger {
			return c.outOfRange(cell, fmt.Sprintf("write a whole number from 0 to %d, or leave it empty if it is not known", maxInteger))
		}
		v.Integer = n
	case Number:
		f, ok := parseFloat(cell)
		if !ok {
			return numberFault(c.column.Name, cell, false)
		}
		if limit := c.column.Max; limit > 0 && (f < 0 || f > limit) {
			return c.outOfRange(cell, fmt.Sprintf("write a number from 0 to %v", limit)+percent(f, limit))
		}
		v.Number = f
	case Date:
		day, ok := parseDate(cell)
		if !ok {
			return dateFault(c.column.Name, cell)
		}
		v.Integer = day
	}
	v.Known = true
	return nil
}

// percent is how a share is written that was sent in percent.
func percent(f, limit float64) string {
	if limit != 1 || f <= 1 || f > 100 {
		return ""
	}
	return fmt.Sprintf(": %.6g for %.6g %%", f/100, f)
}

func (c *cells) outOfRange(cell []byte, remedy string) *fault {
	return &fault{column: c.column.Name, value: shown(cell), code: "out_of_range",
		message: fmt.Sprintf("%s is %s, which is out of range; %s", c.column.Name, shown(cell), remedy)}
}

// readChoice reads one of the column's values, and keeps the column's own copy of it.
func (c *cells) readChoice(cell []byte, v *Value) *fault {
	for _, choice := range c.column.Values {
		if string(cell) == choice {
			v.Known, v.Text = true, choice
			return nil
		}
	}
	return &fault{column: c.column.Name, value: shown(cell), code: "bad_value",
		message: fmt.Sprintf("%s is %q; write one of %s", c.column.Name, shown(cell), strings.Join(c.column.Values, ", "))}
}

// turnsText tells whether a character sets the direction of what stands around it, and shows nothing itself (Unicode's Bidi_Control).
func turnsText(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// readText reads a name or a code. Codes get the same repairs, but keep their spaces and
// may hold no control character, not even a line's end.
func (c *cells) readText(cell []byte, v *Value) *fault {
	kind := classify(cell)
	code := c.column.Type == Code
	if kind == classControl || code && bytes.ContainsAny(cell, "\t\r\n") {
		return &fault{column: c.column.Name, value: shown(cell), code: "bad_value",
			message: fmt.Sprintf("%s is %q and holds a control character; write it without", c.column.Name, shown(cell))}
	}
	if code && kind != classPlain && bytes.ContainsFunc(cell, turnsText) {
		return &fault{column: c.column.Name, value: shown(cell), code: "bad_value",
			message: fmt.Sprintf("%s is %q and holds a character that turns the direction of text, so that it reads like another code; write it without", c.column.Name, shown(cell))}
	}
	if longest := c.column.longest(); longest > 0 && len(cell) > longest {
		return &fault{column: c.column.Name, value: shown(cell), code: "bad_value",
			message: fmt.Sprintf("%s has %d bytes, which is too long to find a row by; write at most %d", c.column.Name, len(cell), longest)}
	}
	if kind == classPlain {
		v.Known, v.Text = true, c.keep(cell)
		return nil
	}
	s, done := tidy(string(cell), !code)
	c.repairs = done
	v.Known, v.Text = s != "", s
	return nil
}

// keep returns the cell as a string, the one it returned before if it has it still.
func (c *cells) keep(cell []byte) string {
	if c.recent == nil {
		return string(cell)
	}
	hash := uint32(2166136261) // FNV-1a
	for _, b := range cell {
		hash = (hash ^ uint32(b)) * 16777619
	}
	slot := &c.recent[(hash^hash>>16)%recentSize]
	if *slot != string(cell) {
		*slot = string(cell)
	}
	return *slot
}

// encodingFault says that a cell is not UTF-8.
func encodingFault(column string, cell []byte) *fault {
	bad := cell
	for len(bad) > 0 {
		r, n := utf8.DecodeRune(bad)
		if r == utf8.RuneError && n == 1 {
			break
		}
		bad = bad[n:]
	}
	return &fault{column: column, value: shown(cell), code: "bad_encoding",
		message: fmt.Sprintf(`%s is "%s", and byte \x%02x is not UTF-8; save the file as UTF-8`, column, shown(cell), bad[0])}
}
