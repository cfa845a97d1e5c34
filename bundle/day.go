package bundle

import "time"

// DayOf returns the day of t, in t's own time zone, as days since 1970-01-01.
func DayOf(t time.Time) int64 {
	y, m, d := t.Date()
	return daysFrom(int64(y), int64(m), int64(d))
}

// DayTime returns midnight UTC of a day given in days since 1970-01-01.
func DayTime(day int64) time.Time {
	return time.Unix(day*86400, 0).UTC()
}

// daysFrom returns the days from 1970-01-01 to a day of the proleptic Gregorian calendar.
// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
func daysFrom(y, m, d int64) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// monthDays returns the number of days of a month.
func monthDays(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// parseDay reads exactly YYYY-MM-DD.
func parseDay(b []byte) (int64, bool) {
	if len(b) != 10 || b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	y, okY := digits(b[:4])
	m, okM := digits(b[5:7])
	d, okD := digits(b[8:])
	if !okY || !okM || !okD || !isDay(y, m, d) {
		return 0, false
	}
	return daysFrom(int64(y), int64(m), int64(d)), true
}

func isDay(y, m, d int) bool {
	return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= monthDays(y, m)
}

// digits reads an unsigned number of at most nine digits.
func digits(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// appendDay appends a day as YYYY-MM-DD.
func appendDay(dst []byte, day int64) []byte {
	return DayTime(day).AppendFormat(dst, time.DateOnly)
}
