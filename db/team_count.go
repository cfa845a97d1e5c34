package db

import "context"

var teamCountOfUnit = query("team_count_of_unit")

// TeamCount is how many teams of a level there are, and their members.
type TeamCount struct {
	Level   Level
	Teams   int
	Members int
}

// TeamCounts returns, for each unit on its day, the teams of kind cnscd that Coverage counts, by the teams' own level, the
// widest first. A level without teams, and a unit without any, is absent.
func (d *DB) TeamCounts(ctx context.Context, units []OnDay) (map[OnDay][]TeamCount, error) {
	return onOwn(ctx, units, d.TeamCountsOn)
}

// TeamCountsOn is TeamCounts on the boundaries of another day.
func (d *DB) TeamCountsOn(ctx context.Context, units []OnBoundaries) (map[OnBoundaries][]TeamCount, error) {
	type row struct {
		Asked int
		TeamCount
	}
	args := onBoundariesArgs(units)
	args["kind"] = "cnscd"
	found, err := ask[row](ctx, d, teamCountOfUnit, args)
	if err != nil {
		return nil, err
	}
	answer := make(map[OnBoundaries][]TeamCount, len(units))
	for _, r := range found {
		asked := units[r.Asked-1]
		answer[asked] = append(answer[asked], r.TeamCount)
	}
	return answer, nil
}
