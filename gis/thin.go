package gis

import (
	"context"
	"math"
)

// maxRetries bounds how often vertices that others stood in the way of are tried again
// within one band.
const maxRetries = 6

// thinner removes vertices from a network, coarser and coarser.
//
// A vertex b between a and c goes only where the closed triangle a, b, c holds no other
// vertex and no edge a–c exists. Since edges meet only at vertices, no edge can then cross
// a–c, so faces keep their shape as topology: none vanishes, none overlaps another.
type thinner struct {
	*network
	x, y []float64 // slot → web-mercator, the world being 1
	heap []candidate
	turn []uint32 // slot → how often its candidate changed
	near *grid    // the vertices still there when the band began, by slot
}

// candidate is a vertex that may go, the smallest deviation first.
type candidate struct {
	key  float64
	slot int32
	turn uint32
}

func newThinner(w *network, mercator func(point) (x, y float64)) *thinner {
	t := &thinner{network: w, x: make([]float64, len(w.vertex)), y: make([]float64, len(w.vertex)), turn: make([]uint32, len(w.vertex))}
	for s, v := range w.vertex {
		t.x[s], t.y[s] = mercator(w.at[v])
	}
	return t
}

// thin removes what it can while no original vertex is farther than tolerance from the
// edge that stands for its stretch of border.
func (t *thinner) thin(ctx context.Context, tolerance float64) error {
	t.index()
	t.heap = t.heap[:0]
	for s := range t.vertex {
		t.offer(int32(s), tolerance)
	}
	var blocked []int32
	for range maxRetries {
		removed := 0
		for len(t.heap) > 0 {
			c := t.pop()
			if t.gone[c.slot] || c.turn != t.turn[c.slot] {
				continue
			}
			a, b := t.prev[c.slot], t.next[c.slot]
			if t.joined(a, b) || t.occupied(a, c.slot, b) {
				blocked = append(blocked, c.slot)
				continue
			}
			t.remove(c.slot)
			t.offer(a, tolerance)
			t.offer(b, tolerance)
			if removed++; removed&0xfff == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if removed == 0 {
			break
		}
		for _, s := range blocked {
			t.offer(s, tolerance)
		}
		blocked = blocked[:0]
	}
	return ctx.Err()
}

// index sorts the vertices still there into a grid.
func (t *thinner) index() {
	low, high := bounds(t.at)
	n := 0
	for s := range t.gone {
		if !t.gone[s] {
			n++
		}
	}
	t.near = newGrid(low, high, n/2)
	for range 2 {
		for s := range t.vertex {
			if !t.gone[s] && (t.ends[t.vertex[s]] == nil || t.ends[t.vertex[s]][0] == int32(s)) {
				p := t.at[t.vertex[s]]
				t.near.add(int32(s), p, p, 0)
			}
		}
		if t.near.counting {
			t.near.place()
		}
	}
}

// offer puts a vertex up for removal if its deviation allows it.
func (t *thinner) offer(s int32, tolerance float64) {
	t.turn[s]++
	if t.gone[s] || t.ends[t.vertex[s]] != nil {
		return
	}
	a, b := t.prev[s], t.next[s]
	deviation, span := t.deviation(a, b, tolerance)
	if deviation <= tolerance {
		// Among equals (straight borders) the shorter stretch first, so that stretches grow
		// evenly and are not measured again and again.
		t.push(candidate{deviation + float64(span)*tieBreak, s, t.turn[s]})
	}
}

const tieBreak = 1e-12

// deviation is the largest distance of an original vertex between slots a and b from the
// segment that would join them, and their number. It stops early beyond the limit.
func (t *thinner) deviation(a, b int32, limit float64) (float64, int32) {
	ax, ay := t.x[a], t.y[a]
	dx, dy := t.x[b]-ax, t.y[b]-ay
	length := dx*dx + dy*dy
	limit *= limit
	most, span := 0.0, int32(0)
	owner := &t.arcs[t.owner[a]]
	for s := a; ; span++ {
		if s++; s == owner.end {
			s = owner.begin
		}
		if s == b {
			break
		}
		px, py := t.x[s]-ax, t.y[s]-ay
		d := px*px + py*py
		if along := px*dx + py*dy; along >= length {
			px, py = px-dx, py-dy
			d = px*px + py*py
		} else if along > 0 {
			c := dx*py - dy*px
			d = c * c / length
		}
		if d > most {
			if most = d; most > limit {
				break
			}
		}
	}
	return math.Sqrt(most), span
}

// joined tells whether the vertices of slots a and b are joined by an edge, or are one.
func (t *thinner) joined(a, b int32) bool {
	u, v := t.vertex[a], t.vertex[b]
	if u == v {
		return true
	}
	inside := t.ends[u] == nil
	if !inside && t.ends[v] != nil {
		_, ok := t.bars[pairKey(u, v)]
		return ok
	}
	if inside {
		return t.prev[a] >= 0 && t.vertex[t.prev[a]] == v
	}
	return t.next[b] >= 0 && t.vertex[t.next[b]] == u
}

// occupied tells whether the closed triangle of three slots holds another vertex.
func (t *thinner) occupied(a, b, c int32) bool {
	u, v, w := t.vertex[a], t.vertex[b], t.vertex[c]
	p, q, r := t.at[u], t.at[v], t.at[w]
	low := point{min(p.x, q.x, r.x), min(p.y, q.y, r.y)}
	high := point{max(p.x, q.x, r.x), max(p.y, q.y, r.y)}
	r0, r1 := t.near.rows(low, high, 0)
	c0, c1 := t.near.clamp(low.x-t.near.origin.x, t.near.nx), t.near.clamp(high.x-t.near.origin.x, t.near.nx)
	for row := r0; row <= r1; row++ {
		for _, s := range t.near.cells(row, c0, c1) {
			if t.gone[s] {
				continue
			}
			k := t.vertex[s]
			o := t.at[k]
			if o.x < low.x || o.x > high.x || o.y < low.y || o.y > high.y || k == u || k == v || k == w {
				continue
			}
			if inTriangle(o, p, q, r) {
				return true
			}
		}
	}
	return false
}

// remove takes the vertex of a slot out of its arc.
func (t *thinner) remove(s int32) {
	a, b := t.prev[s], t.next[s]
	t.gone[s] = true
	t.next[a], t.prev[b] = b, a
	owner := &t.arcs[t.owner[s]]
	if owner.first == s {
		owner.first = b
	}
	if owner.last == s {
		owner.last = a
	}
	if !owner.closed && a == owner.first && b == owner.last {
		t.bars[pairKey(t.vertex[a], t.vertex[b])] = struct{}{}
	}
}

func (t *thinner) push(c candidate) {
	t.heap = append(t.heap, c)
	i := len(t.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if t.heap[up].key <= c.key {
			break
		}
		t.heap[i] = t.heap[up]
		i = up
	}
	t.heap[i] = c
}

func (t *thinner) pop() candidate {
	top, n := t.heap[0], len(t.heap)-1
	c := t.heap[n]
	t.heap = t.heap[:n]
	i := 0
	for {
		down := 2*i + 1
		if down >= n {
			break
		}
		if down+1 < n && t.heap[down+1].key < t.heap[down].key {
			down++
		}
		if c.key <= t.heap[down].key {
			break
		}
		t.heap[i] = t.heap[down]
		i = down
	}
	if n > 0 {
		t.heap[i] = c
	}
	return top
}
