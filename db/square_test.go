package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"vunglom/access"
	"vunglom/db"
	"vunglom/gis"
	"vunglom/plan"
)

// TestAPlanTellsOfNoSingleHousehold plays a planner and another agency's system: whatever reach, candidates, unit and box are asked about, households count at the
// label point of their unit or together with four others at least, in the middle of a square, all of them; and no candidate is an address.
func TestAPlanTellsOfNoSingleHousehold(t *testing.T) {
	t.Parallel()
	p := loadPlanned(t, 41)
	labels := map[[2]float64]bool{}
	for _, l := range p.label {
		labels[[2]float64{l.Longitude, l.Latitude}] = true
	}
	addresses := map[[2]float64]bool{}
	for _, a := range p.addresses {
		addresses[a.at()] = true
	}
	total := func(problem *plan.Problem) (households int) {
		for _, d := range problem.Demand {
			households += int(d.Households)
		}
		return households
	}
	squares, alone := 0, 0
	for _, day := range []string{"2022-06-01", "2024-09-30", splitDay, "2026-11-01"} {
		for _, within := range []*db.Ref{nil, {Level: db.LevelCommune, Code: commune(0, 1)}} {
			for _, demand := range []db.PlanDemand{db.DemandGapHouseholds, db.DemandAllHouseholds} {
				for _, reach := range []float64{1, 700} {
					q := db.DefaultPlanQuery(200, parse(day))
					q.Within, q.Demand, q.ReachMetres, q.Candidates, q.KeepExisting = within, demand, reach, db.CandidatesAddresses, false
					exact, err := p.d.PlanProblem(t.Context(), q)
					if err != nil {
						t.Fatal(err)
					}
					for _, d := range exact.Demand {
						if !addresses[d.Position] {
							t.Fatal("who may see persons is told of places where no address is")
						}
						alone++
					}
					for _, role := range []access.Role{access.Planner, access.Platform} {
						told, err := p.d.PlanProblem(of(t, role, nil), q)
						if err != nil {
							t.Fatal(err)
						}
						if total(told) != total(exact) {
							t.Errorf("%s on %s: %d households, there are %d", role, day, total(told), total(exact))
						}
						for _, d := range told.Demand {
							if d.Households < 5 && !labels[d.Position] || addresses[d.Position] && !labels[d.Position] {
								t.Fatalf("%s on %s is told that %d households stand at %v", role, day, d.Households, d.Position)
							}
							if !labels[d.Position] {
								squares++
							}
						}
						if slices.ContainsFunc(told.Candidates, func(at [2]float64) bool { return addresses[at] }) {
							t.Errorf("%s on %s is told where an address is", role, day)
						}
						for i, a := range told.Candidates {
							for _, b := range told.Candidates[:i] {
								if gis.DistanceMetres(a, b) < 99 {
									t.Fatalf("candidates %v and %v are nearer than 100 m", a, b)
								}
							}
						}
					}
				}
			}
		}
	}
	if squares < 20 || alone < 200 {
		t.Errorf("%d squares and %d addresses were told of: too few to tell", squares, alone)
	}
}

