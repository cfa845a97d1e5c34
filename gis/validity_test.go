package gis

import (
	"fmt"
	"math"
	"slices"
)

// Checks that share nothing with the code under test but the integer predicates.

type segment struct{ a, b point }

func (s segment) undirected() segment {
	if s.a.x > s.b.x || (s.a.x == s.b.x && s.a.y > s.b.y) {
		return segment{s.b, s.a}
	}
	return s
}

// origin keeps cross products of Vietnamese places in 64 bits.
var origin = [2]float64{105, 15}

func toUnits(p [2]float64) point {
	return point{int64(math.Round((p[0] - origin[0]) * unitsPerDegree)), int64(math.Round((p[1] - origin[1]) * unitsPerDegree))}
}

func unitRing(r ring) []point {
	out := make([]point, len(r))
	for i, p := range r {
		out[i] = toUnits(p)
	}
	return out
}

func ringArea2(r []point) (sum int64) {
	for i := 1; i+1 < len(r); i++ {
		sum += cross(r[0], r[i], r[i+1])
	}
	return sum
}

func shapeArea2(s Shape) (sum int64) {
	for _, polygon := range s.Polygons {
		for _, r := range polygon {
			sum += ringArea2(unitRing(r))
		}
	}
	return sum
}

// segments lists the directed edges of a shape.
func segments(s Shape) []segment {
	var all []segment
	for _, polygon := range s.Polygons {
		for _, r := range polygon {
			u := unitRing(r)
			for i := 1; i < len(u); i++ {
				all = append(all, segment{u[i-1], u[i]})
			}
		}
	}
	return all
}

// checkRings holds every ring of a shape to RFC 7946 and to being simple.
func checkRings(s Shape) error {
	if len(s.Polygons) == 0 {
		return fmt.Errorf("shape %d vanished", s.ID)
	}
	for _, polygon := range s.Polygons {
		for k, r := range polygon {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				return fmt.Errorf("shape %d: a ring of %d points, or not closed: %v", s.ID, len(r), r)
			}
			seen := map[[2]float64]bool{}
			for _, p := range r[1:] {
				if seen[p] {
					return fmt.Errorf("shape %d: a ring meets itself at %v", s.ID, p)
				}
				seen[p] = true
			}
			if area := ringArea2(unitRing(r)); area == 0 || (area > 0) != (k == 0) {
				return fmt.Errorf("shape %d: ring %d has area %d", s.ID, k, area)
			}
			if k > 0 && !inside(unitRing(r), unitRing(polygon[0])) {
				return fmt.Errorf("shape %d: a hole is outside", s.ID)
			}
		}
	}
	return nil
}

// inside tells whether a ring lies in another, going by points not on its border.
func inside(inner, outer []point) bool {
	in, out := 0, 0
	for _, p := range inner {
		odd, on := false, false
		for i := 1; i < len(outer); i++ {
			a, b := outer[i-1], outer[i]
			if cross(a, b, p) == 0 && onSegment(p, a, b) {
				on = true
				break
			}
			if (a.y > p.y) != (b.y > p.y) && float64(p.x) < float64(a.x)+float64(b.x-a.x)*float64(p.y-a.y)/float64(b.y-a.y) {
				odd = !odd
			}
		}
		switch {
		case on:
		case odd:
			in++
		default:
			out++
		}
	}
	return out == 0 && in > 0 || in+out == 0
}

// checkPlanar holds that no two edges of any shapes meet but at common ends. Since rings
// are simple and shapes may only share whole edges, no shape can then reach into another
// that it did not reach into before.
func checkPlanar(shapes []Shape) error {
	set := map[segment]bool{}
	for _, s := range shapes {
		for _, e := range segments(s) {
			set[e.undirected()] = true
		}
	}
	edges := make([]segment, 0, len(set))
	for e := range set {
		edges = append(edges, e)
	}
	slices.SortFunc(edges, func(s, t segment) int { return int(s.a.x - t.a.x) })
	var open []segment
	for _, e := range edges {
		kept := open[:0]
		for _, f := range open {
			if f.b.x < e.a.x {
				continue
			}
			kept = append(kept, f)
			if max(f.a.y, f.b.y) < min(e.a.y, e.b.y) || min(f.a.y, f.b.y) > max(e.a.y, e.b.y) {
				continue
			}
			if conflict(e, f) {
				return fmt.Errorf("edges %v and %v meet", e, f)
			}
		}
		open = append(kept, e)
	}
	return nil
}

func conflict(e, f segment) bool {
	if !meet(e.a, e.b, f.a, f.b) {
		return false
	}
	var common, p, q point
	switch {
	case e.a == f.a:
		common, p, q = e.a, e.b, f.b
	case e.a == f.b:
		common, p, q = e.a, e.b, f.a
	case e.b == f.a:
		common, p, q = e.b, e.a, f.b
	case e.b == f.b:
		common, p, q = e.b, e.a, f.a
	default:
		return true
	}
	// They overlap where they leave the common end in the same direction.
	return cross(common, p, q) == 0 && (p.x-common.x)*(q.x-common.x)+(p.y-common.y)*(q.y-common.y) > 0
}

// pixelLine is a border in web-mercator pixels of a zoom.
func pixelLines(s Shape, zoom int) [][][2]float64 {
	world := tileSize * math.Exp2(float64(zoom))
	var lines [][][2]float64
	for _, polygon := range s.Polygons {
		for _, r := range polygon {
			line := make([][2]float64, len(r))
			for i, p := range r {
				phi := p[1] * math.Pi / 180
				line[i] = [2]float64{(p[0] + 180) / 360 * world, (1 - math.Log(math.Tan(phi)+1/math.Cos(phi))/math.Pi) / 2 * world}
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// apart tells whether the Hausdorff distance of two sets of lines is limit or more: whether
// a place on one is that far from the whole other. Places are the vertices and points
// between them no farther apart than a tenth of a pixel (or, on long edges, a 20th of them).
func apart(s, t [][][2]float64, limit float64) (far [2]float64, is bool) {
	if far, is = strays(s, t, limit); !is {
		far, is = strays(t, s, limit)
	}
	return far, is
}

func strays(from, to [][][2]float64, limit float64) (far [2]float64, is bool) {
	var edges [][2][2]float64
	for _, line := range to {
		for i := 1; i < len(line); i++ {
			edges = append(edges, [2][2]float64{line[i-1], line[i]})
		}
	}
	last := 0 // where the place before was near: the next one is likely near there, too
	for _, line := range from {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			steps := max(1, math.Ceil(min(10*math.Hypot(b[0]-a[0], b[1]-a[1]), 20)))
			for k := 0.0; k < steps; k++ {
				p := [2]float64{a[0] + k/steps*(b[0]-a[0]), a[1] + k/steps*(b[1]-a[1])}
				near := false
				for j := 0; j < len(edges) && !near; j++ {
					// Outward from the last: last, last+1, last−1, last+2, …
					at := last + (j+1)/2
					if j%2 == 0 {
						at = last - j/2 + len(edges)
					}
					if at %= len(edges); distance(p, edges[at][0], edges[at][1]) < limit {
						near, last = true, at
					}
				}
				if !near {
					return p, true
				}
			}
		}
	}
	return far, false
}

// distance is that of a point from a segment.
func distance(p, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l, 0), 1)
	}
	return math.Hypot(p[0]-a[0]-t*dx, p[1]-a[1]-t*dy)
}
