package gis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrWKB is wrapped by every error of ShapeFromWKB.
var ErrWKB = errors.New("not a polygon in WKB")

const (
	wkbPolygon      = 3
	wkbMultiPolygon = 6
	ewkbZ           = 0x8000_0000
	ewkbM           = 0x4000_0000
	ewkbSRID        = 0x2000_0000
)

// ShapeFromWKB reads a Polygon or MultiPolygon in WKB of either byte order. Both the ISO
// and the EWKB way of marking Z and M are read and the values dropped; an EWKB SRID is
// passed over. Points and rings are taken as they are, valid or not.
func ShapeFromWKB(id int64, wkb []byte) (Shape, error) {
	r := wkbReader{rest: wkb}
	s := Shape{ID: id}
	kind, width := r.header()
	switch {
	case r.err != nil:
	case kind == wkbPolygon:
		if p := r.polygon(width); len(p) > 0 {
			s.Polygons = append(s.Polygons, p)
		}
	case kind == wkbMultiPolygon:
		n := r.count(9) // a byte order, a kind and a count of rings
		for range n {
			if kind, width = r.header(); r.err == nil && kind != wkbPolygon {
				r.err = fmt.Errorf("%w: geometry type %d in a MultiPolygon", ErrWKB, kind)
			}
			if r.err != nil {
				break
			}
			if p := r.polygon(width); len(p) > 0 {
				s.Polygons = append(s.Polygons, p)
			}
		}
	default:
		r.err = fmt.Errorf("%w: geometry type %d", ErrWKB, kind)
	}
	if r.err == nil && len(r.rest) > 0 {
		r.err = fmt.Errorf("%w: %d bytes left over", ErrWKB, len(r.rest))
	}
	if r.err != nil {
		return Shape{}, r.err
	}
	return s, nil
}

type wkbReader struct {
	rest  []byte
	order binary.ByteOrder
	err   error
}

// header reads a geometry's byte order and kind, and the bytes of one of its points.
func (r *wkbReader) header() (kind uint32, width int) {
	if r.err != nil {
		return 0, 0
	}
	if len(r.rest) < 5 {
		r.err = fmt.Errorf("%w: it ends early", ErrWKB)
		return 0, 0
	}
	switch r.rest[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		r.err = fmt.Errorf("%w: byte order %d", ErrWKB, r.rest[0])
		return 0, 0
	}
	kind = r.order.Uint32(r.rest[1:])
	r.rest = r.rest[5:]
	width = 16
	if kind&ewkbSRID != 0 {
		if len(r.rest) < 4 {
			r.err = fmt.Errorf("%w: it ends early", ErrWKB)
			return 0, 0
		}
		r.rest = r.rest[4:]
	}
	if kind&ewkbZ != 0 {
		width += 8
	}
	if kind&ewkbM != 0 {
		width += 8
	}
	kind &^= ewkbZ | ewkbM | ewkbSRID
	if width == 16 {
		switch kind / 1000 { // ISO: 1000 Z, 2000 M, 3000 ZM
		case 1, 2:
			width += 8
		case 3:
			width += 16
		}
		if kind < 4000 {
			kind %= 1000
		}
	}
	return kind, width
}

// count reads how many items follow, each of at least that many bytes.
func (r *wkbReader) count(bytes int) int {
	if r.err != nil {
		return 0
	}
	if len(r.rest) < 4 {
		r.err = fmt.Errorf("%w: it ends early", ErrWKB)
		return 0
	}
	n := int64(r.order.Uint32(r.rest))
	r.rest = r.rest[4:]
	if n*int64(bytes) > int64(len(r.rest)) {
		r.err = fmt.Errorf("%w: it ends early", ErrWKB)
		return 0
	}
	return int(n)
}

func (r *wkbReader) polygon(width int) [][][2]float64 {
	rings := make([][][2]float64, r.count(4))
	for i := range rings {
		ring := make([][2]float64, r.count(width))
		for j := range ring {
			ring[j][0] = math.Float64frombits(r.order.Uint64(r.rest))
			ring[j][1] = math.Float64frombits(r.order.Uint64(r.rest[8:]))
			r.rest = r.rest[width:]
			if !finite(ring[j][0]) || !finite(ring[j][1]) {
				r.err = fmt.Errorf("%w: a coordinate is not finite", ErrWKB)
				return nil
			}
		}
		rings[i] = ring
	}
	return rings
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// AppendWKB appends a shape as a MultiPolygon in WKB, little-endian, without an SRID.
func AppendWKB(dst []byte, s Shape) []byte {
	head := func(kind uint32, count int) {
		dst = binary.LittleEndian.AppendUint32(append(dst, 1), kind)
		dst = binary.LittleEndian.AppendUint32(dst, uint32(count))
	}
	head(wkbMultiPolygon, len(s.Polygons))
	for _, polygon := range s.Polygons {
		head(wkbPolygon, len(polygon))
		for _, ring := range polygon {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(len(ring)))
			for _, p := range ring {
				dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p[0]))
				dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p[1]))
			}
		}
	}
	return dst
}
