package bundle

import (
	"bytes"
	"math"
	"strconv"
)

// appendWKT appends the geometry as well-known text, or as it was where it can't be read.
func (p *place) appendWKT(dst []byte) []byte {
	switch {
	case p.err != nil:
		return append(dst, p.text...)
	case p.kind == placePoint:
		dst = append(dst, "POINT ("...)
		return append(appendXY(dst, p.x, p.y), ')')
	case p.kind != placePolygons:
		return dst
	}
	s := &p.shape
	if s.multi {
		dst = append(dst, "MULTIPOLYGON ("...)
	} else {
		dst = append(dst, "POLYGON "...)
	}
	ring, at := 0, 0
	for i, end := range s.polygons {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		for open := "("; ring < end; ring++ {
			dst = append(dst, open...)
			open = ", "
			for k := at; k < s.rings[ring]; k += 2 {
				sep := ", "
				if k == at {
					sep = "("
				}
				dst = appendXY(append(dst, sep...), s.coords[k], s.coords[k+1])
			}
			at = s.rings[ring]
			dst = append(dst, ')')
		}
		dst = append(dst, ')')
	}
	if s.multi {
		dst = append(dst, ')')
	}
	return dst
}

func appendXY(dst []byte, x, y float64) []byte {
	dst = strconv.AppendFloat(dst, x, 'f', -1, 64)
	dst = append(dst, ' ')
	return strconv.AppendFloat(dst, y, 'f', -1, 64)
}

// appendExact appends the shortest number that reads back as the same float.
func appendExact(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'f', -1, 64) }

// appendRounded appends a number with at most seven decimals and no zeros at the end.
func appendRounded(dst []byte, f float64) []byte {
	const scale = 1e7
	scaled := math.Round(f * scale)
	if math.Abs(scaled) >= 1<<48 { // the product may be off by one; no map has such coordinates
		return bytes.TrimRight(bytes.TrimRight(strconv.AppendFloat(dst, f, 'f', 7, 64), "0"), ".")
	}
	n := int64(scaled)
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendInt(dst, n/scale, 10)
	if n %= scale; n == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(scale / 10); n > 0; unit /= 10 {
		dst = append(dst, byte('0'+n/unit))
		n %= unit
	}
	return dst
}

// appendGeoJSON appends the shape as a GeoJSON geometry: with seven decimals, or exactly as it is.
func (s *shape) appendGeoJSON(dst []byte, exact bool) []byte {
	number := appendRounded
	if exact {
		number = appendExact
	}
	if s.multi {
		dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	} else {
		dst = append(dst, `{"type":"Polygon","coordinates":`...)
	}
	ring, at := 0, 0
	for i, end := range s.polygons {
		if i > 0 {
			dst = append(dst, ',')
		}
		for open := "["; ring < end; ring++ {
			dst = append(dst, open...)
			open = ","
			dst = append(dst, '[')
			for k := at; k < s.rings[ring]; k += 2 {
				if k > at {
					dst = append(dst, ',')
				}
				dst = number(append(dst, '['), s.coords[k])
				dst = number(append(dst, ','), s.coords[k+1])
				dst = append(dst, ']')
			}
			at = s.rings[ring]
			dst = append(dst, ']')
		}
		dst = append(dst, ']')
	}
	if s.multi {
		dst = append(dst, ']')
	}
	return append(dst, '}')
}
