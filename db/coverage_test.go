package db_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
	"vunglom/db/dbtest"
)

func parse(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

// loaded is a world and the database that has imported it.
type loaded struct {
	*world
	d    *db.DB
	url  string // of its database
	days []string
}

// load imports a random province, changed. The days are random ones and the borders of its changes.
func load(t *testing.T, seed uint64, changes ...func(*world)) loaded {
	t.Helper()
	w := newWorld(seed, 6, 10)
	for _, change := range changes {
		change(w)
	}
	url := dbtest.URL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	report, err := importDir(t, d, write(t, w.bundle(t)), db.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		if !p.Kept {
			t.Fatalf("a row was rejected: %+v", p)
		}
	}
	days := []string{"2003-12-31", "2024-09-30", "2024-11-30", splitDay, "2025-06-30", reformDay, "2026-11-01"}
	r := rand.New(rand.NewPCG(seed, 2))
	for range 5 {
		days = append(days, date(r, "2022-01-01", "2026-11-01"))
	}
	return loaded{w, d, url, days}
}

// keys finds the stored unit of every unit of the world.
func (l loaded) keys(t *testing.T) map[*wunit]db.Key {
	t.Helper()
	var identities []db.Identity
	for _, u := range l.units {
		identities = append(identities, db.Identity{Province: "96", Level: db.Level(u.level), Code: u.code, ValidFrom: parse(u.from)})
	}
	found, err := l.d.UnitsByIdentity(t.Context(), identities)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[*wunit]db.Key{}
	for i, u := range l.units {
		stored, ok := found[identities[i]]
		if !ok {
			t.Fatalf("%s %s is not stored", u.level, u.code)
		}
		keys[u] = stored.Key()
	}
	return keys
}

// TestCoverageCountsEveryRow compares every figure of every unit on many days with a plain count over the rows.
func TestCoverageCountsEveryRow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := load(t, seed)
			keys := l.keys(t)
			var asked []db.OnDay
			want := map[db.OnDay]db.Coverage{}
			uptake := map[db.OnDay]*wcount{}
			names := map[db.OnDay]string{}
			for _, day := range l.days {
				for u, c := range l.count(day) {
					if u != nil {
						on := db.OnDay{Key: keys[u], Day: parse(day)}
						asked = append(asked, on)
						want[on], uptake[on], names[on] = c.coverage(day), c, u.level+" "+u.code+" on "+day
					}
				}
			}
			ctx, statements := db.CountStatements(t.Context())
			got, err := l.d.Coverage(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			if n := statements.Load(); n != 1 {
				t.Errorf("%d statements", n)
			}
			for on, c := range want {
				if diff := cmp.Diff(c, got[on]); diff != "" {
					t.Errorf("%s (-counted +answered):\n%s", names[on], diff)
				}
			}
			services, err := l.d.ServiceUptakes(t.Context(), asked)
			if err != nil {
				t.Fatal(err)
			}
			for on, c := range uptake {
				reachable := c.households - c.status[db.StatusIneligible]
				for _, s := range services[on] {
					var share float64 = math.NaN()
					if reachable > 0 && s.Service.CountedIn == "household" {
						share = float64(c.uptake[s.Service.Code]) / float64(reachable)
					}
					if s.Households != c.uptake[s.Service.Code] || (s.Share == nil) != math.IsNaN(share) || (s.Share != nil && *s.Share != share) {
						t.Errorf("%s: %s: counted %d (%v), answered %+v", names[on], s.Service.Code, c.uptake[s.Service.Code], share, s)
					}
				}
				if len(services[on]) != 3 {
					t.Errorf("%s: %d services", names[on], len(services[on]))
				}
			}
		})
	}
}

// feature is a map's feature as a reader sees it.
type feature struct {
	ID         string
	Geometry   json.RawMessage
	Properties struct {
		Code, Name, FullName, ParentCode  string
		Value, Share, ShareLow, ShareHigh *float64
		Class, Guided, GapHouseholds      *int
		Addresses, Teams, Members         int
		Remote                            bool
		Index, Apportioned                *float64
	}
}

