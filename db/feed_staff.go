package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// staff are the teams of all times and their members, as the feed tells how many there are.
type staff []staffTeam

// staffTeam is a team: whom it serves and who is in it, by days.
type staffTeam struct {
	serves  []staffService
	members []period
}

// staffService are the units that a team serves during a period, and those that they lie in.
type staffService struct {
	period
	units []int64
}

// readStaff reads the teams that count.
func (p *publishing) readStaff(ctx context.Context) (staff, error) {
	type service struct {
		Team         string
		Units        []int64
		Since, Until *day
	}
	serves, err := collect(ctx, p, "feed_team", pgx.RowToStructByName[service])
	if err != nil {
		return nil, err
	}
	var all staff
	index := map[string]int{}
	for _, s := range serves {
		at, known := index[s.Team]
		if !known {
			at = len(all)
			index[s.Team], all = at, append(all, staffTeam{})
		}
		all[at].serves = append(all[at].serves, staffService{during(s.Since, s.Until), s.Units})
	}
	type member struct {
		Team         string
		Since, Until *day
	}
	members, err := collect(ctx, p, "feed_member", pgx.RowToStructByName[member])
	for _, m := range members {
		if at, counts := index[m.Team]; counts {
			all[at].members = append(all[at].members, during(m.Since, m.Until))
		}
	}
	return all, err
}

// teamCount is how many teams a unit has, and their members.
type teamCount struct{ teams, members int32 }

// at counts by unit what there is on a day, each team once.
func (s staff) at(d day) map[int64]teamCount {
	counts := map[int64]teamCount{}
	for _, team := range s {
		var members int32
		for _, m := range team.members {
			if m.holds(d) {
				members++
			}
		}
		counted := map[int64]bool{}
		for _, served := range team.serves {
			if !served.holds(d) {
				continue
			}
			for _, unit := range served.units {
				if !counted[unit] {
					counted[unit] = true
					c := counts[unit]
					counts[unit] = teamCount{c.teams + 1, c.members + members}
				}
			}
		}
	}
	return counts
}
