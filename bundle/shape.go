package bundle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// shape is a Polygon or MultiPolygon under construction: x, y pairs one after another.
type shape struct {
	multi    bool
	coords   []float64
	rings    []int // where each ring ends in coords
	polygons []int // where each polygon ends in rings
	closed   int   // rings that had to be closed
}

func (s *shape) reset(multi bool) {
	s.multi, s.closed = multi, 0
	s.coords, s.rings, s.polygons = s.coords[:0], s.rings[:0], s.polygons[:0]
}

// The faults a polygon can have. Each says what to do.
var (
	errNotFinite  = errors.New("has a coordinate that is not a finite number; export it again")
	errShortRing  = errors.New("has a ring of fewer than 4 points; remove it or draw it whole")
	errEmptyShape = errors.New("is empty; draw it, or leave it out if it is not known")
)

func (s *shape) add(x, y float64) error {
	if math.IsNaN(x-x) || math.IsNaN(y-y) { // infinite or no number
		return errNotFinite
	}
	s.coords = append(s.coords, x, y)
	return nil
}

// endRing ends the current ring, and closes it if that was forgotten.
func (s *shape) endRing() error {
	start := 0
	if n := len(s.rings); n > 0 {
		start = s.rings[n-1]
	}
	ring := s.coords[start:]
	if n := len(ring); n >= 6 && (ring[0] != ring[n-2] || ring[1] != ring[n-1]) {
		s.coords = append(s.coords, ring[0], ring[1])
		s.closed++
	}
	if len(s.coords)-start < 8 {
		return errShortRing
	}
	s.rings = append(s.rings, len(s.coords))
	return nil
}

// endPolygon ends the current polygon, which needs a ring.
func (s *shape) endPolygon() error {
	start := 0
	if n := len(s.polygons); n > 0 {
		start = s.polygons[n-1]
	}
	if len(s.rings) == start {
		return errEmptyShape
	}
	s.polygons = append(s.polygons, len(s.rings))
	return nil
}

// Well-known binary, ISO: the numbers of the types, and the marks of its dialects.
const (
	wkbPoint        = 1
	wkbPolygon      = 3
	wkbMultiPolygon = 6
	ewkbZ           = 0x80000000
	ewkbM           = 0x40000000
	ewkbSRID        = 0x20000000
)

// appendWKB appends the shape as little-endian WKB without SRID.
func (s *shape) appendWKB(dst []byte) []byte {
	if s.multi {
		dst = appendWKBHeader(dst, wkbMultiPolygon, len(s.polygons))
	}
	ring, at := 0, 0
	start := 0
	for _, end := range s.polygons {
		dst = appendWKBHeader(dst, wkbPolygon, end-start)
		start = end
		for ; ring < end; ring++ {
			dst = binary.LittleEndian.AppendUint32(dst, uint32((s.rings[ring]-at)/2))
			for _, c := range s.coords[at:s.rings[ring]] {
				dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(c))
			}
			at = s.rings[ring]
		}
	}
	return dst
}

func appendWKBHeader(dst []byte, kind uint32, count int) []byte {
	dst = append(dst, 1)
	dst = binary.LittleEndian.AppendUint32(dst, kind)
	return binary.LittleEndian.AppendUint32(dst, uint32(count))
}

// place is the geometry of a record, as any format gives it.
type place struct {
	given bool // the format has a geometry, even if this record's is null
	kind  placeKind
	x, y  float64 // of a point
	shape shape   // of polygons
	err   error   // why it can't be used: a sentence that follows the word geometry
	text  []byte  // as it was written, to show
}

type placeKind uint8

const (
	placeNone placeKind = iota // null
	placePoint
	placePolygons
)

func (p *place) reset() {
	p.given, p.kind, p.err, p.text = false, placeNone, nil, nil
}

func (p *place) setPoint(x, y float64) {
	p.kind, p.x, p.y = placePoint, x, y
	if math.IsNaN(x-x) || math.IsNaN(y-y) {
		p.err = errNotFinite
	}
}

func wrongType(kind string) error {
	return fmt.Errorf("is a %s; give a Polygon or MultiPolygon for an area, a Point for a place", kind)
}

// wrongSRID says that a geometry carries another reference system than the bundle's.
func wrongSRID(srid, want int) error {
	return fmt.Errorf("says SRID %d while %s says %d; put \"srid\": %[1]d there if all coordinates are in it, else transform them", srid, MetaFile, want)
}
