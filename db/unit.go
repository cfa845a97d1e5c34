package db

import (
	"context"
	"time"
)

// Unit is an administrative unit of one time.
type Unit struct {
	Province   string // with ID its Key
	ID         int64
	Level      Level
	Code       string
	Name       string // "Khánh An"
	FullName   string // "xã Khánh An"
	Kind       string
	ValidFrom  time.Time
	ValidTo    *time.Time // the first day on which it is no longer valid; nil while it stands
	Population *int
	Households *int // as the bundle says, not a count
}

// Key returns the unit's key.
func (u *Unit) Key() Key { return Key{u.Province, u.ID} }

// Identity is what tells one unit from another across re-imports, for global ids.
type Identity struct {
	Province  string
	Level     Level
	Code      string
	ValidFrom time.Time
}

// UnitFilter narrows a list of units.
type UnitFilter struct {
	Level  Level // "": every level
	Within *Ref  // the unit itself and what lies in it
	Box    *Box  // units whose polygon meets it
}

// UnitByRef returns the unit of that level and code that is valid on a day.
// Errors: NOT_FOUND; BAD_INPUT when two provinces have it, with the spellings that tell them apart.
func (d *DB) UnitByRef(ctx context.Context, ref Ref, day time.Time) (Unit, error) {
	return Unit{}, nil
}

// UnitsByID returns the units of those keys, in one statement; an unknown key is absent.
func (d *DB) UnitsByID(ctx context.Context, keys []Key) (map[Key]Unit, error) { return nil, nil }

// UnitsByIdentity returns the units of those identities, in one statement; an unknown one is absent.
func (d *DB) UnitsByIdentity(ctx context.Context, identities []Identity) (map[Identity]Unit, error) {
	return nil, nil
}

// Units returns a page of the units valid on a day, by level (provinces first), then code. Units without a polygon
// meet no box. Errors: BAD_INPUT for the page or the box, and those of UnitByRef for Within.
func (d *DB) Units(ctx context.Context, filter UnitFilter, day time.Time, page PageArgs) (Page[Unit], error) {
	return Page[Unit]{}, nil
}

// Children returns, for each parent and day, a page of the units valid that day whose next unit above is the parent,
// ordered as Units are. One statement for any number of parents; every asked parent is in the answer.
func (d *DB) Children(ctx context.Context, parents []OnDay, page PageArgs) (map[OnDay]Page[Unit], error) {
	return nil, nil
}

// Ancestors returns the units above each unit on its day, nearest first. For a day outside the unit's validity they
// are those of its nearest day: the first, or the last. A unit with none is absent.
func (d *DB) Ancestors(ctx context.Context, units []OnDay) (map[OnDay][]Unit, error) { return nil, nil }
