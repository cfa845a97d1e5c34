package synthetic

import "math"

// The plane in which everything is drawn: kilometres east and north of a point amid the
// province. At this scale the error of a plane with two fixed factors is under 0.3 %.
const (
	lon0, lat0         = 105.05, 9.05
	kmPerLon, kmPerLat = 109.95, 110.60
)

func toPlane(lon, lat float64) (x, y float64) {
	return (lon - lon0) * kmPerLon, (lat - lat0) * kmPerLat
}

// toDegrees returns longitude and latitude, rounded to the 7 decimals that are written.
func toDegrees(x, y float64) (lon, lat float64) {
	return round7(lon0 + x/kmPerLon), round7(lat0 + y/kmPerLat)
}

func round7(v float64) float64 { return math.Round(v*1e7) / 1e7 }

// outline is the province drawn by hand with a few dozen strokes: the cape in the
// south-west, the Gulf of Thailand on the left, the East Sea below, the neighbours above.
var outline = [][2]float64{
	{104.82, 8.56}, {104.96, 8.58}, {105.11, 8.63}, {105.19, 8.72}, {105.28, 8.78}, {105.35, 8.86}, {105.39, 9.00},
	{105.48, 9.08}, {105.64, 9.15}, {105.83, 9.24}, {105.82, 9.31}, {105.86, 9.38}, {105.78, 9.40}, {105.71, 9.38},
	{105.63, 9.42}, {105.56, 9.44}, {105.54, 9.59}, {105.42, 9.59}, {105.30, 9.64}, {105.29, 9.58}, {105.33, 9.53},
	{105.29, 9.48}, {105.32, 9.39}, {105.25, 9.40}, {105.13, 9.49}, {105.01, 9.56}, {104.91, 9.55}, {104.84, 9.53},
	{104.83, 9.36}, {104.82, 9.18}, {104.80, 9.06}, {104.81, 8.95}, {104.79, 8.88}, {104.78, 8.80}, {104.82, 8.78},
	{104.90, 8.79}, {104.83, 8.75}, {104.79, 8.71}, {104.78, 8.66}, {104.72, 8.65}, {104.72, 8.60},
}

// island lies off the coast. It is part of one cell, and a hamlet of its own.
type island struct {
	name              string
	lon, lat          float64
	lengthKm, widthKm float64
	old, new          string
	households        float64 // its share of a common hamlet's households
}

var islands = []island{
	{"Hòn Khoai", 104.834, 8.435, 3.4, 2.0, "32245", "32248", 0.12},
	{"Hòn Chuối", 104.524, 8.953, 1.3, 0.9, "32098", "32098", 0.16},
	{"Hòn Đá Bạc", 104.796, 9.180, 0.9, 0.7, "32104", "32104", 0.10},
}

// shore tells land from sea for points of the plane.
type shore struct{ x, y []float64 }

func newShore(ring [][2]float64) *shore {
	s := &shore{}
	for _, p := range ring {
		x, y := toPlane(p[0], p[1])
		s.x, s.y = append(s.x, x), append(s.y, y)
	}
	return s
}

// inside says whether a point lies within the outline.
func (s *shore) inside(x, y float64) bool {
	in := false
	for i, j := 0, len(s.x)-1; i < len(s.x); j, i = i, i+1 {
		if (s.y[i] > y) != (s.y[j] > y) && x < (s.x[j]-s.x[i])*(y-s.y[i])/(s.y[j]-s.y[i])+s.x[i] {
			in = !in
		}
	}
	return in
}

// near says whether a point lies within d of the outline's line.
func (s *shore) near(x, y, d float64) bool {
	for i, j := 0, len(s.x)-1; i < len(s.x); j, i = i, i+1 {
		dx, dy := s.x[i]-s.x[j], s.y[i]-s.y[j]
		t := min(1, max(0, ((x-s.x[j])*dx+(y-s.y[j])*dy)/(dx*dx+dy*dy)))
		if dist2(x, y, s.x[j]+t*dx, s.y[j]+t*dy) < d*d {
			return true
		}
	}
	return false
}

// warp moves a point a little, so that lines drawn straight come out as coasts and rivers.
func warp(seed uint64, x, y, strength float64) (float64, float64) {
	wx := 1.5*noise2(seed, x/7, y/7) + 0.7*noise2(seed+1, x/2.6, y/2.6) + 0.3*noise2(seed+2, x, y)
	wy := 1.5*noise2(seed+3, x/7, y/7) + 0.7*noise2(seed+4, x/2.6, y/2.6) + 0.3*noise2(seed+5, x, y)
	return x + strength*wx, y + strength*wy
}

// islandAt returns the island a point lies on, or -1; margin widens the islands.
func islandAt(x, y, margin float64) int {
	for i, s := range islands {
		cx, cy := toPlane(s.lon, s.lat)
		dx, dy := (x-cx)*0.8+(y-cy)*0.6, (y-cy)*0.8-(x-cx)*0.6 // they lie aslant
		a, b := s.lengthKm/2+margin, s.widthKm/2+margin
		if dx*dx/(a*a)+dy*dy/(b*b) < 1 {
			return i
		}
	}
	return -1
}
