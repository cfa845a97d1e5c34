package graph

import (
	"cmp"
	"context"
	"slices"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

type (
	staffQuestion      struct{ asOf time.Time }
	guidanceQuestion   struct{ asOf time.Time }
	teamTopicsQuestion struct{ asOf time.Time }
	loadQuestion       struct{ asOf time.Time }
)

func (r teamResolver) staff(ctx context.Context, obj *model.Team, asOf *time.Time) ([]db.StaffGroup, error) {
	if err := r.checkTeam(ctx, access.Aggregates, "Team", obj, asOf); err != nil {
		return nil, err
	}
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, staffQuestion{day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay][]db.StaffGroup, error) {
		return r.db.TeamStaff(ctx, teamsOn(members, day))
	})
	return read[teamOnDay(obj.Key, day)], err
}

func (r teamResolver) Roles(ctx context.Context, obj *model.Team, asOf *time.Time) ([]*model.TeamRole, error) {
	groups, err := r.staff(ctx, obj, asOf)
	roles := []*model.TeamRole{}
	for _, group := range groups { // they come by role
		if n := len(roles); n == 0 || roles[n-1].Role != group.Role {
			roles = append(roles, &model.TeamRole{Role: group.Role})
		}
		roles[len(roles)-1].Members += group.Members
	}
	return roles, err
}

func (r teamResolver) Organizations(ctx context.Context, obj *model.Team, asOf *time.Time) ([]*model.TeamOrganization, error) {
	groups, err := r.staff(ctx, obj, asOf)
	organizations, known := []*model.TeamOrganization{}, map[string]*model.TeamOrganization{}
	for _, group := range groups {
		name := "" // no organization is called so: an empty cell is unknown
		if group.Organization != nil {
			name = *group.Organization
		}
		if known[name] == nil {
			known[name] = &model.TeamOrganization{Name: group.Organization}
			organizations = append(organizations, known[name])
		}
		known[name].Members += group.Members
	}
	slices.SortStableFunc(organizations, func(a, b *model.TeamOrganization) int { return cmp.Compare(b.Members, a.Members) })
	return organizations, err
}

func (r teamResolver) MembersTrained(ctx context.Context, obj *model.Team, asOf *time.Time) (int, error) {
	groups, err := r.staff(ctx, obj, asOf)
	trained := 0
	for _, group := range groups {
		trained += group.Trained
	}
	return trained, err
}

func (r teamResolver) MembersUntrained(ctx context.Context, obj *model.Team, asOf *time.Time) (int, error) {
	groups, err := r.staff(ctx, obj, asOf)
	untrained := 0
	for _, group := range groups {
		untrained += group.Members - group.Trained
	}
	return untrained, err
}

func (r teamResolver) guidance(ctx context.Context, obj *model.Team, asOf *time.Time) (db.Guidance, error) {
	if err := r.checkTeam(ctx, access.Aggregates, "Team", obj, asOf); err != nil {
		return db.Guidance{}, err
	}
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, guidanceQuestion{day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay]db.Guidance, error) {
		return r.db.TeamGuidance(ctx, teamsOn(members, day))
	})
	return read[teamOnDay(obj.Key, day)], err
}

func (r teamResolver) VisitCount(ctx context.Context, obj *model.Team, asOf *time.Time) (int, error) {
	guidance, err := r.guidance(ctx, obj, asOf)
	return guidance.Visits, err
}

func (r teamResolver) HouseholdsGuided(ctx context.Context, obj *model.Team, asOf *time.Time) (int, error) {
	guidance, err := r.guidance(ctx, obj, asOf)
	return guidance.Households, err
}

func (r teamResolver) Topics(ctx context.Context, obj *model.Team, asOf *time.Time) ([]*model.TopicUptake, error) {
	if err := r.checkTeam(ctx, access.Aggregates, "Team", obj, asOf); err != nil {
		return nil, err
	}
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, teamTopicsQuestion{day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay][]db.TopicUptake, error) {
		return r.db.TeamTopics(ctx, teamsOn(members, day))
	})
	return topics(read[teamOnDay(obj.Key, day)]), err
}

func (r teamResolver) load(ctx context.Context, obj *model.Team, asOf *time.Time) (db.Load, error) {
	if err := r.checkTeam(ctx, access.Aggregates, "Team", obj, asOf); err != nil {
		return db.Load{}, err
	}
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, loadQuestion{day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay]db.Load, error) {
		return r.db.TeamLoads(ctx, teamsOn(members, day))
	})
	return read[teamOnDay(obj.Key, day)], err
}

func (r teamResolver) HouseholdsServed(ctx context.Context, obj *model.Team, asOf *time.Time) (*int, error) {
	load, err := r.load(ctx, obj, asOf)
	return load.Households, err
}

func (r teamResolver) HouseholdsPerMember(ctx context.Context, obj *model.Team, asOf *time.Time) (*float64, error) {
	load, err := r.load(ctx, obj, asOf)
	return load.PerMember, err
}
