// Package synthetic makes the demo province: a Cà Mau whose units, their names, codes,
// areas, populations and histories are facts, whose totals on 2024-09-30 are the published
// ones, and whose polygons, houses, teams, households and visits are invented. The same
// seed and scale give the same bytes.
//
// At scale 1 the province has, on 2024-09-30, 9 districts, 101 communes, 883 hamlets with a
// team each (kind cnscd, 4,529 members) and 318,821 digital addresses (scheme dia_chi_so,
// all of kind household). 311,386 households are on the register; 215,316 of them are
// guided. Addresses of other schemes and kinds, and the few that lie in no polygon, were
// surveyed in 2025 and later; households that lie nowhere came in 2025 too. At another
// scale the figures are in proportion, but every cell (the ground that passed from one old
// to one new commune, 123 of them and three islands) keeps a hamlet, and every team three
// members; from scale 0.05 on every reason for a gap occurs.
//
// The ground is drawn: a fine mesh of Voronoi cells, of which every unit of every time is a
// set, so that borders are shared to the last digit. One hamlet of a rural commune alone is
// otherwise since 2025-07-01: it was redrawn by hand after the merger, which left a hole in
// its commune and an overlap with a neighbour, neither with a house on it.
//
// Or the ground is real: communes as they are given, cut into cells and hamlets along lines
// from corner to corner of their borders, all shared. Real communes of Cà Mau get the whole
// history; those of another province get data from the day they begin, at Cà Mau's rates
// and in proportion to their people.
package synthetic

import (
	"context"
	"errors"
	"fmt"
	"math"

	"vunglom/bundle"
)

// Options say what to generate.
type Options struct {
	Out      string                               // the folder to write into; it is made if needed
	Seed     uint64                               // 0 stands for 1
	Scale    float64                              // the province's size, 1 as published; 0 stands for 1
	Units    string                               // a bundle, or a file of units, whose polygons to use; empty: drawn ones
	Compress bool                                 // write .csv.gz and .geojsonl.gz
	Hide     *Hidden                              // leave the hamlets' polygons out; nil: write them
	Step     func(name string, done, total int64) // told of progress; may be nil
}

// Hidden is a province of which no hamlet has been drawn, which is how provinces are: a hamlet's code stands on some
// addresses, and on some of those it is wrong. Points, people and history are those of the province that is drawn.
type Hidden struct {
	Declare    float64 // the share of addresses that declare a hamlet, 0 to 1
	Misdeclare float64 // the share of these that declare a wrong one: four in five the next, one in five any of their commune
}

// Source is what a generated bundle says about where it comes from.
const Source = "Dữ liệu tổng hợp để trình diễn: ranh giới, nhà, tổ, hộ và lượt đến đều do máy sinh ra; tên, mã, diện tích, dân số và " +
	"lịch sử đơn vị là thật. Synthetic demo data: borders, houses, teams, households and visits are generated; names, codes, areas, populations and histories of units are facts."

// Province is the code of the province that the demo stands for.
const Province = "96"

// Generate writes a bundle of the synthetic province.
func Generate(ctx context.Context, o Options) error {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	if o.Scale < 0.01 || o.Scale > 10 || math.IsNaN(o.Scale) {
		return fmt.Errorf("scale is %g; it may be 0.01 to 10", o.Scale)
	}
	if h := o.Hide; h != nil && !(h.Declare >= 0 && h.Declare <= 1 && h.Misdeclare >= 0 && h.Misdeclare <= 1) {
		return fmt.Errorf("declare is %g and misdeclare %g; both are shares from 0 to 1", h.Declare, h.Misdeclare)
	}
	if o.Step == nil {
		o.Step = func(string, int64, int64) {}
	}
	o.Step("map", 0, 3)
	l, figures, err := lay(ctx, o)
	if err != nil {
		return err
	}
	o.Step("map", 1, 3)
	if err := ctx.Err(); err != nil {
		return err
	}
	l.settle(figures.hamlets)
	l.populate()
	o.Step("map", 2, 3)
	l.tell(figures.pilotTeams)
	l.apportion(figures)
	o.Step("map", 3, 3)
	w, err := bundle.Create(o.Out, bundle.Meta{Province: l.province, AsOf: lastDay, Source: Source, Licence: "CC0-1.0", SRID: 4326, Synthetic: true})
	if err != nil {
		return err
	}
	ts, err := openTables(w, o.Compress)
	if err != nil {
		return err
	}
	l.setClock(ts)
	if err := errors.Join(l.write(ctx, ts, o.Step), ts.close()); err != nil {
		return err
	}
	return w.Close()
}

// lay makes the land, over drawn or over real polygons, and says what figures it is to have.
func lay(ctx context.Context, o Options) (*land, figures, error) {
	f, err := readFacts()
	if err != nil {
		return nil, figures{}, err
	}
	if o.Units == "" {
		l := newLand(f)
		l.begin(o, Province)
		l.draw(0.12 / min(4, max(0.25, o.Scale)))
		return l, asPublished.scaled(o.Scale), nil
	}
	real, err := readReal(ctx, o.Units)
	if err != nil {
		return nil, figures{}, err
	}
	if l := newLand(f); real.province.code == Province && real.match(l) {
		l.begin(o, Province)
		l.survey(real.shapes)
		return l, asPublished.scaled(o.Scale), nil
	}
	l := newPlain(real)
	if l.start >= lastDay-60 {
		return nil, figures{}, fmt.Errorf("the units of %s begin too late: data go on to 2026-10-31 only", o.Units)
	}
	l.begin(o, real.province.code)
	l.survey(real.shapes)
	return l, asPublished.scaled(o.Scale * l.people() / newLand(f).people()), nil
}

// begin notes what the whole land needs to know.
func (l *land) begin(o Options, province string) {
	l.seed, l.province, l.hide = o.Seed, province, o.Hide
	l.oddness = max(1, 0.25/o.Scale) // a small province shows oddities too
}

// setClock squeezes the years of the story into the time since the units began, where
// they have no earlier history.
func (l *land) setClock(ts tables) {
	if !l.plain || l.start <= firstDay {
		return
	}
	for name, o := range ts {
		if name != "units" && name != "targets" {
			o.clock = func(d int64) int64 {
				return l.start + max(0, d-firstDay)*(lastDay-l.start)/(lastDay-firstDay)
			}
		}
	}
}

// write writes every table.
func (l *land) write(ctx context.Context, ts tables, step func(string, int64, int64)) error {
	l.writeUnits(ts)
	l.writeSuccessions(ts)
	l.writeDesignations(ts["designations"])
	l.writeOffices(ts["service_points"])
	l.writeServices(ts["services"])
	l.writeTargets(ts["targets"])
	l.writeService(ts["team_service"])
	l.writeTaskForces(ts["teams"])
	if err := l.writeReports(ts["reports"]); err != nil {
		return err
	}
	total := int64(len(l.hamlets))
	for i := range l.hamlets {
		if i%8 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			step("hamlets", int64(i), total)
		}
		l.writeHamlet(ts, i)
	}
	l.writeStrays(ts)
	step("hamlets", total, total)
	return nil
}
