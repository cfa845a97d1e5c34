package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

var errWKT = errors.New("is neither WKT such as POLYGON ((105 9, 105.1 9, 105.1 9.1, 105 9)), nor GeoJSON, nor WKB in hexadecimal; write one of them")

// wktReader reads well-known text: POINT, POLYGON and MULTIPOLYGON, Z and M dropped.
type wktReader struct {
	rest []byte
}

// readWKT reads a point or polygons. An EWKT's SRID is returned.
func (p *place) readWKT(cell []byte) (srid int, err error) {
	r := wktReader{rest: cell}
	if len(cell) > 5 && strings.EqualFold(string(cell[:5]), "SRID=") {
		number, rest, ok := bytes.Cut(cell[5:], []byte(";"))
		if srid, ok = digitsIf(ok, number); !ok {
			return 0, errWKT
		}
		r.rest = rest
	}
	kind := r.word()
	for next := r.peekWord(); next == "Z" || next == "M" || next == "ZM"; next = r.peekWord() {
		r.word()
	}
	kind = strings.TrimRight(kind, "ZM") // POLYGONZ
	empty := r.peekWord() == "EMPTY"
	if empty {
		r.word()
	}
	switch kind {
	case "POINT":
		if empty {
			p.kind = placeNone
			break
		}
		var c [2]float64
		if err = r.point(&c); err == nil {
			p.setPoint(c[0], c[1])
			err = p.err
		}
	case "POLYGON", "MULTIPOLYGON":
		p.kind = placePolygons
		p.shape.reset(kind == "MULTIPOLYGON")
		switch {
		case empty:
			err = errEmptyShape
		case p.shape.multi:
			err = r.list(func() error { return r.polygon(&p.shape) })
		default:
			err = r.polygon(&p.shape)
		}
	case "LINESTRING", "MULTILINESTRING", "MULTIPOINT", "GEOMETRYCOLLECTION", "CURVEPOLYGON", "MULTISURFACE":
		return srid, wrongType(kind)
	default:
		return srid, errWKT
	}
	if r.space(); err == nil && len(r.rest) > 0 {
		err = fmt.Errorf("has %q after its end; remove it", shown(r.rest))
	}
	return srid, err
}

func digitsIf(ok bool, b []byte) (int, bool) {
	if !ok {
		return 0, false
	}
	return digits(bytes.TrimSpace(b))
}

func (r *wktReader) space() {
	r.rest = bytes.TrimLeft(r.rest, " \t\r\n")
}

func (r *wktReader) peekWord() string {
	r.space()
	i := 0
	for i < len(r.rest) && i < 32 && (r.rest[i]|0x20 >= 'a' && r.rest[i]|0x20 <= 'z') {
		i++
	}
	return strings.ToUpper(string(r.rest[:i]))
}

func (r *wktReader) word() string {
	w := r.peekWord()
	r.rest = r.rest[len(w):]
	return w
}

func (r *wktReader) take(c byte) bool {
	r.space()
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// list reads ( item , item , … ).
func (r *wktReader) list(item func() error) error {
	if !r.take('(') {
		return errWKT
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if r.take(')') {
			return nil
		}
		if !r.take(',') {
			return errWKT
		}
	}
}

func (r *wktReader) polygon(s *shape) error {
	err := r.list(func() error {
		err := r.list(func() error {
			var c [2]float64
			if err := r.position(&c); err != nil {
				return err
			}
			return s.add(c[0], c[1])
		})
		if err != nil {
			return err
		}
		return s.endRing()
	})
	if err != nil {
		return err
	}
	return s.endPolygon()
}

func (r *wktReader) point(c *[2]float64) error {
	if !r.take('(') {
		return errWKT
	}
	if err := r.position(c); err != nil {
		return err
	}
	if !r.take(')') {
		return errWKT
	}
	return nil
}

// position reads two to four numbers and keeps the first two.
func (r *wktReader) position(c *[2]float64) error {
	for n := 0; ; n++ {
		r.space()
		end := 0
		for end < len(r.rest) && !bytes.ContainsRune([]byte(" \t\r\n,()"), rune(r.rest[end])) {
			end++
		}
		if end == 0 && n >= 2 && n <= 4 {
			return nil
		}
		f, ok := parseFloat(r.rest[:end])
		if !ok || n > 3 {
			return errWKT
		}
		if n < 2 {
			c[n] = f
		}
		r.rest = r.rest[end:]
	}
}
