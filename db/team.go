package db

import (
	"context"
	"time"
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

// TeamDistance is a team and how far its base is, in metres on the ellipsoid of WGS 84.
type TeamDistance struct {
	Team           Team
	DistanceMetres float64
}

// TeamsByKey returns the teams of those keys, in one statement; an unknown key is absent.
func (d *DB) TeamsByKey(ctx context.Context, keys []TeamKey) (map[TeamKey]Team, error) {
	return nil, nil
}

// TeamsOfUnits returns, for each unit and day, a page of the teams of every kind that are active and whose unit, or a
// unit they serve, is the unit or lies in it; by code. One statement; every asked unit is in the answer.
func (d *DB) TeamsOfUnits(ctx context.Context, units []OnDay, page PageArgs) (map[OnDay]Page[Team], error) {
	return nil, nil
}

// TeamServes returns the units that each team serves on its day, by level, then code. A team that serves none (it is
// not active) is absent.
func (d *DB) TeamServes(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay][]Unit, error) {
	return nil, nil
}

// TeamMemberCounts returns how many members each team has on its day; 0 where the team is not active. Every asked
// team is in the answer.
func (d *DB) TeamMemberCounts(ctx context.Context, teams []TeamOnDay) (map[TeamOnDay]int, error) {
	return nil, nil
}

// TeamsNearest returns the first so many (1 to 1,000) teams of kind cnscd that are active on a day and have a base,
// the nearest to a point first.
func (d *DB) TeamsNearest(ctx context.Context, at Position, day time.Time, first int) ([]TeamDistance, error) {
	return nil, nil
}
