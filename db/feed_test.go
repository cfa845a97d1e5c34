package db_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// reader is a system that keeps what the feed tells it, and remembers nothing else but the cursor.
type reader struct {
	caller access.Caller
	within *db.Ref
	cursor string
	kept   map[string]string
	told   int
}

func newReader(within *db.Ref, units ...access.Unit) *reader {
	r := &reader{within: within, kept: map[string]string{}}
	r.caller = access.Caller{Issuer: "test", Subject: "reader", Grants: []access.Grant{{Role: access.Platform, Everywhere: len(units) == 0, Units: units}}}
	return r
}

// read goes on from the cursor to what is the end now, by pages of so many.
func (r *reader) read(t *testing.T, d *db.DB, first int) {
	t.Helper()
	for r.page(t, d, first) {
	}
}

// page goes on by one page, and tells whether there are more.
func (r *reader) page(t *testing.T, d *db.DB, first int) (more bool) {
	t.Helper()
	page, err := d.Feed(access.With(t.Context(), r.caller), r.within, db.PageArgs{First: first, After: r.cursor})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.Items {
		from := "-"
		if item.ValidFrom != nil {
			from = item.ValidFrom.Format(time.DateOnly)
		}
		key := fmt.Sprintf("%s %s %s %s %s %s %s %s", item.Kind, item.Province, item.Level, item.Code, from, item.Day.Format(time.DateOnly), item.Measure, item.Source)
		if r.told++; item.Value == nil {
			delete(r.kept, key)
		} else {
			r.kept[key] = *item.Value
		}
	}
	if n := len(page.Cursors); n > 0 {
		r.cursor = page.Cursors[n-1]
	}
	return page.More
}

