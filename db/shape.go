package db

import (
	"context"

	"vunglom/gis"
)

// drawShapes generalises the province's polygons anew where any has no shapes yet: all together, because what one
// border becomes depends on its neighbours.
func (im *importing) drawShapes(ctx context.Context) error {
	var missing bool
	if err := im.tx.QueryRow(ctx, importQuery("shape_missing"), im.arguments).Scan(&missing); err != nil || !missing {
		return err
	}
	shapes, err := im.shapes(ctx, "shape_polygon")
	if err != nil {
		return err
	}
	total := int64(len(shapes) * (len(gis.Zooms) + 1))
	done := im.step("generalise polygons", total)
	if im.touched.compared {
		im.touched.shapes = true
		if err := im.all(ctx, "touch_shape_before"); err != nil {
			return err
		}
	}
	if _, err := im.exec(ctx, importQuery("shape_drop")); err != nil {
		return err
	}
	w := startCopy(ctx, im.tx, "polygon_shape (province, polygon_id, zoom, geojson)")
	var drawn int64
	var text []byte
	write := func(zoom int, s gis.Shape, decimals int) error {
		text = gis.AppendGeoJSON(text[:0], s, decimals)
		w.row(4)
		w.text(im.bundle.Meta.Province)
		w.int8(s.ID)
		w.int2(int16(zoom))
		w.bytes(text)
		if drawn++; drawn&0xff == 0 {
			done(drawn)
		}
		return w.flush()
	}
	for _, s := range shapes {
		if err := write(gis.FullDetail, s, fullDecimals); err != nil {
			w.abandon(err)
			return err
		}
	}
	if err := gis.Generalise(ctx, shapes, gis.Zooms, write); err != nil {
		w.abandon(err)
		return err
	}
	return w.finish()
}

// fullDecimals is how exact full detail is: 7 decimals of a degree are a centimetre.
const fullDecimals = 7
