package plan

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/gis"
)

// large makes a problem of hamlets of households that is not solved to the end.
func large(capacity int) *Problem {
	r := rand.New(rand.NewPCG(3, 3))
	p := &Problem{ReachMetres: 2000, Teams: 9, Capacity: capacity}
	for range 40 {
		x, y := 105+r.Float64()*0.2, 9+r.Float64()*0.2
		for range 100 + r.IntN(200) {
			at := [2]float64{x + r.NormFloat64()*0.002, y + r.NormFloat64()*0.002}
			p.Demand = append(p.Demand, Demand{at, 1 + r.Int32N(3)})
			if r.IntN(6) == 0 {
				p.Candidates = append(p.Candidates, at)
			}
		}
	}
	return p
}

// TestLargePlansAreProven holds that plans that a coarser instance has guided are what they say, within a small gap, and the same
// whatever the order of what they are made for.
func TestLargePlansAreProven(t *testing.T) {
	t.Parallel()
	for capacity, gap := range map[int]float64{0: 0.01, 1500: 0.04} {
		t.Run(fmt.Sprint(capacity), func(t *testing.T) {
			t.Parallel()
			p := large(capacity)
			guided := func() *Solution {
				g, err := locateFine(t.Context(), p, 1000, maxPairs)
				if err != nil {
					t.Fatal(err)
				}
				if g.coarse == nil {
					t.Fatal("no coarser instance guides it")
				}
				run, err := g.run(t.Context(), g.in, 0)
				if err != nil {
					t.Fatal(err)
				}
				greedy := g.in.served(g.in.fill(nil, slices.Clone(g.in.weight)))
				if run.best.served < greedy {
					t.Errorf("greedy covers %d, the plan %d", greedy, run.best.served)
				}
				return g.solution(run)
			}
			s := guided()
			if s.Gap() > gap || s.UpperBound < s.Covered || len(s.Sites) != p.Teams {
				t.Errorf("gap %.4f: %+v", s.Gap(), s)
			}
			whole, err := Solve(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if whole.Covered > s.UpperBound || s.Covered > whole.UpperBound {
				t.Errorf("guided %d to %d, not guided %d to %d", s.Covered, s.UpperBound, whole.Covered, whole.UpperBound)
			}
			r := rand.New(rand.NewPCG(4, 4))
			r.Shuffle(len(p.Demand), func(i, j int) { p.Demand[i], p.Demand[j] = p.Demand[j], p.Demand[i] })
			if diff := cmp.Diff(s, guided()); diff != "" {
				t.Errorf("not the same plan:\n%s", diff)
			}
		})
	}
}

// ending is a context that has ended once it was looked at so many times.
type ending struct {
	context.Context
	looks int
}

func (e *ending) Err() error {
	if e.looks--; e.looks < 0 {
		return context.Canceled
	}
	return nil
}

// TestPlansEndWithTheirContext: whatever it is at, a plan is given up once its context has ended, and asks no more.
func TestPlansEndWithTheirContext(t *testing.T) {
	t.Parallel()
	p, whole := large(0), &ending{t.Context(), 1 << 30}
	if _, err := Solve(whole, p); err != nil {
		t.Fatal(err)
	}
	looks := 1<<30 - whole.looks
	if looks < 100 {
		t.Fatalf("the context was looked at %d times only", looks)
	}
	for part := range 10 {
		ctx := &ending{t.Context(), looks * part / 10}
		if _, err := Solve(ctx, p); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d looks: %v", looks*part/10, err)
		}
		if ctx.looks < -50 {
			t.Errorf("it went on for %d looks after its end", -ctx.looks)
		}
	}
}

func TestNothingToPlan(t *testing.T) {
	t.Parallel()
	s, err := Solve(t.Context(), &Problem{ReachMetres: 3000, Teams: 5})
	if err != nil || len(s.Sites) != 0 || s.Gap() != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = Minimum(t.Context(), &Problem{ReachMetres: 3000, Teams: 5}, 1); err != nil || s.Fewest != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	p := &Problem{ReachMetres: 3000, Teams: 5, Demand: []Demand{{[2]float64{105, 9}, 3}}}
	if s, err = Solve(t.Context(), p); err != nil || s.Demand != 3 || s.Covered != 0 || s.UpperBound != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	var out *OutOfReachError
	if _, err = Minimum(t.Context(), p, 0.5); !errors.As(err, &out) {
		t.Errorf("%v", err)
	}
}

// TestTooManyPairs: a problem of just so many pairs of a place and a candidate within reach is read, of one more refused.
func TestTooManyPairs(t *testing.T) {
	t.Parallel()
	p := &Problem{ReachMetres: 1000, Teams: 1}
	for i := range 30 {
		p.Candidates = append(p.Candidates, [2]float64{105 + 0.004*float64(i), 9})
		p.Demand = append(p.Demand, Demand{[2]float64{105.001 + 0.004*float64(i), 9}, 1})
	}
	pairs := 0
	for _, d := range p.Demand {
		for _, c := range p.Candidates {
			if gis.DistanceMetres(d.Position, c) <= p.ReachMetres {
				pairs++
			}
		}
	}
	if _, err := locateFine(t.Context(), p, finePairs, pairs); err != nil {
		t.Errorf("of %d pairs: %v", pairs, err)
	}
	if _, err := locateFine(t.Context(), p, finePairs, pairs-1); !errors.Is(err, ErrTooManyPairs) {
		t.Errorf("of one more than the most: %v", err)
	}
}

// TestSwapsEndWithTheirContext: of very many candidates, each better than those before, no more are tried once the context has ended.
func TestSwapsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	const candidates = 3 * checkEvery
	var places grouping
	places.init()
	for j := range int32(candidates) {
		places.put([]int32{j}, j+1)
	}
	for looks, last := range map[int]int32{0: 0, 1: checkEvery - 1, 2: 2*checkEvery - 1, 100: candidates - 1} {
		c := newCover(places.instance(candidates, 0, 1))
		c.add(0)
		c.improve(&ending{t.Context(), looks}, 1)
		if got := c.list(); !slices.Equal(got, []int32{last}) {
			t.Errorf("after %d looks at the context the choice is %v, want %d", looks, got, last)
		}
	}
}
