package graph

import (
	"context"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

type (
	coverageQuestion   struct{ asOf, boundaries time.Time } // zero: each unit's own day; the day of the figures
	publishedQuestion  struct{ asOf time.Time }             // zero: each unit's own day
	uptakeQuestion     struct{ asOf, boundaries time.Time }
	remotenessQuestion struct{}
)

func (r unitResolver) Coverage(ctx context.Context, obj *model.AdminUnit, asOf, boundariesAsOf *time.Time) (*model.Coverage, error) {
	day, boundaries := asked(asOf), asked(boundariesAsOf)
	exact, err := r.mayKey(ctx, access.Aggregates, obj.Read, obj.Key, orDay(boundaries, day))
	if err != nil {
		return nil, err
	}
	if !exact {
		return r.published(ctx, obj, day, boundaries)
	}
	read, err := batch.Ask(ctx, obj.Read, coverageQuestion{day, boundaries}, func(ctx context.Context, members []db.OnDay) (map[db.OnBoundaries]db.Coverage, error) {
		return r.db.CoverageOn(ctx, redrawn(members, day, boundaries))
	})
	if err != nil {
		return nil, err
	}
	return coverage(read[redrawnOne(obj.Key, day, boundaries)], obj, day, boundaries), nil
}

// published is the coverage for whoever may not see it exactly: that of the last month end, on its own boundaries.
func (r unitResolver) published(ctx context.Context, obj *model.AdminUnit, day, boundaries time.Time) (*model.Coverage, error) {
	read, err := batch.Ask(ctx, obj.Read, publishedQuestion{day}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay]db.PublishedCoverage, error) {
		return r.db.PublishedCoverage(ctx, on(members, day))
	})
	if err != nil {
		return nil, err
	}
	asked := onDay(obj.Key, day)
	c, known := read[asked]
	if !known {
		c.Day = asked.Day // a unit that went while the query ran
	}
	if !boundaries.IsZero() && !boundaries.Equal(asked.Day) && !boundaries.Equal(c.Day) {
		return nil, db.RefuseExact(ctx, "boundariesAsOf")
	}
	return coverage(c.Coverage, obj, c.Day, time.Time{}), nil
}

// redrawn returns the units on another day (zero: each its own), on the boundaries of a third (zero: of that day).
func redrawn(units []db.OnDay, asOf, boundaries time.Time) []db.OnBoundaries {
	moved := make([]db.OnBoundaries, len(units))
	for i, unit := range units {
		moved[i] = redrawnOne(unit, asOf, boundaries)
	}
	return moved
}

// redrawnOne returns one unit as redrawn does all of them, to find its answer.
func redrawnOne(unit db.OnDay, asOf, boundaries time.Time) db.OnBoundaries {
	moved := onDay(unit, asOf)
	if boundaries.IsZero() {
		boundaries = moved.Day
	}
	return db.OnBoundaries{OnDay: moved, Boundaries: boundaries}
}

// coverage makes the API's coverage of a unit; asOf is zero for the unit's own day, boundaries for those of the day.
func coverage(c db.Coverage, unit *model.AdminUnit, asOf, boundaries time.Time) *model.Coverage {
	about := redrawnOne(unit.Key, asOf, boundaries)
	if c.Basis == "" {
		c.Basis = db.BasisNone // a unit that went while the query ran
	}
	return &model.Coverage{
		AsOf: about.Day, BoundariesAsOf: about.Boundaries, Basis: model.CoverageBasis(c.Basis),
		Guided: c.Guided, Attempted: c.Attempted, NotVisited: c.NotVisited, Ineligible: c.Ineligible, Unknown: c.Unknown,
		Share: c.Share, ShareLow: c.ShareLow, ShareHigh: c.ShareHigh, GapHouseholds: c.GapHouseholds,
		Addresses: c.Addresses, Teams: c.Teams, Members: c.Members, HouseholdsPerMember: c.HouseholdsPerMember, LastVisitOn: c.LastVisitOn,
		Apportioned: c.Apportioned, Note: c.Note,
		Asked: asOf, Redrawn: boundaries, Unit: unit.Key, Read: unit.Read,
	}
}

func (r coverageResolver) Services(ctx context.Context, obj *model.Coverage) ([]*model.ServiceUptake, error) {
	if err := r.checkCoverage(ctx, "Coverage.services", obj); err != nil {
		return nil, err
	}
	read, err := batch.Ask(ctx, obj.Read, uptakeQuestion{obj.Asked, obj.Redrawn}, func(ctx context.Context, members []db.OnDay) (map[db.OnBoundaries][]db.ServiceUptake, error) {
		return r.db.ServiceUptakesOn(ctx, redrawn(members, obj.Asked, obj.Redrawn))
	})
	if err != nil {
		return nil, err
	}
	uptakes := []*model.ServiceUptake{}
	for _, u := range read[redrawnOne(obj.Unit, obj.Asked, obj.Redrawn)] {
		uptakes = append(uptakes, &model.ServiceUptake{Service: service(&u.Service), Households: u.Households, Share: u.Share})
	}
	return uptakes, nil
}

// checkCoverage refuses what is never published to whoever may not see the exact figures of the unit.
func (r coverageResolver) checkCoverage(ctx context.Context, field string, obj *model.Coverage) error {
	return r.checkKey(ctx, access.Aggregates, field, obj.Read, obj.Unit, orDay(obj.Redrawn, obj.Asked))
}

// orDay returns a day, or another where it is zero.
func orDay(day, otherwise time.Time) time.Time {
	if day.IsZero() {
		return otherwise
	}
	return day
}

func (r unitResolver) Remoteness(ctx context.Context, obj *model.AdminUnit) (*model.Remoteness, error) {
	if err := r.checkUnit(ctx, access.Aggregates, "AdminUnit.remoteness", obj, time.Time{}); err != nil {
		return nil, err
	}
	read, err := batch.Ask(ctx, obj.Read, remotenessQuestion{}, func(ctx context.Context, members []db.OnDay) (map[db.Key]db.Remoteness, error) {
		return r.db.Remoteness(ctx, keys(members))
	})
	known, ok := read[obj.Key.Key]
	if !ok {
		return nil, err
	}
	return remoteness(&known), nil
}

func remoteness(r *db.Remoteness) *model.Remoteness {
	if r == nil {
		return nil
	}
	return &model.Remoteness{
		Index: r.Index, Remote: r.Remote, ServiceDistanceMetres: r.ServiceDistanceMetres, TeamDistanceMetres: r.TeamDistanceMetres,
		AddressesPerKm2: r.AddressesPerKm2, Designated: r.Designated, ComputedAt: r.ComputedAt,
	}
}
