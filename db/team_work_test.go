package db_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

// uptakes are counted topics as answers have them.
func uptakes(counted map[string]int, of int) []db.TopicUptake {
	var list []db.TopicUptake
	for topic, households := range counted {
		u := db.TopicUptake{Topic: topic, Households: households}
		if of > 0 {
			share := float64(households) / float64(of)
			u.Share = &share
		}
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b db.TopicUptake) int { return cmpText(a.Topic, b.Topic) })
	return list
}

// topicsOn counts the topics of a day that households of each unit of other boundaries had been told.
func (w *world) topicsOn(day, boundaries string) map[*wunit]map[string]int {
	counted := map[*wunit]map[string]int{}
	for _, h := range w.households {
		if h.status(day) == "" {
			continue
		}
		told := h.told(day, "")
		for _, u := range w.home(h, boundaries) {
			for topic := range told {
				if counted[u] == nil {
					counted[u] = map[string]int{}
				}
				counted[u][topic]++
			}
		}
	}
	return counted
}

// reachable is of how many households shares are.
func (c *wcount) reachable() int {
	return c.status[db.StatusGuided] + c.status[db.StatusAttempted] + c.status[db.StatusNotVisited]
}

// teamCounts are the teams that were counted, by level, and their members of a day.
func (c *wcount) teamCounts(day string) (list []db.TeamCount) {
	for _, level := range levels {
		n := db.TeamCount{Level: db.Level(level)}
		for _, team := range c.teams {
			if team.level != level {
				continue
			}
			n.Teams++
			for _, m := range team.members {
				if within(day, m.from, m.to) {
					n.Members++
				}
			}
		}
		if n.Teams > 0 {
			list = append(list, n)
		}
	}
	return list
}

// TestTopicsCountEveryRow compares the topics and the levels of teams of every unit on many days with the rows, in one statement each.
func TestTopicsCountEveryRow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := load(t, seed+40)
			keys := l.keys(t)
			var asked []db.OnDay
			topics, teams, names := map[db.OnDay][]db.TopicUptake{}, map[db.OnDay][]db.TeamCount{}, map[db.OnDay]string{}
			told := 0
			for _, day := range l.days {
				counted := l.topicsOn(day, day)
				told += len(counted)
				for u, c := range l.count(day) {
					if u == nil {
						continue
					}
					on := db.OnDay{Key: keys[u], Day: parse(day)}
					asked, names[on] = append(asked, on), u.level+" "+u.code+" on "+day
					topics[on], teams[on] = uptakes(counted[u], c.reachable()), c.teamCounts(day)
				}
			}
			ctx, statements := db.CountStatements(t.Context())
			gotTopics, err := l.d.TopicUptakes(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			gotTeams, err := l.d.TeamCounts(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			if n := statements.Load(); n != 2 || told == 0 {
				t.Errorf("%d statements, %d told", n, told)
			}
			for on, name := range names {
				if diff := cmp.Diff(topics[on], gotTopics[on]); diff != "" {
					t.Errorf("topics of %s (-counted +answered):\n%s", name, diff)
				}
				if diff := cmp.Diff(teams[on], gotTeams[on]); diff != "" {
					t.Errorf("teams of %s (-counted +answered):\n%s", name, diff)
				}
			}
		})
	}
}

// TestTeamWorkCountsEveryRow compares what each team says of itself on many days with the rows.
func TestTeamWorkCountsEveryRow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := load(t, seed+50)
			var asked []db.TeamOnDay
			want := map[db.TeamOnDay]teamAnswer{}
			for _, day := range l.days {
				homes := map[*whousehold][]*wunit{}
				for _, h := range l.households {
					if h.status(day) != "" {
						homes[h] = l.home(h, day)
					}
				}
				for _, team := range l.teams {
					on := db.TeamOnDay{TeamKey: db.TeamKey{Province: "96", Code: team.code}, Day: parse(day)}
					asked, want[on] = append(asked, on), l.answerOf(team, day, homes)
				}
			}
			ctx, statements := db.CountStatements(t.Context())
			staff, err := l.d.TeamStaff(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			guidance, err := l.d.TeamGuidance(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			topics, err := l.d.TeamTopics(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			loads, err := l.d.TeamLoads(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			if n := statements.Load(); n != 4 {
				t.Errorf("%d statements", n)
			}
			for _, on := range asked {
				got := teamAnswer{Staff: map[string]int{}, Guidance: guidance[on], Topics: topics[on], Load: loads[on]}
				for _, g := range staff[on] {
					organization := ""
					if g.Organization != nil {
						organization = *g.Organization
					}
					got.Staff[g.Role+"/"+organization] += g.Members
					got.Trained += g.Trained
				}
				if diff := cmp.Diff(want[on], got); diff != "" {
					t.Errorf("%s on %s (-counted +answered):\n%s", on.Code, on.Day.Format("2006-01-02"), diff)
				}
			}
		})
	}
}

// teamAnswer is what can be asked of a team; Staff counts members by role and organization.
type teamAnswer struct {
	Staff    map[string]int
	Trained  int
	Guidance db.Guidance
	Topics   []db.TopicUptake
	Load     db.Load
}

// answerOf counts it over the rows; homes are the units that each household on the register lies in.
func (w *world) answerOf(team *wteam, day string, homes map[*whousehold][]*wunit) teamAnswer {
	a := teamAnswer{Staff: map[string]int{}}
	members := 0
	for _, m := range team.members {
		if within(day, team.from, team.to) && within(day, m.from, m.to) {
			members++
			a.Staff[m.role()+"/"+m.organization()]++
			if m.trained() != "" && m.trained() <= day {
				a.Trained++
			}
		}
	}
	told := map[string]int{}
	for _, h := range w.households {
		guided := false
		for _, v := range h.visits {
			if v.team == team.code && v.on <= day {
				a.Guidance.Visits++
				guided = guided || v.outcome == "guided"
			}
		}
		if !guided || homes[h] == nil && h.status(day) == "" {
			continue
		}
		a.Guidance.Households++
		for topic := range h.told(day, team.code) {
			told[topic]++
		}
	}
	a.Topics = uptakes(told, a.Guidance.Households)
	served := w.serves(team, day)
	registered, reachable := 0, 0
	for h, units := range homes {
		if slices.ContainsFunc(units, func(u *wunit) bool { return slices.Contains(served, u) }) {
			if registered++; h.status(day) != db.StatusIneligible {
				reachable++
			}
		}
	}
	if registered > 0 {
		a.Load.Households = &reachable
		if members > 0 {
			each := float64(reachable) / float64(members)
			a.Load.PerMember = &each
		}
	}
	return a
}
