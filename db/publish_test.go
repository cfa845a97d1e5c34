package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/db"
)

// publishedFigures are the figures published of a unit on a day: guided, attempted, not visited, ineligible, unknown, addresses.
func publishedFigures(t *testing.T, l *landing, day string, unit int64) (figures [6]int) {
	t.Helper()
	rows := texts(t, l.sql, "select concat_ws(' ', guided, attempted, not_visited, ineligible, unknown, addresses) from published where day = $1 and unit_id = $2", day, unit)
	if len(rows) == 1 {
		f := &figures
		if _, err := fmt.Sscan(rows[0], &f[0], &f[1], &f[2], &f[3], &f[4], &f[5]); err != nil {
			t.Fatal(err)
		}
	}
	return figures
}

// TestEveryPublishedFigureIsNearTheTruth compares what is published of random provinces with the exact coverage of the same units and days.
func TestEveryPublishedFigureIsNearTheTruth(t *testing.T) {
	t.Parallel()
	for _, base := range []int{5, 10, 35} {
		w := newWorld(uint64(60+base), 6, 10)
		l := newLanding(t)
		l.landDir(t, write(t, w.bundle(t)), db.ImportOptions{})
		if err := l.SetBase(t.Context(), "96", base); err != nil {
			t.Fatal(err)
		}
		days := texts(t, l.sql, "select day from published_day order by day")
		if len(days) < 12 {
			t.Fatalf("only %d month ends are published", len(days))
		}
		var asked []db.OnDay
		for _, u := range texts(t, l.sql, "select u.id || ' ' || d.day from unit u join published_day d on u.valid @> d.day") {
			var id int64
			var on string
			if _, err := fmt.Sscan(u, &id, &on); err != nil {
				t.Fatal(err)
			}
			asked = append(asked, db.OnDay{Key: db.Key{Province: "96", ID: id}, Day: parse(on)})
		}
		exact, err := l.Coverage(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		count := func(n *int) int {
			if n == nil {
				return 0
			}
			return *n
		}
		away, households := 0, 0
		for _, u := range asked {
			c := exact[u]
			want := [6]int{0, 0, 0, 0, c.Addresses, c.Addresses} // without a register every address is unknown
			if c.Basis == db.BasisRegister {
				want = [6]int{count(c.Guided), count(c.Attempted), count(c.NotVisited), count(c.Ineligible), count(c.Unknown), c.Addresses}
			}
			got := publishedFigures(t, l, u.Day.Format(time.DateOnly), u.ID)
			pairs := [][2]int{{want[0] + want[1] + want[2], got[0] + got[1] + got[2]}, {want[5] - want[4], got[5] - got[4]}}
			for i := range want {
				pairs = append(pairs, [2]int{want[i], got[i]})
			}
			for _, p := range pairs {
				if p[1]%base != 0 || p[1] < 0 || p[1]-p[0] >= base || p[0]-p[1] >= base || p[0]%base == 0 && p[0] != p[1] {
					t.Fatalf("unit %d on %s: %v is published as %v, base %d", u.ID, u.Day.Format(time.DateOnly), want, got, base)
				}
				if p[0] != p[1] {
					away++
				}
			}
			households += want[0]
		}
		if away == 0 || households == 0 {
			t.Errorf("base %d: %d figures are off, %d households: nothing was tried", base, away, households)
		}
		verified(t, l.DB)
	}
}

// TestWhatIsPublishedStandsWhileItsCountsDo imports again and later facts: what was published of the months before is not written again.
func TestWhatIsPublishedStandsWhileItsCountsDo(t *testing.T) {
	t.Parallel()
	l := newSynthetic(t)
	state := func() []string { // what was written when: the row's own transaction
		return texts(t, l.sql, "select concat_ws(' ', day, xmin) from published_day order by day")
	}
	before := state()
	l.landDir(t, syntheticBundle(t), db.ImportOptions{})
	if after := state(); !slices.Equal(before, after) {
		t.Errorf("the same bundle published anew: %v, %v", before, after)
	}
	household := texts(t, l.sql, "select h.code from household h where h.registered_on < '2024-01-01' and h.ended_on is null and not exists (select from visit v where v.household_code = h.code) order by 1 limit 1")[0]
	team := texts(t, l.sql, "select code from team where active @> '2025-03-05'::date order by 1 limit 1")[0]
	l.landDir(t, write(t, map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2026-10-31", "source": "later", "licence": "CC0-1.0", "synthetic": true}`,
		"visits.csv":  "code,household_code,team_code,visited_on,outcome\nLATE-1," + household + "," + team + ",2025-03-05,guided\n",
	}), db.ImportOptions{})
	after := state()
	for i, row := range after {
		if stood := slices.Contains(before, row); stood != (row < "2025-03-31") {
			t.Errorf("month end %d: %s stood: %v", i, row, stood)
		}
	}
	verified(t, l.DB)
}

