package gis

import "math"

// MaxTileZoom is the largest zoom that vector tiles are made for: their grid of 4,096 a side is 15 cm wide there, and a
// map draws what lies nearer from them.
const MaxTileZoom = 16

// Tile names a square of a web-mercator map: of the 2^Z by 2^Z squares of zoom Z, column X from the west and row Y from
// the north.
type Tile struct{ Z, X, Y int }

// TileAt returns the tile of a zoom that a point (degrees) lies in. Tiles are half-open: what lies on a border is the
// eastern or the southern one's.
func TileAt(longitude, latitude float64, z int) Tile {
	n := math.Exp2(float64(z))
	return Tile{Z: z, X: int(math.Floor(mercatorX(longitude) * n)), Y: int(math.Floor(mercatorY(latitude) * n))}
}

// Valid tells whether there is such a tile.
func (t Tile) Valid() bool {
	return t.Z >= 0 && t.Z <= MaxTileZoom && t.X >= 0 && t.X < 1<<t.Z && t.Y >= 0 && t.Y < 1<<t.Z
}

// Box returns the tile's envelope in degrees, wider on each side by that part of its width. It ends where the map does.
func (t Tile) Box(margin float64) (west, south, east, north float64) {
	n := math.Exp2(float64(t.Z))
	side := func(x float64) float64 { return min(max(x/n, 0), 1) }
	longitude := func(x float64) float64 { return (side(x) - 0.5) * 360 }
	latitude := func(y float64) float64 { return math.Atan(math.Sinh((0.5-side(y))*2*math.Pi)) * 180 / math.Pi }
	x, y := float64(t.X), float64(t.Y)
	return longitude(x - margin), latitude(y + 1 + margin), longitude(x + 1 + margin), latitude(y - margin)
}
