package db_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/gis"
	"vunglom/plan"
)

// planned is a world with service points, and where its units have their label points.
type planned struct {
	loaded
	points []wpoint
	label  map[*wunit]db.Position // absent: no polygon
}

// wpoint is a service point, in thousandths of a degree.
type wpoint struct {
	code, from, to string
	x, y           int
}

func loadPlanned(t *testing.T, seed uint64) planned {
	t.Helper()
	p := planned{loaded: loaded{world: newWorld(seed, 6, 10)}, label: map[*wunit]db.Position{}}
	r := rand.New(rand.NewPCG(seed, 3))
	var table strings.Builder
	table.WriteString("code,kind,name,lon,lat,opened_on,closed_on\n")
	for i := range 25 {
		s := wpoint{code: fmt.Sprintf("S%02d", i), from: date(r, "2022-01-01", "2025-01-01"), x: r.IntN(70) - 5, y: r.IntN(70) - 5}
		s.to = later(r, 0.3, s.from)
		p.points = append(p.points, s)
		fmt.Fprintf(&table, "%s,%s,Điểm %d,%s,%s,%s,%s\n", s.code, []string{"one_stop", "post_office"}[i%2], i, degrees(105, s.x), degrees(9, s.y), s.from, s.to)
	}
	files := p.bundle(t)
	files["service_points.csv"] = table.String()
	p.d = dbtest.New(t)
	if _, err := importDir(t, p.d, write(t, files), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	keys := p.keys(t)
	extents, err := p.d.Extents(t.Context(), values(keys))
	if err != nil {
		t.Fatal(err)
	}
	for u, k := range keys {
		if e, known := extents[k]; known {
			p.label[u] = e.Label
		}
	}
	return p
}

func values(keys map[*wunit]db.Key) (list []db.Key) {
	for _, k := range keys {
		list = append(list, k)
	}
	return list
}

func (a *waddress) at() [2]float64 { return at(a.x, a.y) }

func at(x, y int) [2]float64 { return [2]float64{float64(105_000+x) / 1000, float64(9000+y) / 1000} }

// problem counts, by the words of the contract, what a plan is made for: the demand and who is left out, the candidates and
// the existing teams' bases.
func (p planned) problem(q db.PlanQuery, day string) (problem *plan.Problem, unplaced int) {
	problem = &plan.Problem{ReachMetres: q.ReachMetres, Teams: q.Teams}
	if q.Capacity != nil {
		problem.Capacity = *q.Capacity
	}
	inUnit := func(units []*wunit) bool {
		return q.Within == nil || slices.ContainsFunc(units, func(u *wunit) bool { return u.level == string(q.Within.Level) && u.code == q.Within.Code })
	}
	lies := func(x, y int) []*wunit {
		commune, hamlet := p.locate(x, y, day)
		if hamlet != nil {
			return p.chain(hamlet, day)
		}
		return p.chain(commune, day)
	}
	inBox := func(at [2]float64) bool {
		return q.Box == nil || q.Box.West <= at[0] && at[0] <= q.Box.East && q.Box.South <= at[1] && at[1] <= q.Box.North
	}
	place := func(a *waddress) {
		units := lies(a.x, a.y)
		switch {
		case len(units) == 0:
			if q.Within == nil && q.Box == nil {
				unplaced++
			}
		case inUnit(units) && inBox(a.at()):
			problem.Demand = append(problem.Demand, plan.Demand{Position: a.at(), Households: 1})
		}
	}
	occupied := map[*waddress]bool{}
	for _, h := range p.households {
		status := h.status(day)
		if status != "" {
			occupied[h.address] = true
		}
		if status == "" || status == db.StatusIneligible || status == db.StatusGuided && q.Demand != db.DemandAllHouseholds {
			continue
		}
		if h.address != nil && len(lies(h.address.x, h.address.y)) > 0 {
			place(h.address)
		} else if inUnit(p.home(h, day)) && q.Box == nil {
			unplaced++
		}
	}
	for _, a := range p.addresses {
		if a.kind == "household" && !occupied[a] {
			place(a)
		}
	}
	counts := func(at [2]float64, units []*wunit) bool { return q.CrossBorders || inUnit(units) && inBox(at) }
	if q.KeepExisting {
		for _, team := range p.teams {
			base, known := p.label[p.unitOn(team.level, team.unit, team.from)]
			if !known || team.kind != "cnscd" || !within(day, team.from, team.to) {
				continue
			}
			if b := [2]float64{base.Longitude, base.Latitude}; counts(b, lies(thousandths(b))) {
				problem.Existing = append(problem.Existing, b)
			}
		}
	}
	switch q.Candidates {
	case db.CandidatesHamlets:
		for u, label := range p.label {
			if b := [2]float64{label.Longitude, label.Latitude}; u.level == "hamlet" && u.valid(day) && counts(b, p.chain(u, day)) {
				problem.Candidates = append(problem.Candidates, b)
			}
		}
	case db.CandidatesServicePoints:
		for _, s := range p.points {
			if within(day, s.from, s.to) && counts(at(s.x, s.y), lies(s.x, s.y)) {
				problem.Candidates = append(problem.Candidates, at(s.x, s.y))
			}
		}
	case db.CandidatesAddresses:
		cell := q.ReachMetres / 6 / 110_574
		taken := map[[2]float64]bool{}
		for _, a := range p.addresses { // by code
			if !counts(a.at(), lies(a.x, a.y)) {
				continue
			}
			row := math.Floor(a.at()[1] / cell)
			key := [2]float64{row, math.Floor(a.at()[0] * math.Cos((row+0.5)*cell*math.Pi/180) / cell)}
			if !taken[key] {
				taken[key] = true
				problem.Candidates = append(problem.Candidates, a.at())
			}
		}
	}
	return problem, unplaced
}

func thousandths(p [2]float64) (x, y int) {
	return int(math.Round((p[0] - 105) * 1000)), int(math.Round((p[1] - 9) * 1000))
}

// TestPlansAreMadeForWhatIsThere compares plans with those made, by the same solver, for what plain loops over the rows find.
// That the solver is right is held by its own tests.
func TestPlansAreMadeForWhatIsThere(t *testing.T) {
	t.Parallel()
	p := loadPlanned(t, 21)
	capacity := 12
	commune := &db.Ref{Level: db.LevelCommune, Code: commune(0, 1)}
	box := &db.Box{West: 105.008, South: 9.011, East: 105.047, North: 9.052}
	for n, change := range []func(q *db.PlanQuery){
		func(*db.PlanQuery) {},
		func(q *db.PlanQuery) { q.KeepExisting, q.Capacity = false, &capacity },
		func(q *db.PlanQuery) { q.Within, q.CrossBorders = commune, false },
		func(q *db.PlanQuery) {
			q.Within, q.Candidates, q.Demand = commune, db.CandidatesServicePoints, db.DemandAllHouseholds
		},
		func(q *db.PlanQuery) {
			q.Within, q.Candidates, q.CrossBorders = commune, db.CandidatesServicePoints, false
		},
		func(q *db.PlanQuery) { q.Box, q.Candidates, q.KeepExisting = box, db.CandidatesAddresses, false },
		func(q *db.PlanQuery) { q.Box, q.CrossBorders, q.Candidates = box, false, db.CandidatesAddresses },
		func(q *db.PlanQuery) { q.Within, q.CrossBorders, q.Candidates = commune, false, db.CandidatesAddresses },
	} {
		for _, day := range []string{"2022-06-01", "2024-09-30", splitDay, reformDay, "2026-11-01"} {
			q := db.DefaultPlanQuery(4, parse(day))
			q.ReachMetres = 700
			change(&q)
			if q.Within != nil && p.unitOn(string(q.Within.Level), q.Within.Code, day) == nil {
				continue
			}
			got, err := p.d.PlanTeams(t.Context(), q)
			if err != nil {
				t.Fatalf("query %d on %s: %v", n, day, err)
			}
			problem, unplaced := p.problem(q, day)
			want, err := plan.Solve(t.Context(), problem)
			if err != nil {
				t.Fatal(err)
			}
			if got.Demand != int(want.Demand) || got.Unplaced != unplaced || got.CoveredByExisting != int(want.CoveredByExisting) ||
				got.Covered != int(want.Covered) || got.UpperBound != int(want.UpperBound) || len(got.Sites) != len(want.Sites) {
				t.Errorf("query %d on %s: %+v, %d unplaced; answered %+v", n, day, want, unplaced, got)
			}
			p.reached(t, q, problem, got)
			if q.Box == nil && q.Demand == db.DemandGapHouseholds {
				p.conserved(t, q, got)
			}
		}
	}
}

// reached counts anew whom the sites reach, and looks whether they are candidates and where they lie.
func (p planned) reached(t *testing.T, q db.PlanQuery, problem *plan.Problem, got *db.TeamPlan) {
	t.Helper()
	day := q.Day.Format(time.DateOnly)
	reach := slices.Clone(problem.Existing)
	for i, s := range got.Sites {
		site := [2]float64{s.Position.Longitude, s.Position.Latitude}
		if !slices.ContainsFunc(problem.Candidates, func(c [2]float64) bool { return gis.DistanceMetres(c, site) < 0.01 }) {
			t.Errorf("site %d on %s is no candidate", i, day)
		}
		reach = append(reach, site)
		commune, hamlet := p.locate(fine(site[0]-105), fine(site[1]-9), day)
		if q.Candidates != db.CandidatesHamlets && (!same(s.Commune, commune) || !same(s.Hamlet, hamlet)) {
			t.Errorf("site %d on %s lies in %+v, %+v, not %+v, %+v", i, day, s.Commune, s.Hamlet, commune, hamlet)
		}
		if q.Candidates == db.CandidatesHamlets && s.Hamlet == nil {
			t.Errorf("site %d on %s lies in no hamlet", i, day)
		}
	}
	covered := 0
	for _, d := range problem.Demand {
		if slices.ContainsFunc(reach, func(s [2]float64) bool { return gis.DistanceMetres(s, d.Position) <= q.ReachMetres }) {
			covered += int(d.Households)
		}
	}
	if covered != got.Covered && (q.Capacity == nil || covered < got.Covered) {
		t.Errorf("on %s %d households are within reach; answered %d", day, covered, got.Covered)
	}
}

func fine(degrees float64) int { return int(math.Round(degrees * 1000)) }

func same(u *db.Unit, w *wunit) bool {
	return u == nil && w == nil || u != nil && w != nil && u.Code == w.code
}

// conserved compares what a plan is for and leaves out with the coverage of its area.
func (p planned) conserved(t *testing.T, q db.PlanQuery, got *db.TeamPlan) {
	t.Helper()
	if q.Within == nil {
		return // what lies in no unit is in no unit's coverage
	}
	unit := *q.Within
	u, err := p.d.UnitByRef(t.Context(), unit, q.Day)
	if err != nil {
		t.Fatal(err)
	}
	on := db.OnDay{Key: u.Key(), Day: q.Day}
	c, err := p.d.Coverage(t.Context(), []db.OnDay{on})
	if err != nil {
		t.Fatal(err)
	}
	if gap := c[on].GapHouseholds; gap == nil && got.Demand+got.Unplaced > 0 || gap != nil && *gap != got.Demand+got.Unplaced {
		t.Errorf("%s: gap households %v, demand %d, unplaced %d", u.FullName, gap, got.Demand, got.Unplaced)
	}
}

// TestPlansTell holds what a plan says beside its figures: cost, features, the fewest teams, errors.
func TestPlansTell(t *testing.T) {
	t.Parallel()
	p := loadPlanned(t, 22)
	q := db.DefaultPlanQuery(200, parse("2024-09-30"))
	q.ReachMetres, q.KeepExisting = 900, false
	free, err := p.d.MinimumTeams(t.Context(), q, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if free.Cost != nil || free.CostPerHousehold != nil || free.TeamsLowerBound == nil || *free.TeamsLowerBound != len(free.Sites) ||
		float64(free.Covered) < 0.5*float64(free.Demand) || free.Snapshot != "96-1" || !free.Synthetic {
		t.Errorf("%+v", free)
	}
	p.d.TeamCost = &db.TeamCost{SetUp: 5e6, Month: 1e6, Months: 12}
	paid, err := p.d.MinimumTeams(t.Context(), q, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if want := float64(len(paid.Sites)) * 17e6; paid.Cost == nil || *paid.Cost != want || *paid.CostPerHousehold != want/float64(paid.Covered) || paid.Months != 12 {
		t.Errorf("%+v", paid)
	}
	var features struct {
		Features []struct {
			ID         int
			Properties struct {
				Order, Gained, CoveredSoFar int
				HamletCode, Commune         *string
			}
		}
	}
	if err := json.Unmarshal(paid.Features(), &features); err != nil || len(features.Features) != len(paid.Sites) {
		t.Fatalf("%v\n%s", err, paid.Features())
	}
	for i, f := range features.Features {
		s := paid.Sites[i]
		if f.ID != i+1 || f.Properties.Order != i+1 || f.Properties.Gained != s.Gained || f.Properties.CoveredSoFar != s.CoveredSoFar || *f.Properties.HamletCode != s.Hamlet.Code {
			t.Errorf("feature %d: %+v, site %+v", i, f, s)
		}
	}
	again := q
	again.Teams = *free.TeamsLowerBound - 1
	for name, ask := range map[string]func() error{
		"reach":         func() error { bad := q; bad.ReachMetres = 0; _, err := p.d.PlanTeams(t.Context(), bad); return err },
		"teams":         func() error { bad := q; bad.Teams = 201; _, err := p.d.PlanTeams(t.Context(), bad); return err },
		"capacity":      func() error { bad := q; bad.Capacity = new(int); _, err := p.d.PlanTeams(t.Context(), bad); return err },
		"months":        func() error { bad := q; bad.Months = new(int); _, err := p.d.PlanTeams(t.Context(), bad); return err },
		"demand":        func() error { bad := q; bad.Demand = "X"; _, err := p.d.PlanTeams(t.Context(), bad); return err },
		"candidates":    func() error { bad := q; bad.Candidates = "X"; _, err := p.d.PlanTeams(t.Context(), bad); return err },
		"share":         func() error { _, err := p.d.MinimumTeams(t.Context(), q, 1.5); return err },
		"too few teams": func() error { _, err := p.d.MinimumTeams(t.Context(), again, 0.5); return err },
	} {
		var e *db.Error
		if err := ask(); !errors.As(err, &e) || e.Code != db.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.d.PlanTeams(ctx, q); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: %v", err)
	}
	slices.SortFunc(paid.Sites, func(a, b db.PlannedSite) int { return cmp.Compare(b.Gained, a.Gained) })
	if paid.Sites[len(paid.Sites)-1].CoveredSoFar != paid.Covered {
		t.Errorf("the sites are not by what they gain: %+v", paid.Sites)
	}
}
