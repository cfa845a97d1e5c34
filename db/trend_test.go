package db_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

func TestTrendDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		step     db.Step
		want     []string
	}{
		{"2024-01-31", "2024-05-30", db.StepMonth, []string{"2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"}},
		{"2023-11-30", "2024-11-30", db.StepQuarter, []string{"2023-11-30", "2024-02-29", "2024-05-30", "2024-08-30", "2024-11-30"}},
		{"2024-02-29", "2026-03-01", db.StepYear, []string{"2024-02-29", "2025-02-28", "2026-02-28"}},
		{"2024-12-30", "2025-01-14", db.StepWeek, []string{"2024-12-30", "2025-01-06", "2025-01-13"}},
		{"2024-02-28", "2024-03-01", db.StepDay, []string{"2024-02-28", "2024-02-29", "2024-03-01"}},
		{"2024-02-28", "2024-02-28", db.StepYear, []string{"2024-02-28"}},
	} {
		days, err := db.TrendDays(parse(c.from), parse(c.to), c.step)
		var got []string
		for _, day := range days {
			got = append(got, day.Format(time.DateOnly))
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s to %s by %s: %v, %v", c.from, c.to, c.step, got, err)
		}
	}
}

// TestTrendCountsEveryRow compares every point of trends on many boundaries with a plain count over the rows.
func TestTrendCountsEveryRow(t *testing.T) {
	t.Parallel()
	l := load(t, 41)
	r := rand.New(rand.NewPCG(41, 4))
	for _, boundaries := range []string{"2024-11-30", splitDay, "2025-06-30", reformDay} {
		for _, level := range []string{"province", "district", "commune", "hamlet"} {
			var units []*wunit
			for _, u := range l.units {
				if u.level == level && u.valid(boundaries) {
					units = append(units, u)
				}
			}
			if len(units) == 0 {
				continue
			}
			u := units[r.IntN(len(units))]
			ctx, statements := db.CountStatements(t.Context())
			trend, err := l.d.CoverageTrend(ctx, db.Ref{Level: db.Level(level), Code: u.code}, parse("2023-12-31"), parse("2026-03-01"), db.StepQuarter, parse(boundaries))
			if err != nil {
				t.Fatal(err)
			}
			if n := statements.Load(); n > 5 { // find the unit, ask; for days without a register are there reports, carry them, ask again
				t.Errorf("%s %s: %d statements", level, u.code, n)
			}
			if len(trend.Points) != 9 || trend.Unit.Code != u.code || !trend.Unit.ValidFrom.Equal(parse(u.from)) {
				t.Errorf("%s %s on %s: %d points of %+v", level, u.code, boundaries, len(trend.Points), trend.Unit)
			}
			for _, p := range trend.Points {
				day := p.Day.Format(time.DateOnly)
				if diff := cmp.Diff(l.countOn(day, boundaries)[u].coverage(day), p.Coverage, about); diff != "" {
					t.Errorf("%s %s on %s, boundaries of %s (-counted +answered):\n%s", level, u.code, day, boundaries, diff)
				}
			}
		}
	}
	ref := db.Ref{Level: db.LevelProvince, Code: "96"}
	trend, err := l.d.CoverageTrend(t.Context(), ref, parse("2025-01-01"), parse("2025-08-01"), db.StepMonth, time.Time{})
	if err != nil || len(trend.Points) != 8 {
		t.Fatalf("%d points, %v", len(trend.Points), err)
	}
	for name, ask := range map[string]func() error{
		"order": func() error {
			_, err := l.d.CoverageTrend(t.Context(), ref, parse("2025-01-02"), parse("2025-01-01"), db.StepDay, time.Time{})
			return err
		},
		"many": func() error {
			_, err := l.d.CoverageTrend(t.Context(), ref, parse("2024-01-01"), parse("2026-01-01"), db.StepDay, time.Time{})
			return err
		},
		"step": func() error {
			_, err := l.d.CoverageTrend(t.Context(), ref, parse("2024-01-01"), parse("2024-01-01"), "DECADE", time.Time{})
			return err
		},
		"decomposition": func() error {
			_, err := l.d.Decomposition(t.Context(), ref, parse("2025-01-02"), parse("2025-01-01"))
			return err
		},
	} {
		var e *db.Error
		if err := ask(); !errors.As(err, &e) || e.Code != db.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDecompositionAddsUp compares the parts of the change of every unit with counts over the rows, and adds them up.
func TestDecompositionAddsUp(t *testing.T) {
	t.Parallel()
	l := load(t, 43)
	refs := map[db.Ref]bool{}
	for _, u := range l.units {
		refs[db.Ref{Level: db.Level(u.level), Code: u.code}] = true
	}
	restructured, shared := 0, 0
	for _, pair := range [][2]string{{"2024-09-30", "2026-10-01"}, {"2024-11-30", splitDay}, {"2025-06-30", reformDay}, {"2025-09-01", "2026-10-01"}, {"2003-01-01", "2024-09-30"}} {
		then, middle, now := l.countOn(pair[0], pair[0]), l.countOn(pair[0], pair[1]), l.countOn(pair[1], pair[1])
		for ref := range refs {
			a, err := l.d.Decomposition(t.Context(), ref, parse(pair[0]), parse(pair[1]))
			first, last := l.unitOn(string(ref.Level), ref.Code, pair[0]), l.unitOn(string(ref.Level), ref.Code, pair[1])
			if first == nil && last == nil {
				if !db.IsNotFound(err) {
					t.Errorf("%v %v: %v", pair, ref, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			households := func(counts map[*wunit]*wcount, u *wunit) int {
				if u == nil {
					return 0
				}
				return counts[u].households
			}
			h0, h1, h2 := households(then, first), households(middle, last), households(now, last)
			if a.RealHouseholds != h2-h1 || a.RestructuringHouseholds != h1-h0 {
				t.Errorf("%v %v: %d and %d, counted %d, %d, %d", pair, ref, a.RealHouseholds, a.RestructuringHouseholds, h0, h1, h2)
			}
			if h1 != h0 {
				restructured++
			}
			if (a.RealShare != nil) != (first != nil && last != nil && registered(then[first], pair[0]) && registered(middle[last], pair[0]) && registered(now[last], pair[1])) || (a.RealShare == nil) != (a.RestructuringShare == nil) {
				t.Errorf("%v %v: %+v", pair, ref, a)
			}
			if a.RealShare == nil {
				continue
			}
			shared++
			if *a.RealShare+*a.RestructuringShare != *a.To.Share-*a.From.Share {
				t.Errorf("%v %v: %v + %v is not %v - %v", pair, ref, *a.RealShare, *a.RestructuringShare, *a.To.Share, *a.From.Share)
			}
			if diff := cmp.Diff(middle[last].coverage(pair[0]), a.Middle, about); diff != "" {
				t.Errorf("%v %v:\n%s", pair, ref, diff)
			}
			if real := *a.To.Share - *a.Middle.Share; *a.RealShare < real-1e-15 || *a.RealShare > real+1e-15 {
				t.Errorf("%v %v: real share %v, want %v", pair, ref, *a.RealShare, real)
			}
		}
	}
	if restructured < 10 || shared < 50 {
		t.Errorf("%d units restructured, %d with shares", restructured, shared)
	}
}
