package graph

import (
	"context"

	"vunglom/db"
	"vunglom/gis"
	"vunglom/graph/batch"
	"vunglom/graph/model"
	"vunglom/graph/scalar"
)

type (
	geometryQuestion struct {
		zoom float64 // negative: full detail
	}
	extentQuestion struct{}
)

// keys drops the days and what then stands twice.
func keys(units []db.OnDay) []db.Key {
	distinct, seen := make([]db.Key, 0, len(units)), make(map[db.Key]bool, len(units))
	for _, unit := range units {
		if !seen[unit.Key] {
			seen[unit.Key] = true
			distinct = append(distinct, unit.Key)
		}
	}
	return distinct
}

func (r unitResolver) Geometry(ctx context.Context, obj *model.AdminUnit, zoom *float64) (scalar.Geometry, error) {
	if err := checkZoom(zoom); err != nil {
		return nil, err
	}
	question := geometryQuestion{-1}
	if zoom != nil {
		question.zoom = *zoom
	}
	encoded, err := batch.Ask(ctx, obj.Read, question, func(ctx context.Context, members []db.OnDay) (map[db.Key][]byte, error) {
		return r.db.Geometries(ctx, keys(members), zoom)
	})
	return encoded[obj.Key.Key], err
}

// extents returns where all the units lie that were read together with this one.
func (r unitResolver) extents(ctx context.Context, obj *model.AdminUnit) (map[db.Key]db.Extent, error) {
	return batch.Ask(ctx, obj.Read, extentQuestion{}, func(ctx context.Context, members []db.OnDay) (map[db.Key]db.Extent, error) {
		return r.db.Extents(ctx, keys(members))
	})
}

func (r unitResolver) extent(ctx context.Context, obj *model.AdminUnit) (db.Extent, bool, error) {
	extents, err := r.extents(ctx, obj)
	extent, known := extents[obj.Key.Key]
	return extent, known, err
}

func (r unitResolver) LabelPoint(ctx context.Context, obj *model.AdminUnit) (scalar.Geometry, error) {
	extent, known, err := r.extent(ctx, obj)
	if !known {
		return nil, err
	}
	return encodePoint(extent.Label), nil
}

func (r unitResolver) Bbox(ctx context.Context, obj *model.AdminUnit) ([]float64, error) {
	extent, known, err := r.extent(ctx, obj)
	if !known {
		return nil, err
	}
	return []float64{extent.Box.West, extent.Box.South, extent.Box.East, extent.Box.North}, nil
}

func (r unitResolver) AreaKm2(ctx context.Context, obj *model.AdminUnit) (*float64, error) {
	extent, known, err := r.extent(ctx, obj)
	if !known {
		return nil, err
	}
	return &extent.AreaKm2, nil
}

// encodePoint writes a GeoJSON Point with at most 7 decimals, which is about a centimetre.
func encodePoint(p db.Position) scalar.Geometry {
	text := append(make([]byte, 0, 64), `{"type":"Point","coordinates":[`...)
	text = append(gis.AppendDegrees(text, p.Longitude), ',')
	text = gis.AppendDegrees(text, p.Latitude)
	return append(text, "]}"...)
}
