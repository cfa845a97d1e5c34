package db

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

// TileLayer names what a vector tile shows.
type TileLayer string

// The layers.
const (
	TileUnits         TileLayer = "units"
	TileAddresses     TileLayer = "addresses"
	TileTeams         TileLayer = "teams"
	TileServicePoints TileLayer = "service_points"
	TileGapAreas      TileLayer = "gap_areas"
)

var tileStatements = map[TileLayer]statement{
	TileUnits:         query("tile_unit"),
	TileAddresses:     query("tile_address"),
	TileTeams:         query("tile_team"),
	TileServicePoints: query("tile_service_point"),
	TileGapAreas:      query("tile_gap_area"),
}

var (
	tileBin           = query("tile_bin")
	tileUnitPublished = query("tile_unit_published")
)

const (
	// tileMargin is how far beyond a tile polygons are drawn, in parts of its width: the borders of the cut stay out of sight.
	tileMargin = 64.0 / 4096
	// tileBinZoom is the last zoom whose bins, 64 a side, are cells of place_cell or whole squares of them.
	tileBinZoom = 11
	// tilePoints is how many addresses a tile shows one by one: some 60 bytes each, a quarter of a megabyte.
	tilePoints = 4096
)

// metresPerDegree is less than what a degree is long anywhere that data may lie (latitude 6 to 24).
const metresPerDegree = 100_000

// TileQuery asks for a vector tile. What does not apply to the layer stays zero.
type TileQuery struct {
	Layer      TileLayer
	Tile       gis.Tile
	Day        time.Time
	Boundaries time.Time // units, addresses: the day whose units are shown, and whose unit Within is; zero: Day
	Within     *Ref
	Level      Level  // units
	Gaps       bool   // units: also whether each hamlet is a gap, and why
	Service    string // units: a service's code, whose uptake is shown beside; "": none
	Published  bool   // units: only what is published: of the last month end until Day, on its own boundaries (see PublishedCoverage)

	DistanceMetres float64        // gap_areas: see GapAreaQuery
	MinHouseholds  int            // gap_areas
	Areas          *DrawnGapAreas // gap_areas: what DrawGapAreas answered to this question; nil: it is asked

	// Drawn is given the tile once it is drawn, of addresses while it is still being logged that they are read: nobody is answered
	// with it before Tile has returned without an error, which it does when Drawn has. Nil: nobody waits for it.
	Drawn func(tile []byte)
}

// Tile draws a Mapbox vector tile (version 2.1), in one statement after those that find the unit, the service, and reports
// on other boundaries; of addresses at low zooms in two, where they turn out to be few enough to be shown one by one. Equal data give equal bytes. A tile with nothing in it is empty.
// That addresses are read is logged, and areas from which single households can be told; who keeps such a tile logs each further answer (LogTile).
// Errors: BAD_INPUT for a level, a service or a threshold, NOT_FOUND for a tile that does not exist, and those of UnitByRef for Within.
func (d *DB) Tile(ctx context.Context, q TileQuery) (DrawnTile, error) {
	if !q.Tile.Valid() {
		return DrawnTile{}, notFound("không có ô %[1]d/%[2]d/%[3]d: z từ 0 đến %[4]d, x và y từ 0 đến 2^z − 1",
			"there is no tile %[1]d/%[2]d/%[3]d: z is 0 to %[4]d, x and y are 0 to 2^z − 1", q.Tile.Z, q.Tile.X, q.Tile.Y, gis.MaxTileZoom)
	}
	args, err := d.tileArgs(ctx, &q)
	if err != nil {
		return DrawnTile{}, err
	}
	if q.Layer == TileGapAreas {
		return d.gapAreaTile(ctx, &q)
	}
	args["z"], args["x"], args["y"] = q.Tile.Z, q.Tile.X, q.Tile.Y
	if q.Layer == TileAddresses {
		return d.addressTile(ctx, &q, args)
	}
	args["west"], args["south"], args["east"], args["north"] = q.Tile.Box(tileMargin)
	statement := tileStatements[q.Layer]
	if q.Published && q.Layer == TileUnits {
		statement = tileUnitPublished
	}
	tile, err := d.draw(ctx, statement, args)
	if err == nil && q.Drawn != nil {
		q.Drawn(tile)
	}
	return DrawnTile{Tile: tile}, err
}

