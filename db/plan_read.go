package db

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/gis"
	"vunglom/plan"
)

var (
	planTeam = query("plan_team")

	candidateStatements = map[PlanCandidates]statement{
		CandidatesHamlets: query("plan_hamlet"), CandidatesServicePoints: query("plan_service_point"), CandidatesAddresses: query("plan_address"),
	}
	planAddressSquare = query("plan_address_square")
)

// gridCells is how many cells of the grid of addresses there are to a reach.
const gridCells = 6

// PlanProblem reads what a plan is made for, without making it. Errors: those of PlanTeams.
func (d *DB) PlanProblem(ctx context.Context, q PlanQuery) (*plan.Problem, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	_, problem, err := d.planProblem(ctx, &q)
	return problem, err
}

// planProblem reads what a plan needs, of one state of the data. Who may see each household has them where their addresses are, and is
// logged as a reader of persons; for everybody else see readSquares.
func (d *DB) planProblem(ctx context.Context, q *PlanQuery) (answer *TeamPlan, problem *plan.Problem, err error) {
	err = d.Hold(ctx, func(d *DB) error {
		scope, each, err := d.planScope(ctx, q)
		if err != nil {
			return err
		}
		if !each {
			answer, problem, err = d.readPlan(ctx, q, scope, false)
			return err
		}
		return d.readEach(ctx, q.reading("planTeams"), planFile, func(d *DB) (int, error) {
			answer, problem, err = d.readPlan(ctx, q, scope, true)
			if err != nil {
				return 0, err
			}
			return len(problem.Demand), nil
		})
	})
	return answer, problem, err
}

// planScope is within which unit a plan is asked for, and whether each household of it may be seen.
func (d *DB) planScope(ctx context.Context, q *PlanQuery) (scope pgx.StrictNamedArgs, each bool, err error) {
	scope = pgx.StrictNamedArgs{}
	if err := d.addWithin(ctx, scope, q.Within, q.Day); err != nil {
		return nil, false, err
	}
	each, err = d.seesEach(ctx, scope)
	return scope, each, err
}

// planFile is the entry of a file of a plan in the audit log.
const planFile = "export/plan"

// PlanListing is what a reading of a plan that is passed on as a file is logged as; nil where it is of no persons. Errors: those of PlanTeams for the query.
func (d *DB) PlanListing(ctx context.Context, q PlanQuery) (*Listing, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if _, each, err := d.planScope(ctx, &q); err != nil || !each {
		return nil, err
	}
	return &Listing{q.reading(planFile)}, nil
}

func (q *PlanQuery) reading(entry string) reading {
	r := reading{entry, map[string]any{"demand": q.Demand, "candidates": q.Candidates}}
	return r.addUnit(q.Within).addDay("asOf", q.Day).addBox(q.Box)
}

func (d *DB) readPlan(ctx context.Context, q *PlanQuery, scope pgx.StrictNamedArgs, each bool) (*TeamPlan, *plan.Problem, error) {
	answer := &TeamPlan{Day: q.Day}
	datasets, err := d.Datasets(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range datasets {
		answer.Synthetic = answer.Synthetic || s.Synthetic
	}
	if answer.Snapshot, err = d.Snapshot(ctx); err != nil {
		return nil, nil, err
	}
	p := &plan.Problem{ReachMetres: q.ReachMetres, Teams: q.Teams}
	if q.Capacity != nil {
		p.Capacity = *q.Capacity
	}
	if p.Demand, answer.Unplaced, err = d.readDemand(ctx, q, scope, each); err != nil || len(p.Demand) == 0 {
		return answer, p, err
	}
	near := around(p.Demand, q.ReachMetres)
	if p.Candidates, err = d.readCandidates(ctx, q, scope, near, each); err != nil {
		return nil, nil, err
	}
	if q.KeepExisting {
		if p.Existing, err = d.readPlaces(ctx, planTeam, q, pgx.StrictNamedArgs{}, near, true); err != nil {
			return nil, nil, err
		}
	}
	return answer, p, nil
}

// around is the box of all that may be within reach of the demand.
func around(demand []plan.Demand, reach float64) Box {
	b := Box{West: 180, South: 90, East: -180, North: -90}
	for i := range demand {
		at := &demand[i].Position
		b.West, b.East = math.Min(b.West, at[0]), math.Max(b.East, at[0])
		b.South, b.North = math.Min(b.South, at[1]), math.Max(b.North, at[1])
	}
	up := reach / gis.ShortestDegree * 1.001 // a degree of longitude shrinks with the cosine
	across := up / math.Cos(math.Min(89, math.Max(math.Abs(b.South), math.Abs(b.North))+up)*math.Pi/180)
	return Box{math.Max(-180, b.West-across), math.Max(-90, b.South-up), math.Min(180, b.East+across), math.Min(90, b.North+up)}
}

// readCandidates reads where new teams may stand. Among addresses these are addresses for who may see each that is looked at, else squares that hold some.
func (d *DB) readCandidates(ctx context.Context, q *PlanQuery, scope pgx.StrictNamedArgs, near Box, each bool) ([][2]float64, error) {
	statement := candidateStatements[q.Candidates]
	if q.Candidates == CandidatesServicePoints {
		return d.readPlaces(ctx, statement, q, pgx.StrictNamedArgs{}, near, true)
	}
	args := maps.Clone(scope)
	args["inside"] = !q.CrossBorders
	if q.Candidates == CandidatesAddresses {
		cell := q.ReachMetres / gridCells / gis.ShortestDegree
		if everywhere, _ := d.asks(ctx).Scope(access.Persons); everywhere || each && !q.CrossBorders {
			args["cell_degrees"] = cell
		} else {
			statement, args["square_degrees"] = planAddressSquare, max(cell, squareDegrees)
		}
	}
	return d.readPlaces(ctx, statement, q, args, near, false)
}

// readPlaces reads places inside a box, which it adds to the arguments. Where borders are not to be crossed it leaves out those outside the query's box and, of
// those whose statement does not know its unit, those that do not lie in that.
func (d *DB) readPlaces(ctx context.Context, statement statement, q *PlanQuery, args pgx.StrictNamedArgs, near Box, locate bool) ([][2]float64, error) {
	args["west"], args["south"], args["east"], args["north"], args["day"] = near.West, near.South, near.East, near.North, q.Day
	found, err := ask[Position](ctx, d, statement, args)
	if err != nil {
		return nil, err
	}
	if !q.CrossBorders && q.Box != nil {
		found = slices.DeleteFunc(found, func(at Position) bool { return !q.Box.holds(at) })
	}
	if !q.CrossBorders && q.Within != nil && locate {
		if found, err = d.inside(ctx, found, *q.Within, q.Day); err != nil {
			return nil, err
		}
	}
	places := make([][2]float64, len(found))
	for i, at := range found {
		places[i] = [2]float64{at.Longitude, at.Latitude}
	}
	return places, nil
}

func (b *Box) holds(at Position) bool {
	return b.West <= at.Longitude && at.Longitude <= b.East && b.South <= at.Latitude && at.Latitude <= b.North
}
