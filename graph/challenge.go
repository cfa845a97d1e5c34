package graph

import (
	"context"
	"strings"
	"time"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) Challenges(ctx context.Context, within *model.UnitRef, status *model.ChallengeStatus, kind *model.ChallengeKind, first *int, after *string) (*model.ChallengeConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	filter := db.ChallengeFilter{}
	if filter.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	if status != nil {
		filter.Status = db.ChallengeStatus(strings.ToLower(string(*status)))
	}
	if kind != nil {
		filter.Kind = db.ChallengeKind(strings.ToLower(string(*kind)))
	}
	today := r.today()
	page, err := r.db.Challenges(ctx, filter, today, args)
	if err != nil {
		return nil, err
	}
	c := &model.ChallengeConnection{
		Nodes: make([]*model.Challenge, len(page.Items)), Edges: make([]*model.ChallengeEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	all := newUnits()
	for i := range page.Items {
		c.Nodes[i] = challenge(&page.Items[i], all, today)
		c.Edges[i] = &model.ChallengeEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c, nil
}

func challenge(c *db.Challenge, all *units, today time.Time) *model.Challenge {
	shown := &model.Challenge{
		ID: challengeID(c.ChallengeKey), Kind: model.ChallengeKind(strings.ToUpper(string(c.Kind))), Status: model.ChallengeStatus(strings.ToUpper(string(c.Status))),
		AddressScheme: c.AddressScheme, AddressCode: c.AddressCode, HouseholdCode: c.HouseholdCode, OtherScheme: c.OtherScheme, OtherCode: c.OtherCode,
		TeamCode: c.TeamCode, Day: c.Day, Evidence: c.Evidence, Unit: all.addOptional(c.Unit, today), OpenedAt: c.OpenedAt,
		History: make([]*model.ChallengeStep, len(c.History)), Corrections: make([]*model.Correction, len(c.Corrections)),
	}
	if c.Longitude != nil && c.Latitude != nil {
		shown.Point = encodePoint(db.Position{Longitude: *c.Longitude, Latitude: *c.Latitude})
	}
	for i, s := range c.History {
		shown.History[i] = &model.ChallengeStep{Action: model.ChallengeAction(strings.ToUpper(s.Action)), At: s.At, Issuer: s.Issuer, Subject: s.Subject, System: s.System, Words: s.Words}
	}
	for i, k := range c.Corrections {
		shown.Corrections[i] = &model.Correction{What: k.What, Scheme: k.Scheme, Code: k.Code, Field: k.Field, Former: k.Former, Became: k.Became}
	}
	return shown
}

func (r mutationResolver) OpenChallenge(ctx context.Context, province string, challenge model.ChallengeInput) (*model.ChallengeResult, error) {
	o := db.Disputing{Province: province, Kind: db.ChallengeKind(strings.ToLower(string(challenge.Kind))), Day: challenge.Day, Evidence: challenge.Evidence, Now: r.now().UTC().Truncate(time.Microsecond)}
	if err := checkCode(province); err != nil {
		return nil, err
	}
	for _, code := range []struct {
		given *string
		into  *string
	}{{challenge.AddressScheme, &o.AddressScheme}, {challenge.AddressCode, &o.AddressCode}, {challenge.HouseholdCode, &o.HouseholdCode},
		{challenge.OtherScheme, &o.OtherScheme}, {challenge.OtherCode, &o.OtherCode}, {challenge.TeamCode, &o.TeamCode}} {
		if code.given == nil || *code.given == "" {
			continue
		}
		if err := checkCode(*code.given); err != nil {
			return nil, err
		}
		*code.into = *code.given
	}
	if challenge.Point != nil {
		point, err := checkPosition(*challenge.Point)
		if err != nil {
			return nil, err
		}
		o.Point = &point
	}
	done, err := r.db.OpenChallenge(ctx, o)
	return challengeResult(province, done), err
}

func (r mutationResolver) ResolveChallenge(ctx context.Context, id string, decision model.ChallengeDecision, reason *string) (*model.ChallengeResult, error) {
	key, err := parseChallengeID(id)
	if err != nil {
		return nil, err
	}
	o := db.Resolving{ChallengeKey: key, Accept: decision == model.ChallengeDecisionAccept, Now: r.now().UTC().Truncate(time.Microsecond)}
	if reason != nil {
		o.Reason = *reason
	}
	done, err := r.db.ResolveChallenge(ctx, o)
	return challengeResult(key.Province, done), err
}

// challengeResult is what became of a challenge; nil: nothing.
func challengeResult(province string, done *db.Disputed) *model.ChallengeResult {
	if done == nil {
		return nil
	}
	a := &model.ChallengeResult{Outcome: outcomes[done.Outcome], Problems: []*model.WriteProblem{}}
	if done.ID != 0 {
		id, status := challengeID(db.ChallengeKey{Province: province, ID: done.ID}), model.ChallengeStatus(strings.ToUpper(string(done.Status)))
		a.ID, a.Status = &id, &status
	}
	if done.Reason != "" {
		a.Reason = &done.Reason
	}
	if done.Snapshot != "" {
		a.Snapshot = &done.Snapshot
	}
	for _, p := range done.Problems {
		a.Problems = append(a.Problems, writeProblem(p))
	}
	return a
}