// DrawnTile is a tile as Tile drew it.
type DrawnTile struct {
	Tile      []byte // nil: nothing is in it
	Addresses int    // of a tile of addresses: how many it shows or stands for
	Persons   *int   `db:"-"` // as how many rows of persons it is logged; nil: it is not
}

// addressTile draws addresses, or bins of them, and logs how many the tile stands for.
func (d *DB) addressTile(ctx context.Context, q *TileQuery, args pgx.StrictNamedArgs) (tile DrawnTile, err error) {
	var taken sync.WaitGroup
	err = d.readPersons(ctx, q.reading(), func(d *DB) (int, error) {
		if q.Tile.Z <= tileBinZoom {
			tile, err = d.drawRows(ctx, tileBin, args)
		}
		if err == nil && tile.Tile == nil {
			args["west"], args["south"], args["east"], args["north"] = q.Tile.Box(tileMargin)
			tile, err = d.drawRows(ctx, tileStatements[TileAddresses], args)
		}
		if err == nil && q.Drawn != nil {
			taken.Go(func() { q.Drawn(tile.Tile) })
		}
		return tile.Addresses, err
	})
	taken.Wait()
	if err != nil {
		return DrawnTile{}, err
	}
	tile.Persons = &tile.Addresses
	return tile, nil
}

// reading is the entry of a tile of addresses or gap areas in the audit log.
func (q *TileQuery) reading() reading {
	r := reading{"tiles/" + string(q.Layer), map[string]any{"tile": fmt.Sprintf("%d/%d/%d", q.Tile.Z, q.Tile.X, q.Tile.Y)}}
	if q.Layer == TileGapAreas {
		r.filter["distanceMetres"], r.filter["minHouseholds"] = q.DistanceMetres, q.MinHouseholds
	}
	return r.addUnit(q.Within).addDay("asOf", q.Day).addDay("boundariesAsOf", q.Boundaries)
}

// LogTile logs that a tile of so many rows of persons is answered as it was drawn before: to somebody who may see the same ones. It is called
// before the answer goes out.
func (d *DB) LogTile(ctx context.Context, q TileQuery, persons int) error {
	return d.readPersons(ctx, q.reading(), func(*DB) (int, error) { return persons, nil })
}

func (d *DB) drawRows(ctx context.Context, statement statement, args pgx.StrictNamedArgs) (DrawnTile, error) {
	found, err := ask[DrawnTile](ctx, d, statement, args)
	if err != nil {
		return DrawnTile{}, fmt.Errorf("tile: %w", err)
	}
	return found[0], nil
}

// draw asks a statement for a tile; null is nil.
func (d *DB) draw(ctx context.Context, statement statement, args pgx.StrictNamedArgs) ([]byte, error) {
	rows, err := d.query(ctx, statement, args)
	if err != nil {
		return nil, fmt.Errorf("db: tile: %w", err)
	}
	tile, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, fmt.Errorf("db: tile: %w", err)
	}
	return tile, nil
}

