package plan

import (
	"context"
	"slices"
)

// cover is a choice of sites without capacities, kept so that adding, removing and swapping can be judged at a glance.
type cover struct {
	in     *instance
	chosen []bool
	picked []int32 // the chosen, in no order: there are few of them, and may be very many candidates
	last   int32   // the one added last
	count  []int32 // of the chosen that reach each group
	sum    []int64 // of their numbers: where one reaches it, its number
	gain   []int64 // of each candidate: households that it reaches and none of the chosen does
	loss   []int64 // of each chosen: households that it alone reaches
	both   []int64 // scratch of swap
	served int64
}

func newCover(in *instance) *cover {
	m, n := in.candidates(), in.groups()
	c := &cover{in: in, chosen: make([]bool, m), count: make([]int32, n), sum: make([]int64, n),
		gain: make([]int64, m), loss: make([]int64, m), both: make([]int64, m)}
	for g, w := range in.weight {
		for _, j := range in.byGroup.of(int32(g)) {
			c.gain[j] += int64(w)
		}
	}
	return c
}

func (c *cover) add(j int32) {
	c.chosen[j], c.last = true, j
	c.picked = append(c.picked, j)
	for _, g := range c.in.byCandidate.of(j) {
		w := int64(c.in.weight[g])
		switch c.count[g]++; c.count[g] {
		case 1:
			c.served += w
			c.loss[j] += w
			for _, k := range c.in.byGroup.of(g) {
				c.gain[k] -= w
			}
		case 2:
			c.loss[c.sum[g]] -= w
		}
		c.sum[g] += int64(j)
	}
}

func (c *cover) remove(j int32) {
	c.chosen[j], c.loss[j] = false, 0
	c.picked = slices.DeleteFunc(c.picked, func(k int32) bool { return k == j })
	for _, g := range c.in.byCandidate.of(j) {
		w := int64(c.in.weight[g])
		c.sum[g] -= int64(j)
		switch c.count[g]--; c.count[g] {
		case 0:
			c.served -= w
			for _, k := range c.in.byGroup.of(g) {
				c.gain[k] += w
			}
		case 1:
			c.loss[c.sum[g]] += w
		}
	}
}

// set makes those sites the chosen ones.
func (c *cover) set(sites []int32) {
	wanted := make(map[int32]bool, len(sites))
	for _, j := range sites {
		wanted[j] = true
	}
	for _, j := range c.list() {
		if !wanted[j] {
			c.remove(j)
		}
	}
	for _, j := range sites {
		if !c.chosen[j] {
			c.add(j)
		}
	}
}

// list returns the chosen, ascending.
func (c *cover) list() []int32 {
	sites := slices.Clone(c.picked)
	slices.Sort(sites)
	return sites
}

// fill adds the candidate that gains most, of equal ones the first, until there are so many sites.
func (c *cover) fill(sites int) {
	for len(c.picked) < sites {
		best := int32(-1)
		for j, gain := range c.gain {
			if !c.chosen[j] && (best < 0 || gain > c.gain[best]) {
				best = int32(j)
			}
		}
		c.add(best)
	}
}

// improve swaps chosen sites for others while that serves more, in so many rounds over the candidates at most. It stops where
// the context ends: a choice half improved is a choice.
func (c *cover) improve(ctx context.Context, rounds int) {
	for range rounds {
		improved := false
		for j := range int32(c.in.candidates()) {
			if j%checkEvery == 0 && ctx.Err() != nil {
				return
			}
			if !c.chosen[j] && c.gain[j] > 0 && c.swap(j) {
				improved = true
			}
		}
		if !improved {
			return
		}
	}
}

// swap puts a candidate in the place of the chosen site for which that gains most, if it gains at all. Out for in gains
// gain[in] − loss[out] + what the two reach and no other does; for most sites that last term is 0 (after Whitaker 1983).
func (c *cover) swap(j int32) bool {
	out := int32(-1)
	for _, k := range c.picked {
		if out < 0 || c.loss[k] < c.loss[out] || c.loss[k] == c.loss[out] && k < out {
			out = k
		}
	}
	if out < 0 {
		return false
	}
	better := c.gain[j] - c.loss[out]
	var near []int32
	for _, g := range c.in.byCandidate.of(j) {
		if c.count[g] == 1 {
			k := int32(c.sum[g])
			if c.both[k] == 0 {
				near = append(near, k)
			}
			c.both[k] += int64(c.in.weight[g])
		}
	}
	for _, k := range near {
		if d := c.gain[j] - c.loss[k] + c.both[k]; d > better || d == better && k < out {
			out, better = k, d
		}
		c.both[k] = 0
	}
	if better <= 0 {
		return false
	}
	c.remove(out)
	c.add(j)
	return true
}
