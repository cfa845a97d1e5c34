package db

import (
	"context"
	"time"
)

var designationOfUnit = query("designation_of_unit")

// Designation is what an authority declared a unit to be, for a time.
type Designation struct {
	Scheme    string
	Value     string
	Decision  *string
	ValidFrom time.Time
	ValidTo   *time.Time // nil: still in force
}

// Designations returns what is in force for each unit on its day, by scheme, value and beginning. A designation is
// of the unit that its code meant on its first day. A unit without any is absent.
func (d *DB) Designations(ctx context.Context, units []OnDay) (map[OnDay][]Designation, error) {
	type row struct {
		Asked int
		Designation
	}
	found, err := ask[row](ctx, d, designationOfUnit, onDayArgs(units))
	if err != nil {
		return nil, err
	}
	answer := make(map[OnDay][]Designation, len(units))
	for _, r := range found {
		asked := units[r.Asked-1]
		answer[asked] = append(answer[asked], r.Designation)
	}
	return answer, nil
}
