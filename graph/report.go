package graph

import (
	"context"
	"strings"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

// reports makes the API's reports of those read together.
type reports struct{ read batch.Set }

func (s *reports) add(r *db.PublishedReport) *model.Report {
	key := db.OnDay{Key: r.UnitKey(), Day: r.AsOf}
	batch.Add(&s.read, key)
	return &model.Report{
		ID: reportID(r.Key()), Measure: r.Measure, Value: r.Value, Qualifier: model.Qualifier(strings.ToUpper(r.Qualifier)),
		From: r.FromOn, AsOf: r.AsOf, Base: r.Base, Share: r.Share, Source: r.Source, Key: key, Read: &s.read,
	}
}

func (r queryResolver) Reports(ctx context.Context, unit *model.UnitRef, measure *string, asOf *time.Time, first *int, after *string) (*model.ReportConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	filter := db.ReportFilter{}
	if filter.Unit, err = checkRef(unit); err != nil {
		return nil, err
	}
	if measure != nil {
		if filter.Measure, err = checkText("measure", *measure); err != nil {
			return nil, err
		}
	}
	page, err := r.db.Reports(ctx, filter, day(asOf, r.today()), args)
	if err != nil {
		return nil, err
	}
	all := &reports{}
	c := &model.ReportConnection{
		Nodes: make([]*model.Report, len(page.Items)), Edges: make([]*model.ReportEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		c.Nodes[i] = all.add(&page.Items[i])
		c.Edges[i] = &model.ReportEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c, nil
}

func (r queryResolver) Reconciliation(ctx context.Context, unit model.UnitRef, asOf *time.Time) ([]*model.Reconciliation, error) {
	ref, err := checkRef(&unit)
	if err != nil {
		return nil, err
	}
	compared, err := r.db.Reconciliation(ctx, *ref, day(asOf, r.today()))
	if err != nil {
		return nil, err
	}
	all, answer := &reports{}, make([]*model.Reconciliation, len(compared))
	for i, c := range compared {
		answer[i] = &model.Reconciliation{
			Measure: c.Measure, AsOf: c.Day, Computed: c.Computed, Difference: c.Difference, Status: model.ReconciliationStatus(c.Status),
		}
		if c.Report != nil {
			answer[i].Report = all.add(c.Report)
		}
	}
	return answer, nil
}

type reportUnitQuestion struct{}

func (r reportResolver) Unit(ctx context.Context, obj *model.Report) (*model.AdminUnit, error) {
	about, err := batch.Ask(ctx, obj.Read, reportUnitQuestion{}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay]*model.AdminUnit, error) {
		read, err := r.db.UnitsByID(ctx, keys(members))
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[db.OnDay]*model.AdminUnit, len(members))
		for _, on := range members {
			if unit, ok := read[on.Key]; ok {
				answer[on] = all.add(&unit, on.Day)
			}
		}
		return answer, nil
	})
	return about[obj.Key], err
}
