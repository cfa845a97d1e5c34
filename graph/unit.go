package graph

import (
	"context"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

// units makes the API's units of those read together, each on its day; the same unit on the
// same day is made once.
type units struct {
	read batch.Set
	seen map[db.OnDay]*model.AdminUnit
}

func newUnits() *units { return &units{seen: map[db.OnDay]*model.AdminUnit{}} }

func (s *units) add(u *db.Unit, day time.Time) *model.AdminUnit {
	key := db.OnDay{Key: u.Key(), Day: day}
	if known, ok := s.seen[key]; ok {
		return known
	}
	unit := &model.AdminUnit{
		ID: unitID(u), Level: levelFromDB(u.Level), Code: u.Code, Name: u.Name, FullName: u.FullName, Kind: u.Kind,
		ValidFrom: u.ValidFrom, ValidTo: u.ValidTo, Derived: u.DerivedFrom != nil, Support: u.DerivedFrom, Key: key, Read: &s.read,
	}
	s.seen[key] = unit
	batch.Add(&s.read, key)
	return unit
}

// addOptional is add, with nil for nil.
func (s *units) addOptional(u *db.Unit, day time.Time) *model.AdminUnit {
	if u == nil {
		return nil
	}
	return s.add(u, day)
}

func (s *units) connection(page db.Page[db.Unit], args db.PageArgs, day time.Time) *model.AdminUnitConnection {
	c := &model.AdminUnitConnection{
		Nodes: make([]*model.AdminUnit, len(page.Items)), Edges: make([]*model.AdminUnitEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		c.Nodes[i] = s.add(&page.Items[i], day)
		c.Edges[i] = &model.AdminUnitEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c
}

// nearestDay is the day of a unit's validity that is nearest to a day.
func nearestDay(u *db.Unit, day time.Time) time.Time {
	if day.Before(u.ValidFrom) {
		return u.ValidFrom
	}
	if u.ValidTo != nil && !day.Before(*u.ValidTo) {
		return u.ValidTo.AddDate(0, 0, -1)
	}
	return day
}

func (r queryResolver) AdminUnit(ctx context.Context, level model.AdminLevel, code string, asOf *time.Time) (*model.AdminUnit, error) {
	if err := checkCode(code); err != nil {
		return nil, err
	}
	day := day(asOf, r.today())
	unit, err := r.db.UnitByRef(ctx, db.Ref{Level: levelToDB(level), Code: code}, day)
	if db.IsNotFound(err) {
		return nil, nil // the schema says so: null where there was none
	}
	if err != nil {
		return nil, err
	}
	return newUnits().add(&unit, day), nil
}

func (r queryResolver) AdminUnits(ctx context.Context, level *model.AdminLevel, within *model.UnitRef, bbox *model.BoundingBox,
	asOf *time.Time, first *int, after *string) (*model.AdminUnitConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	filter := db.UnitFilter{Level: optionalLevel(level)}
	if filter.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	if filter.Box, err = checkBox(bbox); err != nil {
		return nil, err
	}
	day := day(asOf, r.today())
	page, err := r.db.Units(ctx, filter, day, args)
	if err != nil {
		return nil, err
	}
	return newUnits().connection(page, args, day), nil
}

// What can be asked of a set of units. Each is a batch question: comparable, and all that the
// answer depends on besides the units.
type (
	aboveQuestion    struct{}
	childrenQuestion struct {
		asOf time.Time // zero: each unit's own day
		page db.PageArgs
	}
	designationsQuestion struct{ asOf time.Time }
)

// on returns the units on another day; a zero day leaves each its own.
func on(units []db.OnDay, asOf time.Time) []db.OnDay {
	if asOf.IsZero() {
		return units
	}
	moved := make([]db.OnDay, len(units))
	for i, unit := range units {
		moved[i] = db.OnDay{Key: unit.Key, Day: asOf}
	}
	return moved
}

// asked returns the day asked about as a part of a question: zero where a field leaves it out.
func asked(asOf *time.Time) time.Time { return day(asOf, time.Time{}) }

// onDay returns one unit as on() does all of them, to find its answer.
func onDay(unit db.OnDay, asOf time.Time) db.OnDay {
	if !asOf.IsZero() {
		unit.Day = asOf
	}
	return unit
}

func (r unitResolver) Parent(ctx context.Context, obj *model.AdminUnit) (*model.AdminUnit, error) {
	above, err := r.Ancestors(ctx, obj)
	if err != nil || len(above) == 0 {
		return nil, err
	}
	return above[0], nil
}

func (r unitResolver) Ancestors(ctx context.Context, obj *model.AdminUnit) ([]*model.AdminUnit, error) {
	above, err := batch.Ask(ctx, obj.Read, aboveQuestion{}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]*model.AdminUnit, error) {
		read, err := r.db.Ancestors(ctx, members)
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[db.OnDay][]*model.AdminUnit, len(read))
		for unit, ancestors := range read {
			for i := range ancestors {
				answer[unit] = append(answer[unit], all.add(&ancestors[i], unit.Day))
			}
		}
		return answer, nil
	})
	if err != nil {
		return nil, err
	}
	return orEmpty(above[obj.Key]), nil
}

func (r unitResolver) Children(ctx context.Context, obj *model.AdminUnit, asOf *time.Time, first *int, after *string) (*model.AdminUnitConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	day := asked(asOf)
	children, err := batch.Ask(ctx, obj.Read, childrenQuestion{day, args}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay]*model.AdminUnitConnection, error) {
		pages, err := r.db.Children(ctx, on(members, day), args)
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[db.OnDay]*model.AdminUnitConnection, len(pages))
		for unit, page := range pages {
			answer[unit] = all.connection(page, args, unit.Day)
		}
		return answer, nil
	})
	if err != nil {
		return nil, err
	}
	return children[onDay(obj.Key, day)], nil
}

func (r unitResolver) Designations(ctx context.Context, obj *model.AdminUnit, asOf *time.Time) ([]*model.Designation, error) {
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, designationsQuestion{day}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]db.Designation, error) {
		return r.db.Designations(ctx, on(members, day))
	})
	if err != nil {
		return nil, err
	}
	designations := []*model.Designation{}
	for _, d := range read[onDay(obj.Key, day)] {
		designations = append(designations, &model.Designation{
			Scheme: d.Scheme, Value: d.Value, Decision: d.Decision, ValidFrom: d.ValidFrom, ValidTo: d.ValidTo,
		})
	}
	return designations, nil
}

func (r unitResolver) DerivedFrom(ctx context.Context, obj *model.AdminUnit) (*int, error) {
	if err := r.checkUnit(ctx, access.Aggregates, "AdminUnit.derivedFrom", obj, time.Time{}); err != nil {
		return nil, err
	}
	return obj.Support, nil
}

// orEmpty keeps a list that may not be null from being null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
