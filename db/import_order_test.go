package db_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vunglom/db"
)

// A story is a random province told twice: at once, and piece by piece with corrections.
type story struct {
	atOnce map[string]string
	pieces []map[string]string
}

const oldDay, newDay = "2004-08-31", "2025-07-01"

// headers are the columns that stories have, by table.
var headers = map[string]string{
	"units":          "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry",
	"successions":    "from_level,from_code,to_level,to_code,effective_on,extent",
	"designations":   "level,code,scheme,value,valid_from,valid_to",
	"addresses":      "scheme,code,lon,lat,kind",
	"service_points": "code,kind,name,lon,lat,opened_on,closed_on",
	"services":       "code,name_vi,name_en,counted_in",
	"teams":          "code,name,level,kind,unit_code,established_on,dissolved_on",
	"team_service":   "team_code,level,unit_code,from_on,to_on",
	"members":        "code,team_code,role,joined_on,left_on",
	"households":     "code,address_scheme,address_code,commune_code,hamlet_code,registered_on,ended_on",
	"visits":         "code,household_code,team_code,visited_on,outcome",
	"adoptions":      "household_code,service_code,adopted_on,ended_on",
}

// teller tells a story. A row is said in the piece at, and possibly in another form in an earlier one.
type teller struct {
	*rapid.T
	count  int // of pieces
	reform int // the piece that brings the units of newDay
	once   map[string][]string
	pieces []map[string][]string
}

func (t *teller) below(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t.T, what) }
func (t *teller) chance(percent int, what string) bool {
	return rapid.IntRange(1, 100).Draw(t.T, what) <= percent
}

func row(cells ...string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(cells) // a strings.Builder takes everything
	w.Flush()
	return b.String()
}

// say tells a row in a piece not before first; sometimes it was told otherwise, by wrong, before that. It answers where the row
// is first told, in whatever form.
func (t *teller) say(table string, first int, cells []string, wrong func() []string) int {
	t.once[table] = append(t.once[table], row(cells...))
	at := first + t.below(t.count-first, "piece")
	t.pieces[at][table] = append(t.pieces[at][table], row(cells...))
	if wrong == nil || at == first || !t.chance(60, "corrected") {
		return at
	}
	before := first + t.below(at-first, "piece before")
	t.pieces[before][table] = append(t.pieces[before][table], row(wrong()...))
	return before
}

func (t *teller) day(from, to int, what string) string {
	n := rapid.IntRange(from*372, to*372+371).Draw(t.T, what)
	return fmt.Sprintf("%04d-%02d-%02d", n/372, n%372/31+1, min(n%31+1, 28))
}

func (t *teller) end(from, what string) string {
	if t.chance(70, what) {
		return ""
	}
	if to := t.day(2022, 2026, what); to > from {
		return to
	}
	return ""
}