// tileArgs returns the arguments that a layer's statement has beside the tile.
func (d *DB) tileArgs(ctx context.Context, q *TileQuery) (pgx.StrictNamedArgs, error) {
	args := pgx.StrictNamedArgs{}
	switch q.Layer {
	case TileUnits:
		if err := q.Level.check(); err != nil {
			return nil, err
		}
		if q.Service != "" {
			if err := d.checkService(ctx, q.Service); err != nil {
				return nil, err
			}
		}
		gap, zoom := DefaultGapFilter(), float64(q.Tile.Z)
		args["band"] = gis.Band(&zoom)
		if q.Published {
			return args, q.publish(ctx, d, args)
		}
		args["service"], args["gaps"] = q.Service, q.Gaps
		args["target"], args["team_reach_metres"], args["min_gap_households"] = gap.Target, gap.TeamReachMetres, gap.MinGapHouseholds
		args["max_households_per_member"], args["stale_after_months"] = gap.MaxHouseholdsPerMember, gap.StaleAfterMonths
		return args, d.addScope(ctx, args, q.Level, q.Within, q.Day, q.Boundaries)
	case TileAddresses:
		boundaries := orDay(q.Boundaries, q.Day)
		if err := d.addWithin(ctx, args, q.Within, boundaries); err != nil {
			return nil, err
		}
		args["day"], args["boundary"], args["most"] = q.Day, boundaries, tilePoints
		return args, nil
	case TileTeams, TileServicePoints:
		return args, d.addWithin(ctx, args, q.Within, q.Day)
	case TileGapAreas:
		areas := q.gapAreas()
		if err := areas.check(); err != nil {
			return nil, err
		}
		return args, d.addWithin(ctx, args, q.Within, q.Day) // only to see whether there is one
	}
	return nil, notFound("không có lớp %q", "there is no layer %q", string(q.Layer))
}

// publish makes it a question about what is published, and refuses what is not.
func (q *TileQuery) publish(ctx context.Context, d *DB, args pgx.StrictNamedArgs) error {
	if q.Service != "" {
		return RefuseExact(ctx, "service")
	}
	days, err := d.publishedScope(ctx, q.Within, q.Day, q.Boundaries)
	if err != nil {
		return err
	}
	q.Day, q.Boundaries = days.Last, time.Time{}
	return d.addScope(ctx, args, q.Level, q.Within, q.Day, q.Boundaries)
}

var (
	tileExtent        = query("tile_extent")
	tileExtentAddress = query("tile_extent_address")
)

// extent is the envelope that a statement answers, in degrees; all nil: there is none.
type extent struct{ West, South, East, North *float64 }

// with grows the envelope by another.
func (e *extent) with(other extent) {
	if e.West == nil || other.West == nil {
		if e.West == nil {
			*e = other
		}
		return
	}
	*e.West, *e.South, *e.East, *e.North = min(*e.West, *other.West), min(*e.South, *other.South), max(*e.East, *other.East), max(*e.North, *other.North)
}

// TileExtent returns the envelope of all that tiles can show, or of the polygon of the unit that they are narrowed to; of teams,
// which may be based outside of what they serve, always the former. Nil where there is none. Errors: those of Tile.
func (d *DB) TileExtent(ctx context.Context, q TileQuery) (*Box, error) {
	if _, err := d.tileArgs(ctx, &q); err != nil {
		return nil, err
	}
	args, within := pgx.StrictNamedArgs{}, q.Within
	if q.Layer == TileTeams {
		within = nil
	}
	if err := d.addWithin(ctx, args, within, orDay(q.Boundaries, q.Day)); err != nil {
		return nil, err
	}
	delete(args, "within_level")
	delete(args, "day")
	found, err := ask[extent](ctx, d, tileExtent, args)
	if err != nil {
		return nil, err
	}
	all := found[0]
	if within == nil && (q.Layer == TileAddresses || q.Layer == TileGapAreas) { // addresses may lie in no polygon
		addresses, err := ask[extent](ctx, d, tileExtentAddress, pgx.StrictNamedArgs{})
		if err != nil {
			return nil, err
		}
		all.with(addresses[0])
	}
	if all.West == nil {
		return nil, nil
	}
	box := &Box{West: *all.West, South: *all.South, East: *all.East, North: *all.North}
	if q.Layer == TileGapAreas { // a hull reaches beyond its households, by less than the distance
		reach := q.DistanceMetres / metresPerDegree
		box.West, box.South, box.East, box.North = max(box.West-reach, -180), max(box.South-reach, -90), min(box.East+reach, 180), min(box.North+reach, 90)
	}
	return box, nil
}
