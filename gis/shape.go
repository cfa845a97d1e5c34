package gis

import "math"

// Shape is a MultiPolygon with an identity: polygons, their rings (the exterior first,
// then the holes), their points. A ring is closed: its first point is also its last.
// Points are longitude and latitude in degrees.
type Shape struct {
	ID       int64
	Polygons [][][][2]float64
}

// Box returns the shape's envelope.
func (s Shape) Box() (west, south, east, north float64) {
	west, south, east, north = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for _, p := range ring {
				west, south, east, north = min(west, p[0]), min(south, p[1]), max(east, p[0]), max(north, p[1])
			}
		}
	}
	return west, south, east, north
}
