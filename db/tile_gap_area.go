package db

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

// DrawnGapAreas are the areas of a question, drawn once for all of its tiles.
type DrawnGapAreas struct {
	areas []GapArea
	texts []string // of each area: the codes of its hamlets, with commas between
	each  bool     // they tell where single households are: see GapAreas.Each
}

// Bytes is about how much memory they take.
func (g *DrawnGapAreas) Bytes() int {
	n := 0
	for i := range g.areas {
		n += len(g.areas[i].Hull) + len(g.texts[i]) + 256
	}
	return n
}

// DrawGapAreas finds and draws the areas that a tile of them shows a part of. Errors: those of GapAreas.
func (d *DB) DrawGapAreas(ctx context.Context, q TileQuery) (*DrawnGapAreas, error) {
	found, err := d.GapAreas(ctx, q.gapAreas())
	if err != nil {
		return nil, err
	}
	if err := found.Draw(ctx); err != nil {
		return nil, err
	}
	drawn := &DrawnGapAreas{areas: found.Areas, each: found.Each, texts: make([]string, len(found.Areas))}
	for i := range drawn.areas {
		codes := make([]string, len(drawn.areas[i].Hamlets))
		for k, hamlet := range drawn.areas[i].Hamlets {
			codes[k] = hamlet.Code
		}
		drawn.texts[i], drawn.areas[i].Hamlets = strings.Join(codes, ","), nil
	}
	return drawn, nil
}

func (q *TileQuery) gapAreas() GapAreaQuery {
	return GapAreaQuery{Within: q.Within, Day: q.Day, DistanceMetres: q.DistanceMetres, MinHouseholds: q.MinHouseholds}
}

// gapAreaTile draws the areas that meet a tile, and logs how many households they hold where single ones can be told from them.
func (d *DB) gapAreaTile(ctx context.Context, q *TileQuery) (tile DrawnTile, err error) {
	if q.Areas == nil {
		if q.Areas, err = d.DrawGapAreas(ctx, *q); err != nil {
			return DrawnTile{}, err
		}
	}
	args, households := q.Areas.args(q.Tile)
	args["z"], args["x"], args["y"] = q.Tile.Z, q.Tile.X, q.Tile.Y
	if tile.Tile, err = d.draw(ctx, tileStatements[TileGapAreas], args); err != nil {
		return DrawnTile{}, err
	}
	if q.Areas.each {
		tile.Persons = &households
		if err := d.LogTile(ctx, *q, households); err != nil {
			return DrawnTile{}, err
		}
	}
	if q.Drawn != nil {
		q.Drawn(tile.Tile)
	}
	return tile, nil
}

// args are the arguments of tile_gap_area: the areas that meet the tile, and how many households these hold.
func (g *DrawnGapAreas) args(tile gis.Tile) (args pgx.StrictNamedArgs, sum int) {
	var ids, hamlets, hulls []string
	var households []int
	var longitudes, latitudes []float64
	west, south, east, north := tile.Box(tileMargin)
	for i := range g.areas {
		a := &g.areas[i]
		if a.box.East < west || a.box.West > east || a.box.North < south || a.box.South > north {
			continue
		}
		sum += a.Households
		ids, hamlets, hulls, households = append(ids, a.ID), append(hamlets, g.texts[i]), append(hulls, string(a.Hull)), append(households, a.Households)
		longitudes, latitudes = append(longitudes, a.Centre.Longitude), append(latitudes, a.Centre.Latitude)
	}
	return pgx.StrictNamedArgs{"ids": ids, "households": households, "hamlets": hamlets, "hulls": hulls, "longitudes": longitudes, "latitudes": latitudes}, sum
}
