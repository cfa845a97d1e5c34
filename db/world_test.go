package db_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A world is a random province in plain Go values, from which a bundle is written and against which answers are
// counted by the contract's words. Lengths are whole thousandths of a degree from 105°E 9°N, so that borders are exact.
type world struct {
	units      []*wunit
	addresses  []*waddress
	households []*whousehold
	teams      []*wteam
	adoptions  []wadoption
	reports    []wreport
}

type rect struct{ x0, y0, x1, y1 int }

func (r rect) covers(x, y int) bool { return r.x0 <= x && x <= r.x1 && r.y0 <= y && y <= r.y1 }

func (r rect) wkt() string {
	c := func(x, y int) string { return degrees(105, x) + " " + degrees(9, y) }
	return fmt.Sprintf("POLYGON((%s,%s,%s,%s,%s))", c(r.x0, r.y0), c(r.x1, r.y0), c(r.x1, r.y1), c(r.x0, r.y1), c(r.x0, r.y0))
}

func degrees(origin, thousandths int) string {
	return strconv.FormatFloat(float64(origin*1000+thousandths)/1000, 'f', 3, 64)
}

type wunit struct {
	level, code, name, kind string
	parentLevel, parentCode string
	from, to                string // to "": open
	area                    *rect
	drawn                   bool // its polygon is in the bundle
}

func (u *wunit) valid(day string) bool { return within(day, u.from, u.to) }

// within tells whether a day is in [from, to); to "" is open.
func within(day, from, to string) bool { return from <= day && (to == "" || day < to) }

type waddress struct {
	code, kind string
	x, y       int
}

type whousehold struct {
	code            string
	address         *waddress
	commune, hamlet string
	registered      string
	ended           string
	visits          []wvisit
}

type wvisit struct{ code, on, outcome, team string }

type wteam struct {
	code, kind, level, unit string
	from, to                string
	service                 []wservice
	members                 []wmember
}

type wservice struct{ level, unit, from, to string }

type wmember struct{ code, from, to string }

type wadoption struct {
	household       *whousehold
	service, on, to string
}

type wreport struct {
	level, unit, on string
	value           int
	share           string
}

const (
	beforeAll = "2004-01-01"
	splitDay  = "2024-12-01"
	reformDay = "2025-07-01"
)

// newWorld makes a province of side × side hamlets of 0.01° with so many addresses each, two by two a commune, a row of communes a district; on
// reformDay pairs of communes become one under the first one's code, and districts end. One hamlet is split before,
// one has no polygon, one commune has none. The codes of hamlets are in no order.
func newWorld(seed uint64, side, addresses int) *world {
	r := rand.New(rand.NewPCG(seed, 1))
	w := &world{}
	add := func(u wunit) { w.units = append(w.units, &u) }
	add(wunit{level: "province", code: "96", name: "Cà Mau", kind: "tinh", from: beforeAll})
	numbers := r.Perm(side * side)
	for y := range side / 2 {
		district := fmt.Sprintf("96%d", y)
		add(wunit{level: "district", code: district, name: fmt.Sprintf("Huyện %d", y), kind: "huyen", parentLevel: "province", parentCode: "96", from: beforeAll, to: reformDay})
		for x := range side / 2 {
			area := rect{x * 20, y * 20, x*20 + 20, y*20 + 20}
			add(wunit{level: "commune", code: commune(x, y), name: fmt.Sprintf("Xã %d %d", x, y), kind: "xa", parentLevel: "district", parentCode: district,
				from: beforeAll, to: reformDay, area: &area, drawn: x+y != 1})
			if x%2 == 0 {
				area := rect{x * 20, y * 20, min(x*20+40, side*10), y*20 + 20}
				add(wunit{level: "commune", code: commune(x, y), name: fmt.Sprintf("Tân %d %d", x, y), kind: "xa", parentLevel: "province", parentCode: "96",
					from: reformDay, area: &area, drawn: true})
			}
		}
	}
	for i, n := range numbers {
		x, y := i%side, i/side
		code, old, now := fmt.Sprintf("H%03d", n), commune(x/2, y/2), commune(x/4*2, y/2)
		area := rect{x * 10, y * 10, x*10 + 10, y*10 + 10}
		hamlet := func(code string, area rect, parent, from, to string) {
			add(wunit{level: "hamlet", code: code, name: "Ấp " + code, kind: "ap", parentLevel: "commune", parentCode: parent, from: from, to: to, area: &area, drawn: i != 5})
		}
		if i != 1 {
			hamlet(code, area, old, beforeAll, reformDay)
			hamlet(code, area, now, reformDay, "")
			continue
		}
		hamlet(code, area, old, beforeAll, splitDay)
		for half := range 2 {
			part, half := rect{area.x0 + 5*half, area.y0, area.x0 + 5*half + 5, area.y1}, fmt.Sprintf("%s%d", code, half)
			hamlet(half, part, old, splitDay, reformDay)
			hamlet(half, part, now, reformDay, "")
		}
	}
	w.people(r, side, addresses)
	return w
}

