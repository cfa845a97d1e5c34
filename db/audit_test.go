package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/gis"
)

// entries reads the whole log, the oldest first, as lines: subject, entry, filter, rows.
func entries(t *testing.T, d *db.DB, filter db.AuditFilter) []string {
	t.Helper()
	var lines []string
	for page := (db.PageArgs{First: 3}); ; {
		answer, err := d.AuditLog(t.Context(), filter, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range answer.Items {
			rows := "begun"
			if e.Rows != nil {
				rows = fmt.Sprint(*e.Rows)
			}
			lines = append(lines, strings.Join([]string{e.Subject, e.Entry, e.Filter, rows}, " "))
		}
		if !answer.More {
			if len(lines) != answer.Total {
				t.Errorf("%d entries, the total is %d", len(lines), answer.Total)
			}
			slices.Reverse(lines)
			return lines
		}
		page.After = answer.Cursors[len(answer.Cursors)-1]
	}
}

// TestEveryReadingOfPersonsIsLogged asks every question that answers rows of persons, and compares the log with what was asked.
func TestEveryReadingOfPersonsIsLogged(t *testing.T) {
	t.Parallel()
	l := load(t, 26)
	day := parse("2026-01-01")
	address := db.AddressKey{Province: "96", Scheme: l.addresses[0].scheme(), Code: l.addresses[0].code}
	unit := l.unitOn("commune", commune(2, 1), "2026-01-01")
	inUnit := 0
	for _, a := range l.addresses {
		if c, _ := l.locate(a.x, a.y, "2026-01-01"); c == unit {
			inUnit++
		}
	}
	began := time.Now().Add(-time.Minute)
	officer := access.Caller{Issuer: "https://issuer.example", Subject: "ong-ba", Purpose: "đến thăm", Grants: []access.Grant{
		{Role: access.Officer, Units: []access.Unit{{Level: "commune", Code: unit.code}}}}}
	for _, ctx := range []context.Context{t.Context(), access.With(t.Context(), officer)} {
		if _, err := l.d.AddressesByKey(ctx, []db.AddressKey{address}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.d.Addresses(ctx, db.AddressFilter{Within: &db.Ref{Level: db.LevelCommune, Code: unit.code}, Status: []db.Status{db.StatusUnknown}}, day, db.PageArgs{First: 1000}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.d.AddressUnits(ctx, []db.AddressOnDay{{AddressKey: address, Day: day}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.d.AddressStatuses(ctx, []db.AddressOnDay{{AddressKey: address, Day: day}}); err != nil {
			t.Fatal(err)
		}
		for row, err := range l.d.WholeAddresses(ctx, db.AddressFilter{Within: &db.Ref{Level: db.LevelCommune, Code: unit.code}}, day) {
			if err != nil {
				t.Fatal(err, row)
			}
		}
		if _, err := l.d.Tile(ctx, db.TileQuery{Layer: db.TileAddresses, Day: day, Tile: gis.Tile{Z: 6, X: 50, Y: 30}, Within: &db.Ref{Level: db.LevelCommune, Code: unit.code}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.d.QualityCases(t.Context(), db.QualityQuery{Day: day, StaleAfterMonths: 12, Kinds: []string{"team_without_base"}}, db.PageArgs{First: 5}); err != nil {
		t.Fatal(err)
	}
	unregistered := db.QualityQuery{Day: day, StaleAfterMonths: 12, Kinds: []string{"team_without_base", "unregistered"}}
	if _, err := l.d.QualityCases(t.Context(), unregistered, db.PageArgs{First: 1000}); err != nil {
		t.Fatal(err)
	}
	unregistered.Kinds = unregistered.Kinds[1:]
	for row, err := range l.d.WholeQuality(t.Context(), unregistered) {
		if err != nil {
			t.Fatal(err, row)
		}
	}
	if err := l.d.LogTile(t.Context(), db.TileQuery{Layer: db.TileAddresses, Day: day, Tile: gis.Tile{Z: 6, X: 50, Y: 30}}, 7); err != nil {
		t.Fatal(err)
	}
	if err := l.d.Export(t.Context(), "96", t.TempDir(), nil); err != nil {
		t.Fatal(err)
	}
	areas, plan := db.DefaultGapAreaQuery(day), db.DefaultPlanQuery(2, day)
	areas.Within, plan.Within = &db.Ref{Level: db.LevelCommune, Code: unit.code}, &db.Ref{Level: db.LevelCommune, Code: unit.code}
	found, err := l.d.GapAreas(t.Context(), areas)
	if err != nil {
		t.Fatal(err)
	}
	areaTile := db.TileQuery{Layer: db.TileGapAreas, Day: day, Tile: gis.Tile{Z: 6, X: 50, Y: 30}, DistanceMetres: 1, MinHouseholds: 1}
	drawn, err := l.d.Tile(t.Context(), areaTile)
	if err != nil || drawn.Persons == nil {
		t.Fatal(drawn.Persons, err)
	}
	if _, err := l.d.PlanTeams(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	problem, err := l.d.PlanProblem(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []func() (*db.Listing, func(*db.DB) error){
		func() (*db.Listing, func(*db.DB) error) {
			list, err := l.d.GapAreaListing(t.Context(), areas)
			if err != nil {
				t.Fatal(err)
			}
			return list, func(held *db.DB) error { _, err := held.GapAreas(t.Context(), areas); return err }
		},
		func() (*db.Listing, func(*db.DB) error) {
			list, err := l.d.PlanListing(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			return list, func(held *db.DB) error { _, err := held.PlanTeams(t.Context(), plan); return err }
		},
	} {
		listing, read := list()
		if err := l.d.HoldListing(t.Context(), listing, read); err != nil {
			t.Fatal(err)
		}
	}
	disputes := access.With(t.Context(), access.Local())
	if _, err := l.d.OpenChallenge(disputes, db.Disputing{Province: "96", Kind: db.NotAHouse, AddressScheme: address.Scheme, AddressCode: address.Code, Evidence: "đã đến xem"}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.d.Challenges(t.Context(), db.ChallengeFilter{}, day, db.PageArgs{First: 5}); err != nil {
		t.Fatal(err)
	}
	job := sendBundle(t, l.d, map[string]string{"bundle.json": `{"province": "96", "as_of": "2026-10-31", "source": "test", "synthetic": true}`,
		"visits.csv": "code,household_code,team_code,visited_on,outcome\nX1,NOBODY,T1,2024-01-01,guided\n"})
	importer := access.Caller{Issuer: "https://issuer.example", Subject: "nguoi-nap", Grants: []access.Grant{{Role: access.Importer, Units: []access.Unit{{Level: "province", Code: "96"}}}}}
	wrong, err := l.d.JobProblems(access.With(t.Context(), importer), []*db.Job{job}, db.PageArgs{First: 5})
	if err != nil || len(wrong[job.ID].Items) != 2 || wrong[job.ID].Total != 2 {
		t.Fatal(wrong, err)
	}
	cases := 0
	for _, a := range l.addresses {
		if l.statusOf(a, "2026-01-01") == db.StatusUnknown {
			cases++
		}
	}
	unknown, persons := 0, len(l.addresses)+len(l.households)+len(l.adoptions)
	for _, a := range l.addresses {
		if c, _ := l.locate(a.x, a.y, "2026-01-01"); c == unit && l.statusOf(a, "2026-01-01") == db.StatusUnknown {
			unknown++
		}
	}
	for _, h := range l.households {
		persons += len(h.visits)
	}
	for _, m := range l.teams {
		persons += len(m.members)
	}
	seen := map[string]int{"local": 1}
	if c, _ := l.locate(l.addresses[0].x, l.addresses[0].y, db.Today(time.Now()).Format(time.DateOnly)); c != nil && c.code == unit.code {
		seen["ong-ba"] = 1
	}
	statuses := map[string]int{"local": 1}
	if c, _ := l.locate(l.addresses[0].x, l.addresses[0].y, "2026-01-01"); c == unit {
		statuses["ong-ba"] = 1
	}
	within := `"within": "COMMUNE:` + unit.code + `"`
	var want []string
	for _, who := range []string{"local", "ong-ba"} {
		want = append(want,
			fmt.Sprintf(`%s address {"addresses": ["96/%s"]} %d`, who, l.addresses[0].id(), seen[who]),
			fmt.Sprintf(`%s addresses {"asOf": "2026-01-01", "status": ["UNKNOWN"], %s} %d`, who, within, unknown),
			fmt.Sprintf(`%s address.units {"asOf": "2026-01-01", "addresses": 1} %d`, who, statuses[who]),
			fmt.Sprintf(`%s address.status {"asOf": "2026-01-01", "addresses": 1} %d`, who, statuses[who]),
			fmt.Sprintf(`%s export/addresses {"asOf": "2026-01-01", %s} begun`, who, within),
			fmt.Sprintf(`%s export/addresses {"asOf": "2026-01-01", %s} %d`, who, within, inUnit),
			fmt.Sprintf(`%s tiles/addresses {"asOf": "2026-01-01", "tile": "6/50/30", %s} %d`, who, within, inUnit))
	}
	want = append(want, fmt.Sprintf(`local dataQuality.cases {"asOf": "2026-01-01", "kinds": ["unregistered"]} %d`, cases),
		`local export/quality {"asOf": "2026-01-01", "kinds": ["unregistered"]} begun`,
		fmt.Sprintf(`local export/quality {"asOf": "2026-01-01", "kinds": ["unregistered"]} %d`, cases),
		`local tiles/addresses {"asOf": "2026-01-01", "tile": "6/50/30"} 7`,
		`local export {"province": "96"} begun`, fmt.Sprintf(`local export {"province": "96"} %d`, persons),
		fmt.Sprintf(`local gapAreas {"asOf": "2026-01-01", %s, "minHouseholds": 10, "distanceMetres": 300} %d`, within, found.Households),
		fmt.Sprintf(`local gapAreas {"asOf": "2026-01-01", "minHouseholds": 1, "distanceMetres": 1} %d`, len(l.gapHouseholds("2026-01-01"))),
		fmt.Sprintf(`local tiles/gap_areas {"asOf": "2026-01-01", "tile": "6/50/30", "minHouseholds": 1, "distanceMetres": 1} %d`, *drawn.Persons),
		fmt.Sprintf(`local planTeams {"asOf": "2026-01-01", "demand": "GAP_HOUSEHOLDS", %s, "candidates": "HAMLETS"} %d`, within, len(problem.Demand)),
		fmt.Sprintf(`local planTeams {"asOf": "2026-01-01", "demand": "GAP_HOUSEHOLDS", %s, "candidates": "HAMLETS"} %d`, within, len(problem.Demand)),
		fmt.Sprintf(`local export/gap-areas {"asOf": "2026-01-01", %s, "minHouseholds": 10, "distanceMetres": 300} begun`, within),
		fmt.Sprintf(`local export/gap-areas {"asOf": "2026-01-01", %s, "minHouseholds": 10, "distanceMetres": 300} %d`, within, found.Households),
		fmt.Sprintf(`local export/plan {"asOf": "2026-01-01", "demand": "GAP_HOUSEHOLDS", %s, "candidates": "HAMLETS"} begun`, within),
		fmt.Sprintf(`local export/plan {"asOf": "2026-01-01", "demand": "GAP_HOUSEHOLDS", %s, "candidates": "HAMLETS"} %d`, within, len(problem.Demand)),
		`local openChallenge {"kind": "not_a_house", "province": "96"} 1`, `local challenges {"kind": "", "status": ""} 1`,
		fmt.Sprintf(`local importBundle {"job": %d, "province": "96"} begun`, job.ID), fmt.Sprintf(`local importBundle {"job": %d, "province": "96"} 0`, job.ID),
		fmt.Sprintf(`nguoi-nap importJob.problems {"jobs": [%d]} 2`, job.ID))
	if diff := cmp.Diff(want, entries(t, l.d, db.AuditFilter{})); diff != "" {
		t.Error(diff)
	}
	subject := "ong-ba"
	if got := entries(t, l.d, db.AuditFilter{Subject: &subject, From: &began}); !slices.Equal(got, want[7:14]) {
		t.Errorf("of one subject: %v", got)
	}
	if got := entries(t, l.d, db.AuditFilter{To: &began}); got != nil {
		t.Errorf("before it began: %v", got)
	}
	last, err := l.d.AuditLog(access.With(t.Context(), access.Local()), db.AuditFilter{Subject: &subject}, db.PageArgs{First: 1})
	if err != nil || last.Items[0].Purpose != "đến thăm" || last.Items[0].Issuer != "https://issuer.example" || last.Items[0].System || !json.Valid([]byte(last.Items[0].Filter)) {
		t.Errorf("%+v, %v", last, err)
	}
}

// TestNothingIsAnsweredThatIsNotLogged takes the right to add to the log away: then no row of persons is answered.
func TestNothingIsAnsweredThatIsNotLogged(t *testing.T) {
	t.Parallel()
	l := load(t, 26)
	day := parse("2026-01-01")
	if _, err := dbtest.SQL(t, l.url).ExecContext(t.Context(), "revoke insert (issuer) on audit_log from vunglom_persons"); err != nil {
		t.Fatal(err)
	}
	if page, err := l.d.Addresses(t.Context(), db.AddressFilter{}, day, db.PageArgs{First: 5}); err == nil || page.Items != nil {
		t.Errorf("addresses: %v, %v", page, err)
	}
	for row, err := range l.d.WholeAddresses(t.Context(), db.AddressFilter{}, day) {
		if err == nil {
			t.Fatalf("a row of a file: %+v", row)
		}
	}
	if tile, err := l.d.Tile(t.Context(), db.TileQuery{Layer: db.TileAddresses, Day: day}); err == nil || tile.Tile != nil {
		t.Errorf("a tile of %d bytes, %v", len(tile.Tile), err)
	}
	if opened := db.Pool(l.d).Stat().NewConnsCount(); opened > 1 {
		t.Errorf("%d connections for one question after another: those refused have cost theirs", opened)
	}
	if err := db.AskUnlogged(t.Context(), l.d, day); err == nil || !strings.Contains(err.Error(), "without an entry") {
		t.Errorf("a statement outside of a reading: %v", err)
	}
}

// TestListsAreReadOverOneConnection passes lists of persons on within one state of the data, where the pool has one connection: that they are
// read is entered for good before the first row, how many they were at the end, and a list that was not named before is not read.
func TestListsAreReadOverOneConnection(t *testing.T) {
	t.Parallel()
	l := load(t, 26)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	one, err := dbtest.Open(ctx, pooled(t, l.url, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	day := parse("2026-01-01")
	filter, quality := db.AddressFilter{}, db.QualityQuery{Day: day, StaleAfterMonths: 12, Kinds: []string{"unregistered"}}
	read := func(held *db.DB, begun string) (n int, err error) {
		count := func() {
			if n++; n == 1 {
				if log := entries(t, l.d, db.AuditFilter{}); len(log) == 0 || log[len(log)-1] != begun+" begun" {
					t.Errorf("when the first row comes the log is %q", log)
				}
			}
		}
		if strings.Contains(begun, "addresses") {
			for _, err := range held.WholeAddresses(ctx, filter, day) {
				if err != nil {
					return n, err
				}
				count()
			}
			return n, nil
		}
		for _, err := range held.WholeQuality(ctx, quality) {
			if err != nil {
				return n, err
			}
			count()
		}
		return n, nil
	}
	for _, list := range []struct {
		listing *db.Listing
		entry   string
	}{
		{filter.Listing(day), `local export/addresses {"asOf": "2026-01-01"}`},
		{quality.Listing(), `local export/quality {"asOf": "2026-01-01", "kinds": ["unregistered"]}`},
	} {
		n := 0
		err := one.HoldListing(ctx, list.listing, func(held *db.DB) (err error) {
			if _, err := held.Snapshot(ctx); err != nil {
				return err
			}
			if _, err := held.Quality(ctx, quality); err != nil { // what else a file says
				return err
			}
			n, err = read(held, list.entry)
			return err
		})
		log := entries(t, l.d, db.AuditFilter{})
		if want := fmt.Sprintf("%s %d", list.entry, n); err != nil || n == 0 || log[len(log)-1] != want {
			t.Errorf("%v; %d rows; the log ends with %s, not with %s", err, n, log[len(log)-1], want)
		}
		broken := errors.New("the client is gone")
		err = one.HoldListing(ctx, list.listing, func(held *db.DB) error {
			if _, err := read(held, list.entry); err != nil {
				return err
			}
			return broken
		})
		log = entries(t, l.d, db.AuditFilter{})
		if !errors.Is(err, broken) || log[len(log)-1] != list.entry+" begun" {
			t.Errorf("%v; of what broke off the log says %s", err, log[len(log)-1])
		}
	}
	if err := one.Export(ctx, "96", t.TempDir(), nil); err != nil {
		t.Error(err)
	}
	other := db.AddressFilter{Status: []db.Status{db.StatusGuided}}
	hold := func(list *db.Listing) func(func(*db.DB) error) error {
		return func(ask func(*db.DB) error) error { return one.HoldListing(ctx, list, ask) }
	}
	for name, hold := range map[string]func(func(*db.DB) error) error{
		"none": func(ask func(*db.DB) error) error { return one.Hold(ctx, ask) }, "another": hold(other.Listing(day)), "nil": hold(nil),
	} {
		err := hold(func(held *db.DB) error {
			n, err := read(held, "addresses")
			if n > 0 {
				t.Errorf("%s is named, and %d rows are read", name, n)
			}
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "without an entry") {
			t.Errorf("%s is named: %v", name, err)
		}
	}
	err = one.Hold(ctx, func(held *db.DB) error {
		return held.HoldListing(ctx, filter.Listing(day), func(*db.DB) error { return nil })
	})
	if err == nil || !strings.Contains(err.Error(), "without an entry") {
		t.Errorf("named too late: %v", err)
	}
}

// pooled is the URL of a database by a pool of so many connections.
func pooled(t *testing.T, address string, connections int) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	values := u.Query()
	values.Set("pool_max_conns", strconv.Itoa(connections))
	u.RawQuery = values.Encode()
	return u.String()
}

// TestALogOfATileCostsNoMore holds that a tile of addresses is sent and logged in two statements, and one kept in one: that they
// are a transaction goes with them.
func TestALogOfATileCostsNoMore(t *testing.T) {
	t.Parallel()
	l := load(t, 26)
	q := db.TileQuery{Layer: db.TileAddresses, Day: parse("2026-01-01"), Tile: gis.TileAt(105, 9, 12)} // further out a tile of few addresses is asked for twice
	for name, ask := range map[string]func(context.Context) error{
		"drawn": func(ctx context.Context) error { _, err := l.d.Tile(ctx, q); return err },
		"kept":  func(ctx context.Context) error { return l.d.LogTile(ctx, q, 1) },
	} {
		ctx, statements := db.CountStatements(access.With(t.Context(), access.Local()))
		if err := ask(ctx); err != nil {
			t.Fatal(err)
		}
		if want := map[string]int64{"drawn": 2, "kept": 1}[name]; statements.Load() != want {
			t.Errorf("%s: %d statements, want %d", name, statements.Load(), want)
		}
	}
}

// TestRetentionTakesOldEntriesOut leaves the others, and says that it was done.
func TestRetentionTakesOldEntriesOut(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if _, err := dbtest.SQL(t, url).ExecContext(t.Context(), `insert into audit_log (at, issuer, subject, system, purpose, entry, filter, rows)
		select day, 'i', 's', false, '', 'addresses', '{}', 1 from unnest(array['2020-01-01', '2023-12-31 23:59:59Z', '2024-01-01 00:00:00Z']::timestamptz[]) day`); err != nil {
		t.Fatal(err)
	}
	before := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	if removed, err := d.RetainAudit(of(t, access.Officer, nil), before); !isForbidden(err) || removed != 0 {
		t.Errorf("an officer removes %d entries: %v", removed, err)
	}
	removed, err := d.RetainAudit(t.Context(), before)
	if err != nil || removed != 2 {
		t.Errorf("%d are removed, %v", removed, err)
	}
	want := []string{"s addresses {} 1", `local retain {"before": "2024-01-01T00:00:00Z"} 2`}
	if diff := cmp.Diff(want, entries(t, d, db.AuditFilter{})); diff != "" {
		t.Error(diff)
	}
}
