package db

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

// cellReachMetres is no less than how far an address can be from the middle of its cell: half the diagonal of a tile of zoom 17 at the equator, where they are largest.
const cellReachMetres = 220

// touchedBases are the places where the touched teams stand, of those that count today.
func (im *importing) touchedBases(ctx context.Context) (map[string][2]float64, error) {
	rows, err := im.tx.Query(ctx, importQuery("remote_base"), im.arguments)
	if err != nil {
		return nil, err
	}
	bases := map[string][2]float64{}
	var code string
	var at [2]float64
	_, err = pgx.ForEachRow(rows, []any{&code, &at[0], &at[1]}, func() error {
		bases[code] = at
		return nil
	})
	return bases, err
}

// nearTeams finds where a team that came, went or moved may be, or have been, the nearest: the places of addresses, and the units without
// addresses, by their label. Everywhere else the nearest is another team, as it was before. Addresses are looked at by the cells that they lie in.
func (im *importing) nearTeams(ctx context.Context, units []*remoteUnit, addresses map[int64]int) (places, labels []int64, err error) {
	bases, err := im.touchedBases(ctx)
	if err != nil {
		return nil, nil, err
	}
	var points [][2]float64
	for code, at := range bases {
		if before, stood := im.bases[code]; !stood || before != at {
			points = append(points, at)
		}
	}
	for code, before := range im.bases {
		if at, stands := bases[code]; !stands || before != at {
			points = append(points, before)
		}
	}
	others, err := im.points(ctx, "remote_team_other")
	if err != nil || len(points) == 0 {
		return nil, nil, err
	}
	moved := gis.NewNearest(points)
	may := func(at [2]float64, reach float64) bool {
		_, metres, _ := moved.Find(at[0], at[1])
		_, other, some := others.Find(at[0], at[1])
		return !some || metres <= other+2*reach
	}
	for _, u := range units {
		if u.label != nil && addresses[u.id] == 0 && may(*u.label, 1) {
			labels = append(labels, u.id)
		}
	}
	rows, err := im.tx.Query(ctx, importQuery("remote_cell"), im.arguments)
	if err != nil {
		return nil, nil, err
	}
	var place int64
	var at cell
	_, err = pgx.ForEachRow(rows, []any{&place, &at.x, &at.y}, func() error {
		if may(at.middle(), cellReachMetres) {
			places = append(places, place)
		}
		return nil
	})
	return places, labels, err
}

// middle is a cell's, as longitude and latitude.
func (c cell) middle() [2]float64 {
	const across = 1 << 17
	return [2]float64{(float64(c.x)+0.5)/across*360 - 180, math.Atan(math.Sinh(math.Pi*(1-2*(float64(c.y)+0.5)/across))) * 180 / math.Pi}
}

// touchMoved touches the units whose remoteness has changed with teams that were sent. What addresses change is said of the units of their places.
func (im *importing) touchMoved(ctx context.Context, stands *farRemoteness, units []*remoteUnit) error {
	if im.sent.Table != "teams" {
		return nil
	}
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	changed := []int64{}
	for _, u := range units {
		if k := stands.of(u.id); !same(u.index, k.index) || !same(u.service, k.service) || !same(u.team, k.team) || !same(u.perKm2, k.perKm2) {
			changed = append(changed, u.id)
		}
	}
	_, err := im.tx.Exec(ctx, importQuery("touch_unit"), pgx.StrictNamedArgs{"touched_units": changed})
	return err
}
