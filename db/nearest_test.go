package db_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"vunglom/db"
	"vunglom/gis"
)

// TestNearestAgreesWithALoop compares the service points and the teams that are nearest with a plain loop over all of them.
func TestNearestAgreesWithALoop(t *testing.T) {
	t.Parallel()
	p := loadPlanned(t, 23)
	type near struct {
		code   string
		metres float64
	}
	var asked []db.PositionOnDay
	for _, day := range []string{"2021-12-31", "2022-06-01", "2024-09-30", splitDay, reformDay, "2026-11-01"} {
		for _, at := range []db.Position{{105.0213, 9.0131}, {105.0597, 9.0008}, {104.2, 8.7}, {105.0304, 9.0611}} {
			asked = append(asked, db.PositionOnDay{Position: at, Day: parse(day)})
		}
	}
	const first = 6
	points, err := p.d.ServicePointsNearestTo(t.Context(), asked, first)
	if err != nil {
		t.Fatal(err)
	}
	teams, err := p.d.TeamsNearestTo(t.Context(), asked, first)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range asked {
		day, from := a.Day.Format("2006-01-02"), [2]float64{a.Longitude, a.Latitude}
		var wantPoints, wantTeams, gotPoints, gotTeams []near
		for _, s := range p.points {
			if within(day, s.from, s.to) {
				wantPoints = append(wantPoints, near{s.code, gis.DistanceMetres(at(s.x, s.y), from)})
			}
		}
		for _, m := range p.teams {
			base, known := p.label[p.unitOn(m.level, m.unit, m.from)]
			if known && m.kind == "cnscd" && within(day, m.from, m.to) {
				wantTeams = append(wantTeams, near{m.code, gis.DistanceMetres([2]float64{base.Longitude, base.Latitude}, from)})
			}
		}
		for _, s := range points[a] {
			gotPoints = append(gotPoints, near{s.Code, s.DistanceMetres})
		}
		for _, m := range teams[a] {
			gotTeams = append(gotTeams, near{m.Team.Code, m.DistanceMetres})
		}
		for what, of := range map[string][2][]near{"service points": {gotPoints, wantPoints}, "teams": {gotTeams, wantTeams}} {
			got, want := of[0], of[1]
			slices.SortFunc(want, func(a, b near) int { return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.code, b.code)) })
			want = want[:min(first, len(want))]
			if !slices.EqualFunc(got, want, func(a, b near) bool { return a.code == b.code && math.Abs(a.metres-b.metres) < 1e-6 }) {
				t.Errorf("%s nearest to %v on %s: %v, want %v", what, from, day, got, want)
			}
		}
	}
	if len(points) < 15 || len(teams) < 15 {
		t.Errorf("found for %d and %d questions only", len(points), len(teams))
	}
}
