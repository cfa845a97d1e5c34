package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) Search(ctx context.Context, text string, level *model.AdminLevel, within *model.UnitRef, asOf *time.Time, first *int) ([]*model.SearchHit, error) {
	args := db.SearchArgs{Level: optionalLevel(level), Day: day(asOf, r.today())}
	var err error
	if args.Text, err = checkText("text", text); err != nil {
		return nil, err
	}
	if args.First, err = checkFirst(first, 10); err != nil {
		return nil, err
	}
	if args.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	found, err := r.db.Search(ctx, args)
	if err != nil {
		return nil, err
	}
	all, hits := newUnits(), make([]*model.SearchHit, len(found))
	for i := range found {
		hits[i] = &model.SearchHit{Unit: all.add(&found[i].Unit, args.Day), Score: found[i].Score}
	}
	return hits, nil
}

func (r queryResolver) Locate(ctx context.Context, position model.Position, asOf *time.Time) (*model.Location, error) {
	at, err := checkPosition(position)
	if err != nil {
		return nil, err
	}
	day := day(asOf, r.today())
	found, err := r.db.Locate(ctx, at, day)
	if err != nil {
		return nil, err
	}
	all := newUnits()
	return &model.Location{
		Province: all.addOptional(found.Province, day), District: all.addOptional(found.District, day),
		Commune: all.addOptional(found.Commune, day), Hamlet: all.addOptional(found.Hamlet, day),
	}, nil
}
