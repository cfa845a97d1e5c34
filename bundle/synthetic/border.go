package synthetic

import "math"

// sway is how far a border may leave the straight edge, as a share of the way to the
// site on either side. Within these bounds no two drawn edges can meet.
const sway = 0.30

// point is a corner of a drawn border, in degrees as written.
type point struct{ lon, lat float64 }

// ring is closed: its last point repeats its first.
type ring []point

// polygon is an outer ring, counter-clockwise, and its holes, clockwise.
type polygon []ring

// shape is one unit's polygons.
type shape []polygon

// border draws the curve of half-edge e of the triangulation from the corner of e's
// triangle to that of the opposite one, without the last point. Both directions give
// the same points.
func (m *mesh) border(e int32, dst ring) ring {
	f := m.half[e]
	forward := e < f
	c := e
	if !forward {
		c = f
	}
	u, v := c/3, m.half[c]/3
	ux, uy, vx, vy := m.vx[u], m.vy[u], m.vx[v], m.vy[v]
	a, b := m.tri[c], m.tri[nextEdge(c)]
	length := math.Sqrt(dist2(ux, uy, vx, vy))
	n := int(length / m.spacing * 4)
	if length < 0.03 {
		n = 0
	}
	at := func(i int) point {
		t := float64(i) / float64(n+1)
		x, y := ux+t*(vx-ux), uy+t*(vy-uy)
		to := a
		if unitHash(m.salt, int(c), -1) < 0.5 {
			to = b
		}
		s := sway * unitHash(m.salt, int(c), i)
		return place(x+s*(m.x[to]-x), y+s*(m.y[to]-y))
	}
	if forward {
		dst = append(dst, place(ux, uy))
		for i := 1; i <= n; i++ {
			dst = append(dst, at(i))
		}
		return dst
	}
	dst = append(dst, place(vx, vy))
	for i := n; i >= 1; i-- {
		dst = append(dst, at(i))
	}
	return dst
}

func place(x, y float64) point {
	lon, lat := toDegrees(x, y)
	return point{lon, lat}
}

// shapes unites the cells of all sites of one group; other groups than 0 to groups-1 are left out.
func (m *mesh) shapes(group []int32, groups int) []shape {
	byGroup := make([][]int32, groups)
	for e, a := range m.tri {
		f := m.half[e]
		if f < 0 || group[a] < 0 || int(group[a]) >= groups {
			continue
		}
		if group[m.tri[nextEdge(int32(e))]] != group[a] {
			byGroup[group[a]] = append(byGroup[group[a]], int32(e))
		}
	}
	all := make([]shape, groups)
	for g, edges := range byGroup {
		all[g] = m.trace(edges)
	}
	return all
}

// trace joins half-edges, whose sites all belong to one unit, into rings and those into
// polygons. Three cells meet in a corner, so a unit's border passes it at most once.
func (m *mesh) trace(edges []int32) shape {
	// The Voronoi edge between a and b seen from a runs from the triangle right of a→b to
	// the one left of it when followed counter-clockwise round a.
	from := make(map[int32]int, len(edges))
	for i, e := range edges {
		from[m.half[e]/3] = i
	}
	used := make([]bool, len(edges))
	var outer, holes []ring
	for i := range edges {
		if used[i] {
			continue
		}
		var r ring
		for k := i; !used[k]; k = from[edges[k]/3] {
			used[k] = true
			r = m.border(m.half[edges[k]], r)
		}
		r = closed(r)
		if area(r) > 0 {
			outer = append(outer, r)
		} else {
			holes = append(holes, r)
		}
	}
	s := make(shape, len(outer))
	for i, r := range outer {
		s[i] = polygon{r}
	}
	for _, h := range holes {
		for i := range s {
			if len(outer) == 1 || contains(s[i][0], h[0]) {
				s[i] = append(s[i], h)
				break
			}
		}
	}
	return s
}

// closed drops points that repeat the one before and repeats the first at the end.
func closed(r ring) ring {
	out := r[:0]
	for _, p := range r {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return append(out, out[0])
}

// area is the signed area in square degrees, positive counter-clockwise.
func area(r ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1].lon-r[0].lon)*(r[i].lat-r[0].lat) - (r[i].lon-r[0].lon)*(r[i-1].lat-r[0].lat)
	}
	return sum / 2
}

// areaKm2 is a shape's area in the drawing plane.
func (s shape) areaKm2() float64 {
	sum := 0.0
	for _, p := range s {
		for _, r := range p {
			sum += area(r)
		}
	}
	return sum * kmPerLon * kmPerLat
}

func contains(r ring, p point) bool {
	in := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a.lat > p.lat) != (b.lat > p.lat) && p.lon < (b.lon-a.lon)*(p.lat-a.lat)/(b.lat-a.lat)+a.lon {
			in = !in
		}
	}
	return in
}
