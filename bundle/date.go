package bundle

import (
	"bytes"
	"fmt"
	"strings"
)

// parseDate reads a day: YYYY-MM-DD, or a timestamp at midnight as spreadsheets and
// GeoPackages write one.
func parseDate(b []byte) (int64, bool) {
	if day, ok := parseDay(b); ok {
		return day, true
	}
	if len(b) < 16 || b[10] != 'T' && b[10] != ' ' || !isMidnight(b[11:]) {
		return 0, false
	}
	return parseDay(b[:10])
}

// isMidnight says whether a time of day is 00:00, 00:00:00 or 00:00:00.000, with or
// without Z or an offset; the day is the one written.
func isMidnight(b []byte) bool {
	if i := bytes.IndexAny(b, "Z+-"); i >= 0 {
		zone := b[i:]
		if zone[0] == 'Z' && len(zone) > 1 || zone[0] != 'Z' && (len(zone) < 3 || len(zone) > 6) {
			return false
		}
		b = b[:i]
	}
	clock, fraction, _ := bytes.Cut(b, []byte("."))
	if string(clock) != "00:00" && string(clock) != "00:00:00" {
		return false
	}
	return len(bytes.Trim(fraction, "0")) == 0
}

// dateFault says that a cell is no day and how to write it.
func dateFault(column string, cell []byte) *fault {
	return &fault{column: column, value: shown(cell), code: "bad_date",
		message: fmt.Sprintf("%s is %q, not a date; %s", column, shown(cell), dateRemedy(string(cell)))}
}

// dateRemedy recognizes the ways in which days are often written.
func dateRemedy(cell string) string {
	s := strings.TrimSpace(cell)
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		if _, ok := parseDay([]byte(s[:10])); ok {
			return "write the day without a time, " + s[:10]
		}
	}
	if len(s) == 8 && allDigits(s) {
		if iso := s[:4] + "-" + s[4:6] + "-" + s[6:]; isoDay(iso) {
			return "write it as " + iso
		}
	}
	for _, mark := range []string{"/", "-", ".", " "} {
		f := strings.Split(s, mark)
		if len(f) != 3 || !allDigits(f[0]) || !allDigits(f[1]) || !allDigits(f[2]) {
			continue
		}
		y, m, d := f[2], f[1], f[0] // the Vietnamese order
		if len(f[0]) == 4 {
			y, m, d = f[0], f[1], f[2]
		}
		if len(y) != 4 || len(m) > 2 || len(d) > 2 {
			continue
		}
		iso := fmt.Sprintf("%s-%02s-%02s", y, m, d)
		if isoDay(iso) {
			return "write it as " + iso
		}
		return "the calendar has no such day; write a day as YYYY-MM-DD, such as 2025-07-01"
	}
	return "write a day as YYYY-MM-DD, such as 2025-07-01"
}

func isoDay(s string) bool {
	_, ok := parseDay([]byte(s))
	return ok
}
