package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

var (
	coverageMap          = query("coverage_map")
	coverageMapPublished = query("coverage_map_published")
)

// Measure is what a map shows.
type Measure string

// The measures (contract, Map).
const (
	MeasureShare               Measure = "SHARE"
	MeasureGapHouseholds       Measure = "GAP_HOUSEHOLDS"
	MeasurePriority            Measure = "PRIORITY"
	MeasureRemoteness          Measure = "REMOTENESS"
	MeasureHouseholdsPerMember Measure = "HOUSEHOLDS_PER_MEMBER"
	MeasureServiceShare        Measure = "SERVICE_SHARE"
)

var allMeasures = []Measure{MeasureShare, MeasureGapHouseholds, MeasurePriority, MeasureRemoteness, MeasureHouseholdsPerMember, MeasureServiceShare}

// MapQuery asks for a map of the units of a level.
type MapQuery struct {
	Level          Level
	Within         *Ref
	Box            *Box
	Day            time.Time
	Boundaries     time.Time // the day whose units are shown, and whose unit Within is; zero: Day
	Measure        Measure
	Service        string   // a service's code with MeasureServiceShare; else ""
	Zoom           *float64 // a web-map zoom to generalise for; nil: full detail
	Classification string   // QUANTILE, EQUAL_INTERVAL or JENKS
	Classes        int      // 2 to 9
	RemoteOnly     bool
	Published      bool // only what is published: of the last month end until Day, on its own boundaries (see PublishedCoverage)
}

// Legend is one class of a map: values from Lower on to Upper, which only the last class includes.
type Legend struct {
	Index       int
	Lower       float64
	Upper       float64
	LowerClosed bool
	UpperClosed bool
	Count       int
	Color       string // "#rrggbb"
}

// Integrity compares a map's units with what they should add up to, in households on the register.
type Integrity struct {
	Total      int // in Within, or of everything
	SumOfUnits int
	Unassigned int // in Within, but in none of the units
	Holds      bool
}

// CoverageMap is a map: a GeoJSON FeatureCollection, by code, and how to colour it.
type CoverageMap struct {
	Day        time.Time
	Boundaries time.Time // the day whose units are shown
	Snapshot   string
	Synthetic  bool // any of the units shown comes from a synthetic bundle
	UnitCount  int  // of features, those without a polygon too
	Legend     []Legend
	Features   []byte // one JSON object, sent as it is
	Integrity  Integrity
}

// CoverageMap draws a map (contract, Map). It reads roll-ups only: no household, visit or address.
// Errors: BAD_INPUT for arguments outside their bounds, those of UnitByRef for Within, and RefuseExact for what is not published.
func (d *DB) CoverageMap(ctx context.Context, q MapQuery) (CoverageMap, error) {
	band, err := q.check()
	if err != nil {
		return CoverageMap{}, err
	}
	if q.Measure == MeasureServiceShare {
		if err := d.checkService(ctx, q.Service); err != nil {
			return CoverageMap{}, err
		}
	}
	statement, args := coverageMap, pgx.StrictNamedArgs{"zoom": band}
	if q.Published {
		if err := q.publish(ctx, d); err != nil {
			return CoverageMap{}, err
		}
		statement = coverageMapPublished
	} else {
		args["service"], args["remote_only"] = q.Service, q.RemoteOnly
	}
	if err := addBox(args, q.Box); err != nil {
		return CoverageMap{}, err
	}
	if err := d.addScope(ctx, args, q.Level, q.Within, q.Day, q.Boundaries); err != nil {
		return CoverageMap{}, err
	}
	rows, err := d.query(ctx, statement, args)
	if err != nil {
		return CoverageMap{}, fmt.Errorf("db: coverage map: %w", err)
	}
	answer, err := q.draw(rows)
	if err != nil {
		return CoverageMap{}, fmt.Errorf("db: coverage map: %w", err)
	}
	return answer, nil
}

// check returns the zoom band of the shapes to draw, or what is wrong with the question.
func (q *MapQuery) check() (int, error) {
	if err := q.Level.check(); err != nil {
		return 0, err
	}
	if !slices.Contains(allMeasures, q.Measure) {
		return 0, badInput("không có số đo %q", "there is no measure %q", string(q.Measure))
	}
	if _, known := classifications[q.Classification]; !known {
		return 0, badInput("không có cách phân lớp %q", "there is no classification %q", q.Classification)
	}
	if q.Classes < 2 || q.Classes > 9 {
		return 0, badInput("classes là %d; phải từ 2 đến 9", "classes is %d; it must be 2 to 9", q.Classes)
	}
	if q.Measure == MeasureServiceShare && q.Service == "" {
		return 0, badInput("SERVICE_SHARE cần service: mã của một dịch vụ", "SERVICE_SHARE needs service: the code of a service")
	}
	if q.Measure != MeasureServiceShare && q.Service != "" {
		return 0, badInput("service chỉ đi với SERVICE_SHARE; hãy bỏ nó hoặc đổi measure",
			"service goes with SERVICE_SHARE only; leave it out or change measure")
	}
	return bandOf(q.Zoom)
}

// publish makes it a question about what is published, and refuses what is not.
func (q *MapQuery) publish(ctx context.Context, d *DB) error {
	switch q.Measure {
	case MeasureShare, MeasureGapHouseholds, MeasureHouseholdsPerMember:
	default: // remoteness tells how many addresses there are
		return RefuseExact(ctx, "measure: "+string(q.Measure))
	}
	if q.RemoteOnly {
		return RefuseExact(ctx, "remoteOnly")
	}
	days, err := d.publishedScope(ctx, q.Within, q.Day, q.Boundaries)
	q.Day, q.Boundaries = days.Last, time.Time{}
	return err
}

// checkService tells whether a share can be drawn of a service.
func (d *DB) checkService(ctx context.Context, code string) error {
	services, err := ask[Service](ctx, d, serviceAll, nil)
	if err != nil {
		return err
	}
	known := false
	for _, s := range services {
		if s.Code == code && s.CountedIn == "household" {
			return nil
		}
		known = known || s.Code == code
	}
	if known {
		return badInput("dịch vụ %q không đếm theo hộ nên không có tỷ lệ hộ", "service %q is not counted in households: it has no share of them", code)
	}
	return badInput("không có dịch vụ mã %q; hãy xem services", "there is no service with code %q; see services", code)
}

// classifications are the names of the ways to make classes.
var classifications = map[string]gis.Method{
	"QUANTILE": gis.Quantile, "EQUAL_INTERVAL": gis.EqualInterval, "JENKS": gis.Jenks,
}

// legendOf describes classes with their colours.
func legendOf(classes []gis.Class) []Legend {
	colours := gis.Palette(len(classes))
	legend := make([]Legend, len(classes))
	for i, c := range classes {
		legend[i] = Legend{Index: i, Lower: c.Lower, Upper: c.Upper, LowerClosed: true, UpperClosed: c.UpperClosed, Count: c.Count, Color: colours[i]}
	}
	return legend
}
