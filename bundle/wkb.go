package bundle

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
)

var errCutWKB = errors.New("ends early; export it again")

// wkbReader reads WKB and EWKB of either byte order. Z and M are dropped.
type wkbReader struct {
	data []byte
	srid int // that the geometry names; 0: none
}

// readWKB reads a point or polygons.
func (p *place) readWKB(data []byte) (srid int, err error) {
	r := wkbReader{data: data}
	kind, order, dims, err := r.header()
	if err != nil {
		return 0, err
	}
	switch kind {
	case wkbPoint:
		var c [4]float64
		if err := r.coords(order, c[:dims]); err != nil {
			return r.srid, err
		}
		if math.IsNaN(c[0]) && math.IsNaN(c[1]) { // POINT EMPTY
			p.kind = placeNone
			return r.srid, nil
		}
		p.setPoint(c[0], c[1])
		return r.srid, p.err
	case wkbPolygon:
		p.kind = placePolygons
		p.shape.reset(false)
		err = r.polygon(order, dims, &p.shape)
	case wkbMultiPolygon:
		p.kind = placePolygons
		p.shape.reset(true)
		err = r.polygons(order, &p.shape)
	default:
		err = wrongType(wkbName(kind))
	}
	if err == nil && len(p.shape.polygons) == 0 {
		err = errEmptyShape
	}
	return r.srid, err
}

func wkbName(kind uint32) string {
	names := []string{"", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
	if int(kind) < len(names) && kind > 0 {
		return names[kind]
	}
	return fmt.Sprintf("geometry of type %d", kind)
}

func (r *wkbReader) header() (kind uint32, order binary.ByteOrder, dims int, err error) {
	if len(r.data) < 5 {
		return 0, nil, 0, errCutWKB
	}
	switch r.data[0] {
	case 0:
		order = binary.BigEndian
	case 1:
		order = binary.LittleEndian
	default:
		return 0, nil, 0, errors.New("is no well-known binary; export it again")
	}
	kind, dims = order.Uint32(r.data[1:]), 2
	r.data = r.data[5:]
	if kind&ewkbSRID != 0 {
		if len(r.data) < 4 {
			return 0, nil, 0, errCutWKB
		}
		r.srid = int(order.Uint32(r.data))
		r.data = r.data[4:]
	}
	if kind&ewkbZ != 0 {
		dims++
	}
	if kind&ewkbM != 0 {
		dims++
	}
	kind &^= ewkbZ | ewkbM | ewkbSRID
	switch kind / 1000 { // ISO: 1000 Z, 2000 M, 3000 both
	case 1, 2:
		dims = 3
	case 3:
		dims = 4
	}
	if kind < 4000 {
		kind %= 1000
	}
	return kind, order, dims, nil
}

func (r *wkbReader) coords(order binary.ByteOrder, into []float64) error {
	if len(r.data) < 8*len(into) {
		return errCutWKB
	}
	for i := range into {
		into[i] = math.Float64frombits(order.Uint64(r.data[8*i:]))
	}
	r.data = r.data[8*len(into):]
	return nil
}

// count reads how many things of at least size bytes follow.
func (r *wkbReader) count(order binary.ByteOrder, size int) (int, error) {
	if len(r.data) < 4 {
		return 0, errCutWKB
	}
	n := int(order.Uint32(r.data))
	r.data = r.data[4:]
	if n > len(r.data)/size {
		return 0, errCutWKB
	}
	return n, nil
}

func (r *wkbReader) polygons(order binary.ByteOrder, s *shape) error {
	n, err := r.count(order, 9)
	for ; err == nil && n > 0; n-- {
		kind, order, dims, headerErr := r.header()
		if headerErr != nil {
			return headerErr
		}
		if kind != wkbPolygon {
			return wrongType("MultiPolygon with a " + wkbName(kind))
		}
		err = r.polygon(order, dims, s)
	}
	return err
}

func (r *wkbReader) polygon(order binary.ByteOrder, dims int, s *shape) error {
	rings, err := r.count(order, 4)
	if err != nil {
		return err
	}
	for ; rings > 0; rings-- {
		points, err := r.count(order, 8*dims)
		if err != nil {
			return err
		}
		for ; points > 0; points-- {
			var c [4]float64
			if err := r.coords(order, c[:dims]); err != nil {
				return err
			}
			if err := s.add(c[0], c[1]); err != nil {
				return err
			}
		}
		if err := s.endRing(); err != nil {
			return err
		}
	}
	return s.endPolygon()
}

// isHexWKB says whether a cell looks like WKB in hexadecimal digits.
func isHexWKB(cell []byte) bool {
	if len(cell) < 10 || len(cell)%2 != 0 || cell[0] != '0' || cell[1] != '0' && cell[1] != '1' {
		return false
	}
	for _, c := range cell[:10] {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

// readText reads a geometry written into a cell: GeoJSON, WKT, or WKB in hexadecimal.
func (p *place) readText(cell []byte, srid int) {
	p.reset()
	p.given, p.text = true, cell
	named := 0
	switch {
	case cell[0] == '{':
		p.readGeoJSON(cell)
	case isHexWKB(cell):
		data := make([]byte, hex.DecodedLen(len(cell)))
		if _, err := hex.Decode(data, cell); err != nil {
			p.err = errors.New("has a character that is no hexadecimal digit; export it again")
			return
		}
		named, p.err = p.readWKB(data)
	default:
		named, p.err = p.readWKT(cell)
	}
	if p.err == nil && named != 0 && named != srid {
		p.err = wrongSRID(named, srid)
	}
}