// stories makes provinces of 2 to 4 communes side by side, each 0.02° wide, of two hamlets each or none.
var stories = rapid.Custom(func(r *rapid.T) *story {
	t := &teller{T: r, count: rapid.IntRange(2, 4).Draw(r, "pieces"), once: map[string][]string{}}
	for range t.count {
		t.pieces = append(t.pieces, map[string][]string{})
	}
	t.reform = t.below(t.count, "reform")
	width := t.land()
	t.people(width)
	s := &story{}
	files := func(rows map[string][]string) map[string]string {
		out := map[string]string{"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "story", "synthetic": true}`}
		for table, lines := range rows {
			out[table+".csv"] = headers[table] + "\n" + strings.Join(lines, "")
		}
		return out
	}
	s.atOnce = files(t.once)
	for _, p := range t.pieces {
		s.pieces = append(s.pieces, files(p))
	}
	return s
})

// land tells the units: the old ones at first, perhaps still open and perhaps with other polygons; then the reform.
func (t *teller) land() (communes int) {
	communes = rapid.IntRange(2, 4).Draw(t.T, "communes")
	type unit struct {
		cells  []string
		before []string // as told in piece 0, when the reform comes later
	}
	var units []unit
	old := func(cells ...string) {
		before := slices.Clone(cells)
		if cells[7] == newDay {
			before[7] = ""
		}
		if cells[8] != "" && t.chance(15, "polygon later") {
			before[8] = ""
		} else if cells[8] != "" && t.chance(15, "polygon redrawn") {
			before[8] = rect{0, 0, 13, 7}.wkt()
		}
		units = append(units, unit{cells, before})
	}
	fresh := func(cells ...string) { units = append(units, unit{cells, nil}) }
	var successions [][]string
	succeed := func(level, from, to, extent string) {
		successions = append(successions, []string{level, from, level, to, newDay, extent})
	}
	old("province", "96", "Cà Mau", "tinh", "", "", oldDay, "", "")
	code := func(i int) string { return fmt.Sprintf("3200%d", (i*3+1)%5) }
	merged := rapid.IntRange(0, 2).Draw(t.T, "merged") // communes 0 and 1 become one, under one of their codes or a new one
	split := communes > 2 && t.chance(60, "split")
	for i := range communes {
		end := ""
		if i < 2 || i == 2 && split {
			end = newDay
		}
		area := rect{i * 20, 0, i*20 + 20, 10}.wkt()
		if t.chance(25, "no polygon") {
			area = ""
		}
		old("commune", code(i), fmt.Sprintf("Xã %d", i), "xa", "province", "96", oldDay, end, area)
		bare := t.chance(20, "no hamlets")
		for half := range 2 {
			if bare {
				break
			}
			hamlet := fmt.Sprintf("H%d%d", i, half)
			own := rect{i*20 + half*10, 0, i*20 + half*10 + 10, 10}.wkt()
			old("hamlet", hamlet, "Ấp "+hamlet, "ap", "commune", code(i), oldDay, end, own)
			if end == "" {
				continue
			}
			parent := [...]string{code(0), code(1), "32009"}[merged]
			if i == 2 {
				parent = fmt.Sprintf("3201%d", half)
			}
			name, now := "Ấp "+hamlet, hamlet
			switch t.below(4, "hamlet's fate") {
			case 0:
				name = "Khác" // the code is reused for another: nobody continues
			case 1:
				now += "x"
				succeed("hamlet", hamlet, now, "whole")
			}
			fresh("hamlet", now, name, "ap", "commune", parent, newDay, "", own)
		}
	}
	to := [...]string{code(0), code(1), "32009"}[merged]
	fresh("commune", to, "Xã mới", "xa", "province", "96", newDay, "", rect{0, 0, 40, 10}.wkt())
	succeed("commune", code(0), to, "whole")
	succeed("commune", code(1), to, []string{"whole", "population_only"}[t.below(2, "extent")])
	if split {
		for half := range 2 {
			now := fmt.Sprintf("3201%d", half)
			fresh("commune", now, "Xã "+now, "xa", "province", "96", newDay, "", rect{40 + half*10, 0, 50 + half*10, 10}.wkt())
			succeed("commune", code(2), now, []string{"part", "area_only"}[half*t.below(2, "land only")])
		}
	}
	for _, u := range units {
		t.once["units"] = append(t.once["units"], row(u.cells...))
		switch {
		case t.reform == 0:
			t.pieces[0]["units"] = append(t.pieces[0]["units"], row(u.cells...))
		case u.before == nil:
			t.pieces[t.reform]["units"] = append(t.pieces[t.reform]["units"], row(u.cells...))
		default:
			t.pieces[0]["units"] = append(t.pieces[0]["units"], row(u.before...))
			if !slices.Equal(u.before, u.cells) {
				t.pieces[t.reform]["units"] = append(t.pieces[t.reform]["units"], row(u.cells...))
			}
		}
	}
	for _, s := range successions {
		t.once["successions"] = append(t.once["successions"], row(s...))
		t.pieces[t.reform]["successions"] = append(t.pieces[t.reform]["successions"], row(s...))
	}
	for _, p := range t.pieces { // a bundle holds units
		if p["units"] == nil {
			p["units"] = []string{row(units[0].cells...)}
		}
	}
	return communes
}

// declares names an old hamlet or commune, for those who register before newDay, in the first column that allows it.
func (t *teller) declares(units []string) (commune, hamlet string) {
	for _, u := range units {
		cells := strings.Split(u, ",")
		if cells[6] != oldDay || !t.chance(25, "declares") {
			continue
		}
		switch cells[0] {
		case "commune":
			commune = cells[1]
		case "hamlet":
			hamlet = cells[1]
		}
	}
	return commune, hamlet
}

func (t *teller) people(communes int) {
	units := t.once["units"]
	var hamlets []string
	for _, u := range units {
		if cells := strings.Split(u, ","); cells[0] == "hamlet" && cells[6] == oldDay {
			hamlets = append(hamlets, cells[1])
		}
	}
	t.say("services", 0, []string{"dvc", "Dịch vụ công", "Services", "household"}, func() []string { return []string{"dvc", "DVC", "Services", "household"} })
	online := t.lastSaid("services")
	t.say("service_points", 0, []string{"S1", "one_stop", "Một cửa", "105.1", "9.1", "", t.end(oldDay, "closed")}, func() []string { return []string{"S1", "other", "Một cửa", "105", "9", "", ""} })
	level, unit := "province", "96"
	if len(hamlets) > 0 {
		level, unit = "hamlet", hamlets[t.below(len(hamlets), "team's hamlet")]
		t.say("designations", 0, []string{"hamlet", hamlets[t.below(len(hamlets), "designated")], "khu_vuc", "III", "2022-01-01", ""}, nil)
	}
	team := t.say("teams", 0, []string{"T1", "Tổ 1", level, "cnscd", unit, "2022-05-01", t.end("2022-05-01", "dissolved")}, func() []string { return []string{"T1", "Tổ", "province", "other", "96", "2023-05-01", ""} })
	t.say("team_service", team, []string{"T1", "province", "96", "2023-01-01", t.end("2023-01-01", "served")}, func() []string { return []string{"T1", "province", "96", "2023-01-01", ""} })
	t.say("members", team, []string{"M1", "T1", "lead", "2022-05-01", t.end("2022-05-01", "left")}, func() []string { return []string{"M1", "T1", "member", "2021-05-01", ""} })

	type address struct {
		code string
		at   int
	}
	var addresses []address
	place := func() (string, string) {
		x, y := t.below(communes*20+6, "x")-3, t.below(16, "y")-3
		if t.chance(25, "on a border") {
			x, y = x/10*10, y/10*10
		}
		return degrees(105, x), degrees(9, y)
	}
	for i := range rapid.IntRange(4, 18).Draw(t.T, "addresses") {
		code := fmt.Sprintf("A%02d", i)
		kind := []string{"household", "household", "household", "business"}
		lon, lat := place()
		at := t.say("addresses", 0, []string{"local", code, lon, lat, kind[t.below(4, "kind")]}, func() []string {
			lon, lat := place()
			return []string{"local", code, lon, lat, kind[t.below(4, "kind before")]}
		})
		addresses = append(addresses, address{code, at})
	}
	households, visits := map[string]int{}, 0
	for i := range rapid.IntRange(4, 20).Draw(t.T, "households") {
		code, first := fmt.Sprintf("N%02d", i), 0
		cells := func(within int) []string { // a form that refers to nothing told after a piece
			scheme, home := "", ""
			if a := addresses[t.below(len(addresses), "home")]; t.chance(80, "has a home") && a.at <= within {
				scheme, home, first = "local", a.code, max(first, a.at)
			}
			commune, hamlet := t.declares(units)
			registered := t.day(2022, 2024, "registered")
			return []string{code, scheme, home, commune, hamlet, registered, t.end(registered, "ended")}
		}
		final := cells(t.count)
		households[code] = t.say("households", first, final, func() []string { return cells(first) })
	}
	for _, household := range slices.Sorted(maps.Keys(households)) {
		for range t.below(4, "visits") {
			code := fmt.Sprintf("V%03d", (visits*37)%997)
			visits++
			made := func(household string) []string {
				return []string{code, household, "T1", t.day(2022, 2022+t.below(4, "year"), "visited"), []string{"guided", "not_home", "declined", "ineligible"}[t.below(4, "outcome")]}
			}
			first := max(households[household], team)
			t.say("visits", first, made(household), func() []string {
				var known []string
				for _, h := range slices.Sorted(maps.Keys(households)) {
					if households[h] <= first {
						known = append(known, h)
					}
				}
				return made(known[t.below(len(known), "another household")])
			})
		}
		days := map[string]bool{}
		for range t.below(3, "adoptions") {
			on := t.day(2022, 2025, "adopted")
			if days[on] {
				continue
			}
			days[on] = true
			t.say("adoptions", max(households[household], online), []string{household, "dvc", on, t.end(on, "given up")}, func() []string { return []string{household, "dvc", on, ""} })
		}
	}
}

// lastSaid is the piece in which a table's only row is first told.
func (t *teller) lastSaid(table string) int {
	return slices.IndexFunc(t.pieces, func(p map[string][]string) bool { return p[table] != nil })
}

// derivedSaid is everything derived, in words: units by their code and first day, places by what covers them.
func derivedSaid(t *testing.T, l *landing) map[string][]string {
	t.Helper()
	unit := func(id string) string {
		return `(select level || ' ' || code || ' ' || lower(valid) from unit where id = ` + id + `)`
	}
	digest := func(id string) string { return `(select digest from polygon where id = ` + id + `)` }
	place := `(select row(array(select g.digest from polygon g where g.id = any(p.covers) order by 1), (select level || code || lower(valid) from unit where id = p.declared))::text from place p where p.id = d.place_id)`
	rows := map[string][]string{}
	for name, columns := range map[string]string{
		"unit":                unit("d.id") + ", " + digest("d.drawn_id"),
		"polygon":             "digest, round(area_km2::numeric, 12), label, ST_AsEWKB(ST_Normalize(geometry))",
		"unit_period":         unit("d.unit_id") + ", d.period, " + unit("d.parent_id") + ", " + unit("d.province_id") + ", " + unit("d.commune_id") + ", " + unit("d.hamlet_id"),
		"unit_heir":           unit("d.unit_id") + ", d.period, " + unit("d.heir_id"),
		"unit_origin":         unit("d.unit_id") + ", d.period, " + unit("d.origin_id"),
		"address":             "d.code, " + place,
		"household":           "d.code, " + place,
		"place_day":           place + ", d.day, d.guided, d.attempted, d.not_visited, d.ineligible, d.occupied",
		"place_month":         place + ", d.month, d.guided, d.attempted, d.not_visited, d.ineligible, d.occupied",
		"place_cell":          place + ", d.x, d.y, d.addresses, d.household_addresses, d.px, d.py, d.days, d.guided, d.attempted, d.not_visited, d.ineligible, d.occupied",
		"place_visit":         place + ", d.visited_on, d.from_on, d.to_on, d.visits",
		"place_service_day":   place + ", d.service_code, d.day, d.households",
		"place_service_month": place + ", d.service_code, d.month, d.households",
		"team":                "d.code, d.base, " + unit("d.unit_id"),
		"team_period":         "d.team_code, d.kind, d.own, d.period, " + unit("d.unit_id") + ", " + unit("d.province_id") + ", " + unit("d.commune_id") + ", " + unit("d.hamlet_id"),
		"polygon_shape":       digest("d.polygon_id") + ", d.zoom, ST_AsText(ST_Normalize(ST_GeomFromGeoJSON(d.geojson)))",
		"polygon_cover":       digest("d.id"),
		"remoteness": unit("d.unit_id") + `, round(d.index::numeric, 9), d.remote, round(d.service_distance_metres::numeric, 6), round(d.team_distance_metres::numeric, 6),
			round(d.addresses_per_km2::numeric, 6), d.designated, d.addresses`,
		"dataset": "d.province, d.as_of, d.source, d.srid, d.synthetic, d.refreshed_on, d.west, d.south, d.east, d.north",
	} {
		rows[name] = texts(t, l.sql, `select row(`+columns+`)::text from "`+name+`" d order by 1`)
	}
	// Places that nothing lies in any more may stay; the others lie in the same units.
	rows["place_period"] = texts(t, l.sql, `select row(`+place+`, d.period, `+unit("d.commune_id")+`, `+unit("d.hamlet_id")+`)::text from place_period d
		where place_id in (select place_id from address union select place_id from household) order by 1`)
	rows["place"] = texts(t, l.sql, `select row(`+place+`, p.complete, p.addresses, p.settled)::text from place p cross join lateral (select p.id as place_id) d
		where id in (select place_id from address union select place_id from household) order by 1`)
	return rows
}

// TestImportInAnyOrder tells random stories both ways: piece by piece a province becomes what it is at once, and keeps every rule on the way.
func TestImportInAnyOrder(t *testing.T) {
	t.Parallel()
	count := 24
	if testing.Short() {
		count = 4
	}
	for seed := range count {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := stories.Example(seed)
			atOnce, byPiece := newLanding(t), newLanding(t)
			if r := atOnce.land(t, s.atOnce, db.ImportOptions{}); r.Rejected() > 0 {
				t.Fatalf("the story refers to nothing: %+v", r.Problems)
			}
			for i, piece := range s.pieces {
				if r := byPiece.land(t, piece, db.ImportOptions{}); r.Rejected() > 0 {
					t.Fatalf("piece %d refers to nothing: %+v", i, r.Problems)
				}
				if t.Failed() {
					t.Fatalf("after piece %d", i)
				}
			}
			want, got := said(t, atOnce.sql), said(t, byPiece.sql)
			for name, rows := range derivedSaid(t, atOnce) {
				want["derived "+name] = rows
			}
			for name, rows := range derivedSaid(t, byPiece) {
				got["derived "+name] = rows
			}
			for _, name := range slices.Sorted(maps.Keys(want)) {
				if diff := cmp.Diff(want[name], got[name]); diff != "" {
					t.Errorf("%s: at once −, piece by piece +: %.3000s", name, diff)
				}
			}
			conserved(t, byPiece)
		})
	}
}

