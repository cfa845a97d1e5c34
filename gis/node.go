package gis

import (
	"math"
	"slices"
)

// mergeUnits: points that differ by no more than this in x and in y are one vertex. Files
// that went through different reprojections differ by that much on borders that are meant
// to be the same.
const mergeUnits = 1

// reachUnits: a vertex this near to another shape's edge lies on it. Points snapped from one
// straight border lie up to 0.71 units on either side of it, so that an edge between two of
// them may miss a third by twice that.
const reachUnits = 1.5

// reachMargin is reachUnits in whole units.
const reachMargin = 2

// maxNodingRounds ends the search for crossings; real data need two to four rounds.
const maxNodingRounds = 40

// noder turns the rings of all shapes into one graph whose edges meet only at vertices.
type noder struct {
	at    []point // vertex → place
	cells map[uint64]int32
	known []knownPoint
	ids   map[uint64]int32 // vertex pair → edge
	edges []nodeEdge
}

// knownPoint is an input point already seen and the vertex that stands for it.
type knownPoint struct {
	at           point
	vertex, next int32
}

// nodeEdge joins vertex a to b, a < b. When it was split, via lists the vertices between.
type nodeEdge struct {
	a, b  int32
	split bool
	via   []int32
}

const cellBits = 10 // hash cells of 1,024 units: about 11 m, so few points in each

func newNoder(points int) *noder {
	return &noder{
		cells: make(map[uint64]int32, points/2),
		ids:   make(map[uint64]int32, points),
	}
}

func cellKey(x, y int64) uint64 {
	return uint64(uint32(x>>cellBits))<<32 | uint64(uint32(y>>cellBits))
}

// vertex returns the vertex that stands for p. Vertices are more than mergeUnits apart in
// x or y, and the same point always gets the same vertex.
func (n *noder) vertex(p point) int32 {
	home := cellKey(p.x, p.y)
	found, nearest := int32(-1), int64(math.MaxInt64)
	look := func(key uint64) (exact bool) {
		head, ok := n.cells[key]
		if !ok {
			return false
		}
		for i := head; i >= 0; i = n.known[i].next {
			k := &n.known[i]
			if k.at == p {
				found = k.vertex
				return true
			}
			v := n.at[k.vertex]
			if dx, dy := v.x-p.x, v.y-p.y; max(dx, -dx) <= mergeUnits && max(dy, -dy) <= mergeUnits {
				if d := dx*dx + dy*dy; d < nearest {
					found, nearest = k.vertex, d
				}
			}
		}
		return false
	}
	if look(home) {
		return found
	}
	for dx := int64(-mergeUnits); dx <= mergeUnits; dx += mergeUnits {
		for dy := int64(-mergeUnits); dy <= mergeUnits; dy += mergeUnits {
			if key := cellKey(p.x+dx, p.y+dy); key != home {
				look(key)
			}
		}
	}
	if found < 0 {
		found = int32(len(n.at))
		n.at = append(n.at, p)
	}
	next := int32(-1)
	if head, ok := n.cells[home]; ok {
		next = head
	}
	n.cells[home] = int32(len(n.known))
	n.known = append(n.known, knownPoint{at: p, vertex: found, next: next})
	return found
}

// edge returns the edge between two different vertices.
func (n *noder) edge(u, v int32) int32 {
	if u > v {
		u, v = v, u
	}
	key := uint64(u)<<32 | uint64(v)
	id, ok := n.ids[key]
	if !ok {
		id = int32(len(n.edges))
		n.ids[key] = id
		n.edges = append(n.edges, nodeEdge{a: u, b: v})
	}
	return id
}

// node splits edges where a vertex lies on them or another edge crosses them, until none
// does. A split bends an edge by at most a unit or two, which may make it reach a further
// vertex: hence the rounds. Each round looks only at edges the round before has made.
func (n *noder) node() {
	fresh := 0 // the first edge not yet looked at
	for range maxNodingRounds {
		first := fresh
		fresh = len(n.edges)
		if first == fresh {
			return
		}
		for e, via := range n.contacts(first) {
			n.split(e, via)
		}
	}
}

// contacts finds for edges from first on, and whatever they touch, the vertices to insert,
// in the order in which edges are numbered.
func (n *noder) contacts(first int) func(yield func(int32, []int32) bool) {
	low, high := bounds(n.at)
	g := newGrid(low, high, len(n.edges))
	for range 2 {
		for i := range n.edges {
			if e := &n.edges[i]; !e.split {
				g.add(int32(i), n.at[e.a], n.at[e.b], reachMargin)
			}
		}
		if g.counting {
			g.place()
		}
	}
	inserts := map[int32][]int32{}
	for i := first; i < len(n.edges); i++ {
		e := &n.edges[i]
		if e.split {
			continue
		}
		a, b := n.at[e.a], n.at[e.b]
		r0, r1 := g.rows(a, b, reachMargin)
		for r := r0; r <= r1; r++ {
			c0, c1 := g.columns(a, b, reachMargin, r)
			for _, j := range g.cells(r, c0, c1) {
				if int(j) == i || (int(j) >= first && int(j) < i) {
					continue
				}
				n.contact(int32(i), j, inserts)
			}
		}
	}
	order := make([]int32, 0, len(inserts))
	for e := range inserts {
		order = append(order, e)
	}
	slices.Sort(order)
	return func(yield func(int32, []int32) bool) {
		for _, e := range order {
			if !yield(e, inserts[e]) {
				return
			}
		}
	}
}

