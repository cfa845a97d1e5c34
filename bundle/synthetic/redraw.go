package synthetic

import "math"

// leastSliverKm2 is the least area of what a redrawn border leaves bare or takes twice: an
// import warns from 0.0001 km² on.
const leastSliverKm2 = 0.0005

// redraw redraws one hamlet of a rural commune as a hand without care for the neighbours
// would: a corner of its border is moved into it, which leaves a hole in the commune, and a
// corner of its border with another neighbour out of it, which takes ground twice. Both
// borders lie inside the commune, and no house can stand on either sliver. It returns the
// hamlet, and its polygon since 2025-07-01; -1 if none is fit for it.
func (l *land) redraw(shapes []shape) (hamlet int, anew shape) {
	for _, c := range l.after {
		if c.kind != "xa" || c.from != reformDay {
			continue
		}
		owner := map[[2]point]int{} // which of its hamlets has an edge, in its direction
		for _, id := range c.cells {
			for _, h := range l.cells[id].hamlets {
				shapes[h].edges(func(a, b point) { owner[[2]point{a, b}] = h })
			}
		}
		for _, id := range c.cells {
			for _, h := range l.cells[id].hamlets {
				if m := &l.hamlets[h]; m.kind != "ap" || m.isle >= 0 || len(shapes[h]) > 1 {
					continue
				}
				hole, by, ok := l.move(shapes, h, shapes[h], owner, 1, -1)
				if !ok {
					continue
				}
				if both, _, ok := l.move(shapes, h, hole, owner, -1, by); ok {
					return h, both
				}
			}
		}
	}
	return -1, nil
}

// move moves the first corner that can be moved of a hamlet's border with a neighbour other
// than one, 20 to 100 m to the left (side 1: into the hamlet) or right (-1: out of it).
func (l *land) move(shapes []shape, h int, s shape, owner map[[2]point]int, side float64, but int) (moved shape, neighbour int, ok bool) {
	r := s[0][0]
	for i := 1; i+1 < len(r); i++ {
		n, known := owner[[2]point{r[i], r[i-1]}]
		if o, also := owner[[2]point{r[i+1], r[i]}]; !known || !also || n != o || n == but {
			continue
		}
		loser := h // whose ground it costs, or doubles
		if side < 0 {
			loser = n
		}
		for _, km := range [...]float64{0.1, 0.08, 0.06, 0.04, 0.02} { // houses stand nearer by in a large province
			v := sliver{r[i-1], r[i], r[i+1], aside(r[i-1], r[i], r[i+1], side*km)}
			if !v.apart() || v.areaKm2() < leastSliverKm2 || !v.free(s) || !v.free(shapes[n]) || l.mayBeBuilt(loser, v) {
				continue
			}
			outer := append(ring(nil), r...)
			outer[i] = v[3]
			return shape{append(polygon{outer}, s[0][1:]...)}, n, true
		}
	}
	return nil, -1, false
}

// aside is the point to the left of q, square to the way from p to n.
func aside(p, q, n point, km float64) point {
	px, py := toPlane(p.lon, p.lat)
	qx, qy := toPlane(q.lon, q.lat)
	nx, ny := toPlane(n.lon, n.lat)
	d := math.Hypot(nx-px, ny-py)
	return place(qx-km*(ny-py)/d, qy+km*(nx-px)/d)
}

// sliver lies between a border's old and new course: the corner before, the moved corner,
// the one after, and where the corner went.
type sliver [4]point

// apart says whether the moved corner is between its neighbours, seen from the side: else
// the old and the new course may cross.
func (v sliver) apart() bool {
	px, py := toPlane(v[0].lon, v[0].lat)
	qx, qy := toPlane(v[1].lon, v[1].lat)
	nx, ny := toPlane(v[2].lon, v[2].lat)
	t := ((qx-px)*(nx-px) + (qy-py)*(ny-py)) / dist2(px, py, nx, ny)
	return t > 0.2 && t < 0.8
}

func (v sliver) ring() ring       { return ring{v[0], v[1], v[2], v[3], v[0]} }
func (v sliver) areaKm2() float64 { return math.Abs(area(v.ring())) * kmPerLon * kmPerLat }

// free says whether a shape that has the old course has nothing else on the sliver.
func (v sliver) free(s shape) bool {
	free, r := true, v.ring()
	s.edges(func(a, b point) {
		for _, end := range [2]point{v[0], v[2]} { // the new course, from either end
			if a != end && b != end && crosses(a, b, end, v[3]) {
				free = false
			}
		}
		if a != v[0] && a != v[1] && a != v[2] && contains(r, a) {
			free = false
		}
	})
	return free
}

// mayBeBuilt says whether a house of a hamlet could stand on the sliver.
func (l *land) mayBeBuilt(h int, v sliver) bool {
	const n = 24
	for _, end := range [2]point{v[0], v[2]} {
		for i := 0; i <= n; i++ {
			for j := 0; i+j <= n; j++ {
				a, b := float64(i)/n, float64(j)/n
				x, y := toPlane(end.lon+a*(v[1].lon-end.lon)+b*(v[3].lon-end.lon), end.lat+a*(v[1].lat-end.lat)+b*(v[3].lat-end.lat))
				if l.holds(h, x, y) {
					return true
				}
			}
		}
	}
	return false
}

// edges goes through the edges of all rings.
func (s shape) edges(each func(a, b point)) {
	for _, p := range s {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				each(r[i-1], r[i])
			}
		}
	}
}