// TestMapAgreesWithTheCount compares maps of every level with the count, and their integrity with all households.
func TestMapAgreesWithTheCount(t *testing.T) {
	t.Parallel()
	l := load(t, 7)
	for _, day := range l.days {
		counts := l.count(day)
		for _, level := range []string{"province", "district", "commune", "hamlet"} {
			m, err := l.d.CoverageMap(t.Context(), db.MapQuery{Level: db.Level(level), Day: parse(day), Measure: db.MeasureGapHouseholds, Classification: "JENKS", Classes: 5})
			if err != nil {
				t.Fatal(err)
			}
			var features struct{ Features []feature }
			if err := json.Unmarshal(m.Features, &features); err != nil {
				t.Fatalf("%v\n%s", err, m.Features)
			}
			sum, shown, valued, classed := 0, 0, 0, 0
			for u, c := range counts {
				if u == nil || u.level != level {
					continue
				}
				shown++
				sum += c.households
				i := slices.IndexFunc(features.Features, func(f feature) bool { return f.ID == u.code })
				if i < 0 {
					t.Fatalf("%s %s is not on the map of %s", level, u.code, day)
				}
				f, want := features.Features[i], c.coverage(day)
				p := f.Properties
				got := db.Coverage{Guided: p.Guided, Share: p.Share, ShareLow: p.ShareLow, ShareHigh: p.ShareHigh, GapHouseholds: p.GapHouseholds, Addresses: p.Addresses, Teams: p.Teams, Members: p.Members}
				same := db.Coverage{Guided: want.Guided, Share: want.Share, ShareLow: want.ShareLow, ShareHigh: want.ShareHigh, GapHouseholds: want.GapHouseholds, Addresses: want.Addresses, Teams: want.Teams, Members: want.Members}
				if diff := cmp.Diff(same, got); diff != "" {
					t.Errorf("%s %s on %s:\n%s", level, u.code, day, diff)
				}
				if p.Code != u.code || p.Name != u.name || p.ParentCode != u.parentCode {
					t.Errorf("%s %s: %+v", level, u.code, p)
				}
				if (string(f.Geometry) == "null") != (u.area == nil || (!u.drawn && level == "hamlet")) {
					t.Errorf("%s %s: geometry %s", level, u.code, f.Geometry)
				}
				if (p.Value == nil) != (p.Class == nil) || (p.Value != nil && int(*p.Value) != *want.GapHouseholds) {
					t.Errorf("%s %s: value %v, class %v", level, u.code, p.Value, p.Class)
				}
				if p.Value != nil {
					valued++
					class := m.Legend[*p.Class]
					if *p.Value < class.Lower || *p.Value > class.Upper || (*p.Value == class.Upper && !class.UpperClosed) {
						t.Errorf("%s %s: %v is not in %+v", level, u.code, *p.Value, class)
					}
				}
			}
			for _, class := range m.Legend {
				classed += class.Count
			}
			if shown != m.UnitCount || shown != len(features.Features) || valued != classed {
				t.Errorf("%s on %s: %d units, %d counted, %d features, %d values, %d in classes", level, day, shown, m.UnitCount, len(features.Features), valued, classed)
			}
			if !slices.IsSortedFunc(features.Features, func(a, b feature) int { return cmpText(a.ID, b.ID) }) {
				t.Errorf("%s on %s: not by code", level, day)
			}
			want := db.Integrity{Total: counts[nil].households, SumOfUnits: sum, Unassigned: counts[nil].households - sum, Holds: true}
			if m.Integrity != want || m.Synthetic != (shown > 0) || m.Snapshot != "96-1" {
				t.Errorf("%s on %s: %+v, want %+v; synthetic %v, snapshot %s", level, day, m.Integrity, want, m.Synthetic, m.Snapshot)
			}
		}
	}
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