// TestAnotherBaseIsAnotherSnapshot sets the base: all figures change, and who follows is told.
func TestAnotherBaseIsAnotherSnapshot(t *testing.T) {
	t.Parallel()
	l := newSynthetic(t)
	before, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.SetBase(t.Context(), "96", 5); err != nil {
		t.Fatal(err)
	}
	if same, _ := l.Snapshot(t.Context()); same != before {
		t.Errorf("the same base is snapshot %s after %s", same, before)
	}
	if err := l.SetBase(t.Context(), "96", 20); err != nil {
		t.Fatal(err)
	}
	if after, _ := l.Snapshot(t.Context()); after == before {
		t.Errorf("another base is snapshot %s as before", after)
	}
	if odd := texts(t, l.sql, "select unit_id from published where guided % 20 + attempted % 20 + not_visited % 20 + ineligible % 20 + unknown % 20 + addresses % 20 > 0"); len(odd) > 0 {
		t.Errorf("%d rows are of another base", len(odd))
	}
	verified(t, l.DB)
	published, err := l.Publications(t.Context())
	if err != nil || len(published) != 1 || published[0].Base != 20 || published[0].Last.Format(time.DateOnly) != "2026-10-31" {
		t.Errorf("%+v, %v", published, err)
	}
	for _, base := range []int{-5, 0, 2, 1001} {
		if err := l.SetBase(t.Context(), "96", base); err == nil || !strings.Contains(err.Error(), "3 to 1000") {
			t.Errorf("base %d: %v", base, err)
		}
	}
	if log := entries(t, l.DB, db.AuditFilter{}); !slices.Equal(log, []string{`local publish.base {"base": 20, "before": 5, "province": "96"} 0`}) {
		t.Errorf("the log after the base was set to what it was, and to another: %q", log)
	}
	if one := texts(t, l.sql, "select p.xmin = a.xmin from publication p, audit_log a"); !slices.Equal(one, []string{"true"}) {
		t.Errorf("the base and its entry were written by one transaction: %v", one)
	}
	for _, base := range []int{5, 30, 7} { // beside figures in multiples of 20 they would tell more than those
		if err := l.SetBase(t.Context(), "96", base); err == nil || !strings.Contains(err.Error(), "multiple of that only") {
			t.Errorf("base %d after 20: %v", base, err)
		}
	}
}

