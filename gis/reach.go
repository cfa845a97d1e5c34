package gis

import "math"

const (
	// ShortestDegree is the shortest degree of latitude, at the equator, in metres rounded down. Statements have it as 110574.
	ShortestDegree = 110_574.0
	// leastCurvatureRadius bounds the curvature of a geodesic: that of the meridian at the equator, b²/a, in metres, rounded down.
	leastCurvatureRadius = 6_335_439.0
	// slackMetres is more than geocentric coordinates and chords of them can be wrong.
	slackMetres = 1e-6
)

// Reach tells whether two points are at most so many geodesic metres apart, and hardly ever measures it. A chord through the
// ellipsoid is never longer than the geodesic over it, and by Schur's comparison of curves a geodesic, which nowhere bends
// more than a circle of the least radius of curvature, is never longer than that circle's arc over the same chord. Between the
// two chords, less than a millimetre apart at 3 km, the geodesic itself is measured: nothing is approximated.
type Reach struct {
	metres        float64
	surely, maybe float64 // squared chords: within reach whatever the geodesic; not worth measuring beyond
}

// NewReach returns a reach of so many metres.
func NewReach(metres float64) Reach {
	r := Reach{metres, -1, (metres + slackMetres) * (metres + slackMetres)}
	if metres > slackMetres {
		arc := (metres - slackMetres) / (2 * leastCurvatureRadius)
		chord := 2 * leastCurvatureRadius * math.Sin(math.Min(arc, math.Pi/2))
		r.surely = chord * chord
	}
	return r
}

// Within tells whether two points (longitude, latitude in degrees) whose geocentric places are such a squared chord apart are
// within reach.
func (r *Reach) Within(chord float64, a, b *[2]float64) bool {
	return chord <= r.surely || chord <= r.maybe && DistanceMetres(*a, *b) <= r.metres
}
