package db_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/db"
)

// register registers who is told of changes: everything, a hamlet's coverage, a commune's of one province, or reports.
func register(t *testing.T, d *db.DB) {
	t.Helper()
	both := []string{"coverage", "report"}
	err := d.RegisterWebhooks(t.Context(), []db.Webhook{
		{Consumer: "all", Kinds: both, Caller: access.Local()},
		{Consumer: "hamlet", Kinds: []string{"coverage"}, Units: []access.Unit{{Level: "hamlet", Code: "96/H3"}}, Caller: access.Local()},
		{Consumer: "commune", Kinds: []string{"coverage"}, Units: []access.Unit{{Level: "commune", Code: "31999"}}, Caller: access.Local()},
		{Consumer: "elsewhere", Kinds: []string{"coverage"}, Units: []access.Unit{{Level: "commune", Code: "95/31999"}}, Caller: access.Local()},
		{Consumer: "reports", Kinds: []string{"report"}, Caller: access.Local()},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// claim takes what a system is to be told; nil: nothing.
func claim(t *testing.T, d *db.DB, consumer string, lease time.Duration) *db.WebhookMessage {
	t.Helper()
	m, _, err := d.ClaimWebhook(t.Context(), consumer, lease)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// told takes what a system is to be told and notes that it was.
func told(t *testing.T, d *db.DB, consumer string) *db.WebhookMessage {
	t.Helper()
	m := claim(t, d, consumer, time.Hour)
	if m != nil {
		if err := d.WebhookDelivered(t.Context(), m, 0); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// pending are the systems that have something to be told.
func pending(t *testing.T, d *db.DB) string {
	t.Helper()
	states, err := d.WebhookStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range states {
		if s.Pending {
			names = append(names, s.Consumer)
		}
	}
	return strings.Join(names, " ")
}

// TestWebhooksAreWrittenInTheChangesOwnTransaction: who follows what has changed is to be told, nobody else, and never of what was undone.
func TestWebhooksAreWrittenInTheChangesOwnTransaction(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	register(t, l.DB)
	if got := pending(t, l.DB); got != "" {
		t.Errorf("nothing is loaded: %s", got)
	}
	step := func(what string, files map[string]string, o db.ImportOptions, want string) {
		t.Helper()
		if _, err := importDir(t, l.DB, write(t, files), o); err != nil {
			t.Fatal(err)
		}
		if got := pending(t, l.DB); got != want {
			t.Errorf("%s: %q are to be told, not %q", what, got, want)
		}
		if want != "" {
			same := texts(t, l.sql, "select (o.xmin = (select c.xmin from change c order by c.sequence desc limit 1))::text from webhook_outbox o where o.consumer = 'all'")
			if same[0] != "true" {
				t.Errorf("%s: it was not one transaction", what)
			}
		}
		for _, consumer := range []string{"all", "hamlet", "commune", "elsewhere", "reports"} {
			told(t, l.DB, consumer)
		}
		if got := pending(t, l.DB); got != "" {
			t.Errorf("%s: %s are to be told again", what, got)
		}
		verified(t, l.DB)
	}
	step("undone", small, db.ImportOptions{DryRun: true}, "")
	step("the first", small, db.ImportOptions{}, "all commune hamlet reports")
	step("the same", small, db.ImportOptions{}, "")
	visit := func(code, household, outcome string) map[string]string {
		return edited(only(small), map[string]string{"visits.csv": "code,household_code,team_code,visited_on,outcome\n" + code + "," + household + ",T1,2023-03-02," + outcome + "\n"})
	}
	step("undone again", visit("W1", "A", "guided"), db.ImportOptions{DryRun: true}, "")
	step("a household of the commune", visit("W1", "A", "guided"), db.ImportOptions{}, "all commune")
	step("nothing that counts", visit("W1", "A", "guided"), db.ImportOptions{}, "")
	step("a report", edited(only(small), map[string]string{"reports.csv": strings.Replace(small["reports.csv"], "215000", "216000", 1)}), db.ImportOptions{}, "all reports")
}

// TestWebhooksTellWhatTheFeedDoes: a system is told that there are changes where the feed has some for it, in one of the units of its role, and
// nowhere else; a role that holds in fewer units takes back what was not told yet.
func TestWebhooksTellWhatTheFeedDoes(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	granted := map[string][]access.Unit{
		"commune": {{Level: "commune", Code: "31999"}}, "hamlet": {{Level: "hamlet", Code: "96/H3"}}, "province": {{Level: "province", Code: "96"}},
		"other": {{Level: "commune", Code: "95/31999"}}, "none": {{Level: "province", Code: "91"}}, "two": {{Level: "hamlet", Code: "96/H1"}, {Level: "commune", Code: "95/32002"}},
	}
	caller := func(consumer string, role access.Role) access.Caller {
		return access.Caller{Issuer: "https://id.example.vn", Subject: consumer, Client: consumer, System: true, Grants: []access.Grant{{Role: role, Units: granted[consumer]}}}
	}
	webhooks := []db.Webhook{{Consumer: "public", Kinds: []string{"coverage", "report"}, Caller: caller("province", access.Public)}}
	for consumer := range granted {
		webhooks = append(webhooks, db.Webhook{Consumer: consumer, Kinds: []string{"coverage", "report"}, Caller: caller(consumer, access.Platform)})
	}
	if err := l.RegisterWebhooks(t.Context(), webhooks); err != nil {
		t.Fatal(err)
	}
	cursors := map[string]string{}
	changed := func(consumer string) (found bool) {
		t.Helper()
		var refs []db.Ref
		for _, u := range granted[consumer] {
			if strings.Contains(u.Code, "/") {
				refs = append(refs, db.Ref{Level: db.Level(u.Level), Code: u.Code})
			} else { // meant in any province
				refs = append(refs, db.Ref{Level: db.Level(u.Level), Code: "95/" + u.Code}, db.Ref{Level: db.Level(u.Level), Code: "96/" + u.Code})
			}
		}
		for _, ref := range refs {
			at := consumer + " " + ref.Code
			page, err := l.DB.As(caller(consumer, access.Platform)).Feed(t.Context(), &ref, db.PageArgs{First: 1000, After: cursors[at]})
			if err != nil && !db.IsNotFound(err) || page.More {
				t.Fatal(page.More, err)
			}
			if n := len(page.Cursors); n > 0 {
				cursors[at], found = page.Cursors[n-1], true
			}
		}
		return found
	}
	visit := func(code, household string) map[string]string {
		return edited(only(small), map[string]string{"visits.csv": "code,household_code,team_code,visited_on,outcome\n" + code + "," + household + ",T1,2023-03-02,guided\n"})
	}
	reported := edited(only(small), map[string]string{"reports.csv": strings.Replace(small["reports.csv"], "215000", "216000", 1)})
	for i, files := range []map[string]string{small, otherProvince(small), visit("W1", "A"), otherProvince(visit("W1", "A")), reported, visit("W2", "C")} {
		l.land(t, files, db.ImportOptions{})
		var want []string
		for _, consumer := range slices.Sorted(maps.Keys(granted)) {
			if changed(consumer) {
				want = append(want, consumer)
			}
		}
		if got := pending(t, l.DB); got != strings.Join(want, " ") || got == "" {
			t.Errorf("step %d: %q are to be told, the feed has changes for %q", i, got, want)
		}
		for consumer := range granted {
			if consumer != "province" || i < 5 {
				told(t, l.DB, consumer)
			}
		}
	}
	if got := pending(t, l.DB); got != "province" {
		t.Fatal(got)
	}
	if err := l.RegisterWebhooks(t.Context(), []db.Webhook{{Consumer: "province", Kinds: []string{"coverage", "report"}, Caller: caller("none", access.Platform)}}); err != nil {
		t.Fatal(err)
	}
	if got := pending(t, l.DB); got != "" {
		t.Errorf("%s is told of what it may not read any more", got)
	}
}

// TestWebhookMessages: one program at a time has a message, a later change replaces it, and what was not noted is sent again.
func TestWebhookMessages(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	register(t, l.DB) // who comes later is told that there are some
	other := restarted(t, l)
	first := claim(t, l.DB, "all", time.Hour)
	if first == nil || first.Sequence == 0 || fmt.Sprint(first.Sequence) != texts(t, l.sql, "select max(sequence)::text from change")[0] {
		t.Fatalf("%+v", first)
	}
	if m := claim(t, other, "all", time.Hour); m != nil {
		t.Errorf("two have it: %+v", m)
	}
	l.land(t, visited("P", 12), db.ImportOptions{}) // while it is being sent
	if err := l.WebhookDelivered(t.Context(), first, 0); err != nil {
		t.Fatal(err)
	}
	second := claim(t, other, "all", time.Nanosecond) // a program that dies
	if second == nil || second.ID == first.ID || second.Sequence <= first.Sequence {
		t.Fatalf("%+v after %+v", second, first)
	}
	register(t, l.DB) // as a program that begins does
	third := claim(t, l.DB, "all", time.Hour)
	if third == nil || third.ID != second.ID || third.Sequence != second.Sequence {
		t.Fatalf("%+v after %+v", third, second)
	}
	for range 2 { // the one that was taken for dead: its word does not count
		if err := other.WebhookDelivered(t.Context(), second, 0); err != nil {
			t.Fatal(err)
		}
	}
	if ended, err := l.WebhookFailed(t.Context(), third, db.WebhookFailure{Why: "HTTP 500", Wait: time.Hour, GiveUp: time.Hour}); err != nil || ended != "" {
		t.Fatal(ended, err)
	}
	m, wait, err := other.ClaimWebhook(t.Context(), "all", time.Hour)
	if m != nil || wait < 50*time.Minute || wait > time.Hour || err != nil {
		t.Errorf("it is not left alone: %+v, %s, %v", m, wait, err)
	}
	l.land(t, edited(only(small), map[string]string{"reports.csv": strings.Replace(small["reports.csv"], "215000", "216000", 1)}), db.ImportOptions{}) // what comes meanwhile does not hurry it
	if m := claim(t, l.DB, "all", time.Hour); m != nil {
		t.Errorf("%+v", m)
	}
	state := func() db.WebhookState {
		t.Helper()
		states, err := l.WebhookStates(t.Context())
		if err != nil || states[0].Consumer != "all" {
			t.Fatal(states, err)
		}
		return states[0]
	}
	if s := state(); s.Standing() != db.WebhookFailing || s.Delivered != 1 || s.Failed != 1 || s.Attempts != 1 || s.Failure != "HTTP 500" {
		t.Errorf("%+v", s)
	}
	resume := func() *db.WebhookMessage {
		t.Helper()
		if found, err := l.ResumeWebhook(t.Context(), "all"); err != nil || !found {
			t.Fatal(found, err)
		}
		return claim(t, l.DB, "all", time.Hour)
	}
	last := resume()
	if last == nil || last.ID == third.ID {
		t.Fatalf("%+v", last)
	}
	if ended, err := l.WebhookFailed(t.Context(), last, db.WebhookFailure{Why: "HTTP 410", Gone: true, Wait: 0, GiveUp: time.Hour}); err != nil || ended != db.WebhookGone {
		t.Fatal(ended, err)
	}
	if m := claim(t, l.DB, "all", time.Hour); m != nil || state().Standing() != db.WebhookGone {
		t.Errorf("one that is gone is told: %+v", m)
	}
	if ended, err := l.WebhookFailed(t.Context(), resume(), db.WebhookFailure{Why: "HTTP 500", GiveUp: time.Hour}); err != nil || ended != "" {
		t.Fatal(ended, err)
	}
	if ended, err := l.WebhookFailed(t.Context(), claim(t, l.DB, "all", time.Hour), db.WebhookFailure{Why: "HTTP 500"}); err != nil || ended != db.WebhookGivenUp || state().Standing() != ended {
		t.Fatal(ended, err) // it has failed for longer than it may
	}
	if found, err := l.ForgetWebhook(t.Context(), "all"); err != nil || !found {
		t.Fatal(found, err)
	}
	if found, err := l.ForgetWebhook(t.Context(), "all"); err != nil || found {
		t.Fatal(found, err)
	}
}

// TestWhoTellsOfChangesWaitsForNoWebhook: while a system is told, and while what became of it is noted, imports land.
func TestWhoTellsOfChangesWaitsForNoWebhook(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	register(t, l.DB)
	tx, err := l.sql.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "update webhook set attempts = 1"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	landed := make(chan struct{})
	go func() {
		defer close(landed)
		l.land(t, small, db.ImportOptions{})
	}()
	select {
	case <-landed:
	case <-ctx.Done():
		t.Fatal("the import waits")
	}
}
