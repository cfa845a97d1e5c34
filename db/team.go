package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	teamByKey       = query("team_by_key")
	teamOfUnit      = query("team_of_unit")
	teamServes      = query("team_serves")
	teamMemberCount = query("team_member_count")
)

// Team is a community digital technology team (kind cnscd) or another task force (de_an_06, other).
type Team struct {
	Province      string
	Code          string
	Name          string
	Level         Level
	Kind          string
	Decision      *string
	EstablishedOn time.Time
	DissolvedOn   *time.Time
	UnitID        int64    // the unit named, as valid when the team was established; with Province its key
	BaseLongitude *float64 // its position, else the label point of its unit; nil: neither is known
	BaseLatitude  *float64
}

// Key returns the team's key.
func (t *Team) Key() TeamKey { return TeamKey{t.Province, t.Code} }

// UnitKey returns the key of the team's unit.
func (t *Team) UnitKey() Key { return Key{t.Province, t.UnitID} }

// Base returns where the team is based; nil: unknown.
func (t *Team) Base() *Position {
	if t.BaseLongitude == nil || t.BaseLatitude == nil {
		return nil
	}
	return &Position{Longitude: *t.BaseLongitude, Latitude: *t.BaseLatitude}
}

// TeamKey identifies a team, across re-imports too.
type TeamKey struct{ Province, Code string }

// TeamOnDay is a team and the day about which something is asked.
type TeamOnDay struct {
	TeamKey
	Day time.Time
}

// TeamsByKey returns the teams of those keys, in one statement; an unknown key is absent.
func (d *DB) TeamsByKey(ctx context.Context, keys []TeamKey) (map[TeamKey]Team, error) {
	provinces, codes := make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		provinces[i], codes[i] = k.Province, k.Code
	}
	found, err := ask[Team](ctx, d, teamByKey, pgx.StrictNamedArgs{"provinces": provinces, "codes": codes})
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamKey]Team, len(found))
	for _, t := range found {
		answer[t.Key()] = t
	}
	return answer, nil
}

// teamList names lists of teams in their cursors.
const teamList = "team"

// TeamsOfUnits returns, for each unit and day, a page of the teams of every kind that are active and whose unit, or a
// unit they serve, is the unit or lies in it; by code. One statement; every asked unit is in the answer.
func (d *DB) TeamsOfUnits(ctx context.Context, units []OnDay, page PageArgs) (map[OnDay]Page[Team], error) {
	var code string
	if err := page.start(teamList, &code); err != nil {
		return nil, err
	}
	args := onDayArgs(units)
	args["after_code"], args["take"] = code, page.First+1
	pages, err := askPages(ctx, d, teamOfUnit, args, len(units), page.First, func(t *Team) string { return cursor(teamList, t.Code) })
	if err != nil {
		return nil, err
	}
	return byOnDay(units, pages), nil
}

// teamOnDayArgs are the arguments of a statement about teams on days: three arrays of one length.
func teamOnDayArgs(teams []TeamOnDay) pgx.StrictNamedArgs {
	provinces, codes, days := make([]string, len(teams)), make([]string, len(teams)), make([]time.Time, len(teams))
	for i, t := range teams {
		provinces[i], codes[i], days[i] = t.Province, t.Code, t.Day
	}
	return pgx.StrictNamedArgs{"provinces": provinces, "codes": codes, "days": days}
}

// TeamServes returns the units that each team serves on its day, by level, then code. A team that serves none (it is
// not active) is absent.
func (d *DB) TeamServes(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay][]Unit, error) {
	found, err := ask[unitOfAsked](ctx, d, teamServes, teamOnDayArgs(teams))
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamOnDay][]Unit, len(teams))
	for _, u := range found {
		asked := teams[u.Asked-1]
		answer[asked] = append(answer[asked], u.Unit)
	}
	return answer, nil
}

// TeamMemberCounts returns how many members each team has on its day; 0 where the team is not active. Every asked
// team is in the answer.
func (d *DB) TeamMemberCounts(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay]int, error) {
	type row struct{ Asked, Members int }
	found, err := ask[row](ctx, d, teamMemberCount, teamOnDayArgs(teams))
	if err != nil {
		return nil, err
	}
	answer := make(map[TeamOnDay]int, len(teams))
	for _, t := range teams {
		answer[t] = 0
	}
	for _, r := range found {
		answer[teams[r.Asked-1]] = r.Members
	}
	return answer, nil
}