// restarted is the database as a program sees it that has just begun.
func restarted(t *testing.T, l *landing) *db.DB {
	t.Helper()
	d, err := dbtest.Open(t.Context(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// TestWhoFollowsAndWhoBeginsEndUpEqual tells random stories piece by piece, late and corrected facts, other borders and moved units among
// them, each piece twice. Who follows, everywhere or in a unit, by a program begun anew each time and now and then only, and in the first story by a database
// server stopped or killed each time, has in the end what one has who begins then; and that is what the API says of each unit on each day.
func TestWhoFollowsAndWhoBeginsEndUpEqual(t *testing.T) {
	t.Parallel()
	count := 6
	if testing.Short() {
		count = 2
	}
	for seed := range count {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := stories.Example(seed)
			l, restart := (*landing)(nil), func() {}
			if seed == 0 {
				l, restart = newRestarted(t)
			} else {
				l = newLanding(t)
			}
			scopes := []func() *reader{func() *reader { return newReader(nil) }}
			followers := []*reader{newReader(nil), newReader(nil)}
			for i, piece := range s.pieces {
				l.land(t, piece, db.ImportOptions{})
				if i == 0 {
					for _, code := range texts(t, l.sql, "select distinct code from unit where level in ('commune', 'hamlet') order by code limit 6") {
						level := texts(t, l.sql, "select min(level) from unit where code = $1", code)[0]
						scopes = append(scopes, func() *reader { return newReader(&db.Ref{Level: db.Level(level), Code: code}) },
							func() *reader { return newReader(nil, access.Unit{Level: level, Code: code}) })
					}
					for _, scope := range scopes[1:] {
						followers = append(followers, scope())
					}
				}
				before := texts(t, l.sql, "select last_value || '' from change_sequence")[0]
				importDir(t, l.DB, write(t, piece), db.ImportOptions{})
				if after := texts(t, l.sql, "select last_value || '' from change_sequence")[0]; after != before {
					t.Errorf("piece %d again: %s, not %s", i, after, before)
				}
				restart()
				program := restarted(t, l)
				for n, f := range followers {
					if n%2 == 0 || i%3 == n%3 {
						f.read(t, program, 5+n)
					}
				}
			}
			begins := append([]func() *reader{scopes[0]}, scopes...)
			for n, f := range followers {
				f.read(t, l.DB, 1000)
				fresh := begins[n]()
				fresh.read(t, l.DB, 3+n)
				if diff := cmp.Diff(fresh.kept, f.kept); diff != "" {
					t.Errorf("reader %d: who begins −, who follows +: %.2000s", n, diff)
				}
				if n == 0 && len(fresh.kept) == 0 {
					t.Error("nothing is told")
				}
			}
			saysTheSame(t, l, followers[0])
		})
	}
}

// saysTheSame holds the coverage that is told to what the API says of each unit on each day.
func saysTheSame(t *testing.T, l *landing, r *reader) {
	t.Helper()
	want, used := map[string]string{}, 0
	for _, day := range texts(t, l.sql, "select day::text from change_day order by day") {
		on, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		page, err := l.Units(t.Context(), db.UnitFilter{}, on, db.PageArgs{First: 1000})
		if err != nil {
			t.Fatal(err)
		}
		asked := make([]db.OnDay, len(page.Items))
		for i := range page.Items {
			asked[i] = db.OnDay{Key: page.Items[i].Key(), Day: on}
		}
		covered, err := l.Coverage(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		uptakes, err := l.ServiceUptakes(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		for i, u := range page.Items {
			c := covered[asked[i]]
			counts := map[string]any{"guided": orZero(c.Guided), "attempted": orZero(c.Attempted), "notVisited": orZero(c.NotVisited), "ineligible": orZero(c.Ineligible), "unknown": orZero(c.Unknown), "addresses": c.Addresses}
			if c.Basis != db.BasisRegister { // without a register every address is unknown
				counts = map[string]any{"guided": 0, "attempted": 0, "notVisited": 0, "ineligible": 0, "unknown": c.Addresses, "addresses": c.Addresses}
			}
			services := map[string]int{}
			for _, s := range uptakes[asked[i]] {
				if used += s.Households; s.Households > 0 {
					services[s.Service.Code] = s.Households
				}
			}
			some := len(services)+c.Teams+c.Addresses > 0 || c.Basis == db.BasisRegister
			if counts["teams"], counts["members"], counts["services"] = c.Teams, c.Members, services; some {
				want[fmt.Sprintf("coverage %s %s %s %s %s  ", u.Province, u.Level, u.Code, u.ValidFrom.Format(time.DateOnly), day)] = normal(t, counts)
			}
		}
	}
	got := map[string]string{}
	for key, value := range r.kept {
		if key[:8] == "coverage" {
			var counts map[string]any
			if err := json.Unmarshal([]byte(value), &counts); err != nil {
				t.Fatal(err)
			}
			got[key] = normal(t, counts)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the API −, the feed +: %.2000s", diff)
	}
	if used == 0 {
		t.Error("nobody uses a service")
	}
}

// TestTheFeedTellsOfTeamsAndServices: adoptions, teams and members that are sent change what is told of the months from their days on, and nothing else, until what is told is
// what the API answers; so do whom a team serves and a service that is given up, and the province's own month when they alone fall in it.
func TestTheFeedTellsOfTeamsAndServices(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	r := newReader(nil)
	r.read(t, l.DB, 1000)
	saysTheSame(t, l, r)
	for _, step := range [][2]string{
		{"adoptions", "household_code,service_code,adopted_on\nC,online,2023-10-10\nD,online,2023-10-11\n"},
		{"adoptions", "household_code,service_code,adopted_on,ended_on\nC,online,2023-10-10,2024-02-02\n"},
		{"members", "code,team_code,role,joined_on\nM8,T1,member,2023-02-01\nM9,T2,member,2023-02-01\n"},
		{"members", "code,team_code,role,joined_on\nM8,T2,member,2023-02-01\n"},
		{"members", "code,team_code,role,joined_on,left_on\nM9,T2,member,2023-02-01,2024-03-01\n"},
		{"teams", "code,name,level,kind,unit_code,established_on\nNT,Tổ mới,hamlet,cnscd,H3,2023-01-01\n"},
		{"teams", "code,name,level,kind,unit_code,established_on\nNT,Tổ mới,commune,cnscd,31999,2023-03-01\n"},
		{"teams", "code,name,level,kind,unit_code,established_on\nNT,Tổ mới,commune,other,31999,2023-03-01\n"},
		{"households", "code,hamlet_code,registered_on,ended_on\nD,H2,2022-06-01,2024-01-15\n"},
		{"adoptions", "household_code,service_code,adopted_on\nC,online,2026-08-01\n"},
		{"members", "code,team_code,role,joined_on\nM7,T1,member,2026-09-01\n"},
	} {
		before := r.told
		send(t, l.DB, sent(t, step[0], step[1], db.WriteAll))
		r.read(t, l.DB, 1000)
		if r.told == before {
			t.Errorf("%s: nothing was told", step[1])
		}
		saysTheSame(t, l, r)
	}
	verified(t, l.DB)
	l.land(t, edited(only(small), map[string]string{"team_service.csv": "team_code,level,unit_code,from_on,to_on\nT1,hamlet,H3,2023-05-01,2024-04-01\n"}), db.ImportOptions{Now: storyNow})
	r.read(t, l.DB, 1000)
	saysTheSame(t, l, r)
	fresh := newReader(nil)
	fresh.read(t, l.DB, 1000)
	if diff := cmp.Diff(fresh.kept, r.kept); diff != "" {
		t.Errorf("who begins −, who followed +: %.2000s", diff)
	}
	verified(t, l.DB)
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func normal(t *testing.T, counts map[string]any) string {
	t.Helper()
	text, err := json.Marshal(counts)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestNobodyMissesWhatLandsAtOnce follows while two provinces are imported side by side.
func TestNobodyMissesWhatLandsAtOnce(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	l.land(t, otherProvince(small), db.ImportOptions{})
	ctx, done := context.WithCancel(t.Context())
	var writers, readers sync.WaitGroup
	for n := range 2 {
		writers.Go(func() {
			for i := range 6 {
				files := visited(fmt.Sprintf("%c%d", 'P'+n, i), 12)
				if n == 1 {
					files = otherProvince(files)
				}
				if _, err := importDir(t, l.DB, write(t, files), db.ImportOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	followers := []*reader{newReader(nil), newReader(nil)}
	for n, f := range followers {
		readers.Go(func() {
			for ctx.Err() == nil {
				f.read(t, l.DB, 3+n)
			}
		})
	}
	writers.Wait()
	done()
	readers.Wait()
	fresh := newReader(nil)
	fresh.read(t, l.DB, 1000)
	for _, f := range followers {
		f.read(t, l.DB, 2)
		if diff := cmp.Diff(fresh.kept, f.kept); diff != "" {
			t.Errorf("who begins −, who followed +: %.2000s", diff)
		}
	}
	verified(t, l.DB)
}

// TestNumbersOfChangesAppearInOrder: while somebody who tells of changes has not ended, nobody else takes a number.
func TestNumbersOfChangesAppearInOrder(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	tx, err := l.sql.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "select pg_advisory_xact_lock(hashtextextended('vunglom change', 0))"); err != nil {
		t.Fatal(err)
	}
	number := func() string { return texts(t, l.sql, "select last_value || '' from change_sequence")[0] }
	before := number()
	landed := make(chan error, 1)
	go func() {
		_, err := importDir(t, l.DB, write(t, visited("P", 30)), db.ImportOptions{})
		landed <- err
	}()
	waitsForLock(t, l)
	if now := number(); now != before {
		t.Errorf("it took numbers up to %s, from %s", now, before)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-landed; err != nil {
		t.Fatal(err)
	}
	if now := number(); now == before {
		t.Error("it told of nothing")
	}
}

// waitsForLock returns once somebody waits for a lock that the program itself names.
func waitsForLock(t *testing.T, l *landing) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if waits := texts(t, l.sql, "select count(*)::text from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())")[0]; waits != "0" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody waits")
		}
	}
}

// otherProvince is the bundle of another province that has the same rows, but for reports.
func otherProvince(files map[string]string) map[string]string { return inProvince("95", files) }

func inProvince(code string, files map[string]string) map[string]string {
	files = maps.Clone(files)
	files["bundle.json"] = fmt.Sprintf(`{"province": %q, "as_of": "2024-09-30", "source": "other"}`, code)
	delete(files, "reports.csv")
	return files
}

// TestMigrateTellsWhatAnOlderProgramImported: a database that was filled before there was a feed tells everything once.
func TestMigrateTellsWhatAnOlderProgramImported(t *testing.T) {
	t.Parallel()
	l := newSynthetic(t)
	before := newReader(nil)
	before.read(t, l.DB, 1000)
	if _, err := l.sql.ExecContext(t.Context(), "delete from change; delete from change_day"); err != nil {
		t.Fatal(err)
	}
	if err := l.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	verified(t, l.DB)
	after := newReader(nil)
	after.read(t, l.DB, 1000)
	if diff := cmp.Diff(before.kept, after.kept); diff != "" || len(after.kept) < 100 {
		t.Errorf("%d: %.2000s", len(after.kept), diff)
	}
	// One that told of households only.
	if _, err := l.sql.ExecContext(t.Context(), "update change set value = value - '{teams,members,services}'::text[] where kind = 'coverage'"); err != nil {
		t.Fatal(err)
	}
	if err := l.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	verified(t, l.DB)
	after.read(t, l.DB, 1000)
	if diff := cmp.Diff(before.kept, after.kept); diff != "" {
		t.Errorf("teams and services: %.2000s", diff)
	}
}

// TestAMistypedYearTakesNothingFromTheFeed: what is dated later than today is not told before its month has come, and what is told of the past stays. Who begins after
// it was put right is told nothing of what is no more; who was reading meanwhile is.
func TestAMistypedYearTakesNothingFromTheFeed(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	before, halfway := newReader(nil), newReader(nil)
	before.read(t, l.DB, 1000)
	halfway.page(t, l.DB, 7)
	day := func() string {
		return texts(t, l.sql, "select concat_ws(' ', min(day), max(day), count(*)) from change_day")[0]
	}
	days := day()
	const row = "code,household_code,team_code,visited_on,outcome\nW1,C,T1,%s,guided\n"
	send(t, l.DB, sent(t, "visits", fmt.Sprintf(row, "2062-11-20"), db.WriteAll))
	verified(t, l.DB)
	after := newReader(nil)
	after.read(t, l.DB, 1000)
	if diff := cmp.Diff(before.kept, after.kept); diff != "" || day() != days {
		t.Errorf("%s, not %s: %.2000s", day(), days, diff)
	}
	told, err := l.TellDue(t.Context(), storyNow)
	if err != nil || len(told) > 0 {
		t.Errorf("told of what has not come: %v %v", told, err)
	}
	send(t, l.DB, sent(t, "visits", fmt.Sprintf(row, "2026-12-20"), db.WriteAll)) // of a month that comes by itself
	if now := day(); now != days {
		t.Errorf("%s, not %s", now, days)
	}
	if told, err = l.TellDue(t.Context(), storyNow.AddDate(0, 2, 0)); err != nil || !slices.Equal(told, []string{"96"}) || texts(t, l.sql, "select max(day)::text from change_day")[0] != "2026-12-31" {
		t.Errorf("when its month has come: %v %v, %s", told, err, day())
	}
	if told, err = l.TellDue(t.Context(), storyNow.AddDate(0, 2, 0)); err != nil || len(told) > 0 {
		t.Errorf("twice: %v %v", told, err)
	}
	verified(t, l.DB)
	before.read(t, l.DB, 1000)
	send(t, l.DB, sent(t, "visits", fmt.Sprintf(row, "2023-09-20"), db.WriteAll))
	verified(t, l.DB)
	if gone := texts(t, l.sql, "select count(*)::text from change where value is null")[0]; gone == "0" {
		t.Fatal("nothing is no more")
	}
	fresh := newReader(nil)
	fresh.read(t, l.DB, 3)
	if fresh.told != len(fresh.kept) {
		t.Errorf("who begins was told %d, and has %d", fresh.told, len(fresh.kept))
	}
	for _, r := range []*reader{before, halfway} {
		r.read(t, l.DB, 5)
		if diff := cmp.Diff(fresh.kept, r.kept); diff != "" {
			t.Errorf("who begins −, who has read +: %.2000s", diff)
		}
	}
}
