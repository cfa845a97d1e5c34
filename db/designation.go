package db

import (
	"context"
	"time"
)

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
	return nil, nil
}
