package db_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// suppose draws teams and visits about a unit, and the rows by which a user would import them.
func (w *trial) suppose(t *testing.T, r *rand.Rand, within []*wunit, all []*wunit, day string) (teams []db.WhatIfTeam, visits []db.WhatIfVisit, rows deed) {
	t.Helper()
	rows = deed{}
	row := func(table, format string, args ...any) {
		rows[table] = append(rows[table], fmt.Sprintf(format, args...))
	}
	for i := range r.IntN(4) {
		team := db.WhatIfTeam{Base: db.Position{Longitude: 105.05, Latitude: 9.05}, Members: r.IntN(4)}
		for j := range 1 + r.IntN(2) {
			u := all[r.IntN(len(all))]
			team.Serves = append(team.Serves, db.Ref{Level: db.Level(u.level), Code: u.code})
			if j == 0 {
				row("teams", "NEW%d,Tổ mới,%s,cnscd,%s,%s,105.05,9.05", i, u.level, u.code, day)
			} else if team.Serves[1] != team.Serves[0] {
				row("team_service", "NEW%d,%s,%s,%s", i, u.level, u.code, day)
			}
		}
		for range team.Members {
			row("members", "NEWM%d,NEW%d,member,%s", len(rows["members"]), i, day)
		}
		teams = append(teams, team)
	}
	// Narrow units first, as they are served; the statement of a wider one leaves out whom those have taken.
	chosen := make([]*wunit, r.IntN(5))
	for i := range chosen {
		chosen[i] = within[r.IntN(len(within))]
	}
	rank := func(u *wunit) int {
		return slices.Index([]string{"hamlet", "commune", "district", "province"}, u.level)
	}
	slices.SortStableFunc(chosen, func(a, b *wunit) int { return rank(a) - rank(b) })
	var taken []string
	for _, u := range chosen {
		left := w.left(t, u, day, taken)
		if len(left) == 0 {
			continue
		}
		n := 1 + r.IntN(len(left))
		for _, h := range left[:n] {
			row("visits", "NEWV%d,%s,T000,%s,guided", len(rows["visits"]), h, day)
			taken = append(taken, h)
		}
		visits = append(visits, db.WhatIfVisit{Unit: db.Ref{Level: db.Level(u.level), Code: u.code}, Households: n})
	}
	r.Shuffle(len(visits), func(i, j int) { visits[i], visits[j] = visits[j], visits[i] })
	return teams, visits, rows
}

// left lists the households of a unit that are yet to be guided, by the raw rows, those never visited first.
func (w *trial) left(t *testing.T, u *wunit, day string, taken []string) (codes []string) {
	t.Helper()
	rows, err := w.rows.QueryContext(t.Context(), `
		select h.code
		from household h
		join place_period i on i.province = h.province and i.place_id = h.place_id and i.period @> $1::date
		join unit u on u.level = $2 and u.code = $3 and u.valid @> $1::date and u.id = i.`+u.level+`_id
		cross join lateral (
			select coalesce(bool_or(outcome = 'guided'), false) as guided, (array_agg(outcome order by visited_on desc, v.code desc))[1] as latest
			from visit v where v.household_code = h.code and visited_on <= $1::date) v
		where registered_on <= $1::date and (ended_on is null or ended_on > $1::date) and not guided and latest is distinct from 'ineligible'
			and not h.code = any(string_to_array($4, ' '))
		order by latest is not null, h.code`, day, u.level, u.code, strings.Join(taken, " "))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return codes
}

// TestWhatIfIsWhatComes compares supposed coverage with that after an import of what was supposed.
func TestWhatIfIsWhatComes(t *testing.T) {
	t.Parallel()
	province := newWorld(31, 6, 10)
	w := newTrial(t, write(t, province.bundle(t)))
	r := rand.New(rand.NewPCG(31, 1))
	changed := 0
	for i := range 24 {
		day := []string{"2023-05-05", "2024-09-30", splitDay, "2026-01-31"}[i%4]
		var all []*wunit
		for _, u := range province.units {
			if u.valid(day) {
				all = append(all, u)
			}
		}
		// As many of each level: there are far more hamlets.
		level := []string{"province", "commune", "hamlet", "district", "commune", "province"}[i/4]
		var at []*wunit
		for _, u := range all {
			if u.level == level || (level == "district" && day > reformDay && u.level == "commune") {
				at = append(at, u)
			}
		}
		unit := at[r.IntN(len(at))]
		var within []*wunit
		for _, u := range all {
			if slices.Contains(province.chain(u, day), unit) {
				within = append(within, u)
			}
		}
		teams, visits, rows := w.suppose(t, r, within, slices.Concat(within, all[:len(all)/4]), day)
		ref := db.Ref{Level: db.Level(unit.level), Code: unit.code}
		ctx, statements := db.CountStatements(t.Context())
		about, got, err := w.reader.WhatIf(ctx, ref, parse(day), teams, visits)
		if err != nil {
			t.Fatal(err)
		}
		if n := statements.Load(); n > 4 { // begin, commit and two
			t.Errorf("%d statements", n)
		}
		want := w.coverageAfter(t, about, day, rows)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s on %s, %+v, %+v (-imported +supposed):\n%s", unit.level, unit.code, day, teams, visits, diff)
		}
		if now, err := w.reader.Coverage(t.Context(), []db.OnDay{{Key: about.Key(), Day: parse(day)}}); err != nil || !cmp.Equal(now[db.OnDay{Key: about.Key(), Day: parse(day)}], got) {
			changed++
		}
	}
	if changed < 12 {
		t.Errorf("only %d suppositions made a difference", changed)
	}
}

