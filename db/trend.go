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

// checkTrend refuses the days and steps that TrendDays refuses, and more than MaxTrend points.
func checkTrend(from, to time.Time, step Step) error {
	days, err := TrendDays(from, to, step)
	if err == nil && len(days) > MaxTrend {
		return badInput("từ %[1]s đến %[2]s có nhiều hơn %[3]d điểm: hãy chọn step dài hơn hoặc khoảng ngắn hơn",
			"from %[1]s to %[2]s there are more than %[3]d points: take a longer step or fewer days", from.Format(time.DateOnly), to.Format(time.DateOnly), MaxTrend)
	}
	return err
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
	if err := checkTrend(from, to, step); err != nil {
		return Trend{}, err
	}
	days, err := TrendDays(from, to, step)
	if err != nil {
		return Trend{}, err
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

// PublishedTrend is CoverageTrend of what is published: month ends by steps of months, from the first that is not before a day
// to the last published that is not after another, each on its own boundaries; those on which the unit was not valid are left out.
// Errors: as CoverageTrend, and RefuseExact for shorter steps and other boundaries.
func (d *DB) PublishedTrend(ctx context.Context, ref Ref, from, to time.Time, step Step, boundaries time.Time) (Trend, error) {
	if step == StepDay || step == StepWeek {
		return Trend{}, RefuseExact(ctx, "step: "+string(step))
	}
	if err := checkTrend(from, to, step); err != nil {
		return Trend{}, err
	}
	published, err := d.publishedScope(ctx, &ref, to, boundaries)
	if err != nil {
		return Trend{}, err
	}
	unit, err := d.UnitByRef(ctx, ref, published.Last)
	if err != nil {
		return Trend{}, err
	}
	trend, first := Trend{Unit: unit, Boundaries: published.Last}, monthEndFrom(from)
	if first.After(published.Last) {
		return trend, nil
	}
	days, err := TrendDays(first, published.Last, step)
	if err != nil {
		return Trend{}, err
	}
	var asked []OnDay
	for _, day := range days {
		if day = monthEndFrom(day); !day.Before(unit.ValidFrom) && !day.Before(published.First) && !day.After(published.Last) {
			asked = append(asked, OnDay{unit.Key(), day})
		}
	}
	found, err := d.PublishedCoverage(ctx, asked)
	for _, on := range asked {
		trend.Points = append(trend.Points, TrendPoint{on.Day, found[on].Coverage})
	}
	return trend, err
}

// monthEndFrom is the last day of a day's month.
func monthEndFrom(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC)
}
