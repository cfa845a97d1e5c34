package db_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vunglom/db"
)

// pairs are days with others' boundaries: every border of the changes with every other, and random ones.
func (l loaded) pairs(seed uint64) (pairs [][2]string) {
	r := rand.New(rand.NewPCG(seed, 3))
	borders := []string{"2024-11-30", splitDay, "2025-06-30", reformDay}
	for _, day := range borders {
		for _, boundaries := range borders {
			pairs = append(pairs, [2]string{day, boundaries})
		}
	}
	for range 6 {
		pairs = append(pairs, [2]string{l.days[r.IntN(len(l.days))], l.days[r.IntN(len(l.days))]})
	}
	return pairs
}

// about lets figures differ by the last bits of a mean, and notes by their words.
var about = cmp.Options{cmpopts.EquateApprox(0, 1e-12), cmpopts.IgnoreFields(db.Coverage{}, "Note")}

// TestRedrawnCoverageCountsEveryRow compares every figure on the boundaries of another day with a plain count over the
// rows: from the register, and where next to nothing but reports is known.
func TestRedrawnCoverageCountsEveryRow(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]loaded{
		"register": load(t, 21), "another": load(t, 22),
		"reports": load(t, 23, func(w *world) { w.reportedOnly(1) }), "some reports": load(t, 24, func(w *world) { w.reportedOnly(0.8) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := l.keys(t)
			met, carried, told := 0, 0, 0
			for _, pair := range l.pairs(21) {
				var asked []db.OnBoundaries
				want, units := map[db.OnBoundaries]*wcount{}, map[db.OnBoundaries]*wunit{}
				for u, c := range l.countOn(pair[0], pair[1]) {
					if u != nil {
						on := db.OnBoundaries{OnDay: db.OnDay{Key: keys[u], Day: parse(pair[0])}, Boundaries: parse(pair[1])}
						asked = append(asked, on)
						want[on], units[on] = c, u
					}
				}
				ctx, statements := db.CountStatements(t.Context())
				got, err := l.d.CoverageOn(ctx, asked)
				if err != nil {
					t.Fatal(err)
				}
				if n := statements.Load(); n > 4 || (pair[0] == pair[1] && n > 1) {
					t.Errorf("%v: %d statements", pair, n)
				}
				for on, c := range want {
					cover := c.coverage(pair[0])
					if diff := cmp.Diff(cover, got[on], about); diff != "" {
						t.Errorf("%v %s %s (-counted +answered):\n%s", pair, units[on].level, units[on].code, diff)
					}
					noted := c.carried != nil && c.households == 0 && (cover.Basis == db.BasisNone || cover.Apportioned != nil) && c.carried.noted()
					if (got[on].Note != nil) != noted {
						t.Errorf("%v %s %s: note %v, expected %v", pair, units[on].level, units[on].code, got[on].Note, noted)
					}
					met++
					if cover.Apportioned != nil {
						carried++
					}
				}
				told += l.compareUptakes(t, pair, units, want)
			}
			if met == 0 || told == 0 || (len(l.reports) > 100 && carried == 0) {
				t.Errorf("%d figures, %d of them carried over; %d topics", met, carried, told)
			}
			t.Logf("%d figures, %d of them carried over; %d topics", met, carried, told)
		})
	}
}

// compareUptakes compares services, topics and the levels of teams on the boundaries of another day with the count; it
// returns how many topics it met.
func (l loaded) compareUptakes(t *testing.T, pair [2]string, units map[db.OnBoundaries]*wunit, want map[db.OnBoundaries]*wcount) (met int) {
	t.Helper()
	asked := slices.Collect(maps.Keys(units))
	services, err := l.d.ServiceUptakesOn(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	topics, err := l.d.TopicUptakesOn(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	teams, err := l.d.TeamCountsOn(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	told := l.topicsOn(pair[0], pair[1])
	for on, c := range want {
		var used []db.ServiceUptake
		for _, s := range []db.Service{
			{Province: "96", Code: "dvc", NameVi: "Dịch vụ công", NameEn: "Services", CountedIn: "household"},
			{Province: "96", Code: "so", NameVi: "Sổ", NameEn: "Book", CountedIn: "record"},
			{Province: "96", Code: "vi", NameVi: "Ví", NameEn: "Wallet", CountedIn: "household"},
		} {
			u := db.ServiceUptake{Service: s, Households: c.uptake[s.Code]}
			if of := c.reachable(); of > 0 && s.CountedIn == "household" {
				share := float64(u.Households) / float64(of)
				u.Share = &share
			}
			used = append(used, u)
		}
		for _, diff := range []string{cmp.Diff(used, services[on]), cmp.Diff(uptakes(told[units[on]], c.reachable()), topics[on]), cmp.Diff(c.teamCounts(pair[0]), teams[on])} {
			if diff != "" {
				t.Errorf("%v %s %s (-counted +answered):\n%s", pair, units[on].level, units[on].code, diff)
			}
		}
		met += len(topics[on])
	}
	return met
}

// TestRedrawnMapsConserve compares maps on the boundaries of other days with the count, and what they add up to with
// everything: whichever day's units, the children and what is in none of them make their parent.
func TestRedrawnMapsConserve(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]loaded{"register": load(t, 27), "reports": load(t, 28, func(w *world) { w.reportedOnly(1) })} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, pair := range l.pairs(27) {
				counts := l.countOn(pair[0], pair[1])
				for _, level := range []string{"province", "district", "commune", "hamlet"} {
					m, err := l.d.CoverageMap(t.Context(), db.MapQuery{Level: db.Level(level), Day: parse(pair[0]), Boundaries: parse(pair[1]),
						Measure: db.MeasureShare, Classification: "QUANTILE", Classes: 5})
					if err != nil {
						t.Fatal(err)
					}
					var features struct{ Features []feature }
					if err := json.Unmarshal(m.Features, &features); err != nil {
						t.Fatal(err)
					}
					sum, shown := 0, 0
					for u, c := range counts {
						if u == nil || u.level != level {
							continue
						}
						shown++
						sum += c.households
						i := slices.IndexFunc(features.Features, func(f feature) bool { return f.ID == u.code })
						if i < 0 {
							t.Fatalf("%v: %s %s is not on the map", pair, level, u.code)
						}
						p, want := features.Features[i].Properties, c.coverage(pair[0])
						got := db.Coverage{Guided: p.Guided, Share: p.Share, GapHouseholds: p.GapHouseholds, Addresses: p.Addresses, Teams: p.Teams, Members: p.Members, Apportioned: p.Apportioned}
						same := db.Coverage{Guided: want.Guided, Share: want.Share, GapHouseholds: want.GapHouseholds, Addresses: want.Addresses, Teams: want.Teams, Members: want.Members, Apportioned: want.Apportioned}
						if diff := cmp.Diff(same, got, about); diff != "" {
							t.Errorf("%v: %s %s:\n%s", pair, level, u.code, diff)
						}
						if p.ParentCode != u.parentCode {
							t.Errorf("%v: %s %s: parent %s", pair, level, u.code, p.ParentCode)
						}
					}
					want := db.Integrity{Total: counts[nil].households, SumOfUnits: sum, Unassigned: counts[nil].households - sum, Holds: true}
					if m.Integrity != want || m.UnitCount != shown || !m.Boundaries.Equal(parse(pair[1])) || !m.Day.Equal(parse(pair[0])) {
						t.Errorf("%v: %s: %+v, want %+v; %d units, want %d; %v, %v", pair, level, m.Integrity, want, m.UnitCount, shown, m.Day, m.Boundaries)
					}
				}
			}
		})
	}
}

