package bundle

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// maxInteger is the largest whole number a cell may hold: no province counts beyond it,
// and a database's integer ends there.
const maxInteger = math.MaxInt32

// tenths are the powers of ten that a float64 holds exactly.
var tenths = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// parseFloat reads a finite decimal number. Up to 2^53 over a power of ten both are exact,
// so one division rounds as it must (Clinger 1990); the rest is left to strconv.
func parseFloat(b []byte) (float64, bool) {
	i, negative := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative, i = b[0] == '-', 1
	}
	start, point, mantissa, count := i, -1, uint64(0), 0
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c >= '0' && c <= '9':
			if count < 19 {
				mantissa = mantissa*10 + uint64(c-'0')
			}
			count++
		case c == '.' && point < 0:
			point = i
		default:
			return parseFloatSlow(b)
		}
	}
	fraction := 0
	if point >= 0 {
		fraction = len(b) - point - 1
	}
	if count == 0 || point == start && count == 0 || count > 18 || mantissa > 1<<53 || fraction >= len(tenths) {
		return parseFloatSlow(b)
	}
	f := float64(mantissa) / tenths[fraction]
	if negative {
		f = -f
	}
	return f, true
}

func parseFloatSlow(b []byte) (float64, bool) {
	digit := false
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			digit = true
		case c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E':
			return 0, false
		}
	}
	if !digit {
		return 0, false
	}
	f, err := strconv.ParseFloat(alias(b), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// parseWhole reads a whole number; 12.0 is one too, as programs that keep numbers as
// floats write it. What is beyond an int64 is the largest of them, or the smallest.
func parseWhole(b []byte) (n int64, ok bool) {
	digits, negative := b, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		digits, negative = b[1:], b[0] == '-'
	}
	for i, c := range digits {
		if c == '.' && i > 0 {
			for _, z := range digits[i+1:] {
				if z != '0' {
					return 0, false
				}
			}
			if len(digits)-i-1 == 3 { // 1.000: a thousand, in Vietnam
				return 0, false
			}
			digits = digits[:i]
			break
		}
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	if len(digits) == 0 {
		return 0, false
	}
	for _, c := range digits {
		if n > (math.MaxInt64-9)/10 {
			n = math.MaxInt64
			break
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// numberRemedy says how to write what is not a number, or not a whole one.
func numberRemedy(cell string, whole bool) string {
	s := strings.TrimSpace(cell)
	if bare, ok := strings.CutSuffix(s, "%"); ok {
		if f, ok := parseFloat([]byte(strings.ReplaceAll(strings.TrimSpace(bare), ",", "."))); ok {
			return "write a share as a part of 1, " + strconv.FormatFloat(math.Round(f*1e10)/1e12, 'f', -1, 64)
		}
	}
	for _, mark := range []string{".", ",", " ", "\u00a0"} {
		other := map[string]string{".": ",", ",": "."}[mark]
		groups := strings.Split(s, mark)
		if len(groups) < 2 || !whole && mark == "," && len(groups) == 2 {
			continue
		}
		last, decimals, hasDecimals := strings.Cut(groups[len(groups)-1], other)
		if other == "" || whole && hasDecimals {
			last, decimals, hasDecimals = groups[len(groups)-1], "", false
		}
		joined := strings.Join(groups[:len(groups)-1], "") + last
		if grouped(groups, last) && allDigits(joined) && (!hasDecimals || allDigits(decimals)) {
			if hasDecimals {
				joined += "." + decimals
			}
			return "it has marks between the thousands, write " + joined
		}
	}
	if point := strings.Replace(s, ",", ".", 1); point != s && !whole {
		if _, ok := parseFloat([]byte(point)); ok {
			return "it has a decimal comma, write " + point
		}
	}
	if whole {
		return "write digits only"
	}
	return "write digits and a decimal point only, such as 75.4"
}

func grouped(groups []string, last string) bool {
	if len(groups[0]) == 0 || len(groups[0]) > 3 || groups[0][0] == '0' || len(last) != 3 { // 0.754 is no 754
		return false
	}
	for _, g := range groups[1 : len(groups)-1] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// numberFault says that a cell is no number, or no whole one.
func numberFault(column string, cell []byte, whole bool) *fault {
	kind := "a number"
	if whole {
		kind = "a whole number"
	}
	return &fault{column: column, value: shown(cell), code: "bad_number",
		message: fmt.Sprintf("%s is %q, not %s; %s", column, shown(cell), kind, numberRemedy(string(cell), whole))}
}

// alias returns b as a string without copying it. It is only good until b changes.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
