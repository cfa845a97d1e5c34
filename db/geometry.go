package db

import (
	"context"

	"vunglom/gis"
)

var (
	unitGeometry = query("unit_geometry")
	unitExtent   = query("unit_extent")
)

// bandOf returns the zoom band whose shapes are good for a web-map zoom; nil asks for full detail.
func bandOf(zoom *float64) (int, error) {
	if zoom != nil && !(*zoom >= 0 && *zoom <= 24) {
		return 0, badInput("zoom là %g; phải từ 0 đến 24", "zoom is %g; it must be 0 to 24", *zoom)
	}
	return gis.Band(zoom), nil
}

// Extent is where a unit lies. Polygons that bundles gave, or for a commune without one the union of its hamlets.
type Extent struct {
	Label   Position // a point inside
	Box     Box
	AreaKm2 float64 // geodesic, on the ellipsoid of WGS 84
}

// Geometries returns the polygons of units as GeoJSON geometry objects, generalised for a web-map zoom (nil: full
// detail). A unit without a polygon is absent. The bytes are sent as they are.
func (d *DB) Geometries(ctx context.Context, keys []Key, zoom *float64) (map[Key][]byte, error) {
	band, err := bandOf(zoom)
	if err != nil {
		return nil, err
	}
	args := keyArgs(keys)
	args["zoom"] = band
	type row struct {
		Key
		GeoJSON []byte `db:"geojson"`
	}
	found, err := ask[row](ctx, d, unitGeometry, args)
	if err != nil {
		return nil, err
	}
	answer := make(map[Key][]byte, len(found))
	for _, r := range found {
		answer[r.Key] = r.GeoJSON
	}
	return answer, nil
}

// Extents returns where units lie. A unit without a polygon is absent.
func (d *DB) Extents(ctx context.Context, keys []Key) (map[Key]Extent, error) {
	type row struct {
		Key
		Position
		Box
		AreaKm2 float64
	}
	found, err := ask[row](ctx, d, unitExtent, keyArgs(keys))
	if err != nil {
		return nil, err
	}
	answer := make(map[Key]Extent, len(found))
	for _, r := range found {
		answer[r.Key] = Extent{Label: r.Position, Box: r.Box, AreaKm2: r.AreaKm2}
	}
	return answer, nil
}
