package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

type (
	coverageQuestion   struct{ asOf time.Time }
	uptakeQuestion     struct{ asOf time.Time }
	remotenessQuestion struct{}
)

func (r unitResolver) Coverage(ctx context.Context, obj *model.AdminUnit, asOf *time.Time) (*model.Coverage, error) {
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, coverageQuestion{day}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay]db.Coverage, error) {
		return r.db.Coverage(ctx, on(members, day))
	})
	if err != nil {
		return nil, err
	}
	return coverage(read[onDay(obj.Key, day)], obj, day), nil
}

// coverage makes the API's coverage of a unit; asOf is zero for the unit's own day.
func coverage(c db.Coverage, unit *model.AdminUnit, asOf time.Time) *model.Coverage {
	if c.Basis == "" {
		c.Basis = db.BasisNone // a unit that went while the query ran
	}
	return &model.Coverage{
		AsOf: onDay(unit.Key, asOf).Day, Basis: model.CoverageBasis(c.Basis),
		Guided: c.Guided, Attempted: c.Attempted, NotVisited: c.NotVisited, Ineligible: c.Ineligible, Unknown: c.Unknown,
		Share: c.Share, ShareLow: c.ShareLow, ShareHigh: c.ShareHigh, GapHouseholds: c.GapHouseholds,
		Addresses: c.Addresses, Teams: c.Teams, Members: c.Members, HouseholdsPerMember: c.HouseholdsPerMember, LastVisitOn: c.LastVisitOn,
		Asked: asOf, Unit: unit.Key, Read: unit.Read,
	}
}

func (r coverageResolver) Services(ctx context.Context, obj *model.Coverage) ([]*model.ServiceUptake, error) {
	read, err := batch.Ask(ctx, obj.Read, uptakeQuestion{obj.Asked}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]db.ServiceUptake, error) {
		return r.db.ServiceUptakes(ctx, on(members, obj.Asked))
	})
	if err != nil {
		return nil, err
	}
	uptakes := []*model.ServiceUptake{}
	for _, u := range read[onDay(obj.Unit, obj.Asked)] {
		uptakes = append(uptakes, &model.ServiceUptake{Service: service(&u.Service), Households: u.Households, Share: u.Share})
	}
	return uptakes, nil
}

func (r unitResolver) Remoteness(ctx context.Context, obj *model.AdminUnit) (*model.Remoteness, error) {
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
