package db_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"vunglom/db"
)

var worlds = flag.Int("worlds", 8, "how many random successions TestVerifyHoldsOnRandomSuccessions tries")

// turns are the days on which units of a random succession begin and end.
var turns = []string{"2004-01-01", "2008-01-01", "2013-01-01", "2019-01-01", "2025-07-01", ""}

// succeeding is a random province whose units come and go, pass to other parents, and say of some only what became of
// them: drawn over one another or not at all, their people at points, at none, and outside of all.
func succeeding(seed uint64) map[string]string {
	r := rand.New(rand.NewPCG(seed, 7))
	type unit struct {
		level, code string
		from, to    int // places in turns
	}
	var units []unit
	var rows, successions, addresses, households strings.Builder
	at := func(level string, turn int) (valid []unit) {
		for _, u := range units {
			if (level == "" || u.level == level) && u.from <= turn && turn < u.to {
				valid = append(valid, u)
			}
		}
		return valid
	}
	polygon := func() string {
		x, y := r.IntN(6)*10, r.IntN(3)*10
		return rect{x, y, x + 10 + r.IntN(3)*10, y + 10 + r.IntN(2)*10}.wkt()
	}
	above := map[string][]string{"district": {"province"}, "commune": {"district", "district", "province"}, "hamlet": {"commune", "commune", "commune", "district"}}
	for _, level := range []string{"province", "district", "commune", "hamlet"} {
		codes := map[string]int{"province": 1 + r.IntN(2), "district": 2, "commune": 4, "hamlet": 5}[level]
		for n := range codes {
			drawing := polygon()
			for from := 0; from < len(turns)-1; {
				to := from + 1 + r.IntN(len(turns)-1-from)
				if level == "province" && n == 0 && from == 0 && r.IntN(2) == 0 {
					from, to = 0, len(turns)-1
				}
				if r.IntN(6) > 0 || level == "province" {
					u := unit{level, fmt.Sprintf("%c%d", level[0], n), from, to}
					if level == "province" {
						u.code = fmt.Sprint(96 + n)
					}
					parent, geometry := ",", ""
					if kinds := above[level]; kinds != nil && r.IntN(12) > 0 {
						if over := at(kinds[r.IntN(len(kinds))], from); len(over) > 0 {
							p := over[r.IntN(len(over))]
							parent = p.level + "," + p.code
						}
					}
					if (level == "commune" || level == "hamlet") && r.IntN(4) > 0 {
						if r.IntN(3) == 0 {
							drawing = polygon()
						}
						geometry = drawing
					}
					kind := map[string]string{"province": "tinh", "district": "huyen", "commune": "xa", "hamlet": "ap"}[level]
					fmt.Fprintf(&rows, "%s,%s,%s,%s,%s,%s,%s,%q\n", level, u.code, []string{"An", "Bình"}[r.IntN(5)/4], kind, parent, turns[from], turns[to], geometry)
					units = append(units, u)
				}
				from = to
			}
		}
	}
	said := map[string]bool{}
	for turn := 1; turn < len(turns)-1; turn++ {
		for _, f := range at("", turn-1) {
			for range r.IntN(4) {
				to := at(f.level, turn)
				if r.IntN(8) == 0 {
					to = at("", turn)
				}
				if len(to) == 0 || (f.to != turn && r.IntN(3) > 0) {
					continue
				}
				t := to[r.IntN(len(to))]
				row := fmt.Sprintf("%s,%s,%s,%s,%s,%s\n", f.level, f.code, t.level, t.code, turns[turn], []string{"whole", "part", "part", "area_only", "population_only"}[r.IntN(5)])
				if !said[row] {
					said[row] = true
					successions.WriteString(row)
				}
			}
		}
	}
	for i := range 30 {
		fmt.Fprintf(&addresses, "local,A%02d,%s,%s,household\n", i, degrees(105, r.IntN(95)-5), degrees(9, r.IntN(55)-5))
	}
	for i := range 40 {
		turn := r.IntN(len(turns) - 1)
		address, commune, hamlet := ",", "", ""
		if r.IntN(3) > 0 {
			address = fmt.Sprintf("local,A%02d", r.IntN(30))
		}
		if over := at("commune", turn); len(over) > 0 && r.IntN(2) == 0 {
			commune = over[r.IntN(len(over))].code
		}
		if over := at("hamlet", turn); len(over) > 0 && r.IntN(2) == 0 {
			hamlet = over[r.IntN(len(over))].code
		}
		fmt.Fprintf(&households, "N%02d,%s,%s,%s,%s,%s\n", i, address, commune, hamlet, turns[turn], maybe(r, 0.2, "2026-01-01"))
	}
	return map[string]string{
		"bundle.json":     `{"province": "96", "as_of": "2024-09-30", "source": "random", "synthetic": true}`,
		"units.csv":       "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\n" + rows.String(),
		"successions.csv": "from_level,from_code,to_level,to_code,effective_on,extent\n" + successions.String(),
		"addresses.csv":   "scheme,code,lon,lat,kind\n" + addresses.String(),
		"households.csv":  "code,address_scheme,address_code,commune_code,hamlet_code,registered_on,ended_on\n" + households.String(),
	}
}

// TestVerifyHoldsOnRandomSuccessions checks that no rule complains of provinces as import leaves them, whatever becomes of their units and
// however little is said of it: heirs and origins are derived by a walk of its own, by verify from day to day.
func TestVerifyHoldsOnRandomSuccessions(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	heirs, origins, declared := 0, 0, 0
	for seed := range *worlds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			files := succeeding(uint64(seed))
			if r := l.land(t, files, db.ImportOptions{}); r.Rejected() > 0 {
				t.Errorf("%+v\n%s", r.Problems, files["units.csv"])
			}
			if t.Failed() {
				t.Logf("%s\n%s", files["units.csv"], files["successions.csv"])
			}
			heirs += count(t, l, "select count(*) from unit_heir where unit_id <> heir_id")
			origins += count(t, l, "select count(*) from unit_origin")
			declared += count(t, l, "select count(*) from place_period t join place p on p.id = t.place_id where p.declared <> 0")
			for _, table := range texts(t, l.sql, "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'province'") {
				if _, err := l.sql.ExecContext(t.Context(), `truncate "`+table+`" cascade`); err != nil && table != "geometry_columns" {
					t.Fatal(err)
				}
			}
		})
	}
	if heirs < *worlds || origins < *worlds || declared < *worlds {
		t.Errorf("%d worlds have only %d heirs, %d origins and %d periods of people that declare a unit", *worlds, heirs, origins, declared)
	}
}
