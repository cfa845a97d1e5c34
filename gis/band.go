package gis

import (
	"math"
	"slices"
)

// Zooms are the web-map zooms (512-pixel tiles) that generalised shapes are made for.
var Zooms = []int{4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16}

// FullDetail is the band of shapes as they are stored, with seven decimals.
const FullDetail = 99

// Band returns the band to serve at a zoom: the smallest of Zooms that is at least as
// large, so that what is served is never coarser than the zoom asks for. Above the last
// of Zooms, and where no zoom is asked for (nil, NaN), that is FullDetail.
func Band(zoom *float64) int {
	if zoom == nil || math.IsNaN(*zoom) || *zoom > float64(Zooms[len(Zooms)-1]) {
		return FullDetail
	}
	if *zoom <= float64(Zooms[0]) {
		return Zooms[0]
	}
	i, _ := slices.BinarySearch(Zooms, int(math.Ceil(*zoom)))
	return Zooms[i]
}
