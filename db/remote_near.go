package db

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"
)

// near tells whether all that can change a unit's remoteness is which addresses lie in the touched places: some were sent, and the rest was
// worked out for the same day. Then the hamlets of these places are worked out anew, and what lies above them.
func (im *importing) near() bool {
	return im.sent != nil && im.sent.Table == "addresses" && im.touched.refreshedToday && !im.touched.everything
}

// farRemoteness is remoteness that stands, by unit, where only that of the touched units is worked out anew.
type farRemoteness struct {
	touched map[int64]bool
	known   map[int64]remoteUnit
}

// standingRemoteness reads it; nil where everything is worked out anew. The places of the touched hamlets are those to be measured.
func (im *importing) standingRemoteness(ctx context.Context, inHamlet map[int64][]int64) (*farRemoteness, error) {
	if !im.near() {
		return nil, nil
	}
	rows, err := im.tx.Query(ctx, importQuery("remote_touched"), im.arguments)
	if err != nil {
		return nil, err
	}
	touched, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	s := &farRemoteness{touched: map[int64]bool{}, known: map[int64]remoteUnit{}}
	places := []int64{}
	for _, id := range touched {
		s.touched[id] = true
		places = append(places, inHamlet[id]...)
	}
	im.arguments["places"], im.arguments["touched_units"] = places, touched
	if rows, err = im.tx.Query(ctx, importQuery("remote_standing"), im.arguments); err != nil {
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

// known is a figure as it is reckoned with: NaN where there is none.
func known(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// keeps gives a hamlet the figures that stand, unless they are to be worked out.
func (s *farRemoteness) keeps(u *remoteUnit) bool {
	if s == nil || s.touched[u.id] {
		return false
	}
	stands, some := s.known[u.id]
	if !some {
		stands = remoteUnit{index: math.NaN(), service: math.NaN(), team: math.NaN(), perKm2: math.NaN()}
	}
	u.index, u.service, u.team, u.perKm2 = stands.index, stands.service, stands.team, stands.perKm2
	return true
}
