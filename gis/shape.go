package gis

// Shape is a MultiPolygon with an identity: polygons, their rings (the exterior first,
// then the holes), their points. A ring is closed: its first point is also its last.
// Points are longitude and latitude in degrees.
type Shape struct {
	ID       int64
	Polygons [][][][2]float64
}
