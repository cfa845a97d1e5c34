package db_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"vunglom/db"
)

// statusOf is the contract's status of an address on a day; "" where it is no household's.
func (w *world) statusOf(a *waddress, day string) db.Status {
	order := []db.Status{db.StatusGuided, db.StatusAttempted, db.StatusNotVisited, db.StatusIneligible}
	best := len(order)
	for _, h := range w.households {
		if h.address == a && h.status(day) != "" {
			best = min(best, slices.Index(order, h.status(day)))
		}
	}
	switch {
	case best < len(order):
		return order[best]
	case a.kind == "household":
		return db.StatusUnknown
	}
	return ""
}

func codeOf(u *wunit) string {
	if u == nil {
		return ""
	}
	return u.code
}

func storedCode(u *db.Unit) string {
	if u == nil {
		return ""
	}
	return u.Code
}

// TestAddressesAndLocate compares where every address lies, and its status, with the count.
func TestAddressesAndLocate(t *testing.T) {
	t.Parallel()
	l := load(t, 21)
	for _, day := range l.days[1:7] {
		var asked []db.AddressOnDay
		for _, a := range l.addresses {
			asked = append(asked, db.AddressOnDay{AddressKey: db.AddressKey{Province: "96", Scheme: a.scheme(), Code: a.code}, Day: parse(day)})
		}
		units, err := l.d.AddressUnits(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		statuses, err := l.d.AddressStatuses(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range l.addresses {
			commune, hamlet := l.locate(a.x, a.y, day)
			at := units[asked[i]]
			if storedCode(at.Commune) != codeOf(commune) || storedCode(at.Hamlet) != codeOf(hamlet) {
				t.Errorf("%s on %s: %+v, want %s, %s", a.code, day, at, codeOf(commune), codeOf(hamlet))
			}
			if statuses[asked[i]] != l.statusOf(a, day) {
				t.Errorf("%s on %s: %s, want %s", a.code, day, statuses[asked[i]], l.statusOf(a, day))
			}
			if i%7 > 0 {
				continue
			}
			found, err := l.d.Locate(t.Context(), db.Position{Longitude: (105000 + float64(a.x)) / 1000, Latitude: (9000 + float64(a.y)) / 1000}, parse(day))
			if err != nil {
				t.Fatal(err)
			}
			district, province := "", ""
			for _, u := range l.chain(commune, day) {
				switch u.level {
				case "district":
					district = u.code
				case "province":
					province = u.code
				}
			}
			if storedCode(found.Commune) != codeOf(commune) || storedCode(found.Hamlet) != codeOf(hamlet) || storedCode(found.District) != district || storedCode(found.Province) != province {
				t.Errorf("locate %s on %s: %+v", a.code, day, found)
			}
		}
	}
}

// TestAddressPages reads lists page by page and compares them with a plain filter.
func TestAddressPages(t *testing.T) {
	t.Parallel()
	l := load(t, 22)
	box := db.Box{West: 105.005, South: 9.003, East: 105.031, North: 9.04}
	for _, day := range []string{"2024-09-30", "2026-01-01"} {
		for n, f := range []db.AddressFilter{
			{},
			{Box: &box},
			{Within: &db.Ref{Level: db.LevelCommune, Code: commune(2, 1)}},
			{Within: &db.Ref{Level: db.LevelProvince, Code: "96/96"}, Box: &box, Status: []db.Status{db.StatusGuided, db.StatusUnknown}},
			{Status: []db.Status{db.StatusIneligible}},
		} {
			var want []string
			for _, a := range l.addresses {
				commune, _ := l.locate(a.x, a.y, day)
				in := f.Within == nil || slices.ContainsFunc(l.chain(commune, day), func(u *wunit) bool {
					return u.level == string(f.Within.Level) && "96/"+u.code == "96/"+f.Within.Code || u.level == "province" && f.Within.Level == db.LevelProvince
				})
				met := f.Box == nil || a.x >= 5 && a.x <= 31 && a.y >= 3 && a.y <= 40
				if in && met && (len(f.Status) == 0 || slices.Contains(f.Status, l.statusOf(a, day))) {
					want = append(want, a.id())
				}
			}
			slices.Sort(want)
			var got []string
			for page := (db.PageArgs{First: 50}); ; {
				answer, err := l.d.Addresses(t.Context(), f, parse(day), page)
				if err != nil {
					t.Fatal(err)
				}
				if answer.Total != len(want) {
					t.Fatalf("filter %d on %s: total %d, want %d", n, day, answer.Total, len(want))
				}
				for _, a := range answer.Items {
					got = append(got, a.Scheme+"/"+a.Code)
				}
				if !answer.More {
					break
				}
				page.After = answer.Cursors[len(answer.Cursors)-1]
			}
			if !slices.Equal(got, want) {
				t.Errorf("filter %d on %s: %d addresses, want %d", n, day, len(got), len(want))
			}
			l.compareWhole(t, f, day, want)
		}
	}
}

// compareWhole compares a list that is read in one go with the addresses wanted, and each address with the count.
func (l loaded) compareWhole(t *testing.T, f db.AddressFilter, day string, want []string) {
	t.Helper()
	byID := map[string]*waddress{}
	for _, a := range l.addresses {
		byID[a.id()] = a
	}
	var got []string
	for row, err := range l.d.WholeAddresses(t.Context(), f, parse(day)) {
		if err != nil {
			t.Fatal(err)
		}
		id := row.Scheme + "/" + row.Code
		got = append(got, id)
		a := byID[id]
		commune, hamlet := l.locate(a.x, a.y, day)
		text := func(s *string) string {
			if s == nil {
				return ""
			}
			return *s
		}
		var status db.Status
		if row.Status != nil {
			status = *row.Status
		}
		if status != l.statusOf(a, day) || text(row.CommuneCode) != codeOf(commune) || text(row.HamletCode) != codeOf(hamlet) || row.Kind != a.kind {
			t.Errorf("%s on %s: %s %s %s, want %s %s %s", a.code, day, status, text(row.CommuneCode), text(row.HamletCode),
				l.statusOf(a, day), codeOf(commune), codeOf(hamlet))
		}
		if math.Abs(row.Longitude-(105000+float64(a.x))/1000) > 1e-9 || math.Abs(row.Latitude-(9000+float64(a.y))/1000) > 1e-9 {
			t.Errorf("%s lies at %v %v", a.code, row.Longitude, row.Latitude)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("whole list on %s: %d addresses, want %d", day, len(got), len(want))
	}
}

// TestTeams compares lists, what teams serve, their members and the nearest with the count.
func TestTeams(t *testing.T) {
	t.Parallel()
	l := load(t, 23)
	keys := l.keys(t)
	for _, day := range l.days[1:] {
		counts := l.count(day)
		var asked []db.OnDay
		want := map[db.OnDay][]string{}
		for u, c := range counts {
			if u != nil {
				on := db.OnDay{Key: keys[u], Day: parse(day)}
				asked = append(asked, on)
				slices.Sort(c.allTeams)
				want[on] = c.allTeams
			}
		}
		first, err := l.d.TeamsOfUnits(t.Context(), asked, db.PageArgs{First: 2})
		if err != nil {
			t.Fatal(err)
		}
		for on, page := range first {
			var got []string
			for _, m := range page.Items {
				got = append(got, m.Code)
			}
			if page.Total != len(want[on]) || page.More != (len(want[on]) > 2) || !slices.Equal(got, want[on][:min(2, len(want[on]))]) {
				t.Errorf("teams of %+v: %v of %d, want %v", on, got, page.Total, want[on])
			}
			if page.More {
				rest, err := l.d.TeamsOfUnits(t.Context(), []db.OnDay{on}, db.PageArgs{First: 1000, After: page.Cursors[1]})
				if err != nil {
					t.Fatal(err)
				}
				if r := rest[on]; len(r.Items) != len(want[on])-2 || r.Total != len(want[on]) || r.More {
					t.Errorf("the rest of %+v: %d of %d, want %d", on, len(r.Items), r.Total, len(want[on])-2)
				}
			}
		}
		if len(first) != len(asked) {
			t.Errorf("%d answers to %d questions", len(first), len(asked))
		}
		var teams []db.TeamOnDay
		for _, m := range l.teams {
			teams = append(teams, db.TeamOnDay{TeamKey: db.TeamKey{Province: "96", Code: m.code}, Day: parse(day)})
		}
		served, err := l.d.TeamServes(t.Context(), teams)
		if err != nil {
			t.Fatal(err)
		}
		members, err := l.d.TeamMemberCounts(t.Context(), teams)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range l.teams {
			var got, want []string
			for _, u := range served[teams[i]] {
				got = append(got, u.Code)
			}
			for _, u := range l.serves(m, day) {
				want = append(want, u.code)
			}
			slices.Sort(got)
			slices.Sort(want)
			count := 0
			for _, p := range m.members {
				if within(day, m.from, m.to) && within(day, p.from, p.to) {
					count++
				}
			}
			if !slices.Equal(got, want) || members[teams[i]] != count {
				t.Errorf("%s on %s serves %v with %d, want %v with %d", m.code, day, got, members[teams[i]], want, count)
			}
		}
		at := db.Position{Longitude: 105.0213, Latitude: 9.0131}
		here := db.PositionOnDay{Position: at, Day: parse(day)}
		nearest := func(first int) []db.TeamDistance {
			found, err := l.d.TeamsNearestTo(t.Context(), []db.PositionOnDay{here}, first)
			if err != nil {
				t.Fatal(err)
			}
			return found[here]
		}
		near, all := nearest(5), nearest(1000)
		active := 0
		for _, m := range l.teams {
			if m.kind == "cnscd" && within(day, m.from, m.to) {
				active++
			}
		}
		// A hamlet without a polygon has no label point, so that its team has no base.
		if len(all) > active || len(all) < active-3 || len(near) != min(5, len(all)) {
			t.Errorf("%d and %d teams are near on %s, %d are active", len(near), len(all), day, active)
		}
		if !slices.IsSortedFunc(all, func(a, b db.TeamDistance) int { return cmp.Compare(a.DistanceMetres, b.DistanceMetres) }) {
			t.Errorf("the nearest on %s are out of order", day)
		}
		for i, n := range near {
			if n.Team.Code != all[i].Team.Code {
				t.Errorf("%s on %s: number %d of 5 is %s, of all %s", day, day, i, n.Team.Code, all[i].Team.Code)
			}
			// Flat-earth arithmetic is good to a part in a thousand at this distance.
			dx := (*n.Team.BaseLongitude - at.Longitude) * 111320 * math.Cos(at.Latitude*math.Pi/180)
			dy := (*n.Team.BaseLatitude - at.Latitude) * 110600
			if d := math.Hypot(dx, dy); math.Abs(d-n.DistanceMetres) > 2+d/200 {
				t.Errorf("%s is %v m away, or about %v", n.Team.Code, n.DistanceMetres, d)
			}
		}
	}
}
