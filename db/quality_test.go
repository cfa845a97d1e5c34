package db_test

import (
	"encoding/csv"
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

// declared is what an address of a world declares, and when it was surveyed ("": not known).
type declared struct{ commune, hamlet, on string }

// alike are names that read the same but for marks, case and look-alikes; the last one does not.
var alike = []string{"Hòa", "HOÀ", "Hoa", "Hoạ", "Hồ"}

// flawed is a world with the defects that no other test needs: addresses that declare, hamlets named alike, shares above 1.
type flawed struct {
	loaded
	says     map[*waddress]declared
	disputed []wchallenge
}

func loadFlawed(t *testing.T, seed uint64) flawed {
	t.Helper()
	w, r := newWorld(seed, 6, 10), rand.New(rand.NewPCG(seed, 7))
	names := map[string]string{} // a hamlet keeps its name under another commune
	for _, u := range w.units {
		if u.level == "hamlet" {
			if names[u.code] == "" {
				names[u.code] = alike[r.IntN(len(alike))]
			}
			u.name = names[u.code]
		}
	}
	crowded := w.units[len(w.units)-1]
	for i := range 25 { // who can't be guided but uses a service makes more users than can be guided
		h := &whousehold{code: fmt.Sprintf("X%02d", i), hamlet: crowded.code, registered: "2022-02-01"}
		h.visits = []wvisit{{"VX" + h.code, "2022-11-05", "ineligible", "T001"}}
		w.households = append(w.households, h)
		w.adoptions = append(w.adoptions, wadoption{h, "dvc", "2022-12-24", ""})
	}
	above := len(w.reports)
	for range 6 {
		w.reports = append(w.reports, wreport{"commune", commune(0, 0), date(r, "2022-01-01", "2025-06-01"), 7, fmt.Sprintf("0.%d", 1+r.IntN(9))})
	}
	// A code that the reform gave to another unit: the old unit's figures are still the latest about it.
	w.reports = append(w.reports, wreport{"commune", commune(0, 0), "2025-08-15", 7, "0.5"})
	url := dbtest.URL(t)
	f := flawed{loaded{world: w, d: opened(t, url), days: []string{"2003-12-31", "2023-01-15", "2024-09-30", splitDay, reformDay, "2026-11-01"}}, map[*waddress]declared{}, nil}
	var rows strings.Builder
	out := csv.NewWriter(&rows)
	out.Write([]string{"scheme", "code", "lon", "lat", "kind", "commune_code", "hamlet_code", "surveyed_on"})
	for _, a := range w.addresses {
		var d declared
		d.on = maybe(r, 0.6, date(r, "2022-01-01", "2026-06-01"))
		u := w.units[r.IntN(len(w.units))]
		if commune, hamlet := w.locate(a.x, a.y, surveyed(d)); r.IntN(3) > 0 && hamlet != nil {
			u = hamlet
		} else if r.IntN(3) > 0 && commune != nil {
			u = commune
		}
		if u.valid(surveyed(d)) && u.level == "hamlet" {
			d.hamlet, d.commune = maybe(r, 0.8, u.code), maybe(r, 0.5, u.parentCode)
		} else if u.valid(surveyed(d)) && u.level == "commune" {
			d.commune = u.code
		}
		f.says[a] = d
		out.Write([]string{a.scheme(), a.code, degrees(105, a.x), degrees(9, a.y), a.kind, d.commune, d.hamlet, d.on})
	}
	out.Flush()
	files := w.bundle(t)
	files["addresses.csv"] = rows.String()
	report, err := importDir(t, f.d, write(t, files), db.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		if !p.Kept {
			t.Fatalf("a row was rejected: %+v", p)
		}
	}
	f.dispute(t, r)
	verified(t, f.d)
	for i := range w.reports[above : above+6] { // as an older program let them in
		o := &w.reports[above+i]
		o.share = "1" + o.share[1:]
		if _, err := dbtest.SQL(t, url).ExecContext(t.Context(), "update report set share = $1::float8 where level = $2 and unit_code = $3 and as_of = $4", o.share, o.level, o.unit, o.on); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// surveyed is the day on which an address declares: that of its survey, else the bundle's.
func surveyed(d declared) string {
	if d.on == "" {
		return "2024-09-30"
	}
	return d.on
}

// defects are the identities of the cases of each kind, and out of how many things.
type defects struct {
	cases map[string][]string
	outOf map[string]int
}

// homeBefore is home for households that are yet to come, too: what they declare may not be there yet.
func (f flawed) homeBefore(h *whousehold, day string) []*wunit {
	home := f.home(h, day)
	claims := f.unitOn("hamlet", h.hamlet, h.registered)
	if claims == nil {
		claims = f.unitOn("commune", h.commune, h.registered)
	}
	if claims != nil && claims.from > day {
		if h.address == nil {
			return nil
		}
		if commune, _ := f.locate(h.address.x, h.address.y, day); commune == nil {
			return nil
		}
	}
	return home
}

// defects counts by the words of the API's description, in a unit or (nil) everywhere.
func (f flawed) defects(day string, of *wunit) defects {
	d := defects{map[string][]string{}, map[string]int{}}
	count := func(kind string, is bool, identity string) {
		d.outOf[kind]++
		if is {
			d.cases[kind] = append(d.cases[kind], identity)
		}
	}
	in := func(units []*wunit) bool {
		return of == nil || slices.Contains(units, of) || of.level == "province" && len(units) == 0
	}
	name := func(u *wunit) string { return u.level + "/" + u.code + "/" + u.from }
	registered, people := map[*waddress]bool{}, map[string]*whousehold{}
	for _, h := range f.households {
		people[h.code] = h
		if within(day, h.registered, h.ended) && h.address != nil {
			registered[h.address] = true
		}
	}
	for _, a := range f.addresses {
		says, id := f.says[a], a.id()
		commune, hamlet := f.locate(a.x, a.y, day)
		lies := f.chain(commune, day)
		if hamlet != nil {
			lies = append(lies, hamlet)
		}
		claims := f.unitOn("hamlet", says.hamlet, surveyed(says))
		if claims == nil {
			claims = f.unitOn("commune", says.commune, surveyed(says))
		}
		if claims != nil && claims.from > day { // what it is yet to declare
			claims = nil
		}
		if commune != nil && in(lies) || commune == nil && (in(nil) || slices.Contains(f.chain(f.heir(claims, day), day), of)) {
			count("in_no_polygon", commune == nil, id)
		}
		if !in(lies) {
			continue
		}
		thenCommune, thenHamlet := f.locate(a.x, a.y, surveyed(says))
		if says.commune != "" && thenCommune != nil {
			count("declared_commune_elsewhere", thenCommune.code != says.commune, id)
		}
		if says.hamlet != "" && thenHamlet != nil {
			count("declared_hamlet_elsewhere", thenHamlet.code != says.hamlet, id)
		}
		if a.kind == "household" {
			count("unregistered", !registered[a], id)
		}
	}
	for _, h := range f.households {
		if !in(f.homeBefore(h, day)) {
			continue
		}
		if within(day, h.registered, h.ended) {
			count("no_address", h.address == nil, h.code)
			claims := f.unitOn("hamlet", h.hamlet, h.registered)
			if claims == nil {
				claims = f.unitOn("commune", h.commune, h.registered)
			}
			if h.address == nil && claims != nil {
				heir := f.heir(claims, day)
				count("declared_unit_ended", heir == nil || heir.level != claims.level, h.code)
			}
		}
		first := "9999"
		for _, v := range h.visits {
			first = min(first, v.on)
			if v.on > day {
				continue
			}
			count("visit_off_register", !within(v.on, h.registered, h.ended), v.code)
			by := f.teams[slices.IndexFunc(f.teams, func(m *wteam) bool { return m.code == v.team })]
			count("visit_by_inactive_team", !within(v.on, by.from, by.to), v.code)
		}
		for _, a := range f.adoptions {
			if a.household == h && a.on <= day {
				count("adopted_before_visit", first > a.on, h.code+"/"+a.service+"/"+a.on)
			}
		}
	}
	for _, c := range f.disputed {
		if was := c.was(day); was != "" && in(f.where(c, day)) {
			count("challenge_open", was == "open", fmt.Sprint(c.number))
			if was != "open" {
				count("challenge_accepted", was == "accepted", fmt.Sprint(c.number))
				count("challenge_rejected", was == "rejected", fmt.Sprint(c.number))
			}
		}
	}
	for _, m := range f.teams {
		home := f.unitOn(m.level, m.unit, m.from)
		if !in(f.chain(f.heir(home, day), day)) {
			continue
		}
		members := 0
		for _, p := range m.members {
			if within(day, p.from, p.to) {
				members++
				count("member_of_inactive_team", !within(day, m.from, m.to), p.code)
			}
		}
		if within(day, m.from, m.to) {
			count("team_without_members", members == 0, m.code)
			count("team_without_base", home.level == "hamlet" && !home.drawn, m.code)
		}
	}
	latest := map[*wunit]wreport{}
	for _, r := range f.reports {
		if r.on > day || !in(f.chain(f.heir(f.unitOn(r.level, r.unit, r.on), day), day)) {
			continue
		}
		if r.share != "" {
			count("report_share_above_1", r.share > "1", r.level+"/"+r.unit+"/households_guided/"+r.on+"/Sở")
		}
		if about := f.unitOn(r.level, r.unit, r.on); latest[about].on < r.on {
			latest[about] = r
		}
	}
	old := monthsBefore(parse(day), 12).Format("2006-01-02")
	for _, r := range latest {
		count("stale_report", r.on <= old, r.level+"/"+r.unit+"/households_guided/"+r.on+"/Sở")
	}
	count("stale_dataset", "2024-09-30" <= old, "96")
	counts := f.count(day)
	for _, u := range f.units {
		if !u.valid(day) || !slices.Contains(f.chain(u, day), of) && of != nil {
			continue
		}
		s := counts[u].status
		if reachable := s[db.StatusGuided] + s[db.StatusAttempted] + s[db.StatusNotVisited]; reachable > 0 {
			for _, service := range []string{"dvc", "vi"} {
				count("uptake_above_1", counts[u].uptake[service] > reachable, name(u)+"/"+service)
			}
		}
		if u.drawn {
			d.outOf["overlap"]++
		}
		children, missing := 0, false
		for _, c := range f.units {
			if c.level == "hamlet" && c.valid(day) && c.parentCode == u.code && u.level == "commune" {
				missing = missing || !c.drawn
				if c.drawn {
					children++
				}
			}
		}
		if u.drawn && children > 0 {
			count("hole", missing, name(u)+" hamlet")
		}
		if u.level == "hamlet" {
			count("same_name", u.name != "Hồ" && slices.ContainsFunc(f.units, func(v *wunit) bool {
				return v != u && v.level == "hamlet" && v.valid(day) && v.parentCode == u.parentCode && v.name != "Hồ"
			}) || u.name == "Hồ" && slices.ContainsFunc(f.units, func(v *wunit) bool {
				return v != u && v.level == "hamlet" && v.valid(day) && v.parentCode == u.parentCode && v.name == "Hồ"
			}), name(u))
		}
	}
	return d
}

// TestQualityAgreesWithTheCount compares every check and every case with a plain count, everywhere and in units of each level.
func TestQualityAgreesWithTheCount(t *testing.T) {
	t.Parallel()
	f := loadFlawed(t, 41)
	met := map[string]int{}
	for _, day := range f.days {
		for _, within := range []*db.Ref{
			nil, {Level: db.LevelProvince, Code: "96"}, {Level: db.LevelDistrict, Code: "961"}, {Level: db.LevelCommune, Code: commune(2, 0)}, {Level: db.LevelHamlet, Code: f.units[len(f.units)-3].code},
		} {
			q := db.DefaultQualityQuery(parse(day))
			q.Within = within
			var of *wunit
			if within != nil {
				if of = f.unitOn(string(within.Level), within.Code, day); of == nil {
					if _, err := f.d.Quality(t.Context(), q); !db.IsNotFound(err) {
						t.Errorf("%+v on %s: %v", within, day, err)
					}
					continue
				}
			}
			want := f.defects(day, of)
			checks, err := f.d.Quality(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if len(checks) != len(db.QualityKinds()) {
				t.Fatalf("%d checks", len(checks))
			}
			cases := map[string][]string{}
			listed := within == nil || within.Level == db.LevelCommune // a list takes a statement a kind
			if !listed {
				cases = want.cases
			}
			for c, err := range f.d.WholeQuality(t.Context(), q) {
				if !listed {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				cases[c.Kind] = append(cases[c.Kind], c.Identity)
				if c.Table == "households" && c.Position != nil || len(c.DetailVi) < 20 || len(c.DetailEn) < 20 || strings.Contains(c.DetailEn+c.DetailVi, "%!") {
					t.Errorf("%s %s: %+v", c.Kind, c.Identity, c)
				}
			}
			for i, c := range checks {
				if c.Kind != db.QualityKinds()[i] {
					t.Fatalf("check %d is %s", i, c.Kind)
				}
				met[c.Kind] += c.Count
				wanted := want.cases[c.Kind]
				slices.Sort(wanted)
				if c.Count != len(wanted) || c.OutOf != want.outOf[c.Kind] || (c.Share == nil) != (c.OutOf == 0) || len(c.SentenceVi) < 20 {
					t.Errorf("%s in %+v on %s: %d of %d, want %d of %d", c.Kind, within, day, c.Count, c.OutOf, len(wanted), want.outOf[c.Kind])
				}
				if diff := cmp.Diff(wanted, cases[c.Kind]); diff != "" {
					t.Errorf("%s in %+v on %s:\n%s", c.Kind, within, day, diff)
				}
			}
		}
	}
	for _, kind := range db.QualityKinds() {
		if met[kind] == 0 && kind != "overlap" {
			t.Errorf("no case of %s was met", kind)
		}
	}
}

// TestQualityPages reads cases page by page: each once, in the order of the whole list, with the unit they lie in.
func TestQualityPages(t *testing.T) {
	t.Parallel()
	f := loadFlawed(t, 42)
	q := db.DefaultQualityQuery(parse("2024-09-30"))
	q.Kinds = []string{"unregistered", "same_name"}
	whole := map[string][]db.QualityCase{}
	for c, err := range f.d.WholeQuality(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		whole[c.Kind] = append(whole[c.Kind], *c)
	}
	first, err := f.d.QualityCases(t.Context(), q, db.PageArgs{First: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range q.Kinds {
		one := q
		one.Kinds = []string{kind}
		got, page := first[kind].Items, first[kind]
		for page.More {
			next, err := f.d.QualityCases(t.Context(), one, db.PageArgs{First: 7, After: page.Cursors[len(page.Cursors)-1]})
			if err != nil {
				t.Fatal(err)
			}
			page = next[kind]
			got = append(got, page.Items...)
		}
		if diff := cmp.Diff(whole[kind], got); diff != "" || len(got) < 15 {
			t.Errorf("%s: %d cases\n%s", kind, len(got), diff)
		}
		if got[0].Unit == nil || got[0].Unit.Level != db.LevelHamlet {
			t.Errorf("%s lies in %+v", kind, got[0].Unit)
		}
	}
	for name, ask := range map[string]func() error{
		"kind": func() error {
			_, err := f.d.Quality(t.Context(), db.QualityQuery{Day: q.Day, Kinds: []string{"x"}})
			return err
		},
		"months": func() error {
			_, err := f.d.Quality(t.Context(), db.QualityQuery{Day: q.Day, StaleAfterMonths: -1})
			return err
		},
		"cursor of another kind": func() error {
			_, err := f.d.QualityCases(t.Context(), q, db.PageArgs{First: 1, After: first["same_name"].Cursors[0]})
			return err
		},
		"first": func() error { _, err := f.d.QualityCases(t.Context(), q, db.PageArgs{}); return err },
	} {
		var e *db.Error
		if err := ask(); !errors.As(err, &e) || e.Code != db.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}
