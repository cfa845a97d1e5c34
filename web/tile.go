package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/argument"
	"vunglom/db"
	"vunglom/gis"
	"vunglom/quota"
)

// tiles serves /tiles/LAYER/Z/X/Y.mvt and /tiles/LAYER.json.
type tiles struct {
	db      *db.DB
	log     *slog.Logger
	now     func() time.Time
	cache   *tileCache
	flights *flights[*packedTile]
	areas   *flights[*db.DrawnGapAreas]
	turns   chan struct{} // half the connections: the other half is for the API
	count   func(layer, from string)
}

func newTiles(o Options, figures *metrics) *tiles {
	h := &tiles{db: o.DB, log: o.Log, now: o.Now, cache: newTileCache(o.TileCacheBytes), flights: newFlights[*packedTile](o.Timeout),
		areas: newFlights[*db.DrawnGapAreas](o.Timeout), turns: make(chan struct{}, max(1, o.DB.PoolFigures().Most/2))}
	h.count = figures.watchTiles(h.cache)
	return h
}

// ServeHTTP answers with a tile. What has to be drawn is drawn once for all who wait for it.
func (h *tiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	layer, question, err := h.read(r)
	if err != nil {
		refuse(w, r, h.log, err)
		return
	}
	if err := layer.check(r.Context(), h.db, &question); err != nil {
		refuse(w, r, h.log, err)
		return
	}
	tile, err := h.tile(r.Context(), question)
	switch {
	case err == nil:
		tile.serve(w, r)
	case gone(r.Context(), err):
		panic(http.ErrAbortHandler) // there is nobody to tell
	default:
		refuse(w, r, h.log, err)
	}
}

// read reads which tile is asked for.
func (h *tiles) read(r *http.Request) (*tileLayer, db.TileQuery, error) {
	layer, err := tileLayerOf(r.PathValue("layer"))
	if err != nil {
		return nil, db.TileQuery{}, err
	}
	values, err := argument.Parse(r.URL.RawQuery)
	if err != nil {
		return layer, db.TileQuery{}, err
	}
	question, err := layer.read(argument.New(values, db.Today(h.now())))
	if err != nil {
		return layer, question, err
	}
	row, isTile := strings.CutSuffix(r.PathValue("row"), ".mvt")
	for i, text := range []string{r.PathValue("z"), r.PathValue("x"), row} {
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil || !isTile || strconv.FormatUint(n, 10) != text {
			return layer, question, argument.NotFound("không có ô %[1]s; hãy viết như /tiles/%[2]s/9/405/242.mvt", "there is no tile %[1]s; write it as /tiles/%[2]s/9/405/242.mvt", r.URL.Path, layer.id)
		}
		*[]*int{&question.Tile.Z, &question.Tile.X, &question.Tile.Y}[i] = int(n)
	}
	if !question.Tile.Valid() {
		return layer, question, argument.NotFound("không có ô %[1]s: z từ 0 đến %[2]d, x và y từ 0 đến 2^z − 1", "there is no tile %[1]s: z is 0 to %[2]d, x and y are 0 to 2^z − 1", r.URL.Path, gis.MaxTileZoom)
	}
	return layer, question, nil
}

// tile returns a tile of the data as they are at least since it is asked for: what is kept is kept by the state of the
// data, which is read first. A tile of addresses is kept for those who may see the same ones, and each answer of it is logged;
// one of gap areas for those too, because where single households are is for who may see them.
func (h *tiles) tile(ctx context.Context, q db.TileQuery) (*packedTile, error) {
	snapshot, err := h.db.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	question := tileQuestion(snapshot, &q)
	if q.Layer == db.TileAddresses || q.Layer == db.TileGapAreas {
		question += " " + personsOf(ctx)
	}
	key := fmt.Sprintf("%s %d/%d/%d", question, q.Tile.Z, q.Tile.X, q.Tile.Y)
	if tile, ok := h.cache.get(key).(*packedTile); ok {
		h.count(string(q.Layer), "cache")
		return tile, h.answeredAgain(ctx, q, tile)
	}
	if q.Layer == db.TileGapAreas && h.cache.get(question) == nil { // it has to be found out first where they are
		if err := quota.From(ctx).Spend(quota.LinkCost); err != nil {
			return nil, err
		}
	}
	tile, shared, err := h.flights.join(ctx, key, func(ctx context.Context) (*packedTile, error) {
		tile, err := h.drawInTurn(ctx, question, q)
		if err == nil {
			h.cache.put(key, tile)
		}
		return tile, err
	})
	if !shared {
		h.count(string(q.Layer), "drawn")
		return tile, err
	}
	h.count(string(q.Layer), "shared")
	if err != nil {
		return nil, err
	}
	return tile, h.answeredAgain(ctx, q, tile)
}

// answeredAgain logs an answer of rows of persons that were not read for it.
func (h *tiles) answeredAgain(ctx context.Context, q db.TileQuery, tile *packedTile) error {
	if tile.persons == nil {
		return nil
	}
	return h.db.LogTile(ctx, q, *tile.persons)
}

// personsOf names where a caller may see rows of persons: callers of one name may see the same.
func personsOf(ctx context.Context) string {
	everywhere, units := access.From(ctx).Scope(access.Persons)
	if everywhere {
		return "everywhere"
	}
	names := make([]string, len(units))
	for i, u := range units {
		names[i] = fmt.Sprintf("%q:%q", u.Level, u.Code)
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// drawInTurn is draw, once it may.
func (h *tiles) drawInTurn(ctx context.Context, question string, q db.TileQuery) (*packedTile, error) {
	if err := h.turn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-h.turns }()
	return h.draw(ctx, question, q)
}

// draw draws a tile. Gap areas are found once for all tiles of a question: any of them may reach into any tile.
func (h *tiles) draw(ctx context.Context, question string, q db.TileQuery) (_ *packedTile, err error) {
	if q.Layer == db.TileGapAreas {
		if q.Areas, _ = h.cache.get(question).(*db.DrawnGapAreas); q.Areas == nil {
			q.Areas, _, err = h.areas.join(ctx, question, func(ctx context.Context) (*db.DrawnGapAreas, error) { return h.db.DrawGapAreas(ctx, q) })
			if err != nil {
				return nil, err
			}
			h.cache.put(question, q.Areas)
		}
	}
	var packed *packedTile
	q.Drawn = func(tile []byte) { packed = pack(tile) }
	drawn, err := h.db.Tile(ctx, q)
	if err != nil {
		return nil, err
	}
	packed.persons = drawn.Persons
	return packed, nil
}

// tileQuestion names what is asked of a state of the data, but for the tile: two with one name are the same.
func tileQuestion(snapshot string, q *db.TileQuery) string {
	within := ""
	if q.Within != nil {
		within = string(q.Within.Level) + ":" + q.Within.Code
	}
	return fmt.Sprintf("%s %s %s %s %s %s %q %q %g %d", snapshot, q.Layer, figuresOf(q), q.Day.Format(time.DateOnly), q.Boundaries.Format(time.DateOnly),
		q.Level, within, q.Service, q.DistanceMetres, q.MinHouseholds)
}

// turn waits until a tile may be drawn.
func (h *tiles) turn(ctx context.Context) error {
	select {
	case h.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
