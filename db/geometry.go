package db

import "context"

// Extent is where a unit lies. Polygons that bundles gave, or for a commune without one the union of its hamlets.
type Extent struct {
	Label   Position // a point inside
	Box     Box
	AreaKm2 float64 // geodesic, on the ellipsoid of WGS 84
}

// Geometries returns the polygons of units as GeoJSON geometry objects, generalised for a web-map zoom (nil: full
// detail). A unit without a polygon is absent. The bytes are sent as they are.
func (d *DB) Geometries(ctx context.Context, keys []Key, zoom *float64) (map[Key][]byte, error) {
	return nil, nil
}

// Extents returns where units lie. A unit without a polygon is absent.
func (d *DB) Extents(ctx context.Context, keys []Key) (map[Key]Extent, error) { return nil, nil }
