package divide

import (
	"cmp"
	"math"
	"slices"
)

// clip cuts borders off at the land's edge and tells which part lies along each stretch of it.
type clip struct {
	*arrangement
	mesh    *mesh
	borders []segment
	cuts    [][]cut // per border: where the edge crosses it
	bins    map[[2]int32][]int32
	side    float64
}

// cut is where a line is crossed: how far along it, the corner there, and the border.
type cut struct {
	along  float64
	corner int32
	border int32
}

func (c *clip) run() error {
	c.sort()
	corners := map[[2]float64]int32{} // rings may touch themselves and each other
	for _, r := range c.land {
		part, err := c.partAt(r.at[0])
		if err != nil {
			return err
		}
		first := part
		for i := range r.at {
			if part, err = c.cutEdge(r, i, part, corners); err != nil {
				return err
			}
		}
		if part != first {
			return errDegenerate
		}
	}
	for b := range c.borders {
		if err := c.keepInside(int32(b)); err != nil {
			return err
		}
	}
	return nil
}

// sort puts the borders into bins.
func (c *clip) sort() {
	c.side, c.bins = c.root().side/256, map[[2]int32][]int32{}
	for b, s := range c.borders {
		c.bin(c.at[s.a], c.at[s.b], func(key [2]int32) { c.bins[key] = append(c.bins[key], int32(b)) })
	}
}

// bin goes through the bins that the box of a line touches.
func (c *clip) bin(p, q xy, each func(key [2]int32)) {
	for x := int32(math.Floor(min(p.x, q.x) / c.side)); x <= int32(math.Floor(max(p.x, q.x)/c.side)); x++ {
		for y := int32(math.Floor(min(p.y, q.y) / c.side)); y <= int32(math.Floor(max(p.y, q.y)/c.side)); y++ {
			each([2]int32{x, y})
		}
	}
}

// crossed lists the borders that cross the line from p to q, in their order along it.
func (c *clip) crossed(p, q xy) []cut {
	var found []cut
	seen := map[int32]bool{}
	c.bin(p, q, func(key [2]int32) {
		for _, b := range c.bins[key] {
			s := c.borders[b]
			if u, v := c.at[s.a], c.at[s.b]; !seen[b] && crosses(p, q, u, v) {
				seen[b] = true
				from, to := turn(u, v, p), turn(u, v, q)
				along := 0.5
				if from != to {
					along = min(1, max(0, from/(from-to)))
				}
				found = append(found, cut{along: along, border: b})
			}
		}
	})
	slices.SortFunc(found, func(a, b cut) int { return cmp.Or(cmp.Compare(a.along, b.along), cmp.Compare(a.border, b.border)) })
	return found
}

// partAt is the part at a place: that of some corner of the mesh, changed by each border on the way from there.
func (c *clip) partAt(p xy) (int, error) {
	from := 0
	for i, q := range c.mesh.at {
		if p.to(q) < p.to(c.mesh.at[from]) {
			from = i
		}
	}
	part, ok := c.mesh.part[from], true
	for _, x := range c.crossed(c.mesh.at[from], p) {
		if part, ok = c.over(x.border, c.mesh.at[from], part); !ok {
			return 0, errDegenerate
		}
	}
	return part, nil
}

// over is the part beyond a border for who comes from a side, where it must be the part told.
func (c *clip) over(border int32, side xy, part int) (beyond int, ok bool) {
	s := c.borders[border]
	if leftOf(c.at[s.a], c.at[s.b], side) {
		return s.right, s.left == part
	}
	return s.left, s.right == part
}

// cutEdge cuts edge i of a ring where borders cross it, and returns the part at its end.
func (c *clip) cutEdge(r ring, i int, part int, corners map[[2]float64]int32) (int, error) {
	j := (i + 1) % len(r.at)
	known := func(k int) int32 {
		n, ok := corners[r.degrees[k]]
		if !ok {
			n = c.corner(r.at[k], r.degrees[k], true)
			corners[r.degrees[k]] = n
		}
		return n
	}
	last, p, q := known(i), r.at[i], r.at[j]
	for _, x := range c.crossed(p, q) {
		at := mid(p, q, x.along)
		x.corner = c.corner(at, [2]float64{
			r.degrees[i][0] + x.along*(r.degrees[j][0]-r.degrees[i][0]),
			r.degrees[i][1] + x.along*(r.degrees[j][1]-r.degrees[i][1]),
		}, false)
		c.segments = append(c.segments, segment{last, x.corner, part, outside})
		last = x.corner
		s := c.borders[x.border]
		c.cuts[x.border] = append(c.cuts[x.border], cut{along: c.at[s.a].to(at), corner: x.corner})
		beyond, ok := c.over(x.border, p, part)
		if !ok {
			return 0, errDegenerate
		}
		part = beyond
	}
	c.segments = append(c.segments, segment{last, known(j), part, outside})
	return part, nil
}

// keepInside keeps what of a border lies in the land.
func (c *clip) keepInside(border int32) error {
	s, cuts := c.borders[border], c.cuts[border]
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(a.along, b.along) })
	in := c.land.holds(c.at[s.a])
	last := s.a
	for _, x := range append(cuts, cut{corner: s.b}) {
		if in {
			c.segments = append(c.segments, segment{last, x.corner, s.left, s.right})
		}
		last, in = x.corner, !in
	}
	if in == c.land.holds(c.at[s.b]) { // turned once too often, at its end
		return errDegenerate
	}
	return nil
}
