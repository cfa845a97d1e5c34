package gis

import "math"

// DoubtDegrees is how near to a border, in degrees, Cover leaves it open on which side a point lies: a tenth of a
// millimetre, and a thousand times more than what rounding may do to coordinates in degrees.
const DoubtDegrees = 1e-9

// Cover finds which of many polygons cover a point, for a million points.
type Cover struct {
	outlines []outline
	west     float64
	south    float64
	east     float64
	north    float64
	cells    [][]int32 // outlines whose box meets the cell, coverCells rows of coverCells
}

// coverCells is how many columns and rows the box of all polygons is cut into.
const coverCells = 128

// outline is a polygon with its edges by slabs of latitude, of equal heights.
type outline struct {
	id                       int64
	west, south, east, north float64
	slabs                    [][]edge
}

type edge struct{ x0, y0, x1, y1 float64 }

// edgesOfSlab is about how many edges a slab has that no other shares.
const edgesOfSlab = 4

// NewCover indexes polygons; points are asked for in the same coordinates.
func NewCover(shapes []Shape) *Cover {
	c := &Cover{west: math.Inf(1), south: math.Inf(1), east: math.Inf(-1), north: math.Inf(-1), cells: make([][]int32, coverCells*coverCells)}
	for _, s := range shapes {
		a := newOutline(s)
		c.outlines = append(c.outlines, a)
		c.west, c.south, c.east, c.north = min(c.west, a.west), min(c.south, a.south), max(c.east, a.east), max(c.north, a.north)
	}
	for i := range c.outlines {
		a := &c.outlines[i]
		for row := c.row(a.south); row <= c.row(a.north); row++ {
			for column := c.column(a.west); column <= c.column(a.east); column++ {
				c.cells[row*coverCells+column] = append(c.cells[row*coverCells+column], int32(i))
			}
		}
	}
	return c
}

func (c *Cover) column(x float64) int { return cell(x, c.west, c.east, coverCells) }
func (c *Cover) row(y float64) int    { return cell(y, c.south, c.north, coverCells) }

// cell is which of n equal parts of a range a number falls into, the first or the last for numbers outside.
func cell(v, from, to float64, n int) int {
	if !(to > from) {
		return 0
	}
	return max(0, min(n-1, int(float64(n)*((v-from)/(to-from)))))
}

// newOutline cuts a polygon's edges into slabs. Its box and its slabs are wider by the doubt, so that a point near an edge
// meets that edge in its slab.
func newOutline(s Shape) outline {
	a := outline{id: s.ID, west: math.Inf(1), south: math.Inf(1), east: math.Inf(-1), north: math.Inf(-1)}
	var edges []edge
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				edges = append(edges, edge{ring[i-1][0], ring[i-1][1], ring[i][0], ring[i][1]})
			}
			for _, p := range ring {
				a.west, a.east = min(a.west, p[0]-DoubtDegrees), max(a.east, p[0]+DoubtDegrees)
				a.south, a.north = min(a.south, p[1]-DoubtDegrees), max(a.north, p[1]+DoubtDegrees)
			}
		}
	}
	n := max(1, len(edges)/edgesOfSlab)
	a.slabs = make([][]edge, n)
	for _, e := range edges {
		first, last := a.slabOf(min(e.y0, e.y1)-DoubtDegrees), a.slabOf(max(e.y0, e.y1)+DoubtDegrees)
		for i := first; i <= last; i++ {
			a.slabs[i] = append(a.slabs[i], e)
		}
	}
	return a
}

func (a *outline) slabOf(y float64) int { return cell(y, a.south, a.north, len(a.slabs)) }

// Find hands on the id of each polygon that covers the point; where its border is nearer than the doubt, as doubtful.
func (c *Cover) Find(x, y float64, found func(id int64, doubtful bool)) {
	if !(x >= c.west && x <= c.east && y >= c.south && y <= c.north) {
		return
	}
	for _, i := range c.cells[c.row(y)*coverCells+c.column(x)] {
		a := &c.outlines[i]
		if x < a.west || x > a.east || y < a.south || y > a.north {
			continue
		}
		if inside, doubtful := a.holds(x, y); inside || doubtful {
			found(a.id, doubtful)
		}
	}
}

// holds counts the edges that a ray from the point to the east crosses: an odd number of them, and the point is inside.
func (a *outline) holds(x, y float64) (inside, doubtful bool) {
	for _, e := range a.slabs[a.slabOf(y)] {
		dx, dy := e.x1-e.x0, e.y1-e.y0
		side := dx*(y-e.y0) - dy*(x-e.x0) // its size: twice the area of the triangle of edge and point
		if e.near(x, y) && side*side <= DoubtDegrees*DoubtDegrees*(dx*dx+dy*dy) {
			return false, true
		}
		if (e.y0 <= y) != (e.y1 <= y) && (side > 0) == (dy > 0) {
			inside = !inside
		}
	}
	return inside, false
}

// near tells whether the point is in the edge's box, widened by the doubt.
func (e edge) near(x, y float64) bool {
	return x >= min(e.x0, e.x1)-DoubtDegrees && x <= max(e.x0, e.x1)+DoubtDegrees &&
		y >= min(e.y0, e.y1)-DoubtDegrees && y <= max(e.y0, e.y1)+DoubtDegrees
}