func commune(x, y int) string { return fmt.Sprintf("32%02d%d", y, x) }

func date(r *rand.Rand, from, to string) string {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return a.AddDate(0, 0, r.IntN(int(b.Sub(a).Hours()/24))).Format(time.DateOnly)
}

func maybe(r *rand.Rand, chance float64, s string) string {
	if r.Float64() < chance {
		return s
	}
	return ""
}

func later(r *rand.Rand, chance float64, from string) string {
	if r.Float64() >= chance {
		return ""
	}
	return parse(date(r, from, "2027-01-01")).AddDate(0, 0, 1).Format(time.DateOnly)
}

// people fills the province: so many addresses a hamlet, and four households for five of them.
func (w *world) people(r *rand.Rand, side, perHamlet int) {
	var hamlets, communes []*wunit
	for _, u := range w.units {
		switch u.level {
		case "hamlet":
			hamlets = append(hamlets, u)
		case "commune":
			communes = append(communes, u)
		}
	}
	pick := func(units []*wunit, day string) *wunit {
		for {
			if u := units[r.IntN(len(units))]; u.valid(day) {
				return u
			}
		}
	}
	for i := range side * side * perHamlet {
		// A fifth lie on multiples of 0.005°: on borders and corners. Some lie outside.
		x, y := r.IntN(side*10+6)-2, r.IntN(side*10+6)-2
		if i%5 == 0 {
			x, y = x/5*5, y/5*5
		}
		kind := []string{"household", "household", "household", "household", "business"}[r.IntN(5)]
		w.addresses = append(w.addresses, &waddress{fmt.Sprintf("A%06d", i), kind, x, y})
	}
	for i := range side * side * perHamlet * 4 / 5 {
		h := &whousehold{code: fmt.Sprintf("N%06d", i), registered: date(r, "2022-01-01", "2026-06-01")}
		h.ended = later(r, 0.2, h.registered)
		if r.IntN(10) > 0 {
			h.address = w.addresses[r.IntN(len(w.addresses))]
		}
		u := pick(hamlets, h.registered)
		h.hamlet, h.commune = maybe(r, 0.5, u.code), maybe(r, 0.7, u.parentCode)
		if r.IntN(4) > 0 {
			for v := range r.IntN(4) {
				outcome := []string{"guided", "guided", "not_home", "declined", "ineligible"}[r.IntN(5)]
				h.visits = append(h.visits, wvisit{fmt.Sprintf("V%06d-%d", i, v), date(r, "2022-01-01", "2026-10-01"), outcome, fmt.Sprintf("T%03d", (i+v/2)%(side*side))})
			}
		}
		for _, s := range []string{"dvc", "vi", "so"} {
			for on := date(r, "2022-01-01", "2026-01-01"); on != "" && r.IntN(3) == 0; {
				a := wadoption{h, s, on, later(r, 0.5, on)}
				w.adoptions = append(w.adoptions, a)
				on = a.to
			}
		}
		w.households = append(w.households, h)
	}
	member := 0
	for i := range side * side {
		t := &wteam{code: fmt.Sprintf("T%03d", i), kind: []string{"cnscd", "cnscd", "cnscd", "de_an_06", "other"}[r.IntN(5)], from: date(r, "2022-01-01", "2026-01-01")}
		t.to = later(r, 0.3, t.from)
		u := pick(hamlets, t.from)
		if r.IntN(5) == 0 {
			u = pick(communes, t.from)
		}
		t.level, t.unit = u.level, u.code
		for range r.IntN(3) {
			from := date(r, t.from, "2026-06-01")
			u := pick(hamlets, from)
			if !slices.ContainsFunc(t.service, func(s wservice) bool { return s.unit == u.code && s.from == from }) {
				t.service = append(t.service, wservice{u.level, u.code, from, later(r, 0.5, from)})
			}
		}
		for range r.IntN(5) {
			from := date(r, "2022-01-01", "2026-01-01")
			t.members = append(t.members, wmember{fmt.Sprintf("M%04d", member), from, later(r, 0.3, from)})
			member++
		}
		w.teams = append(w.teams, t)
	}
	for range side * 2 {
		on := date(r, "2022-01-01", "2026-06-01")
		u := pick(slices.Concat(hamlets, communes), on)
		w.reports = append(w.reports, wreport{u.level, u.code, on, r.IntN(500), maybe(r, 0.8, fmt.Sprintf("0.%d", r.IntN(100)))})
	}
}

