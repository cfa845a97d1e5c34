package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

var unitOfPosition = query("unit_of_position")

// chainOf is the units that a point lies in, by id; 0 or nil: none of that level.
type chainOf struct {
	Asked      int
	Province   string
	ProvinceID *int64
	DistrictID *int64
	CommuneID  int64
	HamletID   *int64
}

// chains returns where points lie on a day, by the rule of Locate; a point in no commune is absent.
func (d *DB) chains(ctx context.Context, points []Position, day time.Time) ([]chainOf, error) {
	longitudes, latitudes := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		longitudes[i], latitudes[i] = p.Longitude, p.Latitude
	}
	return ask[chainOf](ctx, d, unitOfPosition, pgx.StrictNamedArgs{"longitudes": longitudes, "latitudes": latitudes, "day": day})
}

// inside returns those of the points that lie in a unit on a day.
func (d *DB) inside(ctx context.Context, points []Position, within Ref, day time.Time) ([]Position, error) {
	unit, err := d.UnitByRef(ctx, within, day)
	if err != nil {
		return nil, err
	}
	found, err := d.chains(ctx, points, day)
	if err != nil {
		return nil, err
	}
	var kept []Position
	for _, c := range found {
		id := map[Level]*int64{LevelProvince: c.ProvinceID, LevelDistrict: c.DistrictID, LevelCommune: &c.CommuneID, LevelHamlet: c.HamletID}[unit.Level]
		if id != nil && c.Province == unit.Province && *id == unit.ID {
			kept = append(kept, points[c.Asked-1])
		}
	}
	return kept, nil
}

// placeSites tells which hamlet and commune each site of a plan lies in.
func (d *DB) placeSites(ctx context.Context, a *TeamPlan) error {
	points := make([]Position, len(a.Sites))
	for i := range a.Sites {
		points[i] = a.Sites[i].Position
	}
	found, err := d.chains(ctx, points, a.Day)
	if err != nil {
		return err
	}
	var keys []Key
	for _, c := range found {
		keys = append(keys, Key{c.Province, c.CommuneID})
		if c.HamletID != nil {
			keys = append(keys, Key{c.Province, *c.HamletID})
		}
	}
	units, err := d.UnitsByID(ctx, keys)
	if err != nil {
		return err
	}
	unit := func(province string, id *int64) *Unit {
		if id == nil {
			return nil
		}
		if u, known := units[Key{province, *id}]; known {
			return &u
		}
		return nil
	}
	for _, c := range found {
		site := &a.Sites[c.Asked-1]
		site.Commune, site.Hamlet = unit(c.Province, &c.CommuneID), unit(c.Province, c.HamletID)
	}
	return nil
}