func (w *trial) coverageAfter(t *testing.T, unit db.Unit, day string, rows deed) db.Coverage {
	t.Helper()
	d := w.carryOut(t, day, rows)
	defer d.Close()
	after, err := d.UnitByRef(t.Context(), db.Ref{Level: unit.Level, Code: unit.Code}, parse(day))
	if err != nil {
		t.Fatal(err)
	}
	on := db.OnDay{Key: after.Key(), Day: parse(day)}
	coverage, err := d.Coverage(t.Context(), []db.OnDay{on})
	if err != nil {
		t.Fatal(err)
	}
	return coverage[on]
}

func TestWhatIfRefuses(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if _, err := importDir(t, d, write(t, small), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	commune, hamlet, other := db.Ref{Level: db.LevelCommune, Code: "31999"}, db.Ref{Level: db.LevelHamlet, Code: "H1"}, db.Ref{Level: db.LevelHamlet, Code: "H3"}
	base := db.Position{Longitude: 105, Latitude: 9}
	for name, c := range map[string]struct {
		unit   db.Ref
		teams  []db.WhatIfTeam
		visits []db.WhatIfVisit
		code   db.Code
		says   string
	}{
		"nowhere":      {db.Ref{Level: db.LevelHamlet, Code: "no"}, nil, nil, db.CodeNotFound, "there is no hamlet"},
		"serves none":  {commune, []db.WhatIfTeam{{Base: base}}, nil, db.CodeBadInput, "serves is empty"},
		"serves what":  {commune, []db.WhatIfTeam{{Base: base, Serves: []db.Ref{{Level: db.LevelHamlet, Code: "no"}}}}, nil, db.CodeNotFound, "there is no hamlet"},
		"members":      {commune, []db.WhatIfTeam{{Base: base, Members: -1, Serves: []db.Ref{hamlet}}}, nil, db.CodeBadInput, "members is -1"},
		"base":         {commune, []db.WhatIfTeam{{Base: db.Position{Longitude: 200}, Serves: []db.Ref{hamlet}}}, nil, db.CodeBadInput, "position"},
		"none visited": {commune, nil, []db.WhatIfVisit{{hamlet, 0}}, db.CodeBadInput, "1 or more"},
		"elsewhere":    {commune, nil, []db.WhatIfVisit{{other, 1}}, db.CodeBadInput, "does not lie in phường 9"},
		"wider":        {hamlet, nil, []db.WhatIfVisit{{commune, 1}}, db.CodeBadInput, "does not lie in khóm 1"},
		"unregistered": {other, nil, []db.WhatIfVisit{{other, 1}}, db.CodeBadInput, "khóm 3 has 0 left"},
		"too many":     {commune, nil, []db.WhatIfVisit{{commune, 3}}, db.CodeBadInput, "phường 9 has 2 left"},
		"too much":     {commune, nil, slices.Repeat([]db.WhatIfVisit{{hamlet, 1}}, 1001), db.CodeBadInput, "1,000 at most"},
	} {
		_, _, err := d.WhatIf(t.Context(), c.unit, parse("2024-09-30"), c.teams, c.visits)
		var e *db.Error
		if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// H2 has one of the two that are left in the commune; who wants that one twice is told so.
	_, _, err := d.WhatIf(t.Context(), commune, parse("2024-09-30"), nil, []db.WhatIfVisit{{commune, 2}, {db.Ref{Level: db.LevelHamlet, Code: "H2"}, 1}})
	if err == nil || !strings.Contains(err.Error(), "phường 9 has 1 left") {
		t.Errorf("twice: %v", err)
	}
}
