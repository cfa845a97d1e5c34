package db

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"
)

// near tells whether all that can change a unit's remoteness is which addresses lie in the touched places, or where touched teams stand: some
// were sent, and the rest was worked out for the same day. Then the hamlets that this may change are worked out anew, and what lies above them.
func (im *importing) near() bool {
	return im.sent != nil && (im.sent.Table == "addresses" || im.sent.Table == "teams") && im.touched.refreshedToday && !im.touched.everything
}

// farRemoteness is remoteness that stands, by unit, where only that of the touched units is worked out anew.
type farRemoteness struct {
	touched map[int64]bool
	known   map[int64]remoteUnit
}

// standingRemoteness reads it; nil where everything is worked out anew. The places of the touched hamlets are those to be measured.
func (im *importing) standingRemoteness(ctx context.Context, units []*remoteUnit, inHamlet map[int64][]int64, addresses map[int64]int) (*farRemoteness, error) {
	if !im.near() {
		return nil, nil
	}
	moved, touched, err := im.moved(ctx, units, addresses)
	if err != nil {
		return nil, err
	}
	im.arguments["places"] = moved
	above, err := ids(ctx, im, "remote_touched")
	if err != nil {
		return nil, err
	}
	touched = append(touched, above...)
	s := &farRemoteness{touched: map[int64]bool{}, known: map[int64]remoteUnit{}}
	places := []int64{}
	for _, id := range touched {
		s.touched[id] = true
		places = append(places, inHamlet[id]...)
	}
	im.arguments["places"], im.arguments["touched_units"] = places, touched
	rows, err := im.tx.Query(ctx, importQuery("remote_standing"), im.arguments)
	if err != nil {
		return nil, err
	}
	var id int64
	var index, service, team, perKm2 *float64
	_, err = pgx.ForEachRow(rows, []any{&id, &index, &service, &team, &perKm2}, func() error {
		s.known[id] = remoteUnit{index: known(index), service: known(service), team: known(team), perKm2: known(perKm2)}
		return nil
	})
	return s, err
}

// moved are the places in which the distance of an address may be another one, and the units whose label's may be.
func (im *importing) moved(ctx context.Context, units []*remoteUnit, addresses map[int64]int) (places, labels []int64, err error) {
	if im.sent.Table == "teams" {
		return im.nearTeams(ctx, units, addresses)
	}
	places, err = ids(ctx, im, "remote_touched_place")
	return places, nil, err
}

// ids reads the numbers that a statement answers.
func ids(ctx context.Context, im *importing, name string) ([]int64, error) {
	rows, err := im.tx.Query(ctx, importQuery(name), im.arguments)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// known is a figure as it is reckoned with: NaN where there is none.
func known(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// of is what stands of a unit.
func (s *farRemoteness) of(unit int64) remoteUnit {
	if stands, some := s.known[unit]; some {
		return stands
	}
	return remoteUnit{index: math.NaN(), service: math.NaN(), team: math.NaN(), perKm2: math.NaN()}
}

// keeps gives a hamlet the figures that stand, unless they are to be worked out.
func (s *farRemoteness) keeps(u *remoteUnit) bool {
	if s == nil || s.touched[u.id] {
		return false
	}
	stands := s.of(u.id)
	u.index, u.service, u.team, u.perKm2 = stands.index, stands.service, stands.team, stands.perKm2
	return true
}
