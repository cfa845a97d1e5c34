package graph

import (
	"context"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) PlanTeams(ctx context.Context, input model.TeamPlanInput) (*model.TeamPlan, error) {
	question, err := r.planQuery(input)
	if err != nil {
		return nil, err
	}
	plan, err := r.db.PlanTeams(ctx, question)
	if err != nil {
		return nil, err
	}
	return teamPlan(plan), nil
}

func (r queryResolver) MinimumTeams(ctx context.Context, input model.TeamPlanInput, share float64) (*model.TeamPlan, error) {
	question, err := r.planQuery(input)
	if err != nil {
		return nil, err
	}
	plan, err := r.db.MinimumTeams(ctx, question, share)
	if err != nil {
		return nil, err
	}
	return teamPlan(plan), nil
}

// planQuery is the question; db checks its numbers.
func (r queryResolver) planQuery(input model.TeamPlanInput) (q db.PlanQuery, err error) {
	q = db.PlanQuery{
		Day: day(input.AsOf, r.today()), Teams: input.Teams, ReachMetres: input.ReachMetres, Capacity: input.Capacity,
		Demand: db.PlanDemand(input.Demand), Candidates: db.PlanCandidates(input.Candidates),
		KeepExisting: input.KeepExisting, CrossBorders: input.CrossBorders, Months: input.Months,
	}
	if q.Within, err = checkRef(input.Within); err != nil {
		return q, err
	}
	q.Box, err = checkBox(input.Bbox)
	return q, err
}

func teamPlan(p *db.TeamPlan) *model.TeamPlan {
	answer := &model.TeamPlan{
		AsOf: p.Day, Snapshot: p.Snapshot, Synthetic: p.Synthetic, Features: p.Features(), Demand: p.Demand, Unplaced: p.Unplaced,
		CoveredByExisting: p.CoveredByExisting, Covered: p.Covered, UpperBound: p.UpperBound, OptimalityGap: p.OptimalityGap,
		TeamsLowerBound: p.TeamsLowerBound, Cost: p.Cost, CostPerHousehold: p.CostPerHousehold, Sites: make([]*model.PlannedSite, len(p.Sites)),
	}
	if p.Cost != nil {
		answer.Months = &p.Months
	}
	lies := newUnits()
	for i, site := range p.Sites {
		answer.Sites[i] = &model.PlannedSite{
			Order: i + 1, Position: encodePoint(site.Position), Hamlet: lies.addOptional(site.Hamlet, p.Day), Commune: lies.addOptional(site.Commune, p.Day),
			Gained: site.Gained, CoveredSoFar: site.CoveredSoFar,
		}
	}
	return answer
}