// TestBaseBeforeTheFirstImport: the first figures that anybody is told are in multiples of a base that was set before there were any.
func TestBaseBeforeTheFirstImport(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	if err := l.SetBase(t.Context(), "96", 7); err != nil {
		t.Fatal(err)
	}
	if published, err := l.Publications(t.Context()); err != nil || len(published) != 1 || published[0].Base != 7 || published[0].First != nil {
		t.Errorf("before anything is loaded: %+v, %v", published, err)
	}
	verified(t, l.DB)
	if err := l.SetBase(t.Context(), "96", 10); err == nil || !strings.Contains(err.Error(), "multiple of that only") { // figures by it may stand elsewhere
		t.Errorf("base 10 after 7: %v", err)
	}
	l.landDir(t, syntheticBundle(t), db.ImportOptions{})
	odd, some := texts(t, l.sql, "select count(*) from published where guided % 7 + attempted % 7 + not_visited % 7 + ineligible % 7 + unknown % 7 + addresses % 7 > 0"),
		texts(t, l.sql, "select count(*) from published where guided > 0")
	if odd[0] != "0" || some[0] == "0" {
		t.Errorf("%s rows of %s are of another base", odd[0], some[0])
	}
	if bases := texts(t, l.sql, "select distinct base from published_day"); !slices.Equal(bases, []string{"7"}) {
		t.Errorf("bases: %v", bases)
	}
	verified(t, l.DB)
	if log := entries(t, l.DB, db.AuditFilter{}); len(log) == 0 || log[0] != `local publish.base {"base": 7, "before": null, "province": "96"} 0` {
		t.Errorf("the log after the first base: %q", log)
	}
	for _, province := range []string{"", "9\n6"} {
		if err := l.SetBase(t.Context(), province, 5); err == nil || !strings.Contains(err.Error(), "name the province") {
			t.Errorf("province %q: %v", province, err)
		}
	}
}

// TestWhoMaySetTheBase: who answers for the whole province's personal data. PostgreSQL refuses everybody else, whatever was let through.
func TestWhoMaySetTheBase(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	in := func(role access.Role, everywhere bool, units ...access.Unit) context.Context {
		return access.With(t.Context(), access.Caller{Issuer: "https://issuer.example", Subject: "s", Grants: []access.Grant{{Role: role, Everywhere: everywhere, Units: units}}})
	}
	refused := map[string]context.Context{
		"a commune's administrator":          in(access.Admin, false, access.Unit{Level: "commune", Code: "96"}),
		"another province's administrator":   in(access.Admin, false, access.Unit{Level: "province", Code: "95"}),
		"an administrator of no unit at all": in(access.Admin, false),
		"nobody":                             access.With(t.Context(), access.Caller{}),
	}
	for _, role := range access.Roles() {
		if role != access.Admin {
			refused[string(role)] = in(role, true)
		}
	}
	before := content(t, l.sql)
	for who, ctx := range refused {
		for _, province := range []string{"96", "97"} { // loaded, and not yet
			if err := l.SetBase(ctx, province, 10); !isForbidden(err) {
				t.Errorf("%s sets the base of %s: %v", who, province, err)
			}
			if err := db.SetBaseUnchecked(l.DB, ctx, province, 10); !isForbidden(err) {
				t.Errorf("%s, whom nobody has stopped, sets the base of %s: %v", who, province, err)
			}
		}
	}
	sameContent(t, "after all were refused", before, content(t, l.sql))
	if err := l.SetBase(in(access.Admin, false, access.Unit{Level: "province", Code: "96"}), "96", 10); err != nil {
		t.Errorf("the province's administrator: %v", err)
	}
	if log := entries(t, l.DB, db.AuditFilter{}); !slices.Equal(log, []string{`s publish.base {"base": 10, "before": 5, "province": "96"} 0`}) {
		t.Errorf("the log after all the others were refused: %q", log)
	}
	if published, err := l.Publications(t.Context()); err != nil || published[0].Base != 10 {
		t.Errorf("%+v, %v", published, err)
	}
}

// TestMigratePublishesWhatAnOlderProgramImported takes back what is published, as if a program had imported the province that published nothing.
func TestMigratePublishesWhatAnOlderProgramImported(t *testing.T) {
	t.Parallel()
	l := newSynthetic(t)
	for _, statement := range []string{"delete from published", "delete from published_day", "delete from publication"} {
		if _, err := l.sql.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	verified(t, l.DB)
	if n := texts(t, l.sql, "select count(*) from published where guided > 0")[0]; n == "0" {
		t.Error("nothing is published")
	}
}
