package plan

import (
	"cmp"
	"context"
	"math"
	"slices"
)

const (
	maxPairs   = 40_000_000 // of a group and a candidate: 320 MB in both directions
	finePairs  = 2_000_000  // from so many on a coarser instance guides the search
	coarseness = 20         // cells a reach of the coarser instance's demand
	checkEvery = 1 << 12    // steps of a loop between two looks at the context
)

// ground is a problem read into an instance.
type ground struct {
	in        *instance
	at        [][2]float64 // of the instance's candidates, degrees
	candidate []int32      // which of the problem's each is
	demand    int64        // households, all
	existing  int64        // households that existing teams reach; they are in no group

	// A coarser instance with the same candidates, its demand moved to one place a cell: it answers nothing, but shows in a
	// fraction of the time which candidates and which prices are good. nil where the instance is small.
	coarse *instance
	alike  []int32 // the coarse group that each group is in

	warm  *relaxation // of the run before
	known []int32     // the sites that it chose
}

// locate reads a problem.
func locate(ctx context.Context, p *Problem) (*ground, error) {
	return locateFine(ctx, p, finePairs, maxPairs)
}

// locateFine is locate, with a coarser instance from so many pairs on, and a refusal of more than the most.
func locateFine(ctx context.Context, p *Problem, pairs, most int) (*ground, error) {
	g := &ground{}
	points, weights, err := g.uncovered(ctx, p)
	if err != nil {
		return nil, err
	}
	s := newSites(p.Candidates, points, p.ReachMetres)
	g.at, g.candidate = s.at, s.original
	var fine, coarse grouping
	fine.init()
	coarse.init()
	cells := map[[2]int32]int32{} // the coarse group of each cell
	var found []int32
	for i, at := range points {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if found = s.within(at, found[:0]); len(found) == 0 {
			continue
		}
		group := fine.put(found, weights[i])
		if len(fine.byGroup.items) > most {
			return nil, ErrTooManyPairs
		}
		cell := [2]int32{int32(math.Floor((at[0] - s.west) / s.width * coarseness)), int32(math.Floor((at[1] - s.south) / s.height * coarseness))}
		if other, known := cells[cell]; known {
			coarse.weight[other] += weights[i]
		} else {
			cells[cell] = coarse.put(found, weights[i])
		}
		if int(group) == len(g.alike) {
			g.alike = append(g.alike, cells[cell])
		}
	}
	g.in = fine.instance(len(s.at), int64(p.Capacity), p.Teams)
	if all, few := len(fine.byGroup.items), len(coarse.byGroup.items); all > pairs && few < all*3/4 {
		g.coarse = coarse.instance(len(s.at), int64(p.Capacity), p.Teams)
	}
	return g, nil
}

// uncovered returns the places of demand that no existing team reaches, each once, in an order of their own, and counts the rest.
func (g *ground) uncovered(ctx context.Context, p *Problem) (points [][2]float64, weights []int32, err error) {
	demand := slices.Clone(p.Demand)
	slices.SortFunc(demand, func(a, b Demand) int {
		return cmp.Or(cmp.Compare(a.Position[1], b.Position[1]), cmp.Compare(a.Position[0], b.Position[0]))
	})
	bases := newSites(p.Existing, nil, p.ReachMetres)
	var found []int32
	for i, d := range demand {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		g.demand += int64(d.Households)
		if found = bases.within(d.Position, found[:0]); len(found) > 0 {
			g.existing += int64(d.Households)
		} else if last := len(points) - 1; last >= 0 && points[last] == d.Position {
			weights[last] += d.Households
		} else {
			points, weights = append(points, d.Position), append(weights, d.Households)
		}
	}
	return points, weights, nil
}
