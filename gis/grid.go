package gis

import "math"

// unitsPerDegree is the grid all topology is decided on: 1e-7 degrees, about 1.1 cm,
// the finest step coordinates are written with. On it every predicate is exact.
const unitsPerDegree = 10_000_000

// maxExtent bounds the span of shapes generalised together, in units (53 degrees), so that
// cross products of differences, even doubled ones, fit into 64 bits.
const maxExtent = 1 << 29

// point is a place on the unit grid.
type point struct{ x, y int64 }

// cross is twice the signed area of triangle a, b, c: positive when it turns left.
func cross(a, b, c point) int64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// onSegment tells whether p, known to be collinear with a and b, lies between them.
func onSegment(p, a, b point) bool {
	return min(a.x, b.x) <= p.x && p.x <= max(a.x, b.x) && min(a.y, b.y) <= p.y && p.y <= max(a.y, b.y)
}

// inTriangle tells whether p lies in the closed triangle a, b, c, which may be flat.
func inTriangle(p, a, b, c point) bool {
	u, v, w := cross(a, b, p), cross(b, c, p), cross(c, a, p)
	if u == 0 && v == 0 && w == 0 {
		return onSegment(p, a, b) || onSegment(p, b, c) || onSegment(p, c, a)
	}
	return (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0)
}

// meet tells whether the closed segments a–b and c–d have a point in common.
func meet(a, b, c, d point) bool {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) ||
		max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return false
	}
	s, t := cross(a, b, c), cross(a, b, d)
	if (s > 0 && t > 0) || (s < 0 && t < 0) {
		return false
	}
	u, v := cross(c, d, a), cross(c, d, b)
	return !(u > 0 && v > 0) && !(u < 0 && v < 0)
}

// grid is a uniform index: the items of each cell lie together in one slice.
type grid struct {
	origin   point
	size     int64 // a cell's side in units
	nx, ny   int
	begin    []int32 // cell → its first item; one more than there are cells
	items    []int32
	counting bool
}

// newGrid lays about one cell per item over the box low–high.
func newGrid(low, high point, items int) *grid {
	w, h := float64(high.x-low.x+1), float64(high.y-low.y+1)
	size := int64(math.Ceil(math.Sqrt(w * h / float64(items+1))))
	// A long, thin box must not get more cells along its length than it has items.
	size = max(size, int64(max(w, h)/float64(items+1)), 2)
	g := &grid{origin: low, size: size, counting: true}
	g.nx, g.ny = int(int64(w)/size)+1, int(int64(h)/size)+1
	g.begin = make([]int32, g.nx*g.ny+1)
	return g
}

// rows gives the rows that a segment reaches with a margin around it.
func (g *grid) rows(a, b point, margin int64) (first, last int) {
	return g.clamp(min(a.y, b.y)-margin-g.origin.y, g.ny), g.clamp(max(a.y, b.y)+margin-g.origin.y, g.ny)
}

// columns gives the columns that a segment with a margin reaches within one row.
func (g *grid) columns(a, b point, margin int64, row int) (first, last int) {
	low, high := min(a.x, b.x), max(a.x, b.x)
	if high-low > g.size && a.y != b.y {
		bottom := float64(g.origin.y + int64(row)*g.size - margin)
		top := bottom + float64(g.size+2*margin)
		slope := float64(b.x-a.x) / float64(b.y-a.y)
		at := func(y float64) float64 { return float64(a.x) + (y-float64(a.y))*slope }
		p, q := at(bottom), at(top)
		low = max(low, int64(math.Max(math.Min(p, q), -maxExtent))-1)
		high = min(high, int64(math.Min(math.Max(p, q), 2*maxExtent))+1)
	}
	return g.clamp(low-margin-g.origin.x, g.nx), g.clamp(high+margin-g.origin.x, g.nx)
}

func (g *grid) clamp(offset int64, n int) int {
	return int(min(max(offset/g.size, 0), int64(n-1)))
}

// add counts an item that reaches along a–b with a margin; when all are counted, place
// and the same calls again put them in.
func (g *grid) add(item int32, a, b point, margin int64) {
	r0, r1 := g.rows(a, b, margin)
	for r := r0; r <= r1; r++ {
		c0, c1 := g.columns(a, b, margin, r)
		for c := r*g.nx + c0; c <= r*g.nx+c1; c++ {
			if g.counting {
				g.begin[c+1]++
				continue
			}
			g.begin[c]--
			g.items[g.begin[c]] = item
		}
	}
}

// place turns counts into places; begin runs down from each cell's end while filling.
func (g *grid) place() {
	for i := 1; i < len(g.begin); i++ {
		g.begin[i] += g.begin[i-1]
	}
	g.items = make([]int32, g.begin[len(g.begin)-1])
	copy(g.begin, g.begin[1:])
	g.counting = false
}

// cells returns the items of columns first–last of a row.
func (g *grid) cells(row, first, last int) []int32 {
	return g.items[g.begin[row*g.nx+first]:g.begin[row*g.nx+last+1]]
}
