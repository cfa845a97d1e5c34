// Package plan chooses where new teams should stand: of the candidate sites so many that the most households lie within
// reach of one, with a proof of how much better any other choice could be.
//
// It is the maximal covering location problem (Church and ReVelle 1974), with a capacity for each site where that is asked
// for, solved in four steps: a greedy choice improved by swaps (cover.go), the bound of the Lagrangian relaxation
// (relaxation.go), a search around the candidates that this bound prefers (search.go), and branch and bound (branch.go), which
// ends with the optimum where the problem is small enough. All of it is counted in steps, never in time, and computed in
// whole numbers: the same problem has the same answer on every machine.
//
// The package knows no database. Distances are geodesics on the WGS 84 ellipsoid, a straight line for people: not a way by
// road or water.
package plan

import (
	"context"
	"errors"
	"math"
)

// Demand is households at one place.
type Demand struct {
	Position   [2]float64 // longitude, latitude in degrees
	Households int32
}

// Problem is what to plan.
type Problem struct {
	Demand      []Demand
	Existing    [][2]float64 // bases of the teams there are (longitude, latitude in degrees): what they reach is covered, whatever the number
	Candidates  [][2]float64 // where new teams may stand, one each
	ReachMetres float64      // geodesic; a household at just this distance is reached
	Teams       int          // new ones at most
	Capacity    int          // households that one new team can serve; 0: unlimited
}

// Site is a chosen candidate.
type Site struct {
	Candidate    int   // its place in Problem.Candidates
	Gained       int64 // households that it adds to those of the sites before it
	CoveredSoFar int64 // by existing teams and the sites up to it
}

// Solution is a plan and its proof.
type Solution struct {
	Sites             []Site // in the order in which each adds the most; those that add nothing are left out
	Demand            int64  // households, all
	CoveredByExisting int64
	Covered           int64 // by existing and new teams together
	UpperBound        int64 // no choice of Problem.Teams candidates (for Minimum: of as many as there are sites) covers more
	Minimum           bool  // it is Minimum's
	Fewest            int   // Minimum only: no choice of fewer candidates covers enough
}

// Gap is (UpperBound − Covered) / UpperBound, 0 where that is 0.
func (s *Solution) Gap() float64 {
	if s.UpperBound == 0 {
		return 0
	}
	return float64(s.UpperBound-s.Covered) / float64(s.UpperBound)
}

// ErrTooManyPairs says that a problem is too large: too many households have too many candidates within reach.
var ErrTooManyPairs = errors.New("plan: too many pairs of a household and a candidate within reach")

// OutOfReachError says that no plan with so many teams was found that covers enough.
type OutOfReachError struct {
	Covered    int64 // the most that was found
	UpperBound int64 // the most that any plan can
	Demand     int64
}

// Error says so.
func (e *OutOfReachError) Error() string { return "plan: not enough teams for that share" }

// Solve chooses the sites. It ends early with the context's cause, or with ErrTooManyPairs.
func Solve(ctx context.Context, p *Problem) (*Solution, error) {
	g, err := locate(ctx, p)
	if err != nil {
		return nil, err
	}
	run, err := g.run(ctx, g.in, 0)
	if err != nil {
		return nil, err
	}
	return g.solution(run), nil
}

// Minimum chooses as few sites as it finds to cover a share (0 to 1) of the demand, and tells the least number that could do.
// Errors: those of Solve, and *OutOfReachError where Problem.Teams do not suffice.
func Minimum(ctx context.Context, p *Problem, share float64) (*Solution, error) {
	g, err := locate(ctx, p)
	if err != nil {
		return nil, err
	}
	run, fewest, err := g.minimum(ctx, Enough(g.demand, share)-g.existing)
	if err != nil {
		return nil, err
	}
	s := g.solution(run)
	s.Minimum, s.Fewest = true, min(fewest, len(s.Sites))
	return s, nil
}

// Enough is the least number of households whose share in the demand is at least that one.
func Enough(demand int64, share float64) int64 {
	n := int64(math.Ceil(share * float64(demand)))
	for n > 0 && float64(n-1)/float64(demand) >= share {
		n--
	}
	for n < demand && float64(n)/float64(demand) < share {
		n++
	}
	return n
}

// solution puts the sites of a run in order.
func (g *ground) solution(r *run) *Solution {
	s := &Solution{Demand: g.demand, CoveredByExisting: g.existing, Covered: g.existing + r.best.served, UpperBound: g.existing + r.upper}
	so := g.existing
	for _, step := range g.in.order(r.best.sites) {
		so += step.gained
		s.Sites = append(s.Sites, Site{Candidate: int(g.candidate[step.site]), Gained: step.gained, CoveredSoFar: so})
	}
	return s
}
