// Package scalar holds the API's own scalars: days, moments, and JSON that passes through as
// it was encoded.
package scalar

import (
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Error says that a value cannot be read, and how it is written. It may be shown as it is.
type Error struct {
	Message string // Vietnamese, then English
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

const (
	dayLayout = "2006-01-02"
	// A microsecond is what the database keeps.
	momentLayout = "2006-01-02T15:04:05.999999Z"
)

var (
	errNotADay    = &Error{`không phải ngày: hãy viết "YYYY-MM-DD", như "2024-09-30" / not a day: write it as "YYYY-MM-DD", like "2024-09-30"`}
	errNotAMoment = &Error{`không phải thời điểm: hãy viết theo RFC 3339, như "2024-09-30T07:15:00Z" / not a moment: write it as RFC 3339, like "2024-09-30T07:15:00Z"`}
)

// ParseDate reads a day as YYYY-MM-DD, nothing else, of the years 1 to 9999. It is midnight in UTC.
func ParseDate(text string) (time.Time, error) {
	day, err := time.Parse(dayLayout, text)
	if err != nil || day.Year() < 1 {
		return time.Time{}, errNotADay
	}
	return day, nil
}

// MarshalDate writes a day as "YYYY-MM-DD".
func MarshalDate(day time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		writeQuoted(w, day, dayLayout)
	})
}

// UnmarshalDate reads a Date argument.
func UnmarshalDate(value any) (time.Time, error) {
	text, ok := value.(string)
	if !ok {
		return time.Time{}, errNotADay
	}
	return ParseDate(text)
}

// MarshalDateTime writes a moment as RFC 3339 in UTC, to the microsecond.
func MarshalDateTime(moment time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		writeQuoted(w, moment.UTC(), momentLayout)
	})
}

// UnmarshalDateTime reads a DateTime argument: RFC 3339 with any offset.
func UnmarshalDateTime(value any) (time.Time, error) {
	text, _ := value.(string)
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, errNotAMoment
	}
	return moment.UTC(), nil
}

func writeQuoted(w io.Writer, t time.Time, layout string) {
	var buffer [40]byte
	text := append(buffer[:0], '"')
	text = t.AppendFormat(text, layout)
	w.Write(append(text, '"')) // into memory: it cannot fail
}
