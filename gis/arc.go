package gis

// arc is a stretch of border used by the same shapes all along, between two vertices
// where more than two edges meet; or a closed border that no other touches.
type arc struct {
	first, last int32 // slots; a closed arc's first slot moves when it is removed
	begin, end  int32 // its slots lie at begin ≤ slot < end
	closed      bool
}

// arcUse is an arc as a ring uses it.
type arcUse struct {
	arc     int32
	reverse bool
}

// network is the graph of all borders as arcs. A slot is a vertex's place in an arc: a
// vertex inside an arc has one, a junction one in each arc that ends there.
type network struct {
	at     []point
	arcs   []arc
	vertex []int32 // slot → vertex
	owner  []int32 // slot → arc
	next   []int32 // slot → the next one still there, -1 at an open arc's end
	prev   []int32
	gone   []bool
	ends   [][]int32           // vertex → the slots of a junction; nil inside arcs
	bars   map[uint64]struct{} // junction pairs joined by an arc that is one edge
	shapes [][][][]arcUse      // shape → polygon → ring → arcs
}

func pairKey(u, v int32) uint64 {
	return uint64(uint32(min(u, v)))<<32 | uint64(uint32(max(u, v)))
}

// newNetwork cuts the traced rings of all shapes into arcs.
func newNetwork(n *noder, shapes [][][]tracedRing) *network {
	used := make([]bool, len(n.edges))
	degree := make([]int32, len(n.at)+1)
	for _, s := range shapes {
		for _, p := range s {
			for _, r := range p {
				for _, d := range r.edges {
					if e := d >> 1; !used[e] {
						used[e] = true
						degree[n.edges[e].a]++
						degree[n.edges[e].b]++
					}
				}
			}
		}
	}
	// Incident edges of every vertex, one after the other.
	begin := make([]int32, len(n.at)+1)
	for v := range n.at {
		begin[v+1] = begin[v] + degree[v]
	}
	incident := make([]int32, begin[len(n.at)])
	fill := append([]int32(nil), begin...)
	for e := range n.edges {
		if used[e] {
			for _, v := range [2]int32{n.edges[e].a, n.edges[e].b} {
				incident[fill[v]] = int32(e)
				fill[v]++
			}
		}
	}
	w := &network{at: n.at, ends: make([][]int32, len(n.at)), bars: map[uint64]struct{}{}}
	place := make([]int32, len(n.edges)) // edge → 1 + the slot it starts from
	follow := func(v, e int32) {
		a := arc{begin: int32(len(w.vertex))}
		start := v
		for {
			slot := int32(len(w.vertex))
			w.vertex = append(w.vertex, v)
			place[e] = slot + 1
			v = n.edges[e].a + n.edges[e].b - v
			if v == start && degree[v] == 2 {
				a.closed = true
				break
			}
			if degree[v] != 2 {
				w.vertex = append(w.vertex, v)
				break
			}
			if e == incident[begin[v]] {
				e = incident[begin[v]+1]
			} else {
				e = incident[begin[v]]
			}
		}
		a.end = int32(len(w.vertex))
		a.first, a.last = a.begin, a.end-1
		w.addArc(a)
	}
	for v := range n.at {
		if degree[v] != 2 {
			for _, e := range incident[begin[v]:begin[v+1]] {
				if place[e] == 0 {
					follow(int32(v), e)
				}
			}
		}
	}
	for e := range n.edges {
		if used[e] && place[e] == 0 {
			follow(n.edges[e].a, int32(e))
		}
	}
	w.shapes = make([][][][]arcUse, len(shapes))
	for i, s := range shapes {
		w.shapes[i] = make([][][]arcUse, len(s))
		for j, p := range s {
			for _, r := range p {
				w.shapes[i][j] = append(w.shapes[i][j], w.uses(r, place, degree))
			}
		}
	}
	return w
}

// addArc links the slots of an arc.
func (w *network) addArc(a arc) {
	id := int32(len(w.arcs))
	w.arcs = append(w.arcs, a)
	for s := a.begin; s < a.end; s++ {
		w.owner = append(w.owner, id)
		w.prev = append(w.prev, s-1)
		w.next = append(w.next, s+1)
		w.gone = append(w.gone, false)
	}
	if a.closed {
		w.prev[a.begin], w.next[a.end-1] = a.end-1, a.begin
		return
	}
	w.prev[a.begin], w.next[a.end-1] = -1, -1
	u, v := w.vertex[a.begin], w.vertex[a.end-1]
	w.ends[u] = append(w.ends[u], a.begin)
	w.ends[v] = append(w.ends[v], a.end-1)
	if a.end-a.begin == 2 {
		w.bars[pairKey(u, v)] = struct{}{}
	}
}

// uses writes a ring as the arcs it runs along.
func (w *network) uses(r tracedRing, place, degree []int32) []arcUse {
	first := 0
	for i, v := range r.vertices {
		if degree[v] != 2 {
			first = i
			break
		}
	}
	var uses []arcUse
	for i := 0; i < len(r.edges); {
		k := (first + i) % len(r.edges)
		slot := place[r.edges[k]>>1] - 1
		id := w.owner[slot]
		a := w.arcs[id]
		if a.closed {
			return []arcUse{{id, w.vertex[slot] != r.vertices[k]}}
		}
		// A ring enters an arc at one of its ends: walked forward that edge is its first.
		forward := slot == a.begin && w.vertex[slot] == r.vertices[k]
		uses = append(uses, arcUse{id, !forward})
		i += int(a.end - a.begin - 1)
	}
	return uses
}

// ring calls visit with the vertices of a ring as it stands, in order, the first not
// repeated.
func (w *network) ring(uses []arcUse, visit func(vertex int32)) {
	for _, u := range uses {
		a := w.arcs[u.arc]
		step, from, to := w.next, a.first, a.last
		if u.reverse {
			step, from, to = w.prev, a.last, a.first
		}
		if a.closed {
			from, to = a.first, -1
		}
		for s := from; s != to; {
			visit(w.vertex[s])
			if s = step[s]; a.closed && s == a.first {
				break
			}
		}
	}
}

// neighbours calls visit with the vertices joined to the one in slot s.
func (w *network) neighbours(s int32, visit func(vertex int32)) {
	ends := w.ends[w.vertex[s]]
	if ends == nil {
		visit(w.vertex[w.prev[s]])
		visit(w.vertex[w.next[s]])
		return
	}
	for _, e := range ends {
		if w.prev[e] >= 0 {
			visit(w.vertex[w.prev[e]])
		} else {
			visit(w.vertex[w.next[e]])
		}
	}
}
