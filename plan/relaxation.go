package plan

import (
	"math"
	"slices"
)

// whole is the price of a household that is paid for entirely.
const whole = 1 << 16

// With capacities prices are rounded down to steps of grain, so that what a site earns can be read from a histogram.
const (
	grainBits = 8
	levels    = whole>>grainBits + 1
)

// relaxation bounds what any choice can serve (Lagrangian relaxation; Galvão and ReVelle 1996 for the uncapacitated problem).
// Every household has a price u of 0 to whole. Sites may serve a household several times, and are paid u each time; whole − u
// is given for every household, served or not. At whatever prices, no plan earns less than the households that it serves, so
// the most that any sites can earn bounds every plan:
//
//	L(u) = Σ w (whole − u) + Σ over the best sites of what each earns
//
// where a site earns Σ w u over the households that it reaches or, with a capacity, over the best paid of them. The least L is the
// bound of the linear relaxation. Prices are whole numbers: the bound is exact at any prices, whatever was rounded on the way to them.
type relaxation struct {
	in     *instance
	price  []int32
	way    []float64 // in which its price goes, of each group
	earns  []int64   // of each candidate
	given  int64     // Σ w (whole − price)
	paid   []int32   // with capacities: households by the level of their price, of each candidate
	served []int32   // households of each group that the best sites serve, as often as they do
	best   []int32   // the best sites
	least  int64     // what the worst of them earns that was free to choose
	spare  int64     // what the best of the others earns
	fixed  []int8    // of each candidate: free, in or out
	work   *int64    // counts pairs that were looked at
	heap   []int32
}

const (
	free = iota
	fixedIn
	fixedOut
)

// newRelaxation begins with two thirds of every household paid for.
func newRelaxation(in *instance, work *int64) *relaxation {
	r := &relaxation{in: in, price: make([]int32, in.groups()), way: make([]float64, in.groups()), earns: make([]int64, in.candidates()), served: make([]int32, in.groups()),
		fixed: make([]int8, in.candidates()), work: work}
	r.given = in.households() * whole
	if in.capacity > 0 {
		r.paid = make([]int32, in.candidates()*levels)
		for g, w := range in.weight {
			for _, j := range in.byGroup.of(int32(g)) {
				r.paid[int(j)*levels] += w
			}
		}
	}
	for g := range r.price {
		r.set(int32(g), whole*2/3)
	}
	return r
}

// worth is the price as it is counted.
func (r *relaxation) worth(price int32) int32 {
	if r.paid != nil {
		return price >> grainBits << grainBits
	}
	return price
}

func (r *relaxation) set(g, price int32) {
	before, after := r.worth(r.price[g]), r.worth(price)
	r.price[g] = price
	if before == after {
		return
	}
	w := r.in.weight[g]
	change := int64(after-before) * int64(w)
	r.given -= change
	reach := r.in.byGroup.of(g)
	*r.work += int64(len(reach))
	if r.paid == nil {
		for _, j := range reach {
			r.earns[j] += change
		}
		return
	}
	for _, j := range reach {
		r.paid[int(j)*levels+int(before>>grainBits)] -= w
		r.paid[int(j)*levels+int(after>>grainBits)] += w
	}
}

// count reads from the histograms what each candidate earns.
func (r *relaxation) count() {
	*r.work += int64(len(r.earns) * levels / 8)
	for j := range r.earns {
		left, sum := r.in.capacity, int64(0)
		paid := r.paid[j*levels : (j+1)*levels]
		for level := levels - 1; level > 0 && left > 0; level-- {
			n := min(left, int64(paid[level]))
			left -= n
			sum += n * int64(level)
		}
		r.earns[j] = sum << grainBits
	}
}

// solve finds the best sites at the prices, among those not fixed out and with those fixed in, and returns the bound, scaled by whole.
func (r *relaxation) solve() int64 {
	if r.paid != nil {
		r.count()
	}
	for _, j := range r.best {
		for _, g := range r.in.byCandidate.of(j) {
			r.served[g] = 0
		}
	}
	r.pick()
	bound := r.given
	for _, j := range r.best {
		bound += r.earns[j]
		r.serve(j)
	}
	return bound
}

