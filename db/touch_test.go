package db_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

// answers is all that can be asked of each unit, on days of both eras and on the boundaries of both.
func answers(t *testing.T, l *landing) map[string]string {
	t.Helper()
	ctx := t.Context()
	var keys []db.Key
	names := map[db.Key]string{}
	for _, text := range texts(t, l.sql, "select id || ' ' || code || '@' || lower(valid) from unit where province = '96'") {
		var k db.Key
		var name string
		if _, err := fmt.Sscan(text, &k.ID, &name); err != nil {
			t.Fatal(err)
		}
		k.Province = "96"
		keys = append(keys, k)
		names[k] = name
	}
	all := map[string]string{}
	note := func(k db.Key, what string, answer any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		all[names[k]] += what + " " + string(text) + "\n"
	}
	zoom := 8.0
	units, err := l.UnitsByID(ctx, keys)
	full, err1 := l.Geometries(ctx, keys, nil)
	coarse, err2 := l.Geometries(ctx, keys, &zoom)
	remote, err3 := l.Remoteness(ctx, keys)
	after, err4 := l.Successors(ctx, keys)
	before, err5 := l.Predecessors(ctx, keys)
	for _, k := range keys {
		note(k, "unit", units[k], err)
		note(k, "geometry", string(full[k]), err1)
		note(k, "zoom 8", string(coarse[k]), err2)
		r := remote[k]
		r.ComputedAt = time.Time{}
		note(k, "remoteness", r, err3)
		note(k, "after", linked(after[k]), err4)
		note(k, "before", linked(before[k]), err5)
	}
	for _, day := range []string{"2023-02-15", "2024-09-30", "2025-08-01", "2026-11-01"} {
		var on []db.OnDay
		var both []db.OnBoundaries
		for _, k := range keys {
			on = append(on, db.OnDay{Key: k, Day: parse(day)})
			for _, b := range []string{"2024-09-30", "2026-11-01"} {
				both = append(both, db.OnBoundaries{OnDay: db.OnDay{Key: k, Day: parse(day)}, Boundaries: parse(b)})
			}
		}
		coverage, err := l.CoverageOn(ctx, both)
		uptake, err1 := l.ServiceUptakesOn(ctx, both)
		topics, err2 := l.TopicUptakesOn(ctx, both)
		counts, err3 := l.TeamCountsOn(ctx, both)
		for _, u := range both {
			what := day + " on " + u.Boundaries.Format(time.DateOnly)
			note(u.Key, what, []any{coverage[u], uptake[u], topics[u], counts[u]}, firstOf(err, err1, err2, err3))
		}
		designations, err := l.Designations(ctx, on)
		above, err1 := l.Ancestors(ctx, on)
		teams, err2 := l.TeamsOfUnits(ctx, on, db.PageArgs{First: 50})
		for _, u := range on {
			note(u.Key, day, []any{designations[u], keysOf(above[u]), teams[u].Items}, firstOf(err, err1, err2))
		}
	}
	return all
}

// linked leaves out what successions say of the units at their other ends: a name is one's own.
func linked(successions []db.Succession) []db.Succession {
	links := slices.Clone(successions)
	for i, s := range links {
		links[i].Unit = db.Unit{Province: s.Unit.Province, ID: s.Unit.ID}
	}
	return links
}

