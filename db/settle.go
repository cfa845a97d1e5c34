package db

import (
	"context"

	"vunglom/bundle"

	"github.com/jackc/pgx/v5"
)

// takeAddresses finds where the new and changed points lie: all of the province's points where polygons changed. The
// rows are merged later, by rollUp.
func (im *importing) takeAddresses(ctx context.Context, t *bundle.Table) error {
	if err := im.settleUnits(ctx); err != nil {
		return err
	}
	if im.bundle.Has(t) {
		if err := im.compare(ctx, t); err != nil {
			return err
		}
	}
	if err := im.all(ctx, "located"); err != nil {
		return err
	}
	if im.polygonsChanged || im.changed["address"] > 0 {
		defer im.step("locate addresses", im.changed["address"])(im.changed["address"])
		name := "point_changed"
		if im.polygonsChanged {
			name = "point_all"
		}
		if err := im.locate(ctx, name); err != nil {
			return err
		}
		if err := im.analyze(ctx, "located"); err != nil {
			return err
		}
		if im.sent == nil { // few rows leave few places
			if err := im.analyze(ctx, "place"); err != nil {
				return err
			}
		}
	}
	return im.settlePlaces(ctx)
}

// takeHouseholds finds the place of each new, changed or moved household. The rows are merged later, by rollUp.
func (im *importing) takeHouseholds(ctx context.Context, t *bundle.Table) error {
	if im.bundle.Has(t) {
		if err := im.compare(ctx, t); err != nil {
			return err
		}
	}
	if im.changed["household"]+im.changed["address"] == 0 && !im.unitsChanged && !im.polygonsChanged { // nobody's place changes
		return im.all(ctx, "household_stays")
	}
	im.arguments["all"] = im.unitsChanged
	for _, name := range []string{"household_declared", "place_declared", "household_place"} {
		if _, err := im.exec(ctx, importQuery(name)); err != nil {
			return err
		}
	}
	if err := im.analyze(ctx, "household_place"); err != nil {
		return err
	}
	if err := im.settlePlaces(ctx); err != nil {
		return err
	}
	return im.rejectOutside(ctx)
}

// settleUnits derives what follows from the units and their successions: the chain above each by days, its heirs, and
// the polygons of communes that have none of their own.
func (im *importing) settleUnits(ctx context.Context) error {
	changed := im.changed["unit"]+im.changed["succession"] > 0
	if !changed {
		return nil
	}
	im.unitsChanged = true
	if err := im.analyzeStored(ctx, "unit", "polygon", "succession"); err != nil {
		return err
	}
	before, err := im.coverPolygons(ctx, "place_cover")
	if err != nil {
		return err
	}
	land, err := im.readTerritory(ctx)
	if err != nil {
		return err
	}
	if err := im.writeUnitPeriods(ctx, land); err != nil {
		return err
	}
	if err := im.analyzeStored(ctx, "unit_period", "unit_heir"); err != nil {
		return err
	}
	for _, name := range []string{"unit_origin_drop", "unit_origin", "commune_union", "polygon_union", "unit_drawn", "polygon_drop"} {
		if _, err := im.exec(ctx, importQuery(name)); err != nil {
			return err
		}
	}
	after, err := im.coverPolygons(ctx, "unit_cover")
	if err != nil {
		return err
	}
	im.polygonsChanged = im.polygonsChanged || before != after
	return nil
}

// coverPolygons is a digest of the polygons in which points are located.
func (im *importing) coverPolygons(ctx context.Context, name string) (digest string, err error) {
	err = im.tx.QueryRow(ctx, importQuery(name), im.arguments).Scan(&digest)
	return digest, err
}

// settlePlaces derives where the places lie by days: the new ones, or all where units changed.
func (im *importing) settlePlaces(ctx context.Context) error {
	im.arguments["all"] = im.unitsChanged && !im.placesSettled
	rows, err := im.tx.Query(ctx, importQuery("place_unsettled"), im.arguments)
	if err != nil {
		return err
	}
	places, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[placeRow])
	if err != nil {
		return err
	}
	im.placesSettled = true
	if len(places) == 0 {
		return nil
	}
	land, err := im.readTerritory(ctx)
	if err != nil {
		return err
	}
	return im.writePlacePeriods(ctx, land, places)
}

// placeRow is a place as settling needs it.
type placeRow struct {
	ID       int64
	Covers   []int64
	Declared int64
}

// writePlacePeriods stores where places lie, and whether a commune covers them on every day.
func (im *importing) writePlacePeriods(ctx context.Context, land *territory, places []*placeRow) error {
	ids := make([]int64, len(places))
	complete := make([]bool, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	im.arguments["ids"] = ids
	if _, err := im.exec(ctx, importQuery("place_period_drop")); err != nil {
		return err
	}
	w := startCopy(ctx, im.tx, "place_period (province, place_id, period, province_id, district_id, commune_id, hamlet_id)")
	for i, p := range places {
		located := land.located(p.Covers)
		complete[i] = land.complete(located)
		for _, at := range land.settled(located, p.Declared) {
			w.row(7)
			w.text(im.bundle.Meta.Province)
			w.int8(p.ID)
			w.period(at.period)
			w.chain(at.chain)
		}
		if err := w.flush(); err != nil {
			w.abandon(err)
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	im.arguments["complete"] = complete
	_, err := im.exec(ctx, importQuery("place_complete"))
	return err
}

// chain writes the units of each level, province first.
func (w *copyRows) chain(c chain) {
	for _, id := range c {
		w.optionalInt8(id)
	}
}

// writeUnitPeriods stores the chains above all units and their heirs.
func (im *importing) writeUnitPeriods(ctx context.Context, land *territory) error {
	for _, name := range []string{"unit_period_drop", "unit_heir_drop"} {
		if _, err := im.exec(ctx, importQuery(name)); err != nil {
			return err
		}
	}
	w := startCopy(ctx, im.tx, "unit_period (province, unit_id, period, parent_id, province_id, district_id, commune_id, hamlet_id)")
	for _, u := range land.units {
		for _, at := range land.chains[u.ID] {
			w.row(8)
			w.text(im.bundle.Meta.Province)
			w.int8(u.ID)
			w.period(at.period)
			w.optionalInt8(at.parent)
			w.chain(at.chain)
		}
		if err := w.flush(); err != nil {
			w.abandon(err)
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	w = startCopy(ctx, im.tx, "unit_heir (province, unit_id, period, heir_id)")
	for _, u := range land.units {
		for _, h := range land.heirs(u.ID) {
			w.row(4)
			w.text(im.bundle.Meta.Province)
			w.int8(u.ID)
			w.period(h.period)
			w.int8(h.unit)
		}
		if err := w.flush(); err != nil {
			w.abandon(err)
			return err
		}
	}
	return w.finish()
}
