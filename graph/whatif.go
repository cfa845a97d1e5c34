package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) WhatIf(ctx context.Context, unit model.UnitRef, asOf *time.Time, teams []*model.WhatIfTeam, visits []*model.WhatIfVisit) (*model.Coverage, error) {
	ref, err := checkRef(&unit)
	if err != nil {
		return nil, err
	}
	supposedTeams, err := checkTeams(teams)
	if err != nil {
		return nil, err
	}
	supposedVisits, err := checkVisits(visits)
	if err != nil {
		return nil, err
	}
	day := day(asOf, r.today())
	about, c, err := r.db.WhatIf(ctx, *ref, day, supposedTeams, supposedVisits)
	if err != nil {
		return nil, err
	}
	return coverage(c, newUnits().add(&about, day), time.Time{}, time.Time{}), nil
}

func checkTeams(teams []*model.WhatIfTeam) ([]db.WhatIfTeam, error) {
	checked := make([]db.WhatIfTeam, len(teams))
	for i, t := range teams {
		base, err := checkPosition(*t.Position)
		if err != nil {
			return nil, err
		}
		checked[i] = db.WhatIfTeam{Base: base, Members: t.Members}
		for _, s := range t.Serves {
			served, err := checkRef(s)
			if err != nil {
				return nil, err
			}
			checked[i].Serves = append(checked[i].Serves, *served)
		}
	}
	return checked, nil
}

func checkVisits(visits []*model.WhatIfVisit) ([]db.WhatIfVisit, error) {
	checked := make([]db.WhatIfVisit, len(visits))
	for i, v := range visits {
		where, err := checkRef(v.Unit)
		if err != nil {
			return nil, err
		}
		checked[i] = db.WhatIfVisit{Unit: *where, Households: v.Households}
	}
	return checked, nil
}
