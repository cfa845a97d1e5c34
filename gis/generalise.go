package gis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

const (
	tileSize = 512
	// errorPixels bounds the distance between a border and its generalisation, rounding and
	// snapping included.
	errorPixels = 0.5
	// roundingPixels bounds the step of written coordinates.
	roundingPixels = 0.1
	// snapUnits bounds how far merging points and splitting edges moves a border.
	snapUnits = 4
	// mercatorLimit is the latitude at which web-mercator maps end.
	mercatorLimit = 85.06
)

// Generalise simplifies all shapes as one topology and calls emit once for every zoom and
// shape, from the finest zoom to the coarsest and in the shapes' order.
//
// Shapes given together may be of several levels and vintages: they may nest and overlap.
// Every stretch of border is simplified once, and so identically for all shapes that share
// it; neighbours show neither gap nor overlap beyond those they came with, no shape and no
// ring vanishes, and every ring is valid with its exterior counter-clockwise (RFC 7946).
//
// Dirty borders are made one first: points are snapped to 1e-7 degrees, a vertex that
// lies on another shape's edge becomes a vertex of both, borders that cross get a vertex
// where they do; a ring nowhere wider than that grid is closed up, for all shapes around it.
// Shapes must be valid apart from that, rings may run either way. A shape that is no
// wider than the grid as a whole comes out as it went in.
//
// At zoom z the Hausdorff distance between a border and what is emitted stays under half a
// web-mercator pixel of 512-pixel tiles. Coordinates are rounded to a tenth of a pixel or
// finer, at least to 1e-7 degrees; decimals is what the shape's coordinates need, which in
// a few places is more than the zoom alone would. A shape emitted shares no memory with others.
//
// Vertices are removed one at a time, the smallest deviation first (after Visvalingam and
// Whyatt 1993, with the distance to all original vertices as the measure); the test of
// the triangle they leave is that of topology-preserving line generalisation (Saalfeld 1999).
func Generalise(ctx context.Context, shapes []Shape, zooms []int, emit func(zoom int, shape Shape, decimals int) error) error {
	bands := slices.Clone(zooms)
	slices.SortFunc(bands, func(a, b int) int { return cmp.Compare(b, a) })
	bands = slices.Compact(bands)
	for _, z := range bands {
		if z < 0 || z > 30 {
			return fmt.Errorf("zoom %d is outside 0 to 30", z)
		}
	}
	w, shift, err := build(ctx, shapes)
	if err != nil {
		return err
	}
	lowest := 1.0 // the cosine of the latitude farthest from the equator
	mercator := func(p point) (x, y float64) {
		lon, lat := float64(p.x+shift.x)/unitsPerDegree, float64(p.y+shift.y)/unitsPerDegree
		return mercatorX(lon), mercatorY(lat)
	}
	for _, p := range w.at {
		lowest = min(lowest, math.Cos(float64(p.y+shift.y)/unitsPerDegree*math.Pi/180))
	}
	t := newThinner(w, mercator)
	for _, zoom := range bands {
		decimals, tolerance := budget(zoom, lowest)
		if err := t.thin(ctx, tolerance); err != nil {
			return err
		}
		placed := w.round(decimals, shift)
		for i, s := range shapes {
			if err := ctx.Err(); err != nil {
				return err
			}
			needed := 0
			out := Shape{ID: s.ID}
			if len(w.shapes[i]) == 0 {
				// Nothing of it is wider than the unit grid: as it came is as small as it gets.
				out.Polygons, needed = s.Polygons, maxDecimals
			} else {
				out.Polygons, needed = placed.polygons(w.shapes[i])
			}
			if err := emit(zoom, out, needed); err != nil {
				return err
			}
		}
	}
	return nil
}

// budget splits the half pixel of a zoom: what rounding and snapping may take, the rest
// for leaving out vertices, in web-mercator with the world being 1.
func budget(zoom int, cosine float64) (decimals int, tolerance float64) {
	pixel := 1 / (tileSize * math.Exp2(float64(zoom)))
	decimals = min(max(int(math.Ceil(-math.Log10(roundingPixels*360*pixel))), 0), maxDecimals)
	step := math.Pow10(-decimals) / 360
	snapped := snapUnits / (360.0 * unitsPerDegree * cosine)
	rounded := step / 2 * math.Sqrt(1+1/(cosine*cosine))
	return decimals, max(0.999*errorPixels*pixel-rounded-snapped, 0)
}

