package divide

import (
	"cmp"
	"math"
	"slices"

	"vunglom/gis"
)

// xy is a place in the plane, metres.
type xy struct{ x, y float64 }

func (a xy) minus(b xy) xy      { return xy{a.x - b.x, a.y - b.y} }
func (a xy) to(b xy) float64    { return math.Hypot(b.x-a.x, b.y-a.y) }
func mid(a, b xy, t float64) xy { return xy{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)} }
func turn(a, b, c xy) float64   { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }
func leftOf(a, b, c xy) bool    { return turn(a, b, c) >= 0 } // a point on the line counts as left, always
func crosses(a, b, c, d xy) bool {
	return leftOf(a, b, c) != leftOf(a, b, d) && leftOf(c, d, a) != leftOf(c, d, b)
}

// fromSegment is the distance of p from the segment a–b.
func fromSegment(p, a, b xy) float64 {
	d := b.minus(a)
	if length := d.x*d.x + d.y*d.y; length > 0 {
		a = mid(a, b, min(1, max(0, ((p.x-a.x)*d.x+(p.y-a.y)*d.y)/length)))
	}
	return p.to(a)
}

// plane maps degrees about a middle to metres: equirectangular, on the WGS 84 ellipsoid.
type plane struct {
	lon, lat, perLon, perLat float64
}

func planeOf(land gis.Shape) plane {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, polygon := range land.Polygons {
		for _, p := range polygon[0] {
			low = [2]float64{min(low[0], p[0]), min(low[1], p[1])}
			high = [2]float64{max(high[0], p[0]), max(high[1], p[1])}
		}
	}
	const a, e2 = 6_378_137.0, 0.00669437999014 // WGS 84: semi-major axis in metres, eccentricity squared
	p := plane{lon: (low[0] + high[0]) / 2, lat: (low[1] + high[1]) / 2}
	sin, cos := math.Sincos(p.lat * math.Pi / 180)
	w := 1 - e2*sin*sin
	p.perLon = math.Pi / 180 * a * cos / math.Sqrt(w)
	p.perLat = math.Pi / 180 * a * (1 - e2) / (w * math.Sqrt(w))
	return p
}

func (p plane) toPlane(at [2]float64) xy {
	return xy{(at[0] - p.lon) * p.perLon, (at[1] - p.lat) * p.perLat}
}
func (p plane) toDegrees(at xy) [2]float64 {
	return [2]float64{p.lon + at.x/p.perLon, p.lat + at.y/p.perLat}
}

// ring is a closed line without its last point, the land on its left; degrees holds it as it was given.
type ring struct {
	at      []xy
	degrees [][2]float64
}

// region is the rings of a land: exteriors counter-clockwise, holes clockwise.
type region []ring

// ring takes a closed ring over, so that the land lies on its left, from its westernmost corner on: however a land is
// written, it is divided alike to the last digit.
func (p plane) ring(closed [][2]float64, exterior bool) ring {
	open := closed[:len(closed)-1]
	first := 0
	for i, d := range open {
		if byPlace(d, open[first]) < 0 {
			first = i
		}
	}
	r := ring{degrees: slices.Concat(open[first:], open[:first])}
	for _, d := range r.degrees {
		r.at = append(r.at, p.toPlane(d))
	}
	if (r.area() > 0) != exterior {
		slices.Reverse(r.at[1:])
		slices.Reverse(r.degrees[1:])
	}
	return r
}

// byPlace orders places from west to east, and from south to north.
func byPlace(a, b [2]float64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }

// area is positive where the ring runs counter-clockwise, m².
func (r ring) area() float64 {
	sum := 0.0
	for i := range r.at {
		sum += turn(r.at[0], r.at[i], r.at[(i+1)%len(r.at)])
	}
	return sum / 2
}

// holds tells whether a place lies in the region, by the parity of the edges above it.
func (g region) holds(p xy) bool {
	in := false
	for _, r := range g {
		b := r.at[len(r.at)-1]
		for _, a := range r.at {
			if (a.x > p.x) != (b.x > p.x) && leftOf(a, b, p) == (a.x > b.x) {
				in = !in
			}
			b = a
		}
	}
	return in
}