// conserved asks every unit's coverage on several days and holds it to a plain count over the raw rows, and a unit's households to those of
// its children and those in none of them.
func conserved(t *testing.T, l *landing) {
	t.Helper()
	for _, day := range []string{"2022-06-15", "2023-12-31", "2024-09-30", "2025-06-30", "2025-07-01", "2026-10-31"} {
		for _, r := range texts(t, l.sql, `
			with lives as (
				select h.code, c.code as commune, m.code as hamlet
				from household h
				left join address a on a.scheme = h.address_scheme and a.code = h.address_code
				left join lateral (
					select u.code, u.id from unit u where u.level = 'commune' and u.valid @> $1::date and (
						exists (select from polygon p where p.id = u.polygon_id and ST_Covers(p.geometry, a.position))
						or u.polygon_id is null and exists (select from unit k join polygon p on p.id = k.polygon_id
							where k.level = 'hamlet' and k.parent_code = u.code and k.valid @> $1::date and ST_Covers(p.geometry, a.position)))
					order by u.code limit 1
				) c on true
				left join lateral (
					select k.code from unit k join polygon p on p.id = k.polygon_id
					where k.level = 'hamlet' and k.parent_code = c.code and k.valid @> $1::date and ST_Covers(p.geometry, a.position) order by k.code limit 1
				) m on true
				where h.registered_on <= $1::date and coalesce(h.ended_on > $1::date, true) and c.code is not null
			), rolled as (
				select t.commune_id, t.hamlet_id, sum(d.guided + d.attempted + d.not_visited + d.ineligible) as n
				from place_day d join place_period t on t.place_id = d.place_id and t.period @> $1::date join place p on p.id = d.place_id
				where d.day <= $1::date and p.declared = 0 group by 1, 2
			)
			select format('%s %s: %s in the roll-ups, %s by the plain count', commune, hamlet, r.n, p.n)
			from (select c.code as commune, coalesce(h.code, '') as hamlet, r.n from rolled r join unit c on c.id = r.commune_id left join unit h on h.id = r.hamlet_id where r.n <> 0) r
			full join (select l.commune, coalesce(l.hamlet, '') as hamlet, count(*) as n from lives l join household h using (code) join place p on p.id = h.place_id
				where p.declared = 0 group by 1, 2) p using (commune, hamlet)
			where r.n is distinct from p.n`, day) {
			t.Errorf("on %s: %s", day, r)
		}
	}
}
