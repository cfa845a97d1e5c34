package db

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// land is a territory by hand: each unit as "LEVEL CODE NAME FROM TO PARENT POLYGON" (TO "-": open; PARENT as LEVEL/CODE or "-"; POLYGON 0: none),
// each succession as "LEVEL/FROM LEVEL/TO DAY EXTENT". A unit's id is its place in the list, from 1.
func land(t testing.TB, units, successions []string) *territory {
	t.Helper()
	scan := func(text string, into ...any) {
		if _, err := fmt.Sscan(text, into...); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	var list []*territoryUnit
	for i, text := range units {
		var to, parent string
		var polygon int64
		u := &territoryUnit{ID: int64(i + 1)}
		scan(text, &u.Level, &u.Code, &u.Name, &u.valid.from, &to, &parent, &polygon)
		if u.valid.to = forever; to != "-" {
			scan(to, &u.valid.to)
		}
		if level, code, ok := strings.Cut(parent, "/"); ok {
			u.ParentLevel, u.ParentCode = &level, &code
		}
		if polygon != 0 {
			u.PolygonID = &polygon
		}
		list = append(list, u)
	}
	var became []territorySuccession
	for _, text := range successions {
		var from, to string
		var s territorySuccession
		scan(text, &from, &to, &s.EffectiveOn, &s.Extent)
		s.FromLevel, s.FromCode, _ = strings.Cut(from, "/")
		s.ToLevel, s.ToCode, _ = strings.Cut(to, "/")
		became = append(became, s)
	}
	return newTerritory(list, became)
}

func days(p period) string {
	end := func(d day) string {
		if d == forever {
			return "-"
		}
		return fmt.Sprint(int(d))
	}
	return end(p.from) + ".." + end(p.to)
}

func heirsOf(t *territory, id int64) string {
	var out []string
	for _, h := range t.heirs(id) {
		u := t.byID[h.unit]
		out = append(out, fmt.Sprintf("%s:%s/%s", days(h.period), u.Level, u.Code))
	}
	return strings.Join(out, " ")
}

func lies(t *territory, rows []at) string {
	var out []string
	for _, r := range rows {
		var codes []string
		for _, id := range r.chain {
			code := "-"
			if id != 0 {
				code = t.byID[id].Code
			}
			codes = append(codes, code)
		}
		out = append(out, days(r.period)+":"+strings.Join(codes, "/"))
	}
	return strings.Join(out, " ")
}

func TestHeirs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		units, successions []string
		of                 int64
		want               string
	}{
		"a unit that stands": {
			units: []string{"commune A a 0 - - 0"}, of: 1, want: "0..-:commune/A",
		},
		"a unit that ends without a word": {
			units: []string{"commune A a 0 10 - 0", "commune B b 10 - - 0"}, of: 1, want: "0..10:commune/A",
		},
		"a merger": {
			units: []string{"commune A a 0 10 - 0", "commune B b 0 10 - 0", "commune C c 10 - - 0"}, of: 1,
			successions: []string{"commune/A commune/C 10 whole", "commune/B commune/C 10 whole"},
			want:        "0..10:commune/A 10..-:commune/C",
		},
		"a split in one district goes to the district": {
			units: []string{"province P p 0 - - 0", "district D d 0 - province/P 0", "commune A a 0 10 district/D 0", "commune B b 10 - district/D 0", "commune C c 10 - district/D 0"}, of: 3,
			successions: []string{"commune/A commune/B 10 part", "commune/A commune/C 10 part"},
			want:        "0..10:commune/A 10..-:district/D",
		},
		"a split over two districts goes to the province": {
			units:       []string{"province P p 0 - - 0", "district D d 0 - province/P 0", "district E e 0 - province/P 0", "commune A a 0 10 district/D 0", "commune B b 10 - district/D 0", "commune C c 10 - district/E 0"},
			successions: []string{"commune/A commune/B 10 part", "commune/A commune/C 10 part"},
			of:          4, want: "0..10:commune/A 10..-:province/P",
		},
		"a split whose parts have no common parent goes nowhere": {
			units:       []string{"commune A a 0 10 - 0", "commune B b 10 - - 0", "commune C c 10 - - 0"},
			successions: []string{"commune/A commune/B 10 part", "commune/A commune/C 10 part"},
			of:          1, want: "0..10:commune/A",
		},
		"a split whose parts join again": {
			units:       []string{"province P p 0 - - 0", "commune A a 0 10 province/P 0", "commune B b 10 20 province/P 0", "commune C c 10 20 province/P 0", "commune D d 20 - province/P 0"},
			successions: []string{"commune/A commune/B 10 part", "commune/A commune/C 10 part", "commune/B commune/D 20 whole", "commune/C commune/D 20 whole"},
			of:          2, want: "0..10:commune/A 10..20:province/P 20..-:commune/D",
		},
		"who took only land takes no people": {
			units:       []string{"commune A a 0 10 - 0", "commune B b 10 - - 0", "commune C c 10 - - 0"},
			successions: []string{"commune/A commune/B 10 whole", "commune/A commune/C 10 area_only"},
			of:          1, want: "0..10:commune/A 10..-:commune/B",
		},
		"who took only people takes them": {
			units:       []string{"commune A a 0 10 - 0", "commune B b 10 - - 0", "commune C c 10 - - 0"},
			successions: []string{"commune/A commune/B 10 population_only", "commune/A commune/C 10 area_only"},
			of:          1, want: "0..10:commune/A 10..-:commune/B",
		},
		"a code that is another's now continues nothing": {
			units: []string{"commune A tanphong 0 10 - 0", "commune A daidien 10 - - 0"}, of: 1, want: "0..10:commune/A",
		},
		"a code that is another's now, with a word": {
			units:       []string{"commune A daidien 0 10 - 0", "commune B tanphong 0 10 - 0", "commune B daidien 10 - - 0"},
			successions: []string{"commune/A commune/B 10 whole", "commune/B commune/B 10 whole"},
			of:          1, want: "0..10:commune/A 10..-:commune/B",
		},
		"a hamlet that passes to another commune": {
			units: []string{"commune A a 0 10 - 0", "commune B b 10 - - 0", "hamlet H 1 0 10 commune/A 0", "hamlet H 1 10 - commune/B 0"}, of: 3, want: "0..10:hamlet/H 10..-:hamlet/H",
		},
		"a hamlet that begins anew a day later": {
			units: []string{"hamlet H 1 0 10 - 0", "hamlet H 1 11 - - 0"}, of: 1, want: "0..10:hamlet/H",
		},
		"three vintages": {
			units:       []string{"commune A a 0 10 - 0", "commune B b 10 20 - 0", "commune C c 20 - - 0"},
			successions: []string{"commune/A commune/B 10 whole", "commune/B commune/C 20 whole"},
			of:          1, want: "0..10:commune/A 10..20:commune/B 20..-:commune/C",
		},
		"a succession on another day is not this end's": {
			units:       []string{"commune A a 0 10 - 0", "commune B b 0 - - 0"},
			successions: []string{"commune/A commune/B 9 whole"},
			of:          1, want: "0..10:commune/A",
		},
		"part of a unit that stands on goes, the unit stays its own heir": {
			units:       []string{"commune A a 0 - - 0", "commune B b 0 - - 0"},
			successions: []string{"commune/A commune/B 9 part"},
			of:          1, want: "0..-:commune/A",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := heirsOf(land(t, test.units, test.successions), test.of); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestChains(t *testing.T) {
	t.Parallel()
	l := land(t, []string{
		"province P p 0 20 - 0", "province P p 20 - - 0", "district D d 0 10 province/P 0", "commune A a 0 - district/D 0",
		"hamlet H h 5 - commune/A 0", "hamlet I i 0 - hamlet/H 0", "hamlet J j 0 - commune/X 0", "commune B b 0 - province/P 0",
	}, nil)
	for id, want := range map[int64]string{
		4: "0..10:P/D/A/- 10..-:-/-/A/-", // nobody above once the district has ended
		5: "5..10:P/D/A/H 10..-:-/-/A/H",
		6: "0..-:-/-/-/I", // a hamlet is no parent of a hamlet
		7: "0..-:-/-/-/J", // nor is what does not exist
		8: "0..20:P/-/B/- 20..-:P/-/B/-",
	} {
		if got := lies(l, l.chains[id]); got != want {
			t.Errorf("unit %d: got %s, want %s", id, got, want)
		}
	}
	if parents := l.chains[8]; parents[0].parent != 1 || parents[1].parent != 2 {
		t.Errorf("the parent is not that of the day: %+v", parents)
	}
}

func TestLocated(t *testing.T) {
	t.Parallel()
	l := land(t, []string{
		"province P p 0 - - 0",
		"commune B b 0 - province/P 1", "commune A a 5 10 province/P 2", "commune C c 0 - province/P 0",
		"hamlet Z z 0 20 commune/B 3", "hamlet Y y 8 - commune/B 4", "hamlet X x 0 - commune/A 5", "hamlet W w 0 - commune/C 6", "hamlet V v 2 3 - 7",
	}, nil)
	for _, test := range []struct {
		covers   []int64
		want     string
		complete bool
	}{
		{nil, "", false},
		{[]int64{1}, "0..-:P/-/B/-", true},
		{[]int64{1, 2}, "0..5:P/-/B/- 5..10:P/-/A/- 10..-:P/-/B/-", true},
		{[]int64{2}, "5..10:P/-/A/-", false},
		{[]int64{1, 3, 4}, "0..8:P/-/B/Z 8..-:P/-/B/Y", true},
		{[]int64{3}, "", false}, // in a hamlet of a commune whose polygon does not cover it
		{[]int64{1, 2, 3, 5}, "0..5:P/-/B/Z 5..10:P/-/A/X 10..20:P/-/B/Z 20..-:P/-/B/-", true},
		{[]int64{6}, "0..-:P/-/C/W", true}, // a commune without a polygon is its hamlets
		{[]int64{1, 6}, "0..-:P/-/B/-", true},
		{[]int64{7}, "", false}, // a hamlet of no commune
	} {
		rows := l.located(test.covers)
		if got := lies(l, rows); got != test.want || l.complete(rows) != test.complete {
			t.Errorf("%v: got %s, %v, want %s, %v", test.covers, got, l.complete(rows), test.want, test.complete)
		}
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	l := land(t, []string{
		"province P p 0 - - 0", "commune A a 0 10 province/P 1", "commune B b 10 - province/P 2", "hamlet H h 0 10 commune/A 0", "hamlet I i 10 - commune/B 3",
	}, []string{"commune/A commune/B 10 whole", "hamlet/H hamlet/I 10 whole"})
	for _, test := range []struct {
		covers   []int64
		declared int64
		want     string
	}{
		{nil, 0, ""},
		{nil, 2, "0..10:P/-/A/- 10..-:P/-/B/-"},
		{nil, 4, "0..10:P/-/A/H 10..-:P/-/B/I"},
		{[]int64{1}, 4, "0..10:P/-/A/- 10..-:P/-/B/I"}, // where the point lies comes first
		{[]int64{2}, 4, "0..10:P/-/A/H 10..-:P/-/B/-"},
		{[]int64{1, 2}, 4, "0..10:P/-/A/- 10..-:P/-/B/-"},
	} {
		if got := lies(l, l.settled(l.located(test.covers), test.declared)); got != test.want {
			t.Errorf("%v, declared %d: got %s, want %s", test.covers, test.declared, got, test.want)
		}
	}
}

// TestLocatedDayByDay holds located and complete to the contract's sentence, applied to one day after the other.
func TestLocatedDayByDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const horizon = 14
		var units []*territoryUnit
		add := func(level, parent, parentCode string, codes []string) {
			for _, code := range codes {
				from := rapid.IntRange(0, 4).Draw(t, "from")
				for n := rapid.IntRange(1, 3).Draw(t, "vintages"); n > 0 && from < horizon; n-- {
					to := day(from + rapid.IntRange(1, 6).Draw(t, "length"))
					u := &territoryUnit{ID: int64(len(units) + 1), Level: level, Code: code, Name: fmt.Sprint(rapid.IntRange(0, 1).Draw(t, "name")), valid: period{day(from), to}}
					from = int(to) + rapid.IntRange(0, 2).Draw(t, "gap")
					if n == 1 && rapid.Bool().Draw(t, "open") {
						u.valid.to = forever
					}
					if polygon := int64(rapid.IntRange(0, 6).Draw(t, "polygon")); polygon > 0 && level != "province" {
						u.PolygonID = &polygon
					}
					if parent != "" {
						code := parentCode
						if level == "hamlet" {
							code = rapid.SampledFrom([]string{"A", "B", "C", "X"}).Draw(t, "parent")
						}
						u.ParentLevel, u.ParentCode = &parent, &code
					}
					units = append(units, u)
				}
			}
		}
		add("province", "", "", []string{"P"})
		add("commune", "province", "P", []string{"B", "C", "A"})
		add("hamlet", "commune", "", []string{"H3", "H1", "H2"})
		l := newTerritory(units, nil)
		covers := rapid.SliceOfNDistinct(rapid.Int64Range(1, 6), 0, 5, rapid.ID).Draw(t, "covers")
		rows := l.located(covers)
		always := true
		for d := day(-1); d < horizon+8; d++ {
			want := plainlyLocated(units, covers, d)
			var got chain
			found := 0
			for _, r := range rows {
				if r.holds(d) {
					got, found = r.chain, found+1
				}
			}
			if got != want || found > 1 {
				t.Fatalf("on day %d: %d rows, %v, want %v", d, found, got, want)
			}
			if d >= l.first && want == (chain{}) {
				always = false
			}
		}
		if l.complete(rows) != (always && l.first != forever) {
			t.Fatalf("complete: %v, rows %v", l.complete(rows), rows)
		}
		for i := 1; i < len(rows); i++ {
			if rows[i].from < rows[i-1].to || rows[i].from == rows[i-1].to && rows[i].chain == rows[i-1].chain {
				t.Fatalf("rows %v", rows)
			}
		}
	})
}

