package gis

import (
	"math"
	"slices"

	"github.com/tidwall/geodesic"
)

// WGS 84.
const (
	semiMajorMetres = 6_378_137.0
	flattening      = 1 / 298.257223563
)

// leafPoints is the number of points below which a k-d tree's branch is not split further.
const leafPoints = 8

// Nearest finds the nearest of a set of points by geodesic distance on the WGS 84 ellipsoid.
//
// Points are kept in a k-d tree by their geocentric coordinates. A chord through the
// ellipsoid is never longer than the geodesic over it, so once one geodesic distance is
// known, only points whose chord is no longer can be nearer: those, hardly ever more than
// one, are measured exactly. No approximation is involved.
type Nearest struct {
	points [][2]float64 // longitude, latitude
	at     []spot       // in the tree's order
}

// spot is an indexed point in geocentric metres.
type spot struct {
	at    [3]float64
	index int
}

// NewNearest indexes points given as longitude and latitude in degrees. Find answers with
// their place in the slice, which must not change.
func NewNearest(points [][2]float64) *Nearest {
	n := &Nearest{points: points, at: make([]spot, 0, len(points))}
	for i, p := range points {
		if finite(p[0]) && finite(p[1]) {
			n.at = append(n.at, spot{geocentric(p[0], p[1]), i})
		}
	}
	plant(n.at, 0)
	return n
}

// plant orders points into a tree: the median of an axis in the middle, what lies before it
// on the left, behind it on the right, the axes taking turns.
func plant(at []spot, axis int) {
	if len(at) <= leafPoints {
		return
	}
	slices.SortFunc(at, func(p, q spot) int {
		switch {
		case p.at[axis] < q.at[axis]:
			return -1
		case p.at[axis] > q.at[axis]:
			return 1
		}
		return p.index - q.index
	})
	middle := len(at) / 2
	plant(at[:middle], (axis+1)%3)
	plant(at[middle+1:], (axis+1)%3)
}

// Geocentric returns the place of a point (longitude, latitude in degrees) on the WGS 84 ellipsoid, in metres from its centre. The chord
// between two such places is never longer than the geodesic over it.
func Geocentric(p [2]float64) [3]float64 { return geocentric(p[0], p[1]) }

// geocentric is Geocentric for two numbers.
func geocentric(lon, lat float64) [3]float64 {
	const e2 = flattening * (2 - flattening)
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	n := semiMajorMetres / math.Sqrt(1-e2*sinLat*sinLat)
	return [3]float64{n * cosLat * cosLon, n * cosLat * sinLon, n * (1 - e2) * sinLat}
}

// Find returns the index of the point nearest to a longitude and latitude in degrees and
// its geodesic distance in metres; of points equally near, the first. It is not ok where
// there are no points or the place is not finite.
func (n *Nearest) Find(lon, lat float64) (index int, metres float64, ok bool) {
	if len(n.at) == 0 || !finite(lon) || !finite(lat) {
		return -1, 0, false
	}
	q := query{from: geocentric(lon, lat), best: math.Inf(1), runnerUp: math.Inf(1)}
	q.closest(n.at, 0)
	index = q.index
	metres = DistanceMetres(n.points[index], [2]float64{lon, lat})
	// Rounding of geocentric coordinates is below 1e-8 m.
	if reach := metres + 1e-6; q.runnerUp <= reach*reach {
		q.within(n.at, 0, reach, func(i int) {
			if i == q.index {
				return
			}
			if d := DistanceMetres(n.points[i], [2]float64{lon, lat}); d < metres || (d == metres && i < index) {
				index, metres = i, d
			}
		})
	}
	return index, metres, true
}

// DistanceMetres is the geodesic distance of two points (longitude, latitude in degrees) on
// the WGS 84 ellipsoid, after Karney 2013, "Algorithms for geodesics".
func DistanceMetres(a, b [2]float64) float64 {
	var metres float64
	geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0], &metres, nil, nil)
	return metres
}

// query is one search; distances are squared chords.
type query struct {
	from     [3]float64
	index    int
	best     float64
	runnerUp float64 // no point but the best is nearer than this
}

func (q *query) see(s *spot) {
	x, y, z := s.at[0]-q.from[0], s.at[1]-q.from[1], s.at[2]-q.from[2]
	switch d := x*x + y*y + z*z; {
	case d < q.best:
		q.index, q.best, q.runnerUp = s.index, d, q.best
	case d < q.runnerUp:
		q.runnerUp = d
	}
}

// closest finds the point with the shortest chord and the chord of the next.
func (q *query) closest(at []spot, axis int) {
	if len(at) <= leafPoints {
		for i := range at {
			q.see(&at[i])
		}
		return
	}
	middle := len(at) / 2
	q.see(&at[middle])
	off := q.from[axis] - at[middle].at[axis]
	near, far := at[:middle], at[middle+1:]
	if off > 0 {
		near, far = far, near
	}
	axis = (axis + 1) % 3
	q.closest(near, axis)
	if off*off <= q.runnerUp {
		q.closest(far, axis)
	}
}

// within visits the points whose chord is no longer than reach, in metres.
func (q *query) within(at []spot, axis int, reach float64, visit func(index int)) {
	if len(at) <= leafPoints {
		for i := range at {
			q.touch(&at[i], reach, visit)
		}
		return
	}
	middle := len(at) / 2
	q.touch(&at[middle], reach, visit)
	off := q.from[axis] - at[middle].at[axis]
	axis = (axis + 1) % 3
	if off <= reach {
		q.within(at[:middle], axis, reach, visit)
	}
	if -off <= reach {
		q.within(at[middle+1:], axis, reach, visit)
	}
}

func (q *query) touch(s *spot, reach float64, visit func(index int)) {
	x, y, z := s.at[0]-q.from[0], s.at[1]-q.from[1], s.at[2]-q.from[2]
	if x*x+y*y+z*z <= reach*reach {
		visit(s.index)
	}
}

// Median is the interpolated median of values in any order, which it leaves as they are:
// the mean of the two in the middle where their number is even. Of no values it is NaN.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	if !slices.IsSorted(values) {
		values = slices.Clone(values)
		slices.Sort(values)
	}
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return values[middle-1] + (values[middle]-values[middle-1])/2
}
