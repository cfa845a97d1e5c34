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
	predecessorsQuestion struct{}
	successorsQuestion   struct{}
)

func (r unitResolver) Predecessors(ctx context.Context, obj *model.AdminUnit) ([]*model.Succession, error) {
	eve := func(day time.Time) time.Time { return day.AddDate(0, 0, -1) }
	return successions(ctx, obj, predecessorsQuestion{}, r.db.Predecessors, eve)
}

func (r unitResolver) Successors(ctx context.Context, obj *model.AdminUnit) ([]*model.Succession, error) {
	itself := func(day time.Time) time.Time { return day }
	return successions(ctx, obj, successorsQuestion{}, r.db.Successors, itself)
}

// successions reads what passed between a unit and others; those are seen on the day of the change that seen makes of it.
func successions(ctx context.Context, obj *model.AdminUnit, question any,
	read func(context.Context, []db.Key) (map[db.Key][]db.Succession, error), seen func(time.Time) time.Time) ([]*model.Succession, error) {
	all, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, members []db.OnDay) (map[db.Key][]*model.Succession, error) {
		found, err := read(ctx, keys(members))
		if err != nil {
			return nil, err
		}
		others, answer := newUnits(), make(map[db.Key][]*model.Succession, len(found))
		for unit, list := range found {
			for i := range list {
				s := &list[i]
				answer[unit] = append(answer[unit], &model.Succession{
					Unit: others.add(&s.Unit, seen(s.EffectiveOn)), EffectiveOn: s.EffectiveOn, Extent: s.Extent, Decision: s.Decision,
					Passed: s,
				})
			}
		}
		return answer, nil
	})
	if err != nil {
		return nil, err
	}
	own := make([]*model.Succession, len(all[obj.Key.Key]))
	for i, s := range all[obj.Key.Key] {
		of := *s // the unit may be in the list on several days
		of.Of, of.OfName, of.Read = obj.Key, obj.FullName, obj.Read
		own[i] = &of
	}
	return own, nil
}

func (r successionResolver) Households(ctx context.Context, obj *model.Succession) (int, error) {
	return obj.Passed.Households, r.checkKey(ctx, access.Aggregates, "Succession.households "+obj.OfName, obj.Read, obj.Of, time.Time{})
}

func (r successionResolver) Addresses(ctx context.Context, obj *model.Succession) (int, error) {
	return obj.Passed.Addresses, r.checkKey(ctx, access.Aggregates, "Succession.addresses "+obj.OfName, obj.Read, obj.Of, time.Time{})
}
