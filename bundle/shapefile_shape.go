package bundle

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The types of shapes ("ESRI Shapefile Technical Description", 1998), without Z and M,
// which add 10 and 20.
const (
	shpNull    = 0
	shpPoint   = 1
	shpPolygon = 5
)

var shpNames = map[uint32]string{3: "PolyLine", 8: "MultiPoint", 31: "MultiPatch"}

// readShape reads the content of a record of a .shp. Z and M are dropped.
func (p *place) readShape(b []byte) {
	p.text = fmt.Appendf(nil, "%x", b[:min(len(b), maxShown/2)])
	kind := binary.LittleEndian.Uint32(b)
	if kind < 30 && kind > 10 {
		kind %= 10
	}
	switch kind {
	case shpNull:
		p.kind = placeNone
	case shpPoint:
		if len(b) < 20 {
			p.err = errCutWKB
			return
		}
		p.setPoint(float64At(b[4:]), float64At(b[12:]))
	case shpPolygon:
		p.kind = placePolygons
		p.err = p.shape.readParts(b)
	default:
		name := shpNames[kind]
		if name == "" {
			name = fmt.Sprintf("shape of type %d", kind)
		}
		p.err = wrongType(name)
	}
}

func float64At(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// shpRing is a part of a polygon: an outer ring where it runs clockwise, else a hole.
type shpRing struct {
	coords []float64
	area   float64 // signed, clockwise positive
	outer  int     // of a hole: the ring it lies in
}

// readParts reads the rings of a polygon and puts each hole into its outer ring.
func (s *shape) readParts(b []byte) error {
	if len(b) < 44 {
		return errCutWKB
	}
	parts, points := int(binary.LittleEndian.Uint32(b[36:])), int(binary.LittleEndian.Uint32(b[40:]))
	if parts > (len(b)-44)/4 || points > (len(b)-44-4*parts)/16 {
		return errCutWKB
	}
	if parts == 0 {
		s.reset(false)
		return errEmptyShape
	}
	xy := b[44+4*parts:]
	rings := make([]shpRing, parts)
	outers := 0
	for i := range rings {
		from, to := int(binary.LittleEndian.Uint32(b[44+4*i:])), points
		if i+1 < parts {
			to = int(binary.LittleEndian.Uint32(b[48+4*i:]))
		}
		if from > to || to > points {
			return errCutWKB
		}
		ring := &rings[i]
		ring.coords = make([]float64, 0, 2*(to-from))
		for k := from; k < to; k++ {
			ring.coords = append(ring.coords, float64At(xy[16*k:]), float64At(xy[16*k+8:]))
		}
		ring.area = clockwiseArea(ring.coords)
		ring.outer = -1
		if ring.area > 0 {
			outers++
		}
	}
	if outers == 0 { // wound the wrong way round: every ring is one of its own
		for i := range rings {
			rings[i].area = math.Abs(rings[i].area)
		}
		outers = parts
	}
	return s.assemble(rings, outers)
}

func (s *shape) assemble(rings []shpRing, outers int) error {
	isOuter := func(r *shpRing) bool { return r.area > 0 || outers == len(rings) }
	for i := range rings {
		hole := &rings[i]
		if isOuter(hole) || len(hole.coords) < 2 {
			continue
		}
		for k := range rings { // the smallest outer ring around it
			if o := &rings[k]; isOuter(o) && covers(o.coords, hole.coords[0], hole.coords[1]) &&
				(hole.outer < 0 || o.area < rings[hole.outer].area) {
				hole.outer = k
			}
		}
		for k := i - 1; hole.outer < 0 && k >= 0; k-- { // it touches the border: the one before it
			if isOuter(&rings[k]) {
				hole.outer = k
			}
		}
	}
	lone := 0
	for i := range rings {
		if !isOuter(&rings[i]) && rings[i].outer < 0 {
			lone++
		}
	}
	s.reset(outers+lone > 1)
	for i := range rings {
		if !isOuter(&rings[i]) && rings[i].outer >= 0 {
			continue
		}
		if err := s.addRing(rings[i].coords); err != nil {
			return err
		}
		for k := range rings {
			if rings[k].outer == i {
				if err := s.addRing(rings[k].coords); err != nil {
					return err
				}
			}
		}
		if err := s.endPolygon(); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) addRing(coords []float64) error {
	for i := 0; i+1 < len(coords); i += 2 {
		if err := s.add(coords[i], coords[i+1]); err != nil {
			return err
		}
	}
	return s.endRing()
}

// clockwiseArea returns twice a ring's area, positive where it runs clockwise.
func clockwiseArea(c []float64) float64 {
	area := 0.0
	for i := 2; i+1 < len(c); i += 2 {
		area += (c[i] - c[i-2]) * (c[i+1] + c[i-1] - 2*c[1])
	}
	return area
}

// covers says whether a ring runs around a point (even-odd rule).
func covers(c []float64, x, y float64) bool {
	inside := false
	for i := 2; i+1 < len(c); i += 2 {
		x1, y1, x2, y2 := c[i-2], c[i-1], c[i], c[i+1]
		if (y1 > y) != (y2 > y) && x < (x2-x1)*(y-y1)/(y2-y1)+x1 {
			inside = !inside
		}
	}
	return inside
}
