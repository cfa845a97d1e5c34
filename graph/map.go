package graph

import (
	"context"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) CoverageMap(ctx context.Context, input model.CoverageMapInput) (*model.CoverageMap, error) {
	question, err := r.mapQuery(input)
	if err != nil {
		return nil, err
	}
	exact, err := r.mayRef(ctx, access.Aggregates, question.Within, orDay(question.Boundaries, question.Day))
	if err != nil {
		return nil, err
	}
	question.Published = !exact
	m, err := r.db.CoverageMap(ctx, question)
	if err != nil {
		return nil, err
	}
	answer := &model.CoverageMap{
		AsOf: m.Day, BoundariesAsOf: m.Boundaries, Snapshot: m.Snapshot, Synthetic: m.Synthetic, UnitCount: m.UnitCount, Features: m.Features,
		Legend: make([]*model.LegendClass, len(m.Legend)),
		Integrity: &model.Integrity{
			Total: m.Integrity.Total, SumOfUnits: m.Integrity.SumOfUnits, Unassigned: m.Integrity.Unassigned, Holds: m.Integrity.Holds,
		},
	}
	for i, class := range m.Legend {
		answer.Legend[i] = &model.LegendClass{
			Index: class.Index, Lower: class.Lower, Upper: class.Upper, LowerClosed: class.LowerClosed, UpperClosed: class.UpperClosed,
			Count: class.Count, Color: class.Color,
		}
	}
	return answer, nil
}

func (r queryResolver) mapQuery(input model.CoverageMapInput) (db.MapQuery, error) {
	q := db.MapQuery{
		Level: levelToDB(input.Level), Day: day(input.AsOf, r.today()), Measure: db.Measure(input.Measure), Zoom: input.Zoom,
		Classification: string(input.Classification), Classes: input.Classes, RemoteOnly: input.RemoteOnly,
		Boundaries: asked(input.BoundariesAsOf),
	}
	if input.Service != nil {
		q.Service = *input.Service
	}
	var err error
	if q.Within, err = checkRef(input.Within); err != nil {
		return q, err
	}
	if q.Box, err = checkBox(input.Bbox); err != nil {
		return q, err
	}
	if err := checkZoom(input.Zoom); err != nil {
		return q, err
	}
	if q.Classes < minClasses || q.Classes > maxClasses {
		return q, badInput("classes phải từ %d đến %d", "classes must be %d to %d", minClasses, maxClasses)
	}
	switch byService := q.Measure == db.MeasureServiceShare; {
	case byService && q.Service == "":
		return q, badInput("SERVICE_SHARE cần service: mã của một dịch vụ (xem services)", "SERVICE_SHARE needs service: the code of a service (see services)")
	case !byService && input.Service != nil:
		return q, badInput("service chỉ dùng với measure: SERVICE_SHARE, hãy bỏ nó", "service goes with measure: SERVICE_SHARE only; leave it out")
	}
	return q, nil
}
