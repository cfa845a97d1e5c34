package gis

// rounder moves the vertices of a thinned network to coordinates with fewer decimals.
//
// They move one after the other, and only where nothing is in the way: for every edge v–n
// of a vertex v that goes to w, the closed triangle v, w, n must hold no other vertex and
// the path v–w must meet no edge but v's own. What lies between then keeps its side.
// A vertex that can't move so far keeps a decimal more, and another, until it can.
type rounder struct {
	*network
	to       []point // vertex → its place in this band
	decimals []int8  // vertex → the decimals that place needs
	edges    *grid   // edges by the slot they start from
	margin   int64
	around   []int32
	shift    point // what a place lacks to its longitude and latitude, in units
}

var powersOfTen = [...]int64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000}

const maxDecimals = 7

// round finds places with that many decimals, or more where it must.
func (w *network) round(decimals int, shift point) *rounder {
	r := &rounder{network: w, shift: shift, to: append([]point(nil), w.at...), decimals: make([]int8, len(w.at))}
	step := powersOfTen[maxDecimals-decimals]
	r.margin = step + 1
	r.index()
	for s := range w.vertex {
		v := w.vertex[s]
		if w.gone[s] || (w.ends[v] != nil && w.ends[v][0] != int32(s)) {
			continue
		}
		r.around = r.around[:0]
		w.neighbours(int32(s), func(n int32) { r.around = append(r.around, n) })
		for d := decimals; d <= maxDecimals; d++ {
			r.decimals[v] = int8(d)
			goal := r.nearest(w.at[v], powersOfTen[maxDecimals-d])
			if goal == r.to[v] {
				break
			}
			free, crowded := r.free(v, goal)
			if free {
				r.to[v] = goal
				break
			}
			if crowded {
				r.decimals[v] = maxDecimals
				break
			}
		}
	}
	return r
}

// nearest is the place nearest to p whose longitude and latitude are multiples of step.
func (r *rounder) nearest(p point, step int64) point {
	near := func(x, shift int64) int64 {
		x += shift + step/2
		over := x % step
		if over < 0 {
			over += step
		}
		return x - over - shift
	}
	return point{near(p.x, r.shift.x), near(p.y, r.shift.y)}
}

// index sorts the edges as they stand before any vertex moved.
func (r *rounder) index() {
	low, high := bounds(r.at)
	n := 0
	for s := range r.gone {
		if !r.gone[s] {
			n++
		}
	}
	r.edges = newGrid(low, high, n)
	for range 2 {
		for s := range r.vertex {
			if !r.gone[s] && r.next[s] >= 0 {
				r.edges.add(int32(s), r.at[r.vertex[s]], r.at[r.vertex[r.next[s]]], r.margin)
			}
		}
		if r.edges.counting {
			r.edges.place()
		}
	}
}

// crowd is the number of edges in a vertex's way beyond which it stays where it is. So
// many are only met where shapes are far smaller than a pixel.
const crowd = 2_000

// free tells whether vertex v can move to goal, or whether there is too much around it to
// find out.
func (r *rounder) free(v int32, goal point) (free, crowded bool) {
	from := r.to[v]
	// Edges were indexed with a margin for their own moves; this is for v's.
	reach := max(goal.x-from.x, from.x-goal.x, goal.y-from.y, from.y-goal.y)
	seen := 0
	for _, n := range r.around {
		far := r.to[n]
		if cross(from, goal, far) == 0 && onSegment(far, from, goal) {
			return false, false
		}
		low := point{min(from.x, goal.x, far.x), min(from.y, goal.y, far.y)}
		high := point{max(from.x, goal.x, far.x), max(from.y, goal.y, far.y)}
		r0, r1 := r.edges.rows(from, far, reach)
		for row := r0; row <= r1; row++ {
			c0, c1 := r.edges.columns(from, far, reach, row)
			found := r.edges.cells(row, c0, c1)
			if seen += len(found); seen > crowd {
				return false, true
			}
			for _, s := range found {
				a, b := r.vertex[s], r.vertex[r.next[s]]
				p, q := r.to[a], r.to[b]
				if max(p.x, q.x) < low.x || min(p.x, q.x) > high.x || max(p.y, q.y) < low.y || min(p.y, q.y) > high.y {
					continue
				}
				if a != v && a != n && inTriangle(p, from, goal, far) {
					return false, false
				}
				if b != v && b != n && inTriangle(q, from, goal, far) {
					return false, false
				}
				if a != v && b != v && meet(from, goal, p, q) {
					return false, false
				}
			}
		}
	}
	return true, false
}