func keysOf(units []db.Unit) []db.Key {
	var keys []db.Key
	for i := range units {
		keys = append(keys, units[i].Key())
	}
	return keys
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestChangesNameWhatIsTouched brings in one change of each kind after another: every unit of which any answer is another than before is
// named, and those that have nothing to do with it are not.
func TestChangesNameWhatIsTouched(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	sent := changesOf(t, l.DB, db.Following{Seen: map[string]int64{"96": 1}})
	above := []string{"31999@2004-08-31", "32002@2025-07-01", "964@2004-08-31", "96@2004-08-31", "96@2025-07-01"}
	hamlet1, hamlet2, hamlet3 := []string{"H1@2004-08-31", "H1@2025-07-01"}, []string{"H2@2004-08-31", "H2@2025-07-01"}, []string{"H3@2004-08-31", "H3@2025-07-01"}
	old := []string{"32002@2004-08-31"} // in which H3 lay
	sets := func(sets ...[]string) []string {
		all := slices.Concat(sets...)
		slices.Sort(all)
		return slices.Compact(all)
	}
	for _, step := range []struct {
		name, file, text string
		want             []string
	}{
		{"a visit", "visits.csv", "code,household_code,team_code,visited_on,outcome\nV9,C,T1,2023-08-01,guided\n", sets(hamlet1, hamlet2, above)},
		{"other topics of it", "visits.csv", "code,household_code,team_code,visited_on,outcome,topics\nV9,C,T1,2023-08-01,guided,vneid\n", sets(hamlet1, hamlet2, above)},
		{"an adoption", "adoptions.csv", "household_code,service_code,adopted_on,ended_on\nC,online,2023-08-02,\n", sets(hamlet2, above)},
		{"a household that goes", "households.csv", "code,address_scheme,address_code,registered_on,ended_on\nC,dia_chi_so,9600000003,2022-06-01,2026-01-01\n", sets(hamlet2, above)},
		{"a household that moves", "households.csv", "code,address_scheme,address_code,registered_on\nA,dia_chi_so,9600000004,2022-06-01\n", sets(hamlet1, hamlet3, old, above)},
		{"a member", "members.csv", "code,team_code,role,joined_on,left_on\nM3,T1,lead,2022-05-01,\n", sets(hamlet1, hamlet2, above)},
		{"a team's name", "teams.csv", "code,name,level,kind,unit_code,established_on,dissolved_on,lon,lat\nT2,Tổ chín,commune,cnscd,31999,2022-05-01,,,\n", above},
		{"whom a team serves", "team_service.csv", "team_code,level,unit_code,from_on,to_on\nT1,hamlet,H3,2024-01-01,2024-06-01\n", sets(hamlet1, hamlet2, hamlet3, old, above)},
		{"a report", "reports.csv", "level,unit_code,measure,value,qualifier,as_of,share,source\nprovince,96,households_guided,216000,gte,2024-09-02,0.7,Sở TTTT\n",
			[]string{"96@2004-08-31", "96@2025-07-01"}},
		{"a report on a commune", "reports.csv", "level,unit_code,measure,value,qualifier,as_of,share,source\ncommune,32002,households_guided,2,eq,2024-09-02,0.7,UBND\n",
			sets(old, above[1:])},
		{"a designation", "designations.csv", "level,code,scheme,value,decision,valid_from,valid_to\nhamlet,H2,xa_dao,1,,2022-01-01,2023-01-01\n",
			[]string{"31999@2004-08-31", "964@2004-08-31", "96@2004-08-31", "H2@2004-08-31"}},
		{"a decision", "successions.csv", "from_level,from_code,to_level,to_code,effective_on,extent,decision\ncommune,31999,commune,32002,2025-07-01,whole,NQ 1656\n", above},
		{"a target", "targets.csv", "measure,level,code,share,due_on\nguided,hamlet,H3,0.8,2026-01-01\n", sets(hamlet3, old, above[1:])},
		{"a name", "units.csv", "level,code,name,kind,parent_level,parent_code,valid_from,valid_to\ncommune,32002,Tân Xuyên,phuong,province,96,2025-07-01,\n",
			[]string{"32002@2025-07-01", "96@2025-07-01"}},
		{"a name without which it follows nobody", "units.csv", "level,code,name,kind,parent_level,parent_code,valid_from,valid_to\nhamlet,H3,Ba,khom,commune,32002,2025-07-01,\n",
			sets(hamlet3, old, above[1:])},
		{"nothing but the day", "", "", nil},
	} {
		t.Run(step.name, func(t *testing.T) {
			before := answers(t, l)
			files := map[string]string{"bundle.json": small["bundle.json"], step.file: step.text}
			if step.file == "" {
				files = map[string]string{"bundle.json": strings.Replace(small["bundle.json"], "2024-09-30", "2024-10-01", 1)}
			}
			token := l.land(t, files, db.ImportOptions{}).Snapshot
			change := sent.next(t)
			if change.Token() != token || !change.Complete || change.Province != "96" {
				t.Errorf("%+v after %s", change, token)
			}
			if diff := cmp.Diff(step.want, named(change.Units)); diff != "" {
				t.Errorf("touched:\n%s", diff)
			}
			for name, answer := range answers(t, l) {
				if answer != before[name] && !slices.Contains(named(change.Units), name) {
					t.Errorf("%s is not named, but was\n%s\nand is\n%s", name, before[name], answer)
				}
			}
			if step.file == "" {
				l.land(t, files, db.ImportOptions{}) // changes nothing, so nothing is sent: the next step would get it
			}
		})
	}
}

// TestChangesOfShapes moves points, service points and borders: remoteness and neighbours change with them.
func TestChangesOfShapes(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	sent := changesOf(t, l.DB, db.Following{})
	for name, files := range map[string]map[string]string{
		"an address": {"addresses.csv": "scheme,code,lon,lat,kind\ndia_chi_so,9600000001,105.021,9.002,household\n"},
		"a point":    {"service_points.csv": "code,kind,name,lon,lat,opened_on\nS1,one_stop,Một cửa,105.02,9.005,2010-01-01\n"},
		"a border": {"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry
hamlet,H2,2,khom,commune,32002,2025-07-01,,"POLYGON((105.01 9,105.018 9,105.018 9.01,105.01 9.01,105.01 9))"
hamlet,H3,3,khom,commune,32002,2025-07-01,,"POLYGON((105.018 9,105.03 9,105.03 9.01,105.018 9.01,105.018 9))"
`},
		"a unit that ends": {"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to\nhamlet,H1,1,khom,commune,32002,2025-07-01,2026-06-01\n"},
	} {
		t.Run(name, func(t *testing.T) {
			before := answers(t, l)
			l.land(t, edited(only(small), files), db.ImportOptions{})
			change := sent.next(t)
			touched := named(change.Units)
			if !change.Complete || len(touched) == 0 {
				t.Errorf("%+v", change)
			}
			differ := 0
			for name, answer := range answers(t, l) {
				if answer == before[name] {
					continue
				}
				if differ++; !slices.Contains(touched, name) {
					t.Errorf("%s is not named, but was\n%s\nand is\n%s", name, before[name], answer)
				}
			}
			if differ == 0 {
				t.Error("nothing has changed")
			}
		})
	}
}

// TestChangesTooManyOrNew: the first import, one of services, and what is forgotten name no unit and say so.
func TestChangesTooManyOrNew(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	sent := changesOf(t, l.DB, db.Following{})
	l.land(t, small, db.ImportOptions{})
	if c := sent.next(t); c.Token() != "96-1" || c.Complete || c.Units != nil || !c.AsOf.Equal(parse("2024-09-30")) {
		t.Errorf("the first import: %+v", c)
	}
	l.land(t, edited(only(small), map[string]string{"services.csv": "code,name_vi,name_en,counted_in\nonline,Dịch vụ công,Public services,household\n"}), db.ImportOptions{})
	if c := sent.next(t); c.Token() != "96-2" || c.Complete || c.Units != nil {
		t.Errorf("a service: %+v", c)
	}
	for _, seen := range []int64{0, 1, 7} { // the last has never been: another database was there
		if c := changesOf(t, l.DB, db.Following{Seen: map[string]int64{"96": seen}}).next(t); c.Token() != "96-2" || c.Complete {
			t.Errorf("since %d: %+v", seen, c)
		}
	}
}
