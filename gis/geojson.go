package gis

import (
	"math"
	"strconv"
)

// AppendGeoJSON appends a shape as an RFC 7946 geometry object: a Polygon where it has one
// polygon, else a MultiPolygon. Exteriors are written counter-clockwise and holes clockwise,
// whichever way the shape has them. Coordinates are rounded to that many decimals, at most
// seven, and written without trailing zeros. Coordinates must be finite.
func AppendGeoJSON(dst []byte, s Shape, decimals int) []byte {
	decimals = min(max(decimals, 0), maxDecimals)
	if len(s.Polygons) == 1 {
		dst = append(dst, `{"type":"Polygon","coordinates":`...)
		dst = appendPolygon(dst, s.Polygons[0], decimals)
		return append(dst, '}')
	}
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, p := range s.Polygons {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPolygon(dst, p, decimals)
	}
	return append(dst, "]}"...)
}

func appendPolygon(dst []byte, rings [][][2]float64, decimals int) []byte {
	dst = append(dst, '[')
	for i, ring := range rings {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		turn := clockwise(ring) == (i == 0)
		for j, p := range ring {
			if j > 0 {
				dst = append(dst, ',')
			}
			if turn {
				p = ring[len(ring)-1-j]
			}
			dst = append(dst, '[')
			dst = appendNumber(dst, p[0], decimals)
			dst = append(dst, ',')
			dst = appendNumber(dst, p[1], decimals)
			dst = append(dst, ']')
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// clockwise tells which way a closed ring runs.
func clockwise(ring [][2]float64) bool { return area(ring) < 0 }

// appendNumber writes a number by way of an integer, several times faster than strconv's
// general way for floats.
func appendNumber(dst []byte, x float64, decimals int) []byte {
	power := powersOfTen[decimals]
	scaled := math.Round(x * float64(power))
	if math.Abs(scaled) > 1<<53 {
		return strconv.AppendFloat(dst, x, 'f', -1, 64)
	}
	n := int64(scaled)
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendInt(dst, n/power, 10)
	rest := n % power
	if rest == 0 {
		return dst
	}
	for rest%10 == 0 {
		rest /= 10
		decimals--
	}
	dst = append(dst, ".0000000"[:decimals+1]...)
	for i := len(dst) - 1; rest > 0; i-- {
		dst[i] = byte('0' + rest%10)
		rest /= 10
	}
	return dst
}
