package db

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/gis"
)

// Whoever may not see single households is answered of where they are by squares of a fixed grid, never by a position: see
// the part square of statements.
const (
	squareMetres  = 100                               // a side, at least
	squareDegrees = squareMetres / gis.ShortestDegree // of latitude
)

// What an area holds at least, how far it is linked at least, and what a square of a plan holds at least, for who may not see single households.
const (
	leastTogether = 5
	leastApart    = 100 // metres
)

// squareOf is the middle of the square, of a grid of so many degrees of latitude, that a position lies in.
func squareOf(at [2]float64, degrees float64) [2]float64 {
	latitude := (math.Floor(at[1]/degrees) + 0.5) * degrees
	width := degrees / math.Cos(latitude*math.Pi/180)
	return [2]float64{(math.Floor(at[0]/width) + 0.5) * width, latitude}
}

// seesEach tells whether the caller may see each household of what is asked about: everywhere, or in the unit of the
// arguments (see addWithin) on its day. Areas and plans are for who decides: nobody else is asked for under the role of persons.
func (d *DB) seesEach(ctx context.Context, scope pgx.StrictNamedArgs) (bool, error) {
	caller := d.asks(ctx)
	if !caller.May(access.Decisions) {
		return false, nil
	}
	everywhere, units := caller.Scope(access.Persons)
	unit := Key{Province: scope["province"].(string), ID: scope["within"].(int64)}
	if everywhere || len(units) == 0 || unit.ID == 0 {
		return everywhere, nil
	}
	asked := OnDay{Key: unit, Day: scope["day"].(time.Time)}
	inside, err := d.InScope(ctx, access.Persons, []OnDay{asked})
	return inside[asked], err
}

// readEach is readPersons, or, while they are passed on as a file, streamPersons of its Listing.
func (d *DB) readEach(ctx context.Context, r reading, file string, read func(held *DB) (rows int, err error)) error {
	if d.listed != nil {
		r.entry = file
		return d.streamPersons(ctx, r, read)
	}
	return d.readPersons(ctx, r, read)
}
