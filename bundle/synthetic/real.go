package synthetic

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"vunglom/bundle"
)

// realUnits are the units of a file that polygons are taken from.
type realUnits struct {
	province unit
	communes []unit
	shapes   []shape // per commune
}

// readReal reads the province and the communes, with their polygons, of a bundle or of a
// file of units as it stands in one.
func readReal(ctx context.Context, path string) (*realUnits, error) {
	b, done, err := openUnits(path)
	if err != nil {
		return nil, err
	}
	defer done()
	defer b.Close()
	if b.Meta.SRID != 4326 {
		return nil, fmt.Errorf("the units of %s are in EPSG:%d; give them in EPSG:4326", filepath.Base(path), b.Meta.SRID)
	}
	table := bundle.TableNamed("units")
	column := func(r *bundle.Row, name string) *bundle.Value { return &r.Values[table.Index(name)] }
	real := &realUnits{}
	_, err = b.Rows(ctx, table, func(r *bundle.Row) error {
		u := unit{level: column(r, "level").Text, code: column(r, "code").Text, name: column(r, "name").Text, kind: column(r, "kind").Text,
			parent: column(r, "parent_code").Text, from: column(r, "valid_from").Integer, to: column(r, "valid_to").Integer, population: column(r, "population").Integer}
		if u.to != 0 {
			return nil // the units of today
		}
		switch u.level {
		case "province":
			real.province = u
		case "commune":
			s, err := readShape(column(r, "geometry").Bytes)
			if err != nil {
				return fmt.Errorf("commune %s: %w", u.code, err)
			}
			if len(s) == 0 {
				return fmt.Errorf("commune %s has no polygon", u.code)
			}
			u.areaKm2 = s.areaKm2()
			real.communes, real.shapes = append(real.communes, u), append(real.shapes, s)
		}
		return nil
	}, func(bundle.Problem) {})
	switch {
	case err != nil:
		return nil, err
	case real.province.code == "":
		return nil, fmt.Errorf("%s names no province that is valid today", filepath.Base(path))
	case len(real.communes) == 0:
		return nil, fmt.Errorf("%s holds no commune that is valid today", filepath.Base(path))
	}
	return real, nil
}

// openUnits opens a bundle, or makes one round a single file of units.
func openUnits(path string) (b *bundle.Bundle, done func(), err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("the units can't be read: %w", err)
	}
	if b, err = bundle.Open(path); err == nil {
		return b, func() {}, nil
	}
	if info.IsDir() {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "units")
	if err != nil {
		return nil, nil, err
	}
	done = func() { os.RemoveAll(dir) }
	_, ext, _ := strings.Cut(filepath.Base(path), ".")
	meta := `{"province": "0", "as_of": "2026-10-31", "source": "units"}`
	if err = errors.Join(copyFile(filepath.Join(dir, "units."+ext), path), os.WriteFile(filepath.Join(dir, bundle.MetaFile), []byte(meta), 0o666)); err == nil {
		if b, err = bundle.Open(dir); err == nil {
			return b, done, nil
		}
	}
	done()
	return nil, nil, err
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

var errWKB = errors.New("its polygon can't be read")

// readShape reads little-endian WKB of a Polygon or MultiPolygon. Rings come out without
// repeated points, outer ones counter-clockwise.
func readShape(b []byte) (shape, error) {
	count := func() int {
		if len(b) < 4 {
			return -1
		}
		n := int(binary.LittleEndian.Uint32(b))
		b = b[4:]
		return n
	}
	header := func() int {
		if len(b) < 5 || b[0] != 1 {
			return -1
		}
		b = b[1:]
		return count()
	}
	var s shape
	readPolygon := func() error {
		var p polygon
		for range count() {
			var r ring
			for range count() {
				if len(b) < 16 {
					return errWKB
				}
				r = append(r, point{math.Float64frombits(binary.LittleEndian.Uint64(b)), math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))})
				b = b[16:]
			}
			if r = closed(r); len(r) < 4 {
				continue
			}
			if (area(r) > 0) != (len(p) == 0) {
				for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
					r[i], r[j] = r[j], r[i]
				}
			}
			p = append(p, r)
		}
		if len(p) > 0 {
			s = append(s, p)
		}
		return nil
	}
	if len(b) == 0 {
		return nil, nil
	}
	switch header() {
	case 3:
		err := readPolygon()
		return s, err
	case 6:
		for range count() {
			if header() != 3 {
				return nil, errWKB
			}
			if err := readPolygon(); err != nil {
				return nil, err
			}
		}
		return s, nil
	}
	return nil, errWKB
}