func mercatorX(lon float64) float64 { return lon/360 + 0.5 }

func mercatorY(lat float64) float64 {
	return 0.5 - math.Asinh(math.Tan(lat*math.Pi/180))/(2*math.Pi)
}

// build snaps and nodes all shapes and cuts their borders into arcs. Places in the network
// are relative to shift.
func build(ctx context.Context, shapes []Shape) (w *network, shift point, err error) {
	points := 0
	low, high := point{math.MaxInt64, math.MaxInt64}, point{math.MinInt64, math.MinInt64}
	for _, s := range shapes {
		for _, polygon := range s.Polygons {
			for _, ring := range polygon {
				points += len(ring)
				for _, p := range ring {
					if !(math.Abs(p[0]) <= 360 && math.Abs(p[1]) <= mercatorLimit) {
						return nil, shift, fmt.Errorf("shape %d: no place on a web map: %v, %v", s.ID, p[0], p[1])
					}
					u := snap(p)
					low, high = point{min(low.x, u.x), min(low.y, u.y)}, point{max(high.x, u.x), max(high.y, u.y)}
				}
			}
		}
	}
	if points > 0 && (high.x-low.x > maxExtent || high.y-low.y > maxExtent) {
		return nil, shift, fmt.Errorf("the shapes span more than %d degrees", maxExtent/unitsPerDegree)
	}
	n := newNoder(points)
	rings := make([][][]int32, len(shapes))
	for i, s := range shapes {
		for _, polygon := range s.Polygons {
			for k, ring := range polygon {
				if r := n.ring(ring, low, k > 0); r != nil {
					rings[i] = append(rings[i], r)
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, shift, err
		}
	}
	n.node()
	if err := ctx.Err(); err != nil {
		return nil, shift, err
	}
	t := newTracer(n)
	traced := make([][][]tracedRing, len(shapes))
	for i := range rings {
		traced[i] = t.trace(rings[i])
	}
	return newNetwork(n, traced), low, ctx.Err()
}

func snap(p [2]float64) point {
	return point{int64(math.Round(p[0] * unitsPerDegree)), int64(math.Round(p[1] * unitsPerDegree))}
}

// ring turns points into vertices and edges: no vertex twice in a row, an exterior
// counter-clockwise, a hole clockwise. It is nil where nothing is left of the ring.
func (n *noder) ring(points [][2]float64, shift point, hole bool) []int32 {
	r := make([]int32, 0, len(points))
	for _, p := range points {
		u := snap(p)
		if v := n.vertex(point{u.x - shift.x, u.y - shift.y}); len(r) == 0 || r[len(r)-1] != v {
			r = append(r, v)
		}
	}
	for len(r) > 1 && r[0] == r[len(r)-1] {
		r = r[:len(r)-1]
	}
	if len(r) < 3 {
		return nil
	}
	if (area2(n.at, r) < 0) != hole {
		slices.Reverse(r)
	}
	for i, v := range r {
		n.edge(r[(i+len(r)-1)%len(r)], v)
	}
	return r
}

// polygons writes a shape as it stands in this band, and the decimals it needs.
func (r *rounder) polygons(shape [][][]arcUse) (polygons [][][][2]float64, decimals int) {
	n := 0
	for _, polygon := range shape {
		for _, uses := range polygon {
			r.ring(uses, func(int32) { n++ })
			n++
		}
	}
	points := make([][2]float64, 0, n)
	polygons = make([][][][2]float64, len(shape))
	for i, polygon := range shape {
		polygons[i] = make([][][2]float64, len(polygon))
		for j, uses := range polygon {
			begin := len(points)
			r.ring(uses, func(v int32) {
				p := r.to[v]
				points = append(points, [2]float64{
					float64(p.x+r.shift.x) / unitsPerDegree,
					float64(p.y+r.shift.y) / unitsPerDegree,
				})
				decimals = max(decimals, int(r.decimals[v]))
			})
			points = append(points, points[begin])
			polygons[i][j] = points[begin:len(points):len(points)]
		}
	}
	return polygons, decimals
}
