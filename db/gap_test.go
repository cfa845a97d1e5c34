package db_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

// TestGapsAgreeWithTheCount compares the gaps of many days, read page by page, with those that the count gives.
func TestGapsAgreeWithTheCount(t *testing.T) {
	t.Parallel()
	l := load(t, 11)
	keys := l.keys(t)
	filters := []db.GapFilter{db.DefaultGapFilter(), db.DefaultGapFilter(), db.DefaultGapFilter(), db.DefaultGapFilter()}
	filters[1].Reasons = []db.Reason{db.ReasonOverloaded, db.ReasonNotRegistered}
	filters[1].MaxHouseholdsPerMember, filters[1].MinGapHouseholds = 2, 0
	filters[2].TeamReachMetres, filters[2].Target, filters[2].StaleAfterMonths = 500, 0.4, 13
	filters[3].RemoteOnly, filters[3].Within = true, &db.Ref{Level: db.LevelCommune, Code: commune(0, 1)}
	var all []db.Key
	for _, k := range keys {
		all = append(all, k)
	}
	remoteness, err := l.d.Remoteness(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[db.Reason]int{}
	for _, day := range l.days {
		counts := l.count(day)
		for n, f := range filters {
			if f.Within != nil && l.unitOn("commune", f.Within.Code, day) == nil {
				continue
			}
			want := map[string]db.Gap{}
			for u, c := range counts {
				if u == nil || u.level != "hamlet" || (f.Within != nil && u.parentCode != f.Within.Code) {
					continue
				}
				cover := c.coverage(day)
				g := db.Gap{Coverage: cover, Reasons: reasonsOf(f, cover, c.households, remoteness[keys[u]], day)}
				if r, ok := remoteness[keys[u]]; ok {
					g.Remoteness = &r
				}
				wanted := len(f.Reasons) == 0 && len(g.Reasons) > 0 ||
					slices.ContainsFunc(g.Reasons, func(r db.Reason) bool { return slices.Contains(f.Reasons, r) })
				if !wanted || cover.GapHouseholds == nil || *cover.GapHouseholds < f.MinGapHouseholds || (f.RemoteOnly && !g.Remoteness.Remote) {
					continue
				}
				g.GapHouseholds = *cover.GapHouseholds
				g.Priority = float64(g.GapHouseholds) * (1 + g.Remoteness.Index)
				want[u.code] = g
			}
			var got []db.Gap
			for page := (db.PageArgs{First: 7}); ; {
				answer, err := l.d.Gaps(t.Context(), f, parse(day), page)
				if err != nil {
					t.Fatal(err)
				}
				if answer.Total != len(want) {
					t.Errorf("filter %d on %s: total %d, want %d", n, day, answer.Total, len(want))
				}
				got = append(got, answer.Items...)
				if !answer.More {
					break
				}
				page.After = answer.Cursors[len(answer.Cursors)-1]
			}
			if len(got) != len(want) {
				t.Errorf("filter %d on %s: %d gaps, want %d", n, day, len(got), len(want))
			}
			for i, g := range got {
				w := want[g.Unit.Code]
				w.Unit = g.Unit
				if diff := cmp.Diff(w, g); diff != "" {
					t.Errorf("filter %d, %s on %s:\n%s", n, g.Unit.Code, day, diff)
				}
				if i > 0 && (got[i-1].Priority < g.Priority || (got[i-1].Priority == g.Priority && got[i-1].Unit.Code >= g.Unit.Code)) {
					t.Errorf("filter %d on %s: %s comes after %s", n, day, g.Unit.Code, got[i-1].Unit.Code)
				}
				for _, r := range g.Reasons {
					seen[r]++
				}
			}
		}
	}
	if len(seen) != 7 {
		t.Errorf("reasons met: %v", seen)
	}
}

// reasonsOf is the contract's list of reasons.
func reasonsOf(f db.GapFilter, c db.Coverage, households int, r db.Remoteness, day string) (reasons []db.Reason) {
	add := func(holds bool, reason db.Reason) {
		if holds {
			reasons = append(reasons, reason)
		}
	}
	add(c.Teams == 0, db.ReasonNoTeam)
	add(c.Addresses > 0 && households == 0, db.ReasonNotRegistered)
	add(households > 0 && c.LastVisitOn == nil, db.ReasonNeverVisited)
	add(c.Share != nil && *c.Share < f.Target, db.ReasonBelowTarget)
	add(r.TeamDistanceMetres != nil && *r.TeamDistanceMetres > f.TeamReachMetres, db.ReasonOutOfReach)
	add(c.HouseholdsPerMember != nil && *c.HouseholdsPerMember > f.MaxHouseholdsPerMember, db.ReasonOverloaded)
	add(c.LastVisitOn != nil && !c.LastVisitOn.After(monthsBefore(parse(day), f.StaleAfterMonths)), db.ReasonStale)
	return reasons
}

// monthsBefore goes back so many calendar months; a day that the month doesn't have becomes its last.
func monthsBefore(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

func TestGapsRefuse(t *testing.T) {
	t.Parallel()
	l := load(t, 12)
	day := parse("2024-09-30")
	target := db.DefaultGapFilter()
	target.Target = 1.5
	box := db.DefaultGapFilter()
	box.Box = &db.Box{West: 106, East: 105}
	for name, ask := range map[string]func() error{
		"target": func() error { _, err := l.d.Gaps(t.Context(), target, day, db.PageArgs{First: 1}); return err },
		"box":    func() error { _, err := l.d.Gaps(t.Context(), box, day, db.PageArgs{First: 1}); return err },
		"first": func() error {
			_, err := l.d.Gaps(t.Context(), db.DefaultGapFilter(), day, db.PageArgs{First: 1001})
			return err
		},
		"cursor": func() error {
			_, err := l.d.Gaps(t.Context(), db.DefaultGapFilter(), day, db.PageArgs{First: 1, After: "WyJ1bml0Il0"})
			return err
		},
		"measure": func() error {
			_, err := l.d.CoverageMap(t.Context(), db.MapQuery{Level: db.LevelHamlet, Day: day, Measure: db.MeasureServiceShare, Classification: "QUANTILE", Classes: 5})
			return err
		},
		"service": func() error {
			_, err := l.d.CoverageMap(t.Context(), db.MapQuery{Level: db.LevelHamlet, Day: day, Measure: db.MeasureServiceShare, Service: "so", Classification: "QUANTILE", Classes: 5})
			return err
		},
	} {
		var e *db.Error
		if err := ask(); !errors.As(err, &e) || e.Code != db.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.d.UnitByRef(t.Context(), db.Ref{Level: db.LevelHamlet, Code: "nowhere"}, day); !db.IsNotFound(err) {
		t.Errorf("unknown unit: %v", err)
	}
}
