package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

type (
	nearestTeamsQuestion struct {
		asOf  time.Time // zero: each unit's own day
		first int
	}
	nearestServicePointsQuestion struct {
		asOf  time.Time
		first int
	}
)

// distances makes the API's of those found.
func (s *teams) distances(found []db.TeamDistance, day time.Time) []*model.TeamDistance {
	answer := make([]*model.TeamDistance, len(found))
	for i := range found {
		answer[i] = &model.TeamDistance{Team: s.add(&found[i].Team, day), DistanceMetres: found[i].DistanceMetres}
	}
	return answer
}

func servicePointDistances(found []db.ServicePointDistance) []*model.ServicePointDistance {
	answer := make([]*model.ServicePointDistance, len(found))
	for i := range found {
		f := &found[i]
		answer[i] = &model.ServicePointDistance{
			Code: f.Code, Name: f.Name, Kind: f.Kind, Position: encodePoint(f.Position), DistanceMetres: f.DistanceMetres,
		}
	}
	return answer
}

func (r queryResolver) NearestTeams(ctx context.Context, position model.Position, asOf *time.Time, first *int) ([]*model.TeamDistance, error) {
	at, n, err := r.checkNearest(position, asOf, first)
	if err != nil {
		return nil, err
	}
	found, err := r.db.TeamsNearestTo(ctx, []db.PositionOnDay{at}, n)
	if err != nil {
		return nil, err
	}
	return newTeams().distances(found[at], at.Day), nil
}

func (r queryResolver) NearestServicePoints(ctx context.Context, position model.Position, asOf *time.Time, first *int) ([]*model.ServicePointDistance, error) {
	at, n, err := r.checkNearest(position, asOf, first)
	if err != nil {
		return nil, err
	}
	found, err := r.db.ServicePointsNearestTo(ctx, []db.PositionOnDay{at}, n)
	if err != nil {
		return nil, err
	}
	return servicePointDistances(found[at]), nil
}

func (r queryResolver) checkNearest(position model.Position, asOf *time.Time, first *int) (db.PositionOnDay, int, error) {
	at, err := checkPosition(position)
	if err != nil {
		return db.PositionOnDay{}, 0, err
	}
	n, err := checkFirst(first, 5)
	return db.PositionOnDay{Position: at, Day: day(asOf, r.today())}, n, err
}

// labels returns the label points of units on a day, and which unit each is of.
func (r unitResolver) labels(ctx context.Context, obj *model.AdminUnit, units []db.OnDay) (points []db.PositionOnDay, of []db.OnDay, err error) {
	extents, err := r.extents(ctx, obj)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range units {
		if extent, known := extents[u.Key]; known {
			points, of = append(points, db.PositionOnDay{Position: extent.Label, Day: u.Day}), append(of, u)
		}
	}
	return points, of, nil
}

func (r unitResolver) NearestTeams(ctx context.Context, obj *model.AdminUnit, asOf *time.Time, first *int) ([]*model.TeamDistance, error) {
	n, err := checkFirst(first, 5)
	if err != nil {
		return nil, err
	}
	day := asked(asOf)
	nearest, err := batch.Ask(ctx, obj.Read, nearestTeamsQuestion{day, n}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]*model.TeamDistance, error) {
		points, of, err := r.labels(ctx, obj, on(members, day))
		if err != nil {
			return nil, err
		}
		found, err := r.db.TeamsNearestTo(ctx, points, n)
		if err != nil {
			return nil, err
		}
		all, answer := newTeams(), make(map[db.OnDay][]*model.TeamDistance, len(of))
		for i, unit := range of {
			answer[unit] = all.distances(found[points[i]], unit.Day)
		}
		return answer, nil
	})
	return orEmpty(nearest[onDay(obj.Key, day)]), err
}

func (r unitResolver) NearestServicePoints(ctx context.Context, obj *model.AdminUnit, asOf *time.Time, first *int) ([]*model.ServicePointDistance, error) {
	n, err := checkFirst(first, 5)
	if err != nil {
		return nil, err
	}
	day := asked(asOf)
	nearest, err := batch.Ask(ctx, obj.Read, nearestServicePointsQuestion{day, n}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]*model.ServicePointDistance, error) {
		points, of, err := r.labels(ctx, obj, on(members, day))
		if err != nil {
			return nil, err
		}
		found, err := r.db.ServicePointsNearestTo(ctx, points, n)
		if err != nil {
			return nil, err
		}
		answer := make(map[db.OnDay][]*model.ServicePointDistance, len(of))
		for i, unit := range of {
			answer[unit] = servicePointDistances(found[points[i]])
		}
		return answer, nil
	})
	return orEmpty(nearest[onDay(obj.Key, day)]), err
}
