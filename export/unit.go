package export

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/table"
)

// Columns that several files have.
var (
	province     = table.Column{Name: "province", Vi: "Tỉnh (mã)", En: "Province (code)", Kind: table.Code}
	unitCode     = table.Column{Name: "code", Vi: "Mã đơn vị", En: "Unit code", Kind: table.Code}
	unitName     = table.Column{Name: "name", Vi: "Tên", En: "Name"}
	unitFullName = table.Column{Name: "fullName", Vi: "Tên đầy đủ", En: "Full name"}
	communeCode  = table.Column{Name: "communeCode", Vi: "Mã xã, phường", En: "Commune code", Kind: table.Code}
	communeName  = table.Column{Name: "communeName", Vi: "Xã, phường, thị trấn", En: "Commune"}
	areaKm2      = table.Column{Name: "areaKm2", Vi: "Diện tích (km²)", En: "Area (km²)", Kind: table.Number}
	longitude    = table.Column{Name: "longitude", Vi: "Kinh độ (độ, WGS 84)", En: "Longitude (degrees, WGS 84)", Kind: table.Degree}
	latitude     = table.Column{Name: "latitude", Vi: "Vĩ độ (độ, WGS 84)", En: "Latitude (degrees, WGS 84)", Kind: table.Degree}
)

// cell is what a column holds of a value that may be unknown.
func cell[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// orDay returns a day, or another where it is zero.
func orDay(day, otherwise time.Time) time.Time {
	if day.IsZero() {
		return otherwise
	}
	return day
}

// checkScope finds out whether a file's unit exists, before the first byte of the file.
func checkScope(ctx context.Context, held *db.DB, within *db.Ref, day time.Time) error {
	if within == nil {
		return nil
	}
	_, err := held.UnitByRef(ctx, *within, day)
	return err
}

// pageRows is how many items of a list are read at once.
const pageRows = 1000

// walk reads a list page by page; the pages are of one state of the data because the questions are asked of a held DB.
func walk[T any](ask func(db.PageArgs) (db.Page[T], error), each func([]T) error) error {
	for args := (db.PageArgs{First: pageRows}); ; {
		page, err := ask(args)
		if err != nil {
			return err
		}
		if err := each(page.Items); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
		args.After = page.Cursors[len(page.Cursors)-1]
	}
}

// shapes is how many polygons are held at once: the largest part of a file, whatever the number of its rows.
const shapes = 50

// place is what is known of where a unit is.
type place struct {
	extent db.Extent
	known  bool
	above  []db.Unit // nearest first
	shape  []byte    // nil: none
}

// parent returns cells of the next unit above.
func (p *place) parent() (code, name any) {
	if len(p.above) == 0 {
		return nil, nil
	}
	return p.above[0].Code, p.above[0].FullName
}

// where returns cells of the area and the label point.
func (p *place) where() (areaKm2, lon, lat any) {
	if !p.known {
		return nil, nil, nil
	}
	return p.extent.AreaKm2, p.extent.Label.Longitude, p.extent.Label.Latitude
}

// placed hands on where units are on a day, that of the boundaries, a few at a time, in their order.
func placed(ctx context.Context, held *db.DB, units []db.OnDay, zoom *float64, each func(i int, p *place) error) error {
	for first := 0; first < len(units); first += shapes {
		some := units[first:min(first+shapes, len(units))]
		keys := make([]db.Key, len(some))
		for i, u := range some {
			keys[i] = u.Key
		}
		extents, err := held.Extents(ctx, keys)
		if err != nil {
			return err
		}
		above, err := held.Ancestors(ctx, some)
		if err != nil {
			return err
		}
		geometries, err := held.Geometries(ctx, keys, zoom)
		if err != nil {
			return err
		}
		for i, u := range some {
			p := place{above: above[u], shape: geometries[u.Key]}
			p.extent, p.known = extents[u.Key]
			if err := each(first+i, &p); err != nil {
				return err
			}
		}
	}
	return nil
}
