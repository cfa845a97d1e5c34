package export

import (
	"context"
	"strings"

	"vunglom/db"
	"vunglom/table"
)

var qualityTable = &table.Table{
	Name: "quality", Vi: "Tình trạng dữ liệu", En: "State of the data", Geometry: table.Point, Fixed: 3,
	Columns: []table.Column{
		{Name: "kind", Vi: "Loại lỗi", En: "Kind of defect", Wide: 24},
		{Name: "table", Vi: "Bảng", En: "Table", Kind: table.Code},
		{Name: "identity", Vi: "Dòng nào", En: "Which row", Wide: 36},
		{Name: "detail", Vi: "Sai thế nào", En: "What is wrong", Wide: 70},
		{Name: "unitLevel", Vi: "Cấp", En: "Level", Kind: table.Code}, unitCode, unitFullName,
		longitude, latitude,
	},
}

// quality is the query `dataQuality`: a row a case, kind after kind; how many there are of each stands beside them. A
// household has no position here: both together would be personal data.
func quality(a *arguments) question {
	q := db.DefaultQualityQuery(a.Day("asOf"))
	q.Within, q.StaleAfterMonths, q.Kinds = a.Ref("within"), a.Whole("staleAfterMonths", q.StaleAfterMonths), a.Choices("kinds", db.QualityKinds()...)
	a.persons = q.Listing()
	lang := a.lang()
	return func(ctx context.Context, held *db.DB) (*content, error) {
		checks, err := held.Quality(ctx, q)
		if err != nil {
			return nil, err
		}
		notes := make([]table.Note, len(checks))
		for i, c := range checks {
			notes[i] = table.Note{Name: c.Kind, Vi: c.SentenceVi, En: c.SentenceEn, Value: c.Count}
		}
		return &content{table: qualityTable, asOf: q.Day, notes: notes, rows: func(yield func(*table.Row) error) error {
			var row table.Row
			for c, err := range held.WholeQuality(ctx, q) {
				if err != nil {
					return err
				}
				row = table.Row{Cells: append(row.Cells[:0], c.Kind, c.Table, c.Identity, inLanguage(lang, c.DetailVi, c.DetailEn))}
				if u := c.Unit; u != nil {
					row.Province, row.Cells = u.Province, append(row.Cells, strings.ToUpper(string(u.Level)), u.Code, u.FullName)
				} else {
					row.Cells = append(row.Cells, nil, nil, nil)
				}
				if p := c.Position; p != nil {
					row.At, row.Cells = &[2]float64{p.Longitude, p.Latitude}, append(row.Cells, p.Longitude, p.Latitude)
				} else {
					row.Cells = append(row.Cells, nil, nil)
				}
				if err := yield(&row); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}
}