// serve counts the households from which a site earns.
func (r *relaxation) serve(j int32) {
	reach := r.in.byCandidate.of(j)
	*r.work += int64(len(reach))
	if r.paid == nil {
		for _, g := range reach {
			r.served[g] += r.in.weight[g]
		}
		return
	}
	left, last := r.in.capacity, levels-1
	for paid := r.paid[int(j)*levels : int(j+1)*levels]; last > 0 && left > int64(paid[last]); last-- {
		left -= int64(paid[last])
	}
	for _, g := range reach { // all that are paid better than the last level, and of that what is left
		switch level := int(r.price[g] >> grainBits); {
		case level > last:
			r.served[g] += r.in.weight[g]
		case level == last:
			n := int32(min(left, int64(r.in.weight[g])))
			left -= int64(n)
			r.served[g] += n
		}
	}
}

// pick chooses the best sites: those fixed in, and of the free ones those that earn most, of equal ones the first.
func (r *relaxation) pick() {
	r.best, r.heap = r.best[:0], r.heap[:0]
	for j, f := range r.fixed {
		if f == fixedIn {
			r.best = append(r.best, int32(j))
		}
	}
	room := r.in.sites - len(r.best)
	r.least, r.spare = math.MaxInt64, -1
	for j := range int32(len(r.earns)) {
		switch {
		case r.fixed[j] != free:
		case len(r.heap) < room:
			r.heap = append(r.heap, j)
			if len(r.heap) == room {
				for i := room/2 - 1; i >= 0; i-- {
					r.sink(i)
				}
			}
		case room > 0 && r.earns[j] > r.earns[r.heap[0]]:
			r.spare = max(r.spare, r.earns[r.heap[0]])
			r.heap[0] = j
			r.sink(0)
		default:
			r.spare = max(r.spare, r.earns[j])
		}
	}
	if len(r.heap) == room && room > 0 {
		r.least = r.earns[r.heap[0]]
	}
	r.best = append(r.best, r.heap...)
}

// sink keeps the one that earns least at the top of the heap.
func (r *relaxation) sink(i int) {
	h := r.heap
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h); c++ {
			if a, b := h[c], h[least]; r.earns[a] < r.earns[b] || r.earns[a] == r.earns[b] && a > b {
				least = c
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

// momentum is how much of the way of earlier steps a step keeps: without it the prices swing from side to side.
const momentum = 0.8

// step moves the prices along the subgradients of this and earlier steps, as far as the bound would fall by excess (scaled by
// whole) were it linear (Polyak 1969; Camerini, Fratta and Maffioli 1975). It tells whether there was any way to go.
// What it computes is rounded at every step, so that no processor fuses a multiplication with a sum and comes to other prices.
func (r *relaxation) step(excess float64) bool {
	*r.work += int64(len(r.way))
	norm := 0.0
	for g, n := range r.served {
		w := float64(r.in.weight[g])
		toward := r.inward(g, float64(float64(w-float64(n))/w))
		kept, fresh := float64(r.way[g]*momentum), float64(toward*(1-momentum))
		r.way[g] = r.inward(g, kept+fresh)
		square := float64(r.way[g] * r.way[g])
		norm += float64(square * w)
	}
	if norm == 0 {
		return false
	}
	length := excess / norm
	for g, way := range r.way {
		if way != 0 {
			r.set(int32(g), int32(min(whole, max(0, float64(r.price[g])+math.Round(float64(length*way))))))
		}
	}
	return true
}

// inward is a way, or 0 where it leads out of the bounds of the group's price.
func (r *relaxation) inward(g int, way float64) float64 {
	if way < 0 && r.price[g] == 0 || way > 0 && r.price[g] == whole {
		return 0
	}
	return way
}

// fewest is the least number of sites whose bound at the prices last solved for is as high as that.
func (r *relaxation) fewest(households int64) int {
	earns := slices.Clone(r.earns)
	slices.Sort(earns)
	bound := r.given
	for k := range earns {
		if bound/whole >= households {
			return k
		}
		bound += earns[len(earns)-1-k]
	}
	return len(earns)
}
