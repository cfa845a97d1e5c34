package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

// teams makes the API's teams of those read together, each on its day and made once.
type teams struct {
	read batch.Set
	seen map[db.TeamOnDay]*model.Team
}

func newTeams() *teams { return &teams{seen: map[db.TeamOnDay]*model.Team{}} }

// homed is a member of a set of teams: the team on its day, and the unit it belongs to.
type homed struct {
	db.TeamOnDay
	home db.Key
}

func (s *teams) add(t *db.Team, day time.Time) *model.Team {
	key := db.TeamOnDay{TeamKey: t.Key(), Day: day}
	if known, ok := s.seen[key]; ok {
		return known
	}
	team := &model.Team{
		ID: teamID(key.TeamKey), Code: t.Code, Name: t.Name, Level: levelFromDB(t.Level), Kind: t.Kind,
		EstablishedOn: t.EstablishedOn, DissolvedOn: t.DissolvedOn, Key: key, Home: t.UnitKey(), Read: &s.read,
	}
	if base := t.Base(); base != nil {
		team.Base = encodePoint(*base)
	}
	s.seen[key] = team
	batch.Add(&s.read, homed{key, team.Home})
	return team
}

func (s *teams) connection(page db.Page[db.Team], args db.PageArgs, day time.Time) *model.TeamConnection {
	c := &model.TeamConnection{
		Nodes: make([]*model.Team, len(page.Items)), Edges: make([]*model.TeamEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		c.Nodes[i] = s.add(&page.Items[i], day)
		c.Edges[i] = &model.TeamEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c
}

type (
	teamsQuestion struct {
		asOf time.Time
		page db.PageArgs
	}
	homeQuestion    struct{}
	servesQuestion  struct{ asOf time.Time }
	membersQuestion struct{ asOf time.Time }
)

func (r unitResolver) Teams(ctx context.Context, obj *model.AdminUnit, asOf *time.Time, first *int, after *string) (*model.TeamConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	day := asked(asOf)
	read, err := batch.Ask(ctx, obj.Read, teamsQuestion{day, args}, func(ctx context.Context, members []db.OnDay) (map[db.OnDay]*model.TeamConnection, error) {
		pages, err := r.db.TeamsOfUnits(ctx, on(members, day), args)
		if err != nil {
			return nil, err
		}
		all, answer := newTeams(), make(map[db.OnDay]*model.TeamConnection, len(pages))
		for unit, page := range pages {
			answer[unit] = all.connection(page, args, unit.Day)
		}
		return answer, nil
	})
	if err != nil {
		return nil, err
	}
	return read[onDay(obj.Key, day)], nil
}

func (r teamResolver) Unit(ctx context.Context, obj *model.Team) (*model.AdminUnit, error) {
	homes, err := batch.Ask(ctx, obj.Read, homeQuestion{}, func(ctx context.Context, members []homed) (map[homed]*model.AdminUnit, error) {
		wanted := make([]db.OnDay, len(members))
		for i, team := range members {
			wanted[i].Key = team.home
		}
		read, err := r.db.UnitsByID(ctx, keys(wanted))
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[homed]*model.AdminUnit, len(members))
		for _, team := range members {
			if unit, ok := read[team.home]; ok {
				answer[team] = all.add(&unit, nearestDay(&unit, team.Day))
			}
		}
		return answer, nil
	})
	return homes[homed{obj.Key, obj.Home}], err
}

// teamsOn returns the teams on a day, or each on its own where the day is zero.
func teamsOn(members []homed, asOf time.Time) []db.TeamOnDay {
	teams := make([]db.TeamOnDay, len(members))
	for i, team := range members {
		teams[i] = teamOnDay(team.TeamOnDay, asOf)
	}
	return teams
}

func teamOnDay(team db.TeamOnDay, asOf time.Time) db.TeamOnDay {
	if !asOf.IsZero() {
		team.Day = asOf
	}
	return team
}

func (r teamResolver) Serves(ctx context.Context, obj *model.Team, asOf *time.Time) ([]*model.AdminUnit, error) {
	day := asked(asOf)
	served, err := batch.Ask(ctx, obj.Read, servesQuestion{day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay][]*model.AdminUnit, error) {
		read, err := r.db.TeamServes(ctx, teamsOn(members, day))
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[db.TeamOnDay][]*model.AdminUnit, len(read))
		for team, units := range read {
			for i := range units {
				answer[team] = append(answer[team], all.add(&units[i], team.Day))
			}
		}
		return answer, nil
	})
	return orEmpty(served[teamOnDay(obj.Key, day)]), err
}

func (r teamResolver) MemberCount(ctx context.Context, obj *model.Team, asOf *time.Time) (int, error) {
	day := asked(asOf)
	counts, err := batch.Ask(ctx, obj.Read, membersQuestion{day}, func(ctx context.Context, members []homed) (map[db.TeamOnDay]int, error) {
		return r.db.TeamMemberCounts(ctx, teamsOn(members, day))
	})
	return counts[teamOnDay(obj.Key, day)], err
}
