package db

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"vunglom/plan"
)

var (
	planDemand       = query("plan_demand")
	planDemandSquare = query("plan_demand_square")
	planUnplaced     = query("plan_unplaced")
)

// readDemand reads where the households are, and how many have no place.
func (d *DB) readDemand(ctx context.Context, q *PlanQuery, scope pgx.StrictNamedArgs, each bool) (demand []plan.Demand, unplaced int, err error) {
	args := maps.Clone(scope)
	args["all_households"] = q.Demand == DemandAllHouseholds
	if q.Box == nil {
		found, err := ask[struct{ Households int }](ctx, d, planUnplaced, args)
		if err != nil {
			return nil, 0, err
		}
		unplaced = found[0].Households
	}
	if err := addBox(args, q.Box); err != nil {
		return nil, 0, err
	}
	if !each {
		demand, err = d.readSquares(ctx, args)
		return demand, unplaced, err
	}
	rows, err := d.query(ctx, planDemand, args)
	if err != nil {
		return nil, 0, fmt.Errorf("db: %w", err)
	}
	var at plan.Demand
	_, err = pgx.ForEachRow(rows, []any{&at.Position[0], &at.Position[1], &at.Households}, func() error {
		demand = append(demand, at)
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("db: %w", err)
	}
	return demand, unplaced, nil
}

// demandSquare is a square of a unit, with the households of a demand in it.
type demandSquare struct {
	Province                      string
	UnitID                        int64
	Longitude, Latitude           float64 // of its middle
	Households                    int32
	LabelLongitude, LabelLatitude float64 // of the unit
}

// readSquares reads where the households are for who may not see single ones: so that none can be told from how many are within
// reach of whatever places, in whatever units or box, on whatever days.
func (d *DB) readSquares(ctx context.Context, args pgx.StrictNamedArgs) (demand []plan.Demand, err error) {
	args["square_degrees"] = squareDegrees
	found, err := ask[demandSquare](ctx, d, planDemandSquare, args)
	for len(found) > 0 {
		n := slices.IndexFunc(found, func(s demandSquare) bool { return s.UnitID != found[0].UnitID || s.Province != found[0].Province })
		if n < 0 {
			n = len(found)
		}
		demand = append(demand, gathered(found[:n])...)
		found = found[n:]
	}
	return demand, err
}

// widestSquare is the side of the widest squares that households of a unit are gathered in, in sides of the narrowest.
const widestSquare = 32

// gathered is where the households of one unit count: in the middle of a square of 100 m that holds five of them; those left over in that of one of
// 200 m that holds five of those, and so on; and who is left over at last at the label point of the unit. How many the unit has
// in all is told exactly elsewhere, and where they count follows from those in it alone: what is told of units together tells no more than what is told of each.
func gathered(left []demandSquare) (demand []plan.Demand) {
	label := [2]float64{left[0].LabelLongitude, left[0].LabelLatitude}
	for side := 1; side <= widestSquare && len(left) > 0; side *= 2 {
		middle := func(s *demandSquare) [2]float64 {
			at := [2]float64{s.Longitude, s.Latitude}
			if side > 1 {
				at = squareOf(at, float64(side)*squareDegrees)
			}
			return at
		}
		count := map[[2]float64]int32{}
		for i := range left {
			count[middle(&left[i])] += left[i].Households
		}
		left = slices.DeleteFunc(slices.Clone(left), func(s demandSquare) bool { return count[middle(&s)] >= leastTogether })
		maps.DeleteFunc(count, func(_ [2]float64, households int32) bool { return households < leastTogether })
		for at, households := range count {
			demand = append(demand, plan.Demand{Position: at, Households: households})
		}
	}
	var rest int32
	for i := range left {
		rest += left[i].Households
	}
	if rest > 0 {
		demand = append(demand, plan.Demand{Position: label, Households: rest})
	}
	slices.SortFunc(demand, func(a, b plan.Demand) int {
		return cmp.Or(cmp.Compare(a.Position[0], b.Position[0]), cmp.Compare(a.Position[1], b.Position[1]), cmp.Compare(a.Households, b.Households))
	})
	return demand
}