// bundle writes the world as the files of a bundle.
func (w *world) bundle(t testing.TB) map[string]string {
	files := map[string]string{"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "random", "synthetic": true}`}
	table := func(name, header string, rows [][]string) {
		var b strings.Builder
		out := csv.NewWriter(&b)
		if err := out.WriteAll(append([][]string{strings.Split(header, ",")}, rows...)); err != nil {
			t.Fatal(err)
		}
		files[name+".csv"] = b.String()
	}
	var units, addresses, households, visits, teams, service, members, adoptions, reports [][]string
	for _, u := range w.units {
		geometry := ""
		if u.drawn {
			geometry = u.area.wkt()
		}
		units = append(units, []string{u.level, u.code, u.name, u.kind, u.parentLevel, u.parentCode, u.from, u.to, geometry})
	}
	for _, a := range w.addresses {
		addresses = append(addresses, []string{a.scheme(), a.code, degrees(105, a.x), degrees(9, a.y), a.kind})
	}
	for _, h := range w.households {
		scheme, code := "", ""
		if h.address != nil {
			scheme, code = h.address.scheme(), h.address.code
		}
		households = append(households, []string{h.code, scheme, code, h.commune, h.hamlet, h.registered, h.ended})
		for _, v := range h.visits {
			visits = append(visits, []string{v.code, h.code, v.team, v.on, v.outcome, v.topics()})
		}
	}
	for _, m := range w.teams {
		teams = append(teams, []string{m.code, "Tổ " + m.code, m.level, m.kind, m.unit, m.from, m.to})
		for _, s := range m.service {
			service = append(service, []string{m.code, s.level, s.unit, s.from, s.to})
		}
		for _, p := range m.members {
			members = append(members, []string{p.code, m.code, p.role(), p.organization(), p.from, p.to, p.trained()})
		}
	}
	for _, a := range w.adoptions {
		adoptions = append(adoptions, []string{a.household.code, a.service, a.on, a.to})
	}
	for _, r := range w.reports {
		reports = append(reports, []string{r.level, r.unit, "households_guided", fmt.Sprint(r.value), "gte", r.on, r.share, "Sở"})
	}
	var successions [][]string
	for _, u := range w.units {
		switch {
		case u.level == "commune" && u.to == reformDay:
			successions = append(successions, []string{"commune", u.code, "commune", w.heirOfCommune(u), reformDay, "whole"})
		case u.level == "hamlet" && u.to == splitDay:
			for half := range 2 {
				successions = append(successions, []string{"hamlet", u.code, "hamlet", fmt.Sprintf("%s%d", u.code, half), splitDay, "part"})
			}
		}
	}
	table("units", "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry", units)
	table("successions", "from_level,from_code,to_level,to_code,effective_on,extent", successions)
	table("services", "code,name_vi,name_en,counted_in", [][]string{{"dvc", "Dịch vụ công", "Services", "household"}, {"so", "Sổ", "Book", "record"}, {"vi", "Ví", "Wallet", "household"}})
	table("addresses", "scheme,code,lon,lat,kind", addresses)
	table("households", "code,address_scheme,address_code,commune_code,hamlet_code,registered_on,ended_on", households)
	table("visits", "code,household_code,team_code,visited_on,outcome,topics", visits)
	table("teams", "code,name,level,kind,unit_code,established_on,dissolved_on", teams)
	table("team_service", "team_code,level,unit_code,from_on,to_on", service)
	table("members", "code,team_code,role,organization,joined_on,left_on,trained_on", members)
	table("adoptions", "household_code,service_code,adopted_on,ended_on", adoptions)
	table("reports", "level,unit_code,measure,value,qualifier,as_of,share,source", reports)
	return files
}
