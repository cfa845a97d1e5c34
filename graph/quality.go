package graph

import (
	"context"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

func (r queryResolver) DataQuality(ctx context.Context, within *model.UnitRef, asOf *time.Time, staleAfterMonths int, kinds []string) ([]*model.QualityCheck, error) {
	if kinds != nil && len(kinds) == 0 {
		return nil, badInput("kinds trống: hãy bỏ nó để lấy mọi loại", "kinds is empty: leave it out for all of them")
	}
	q := db.QualityQuery{Day: day(asOf, r.today()), StaleAfterMonths: staleAfterMonths, Kinds: kinds}
	var err error
	if q.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	found, err := r.db.Quality(ctx, q)
	if err != nil {
		return nil, err
	}
	read, checks := new(batch.Set), make([]*model.QualityCheck, len(found))
	for i := range found {
		f := &found[i]
		batch.Add(read, countedKind{f.Kind, f.Count})
		checks[i] = &model.QualityCheck{
			Kind: f.Kind, Count: f.Count, OutOf: &f.OutOf, Share: f.Share, SentenceVi: f.SentenceVi, SentenceEn: f.SentenceEn, Query: q, Read: read,
		}
	}
	return checks, nil
}

// checkCases refuses cases that are rows of persons to those who may see the state of the data and no such rows.
func (r qualityResolver) checkCases(ctx context.Context, obj *model.QualityCheck) error {
	const field = "QualityCheck.cases"
	caller := access.From(ctx)
	everywhere, _ := caller.Scope(access.Persons)
	if everywhere || !db.QualityOfPersons(obj.Kind) {
		return nil
	}
	if err := caller.Refuse(access.Persons, field+" ("+obj.Kind+")"); err != nil {
		return err
	}
	within := obj.Query.Within
	if within == nil {
		return caller.RefuseWhole(access.Persons, field, "within")
	}
	return r.db.CheckScope(ctx, access.Persons, field+": within", db.RefOnDay{Ref: *within, Day: obj.Query.Day})
}

type casesQuestion struct{ page db.PageArgs }

// countedKind is a kind of defect and how many cases it has.
type countedKind struct {
	kind  string
	count int
}

func (r qualityResolver) Cases(ctx context.Context, obj *model.QualityCheck, first *int, after *string) (*model.QualityCaseConnection, error) {
	if err := r.checkCases(ctx, obj); err != nil {
		return nil, err
	}
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	args.SkipTotal = true // the check has counted them
	pages, err := batch.Ask(ctx, obj.Read, casesQuestion{args}, func(ctx context.Context, kinds []countedKind) (map[string]*model.QualityCaseConnection, error) {
		q := obj.Query
		q.Kinds = nil
		for _, k := range kinds {
			q.Kinds = append(q.Kinds, k.kind)
		}
		read, err := r.db.QualityCases(ctx, q, args)
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[string]*model.QualityCaseConnection, len(kinds))
		for _, k := range kinds {
			page := read[k.kind]
			page.Total = k.count
			answer[k.kind] = qualityCases(page, args, all, q.Day)
		}
		return answer, nil
	})
	return pages[obj.Kind], err
}

func qualityCases(page db.Page[db.QualityCase], args db.PageArgs, all *units, day time.Time) *model.QualityCaseConnection {
	c := &model.QualityCaseConnection{
		Nodes: make([]*model.QualityCase, len(page.Items)), Edges: make([]*model.QualityCaseEdge, len(page.Items)), PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		f := &page.Items[i]
		c.Nodes[i] = &model.QualityCase{
			Table: f.Table, Identity: f.Identity, Detail: f.DetailVi + " / " + f.DetailEn, DetailVi: f.DetailVi, DetailEn: f.DetailEn,
			Unit: all.addOptional(f.Unit, day),
		}
		if f.Position != nil {
			c.Nodes[i].Position = encodePoint(*f.Position)
		}
		c.Edges[i] = &model.QualityCaseEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c
}

type unitsQuestion struct {
	level db.Level
	page  db.PageArgs
}

func (r qualityResolver) Units(ctx context.Context, obj *model.QualityCheck, level model.AdminLevel, first *int, after *string) (*model.QualityUnitConnection, error) {
	if _, _, is := new(db.QualityUnit).Of(obj.Kind); !is {
		return nil, nil
	}
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	args.SkipTotal = false // it is counted along, and the answer serves all kinds
	question := unitsQuestion{levelToDB(level), args}
	pages, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, kinds []countedKind) (map[string]*model.QualityUnitConnection, error) {
		page, err := r.db.QualityUnits(ctx, obj.Query, question.level, args)
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[string]*model.QualityUnitConnection, len(kinds))
		for _, k := range kinds {
			answer[k.kind] = qualityUnits(k.kind, page, args, all, obj.Query.Day)
		}
		return answer, nil
	})
	return pages[obj.Kind], err
}

func qualityUnits(kind string, page db.Page[db.QualityUnit], args db.PageArgs, all *units, day time.Time) *model.QualityUnitConnection {
	c := &model.QualityUnitConnection{
		Nodes: make([]*model.QualityUnit, len(page.Items)), Edges: make([]*model.QualityUnitEdge, len(page.Items)), PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		u := &page.Items[i]
		node := &model.QualityUnit{Unit: all.add(&u.Unit, day)}
		node.Count, node.OutOf, _ = u.Of(kind)
		if node.OutOf > 0 {
			share := float64(node.Count) / float64(node.OutOf)
			node.Share = &share
		}
		c.Nodes[i], c.Edges[i] = node, &model.QualityUnitEdge{Node: node, Cursor: page.Cursors[i]}
	}
	return c
}
