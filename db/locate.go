package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

var unitLocate = query("unit_locate")

// Location is the units that a point lies in; nil: none of that level.
type Location struct{ Province, District, Commune, Hamlet *Unit }

// Locate tells where a point lies on a day: of the communes whose polygon covers it (borders included; a commune
// without one is the union of its hamlets) the one with the smallest code, then of that commune's hamlets likewise;
// district and province are the commune's parents. A point in no commune has no location.
func (d *DB) Locate(ctx context.Context, at Position, day time.Time) (Location, error) {
	if err := at.check(); err != nil {
		return Location{}, err
	}
	found, err := ask[Unit](ctx, d, unitLocate, pgx.StrictNamedArgs{"longitude": at.Longitude, "latitude": at.Latitude, "day": day})
	if err != nil {
		return Location{}, err
	}
	var l Location
	for i := range found {
		u := &found[i]
		switch u.Level {
		case LevelProvince:
			l.Province = u
		case LevelDistrict:
			l.District = u
		case LevelCommune:
			l.Commune = u
		case LevelHamlet:
			l.Hamlet = u
		}
	}
	return l, nil
}
