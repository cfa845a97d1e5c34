package graph

import (
	"context"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) CoverageTrend(ctx context.Context, unit model.UnitRef, from, to time.Time, step model.TrendStep, boundariesAsOf *time.Time) ([]*model.Coverage, error) {
	ref, err := checkRef(&unit)
	if err != nil {
		return nil, err
	}
	boundaries := asked(boundariesAsOf)
	exact, err := r.mayRef(ctx, access.Aggregates, ref, orDay(boundaries, to))
	if err != nil {
		return nil, err
	}
	read := r.db.CoverageTrend
	if !exact {
		read = r.db.PublishedTrend
	}
	trend, err := read(ctx, *ref, from, to, db.Step(step), boundaries)
	if err != nil {
		return nil, err
	}
	if !exact {
		trend.Boundaries = time.Time{} // each point has its own
	}
	// The points are one set: what a query asks of one, such as its services, is read for all.
	points, series := newUnits(), make([]*model.Coverage, len(trend.Points))
	for i := range trend.Points {
		point := &trend.Points[i]
		series[i] = coverage(point.Coverage, points.add(&trend.Unit, point.Day), time.Time{}, trend.Boundaries)
	}
	return series, nil
}

func (r queryResolver) Decomposition(ctx context.Context, unit model.UnitRef, from, to time.Time) (*model.Decomposition, error) {
	ref, err := checkRef(&unit)
	if err != nil {
		return nil, err
	}
	d, err := r.db.Decomposition(ctx, *ref, from, to)
	if err != nil {
		return nil, err
	}
	now := newUnits()
	return &model.Decomposition{
		From:                 coverage(d.From, newUnits().add(&d.FromUnit, from), time.Time{}, time.Time{}),
		FromOnBoundariesOfTo: coverage(d.Middle, now.add(&d.ToUnit, from), time.Time{}, to),
		To:                   coverage(d.To, now.add(&d.ToUnit, to), time.Time{}, to),
		RealHouseholds:       d.RealHouseholds, RestructuringHouseholds: d.RestructuringHouseholds,
		RealShare: d.RealShare, RestructuringShare: d.RestructuringShare,
	}, nil
}
