package db

import (
	"context"
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
}

// Coverage returns the figures of each unit on its day, in one statement; every unit that exists is in the answer.
// On a day outside its validity a unit holds no place: its basis is REPORT or NONE.
func (d *DB) Coverage(ctx context.Context, units []OnDay) (map[OnDay]Coverage, error) {
	type row struct {
		Asked int
		Coverage
	}
	found, err := ask[row](ctx, d, coverageOfUnit, onDayArgs(units))
	if err != nil {
		return nil, err
	}
	answer := make(map[OnDay]Coverage, len(found))
	for _, r := range found {
		answer[units[r.Asked-1]] = r.Coverage
	}
	return answer, nil
}
