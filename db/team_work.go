package db

import "context"

var (
	teamStaff    = query("team_staff")
	teamGuidance = query("team_guidance")
	teamTopic    = query("team_topic")
	teamLoad     = query("team_load")
)

// StaffGroup is the members of a team that have a role and come from an organization.
type StaffGroup struct {
	Role         string  // lead, deputy or member
	Organization *string // nil: not known
	Members      int
	Trained      int // of them, those whose training is on record by the day
}

// TeamStaff returns the members of each team on its day, by role and organization. A team without members, or not active,
// is absent.
func (d *DB) TeamStaff(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay][]StaffGroup, error) {
	type row struct {
		Asked int
		StaffGroup
	}
	found, err := ask[row](ctx, d, teamStaff, teamOnDayArgs(teams))
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamOnDay][]StaffGroup, len(teams))
	for _, r := range found {
		asked := teams[r.Asked-1]
		answer[asked] = append(answer[asked], r.StaffGroup)
	}
	return answer, nil
}

// Guidance is what a team had done by a day.
type Guidance struct {
	Visits     int // with any outcome, to any household
	Households int // on the register on the day, guided by the team by then, each once
}

// TeamGuidance returns what each team had done by its day. A team without visits is absent.
func (d *DB) TeamGuidance(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay]Guidance, error) {
	type row struct {
		Asked int
		Guidance
	}
	found, err := ask[row](ctx, d, teamGuidance, teamOnDayArgs(teams))
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamOnDay]Guidance, len(teams))
	for _, r := range found {
		answer[teams[r.Asked-1]] = r.Guidance
	}
	return answer, nil
}

// TeamTopics returns, by topic, the households on the register on each team's day that the team had guided on each topic by then;
// Share is of the households that it had guided. A team without any is absent.
func (d *DB) TeamTopics(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay][]TopicUptake, error) {
	found, err := ask[topicOfAsked](ctx, d, teamTopic, teamOnDayArgs(teams))
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamOnDay][]TopicUptake, len(teams))
	for _, r := range found {
		asked := teams[r.Asked-1]
		answer[asked] = append(answer[asked], r.TopicUptake)
	}
	return answer, nil
}

// Load is how many households a team has to see to, and how many people it has for that.
type Load struct {
	Households *int     // guided, attempted or not visited, in the units it serves, each once; nil where none is on the register
	PerMember  *float64 // Households for each member; nil without either
}

// TeamLoads returns the load of each team on its day. A team that is not active is absent.
func (d *DB) TeamLoads(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay]Load, error) {
	type row struct{ Asked, Reachable, Households, Members int }
	found, err := ask[row](ctx, d, teamLoad, teamOnDayArgs(teams))
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamOnDay]Load, len(teams))
	for _, r := range found {
		var load Load
		if r.Households > 0 {
			load.Households = &r.Reachable
			if r.Members > 0 {
				each := float64(r.Reachable) / float64(r.Members)
				load.PerMember = &each
			}
		}
		answer[teams[r.Asked-1]] = load
	}
	return answer, nil
}
