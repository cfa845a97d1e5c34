package export

import (
	"context"
	"slices"
	"strings"
	"time"

	"vunglom/db"
	"vunglom/table"
)

var gapTable = &table.Table{
	Name: "gaps", Vi: "Vùng lõm", En: "Coverage gaps", Geometry: table.MultiPolygon, Fixed: 4,
	Columns: slices.Concat([]table.Column{
		province, unitCode, unitFullName, communeName, communeCode, unitName,
		{Name: "priority", Vi: "Mức ưu tiên", En: "Priority", Kind: table.Number},
		{Name: "reasons", Vi: "Lý do", En: "Reasons", Wide: 28},
		{Name: "explanations", Vi: "Vì sao", En: "Why", Wide: 70},
		{Name: "actions", Vi: "Việc cần làm", En: "What to do", Wide: 70},
	}, figureColumns, remoteColumns, []table.Column{areaKm2, longitude, latitude}),
}

// gaps is the query `coverageGaps`, its filter's fields beside its arguments.
func gaps(a *arguments) question {
	filter, day := a.GapFilter(), a.Day("asOf")
	zoom, lang := a.Optional("zoom"), a.lang()
	return func(ctx context.Context, held *db.DB) (*content, error) {
		// The first row of the list says what may be wrong with the question.
		if _, err := held.Gaps(ctx, filter, day, db.PageArgs{First: 1}); err != nil {
			return nil, err
		}
		if _, err := held.Geometries(ctx, nil, zoom); err != nil {
			return nil, err
		}
		return &content{table: gapTable, asOf: day, boundaries: filter.Boundaries, rows: func(yield func(*table.Row) error) error {
			ask := func(p db.PageArgs) (db.Page[db.Gap], error) { return held.Gaps(ctx, filter, day, p) }
			var row table.Row
			return walk(ask, func(page []db.Gap) error {
				units, asked := make([]db.OnDay, len(page)), make([]*db.Gap, len(page))
				for i := range page {
					units[i], asked[i] = db.OnDay{Key: page[i].Unit.Key(), Day: orDay(filter.Boundaries, day)}, &page[i]
				}
				evidence, err := held.GapEvidence(ctx, asked, day, filter.Boundaries)
				if err != nil {
					return err
				}
				return placed(ctx, held, units, zoom, func(i int, p *place) error {
					g := asked[i]
					why, what, err := gapSentences(ctx, g, filter, day, evidence[g.Unit.Key()], lang)
					if err != nil {
						return err
					}
					parentCode, parentName := p.parent()
					row.Province, row.Shape = g.Unit.Province, p.shape
					row.Cells = append(row.Cells[:0], g.Unit.Province, g.Unit.Code, g.Unit.FullName, parentName, parentCode, g.Unit.Name,
						g.Priority, reasonList(g.Reasons), why, what)
					row.Cells = remoteCells(figureCells(row.Cells, &g.Coverage), g.Remoteness)
					area, lon, lat := p.where()
					row.Cells = append(row.Cells, area, lon, lat)
					return yield(&row)
				})
			})
		}}, nil
	}
}

// gapSentences are the API's explanations and actions, in one language, one after another.
func gapSentences(ctx context.Context, g *db.Gap, filter db.GapFilter, day time.Time, e *db.GapEvidence, lang table.Language) (why, what string, err error) {
	found, err := g.Actions(ctx, filter, day, e)
	if err != nil {
		return "", "", err
	}
	var explanations, actions []string
	for _, x := range g.Explanations(filter, day, e) {
		explanations = append(explanations, inLanguage(lang, x.SentenceVi, x.SentenceEn))
	}
	for _, x := range found {
		actions = append(actions, inLanguage(lang, x.SentenceVi, x.SentenceEn))
	}
	return strings.Join(explanations, " "), strings.Join(actions, " "), nil
}

func inLanguage(l table.Language, vi, en string) string {
	if l == table.English {
		return en
	}
	return vi
}

func reasonList(reasons []db.Reason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = string(r)
	}
	return strings.Join(words, "; ")
}
