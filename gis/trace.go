package gis

import "slices"

// directed is an edge and the way it is walked: the edge's number times two, plus one
// when from its b to its a.
type directed int32

// tracedRing is a simple ring of a noded shape, its inside on the left.
type tracedRing struct {
	vertices []int32
	edges    []directed
	area2    int64 // twice the signed area: positive for an exterior, negative for a hole
}

// tracer finds the rings of one shape after another in the noded graph.
type tracer struct {
	*noder
	net    []int8  // edge → uses from a to b less uses from b to a
	head   []int32 // vertex → 1 + its first outgoing edge
	seen   []int32 // edge → the last shape that had it
	shape  int32   // which shape this is, from 1
	onPath []int32 // vertex → 1 + its place on the path walked
	out    []outgoing
}

type outgoing struct {
	from, to int32
	way      directed
	next     int32 // 1 + the next edge out of the same vertex
	used     bool
}

func newTracer(n *noder) *tracer {
	return &tracer{noder: n, net: make([]int8, len(n.edges)), seen: make([]int32, len(n.edges)), head: make([]int32, len(n.at)), onPath: make([]int32, len(n.at))}
}

// trace turns a shape's polygons, given as vertices of exteriors walked counter-clockwise
// and holes clockwise, into valid ones over noded edges. Edges walked both ways (spikes,
// seams between two polygons) cancel; a ring that touches itself is split there.
func (t *tracer) trace(rings [][]int32) [][]tracedRing {
	t.shape++
	var touched []int32
	var path []int32
	for _, ring := range rings {
		path = path[:0]
		for i, v := range ring {
			path = t.walk(path, ring[(i+len(ring)-1)%len(ring)], v)
		}
		for i, v := range path {
			u := path[(i+len(path)-1)%len(path)]
			e := t.edge(u, v)
			if t.seen[e] != t.shape {
				t.seen[e] = t.shape
				touched = append(touched, e)
			}
			if u == t.edges[e].a {
				t.net[e]++
			} else {
				t.net[e]--
			}
		}
	}
	if t.doubtful(touched) {
		t.inner(touched)
	}
	t.out = t.out[:0]
	for _, e := range touched {
		from, to, way := t.edges[e].a, t.edges[e].b, directed(e)<<1
		if t.net[e] < 0 {
			from, to, way = to, from, way|1
		}
		if t.net[e] != 0 {
			t.out = append(t.out, outgoing{from: from, to: to, way: way, next: t.head[from]})
			t.head[from] = int32(len(t.out))
		}
		t.net[e] = 0
	}
	var found []tracedRing
	for i := range t.out {
		if !t.out[i].used {
			found = t.follow(i, found)
		}
	}
	for i := range t.out {
		t.head[t.out[i].from] = 0
	}
	return t.nest(found)
}

// doubtful tells whether rings of a shape may overlap or cross: where they do, they have a
// vertex in common, or an edge.
func (t *tracer) doubtful(touched []int32) (is bool) {
	leave := func(e int32) *int32 {
		if t.net[e] > 0 {
			return &t.head[t.edges[e].a]
		}
		return &t.head[t.edges[e].b]
	}
	for _, e := range touched {
		if n := t.net[e]; n != 0 {
			from := leave(e)
			*from++
			is = is || *from > 1 || n > 1 || n < -1
		}
	}
	for _, e := range touched {
		if t.net[e] != 0 {
			*leave(e) = 0
		}
	}
	return is
}

// follow walks from an edge along the inside and cuts a ring off wherever the path comes
// back to a vertex on it.
func (t *tracer) follow(i int, found []tracedRing) []tracedRing {
	vertices := []int32{t.out[i].from}
	ways := []directed{}
	t.onPath[vertices[0]] = 1
	for i >= 0 {
		o := &t.out[i]
		o.used = true
		ways = append(ways, o.way)
		if p := t.onPath[o.to]; p > 0 {
			ring := tracedRing{vertices: slices.Clone(vertices[p-1:]), edges: slices.Clone(ways[p-1:])}
			ring.area2 = area2(t.at, ring.vertices)
			if ring.area2 != 0 && len(ring.vertices) >= 3 {
				found = append(found, ring)
			}
			for _, v := range vertices[p:] {
				t.onPath[v] = 0
			}
			vertices, ways = vertices[:p], ways[:p-1]
			if len(ways) == 0 {
				break
			}
		} else {
			vertices = append(vertices, o.to)
			t.onPath[o.to] = int32(len(vertices))
		}
		i = t.leftmost(o.from, o.to)
	}
	for _, v := range vertices {
		t.onPath[v] = 0
	}
	return found
}

