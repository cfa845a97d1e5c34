package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

func (r queryResolver) CoverageGaps(ctx context.Context, filter *model.GapFilter, asOf *time.Time, first *int, after *string, boundariesAsOf *time.Time) (*model.CoverageGapConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	question, err := gapFilter(filter)
	if err != nil {
		return nil, err
	}
	day := day(asOf, r.today())
	question.Boundaries = asked(boundariesAsOf)
	page, err := r.db.Gaps(ctx, question, day, args)
	if err != nil {
		return nil, err
	}
	return gapConnection(page, args, &question, day), nil
}

func gapFilter(f *model.GapFilter) (db.GapFilter, error) {
	if f == nil {
		return db.DefaultGapFilter(), nil
	}
	filter := db.GapFilter{
		RemoteOnly: f.RemoteOnly, MinGapHouseholds: f.MinGapHouseholds, Target: f.Target,
		TeamReachMetres: f.TeamReachMetres, MaxHouseholdsPerMember: f.MaxHouseholdsPerMember, StaleAfterMonths: f.StaleAfterMonths,
	}
	for _, reason := range f.Reasons {
		filter.Reasons = append(filter.Reasons, db.Reason(reason))
	}
	if f.Reasons != nil && len(f.Reasons) == 0 {
		return filter, badInput("reasons trống: hãy bỏ nó để lấy mọi lý do", "reasons is empty: leave it out for all of them")
	}
	if !within(f.Target, 0, 1) {
		return filter, badInput("target phải từ 0 đến 1", "target must be 0 to 1")
	}
	for _, least := range []error{
		checkLeast("minGapHouseholds", float64(f.MinGapHouseholds), 0),
		checkLeast("teamReachMetres", f.TeamReachMetres, 0),
		checkLeast("maxHouseholdsPerMember", f.MaxHouseholdsPerMember, 0),
		checkLeast("staleAfterMonths", float64(f.StaleAfterMonths), 0),
	} {
		if least != nil {
			return filter, least
		}
	}
	if f.MinGapHouseholds > 1e9 || f.StaleAfterMonths > 1200 {
		return filter, badInput("minGapHouseholds hoặc staleAfterMonths quá lớn", "minGapHouseholds may be 1,000,000,000 at most, staleAfterMonths 1,200")
	}
	var err error
	if filter.Within, err = checkRef(f.Within); err != nil {
		return filter, err
	}
	filter.Box, err = checkBox(f.Bbox)
	return filter, err
}

// gapConnection makes the API's gaps. Coverage and remoteness came in the same statement, so
// the units are told of them. The units are seen on the day of the boundaries (none named: of the figures).
func gapConnection(page db.Page[db.Gap], args db.PageArgs, by *db.GapFilter, day time.Time) *model.CoverageGapConnection {
	question, seen := coverageQuestion{}, day
	if !by.Boundaries.IsZero() {
		question, seen = coverageQuestion{day, by.Boundaries}, by.Boundaries
	}
	c := &model.CoverageGapConnection{
		Nodes: make([]*model.CoverageGap, len(page.Items)), Edges: make([]*model.CoverageGapEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	hamlets, found := newUnits(), new(batch.Set)
	coverages, remote := make(map[db.OnBoundaries]db.Coverage, len(page.Items)), make(map[db.Key]db.Remoteness, len(page.Items))
	for i := range page.Items {
		gap := &page.Items[i]
		unit := hamlets.add(&gap.Unit, seen)
		coverages[redrawnOne(unit.Key, question.asOf, question.boundaries)] = gap.Coverage
		if gap.Remoteness != nil {
			remote[unit.Key.Key] = *gap.Remoteness
		}
		c.Nodes[i] = &model.CoverageGap{
			Unit: unit, Coverage: coverage(gap.Coverage, unit, question.asOf, question.boundaries), Remoteness: remoteness(gap.Remoteness),
			GapHouseholds: gap.GapHouseholds, Priority: gap.Priority, Reasons: gapReasons(gap.Reasons),
			Found: found, Gap: gap, By: by, On: day,
		}
		batch.Add(found, gap)
		c.Edges[i] = &model.CoverageGapEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	batch.Tell(&hamlets.read, question, coverages)
	batch.Tell(&hamlets.read, remotenessQuestion{}, remote)
	return c
}
