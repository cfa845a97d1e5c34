package graph

import (
	"context"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

type (
	topicsQuestion    struct{ coverageQuestion }
	teamCountQuestion struct{ coverageQuestion }
)

func (r coverageResolver) Topics(ctx context.Context, obj *model.Coverage) ([]*model.TopicUptake, error) {
	if err := r.checkCoverage(ctx, "Coverage.topics", obj); err != nil {
		return nil, err
	}
	question := topicsQuestion{coverageQuestion{obj.Asked, obj.Redrawn}}
	read, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, members []db.OnDay) (map[db.OnBoundaries][]db.TopicUptake, error) {
		return r.db.TopicUptakesOn(ctx, redrawn(members, obj.Asked, obj.Redrawn))
	})
	return topics(read[redrawnOne(obj.Unit, obj.Asked, obj.Redrawn)]), err
}

func topics(uptakes []db.TopicUptake) []*model.TopicUptake {
	answer := make([]*model.TopicUptake, len(uptakes))
	for i, u := range uptakes {
		answer[i] = &model.TopicUptake{Topic: u.Topic, Households: u.Households, Share: u.Share}
	}
	return answer
}

func (r coverageResolver) TeamsByLevel(ctx context.Context, obj *model.Coverage) ([]*model.TeamCount, error) {
	question := teamCountQuestion{coverageQuestion{obj.Asked, obj.Redrawn}}
	read, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, members []db.OnDay) (map[db.OnBoundaries][]db.TeamCount, error) {
		return r.db.TeamCountsOn(ctx, redrawn(members, obj.Asked, obj.Redrawn))
	})
	answer := []*model.TeamCount{}
	for _, c := range read[redrawnOne(obj.Unit, obj.Asked, obj.Redrawn)] {
		answer = append(answer, &model.TeamCount{Level: levelFromDB(c.Level), Teams: c.Teams, Members: c.Members})
	}
	return answer, err
}