// leftmost chooses among the unused edges out of at the one that keeps the inside whole:
// the first clockwise from the way back.
func (t *tracer) leftmost(from, at int32) int {
	best := -1
	for k := t.head[at]; k > 0; k = t.out[k-1].next {
		if t.out[k-1].used {
			continue
		}
		if best < 0 || clockwiseBefore(t.at[at], t.at[from], t.at[t.out[k-1].to], t.at[t.out[best].to]) {
			best = int(k - 1)
		}
	}
	return best
}

// clockwiseBefore tells whether, turning clockwise around o from r, p comes before q.
func clockwiseBefore(o, r, p, q point) bool {
	half := func(d point) int {
		switch c := cross(o, r, d); {
		case c < 0:
			return 0
		case c > 0:
			return 2
		case (d.x-o.x)*(r.x-o.x)+(d.y-o.y)*(r.y-o.y) < 0:
			return 1
		}
		return 3
	}
	if hp, hq := half(p), half(q); hp != hq {
		return hp < hq
	}
	return cross(o, p, q) < 0
}

// area2 is twice the signed area of a ring given without its closing vertex.
func area2(at []point, ring []int32) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += cross(at[ring[0]], at[ring[i]], at[ring[i+1]])
	}
	return sum
}

// nest gives each hole to the exterior around it. Snapping can leave loops of a few
// units that wind the wrong way: exteriors inside exteriors, holes in nothing. They go.
func (t *tracer) nest(rings []tracedRing) [][]tracedRing {
	slices.SortStableFunc(rings, func(r, s tracedRing) int {
		a, b := max(r.area2, -r.area2), max(s.area2, -s.area2)
		return int(min(max(b-a, -1), 1)) // the largest first: whatever holds a ring comes before it
	})
	type box struct{ low, high point }
	boxes := make([]box, len(rings))
	home := make([]int, len(rings)) // ring → its polygon, or -1 where it was dropped
	var polygons [][]tracedRing
	for i, r := range rings {
		b := box{t.at[r.vertices[0]], t.at[r.vertices[0]]}
		for _, v := range r.vertices {
			p := t.at[v]
			b.low, b.high = point{min(b.low.x, p.x), min(b.low.y, p.y)}, point{max(b.high.x, p.x), max(b.high.y, p.y)}
		}
		boxes[i] = b
		inside := -1 // the smallest ring around this one
		for j := i - 1; j >= 0 && inside < 0; j-- {
			o := boxes[j]
			if home[j] >= 0 && o.low.x <= b.low.x && o.low.y <= b.low.y && o.high.x >= b.high.x && o.high.y >= b.high.y &&
				t.within(r.vertices, rings[j].vertices) {
				inside = j
			}
		}
		home[i] = -1
		switch {
		case r.area2 > 0 && (inside < 0 || rings[inside].area2 < 0):
			home[i] = len(polygons)
			polygons = append(polygons, []tracedRing{r})
		case r.area2 < 0 && inside >= 0 && rings[inside].area2 > 0:
			home[i] = home[inside]
			polygons[home[i]] = append(polygons[home[i]], r)
		}
	}
	return polygons
}

// within tells whether the inner ring lies in the outer one; they may touch.
func (t *tracer) within(inner, outer []int32) bool {
	for i, v := range inner {
		p := t.at[v]
		side := locate(p, t.at, outer)
		if side == 0 && i == len(inner)-1 {
			return true
		}
		if side != 0 {
			return side > 0
		}
	}
	return false
}

// locate tells whether p lies in a ring (1), outside it (-1) or on it (0).
func locate(p point, at []point, ring []int32) int {
	side := -1
	for i, v := range ring {
		a, b := at[ring[(i+len(ring)-1)%len(ring)]], at[v]
		if (a.y > p.y && b.y > p.y) || (a.y < p.y && b.y < p.y) || (a.x < p.x && b.x < p.x) {
			continue
		}
		c := cross(a, b, p)
		if c == 0 && onSegment(p, a, b) {
			return 0
		}
		if (a.y > p.y) != (b.y > p.y) && (c > 0) == (b.y > a.y) {
			side = -side
		}
	}
	return side
}
