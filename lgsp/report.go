package lgsp

import (
	"context"
	"strings"

	"vunglom/argument"
	"vunglom/db"
)

// report is a figure as it was published about a unit.
type report struct {
	Unit      unitName `json:"unit"`
	Measure   string   `json:"measure"`
	Value     float64  `json:"value"`
	Qualifier string   `json:"qualifier"`
	From      *string  `json:"from"`
	AsOf      string   `json:"asOf"`
	Base      *string  `json:"base"`
	Share     *float64 `json:"share"`
	Source    string   `json:"source"`
}

// readReports is the query `reports`.
func readReports(a *argument.Reader) question {
	filter := db.ReportFilter{Unit: a.Ref("unit"), Measure: a.Text("measure")}
	q := question{day: a.Day("asOf"), page: readPage(a)}
	q.ask = func(ctx context.Context, held *db.DB) (list, error) {
		page, err := held.Reports(ctx, filter, q.day, q.page)
		if err != nil {
			return list{}, err
		}
		keys := make([]db.Key, len(page.Items))
		for i := range page.Items {
			keys[i] = page.Items[i].UnitKey()
		}
		about, err := held.UnitsByID(ctx, keys)
		return listOf(&page, func(r *db.PublishedReport) report {
			u := about[r.UnitKey()]
			return report{nameOf(&u), r.Measure, r.Value, strings.ToUpper(r.Qualifier), optionalDate(r.FromOn), date(r.AsOf), r.Base, r.Share, r.Source}
		}), err
	}
	return q
}
