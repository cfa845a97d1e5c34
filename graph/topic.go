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
	question := topicsQuestion{coverageQuestion{obj.Asked}}
	read, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]db.TopicUptake, error) {
		return r.db.TopicUptakes(ctx, on(members, obj.Asked))
	})
	return topics(read[onDay(obj.Unit, obj.Asked)]), err
}

func topics(uptakes []db.TopicUptake) []*model.TopicUptake {
	answer := make([]*model.TopicUptake, len(uptakes))
	for i, u := range uptakes {
		answer[i] = &model.TopicUptake{Topic: u.Topic, Households: u.Households, Share: u.Share}
	}
	return answer
}

func (r coverageResolver) TeamsByLevel(ctx context.Context, obj *model.Coverage) ([]*model.TeamCount, error) {
	question := teamCountQuestion{coverageQuestion{obj.Asked}}
	read, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, members []db.OnDay) (map[db.OnDay][]db.TeamCount, error) {
		return r.db.TeamCounts(ctx, on(members, obj.Asked))
	})
	answer := []*model.TeamCount{}
	for _, c := range read[onDay(obj.Unit, obj.Asked)] {
		answer = append(answer, &model.TeamCount{Level: levelFromDB(c.Level), Teams: c.Teams, Members: c.Members})
	}
	return answer, err
}
