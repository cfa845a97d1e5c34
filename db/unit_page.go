package db

import (
	"context"
	"time"
)

var (
	unitPage     = query("unit_page")
	unitChildren = query("unit_children")
)

// UnitFilter narrows a list of units.
type UnitFilter struct {
	Level  Level // "": every level
	Within *Ref  // the unit itself and what lies in it
	Box    *Box  // units whose polygon meets it
}

// unitList names the lists of units in their cursors.
const unitList = "unit"

func unitCursor(u *Unit) string { return cursor(unitList, u.Level.rank()+1, u.Code, u.Province) }

// Units returns a page of the units valid on a day, by level (provinces first), then code. Units without a polygon
// meet no box. Errors: BAD_INPUT for the page or the box, and those of UnitByRef for Within.
func (d *DB) Units(ctx context.Context, filter UnitFilter, day time.Time, page PageArgs) (Page[Unit], error) {
	var rank int
	var code, province string
	if err := page.start(unitList, &rank, &code, &province); err != nil {
		return Page[Unit]{}, err
	}
	if filter.Level != "" {
		if err := filter.Level.check(); err != nil {
			return Page[Unit]{}, err
		}
	}
	args := map[string]any{
		"level": string(filter.Level), "after_rank": rank, "after_code": code, "after_province": province, "take": page.First + 1,
	}
	if err := addBox(args, filter.Box); err != nil {
		return Page[Unit]{}, err
	}
	if err := d.addWithin(ctx, args, filter.Within, day); err != nil {
		return Page[Unit]{}, err
	}
	pages, err := askPages(ctx, d, unitPage, args, 1, page.First, unitCursor)
	if err != nil {
		return Page[Unit]{}, err
	}
	return pages[0], nil
}

// Children returns, for each parent and day, a page of the units valid that day whose next unit above is the parent,
// ordered as Units are. One statement for any number of parents; every asked parent is in the answer.
func (d *DB) Children(ctx context.Context, parents []OnDay, page PageArgs) (map[OnDay]Page[Unit], error) {
	var rank int
	var code, province string
	if err := page.start(unitList, &rank, &code, &province); err != nil {
		return nil, err
	}
	args := onDayArgs(parents)
	args["after_rank"], args["after_code"], args["after_province"], args["take"] = rank, code, province, page.First+1
	pages, err := askPages(ctx, d, unitChildren, args, len(parents), page.First, unitCursor)
	if err != nil {
		return nil, err
	}
	return byOnDay(parents, pages), nil
}

// byOnDay puts the answers to a list of questions, in its order, beside them.
func byOnDay[T any](asked []OnDay, answers []T) map[OnDay]T {
	m := make(map[OnDay]T, len(asked))
	for i, a := range asked {
		m[a] = answers[i]
	}
	return m
}
