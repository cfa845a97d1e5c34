package graph

import (
	"context"

	"vunglom/db"
	"vunglom/gis"
	"vunglom/graph/batch"
	"vunglom/graph/model"
	"vunglom/graph/scalar"
)

func gapReasons(reasons []db.Reason) []model.GapReason {
	answer := make([]model.GapReason, len(reasons))
	for i, reason := range reasons {
		answer[i] = model.GapReason(reason)
	}
	return answer
}

// gapTeams are the teams that explanations and actions of a page's gaps speak of, each made once.
type gapTeams struct {
	evidence map[db.Key]*db.GapEvidence
	all      map[db.TeamKey]*model.Team
}

type gapQuestion struct{}

// read answers what explains a gap, read for all gaps of its page.
func (r gapResolver) read(ctx context.Context, obj *model.CoverageGap) (gapTeams, error) {
	return batch.Ask(ctx, obj.Found, gapQuestion{}, func(ctx context.Context, gaps []*db.Gap) (gapTeams, error) {
		evidence, err := r.db.GapEvidence(ctx, gaps, obj.On, obj.By.Boundaries)
		if err != nil {
			return gapTeams{}, err
		}
		all, made := newTeams(), map[db.TeamKey]*model.Team{}
		for _, gap := range gaps { // in their order, so that the set is the same each time
			for _, team := range evidence[gap.Unit.Key()].Teams() {
				made[team.Key()] = all.add(team, obj.On)
			}
		}
		return gapTeams{evidence, made}, nil
	})
}

func (t gapTeams) team(team *db.Team) *model.Team {
	if team == nil {
		return nil
	}
	return t.all[team.Key()]
}

func (r gapResolver) Explanations(ctx context.Context, obj *model.CoverageGap) ([]*model.GapExplanation, error) {
	read, err := r.read(ctx, obj)
	if err != nil {
		return nil, err
	}
	answer := []*model.GapExplanation{}
	for _, x := range obj.Gap.Explanations(*obj.By, obj.On, read.evidence[obj.Gap.Unit.Key()]) {
		answer = append(answer, &model.GapExplanation{
			Reason: model.GapReason(x.Reason), Value: &x.Value, Threshold: &x.Threshold, Unit: x.Unit, Team: read.team(x.Team),
			DistanceMetres: x.DistanceMetres, LastVisitOn: x.LastVisitOn, Households: x.Households, Members: x.Members,
			SentenceVi: x.SentenceVi, SentenceEn: x.SentenceEn,
		})
	}
	return answer, nil
}

func (r gapResolver) Actions(ctx context.Context, obj *model.CoverageGap) ([]*model.GapAction, error) {
	read, err := r.read(ctx, obj)
	if err != nil {
		return nil, err
	}
	actions, err := obj.Gap.Actions(ctx, *obj.By, obj.On, read.evidence[obj.Gap.Unit.Key()])
	if err != nil {
		return nil, err
	}
	answer := []*model.GapAction{}
	for _, a := range actions {
		answer = append(answer, &model.GapAction{
			Kind: model.GapActionKind(a.Kind), Closes: gapReasons(a.Closes), Creates: gapReasons(a.Creates), Quantity: a.Quantity, Least: a.Least,
			Position: encodePoints(a.Positions), Households: a.Households, Members: a.Members, Team: read.team(a.Team),
			SentenceVi: a.SentenceVi, SentenceEn: a.SentenceEn,
		})
	}
	return answer, nil
}

// encodePoints writes a GeoJSON Point, or a MultiPoint for several; nil for none.
func encodePoints(points []db.Position) scalar.Geometry {
	switch len(points) {
	case 0:
		return nil
	case 1:
		return encodePoint(points[0])
	}
	text := []byte(`{"type":"MultiPoint","coordinates":[`)
	for i, p := range points {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(gis.AppendDegrees(append(text, '['), p.Longitude), ',')
		text = append(gis.AppendDegrees(text, p.Latitude), ']')
	}
	return append(text, "]}"...)
}