// contact notes where edges i and j touch without a common vertex.
func (n *noder) contact(i, j int32, inserts map[int32][]int32) {
	e, f := n.edges[i], n.edges[j]
	a, b, c, d := n.at[e.a], n.at[e.b], n.at[f.a], n.at[f.b]
	if max(a.x, b.x)+reachMargin < min(c.x, d.x) || max(c.x, d.x)+reachMargin < min(a.x, b.x) ||
		max(a.y, b.y)+reachMargin < min(c.y, d.y) || max(c.y, d.y)+reachMargin < min(a.y, b.y) {
		return
	}
	touched := false
	insert := func(edge int32, v int32) {
		touched = true
		if !slices.Contains(inserts[edge], v) {
			inserts[edge] = append(inserts[edge], v)
		}
	}
	for _, v := range [2]int32{f.a, f.b} {
		if v != e.a && v != e.b && reaches(n.at[v], a, b) {
			insert(i, v)
		}
	}
	for _, v := range [2]int32{e.a, e.b} {
		if v != f.a && v != f.b && reaches(n.at[v], c, d) {
			insert(j, v)
		}
	}
	if touched || e.a == f.a || e.a == f.b || e.b == f.a || e.b == f.b || !meet(a, b, c, d) {
		return
	}
	t := float64(cross(c, d, a)) / (float64(cross(c, d, a)) - float64(cross(c, d, b)))
	v := n.vertex(point{
		a.x + int64(math.Round(t*float64(b.x-a.x))),
		a.y + int64(math.Round(t*float64(b.y-a.y))),
	})
	// Merging may have carried the crossing past an edge's end: then that end is it.
	for _, g := range [2]nodeEdge{e, f} {
		if v != g.a && v != g.b && !n.shortens(g, []int32{v}) {
			if n.distance2(g.a, v) <= n.distance2(g.b, v) {
				v = g.a
			} else {
				v = g.b
			}
			break
		}
	}
	if v != e.a && v != e.b && n.shortens(e, []int32{v}) {
		insert(i, v)
	}
	if v != f.a && v != f.b && n.shortens(f, []int32{v}) {
		insert(j, v)
	}
}

// shortens tells whether every piece of a split is shorter than the edge, without which
// two edges could be split into one another for ever.
func (n *noder) shortens(e nodeEdge, via []int32) bool {
	whole := n.distance2(e.a, e.b)
	last := e.a
	for _, v := range via {
		if n.distance2(last, v) >= whole {
			return false
		}
		last = v
	}
	return n.distance2(last, e.b) < whole
}

func (n *noder) distance2(u, v int32) int64 {
	dx, dy := n.at[u].x-n.at[v].x, n.at[u].y-n.at[v].y
	return dx*dx + dy*dy
}

// reaches tells whether p lies beside segment a–b, no more than reachUnits away.
func reaches(p, a, b point) bool {
	dx, dy := b.x-a.x, b.y-a.y
	length := dx*dx + dy*dy
	if along := (p.x-a.x)*dx + (p.y-a.y)*dy; along <= 0 || along >= length {
		return false
	}
	away := float64(cross(a, b, p))
	return away*away <= reachUnits*reachUnits*float64(length)
}

// split replaces an edge by edges over the vertices given.
func (n *noder) split(id int32, via []int32) {
	a, b := n.edges[id].a, n.edges[id].b
	p, q := n.at[a], n.at[b]
	along := func(v int32) int64 { return (n.at[v].x-p.x)*(q.x-p.x) + (n.at[v].y-p.y)*(q.y-p.y) }
	slices.SortFunc(via, func(u, v int32) int {
		if s, t := along(u), along(v); s != t {
			return int(min(max(s-t, -1), 1))
		}
		return int(u - v)
	})
	if !n.shortens(n.edges[id], via) {
		return
	}
	n.edges[id].split, n.edges[id].via = true, via
	last := a
	for _, v := range append(slices.Clone(via), b) {
		n.edge(last, v)
		last = v
	}
}

// walk appends the vertices from u (left out) to v (put in) over the split edges.
func (n *noder) walk(path []int32, u, v int32) []int32 {
	e := &n.edges[n.edge(u, v)]
	if !e.split {
		return append(path, v)
	}
	if u == e.a {
		for _, w := range e.via {
			path = n.walk(path, u, w)
			u = w
		}
	} else {
		for i := len(e.via) - 1; i >= 0; i-- {
			path = n.walk(path, u, e.via[i])
			u = e.via[i]
		}
	}
	return n.walk(path, u, v)
}

func bounds(points []point) (low, high point) {
	if len(points) == 0 {
		return
	}
	low, high = points[0], points[0]
	for _, p := range points {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	return
}
