package plan

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// How hard is tried, in steps: never in time.
const (
	swapRounds   = 10
	relaxSteps   = 500 // of the relaxation, first
	tightenSteps = 300 // of it again, once a better choice is known
	fineSteps    = 200 // of it where a coarser one has shown the prices
	warmSteps    = 100 // of it where the prices for another number of sites are known
	polishRounds = 500
	moreRounds   = 3      // of tightening and polishing while the gap is wider than wanted
	wantedGap    = 0.0095 // of the bound
	patience     = 10     // steps without a better bound after which they become shorter
	shorter      = 0.7
	shortest     = 1e-3
	coreShare    = 100 // a candidate is worth a look if it is one of the best in one of so many steps
	flowEvery    = 20  // steps between two looks at what the best sites with capacities serve
	seed         = 96
)

// run is what a search found: the best choice, and the bound.
type run struct {
	best   choice
	upper  int64
	fewest int // no fewer sites serve what was needed
}

// search looks for a choice of an instance's candidates, and for a bound.
type search struct {
	run
	ctx    context.Context
	in     *instance
	at     [][2]float64 // of the candidates
	need   int64        // households at which to stop; 0: as many as can be
	prices []int32      // of the best bound
	often  []int32      // in how many steps each candidate was one of the best
	steps  int32
	turn   uint64 // how often it was polished
	work   int64
}

// done tells whether nothing is left to look for.
func (s *search) done() bool {
	return s.best.served >= s.upper || s.need > 0 && (s.best.served >= s.need || s.upper < s.need)
}

func newSearch(ctx context.Context, in *instance, at [][2]float64, need int64) *search {
	s := &search{ctx: ctx, in: in, at: at, need: need, often: make([]int32, in.candidates())}
	s.upper = in.households()
	if in.capacity > 0 {
		s.upper = min(s.upper, in.capacity*int64(in.sites))
	}
	return s
}

// run searches an instance of the ground.
func (g *ground) run(ctx context.Context, in *instance, need int64) (*run, error) {
	s := newSearch(ctx, in, g.at, need)
	guide, r := s, g.warm
	switch {
	case r != nil: // the prices for another number of sites
		r.in, r.work = in, &s.work
		s.follow(g.known)
		s.relax(r, warmSteps, 0.3)
	case g.coarse != nil:
		guide = newSearch(ctx, g.coarse.choosing(in.sites), g.at, 0)
		guide.start()
		guide.relax(newRelaxation(guide.in, &guide.work), relaxSteps, 1)
		guide.polish()
		s.best.take(guide.best.sites, in.served(guide.best.sites))
		r = newRelaxation(in, &s.work)
		for group := range r.price {
			r.set(int32(group), guide.prices[g.alike[group]])
		}
		s.relax(r, fineSteps, 0.4)
	default:
		s.start()
		r = newRelaxation(in, &s.work)
		s.relax(r, relaxSteps, 1)
		s.polish()
		s.restore(r)
		s.relax(r, tightenSteps, 0.5)
	}
	s.restore(r)
	r.solve()
	g.warm, s.fewest = r, r.fewest(need)
	s.polish()
	for range moreRounds {
		if s.need > 0 || float64(s.upper-s.best.served) <= wantedGap*float64(s.upper) {
			break
		}
		s.relax(r, tightenSteps/4, 0.3)
		s.restore(r)
		s.polish()
	}
	s.branch(r)
	g.known = s.best.sites
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return &s.run, nil
}

// follow starts from the choice of another number of sites.
func (s *search) follow(known []int32) {
	known = s.in.first(known, s.in.sites)
	if s.in.capacity > 0 {
		known = s.in.fill(known, s.in.flow(known).left(s.in))
		s.best.take(known, s.in.served(known))
		return
	}
	c := newCover(s.in)
	c.set(known)
	c.fill(s.in.sites)
	c.improve(s.ctx, 1)
	s.best.take(c.list(), c.served)
}

// start makes a first choice: greedy, then improved by swaps where there are no capacities.
func (s *search) start() {
	if s.in.capacity > 0 {
		sites := s.in.fill(nil, slices.Clone(s.in.weight))
		s.best.take(sites, s.in.served(sites))
		return
	}
	c := newCover(s.in)
	c.fill(s.in.sites)
	c.improve(s.ctx, swapRounds)
	s.best.take(c.list(), c.served)
}

// relax lowers the bound by so many steps of the subgradient method (Held and Karp 1971).
func (s *search) relax(r *relaxation, steps int, length float64) {
	stale, least := 0, int64(math.MaxInt64)
	for range steps {
		bound := r.solve()
		s.note(r, bound)
		if bound < least {
			least, stale = bound, 0
			s.prices = append(s.prices[:0], r.price...)
		} else if stale++; stale > patience {
			length, stale = length*shorter, 0
		}
		if s.done() || length < shortest || s.ctx.Err() != nil || !r.step(length*float64(bound-s.best.served*whole)) {
			return
		}
	}
}

// note takes what a step of the relaxation has shown.
func (s *search) note(r *relaxation, bound int64) {
	s.upper = min(s.upper, bound/whole)
	s.steps++
	for _, j := range r.best {
		s.often[j]++
	}
	if s.in.capacity == 0 || s.steps%flowEvery == 0 {
		s.tryBest(r)
	}
}

// tryBest looks at what the relaxation's best sites serve.
func (s *search) tryBest(r *relaxation) {
	served := int64(0)
	for g, n := range r.served {
		served += int64(min(n, s.in.weight[g]))
	}
	if s.in.capacity > 0 {
		served = s.in.served(r.best)
	}
	if served > s.best.served {
		s.best.take(r.best, served)
	}
}

