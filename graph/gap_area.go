package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
	"vunglom/graph/scalar"
)

// maxAreas is how many areas are answered as objects; any number fits into one FeatureCollection.
const maxAreas = 5000

func (r queryResolver) GapAreas(ctx context.Context, within *model.UnitRef, bbox *model.BoundingBox, asOf *time.Time,
	distanceMetres float64, minHouseholds int) (*model.GapAreas, error) {
	q := db.GapAreaQuery{Day: day(asOf, r.today()), DistanceMetres: distanceMetres, MinHouseholds: minHouseholds}
	var err error
	if q.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	if q.Box, err = checkBox(bbox); err != nil {
		return nil, err
	}
	found, err := r.db.GapAreas(ctx, q)
	if err != nil {
		return nil, err
	}
	return &model.GapAreas{AsOf: q.Day, Households: found.Households, Scattered: found.Scattered, Unplaced: found.Unplaced, Found: found}, nil
}

func (r gapAreasResolver) Areas(ctx context.Context, obj *model.GapAreas, first *int) ([]*model.GapArea, error) {
	n := len(obj.Found.Areas)
	if first != nil {
		most, err := checkFirst(first, 0)
		if err != nil {
			return nil, err
		}
		n = min(n, most)
	}
	if n > maxAreas {
		return nil, tooCostly("có %[1]d vùng, nhiều nhất là %[2]d: hãy tăng minHouseholds, dùng first, hoặc lấy features / there are %[1]d areas, %[2]d at most: raise minHouseholds, give first, or take features", n, maxAreas)
	}
	read, hamlets, areas := new(batch.Set), newUnits(), make([]*model.GapArea, n)
	for i := range areas {
		found := &obj.Found.Areas[i]
		a := &model.GapArea{
			ID: found.ID, Households: found.Households, Centre: encodePoint(found.Centre), Hamlets: []*model.AdminUnit{},
			Found: obj.Found, Number: i, Key: db.PositionOnDay{Position: found.Centre, Day: obj.AsOf}, Read: read,
		}
		for k := range found.Hamlets {
			a.Hamlets = append(a.Hamlets, hamlets.add(&found.Hamlets[k], obj.AsOf))
		}
		batch.Add(read, a.Key)
		areas[i] = a
	}
	return areas, nil
}

func (r gapAreasResolver) Features(ctx context.Context, obj *model.GapAreas) (scalar.FeatureCollection, error) {
	return obj.Found.Features(ctx)
}

func (r gapAreaResolver) Hull(ctx context.Context, obj *model.GapArea) (scalar.Geometry, error) {
	if err := obj.Found.Draw(ctx); err != nil {
		return nil, err
	}
	return obj.Found.Areas[obj.Number].Hull, nil
}

func (r gapAreaResolver) NearestTeam(ctx context.Context, obj *model.GapArea) (*model.TeamDistance, error) {
	nearest, err := batch.Ask(ctx, obj.Read, nearestTeamsQuestion{first: 1}, func(ctx context.Context, members []db.PositionOnDay) (map[db.PositionOnDay]*model.TeamDistance, error) {
		found, err := r.db.TeamsNearestTo(ctx, members, 1)
		if err != nil {
			return nil, err
		}
		all, answer := newTeams(), make(map[db.PositionOnDay]*model.TeamDistance, len(found))
		for at, list := range found {
			answer[at] = all.distances(list, at.Day)[0]
		}
		return answer, nil
	})
	return nearest[obj.Key], err
}

func (r gapAreaResolver) NearestServicePoint(ctx context.Context, obj *model.GapArea) (*model.ServicePointDistance, error) {
	nearest, err := batch.Ask(ctx, obj.Read, nearestServicePointsQuestion{first: 1}, func(ctx context.Context, members []db.PositionOnDay) (map[db.PositionOnDay]*model.ServicePointDistance, error) {
		found, err := r.db.ServicePointsNearestTo(ctx, members, 1)
		if err != nil {
			return nil, err
		}
		answer := make(map[db.PositionOnDay]*model.ServicePointDistance, len(found))
		for at, list := range found {
			answer[at] = servicePointDistances(list)[0]
		}
		return answer, nil
	})
	return nearest[obj.Key], err
}
