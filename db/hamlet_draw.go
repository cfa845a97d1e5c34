package db

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"vunglom/gis"
	"vunglom/gis/divide"
)

// drawing is a derivation of hamlets under way.
type drawing struct {
	*importing
	options DeriveOptions
	report  *DeriveReport

	hamlets []*undrawnHamlet
	of      map[int64]*undrawnHamlet // by the units of every time that it is
	lands   []*hamletLand
}

// undrawnHamlet is a hamlet to be drawn: the unit of the day, and the same under other communes at other times.
type undrawnHamlet struct {
	unit    *territoryUnit
	members []int64
	land    *hamletLand // nil: none
	part    int         // its number there
	support int         // the addresses it is derived from
	shape   []byte      // WKB; nil: none
}

// hamletLand is the land that some hamlets share among them: what the communes they have belonged to have in common.
type hamletLand struct {
	polygons []int64 // of those communes, the one of the day first
	shape    gis.Shape
	hamlets  []*undrawnHamlet
	points   []divide.Point
	keys     [][2]string // scheme and code of each
	division *divide.Division
}

// draw derives the polygons and gives them to the units.
func (dr *drawing) draw(ctx context.Context) error {
	dr.arguments["day"] = dr.options.Day
	land, err := dr.readTerritory(ctx)
	if err != nil {
		return err
	}
	derived, err := dr.derivedUnits(ctx)
	if err != nil {
		return err
	}
	dr.choose(land, derived)
	if err := dr.readLands(ctx); err != nil {
		return err
	}
	if err := dr.readPoints(ctx, land); err != nil {
		return err
	}
	if err := dr.divide(ctx); err != nil {
		return err
	}
	dr.tell()
	return dr.store(ctx)
}

// derivedUnits answers the units whose polygon is derived.
func (dr *drawing) derivedUnits(ctx context.Context) (map[int64]bool, error) {
	rows, err := dr.tx.Query(ctx, importQuery("hamlet_derived"), dr.arguments)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	derived := map[int64]bool{}
	for _, id := range ids {
		derived[id] = true
	}
	return derived, err
}

// readPoints reads the addresses that declare a hamlet that is to be drawn, or what it was before or became after.
func (dr *drawing) readPoints(ctx context.Context, land *territory) error {
	rows, err := dr.tx.Query(ctx, importQuery("hamlet_declared"), dr.arguments)
	if err != nil {
		return err
	}
	today := dr.day()
	heir := map[int64]*undrawnHamlet{}
	var scheme, code string
	var at [2]float64
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&scheme, &code, &at[0], &at[1], &id}, func() error {
		h, known := heir[id]
		if !known {
			if h = dr.of[id]; h == nil {
				h = dr.of[land.heirOn(id, today)]
			}
			heir[id] = h
		}
		if h == nil {
			return nil
		}
		dr.report.Declaring++
		if h.land == nil {
			dr.report.Conflicts = append(dr.report.Conflicts, HamletConflict{Scheme: scheme, Code: code, Declares: h.unit.Code})
			return nil
		}
		h.land.points = append(h.land.points, divide.Point{At: at, Part: h.part})
		h.land.keys = append(h.land.keys, [2]string{scheme, code})
		return nil
	})
	return err
}

// divide divides the lands, as many at a time as there are processors.
func (dr *drawing) divide(ctx context.Context) error {
	step := dr.step("draw hamlets", int64(len(dr.lands)))
	order := slices.Clone(dr.lands) // the largest first, so that none is left for the end
	slices.SortStableFunc(order, func(a, b *hamletLand) int { return cmp.Compare(len(b.points), len(a.points)) })
	var done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, l := range order {
		group.Go(func() error {
			var err error
			if l.division, err = divide.Land(ctx, l.shape, l.points, len(l.hamlets), dr.options.Rule); err != nil {
				return fmt.Errorf("hamlets of %s: %w", *l.hamlets[0].unit.ParentCode, err)
			}
			step(done.Add(1))
			return nil
		})
	}
	return group.Wait()
}

// tell notes what became of every hamlet and every address.
func (dr *drawing) tell() {
	for _, l := range dr.lands {
		for part, h := range l.hamlets {
			if s := l.division.Parts[part]; len(s.Polygons) > 0 {
				h.support, h.shape = l.division.Support[part], gis.AppendWKB(nil, s)
				dr.report.Derived++
				dr.report.Support += h.support
			} else {
				dr.undrawn(h, UndrawnNoAddress)
			}
		}
		for _, c := range l.division.Conflicts {
			conflict := HamletConflict{Scheme: l.keys[c.Point][0], Code: l.keys[c.Point][1],
				Declares: l.hamlets[l.points[c.Point].Part].unit.Code}
			if !math.IsInf(c.Metres, 0) {
				conflict.Metres = &c.Metres
			}
			dr.report.Conflicts = append(dr.report.Conflicts, conflict)
		}
	}
	slices.SortFunc(dr.report.Conflicts, func(a, b HamletConflict) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Code, b.Code))
	})
	slices.SortFunc(dr.report.Undrawn, func(a, b UndrawnHamlet) int { return cmp.Compare(a.Code, b.Code) })
}

func (dr *drawing) undrawn(h *undrawnHamlet, reason string) {
	dr.report.Undrawn = append(dr.report.Undrawn, UndrawnHamlet{h.unit.Code, h.unit.fullName, reason})
}

// store gives the polygons to the units of every time.
func (dr *drawing) store(ctx context.Context) error {
	_, err := dr.tx.Exec(ctx, `create temporary table hamlet_drawn (target bigint, support integer, geometry bytea) on commit drop`)
	if err != nil {
		return err
	}
	w := startCopy(ctx, dr.tx, "hamlet_drawn")
	var members, targets []int64
	for _, h := range dr.hamlets {
		for _, id := range h.members {
			members, targets = append(members, id), append(targets, h.unit.ID)
		}
		if h.shape == nil {
			continue
		}
		w.row(3)
		w.int8(h.unit.ID)
		w.int4(int32(h.support))
		w.bytes(h.shape)
		if err := w.flush(); err != nil {
			w.abandon(err)
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	dr.arguments["members"], dr.arguments["targets"] = members, targets
	if err := dr.all(ctx, "hamlet_polygon", "hamlet_polygon_insert"); err != nil {
		return err
	}
	n, err := dr.exec(ctx, importQuery("hamlet_polygon_unit"))
	dr.report.Changed = n
	dr.changed["unit"] += n
	dr.territory = nil // its polygons are others now
	return err
}

// day is the day asked for.
func (dr *drawing) day() day { return day(dr.options.Day.Unix() / 86400) }
