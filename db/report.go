package db

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	reportPage         = query("report_page")
	reportByKey        = query("report_by_key")
	reportLatestOfUnit = query("report_latest_of_unit")
	unitEver           = query("unit_ever")
)

// PublishedReport is a figure as it was published about a unit. Nothing in it is derived.
type PublishedReport struct {
	Province  string
	Level     Level
	UnitCode  string
	UnitID    int64 // the unit that had the code on AsOf; with Province its key
	Measure   string
	Value     float64 // in what the measure counts
	Qualifier string  // eq, gte ("more than"), lte or approx
	FromOn    *time.Time
	AsOf      time.Time
	Base      *string // of what Share is a share, or in what Value counts, as published
	Share     *float64
	Source    string
}

// Key returns what identifies the report, across re-imports too.
func (r *PublishedReport) Key() ReportKey {
	return ReportKey{r.Province, r.Level, r.UnitCode, r.Measure, r.AsOf, r.Source}
}

// UnitKey returns the key of the unit that the report is about.
func (r *PublishedReport) UnitKey() Key { return Key{r.Province, r.UnitID} }

// ReportKey identifies a report. AsOf is UTC midnight.
type ReportKey struct {
	Province string
	Level    Level
	UnitCode string
	Measure  string
	AsOf     time.Time
	Source   string
}

// ReportFilter narrows a list of reports.
type ReportFilter struct {
	Unit    *Ref   // reports about whatever had the code on the report's own day
	Measure string // "": every measure
}

// reportList names lists of reports in their cursors.
const reportList = "report"

func reportCursor(r *PublishedReport) string {
	return cursor(reportList, r.Province, r.Level.rank()+1, r.UnitCode, r.Measure, r.AsOf.Format(time.DateOnly), r.Source)
}

// Reports returns a page of the reports as of a day or an earlier one, by province, level (provinces first), code,
// measure, day and source. Errors: BAD_INPUT for the page or the level; NOT_FOUND where no unit ever had the code;
// BAD_INPUT where units of several provinces had it.
func (d *DB) Reports(ctx context.Context, filter ReportFilter, day time.Time, page PageArgs) (Page[PublishedReport], error) {
	var province, code, measure, source string
	rank, asOf := 0, time.Time{}.Format(time.DateOnly)
	if err := page.start(reportList, &province, &rank, &code, &measure, &asOf, &source); err != nil {
		return Page[PublishedReport]{}, err
	}
	after, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		return Page[PublishedReport]{}, badInput("con trỏ %q không phải của danh sách này; hãy dùng endCursor của trang trước",
			"cursor %q is not of this list; use the endCursor of the page before", page.After)
	}
	args := pgx.StrictNamedArgs{
		"level": "", "code": "", "province": "", "measure": filter.Measure, "day": day, "take": page.First + 1,
		"after_province": province, "after_rank": rank, "after_code": code, "after_measure": measure, "after_as_of": after, "after_source": source,
	}
	if filter.Unit != nil {
		if err := d.addCode(ctx, args, *filter.Unit); err != nil {
			return Page[PublishedReport]{}, err
		}
	}
	pages, err := askPages(ctx, d, reportPage, args, 1, page.First, reportCursor)
	if err != nil {
		return Page[PublishedReport]{}, err
	}
	return pages[0], nil
}

// addCode adds the arguments of a code that some unit of its level had on any day.
func (d *DB) addCode(ctx context.Context, args pgx.StrictNamedArgs, ref Ref) error {
	if err := ref.Level.check(); err != nil {
		return err
	}
	province, code, _ := strings.Cut(ref.Code, "/")
	found, err := ask[struct{ Province, Code string }](ctx, d, unitEver,
		pgx.StrictNamedArgs{"level": string(ref.Level), "code": ref.Code, "province": province, "code_in_province": code})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return notFound("không có đơn vị cấp %[1]s nào từng mang mã %[3]q", "no %[2]s ever had the code %[3]q", ref.Level.inVietnamese(), string(ref.Level), ref.Code)
	}
	units := make([]Unit, len(found))
	for i, f := range found {
		units[i] = Unit{Province: f.Province, Code: f.Code}
	}
	one, err := ref.among(units, time.Time{})
	if err != nil {
		return err
	}
	args["level"], args["province"], args["code"] = string(ref.Level), one.Province, one.Code
	return nil
}

// ReportsByKey returns the reports of those keys, in one statement; an unknown key is absent.
func (d *DB) ReportsByKey(ctx context.Context, keys []ReportKey) (map[ReportKey]PublishedReport, error) {
	n := len(keys)
	provinces, levels, codes := make([]string, n), make([]string, n), make([]string, n)
	measures, days, sources := make([]string, n), make([]time.Time, n), make([]string, n)
	for i, k := range keys {
		provinces[i], levels[i], codes[i], measures[i], days[i], sources[i] = k.Province, string(k.Level), k.UnitCode, k.Measure, k.AsOf, k.Source
	}
	found, err := ask[PublishedReport](ctx, d, reportByKey, pgx.StrictNamedArgs{
		"provinces": provinces, "levels": levels, "codes": codes, "measures": measures, "days": days, "sources": sources,
	})
	if err != nil {
		return nil, err
	}
	answer := make(map[ReportKey]PublishedReport, len(found))
	for _, r := range found {
		answer[r.Key()] = r
	}
	return answer, nil
}
