package plan

import "math"

// served returns how many households sites can serve at most.
func (in *instance) served(sites []int32) (households int64) {
	if in.capacity > 0 {
		return in.flow(sites).total
	}
	reached := make([]bool, in.groups())
	for _, j := range sites {
		for _, g := range in.byCandidate.of(j) {
			if !reached[g] {
				reached[g] = true
				households += int64(in.weight[g])
			}
		}
	}
	return households
}

// flow is what sites with capacities serve: the greatest flow from a source to the sites, each of its capacity, to the groups
// that they reach, to a sink (Dinic 1970).
type flow struct {
	total int64
	small *instance // only those sites; groups that the same of them reach are one
	of    csr       // the groups that each of its groups is made of
	edges []edge    // each followed by its reverse
	from  [][]int32
	level []int32
	next  []int32
}

type edge struct {
	to   int32
	free int64
}

// flow finds the greatest flow.
func (in *instance) flow(sites []int32) *flow {
	small, groups := in.among(sites)
	n := int32(len(sites))
	f := &flow{small: small, of: groups, from: make([][]int32, int(n)+small.groups()+2)}
	source, sink := n+int32(small.groups()), n+int32(small.groups())+1
	for j := range n {
		f.join(source, j, in.capacity)
		for _, g := range small.byCandidate.of(j) {
			f.join(j, n+g, in.capacity)
		}
	}
	for g, w := range small.weight {
		f.join(n+int32(g), sink, int64(w))
	}
	f.level, f.next = make([]int32, len(f.from)), make([]int32, len(f.from))
	for f.layer(source, sink) {
		clear(f.next)
		for pushed := f.push(source, sink, math.MaxInt64); pushed > 0; pushed = f.push(source, sink, math.MaxInt64) {
			f.total += pushed
		}
	}
	return f
}

func (f *flow) join(from, to int32, free int64) {
	f.from[from] = append(f.from[from], int32(len(f.edges)))
	f.from[to] = append(f.from[to], int32(len(f.edges)+1))
	f.edges = append(f.edges, edge{to, free}, edge{from, 0})
}

// layer numbers the nodes by their distance from the source over edges with room, and tells whether the sink has any.
func (f *flow) layer(source, sink int32) bool {
	for i := range f.level {
		f.level[i] = -1
	}
	f.level[source] = 0
	queue := []int32{source}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, e := range f.from[at] {
			if to := f.edges[e].to; f.edges[e].free > 0 && f.level[to] < 0 {
				f.level[to] = f.level[at] + 1
				queue = append(queue, to)
			}
		}
	}
	return f.level[sink] >= 0
}

func (f *flow) push(at, sink int32, most int64) int64 {
	if at == sink {
		return most
	}
	for ; int(f.next[at]) < len(f.from[at]); f.next[at]++ {
		e := f.from[at][f.next[at]]
		to := f.edges[e].to
		if f.edges[e].free == 0 || f.level[to] != f.level[at]+1 {
			continue
		}
		if pushed := f.push(to, sink, min(most, f.edges[e].free)); pushed > 0 {
			f.edges[e].free -= pushed
			f.edges[e^1].free += pushed
			return pushed
		}
	}
	return 0
}

// left returns how many households of each group of the instance the flow does not serve.
func (f *flow) left(in *instance) []int32 {
	left := make([]int32, in.groups())
	copy(left, in.weight)
	n := f.small.candidates()
	for g := range f.small.groups() {
		served := int32(0) // what has come back over the edge to the sink
		for _, e := range f.from[n+g] {
			if int(f.edges[e].to) == len(f.from)-1 {
				served = int32(f.edges[e^1].free)
			}
		}
		for _, part := range f.of.of(int32(g)) {
			here := min(served, left[part])
			left[part] -= here
			served -= here
		}
	}
	return left
}
