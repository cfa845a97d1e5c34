package gis

import (
	"fmt"
	"math"
	"slices"
)

// Stand-ins until nearest and reference-system files land in this room: delete this file then.

// The box of Vietnam's longitudes and latitudes, in degrees.
const (
	West  = 102.0
	East  = 118.0
	South = 6.0
	North = 24.0
)

// ProjText is the pinned definition of a VN-2000 zone.
func ProjText(srid int) (string, bool) {
	meridian := map[int]float64{5897: 105, 5899: 107.75, 9207: 104.5, 9209: 105.5, 9210: 105.75}
	if m, ok := meridian[srid]; ok {
		return fmt.Sprintf("+proj=tmerc +lat_0=0 +lon_0=%v +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278 +units=m +no_defs", m), true
	}
	return "", false
}

// Nearest finds the nearest of a set of points.
type Nearest struct{ points [][3]float64 }

func ecef(lon, lat float64) [3]float64 {
	const a, e2 = 6378137.0, 0.00669437999014
	sl, cl := math.Sincos(lat * math.Pi / 180)
	so, co := math.Sincos(lon * math.Pi / 180)
	n := a / math.Sqrt(1-e2*sl*sl)
	return [3]float64{n * cl * co, n * cl * so, n * (1 - e2) * sl}
}

// NewNearest indexes points.
func NewNearest(points [][2]float64) *Nearest {
	n := &Nearest{}
	for _, p := range points {
		n.points = append(n.points, ecef(p[0], p[1]))
	}
	return n
}

// Find answers the nearest point and its distance in metres.
func (n *Nearest) Find(lon, lat float64) (int, float64, bool) {
	p := ecef(lon, lat)
	best, at := math.Inf(1), -1
	for i, q := range n.points {
		d := (p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2])
		if d < best {
			best, at = d, i
		}
	}
	c := math.Sqrt(best)
	return at, c * (1 + c*c/(24*6371000*6371000)), at >= 0
}

// Median is the interpolated median; NaN of nothing.
func Median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Clone(v)
	slices.Sort(v)
	h := len(v) / 2
	if len(v)%2 == 1 {
		return v[h]
	}
	return (v[h-1] + v[h]) / 2
}
