package bundle

import (
	"encoding/json"
	"errors"
)

var errCoordinates = errors.New("has coordinates that don't fit its type; a Polygon is a list of rings, a ring a list of [x, y]")

// readGeoJSON reads a geometry object after RFC 7946.
func (p *place) readGeoJSON(b []byte) {
	if !json.Valid(b) {
		p.err = errors.New("is no valid JSON; export it again")
		return
	}
	p.readGeometry(b)
}

// readGeometry reads a geometry object that is known to be valid JSON, or null.
func (p *place) readGeometry(b []byte) {
	p.text = b
	if string(b) == "null" {
		p.kind = placeNone
		return
	}
	var kind, coordinates []byte
	p.err = eachMember(b, func(key, value []byte) (err error) {
		switch string(key) {
		case "type":
			kind, err = unquote(value)
		case "coordinates":
			coordinates = value
		}
		return err
	})
	if p.err != nil {
		return
	}
	switch string(kind) {
	case "Point":
		var c [2]float64
		if isEmptyArray(coordinates) {
			p.kind = placeNone
			return
		}
		if _, p.err = readPosition(coordinates, &c); p.err == nil {
			p.setPoint(c[0], c[1])
		}
	case "Polygon":
		p.kind = placePolygons
		p.shape.reset(false)
		_, p.err = p.shape.readPolygon(coordinates)
	case "MultiPolygon":
		p.kind = placePolygons
		p.shape.reset(true)
		_, p.err = eachItem(coordinates, p.shape.readPolygon)
		if p.err == nil && len(p.shape.polygons) == 0 {
			p.err = errEmptyShape
		}
	case "":
		p.err = errors.New("has no type; write one such as Polygon")
	default:
		p.err = wrongType(shown(kind))
	}
}

func isEmptyArray(b []byte) bool {
	b = skipSpace(b)
	return len(b) > 1 && b[0] == '[' && skipSpace(b[1:])[0] == ']'
}

func (s *shape) readPolygon(b []byte) ([]byte, error) {
	rest, err := eachItem(b, s.readRing)
	if err != nil {
		return nil, err
	}
	return rest, s.endPolygon()
}

func (s *shape) readRing(b []byte) ([]byte, error) {
	rest, err := eachItem(b, func(item []byte) ([]byte, error) {
		var c [2]float64
		rest, err := readPosition(item, &c)
		if err != nil {
			return nil, err
		}
		return rest, s.add(c[0], c[1])
	})
	if err != nil {
		return nil, err
	}
	return rest, s.endRing()
}

// readPosition reads [x, y] and drops what else a position has.
func readPosition(b []byte, c *[2]float64) ([]byte, error) {
	n := 0
	rest, err := eachItem(b, func(item []byte) ([]byte, error) {
		value, rest := cutValue(item)
		f, ok := parseFloat(value)
		if !ok {
			return nil, errCoordinates
		}
		if n < 2 {
			c[n] = f
		}
		n++
		return rest, nil
	})
	if err == nil && n < 2 {
		err = errCoordinates
	}
	return rest, err
}
