package export

import (
	"context"
	"slices"
	"strings"

	"vunglom/db"
	"vunglom/table"
)

// reasons are the API's words for why a hamlet is a gap.
var reasons = []string{"NO_TEAM", "NOT_REGISTERED", "NEVER_VISITED", "BELOW_TARGET", "OUT_OF_REACH", "OVERLOADED", "STALE"}

var gapTable = &table.Table{
	Name: "gaps", Vi: "Vùng lõm", En: "Coverage gaps", Geometry: table.MultiPolygon,
	Columns: slices.Concat([]table.Column{
		province, unitCode, unitName, unitFullName, communeCode, communeName,
		{Name: "priority", Vi: "Mức ưu tiên", En: "Priority", Kind: table.Number},
		{Name: "reasons", Vi: "Lý do", En: "Reasons", Wide: true},
	}, figureColumns, remoteColumns, []table.Column{areaKm2, longitude, latitude}),
}

// gaps is the query `coverageGaps`, its filter's fields beside its arguments.
func gaps(a *arguments) question {
	filter, day := db.DefaultGapFilter(), a.day("asOf")
	filter.Within, filter.Box = a.ref("within"), a.box("bbox")
	filter.RemoteOnly = a.truth("remoteOnly", filter.RemoteOnly)
	filter.MinGapHouseholds = a.whole("minGapHouseholds", filter.MinGapHouseholds)
	filter.Target = a.number("target", filter.Target)
	filter.TeamReachMetres = a.number("teamReachMetres", filter.TeamReachMetres)
	filter.MaxHouseholdsPerMember = a.number("maxHouseholdsPerMember", filter.MaxHouseholdsPerMember)
	filter.StaleAfterMonths = a.whole("staleAfterMonths", filter.StaleAfterMonths)
	for _, r := range a.choices("reasons", reasons...) {
		filter.Reasons = append(filter.Reasons, db.Reason(r))
	}
	zoom := a.optional("zoom")
	return func(ctx context.Context, held *db.DB) (*content, error) {
		// The first row of the list says what may be wrong with the question.
		if _, err := held.Gaps(ctx, filter, day, db.PageArgs{First: 1}); err != nil {
			return nil, err
		}
		if _, err := held.Geometries(ctx, nil, zoom); err != nil {
			return nil, err
		}
		return &content{table: gapTable, asOf: day, rows: func(yield func(*table.Row) error) error {
			ask := func(p db.PageArgs) (db.Page[db.Gap], error) { return held.Gaps(ctx, filter, day, p) }
			var row table.Row
			return walk(ask, func(page []db.Gap) error {
				units := make([]db.OnDay, len(page))
				for i := range page {
					units[i] = db.OnDay{Key: page[i].Unit.Key(), Day: day}
				}
				return placed(ctx, held, units, zoom, true, func(i int, p *place) error {
					g := &page[i]
					parentCode, parentName := p.parent()
					row.Province, row.Shape = g.Unit.Province, p.shape
					row.Cells = append(row.Cells[:0], g.Unit.Province, g.Unit.Code, g.Unit.Name, g.Unit.FullName, parentCode, parentName, g.Priority, reasonList(g.Reasons))
					row.Cells = remoteCells(figureCells(row.Cells, &g.Coverage), g.Remoteness)
					area, lon, lat := p.where()
					row.Cells = append(row.Cells, area, lon, lat)
					return yield(&row)
				})
			})
		}}, nil
	}
}

func reasonList(reasons []db.Reason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = string(r)
	}
	return strings.Join(words, "; ")
}