// TestABoxTellsOfNoSingleHousehold draws a box of 10 cm around each address: who may not see single households is answered of all that
// the hamlet has, or the commune outside of hamlets, in areas and plans alike.
func TestABoxTellsOfNoSingleHousehold(t *testing.T) {
	t.Parallel()
	p := loadPlanned(t, 42)
	const day = "2024-09-30"
	ctx := of(t, access.Planner, nil)
	few, told := 0, 0
	for _, a := range p.addresses[:60] {
		covers := func(u *wunit) bool { return u.drawn && u.valid(day) && u.area.covers(a.x, a.y) }
		met := func(u *wunit) bool {
			return covers(u) || u.level == "commune" && !u.drawn && slices.ContainsFunc(p.units, func(h *wunit) bool { return h.level == "hamlet" && h.parentCode == u.code && covers(h) })
		}
		at := a.at()
		box := &db.Box{West: at[0] - 5e-7, South: at[1] - 5e-7, East: at[0] + 5e-7, North: at[1] + 5e-7}
		areas := db.GapAreaQuery{Box: box, Day: parse(day), DistanceMetres: 300, MinHouseholds: 5}
		exact, err := p.d.GapAreas(t.Context(), areas)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.d.GapAreas(ctx, areas)
		if err != nil {
			t.Fatal(err)
		}
		want, placed := 0, 0
		for _, g := range p.gapHouseholds(day) {
			if g.address == nil || len(g.home) == 0 || !met(g.home[0]) {
				continue
			}
			want++
			if c, _ := p.locate(g.address.x, g.address.y, day); c != nil { // else it declares the unit
				placed++
			}
		}
		if got.Households != want {
			t.Errorf("a box around %v has %d households, want the %d of what it is in; there are %d in it", at, got.Households, want, exact.Households)
		}
		if few++; exact.Households == want {
			few--
		}
		q := db.DefaultPlanQuery(5, parse(day))
		q.Box = box
		problem, err := p.d.PlanProblem(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		households := 0
		for _, d := range problem.Demand {
			households += int(d.Households)
		}
		if households != placed {
			t.Errorf("a plan for a box around %v is for %d households, want %d", at, households, placed)
		}
		told += want
	}
	if few < 20 || told == 0 {
		t.Errorf("%d boxes hold fewer than what they are in: too few to tell", few)
	}
}

// TestAreasTellOfSquares: the centre of an area is no address for who may not see single households, and it is an address, and logged, for who may: everywhere, or in
// the unit asked about.
func TestAreasTellOfSquares(t *testing.T) {
	t.Parallel()
	l := load(t, 31)
	addresses := map[db.Position]bool{}
	for _, a := range l.addresses {
		addresses[db.Position{Longitude: a.at()[0], Latitude: a.at()[1]}] = true
	}
	q := db.GapAreaQuery{Within: &db.Ref{Level: db.LevelProvince, Code: "96"}, Day: parse("2024-09-30"), DistanceMetres: 400, MinHouseholds: 5}
	few := q
	few.MinHouseholds, few.DistanceMetres = 1, 1
	province := l.unitOn("province", "96", "2024-09-30")
	for name, who := range map[string]struct {
		ctx  context.Context
		each bool
	}{
		"local": {t.Context(), true}, "planner": {of(t, access.Planner, nil), false}, "platform": {of(t, access.Platform, province), false}, "admin of the province": {of(t, access.Admin, province), true},
	} {
		before := len(entries(t, l.d, db.AuditFilter{}))
		got, err := l.d.GapAreas(who.ctx, q)
		if err != nil || len(got.Areas) < 2 {
			t.Fatalf("%s: %v, %v", name, got, err)
		}
		for _, a := range got.Areas {
			if addresses[a.Centre] != who.each {
				t.Errorf("%s is told that the centre is %v, an address: %t", name, a.Centre, addresses[a.Centre])
			}
		}
		log := entries(t, l.d, db.AuditFilter{})[before:]
		if who.each && len(log) != 1 || !who.each && len(log) != 0 {
			t.Errorf("%s: the log has %q", name, log)
		}
		if _, err := l.d.GapAreas(who.ctx, few); who.each != (err == nil) || err != nil && !isForbidden(err) {
			t.Errorf("%s asks for areas of one household: %v", name, err)
		}
		outside := few
		outside.Within = nil
		if _, err := l.d.GapAreas(who.ctx, outside); (name == "local") != (err == nil) {
			t.Errorf("%s asks for areas of one household everywhere: %v", name, err)
		}
	}
	if fmt.Sprint(len(entries(t, l.d, db.AuditFilter{}))) == "0" {
		t.Error("nothing was logged")
	}
}