// restore sets the prices back to those of the best bound.
func (s *search) restore(r *relaxation) {
	for g, price := range s.prices {
		r.set(int32(g), price)
	}
}

// core returns the candidates that the relaxation preferred and those of the best choice, ascending.
func (s *search) core(best []int32) []int32 {
	core := slices.Clone(best)
	for j, n := range s.often {
		if n > 0 && n*coreShare > s.steps && !slices.Contains(best, int32(j)) {
			core = append(core, int32(j))
		}
	}
	slices.Sort(core)
	return core
}

// polish takes a few neighbouring sites out of the best choice and others of the core in, again and again, and keeps what
// serves more. Only candidates that the relaxation preferred are tried, so the instance is a small one.
func (s *search) polish() {
	core := s.core(s.best.sites)
	if s.done() || len(core) <= s.in.sites {
		return
	}
	instance, _ := s.in.among(core)
	small := newSearch(s.ctx, instance, nil, s.need)
	for _, j := range core {
		small.at = append(small.at, s.at[j])
	}
	small.upper = s.upper
	s.turn++
	small.turn = s.turn
	var sites []int32
	for k, j := range core {
		if slices.Contains(s.best.sites, j) {
			sites = append(sites, int32(k))
		}
	}
	small.best.take(sites, s.best.served)
	if s.in.capacity > 0 {
		small.exchange(polishRounds)
	} else {
		small.ruin(polishRounds)
	}
	found := make([]int32, len(small.best.sites))
	for i, k := range small.best.sites {
		found[i] = core[k]
	}
	s.best.take(found, small.best.served)
}

// around returns the sites by their distance from one of them, and the radius of those near it.
func (s *search) around(sites []int32, centre int32) []int32 {
	c := s.at[centre]
	squeeze := math.Cos(c[1] * math.Pi / 180)
	distance := func(j int32) float64 {
		x, y := (s.at[j][0]-c[0])*squeeze, s.at[j][1]-c[1]
		return math.Hypot(x, y)
	}
	sorted := slices.Clone(sites)
	slices.SortFunc(sorted, func(a, b int32) int { return cmp.Or(cmp.Compare(distance(a), distance(b)), cmp.Compare(a, b)) })
	return sorted
}

// ruin removes some sites beside one another, puts in one or two candidates from there at random, and lets greed and swaps do the rest.
func (s *search) ruin(rounds int) {
	random := rand.New(rand.NewPCG(seed, s.turn))
	c := newCover(s.in)
	c.set(s.best.sites)
	c.improve(s.ctx, swapRounds)
	s.best.take(c.list(), c.served)
	for range rounds {
		if s.done() || s.ctx.Err() != nil {
			return
		}
		sites := c.list()
		centre := sites[random.IntN(len(sites))]
		out := min(len(sites), 2+random.IntN(5))
		for _, j := range s.around(sites, centre)[:out] {
			c.remove(j)
		}
		near := s.around(s.in.every(), centre)
		near = near[:min(len(near), 6*out)]
		for range min(out, 1+random.IntN(2)) {
			if j := near[random.IntN(len(near))]; !c.chosen[j] {
				c.add(j)
			}
		}
		c.fill(s.in.sites)
		c.improve(s.ctx, swapRounds)
		if !s.best.take(c.list(), c.served) && c.served < s.best.served {
			c.set(s.best.sites)
		}
	}
}

// fill adds to sites those candidates that find most households left, and gives each as many as it can serve, those that fewest
// others reach first.
func (in *instance) fill(sites, left []int32) []int32 {
	finds := make([]int64, in.candidates())
	for g, n := range left {
		for _, j := range in.byGroup.of(int32(g)) {
			finds[j] += int64(n)
		}
	}
	for _, j := range sites {
		finds[j] = -1
	}
	for len(sites) < in.sites {
		best := int32(0)
		for j := range finds {
			if in.most(finds[j]) > in.most(finds[best]) {
				best = int32(j)
			}
		}
		reach := slices.Clone(in.byCandidate.of(best))
		slices.SortStableFunc(reach, func(a, b int32) int { return len(in.byGroup.of(a)) - len(in.byGroup.of(b)) })
		room := int32(in.most(finds[best]))
		for _, g := range reach {
			n := min(left[g], room)
			left[g] -= n
			room -= n
			for _, j := range in.byGroup.of(g) {
				if finds[j] > 0 {
					finds[j] -= int64(n)
				}
			}
		}
		finds[best] = -1
		sites = append(sites, best)
	}
	return sites
}

// exchange replaces one to three sites of a choice with capacities and measures by flow what that serves.
func (s *search) exchange(rounds int) {
	random := rand.New(rand.NewPCG(seed, s.turn))
	for range rounds {
		if s.done() || s.ctx.Err() != nil {
			return
		}
		sites := s.best.sites
		centre := sites[random.IntN(len(sites))]
		out := min(len(sites), 1+random.IntN(3))
		kept := slices.Clone(s.around(sites, centre)[out:])
		if random.IntN(2) == 0 {
			near := s.around(s.in.every(), centre)
			j := near[random.IntN(min(len(near), 6*out))]
			if !slices.Contains(kept, j) {
				kept = append(kept, j)
			}
		}
		tried := s.in.fill(kept, s.in.flow(kept).left(s.in))
		if served := s.in.served(tried); served >= s.best.served {
			s.best.sites, s.best.served = tried, served
			slices.Sort(s.best.sites)
		}
	}
}
