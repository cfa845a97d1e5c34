package db

import (
	"math"
	"time"
)

// day counts days since 1970-01-01.
type day int32

// The ends of time: a period that has no first or no last day.
const (
	beginning day = math.MinInt32
	forever   day = math.MaxInt32
)

// dayAt is the day of a UTC midnight.
func dayAt(t time.Time) day { return day(t.Unix() / (24 * 60 * 60)) }

// time is the day as UTC midnight; not of the ends of time.
func (d day) time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// period is a half-open stretch of days: from is in it, to is not.
type period struct{ from, to day }

func (p period) empty() bool { return p.from >= p.to }

func (p period) holds(d day) bool { return p.from <= d && d < p.to }

// and is the stretch that both periods hold; empty when they share no day.
func (p period) and(q period) period { return period{max(p.from, q.from), min(p.to, q.to)} }

// Vietnam is UTC+7, without summer time since 1975: the zone whose calendar days the figures speak of.
var Vietnam = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// Today returns the day that it is in Vietnam at an instant, as UTC midnight.
func Today(now time.Time) time.Time {
	y, m, d := now.In(Vietnam).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
