package gis

import "math"

// crossing is where the border of a cluster's hull crosses an edge of the field's grid: from
// the node x, y to the next one east or, upright, north.
type crossing struct {
	x, y    int32
	upright bool
}

// stride is a piece of a border through one square of the grid: where it enters and where it
// leaves, the hull on its left.
type stride struct {
	cluster  int32
	from, to crossing
}

// trace follows the borders of all hulls: marching squares (the method of Lorensen and Cline
// 1987 in two dimensions), for several insides at once.
func (f *field) trace(clusters int) []Shape {
	var strides []stride
	for _, at := range f.order {
		strides = f.march(at, strides)
	}
	next := make([]map[crossing]crossing, clusters)
	for _, s := range strides {
		if next[s.cluster] == nil {
			next[s.cluster] = map[crossing]crossing{}
		}
		next[s.cluster][s.from] = s.to
	}
	rings := make([][][][2]float64, clusters)
	for _, s := range strides {
		of := next[s.cluster]
		to, open := of[s.from]
		if !open {
			continue // of a ring that was followed already
		}
		var ring [][2]float64
		for at := s.from; open; to, open = of[at] {
			ring = append(ring, f.place(at))
			delete(of, at)
			at = to
		}
		rings[s.cluster] = append(rings[s.cluster], append(ring, ring[0]))
	}
	var shapes []Shape
	for c := range rings {
		if len(rings[c]) > 0 {
			shapes = append(shapes, Shape{ID: int64(c), Polygons: [][][][2]float64{f.polygon(rings[c])}})
		}
	}
	return shapes
}

// march adds the borders through the squares north-east of a block's nodes. A square that
// begins in no block has no border: spread goes further than the hulls.
func (f *field) march(at [2]int32, strides []stride) []stride {
	var near [2][2]*block // east and north of it too
	for y := range near {
		for x := range near[y] {
			near[y][x] = f.blocks[[2]int32{at[0] + int32(x), at[1] + int32(y)}]
		}
	}
	hull := func(x, y int32) int32 {
		if b := near[y/blockSide][x/blockSide]; b != nil {
			return b[y%blockSide*blockSide+x%blockSide].hull()
		}
		return -1
	}
	for y := range int32(blockSide) {
		west, northwest := hull(0, y), hull(0, y+1)
		for x := range int32(blockSide) {
			east, northeast := hull(x+1, y), hull(x+1, y+1)
			if west != east || east != northeast || northeast != northwest {
				strides = square(at[0]*blockSide+x, at[1]*blockSide+y, [4]int32{west, east, northeast, northwest}, strides)
			}
			west, northwest = east, northeast
		}
	}
	return strides
}

// square adds the borders through one square, whose corners' hulls are given
// counter-clockwise from the south-west. Two opposite corners are not joined: where a hull
// must hang together, it is wide enough for whole squares.
func square(x, y int32, corner [4]int32, strides []stride) []stride {
	side := [4]crossing{{x, y, false}, {x + 1, y, true}, {x, y + 1, false}, {x, y, true}} // from a corner to the next
	for i, hull := range corner {
		if hull < 0 || corner[(i+3)%4] == hull {
			continue
		}
		last := i // of the corners in a row that are in this hull
		for corner[(last+1)%4] == hull {
			last++
		}
		strides = append(strides, stride{hull, side[last%4], side[(i+3)%4]})
	}
	return strides
}

// hull returns the cluster whose hull a node is in; -1: none.
func (n node) hull() int32 {
	if n.squared <= 1 {
		return n.cluster - 1
	}
	return -1
}

// place returns where a border crosses an edge: as far from its cluster as hulls reach or,
// between two hulls, in the middle.
func (f *field) place(c crossing) [2]float64 {
	x, y := c.x+1, c.y
	if c.upright {
		x, y = c.x, c.y+1
	}
	a, b := f.node(c.x, c.y), f.node(x, y)
	share := 0.5
	if a.hull() < 0 || b.hull() < 0 {
		near, far := math.Sqrt(float64(a.squared)), math.Sqrt(float64(b.squared))
		// Not too near a node, where several edges meet.
		share = min(max((1-near)/(far-near), 0.1), 0.9)
	}
	if c.upright {
		return [2]float64{float64(c.x) * f.width, (float64(c.y) + share) * f.height}
	}
	return [2]float64{(float64(c.x) + share) * f.width, float64(c.y) * f.height}
}

// polygon puts the rings of a hull in order: its border, which alone runs counter-clockwise,
// then the holes that are large enough to be kept.
func (f *field) polygon(rings [][][2]float64) [][][2]float64 {
	var border [][2]float64
	var holes [][][2]float64
	for _, ring := range rings {
		kx, ky := metresPerDegree(ring[0][1])
		switch area := area(ring) * kx * ky; {
		case area > 0:
			border = ring
		case -area >= hullLeastHole*f.metres*f.metres:
			holes = append(holes, ring)
		}
	}
	return append([][][2]float64{border}, holes...)
}

// area is a closed ring's area in its own units, negative where it runs clockwise.
func area(ring [][2]float64) float64 {
	sum := 0.0 // twice the area, about the first point to lose no digits
	for i := 1; i+1 < len(ring); i++ {
		sum += (ring[i][0]-ring[0][0])*(ring[i+1][1]-ring[0][1]) - (ring[i][1]-ring[0][1])*(ring[i+1][0]-ring[0][0])
	}
	return sum / 2
}
