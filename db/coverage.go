package db

import (
	"context"
	"maps"
	"slices"
	"time"
)

var coverageOfUnit = query("coverage_of_unit")

// Basis says what a coverage stands on.
type Basis string

// The bases: households on the register; a published report; nothing.
const (
	BasisRegister Basis = "REGISTER"
	BasisReport   Basis = "REPORT"
	BasisNone     Basis = "NONE"
)

// Coverage is a unit's figures on a day, as the contract defines them. All counts are of households but Addresses
// (of kind household), Teams and Members (of kind cnscd alone: other task forces are never counted among them).
type Coverage struct {
	Basis               Basis
	Guided              *int
	Attempted           *int
	NotVisited          *int
	Ineligible          *int
	Unknown             *int
	Share               *float64
	ShareLow            *float64
	ShareHigh           *float64
	GapHouseholds       *int
	Addresses           int
	Teams               int
	Members             int
	HouseholdsPerMember *float64
	LastVisitOn         *time.Time
	Apportioned         *float64 // of the value of the reports on other boundaries, the share carried over to this unit; nil: none
	Note                *string  // why figures are unknown, in Vietnamese and English; nil: nothing to say
}

// OnBoundaries is a unit, the day about which something is asked, and the day on whose boundaries: the unit is what it
// held on that day. Both are UTC midnight.
type OnBoundaries struct {
	OnDay
	Boundaries time.Time
}

// onOwn asks about units on the boundaries of the days about which they are asked.
func onOwn[A any](ctx context.Context, units []OnDay, read func(context.Context, []OnBoundaries) (map[OnBoundaries]A, error)) (map[OnDay]A, error) {
	own := make([]OnBoundaries, len(units))
	for i, u := range units {
		own[i] = OnBoundaries{u, u.Day}
	}
	found, err := read(ctx, own)
	if err != nil {
		return nil, err
	}
	answer := make(map[OnDay]A, len(found))
	for u, a := range found {
		answer[u.OnDay] = a
	}
	return answer, nil
}

// Coverage returns the figures of each unit on its day, on the boundaries of that day, in one statement; every unit
// that exists is in the answer. On a day outside its validity a unit holds no place: its basis is REPORT or NONE.
func (d *DB) Coverage(ctx context.Context, units []OnDay) (map[OnDay]Coverage, error) {
	return onOwn(ctx, units, d.CoverageOn)
}

// CoverageOn returns the figures of each unit on its day, on the boundaries of its other day: exact from the register,
// by where the points lie; from reports carried over (Coverage.Apportioned). It is one statement, and up to three more where
// units of another day have no household on the register.
func (d *DB) CoverageOn(ctx context.Context, units []OnBoundaries) (map[OnBoundaries]Coverage, error) {
	answer, other, err := d.coverageOn(ctx, units, nil)
	if err != nil || len(other) == 0 {
		return answer, err
	}
	carried, err := d.carry(ctx, slices.Collect(maps.Values(other)))
	if err != nil || carried == nil {
		return answer, err
	}
	again, _, err := d.coverageOn(ctx, slices.Collect(maps.Keys(other)), carried)
	if err != nil {
		return nil, err
	}
	maps.Copy(answer, again)
	return answer, nil
}

// coverageOn asks once, and returns too which units may have figures in reports on other boundaries.
func (d *DB) coverageOn(ctx context.Context, units []OnBoundaries, carried any) (map[OnBoundaries]Coverage, map[OnBoundaries]redrawing, error) {
	type row struct {
		Asked int
		Coverage
		Level  Level
		Stands bool // on its boundaries' day
	}
	args := onBoundariesArgs(units)
	args["carried"] = carried
	found, err := ask[row](ctx, d, coverageOfUnit, args)
	if err != nil {
		return nil, nil, err
	}
	answer, other := make(map[OnBoundaries]Coverage, len(found)), map[OnBoundaries]redrawing{}
	for _, r := range found {
		unit := units[r.Asked-1]
		switch {
		case r.Basis == BasisRegister:
		case !r.Stands && r.Basis == BasisNone:
			text := both("đơn vị không có hiệu lực vào ngày %[1]s nên không có địa bàn; hãy cho boundariesAsOf là một ngày đơn vị có hiệu lực",
				"the unit is not valid on %[1]s and holds no ground then; give as boundariesAsOf a day on which it is", unit.Boundaries.Format(time.DateOnly))
			r.Note = &text
		case r.Stands && !unit.Boundaries.Equal(unit.Day):
			other[unit] = redrawing{unit.Province, r.Level, unit.ID, unit.Day, unit.Boundaries}
		}
		answer[unit] = r.Coverage
	}
	return answer, other, nil
}
