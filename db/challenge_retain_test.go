package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/db"
)

// TestErasureTakesWhatIsDisputedAlong looks for the code of an erased household, and for what was written of its house, in every row.
func TestErasureTakesWhatIsDisputedAlong(t *testing.T) {
	t.Parallel()
	l := newErasing(t)
	const code, words = "HO-CAN-XOA-78", "nhà bà Sáu ở đây"
	files := edited(small, nil)
	for _, name := range []string{"households.csv", "visits.csv", "adoptions.csv"} {
		files[name] = strings.NewReplacer("\nA,", "\n"+code+",", ",A,", ","+code+",").Replace(files[name])
	}
	l.land(t, files, db.ImportOptions{Now: storyNow})
	open := func(o db.Disputing) int64 {
		o.Evidence = words
		return l.disputed(t, t.Context(), o).ID
	}
	open(db.Disputing{Kind: db.NobodyLivesThere, HouseholdCode: code})
	open(db.Disputing{Kind: db.Duplicate, HouseholdCode: "C", OtherCode: code})
	visited := open(db.Disputing{Kind: db.AlreadyGuided, AddressScheme: "dia_chi_so", AddressCode: "9600000001", TeamCode: "T1", Day: parsed("2024-01-01")})
	open(db.Disputing{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Point: &db.Position{Longitude: 105.0151, Latitude: 9.0051}})
	ended := open(noHouse("9600000001"))
	for _, id := range []int64{visited, ended} {
		if done := l.resolved(t, t.Context(), id, true); cameOf(done) != "updated accepted" {
			t.Fatal(cameOf(done))
		}
	}
	traces := func(text string) (found []string) {
		for _, table := range texts(t, l.sql, `select tablename from pg_tables where schemaname = 'public' and tablename <> 'spatial_ref_sys' order by 1`) {
			if n := texts(t, l.sql, `select count(*) from "`+table+`" t where t::text like '%' || $1 || '%'`, text)[0]; n != "0" {
				found = append(found, table)
			}
		}
		return found
	}
	if got, want := traces(code), []string{"adoption", "challenge", "correction", "household", "visit"}; !slices.Equal(got, want) {
		t.Fatalf("the code is in %q, want %q: nothing would be shown", got, want)
	}
	if got, want := traces(words), []string{"challenge", "challenge_event"}; !slices.Equal(got, want) {
		t.Fatalf("the words are in %q, want %q", got, want)
	}
	l.erase(t, code)
	if got := append(traces(code), traces(words)...); len(got) > 0 {
		t.Errorf("traces are left in %q", got)
	}
	if got := texts(t, l.sql, "select kind || ' ' || status from challenge order by id"); !slices.Equal(got, []string{"already_guided accepted", "wrong_place open", "not_a_house accepted"}) {
		t.Errorf("%q", got)
	}
}

// TestRetentionTakesWordsOutOfOldChallenges: of those that were resolved before a day no words, points and names are left anywhere; open ones and later ones
// have theirs, every rate is what it was, and no older bundle undoes what was corrected.
func TestRetentionTakesWordsOutOfOldChallenges(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	const words = "nhà bà Tư ở đầu ấp"
	for i, o := range []db.Disputing{
		{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Point: &db.Position{Longitude: 105.0151, Latitude: 9.0051}}, // accepted
		{Kind: db.NobodyLivesThere, HouseholdCode: "C", Day: parsed("2025-01-01")},                                                                // rejected
		{Kind: db.NobodyLivesThere, HouseholdCode: "D", Point: &db.Position{Longitude: 105.02, Latitude: 9.005}},                                  // open
		noHouse("9600000004"), // resolved later
	} {
		o.Evidence, o.Now = words, storyNow.AddDate(0, -8, 0)
		id := l.disputed(t, signedIn(t, fmt.Sprint("người ", i), access.Officer, "province", "96"), o).ID
		resolve := db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: id}, Accept: i == 0, Reason: words + ", đã xem lại", Now: storyNow.AddDate(0, -7, 0)}
		if i == 3 {
			resolve.Now = storyNow
		}
		if i == 2 {
			continue
		}
		if done, err := l.ResolveChallenge(signedIn(t, fmt.Sprint("người ", i, " xét"), access.Officer, "province", "96"), resolve); err != nil || done.Outcome != db.Updated {
			t.Fatalf("%v %+v", err, done)
		}
	}
	rates := func() (text string) {
		for _, day := range []string{"2026-02-28", "2026-03-15", "2026-11-01"} {
			checks, err := l.Quality(t.Context(), db.QualityQuery{Day: parse(day), Kinds: []string{"challenge_open", "challenge_accepted", "challenge_rejected"}})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range checks {
				text += fmt.Sprintf("%d/%d ", c.Count, c.OutOf)
			}
		}
		return text
	}
	left := func() []string {
		return texts(t, l.sql, `select c.id || ' ' || c.status || ' ' || coalesce(c.evidence, '-') || ' ' || coalesce(st_astext(c.point), '-') || ' ' || coalesce(c.subject, '-') || ' '
			|| (select string_agg(e.action || ' ' || coalesce(e.words, '-') || ' ' || coalesce(e.subject, '-') || ' ' || coalesce(e.issuer, '-'), ', ' order by e.number) from challenge_event e where e.challenge_id = c.id) from challenge c order by c.id`)
	}
	counted, stood, before := rates(), left(), storyNow.AddDate(0, -6, 0)
	if counted != "0/0 0/0 0/0 4/4 0/0 0/0 1/4 1/3 2/3 " {
		t.Fatalf("the rates are %s", counted)
	}
	if emptied, err := l.RetainChallenges(signedIn(t, "o", access.Admin, "province", "96"), before); !isForbidden(err) || emptied != 0 {
		t.Errorf("an administrator of one province empties %d: %v", emptied, err)
	}
	if emptied, err := l.RetainChallenges(t.Context(), before); err != nil || emptied != 2 {
		t.Fatalf("%d are emptied, %v", emptied, err)
	}
	if diff := cmp.Diff([]string{"1 accepted - - - opened - - -, accepted - - -", "2 rejected - - - opened - - -, rejected - - -", stood[2], stood[3]}, left()); diff != "" {
		t.Error(diff)
	}
	if got := rates(); got != counted {
		t.Errorf("the rates were %s and are %s", counted, got)
	}
	if emptied, err := l.RetainChallenges(t.Context(), before); err != nil || emptied != 0 {
		t.Errorf("again: %d, %v", emptied, err)
	}
	if got := texts(t, l.sql, "select rows::text from audit_log where entry = 'retain.challenges' order by id"); !slices.Equal(got, []string{"2", "0"}) {
		t.Errorf("the log has %q", got)
	}
	page, err := l.Challenges(t.Context(), db.ChallengeFilter{Status: db.ChallengeAccepted}, db.Today(storyNow), db.PageArgs{First: 5})
	if err != nil || len(page.Items) != 1 || page.Items[0].Evidence != nil || page.Items[0].Longitude != nil || page.Items[0].Subject != nil || len(page.Items[0].History) != 2 || len(page.Items[0].Corrections) == 0 {
		t.Errorf("%v %+v", err, page)
	}
	l.land(t, small, db.ImportOptions{Now: storyNow})
	if got := texts(t, l.sql, "select st_x(position) || '' from address where code = '9600000001'"); got[0] != "105.0151" {
		t.Errorf("an older bundle moved the address back to %s", got[0])
	}
	verified(t, l.DB)
}
