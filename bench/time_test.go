package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// redrawnDay is the day on whose boundaries maps are redrawn: the first of the reformed communes.
const redrawnDay = "2025-07-01"

// limitRedrawn is the most that a map on other boundaries may take beside the plain one; limitTrend the most that a point of
// a trend may take beside one plain coverage of the same unit.
const limitRedrawn, limitTrend = 1.25, 1.0

const trendQuery = `query ($level: AdminLevel!, $code: String!) {
  coverageTrend(unit: {level: $level, code: $code}, from: "2023-11-30", to: "2026-10-31") {
    asOf guided attempted notVisited ineligible unknown share gapHouseholds addresses teams members lastVisitOn
  }
}`

const pointQuery = `query ($level: AdminLevel!, $code: String!) {
  adminUnit(level: $level, code: $code, asOf: "2026-10-31") {
    coverage { asOf guided attempted notVisited ineligible unknown share gapHouseholds addresses teams members lastVisitOn }
  }
}`

const decompositionQuery = `query ($level: AdminLevel!, $code: String!) {
  decomposition(unit: {level: $level, code: $code}, from: "2024-09-30", to: "2026-10-31") {
    realHouseholds restructuringHouseholds realShare restructuringShare from { share } to { share }
  }
}`

// reportedQuery is a trend of days that no register knows, all of them before the borders on which it is asked.
const reportedQuery = `query ($level: AdminLevel!, $code: String!) {
  coverageTrend(unit: {level: $level, code: $code}, from: "2021-12-31", to: "2022-02-04", step: DAY, boundariesAsOf: "2026-10-31") {
    asOf basis guided share gapHouseholds addresses teams members apportioned note
  }
}`

var timeColumns = []string{"question", "takes", "beside", "ratio", "memory"}

// benchTime measures what another day's boundaries cost: a map against the plain map of the same day, a series and a
// decomposition against one plain coverage of the unit.
func benchTime(b *testing.B, p *province) {
	conn := p.asked(b)
	s := serve(b, p)
	for _, level := range []string{"COMMUNE", "HAMLET"} {
		b.Run("map/"+level, func(b *testing.B) {
			input := map[string]any{"level": level, "asOf": day, "measure": "SHARE", "zoom": 9}
			plain := question(b, mapQuery, map[string]any{"input": input})
			input["boundariesAsOf"] = redrawnDay
			redrawn := question(b, mapQuery, map[string]any{"input": input})
			t, answer := s.beside(b, redrawn, plain)
			row("Other boundaries", timeColumns, fmt.Sprintf("`coverageMap` of every %s of %s on %s", level, redrawnDay, day),
				milliseconds(median(t.ours)), "the plain map: "+milliseconds(median(t.base)), against(t.ratio(), limitRedrawn), s.allocated(b, redrawn))
			holds(b, answer)
		})
	}
	for _, unit := range []struct{ level, code string }{{"PROVINCE", "96"}, {"COMMUNE", "32041"}} {
		variables := map[string]any{"level": unit.level, "code": unit.code}
		for _, asked := range []struct {
			name, query string
			points      float64
		}{{"trend", trendQuery, 36}, {"decomposition", decompositionQuery, 3}} {
			b.Run(asked.name+"/"+unit.level, func(b *testing.B) {
				body := question(b, asked.query, variables)
				t, _ := s.beside(b, body, question(b, pointQuery, variables))
				row("Other boundaries", timeColumns, fmt.Sprintf("`%s` of %s %s, %g coverages", asked.name, unit.level, unit.code, asked.points),
					milliseconds(median(t.ours)), "one coverage: "+milliseconds(median(t.base)), "each "+against(t.ratio()/asked.points, limitTrend), s.allocated(b, body))
			})
		}
	}
	b.Run("reported", func(b *testing.B) {
		const points = 36
		variables := map[string]any{"level": "HAMLET", "code": reportHamlet(b, conn)}
		body := question(b, reportedQuery, variables)
		t, answer := s.beside(b, body, question(b, pointQuery, variables))
		if n := bytes.Count(answer, []byte(`"basis":"REPORT"`)); n != points {
			b.Fatalf("%d of %d points stand on the report", n, points)
		}
		row("Other boundaries", timeColumns, fmt.Sprintf("`trend` of HAMLET %s, %d reports carried over", variables["code"], points),
			milliseconds(median(t.ours)), "one coverage: "+milliseconds(median(t.base)), "each "+against(t.ratio()/points, limitTrend), s.allocated(b, body))
	})
}

// reportHamlet publishes a figure about a hamlet of 2021 for as long as the benchmark runs, and returns the hamlet's code.
func reportHamlet(b *testing.B, conn *pgx.Conn) (code string) {
	b.Helper()
	must(b, conn.QueryRow(b.Context(), `insert into report (province, level, unit_code, measure, value, qualifier, as_of, source)
		select f.province, f.level, f.code, 'households_guided', 100, 'gte', '2021-12-31', 'benchmark'
		from unit f
		join unit t on t.province = f.province and t.level = f.level and t.code = f.code and t.id <> f.id and t.valid @> date '2026-10-31'
		where f.level = 'hamlet' and f.valid @> date '2021-12-31'
		order by f.code
		limit 1
		returning unit_code`).Scan(&code))
	b.Cleanup(func() {
		_, err := conn.Exec(context.WithoutCancel(b.Context()), "delete from report where source = 'benchmark'")
		must(b, err)
	})
	return code
}

// beside times two questions by turns, and returns the first one's answer too.
func (s *server) beside(b *testing.B, ours, base []byte) (*turns, []byte) {
	b.Helper()
	var answer, other bytes.Buffer
	take := func(body []byte, into *bytes.Buffer) func() time.Duration {
		return func() time.Duration {
			return timed(func() {
				if err := s.ask(body, into); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
	first, second := take(ours, &answer), take(base, &other)
	const warm, rounds = 3, 11
	for range warm {
		first()
		second()
	}
	return byTurns(b, rounds, first, second), answer.Bytes()
}

// allocated is how much memory the program, its client included, takes for one answer.
func (s *server) allocated(b *testing.B, body []byte) string {
	b.Helper()
	var answer bytes.Buffer
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := s.ask(body, &answer); err != nil {
		b.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return fmt.Sprintf("%.1f MB", float64(after.TotalAlloc-before.TotalAlloc)/1e6)
}

// holds stops the benchmark unless the units of a map add up.
func holds(b *testing.B, answer []byte) {
	b.Helper()
	var read struct {
		Data struct {
			CoverageMap struct {
				UnitCount int
				Integrity struct{ Holds bool }
			}
		}
	}
	if err := json.Unmarshal(answer, &read); err != nil || read.Data.CoverageMap.UnitCount == 0 || !read.Data.CoverageMap.Integrity.Holds {
		b.Fatalf("%v, %+v", err, read)
	}
}
