package plan

import "slices"

// instance is a problem without geography: groups of households, and which candidates reach each group.
type instance struct {
	weight      []int32 // households of each group
	byGroup     csr     // the candidates that reach it
	byCandidate csr     // the groups that it reaches
	capacity    int64   // households that one site can serve; 0: unlimited
	sites       int     // how many to choose
}

func (in *instance) groups() int     { return len(in.weight) }
func (in *instance) candidates() int { return in.byCandidate.lists() }

// households is how many there are in all.
func (in *instance) households() (n int64) {
	for _, w := range in.weight {
		n += int64(w)
	}
	return n
}

// most is what a site adds that finds so many households unserved.
func (in *instance) most(unserved int64) int64 {
	if in.capacity > 0 && unserved > in.capacity {
		return in.capacity
	}
	return unserved
}

// every returns the numbers of all candidates.
func (in *instance) every() []int32 {
	numbers := make([]int32, in.candidates())
	for j := range numbers {
		numbers[j] = int32(j)
	}
	return numbers
}

// choosing is the same instance with another number of sites.
func (in *instance) choosing(sites int) *instance {
	other := *in
	other.sites = min(sites, in.candidates())
	return &other
}

// among is the instance with only those candidates, which are numbered by their place in the list, and for each of its groups
// those that became one.
func (in *instance) among(candidates []int32) (small *instance, groups csr) {
	reach := csr{starts: make([]int32, 1, len(candidates)+1)}
	for _, j := range candidates {
		reach.items = append(reach.items, in.byCandidate.of(j)...)
		reach.starts = append(reach.starts, int32(len(reach.items)))
	}
	var seen []int32 // groups that any reaches, ascending
	place := make([]int32, in.groups())
	for _, g := range reach.items {
		place[g] = -1
	}
	for g := range place {
		if place[g] < 0 {
			place[g] = int32(len(seen))
			seen = append(seen, int32(g))
		}
	}
	for i, g := range reach.items {
		reach.items[i] = place[g]
	}
	lists := reach.turned(len(seen))
	var together grouping
	together.init()
	became := csr{starts: make([]int32, 1, len(seen)+1)}
	for i, g := range seen {
		became.items = append(became.items, together.put(lists.of(int32(i)), in.weight[g]))
		became.starts = append(became.starts, int32(i)+1)
	}
	groups = became.turned(len(together.weight))
	for i, place := range groups.items {
		groups.items[i] = seen[place]
	}
	return together.instance(len(candidates), in.capacity, in.sites), groups
}

// grouping puts together what has the same candidates: to a plan it is one, whatever the plan.
type grouping struct {
	byGroup csr
	weight  []int32
	same    map[uint64][]int32 // groups by the sum of their candidates
}

func (g *grouping) init() {
	g.byGroup.starts, g.same = []int32{0}, map[uint64][]int32{}
}

// put adds households that those candidates reach, and returns the group that they are in.
func (g *grouping) put(candidates []int32, households int32) int32 {
	sum := uint64(14695981039346656037) // FNV-1a, a word at a time
	for _, c := range candidates {
		sum = (sum ^ uint64(c)) * 1099511628211
	}
	for _, known := range g.same[sum] {
		if slices.Equal(g.byGroup.of(known), candidates) {
			g.weight[known] += households
			return known
		}
	}
	group := int32(len(g.weight))
	g.same[sum] = append(g.same[sum], group)
	g.weight = append(g.weight, households)
	g.byGroup.items = append(g.byGroup.items, candidates...)
	g.byGroup.starts = append(g.byGroup.starts, int32(len(g.byGroup.items)))
	return group
}

func (g *grouping) instance(candidates int, capacity int64, sites int) *instance {
	return &instance{weight: g.weight, byGroup: g.byGroup, byCandidate: g.byGroup.turned(candidates), capacity: capacity, sites: min(sites, candidates)}
}

// choice is sites, ascending, and the households that they serve.
type choice struct {
	sites  []int32
	served int64
}

// take keeps a choice if it serves more than the best so far.
func (c *choice) take(sites []int32, served int64) bool {
	if c.sites != nil && served <= c.served {
		return false
	}
	c.sites, c.served = slices.Clone(sites), served
	slices.Sort(c.sites)
	return true
}
