package db

import (
	"context"
	"time"
)

// Step is the time between two points of a trend.
type Step string

// The steps. Months, quarters and years keep the day of the month; one that a month does not have becomes its last.
const (
	StepDay     Step = "DAY"
	StepWeek    Step = "WEEK"
	StepMonth   Step = "MONTH"
	StepQuarter Step = "QUARTER"
	StepYear    Step = "YEAR"
)

// MaxTrend is the most points that a trend may have.
const MaxTrend = 400

// TrendDays returns the days of a trend: the first, and each a step after it that is not after the last; never more than
// one too many. A last day before the first, and an unknown step, are BAD_INPUT.
func TrendDays(from, to time.Time, step Step) ([]time.Time, error) {
	if err := inOrder(from, to); err != nil {
		return nil, err
	}
	var after func(n int) time.Time
	switch step {
	case StepDay:
		after = func(n int) time.Time { return from.AddDate(0, 0, n) }
	case StepWeek:
		after = func(n int) time.Time { return from.AddDate(0, 0, 7*n) }
	case StepMonth:
		after = func(n int) time.Time { return monthsAfter(from, n) }
	case StepQuarter:
		after = func(n int) time.Time { return monthsAfter(from, 3*n) }
	case StepYear:
		after = func(n int) time.Time { return monthsAfter(from, 12*n) }
	default:
		return nil, badInput("không có bước %q", "there is no step %q", string(step))
	}
	var days []time.Time
	for n := 0; n <= MaxTrend; n++ {
		day := after(n)
		if day.After(to) {
			break
		}
		days = append(days, day)
	}
	return days, nil
}

// inOrder refuses a last day before the first.
func inOrder(from, to time.Time) error {
	if to.Before(from) {
		return badInput("to (%s) đứng trước from (%s): hãy đổi chỗ hai ngày", "to (%s) is before from (%s): swap the two days",
			to.Format(time.DateOnly), from.Format(time.DateOnly))
	}
	return nil
}

// monthsAfter goes on (back, where negative) so many calendar months, as PostgreSQL does: a day that the month doesn't have
// becomes its last.
func monthsAfter(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(day.Day(), first.AddDate(0, 1, -1).Day())-1)
}

// Trend is the coverage of a unit on days, oldest first, all on the same boundaries.
type Trend struct {
	Unit       Unit // as on the boundaries' day
	Boundaries time.Time
	Points     []TrendPoint
}

// TrendPoint is one day of a trend.
type TrendPoint struct {
	Day      time.Time
	Coverage Coverage
}

// CoverageTrend returns the coverage of a unit from a day to another, by steps, on the boundaries of one day (zero: of
// the last): what the unit of that code and level held on that day. It costs the unit's places on each day.
// Errors: BAD_INPUT for days, step, or more than MaxTrend points; those of UnitByRef on the boundaries' day.
func (d *DB) CoverageTrend(ctx context.Context, ref Ref, from, to time.Time, step Step, boundaries time.Time) (Trend, error) {
	days, err := TrendDays(from, to, step)
	if err != nil {
		return Trend{}, err
	}
	if len(days) > MaxTrend {
		return Trend{}, badInput("từ %[1]s đến %[2]s có nhiều hơn %[3]d điểm: hãy chọn step dài hơn hoặc khoảng ngắn hơn",
			"from %[1]s to %[2]s there are more than %[3]d points: take a longer step or fewer days", from.Format(time.DateOnly), to.Format(time.DateOnly), MaxTrend)
	}
	boundaries = orDay(boundaries, to)
	unit, err := d.UnitByRef(ctx, ref, boundaries)
	if err != nil {
		return Trend{}, err
	}
	asked := make([]OnBoundaries, len(days))
	for i, day := range days {
		asked[i] = OnBoundaries{OnDay{unit.Key(), day}, boundaries}
	}
	found, err := d.CoverageOn(ctx, asked)
	if err != nil {
		return Trend{}, err
	}
	trend := Trend{unit, boundaries, make([]TrendPoint, len(days))}
	for i, on := range asked {
		trend.Points[i] = TrendPoint{on.Day, found[on]}
	}
	return trend, nil
}
