package db_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/db"
)

// publishedProvince is the small province as published, and what its table says.
type publishedProvince struct {
	*landing
	days []time.Time
}

// TestWhatEverybodyIsTold asks what everybody may: one import for all.
func TestWhatEverybodyIsTold(t *testing.T) {
	t.Parallel()
	l := newSynthetic(t)
	p := publishedProvince{landing: l}
	for _, day := range texts(t, l.sql, "select day from published_day order by day") {
		p.days = append(p.days, parse(day[:len(time.DateOnly)]))
	}
	t.Run("answers are the table", p.answers)
	t.Run("a trend is of month ends", p.trend)
	t.Run("what is not published is refused", p.refusals)
}

// answers asks for units and maps, and looks each figure up in the table that is published.
func (p publishedProvince) answers(t *testing.T) {
	last := p.days[len(p.days)-1]
	ref := db.Ref{Level: db.LevelProvince, Code: "96"}
	var map_ struct {
		Features []struct {
			ID         string
			Properties map[string]any
		}
	}
	for _, level := range []db.Level{db.LevelCommune, db.LevelHamlet} {
		m, err := p.CoverageMap(t.Context(), db.MapQuery{Level: level, Within: &ref, Day: last.AddDate(0, 0, 20), Measure: db.MeasureGapHouseholds, Classification: "QUANTILE", Classes: 5, Published: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(m.Features, &map_); err != nil {
			t.Fatal(err)
		}
		if !m.Day.Equal(last) || !m.Boundaries.Equal(last) || len(map_.Features) != m.UnitCount || m.UnitCount == 0 {
			t.Errorf("a map of %d units of %s on the boundaries of %s", m.UnitCount, m.Day, m.Boundaries)
		}
		whole := publishedFigures(t, p.landing, last.Format(time.DateOnly), unitID(t, p.landing, db.LevelProvince, "96", last))
		if total := whole[0] + whole[1] + whole[2] + whole[3]; !m.Integrity.Holds || m.Integrity.Total != total || total == 0 || m.Integrity.Unassigned < 0 {
			t.Errorf("%s: integrity %+v, published are %v", level, m.Integrity, whole)
		}
		var asked []db.OnDay
		for _, f := range map_.Features {
			asked = append(asked, db.OnDay{Key: db.Key{Province: "96", ID: unitID(t, p.landing, level, f.ID, last)}, Day: last.AddDate(0, 0, 3)})
		}
		covered, err := p.PublishedCoverage(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		shares := 0
		for i, f := range map_.Features {
			figures := publishedFigures(t, p.landing, last.Format(time.DateOnly), asked[i].ID)
			c := covered[asked[i]]
			reachable, known := figures[0]+figures[1]+figures[2], figures[0]+figures[1]+figures[2]+figures[3] > 0
			if !c.Day.Equal(last) || c.Addresses != figures[5] || known != (c.Basis == db.BasisRegister) || c.LastVisitOn != nil {
				t.Fatalf("%s %s: %+v, published are %v", level, f.ID, c, figures)
			}
			if known && (*c.Guided != figures[0] || *c.Attempted != figures[1] || *c.NotVisited != figures[2] || *c.Ineligible != figures[3] || *c.Unknown != figures[4] ||
				*c.GapHouseholds != figures[1]+figures[2]+figures[4] || f.Properties["value"] != float64(*c.GapHouseholds) || f.Properties["guided"] != float64(figures[0])) {
				t.Errorf("%s %s: %+v, published are %v, on the map %v", level, f.ID, c, figures, f.Properties)
			}
			if shown := c.Share != nil; shown != (known && reachable >= 10) || shown != (f.Properties["share"] != nil) || shown && *c.Share != float64(figures[0])/float64(reachable) || !shown && c.Note == nil {
				t.Errorf("%s %s: share %v (%v on the map) of published %v", level, f.ID, c.Share, f.Properties["share"], figures)
			} else if shown {
				shares++
			}
			if f.Properties["remote"] != nil || f.Properties["index"] != nil {
				t.Errorf("%s %s: remoteness is on the map: %v", level, f.ID, f.Properties)
			}
		}
		if shares == 0 {
			t.Errorf("no share of any %s", level)
		}
	}
}

func unitID(t *testing.T, l *landing, level db.Level, code string, day time.Time) int64 {
	t.Helper()
	unit, err := l.UnitByRef(t.Context(), db.Ref{Level: level, Code: code}, day)
	if err != nil {
		t.Fatal(err)
	}
	return unit.ID
}

// trend asks for trends of a unit that was there all along and of one of the reform.
func (p publishedProvince) trend(t *testing.T) {
	last := p.days[len(p.days)-1]
	trend, err := p.PublishedTrend(t.Context(), db.Ref{Level: db.LevelProvince, Code: "96"}, parse("2020-01-15"), last.AddDate(0, 0, 9), db.StepMonth, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var days []time.Time
	for _, point := range trend.Points {
		days = append(days, point.Day)
	}
	if want := slices.DeleteFunc(slices.Clone(p.days), func(d time.Time) bool { return d.Before(trend.Unit.ValidFrom) }); !slices.EqualFunc(days, want, time.Time.Equal) || len(days) < 12 {
		t.Errorf("days %v, published are %v", days, want)
	}
	commune := texts(t, p.sql, "select code from unit where level = 'commune' and valid @> '2026-01-01'::date and lower(valid) = '2025-07-01' order by code limit 1")[0]
	trend, err = p.PublishedTrend(t.Context(), db.Ref{Level: db.LevelCommune, Code: commune}, parse("2025-01-31"), last, db.StepQuarter, last)
	if err != nil || len(trend.Points) == 0 || !trend.Points[0].Day.Equal(parse("2025-07-31")) {
		t.Errorf("a commune of the reform: %+v, %v", trend.Points, err)
	}
	if trend, err = p.PublishedTrend(t.Context(), db.Ref{Level: db.LevelCommune, Code: commune}, last.AddDate(0, 0, 1), last.AddDate(0, 0, 2), db.StepMonth, time.Time{}); err != nil || len(trend.Points) != 0 {
		t.Errorf("after the last month end: %+v, %v", trend, err)
	}
}

// refusals asks as everybody for what needs the right to see exact figures, and for days that are not published.
func (p publishedProvince) refusals(t *testing.T) {
	last := p.days[len(p.days)-1]
	province := db.Ref{Level: db.LevelProvince, Code: "96"}
	question := db.MapQuery{Level: db.LevelCommune, Day: last, Measure: db.MeasureShare, Classification: "QUANTILE", Classes: 5, Published: true}
	asMap := func(change func(q *db.MapQuery)) error {
		q := question
		change(&q)
		_, err := p.CoverageMap(t.Context(), q)
		return err
	}
	if err := asMap(func(*db.MapQuery) {}); err != nil {
		t.Fatal(err)
	}
	service := texts(t, p.sql, "select code from service where counted_in = 'household' order by 1 limit 1")[0]
	trend := func(step db.Step, boundaries time.Time) error {
		_, err := p.PublishedTrend(t.Context(), province, p.days[0], last, step, boundaries)
		return err
	}
	tile := func(change func(q *db.TileQuery)) error {
		q := db.TileQuery{Layer: db.TileUnits, Level: db.LevelCommune, Day: last, Published: true}
		change(&q)
		_, err := p.Tile(t.Context(), q)
		return err
	}
	if err := tile(func(*db.TileQuery) {}); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"the boundaries before the reform": asMap(func(q *db.MapQuery) { q.Boundaries = parse("2025-06-30") }),
		"priority":                         asMap(func(q *db.MapQuery) { q.Measure = db.MeasurePriority }),
		"remoteness":                       asMap(func(q *db.MapQuery) { q.Measure = db.MeasureRemoteness }),
		"a service":                        asMap(func(q *db.MapQuery) { q.Measure, q.Service = db.MeasureServiceShare, service }),
		"remote units":                     asMap(func(q *db.MapQuery) { q.RemoteOnly = true }),
		"a trend of days":                  trend(db.StepDay, time.Time{}),
		"a trend of weeks":                 trend(db.StepWeek, time.Time{}),
		"a trend on other boundaries":      trend(db.StepYear, parse("2025-06-30")),
		"a service in tiles":               tile(func(q *db.TileQuery) { q.Service = service }),
		"other boundaries in tiles":        tile(func(q *db.TileQuery) { q.Boundaries = parse("2025-06-30") }),
	} {
		if !refusedToEverybody(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	before := p.days[0].AddDate(0, 0, -1)
	_, err := p.PublishedCoverage(t.Context(), []db.OnDay{{Key: db.Key{Province: "96", ID: unitID(t, p.landing, db.LevelProvince, "96", last)}, Day: before}})
	for name, err := range map[string]error{"a unit": err, "a map": asMap(func(q *db.MapQuery) { q.Day = before })} {
		if code(err) != db.CodeBadInput {
			t.Errorf("%s before the first month end: %v", name, err)
		}
	}
}

func code(err error) db.Code {
	var asked *db.Error
	if errors.As(err, &asked) {
		return asked.Code
	}
	return ""
}

// refusedToEverybody tells whether an error says that nobody may know who has not signed in.
func refusedToEverybody(err error) bool {
	var refused *access.Refusal
	return errors.As(err, &refused) && refused.Code == access.Unauthenticated
}