// plainlyLocated is the contract's sentence for one day.
func plainlyLocated(units []*territoryUnit, covers []int64, d day) (c chain) {
	covered := func(u *territoryUnit) bool { return u.PolygonID != nil && slices.Contains(covers, *u.PolygonID) }
	of := func(h, commune *territoryUnit) bool {
		return h.Level == "hamlet" && h.valid.holds(d) && h.ParentCode != nil && *h.ParentCode == commune.Code
	}
	smallest := func(level string, holds func(*territoryUnit) bool) (found *territoryUnit) {
		for _, u := range units {
			if u.Level == level && u.valid.holds(d) && holds(u) && (found == nil || u.Code < found.Code) {
				found = u
			}
		}
		return found
	}
	commune := smallest("commune", func(u *territoryUnit) bool {
		if u.PolygonID != nil {
			return covered(u)
		}
		return slices.ContainsFunc(units, func(h *territoryUnit) bool { return of(h, u) && covered(h) })
	})
	if commune == nil {
		return c
	}
	c[communeRank] = commune.ID
	if p := smallest("province", func(*territoryUnit) bool { return true }); p != nil {
		c[0] = p.ID
	}
	if h := smallest("hamlet", func(u *territoryUnit) bool { return of(u, commune) && covered(u) }); h != nil {
		c[hamletRank] = h.ID
	}
	return c
}
