package db

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

// choose finds the hamlets of the day that no bundle has drawn, the same hamlets at other times, and the land of each.
func (dr *drawing) choose(land *territory, derived map[int64]bool) {
	today := dr.day()
	dr.of = map[int64]*undrawnHamlet{}
	byPolygons := map[string]*hamletLand{}
	undrawn := func(u *territoryUnit) bool { return u.Level == "hamlet" && (u.PolygonID == nil || derived[u.ID]) }
	before := land.predecessors()
	for _, u := range land.inOrder() {
		if u.Level != "hamlet" || !u.valid.holds(today) {
			continue
		}
		if !undrawn(u) {
			dr.report.Drawn++
			continue
		}
		h := &undrawnHamlet{unit: u, members: land.unchanged(u, before, undrawn)}
		dr.hamlets = append(dr.hamlets, h)
		for _, id := range h.members {
			dr.of[id] = h
		}
		polygons := land.communesOf(h.members, u.ID, today)
		if len(polygons) == 0 {
			dr.undrawn(h, UndrawnNoCommune)
			continue
		}
		key := string(appendIDs(nil, polygons))
		l := byPolygons[key]
		if l == nil {
			l = &hamletLand{polygons: polygons}
			byPolygons[key] = l
			dr.lands = append(dr.lands, l)
		}
		h.land = l
		l.hamlets = append(l.hamlets, h)
	}
}

// inOrder lists the units by code and time: ids depend on how they came in, and the same data are to give the same polygons.
func (t *territory) inOrder() []*territoryUnit {
	units := slices.Clone(t.units)
	slices.SortFunc(units, byCode)
	return units
}

func byCode(a, b *territoryUnit) int {
	return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.valid.from, b.valid.from), cmp.Compare(a.Level, b.Level))
}

// predecessors lists, for each unit, those of its level that it follows: what belonged to them belongs to it from the
// day on which they ended.
func (t *territory) predecessors() map[int64][]*territoryUnit {
	before := map[int64][]*territoryUnit{}
	for _, u := range t.units {
		if u.valid.to == forever {
			continue
		}
		if next := t.byID[t.heirOn(u.ID, u.valid.to)]; next != nil && next.Level == u.Level {
			before[next.ID] = append(before[next.ID], u)
		}
	}
	return before
}

// unchanged lists the units that are the same hamlet under the communes of other times: each the only one that the next
// follows, and it the only one that follows.
func (t *territory) unchanged(u *territoryUnit, before map[int64][]*territoryUnit, undrawn func(*territoryUnit) bool) []int64 {
	members := []int64{u.ID}
	for at := u; ; {
		p := before[at.ID]
		if len(p) != 1 || !undrawn(p[0]) {
			break
		}
		at = p[0]
		members = append(members, at.ID)
	}
	for at := u; at.valid.to != forever; {
		next := t.byID[t.heirOn(at.ID, at.valid.to)]
		if next == nil || !undrawn(next) || len(before[next.ID]) != 1 {
			break
		}
		at = next
		members = append(members, at.ID)
	}
	return members
}

// heirOn is the unit to which something that belonged to a unit belongs on a day; 0: none.
func (t *territory) heirOn(id int64, d day) int64 {
	for _, h := range t.heirs(id) {
		if h.holds(d) {
			return h.unit
		}
	}
	return 0
}

// communesOf lists the polygons of the communes that some hamlets lie in at any time, that of one hamlet on a day first;
// none where that commune has no polygon.
func (t *territory) communesOf(members []int64, id int64, d day) []int64 {
	c, _ := t.chainOn(id, d)
	first := t.byID[c[communeRank]]
	if first == nil || first.PolygonID == nil {
		return nil
	}
	var others []*territoryUnit
	for _, m := range members {
		for _, row := range t.chains[m] {
			if u := t.byID[row.chain[communeRank]]; u != nil && u.PolygonID != nil && *u.PolygonID != *first.PolygonID {
				others = append(others, u)
			}
		}
	}
	slices.SortFunc(others, byCode)
	polygons := []int64{*first.PolygonID}
	for _, u := range others {
		if !slices.Contains(polygons, *u.PolygonID) {
			polygons = append(polygons, *u.PolygonID)
		}
	}
	return polygons
}

// readLands cuts the lands out of the communes, and numbers the hamlets of each. Hamlets without land are told of.
func (dr *drawing) readLands(ctx context.Context) error {
	var lands, ranks, undrawnLands []int32
	var polygons, undrawn []int64
	for n, l := range dr.lands {
		for rank, id := range l.polygons {
			lands, ranks, polygons = append(lands, int32(n)), append(ranks, int32(rank+1)), append(polygons, id)
		}
		for _, h := range l.hamlets {
			for _, id := range h.members {
				undrawnLands, undrawn = append(undrawnLands, int32(n)), append(undrawn, id)
			}
		}
	}
	dr.arguments["lands"], dr.arguments["ranks"], dr.arguments["polygons"] = lands, ranks, polygons
	dr.arguments["undrawn_lands"], dr.arguments["undrawn"] = undrawnLands, undrawn
	if err := dr.all(ctx, "hamlet_land", "hamlet_land_rest"); err != nil {
		return err
	}
	rows, err := dr.tx.Query(ctx, importQuery("hamlet_land_all"), dr.arguments)
	if err != nil {
		return err
	}
	var n int32
	var wkb []byte
	_, err = pgx.ForEachRow(rows, []any{&n, &wkb}, func() (err error) {
		dr.lands[n].shape, err = gis.ShapeFromWKB(int64(n), wkb)
		return err
	})
	for _, l := range dr.lands {
		for part, h := range l.hamlets {
			h.part = part
			if len(l.shape.Polygons) == 0 {
				h.land = nil
				dr.undrawn(h, UndrawnNoLand)
			}
		}
	}
	dr.lands = slices.DeleteFunc(dr.lands, func(l *hamletLand) bool { return len(l.shape.Polygons) == 0 })
	return err
}
