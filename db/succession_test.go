package db_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestSuccessionsCountEveryRow compares what passed between units with what the rows say, from both sides.
func TestSuccessionsCountEveryRow(t *testing.T) {
	t.Parallel()
	l := load(t, 51)
	keys := l.keys(t)
	type edge struct {
		from, to *wunit
		on       string
		extent   string
	}
	var want []edge
	for _, u := range l.units {
		switch {
		case u.level == "commune" && u.to == reformDay:
			want = append(want, edge{u, l.unitOn("commune", l.heirOfCommune(u), reformDay), reformDay, "whole"})
		case u.level == "hamlet" && u.to == splitDay:
			for half := range 2 {
				want = append(want, edge{u, l.unitOn("hamlet", fmt.Sprint(u.code, half), splitDay), splitDay, "part"})
			}
		case u.level == "hamlet" && u.to == reformDay:
			want = append(want, edge{u, l.unitOn("hamlet", u.code, reformDay), reformDay, "whole"})
		}
	}
	passed := func(e edge) string {
		eve := parse(e.on).AddDate(0, 0, -1).Format(time.DateOnly)
		households, addresses := 0, 0
		for _, h := range l.households {
			if h.status(e.on) != "" && slices.Contains(l.home(h, eve), e.from) && slices.Contains(l.home(h, e.on), e.to) {
				households++
			}
		}
		for _, a := range l.addresses {
			if a.kind == "household" && l.at(a, e.from.level, eve) == e.from && l.at(a, e.to.level, e.on) == e.to {
				addresses++
			}
		}
		return fmt.Sprintf("%s %s → %s %s on %s, %s: %d, %d", e.from.level, e.from.code, e.to.level, e.to.code, e.on, e.extent, households, addresses)
	}
	var all []db.Key
	of := map[db.Key]*wunit{}
	for u, k := range keys {
		all = append(all, k)
		of[k] = u
	}
	var counted, forward, backward []string
	for _, e := range want {
		counted = append(counted, passed(e))
	}
	ctx, statements := db.CountStatements(t.Context())
	successors, err := l.d.Successors(ctx, all)
	if err != nil {
		t.Fatal(err)
	}
	predecessors, err := l.d.Predecessors(ctx, all)
	if err != nil {
		t.Fatal(err)
	}
	if n := statements.Load(); n != 2 {
		t.Errorf("%d statements", n)
	}
	said := func(from, to *wunit, s db.Succession) string {
		return fmt.Sprintf("%s %s → %s %s on %s, %s: %d, %d", from.level, from.code, to.level, to.code, s.EffectiveOn.Format(time.DateOnly), s.Extent, s.Households, s.Addresses)
	}
	for k, list := range successors {
		for _, s := range list {
			forward = append(forward, said(of[k], of[s.Unit.Key()], s))
		}
	}
	for k, list := range predecessors {
		for _, s := range list {
			backward = append(backward, said(of[s.Unit.Key()], of[k], s))
		}
	}
	for _, list := range [][]string{counted, forward, backward} {
		slices.Sort(list)
	}
	if !slices.Equal(counted, forward) || !slices.Equal(counted, backward) {
		t.Errorf("counted %d\n%v\nforward %d\n%v\nbackward %d\n%v", len(counted), counted, len(forward), forward, len(backward), backward)
	}
	// What left a commune on the day of the reform is what it had: whatever is in none of its successors is in none at all.
	for u, k := range keys {
		if u.level != "commune" || u.to != reformDay {
			continue
		}
		sum := 0
		for _, s := range successors[k] {
			sum += s.Households
		}
		had, lost := 0, 0
		for _, h := range l.households {
			if h.status(reformDay) != "" && slices.Contains(l.home(h, "2025-06-30"), u) {
				had++
				if !slices.ContainsFunc(l.home(h, reformDay), func(in *wunit) bool { return in.level == "commune" }) {
					lost++
				}
			}
		}
		if sum != had-lost {
			t.Errorf("%s: %d had, %d lost, %d passed", u.code, had, lost, sum)
		}
	}
}

// TestPairPassesPeopleOnce: land and people may be declared apart, and the people are counted with the people.
func TestPairPassesPeopleOnce(t *testing.T) {
	t.Parallel()
	const area = "\"POLYGON((105 9,105.1 9,105.1 9.1,105 9.1,105 9))\"\n"
	d := dbtest.New(t)
	if _, err := importDir(t, d, write(t, map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2025-12-31", "source": "pair", "synthetic": true}`,
		"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\nprovince,96,Cà Mau,tinh,,,2004-01-01,,\n" +
			"commune,32001,Cũ,xa,province,96,2004-01-01,2025-01-01," + area + "commune,32002,Mới,xa,province,96,2025-01-01,," + area,
		"successions.csv": "from_level,from_code,to_level,to_code,effective_on,extent,decision\n" +
			"commune,32001,commune,32002,2025-01-01,area_only,NQ 1\ncommune,32001,commune,32002,2025-01-01,population_only,NQ 2\n",
		"addresses.csv":  "scheme,code,lon,lat,kind\nlocal,A1,105.05,9.05,household\nlocal,A2,105.06,9.05,household\n",
		"households.csv": "code,address_scheme,address_code,registered_on\nH1,local,A1,2023-01-01\n",
	}), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	unit := func(code, day string) db.Key {
		u, err := d.UnitByRef(t.Context(), db.Ref{Level: db.LevelCommune, Code: code}, parse(day))
		if err != nil {
			t.Fatal(err)
		}
		return u.Key()
	}
	old, now := unit("32001", "2024-12-31"), unit("32002", "2025-01-01")
	forward, err := d.Successors(t.Context(), []db.Key{old})
	if err != nil {
		t.Fatal(err)
	}
	backward, err := d.Predecessors(t.Context(), []db.Key{now})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]db.Succession{forward[old], backward[now]} {
		var got []string
		for _, s := range list {
			got = append(got, fmt.Sprintf("%s by %s: %d, %d", s.Extent, *s.Decision, s.Households, s.Addresses))
		}
		if want := []string{"area_only by NQ 1: 0, 0", "population_only by NQ 2: 1, 2"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
