package db

import (
	"context"
	"slices"
	"time"

	"vunglom/gis"

	"github.com/jackc/pgx/v5"
)

var (
	gapPoint = query("gap_point")
	gapTeam  = query("gap_team")
	gapStaff = query("gap_staff")
)

// GapEvidence is what is read about a gap to explain it and to say what closes it.
type GapEvidence struct {
	points     [][2]float64  // of the household addresses that its remoteness is measured from; of none, the label point
	near       []float64     // metres from each to the nearest base at the last refresh; nil: there is none
	onDay      *TeamDistance // the team that is the nearest to most of the points, and the median distance
	atRefresh  *TeamDistance
	understaff *Team // of those that serve it, the one with the fewest members
}

// GapEvidence reads what explains gaps of a day, of the hamlets of another (zero: of that day): three statements at most, however many gaps there are. Addresses are
// read of those hamlets only that lack a team or are out of reach.
func (d *DB) GapEvidence(ctx context.Context, gaps []*Gap, day, boundaries time.Time) (map[Key]*GapEvidence, error) {
	answer := make(map[Key]*GapEvidence, len(gaps))
	var placed, loaded []Key
	for _, g := range gaps {
		answer[g.Unit.Key()] = &GapEvidence{}
		if g.has(ReasonNoTeam) || g.has(ReasonOutOfReach) {
			placed = append(placed, g.Unit.Key())
		}
		if g.has(ReasonOverloaded) {
			loaded = append(loaded, g.Unit.Key())
		}
	}
	if err := d.readStaff(ctx, answer, loaded, day, orDay(boundaries, day)); err != nil {
		return nil, err
	}
	if err := d.readPoints(ctx, answer, placed); err != nil {
		return nil, err
	}
	return answer, d.readBases(ctx, answer, placed, day)
}

func (d *DB) readStaff(ctx context.Context, answer map[Key]*GapEvidence, hamlets []Key, day, boundaries time.Time) error {
	if len(hamlets) == 0 {
		return nil
	}
	type row struct {
		Asked int
		Team
	}
	args := keyArgs(hamlets)
	args["day"], args["boundary"] = day, boundaries
	found, err := ask[row](ctx, d, gapStaff, args)
	for i := range found {
		answer[hamlets[found[i].Asked-1]].understaff = &found[i].Team
	}
	return err
}

func (d *DB) readPoints(ctx context.Context, answer map[Key]*GapEvidence, hamlets []Key) error {
	if len(hamlets) == 0 {
		return nil
	}
	type row struct {
		Asked               int
		Longitude, Latitude float64
	}
	found, err := ask[row](ctx, d, gapPoint, keyArgs(hamlets))
	for _, r := range found {
		e := answer[hamlets[r.Asked-1]]
		e.points = append(e.points, [2]float64{r.Longitude, r.Latitude})
	}
	return err
}

// readBases measures from every point to the nearest base, as refreshRemoteness does: to teams of the hamlet's own
// province, by the same index.
func (d *DB) readBases(ctx context.Context, answer map[Key]*GapEvidence, hamlets []Key, day time.Time) error {
	if len(hamlets) == 0 {
		return nil
	}
	type row struct {
		OnDay, AtRefresh bool
		Team
	}
	provinces := make([]string, len(hamlets))
	for i, h := range hamlets {
		provinces[i] = h.Province
	}
	slices.Sort(provinces)
	provinces = slices.Compact(provinces)
	found, err := ask[row](ctx, d, gapTeam, pgx.StrictNamedArgs{"provinces": provinces, "day": day})
	if err != nil {
		return err
	}
	for _, province := range provinces {
		var onDay, atRefresh bases
		for i := range found {
			if r := &found[i]; r.Province == province {
				onDay.add(&r.Team, r.OnDay)
				atRefresh.add(&r.Team, r.AtRefresh)
			}
		}
		onDay.index, atRefresh.index = gis.NewNearest(onDay.at), gis.NewNearest(atRefresh.at)
		for _, h := range hamlets {
			if err := ctx.Err(); err != nil {
				return err
			}
			if e := answer[h]; h.Province == province {
				e.onDay, _ = onDay.nearest(e.points)
				e.atRefresh, e.near = atRefresh.nearest(e.points)
			}
		}
	}
	return nil
}

// bases are the teams of a day that have a base.
type bases struct {
	teams []*Team
	at    [][2]float64
	index *gis.Nearest
}

func (b *bases) add(t *Team, wanted bool) {
	if wanted {
		b.teams, b.at = append(b.teams, t), append(b.at, [2]float64{*t.BaseLongitude, *t.BaseLatitude})
	}
}

// nearest returns the team that is the nearest to most of the points (of equals the one with the smallest code) with the
// median distance of the points to the team nearest to each, and these distances; nil without points or teams.
func (b *bases) nearest(points [][2]float64) (*TeamDistance, []float64) {
	if len(points) == 0 || len(b.teams) == 0 {
		return nil, nil
	}
	metres, times, most := make([]float64, len(points)), make([]int, len(b.teams)), 0
	for i, p := range points {
		team, distance, _ := b.index.Find(p[0], p[1])
		metres[i] = distance
		times[team]++
	}
	for team, n := range times { // in the order of their codes
		if n > times[most] {
			most = team
		}
	}
	return &TeamDistance{Team: *b.teams[most], DistanceMetres: gis.Median(metres)}, metres
}

// Teams returns the teams that explanations and actions can speak of.
func (e *GapEvidence) Teams() (teams []*Team) {
	for _, near := range []*TeamDistance{e.onDay, e.atRefresh} {
		if near != nil {
			teams = append(teams, &near.Team)
		}
	}
	if e.understaff != nil {
		teams = append(teams, e.understaff)
	}
	return teams
}
