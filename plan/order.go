package plan

import (
	"math"
	"slices"
)

// step is one site of a plan in the order in which they should be founded.
type step struct {
	site   int32
	gained int64
}

// order puts sites in the order in which each adds the most to those before it, of equal ones the first. Those that add
// nothing are left out.
func (in *instance) order(sites []int32) []step {
	small, _ := in.among(sites)
	next := small.nextReaching()
	if in.capacity > 0 {
		next = small.nextServing()
	}
	var steps []step
	for range sites {
		k, gained := next()
		if gained == 0 {
			break
		}
		steps = append(steps, step{sites[k], gained})
	}
	return steps
}

// nextReaching returns what gives the next site without capacities.
func (in *instance) nextReaching() func() (int32, int64) {
	c := newCover(in)
	return func() (int32, int64) {
		served := c.served
		c.fill(len(c.picked) + 1)
		return c.last, c.served - served
	}
}

// nextServing returns what gives the next site with capacities. What a set of sites serves grows less with each site (it is
// submodular), so a gain that was found earlier still bounds it, and few flows have to be found anew.
func (in *instance) nextServing() func() (int32, int64) {
	bound := make([]int64, in.candidates())
	fresh := make([]int, in.candidates()) // how many sites there were when it was found
	for k := range bound {
		bound[k], fresh[k] = math.MaxInt64, -1
	}
	var taken []int32
	served := int64(0)
	return func() (int32, int64) {
		for {
			best := int32(-1)
			for k := range bound {
				if bound[k] >= 0 && (best < 0 || bound[k] > bound[best]) {
					best = int32(k)
				}
			}
			gained := bound[best]
			if fresh[best] == len(taken) {
				taken, served, bound[best] = append(taken, best), served+gained, -1
				return best, gained
			}
			bound[best], fresh[best] = in.served(append(slices.Clone(taken), best))-served, len(taken)
		}
	}
}
