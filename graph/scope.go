package graph

import (
	"context"
	"errors"
	"slices"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

// scopeQuestion asks of things read together which lie where the caller has a right.
type scopeQuestion struct {
	right access.Right
	day   time.Time // zero: each thing's own day
}

// checkUnit refuses what a field says of a unit that lies outside of where the caller has a right on a day; zero: its own.
// One statement asks about all units of a list.
func (r *root) checkUnit(ctx context.Context, right access.Right, field string, obj *model.AdminUnit, day time.Time) error {
	return r.checkKey(ctx, right, field+" "+obj.FullName, obj.Read, obj.Key, day)
}

// checkKey is checkUnit of a unit by its key, and by those it was read with.
func (r *root) checkKey(ctx context.Context, right access.Right, what string, read *batch.Set, unit db.OnDay, day time.Time) error {
	inside, err := r.mayKey(ctx, right, read, unit, day)
	if err == nil && !inside {
		return access.From(ctx).RefuseScope(right, what)
	}
	return err
}

// mayKey tells whether the caller has a right in a unit on a day; zero: its own. One statement asks about all that it was read with.
func (r *root) mayKey(ctx context.Context, right access.Right, read *batch.Set, unit db.OnDay, day time.Time) (bool, error) {
	everywhere, somewhere := access.From(ctx).Scope(right)
	if everywhere || len(somewhere) == 0 {
		return everywhere, nil
	}
	inside, err := batch.Ask(ctx, read, scopeQuestion{right, day}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay]bool, error) {
		return r.db.InScope(ctx, right, on(members, day))
	})
	return inside[onDay(unit, day)], err
}

// mayRef tells whether the caller has a right in the unit of a ref on a day; nil: in everything.
func (r *root) mayRef(ctx context.Context, right access.Right, ref *db.Ref, day time.Time) (bool, error) {
	everywhere, somewhere := access.From(ctx).Scope(right)
	if everywhere || len(somewhere) == 0 || ref == nil {
		return everywhere, nil
	}
	err := r.db.CheckScope(ctx, right, "", db.RefOnDay{Ref: *ref, Day: day})
	var refused *access.Refusal
	if errors.As(err, &refused) {
		return false, nil
	}
	return err == nil, err
}

// checkTeam refuses what a field says of a team outside of where the caller has a right on a day (zero: the team's own).
func (r *root) checkTeam(ctx context.Context, right access.Right, field string, obj *model.Team, asOf *time.Time) error {
	inside, err := r.mayTeam(ctx, right, obj, asked(asOf))
	if err == nil && !inside {
		return access.From(ctx).RefuseScope(right, field+" "+obj.Name)
	}
	return err
}

// mayTeam tells whether the caller has a right about a team on a day (zero: the team's own): in its unit, or in all units that it
// serves. The unit is the one it was established in, which may have been merged into another since.
func (r *root) mayTeam(ctx context.Context, right access.Right, obj *model.Team, day time.Time) (bool, error) {
	everywhere, somewhere := access.From(ctx).Scope(right)
	if everywhere || len(somewhere) == 0 {
		return everywhere, nil
	}
	inside, err := batch.Ask(ctx, obj.Read, scopeQuestion{right, day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay]bool, error) {
		return r.teamsInScope(ctx, right, members, day)
	})
	return inside[teamOnDay(obj.Key, day)], err
}

// teamsInScope tells which teams belong, or serve nothing but what belongs, to where the caller has a right.
func (r *root) teamsInScope(ctx context.Context, right access.Right, members []homed, day time.Time) (map[db.TeamOnDay]bool, error) {
	teams := teamsOn(members, day)
	serves, err := r.db.TeamServes(ctx, teams)
	if err != nil {
		return nil, err
	}
	var units []db.OnDay
	for i, team := range teams {
		units = append(units, db.OnDay{Key: members[i].home, Day: team.Day})
		for _, u := range serves[team] {
			units = append(units, db.OnDay{Key: u.Key(), Day: team.Day})
		}
	}
	lies, err := r.db.InScope(ctx, right, units)
	if err != nil {
		return nil, err
	}
	inside := make(map[db.TeamOnDay]bool, len(teams))
	for i, team := range teams {
		outside := func(u db.Unit) bool { return !lies[db.OnDay{Key: u.Key(), Day: team.Day}] }
		inside[team] = lies[db.OnDay{Key: members[i].home, Day: team.Day}] || len(serves[team]) > 0 && !slices.ContainsFunc(serves[team], outside)
	}
	return inside, nil
}

// checkAddress refuses what a field says of an address that lies outside of the caller's units on a day; nil: the day it was
// asked for.
func (r addressResolver) checkAddress(ctx context.Context, field string, obj *model.Address, asOf *time.Time) error {
	caller := access.From(ctx)
	if everywhere, _ := caller.Scope(access.Persons); everywhere {
		return nil
	}
	lies, err := r.units(ctx, obj, asOf)
	if err != nil {
		return err
	}
	for _, unit := range []*model.AdminUnit{lies.hamlet, lies.commune} { // hamlets lie in their commune
		if unit != nil {
			return r.checkUnit(ctx, access.Persons, field, unit, time.Time{})
		}
	}
	return caller.RefuseScope(access.Persons, field)
}