// TestCarriedReportsConserve: where a report is known of every unit of a level on a day, the units of any other day share
// its households out without a rest.
func TestCarriedReportsConserve(t *testing.T) {
	t.Parallel()
	l := load(t, 29, func(w *world) { w.reportedOnly(1); w.households, w.adoptions = nil, nil })
	keys := l.keys(t)
	sum := func(level, day, boundaries string) (total, unknown int) {
		var asked []db.OnBoundaries
		for u, key := range keys {
			if u.level == level && u.valid(boundaries) {
				asked = append(asked, db.OnBoundaries{OnDay: db.OnDay{Key: key, Day: parse(day)}, Boundaries: parse(boundaries)})
			}
		}
		got, err := l.d.CoverageOn(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range got {
			if c.Guided == nil {
				unknown++
				continue
			}
			total += *c.Guided
		}
		return total, unknown
	}
	for _, level := range []string{"commune", "hamlet"} {
		for _, pair := range [][2]string{
			{"2024-11-30", splitDay}, {"2024-11-30", reformDay}, {splitDay, "2024-11-30"}, {reformDay, "2024-11-30"}, {reformDay, "2025-06-30"}, {"2026-01-01", splitDay},
		} {
			is, unknown := sum(level, pair[0], pair[0])
			got, more := sum(level, pair[0], pair[1])
			if is == 0 || got != is || unknown > 0 || more > 0 {
				t.Errorf("%v: the %ss have %d households guided, on the other boundaries %d; %d and %d unknown", pair, level, is, got, unknown, more)
			}
		}
	}
}

// TestRedrawnGapsAgreeWithTheCount compares the gaps of hamlets of other days with those that the count gives.
func TestRedrawnGapsAgreeWithTheCount(t *testing.T) {
	t.Parallel()
	l := load(t, 31)
	keys := l.keys(t)
	var all []db.Key
	for _, k := range keys {
		all = append(all, k)
	}
	remoteness, err := l.d.Remoteness(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range l.pairs(31) {
		f := db.DefaultGapFilter()
		f.Boundaries = parse(pair[1])
		want := map[string]db.Gap{}
		for u, c := range l.countOn(pair[0], pair[1]) {
			if u == nil || u.level != "hamlet" {
				continue
			}
			cover := c.coverage(pair[0])
			g := db.Gap{Coverage: cover, Reasons: reasonsOf(f, cover, c.households, remoteness[keys[u]], pair[0])}
			if len(g.Reasons) == 0 || cover.GapHouseholds == nil || *cover.GapHouseholds < 1 {
				continue
			}
			r, known := remoteness[keys[u]]
			if known {
				g.Remoteness = &r
			}
			g.GapHouseholds = *cover.GapHouseholds
			g.Priority = float64(g.GapHouseholds) * (1 + r.Index)
			want[u.code] = g
		}
		answer, err := l.d.Gaps(t.Context(), f, parse(pair[0]), db.PageArgs{First: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Total != len(want) || len(answer.Items) != len(want) {
			t.Errorf("%v: %d gaps, want %d", pair, answer.Total, len(want))
		}
		for _, g := range answer.Items {
			w := want[g.Unit.Code]
			w.Unit = g.Unit
			if diff := cmp.Diff(w, g, about); diff != "" {
				t.Errorf("%v: %s:\n%s", pair, g.Unit.Code, diff)
			}
		}
	}
}
