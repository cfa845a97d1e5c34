package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/bundle"
	"vunglom/db"
)

// signedIn is a context of a caller by name, with one role in a unit.
func signedIn(t *testing.T, name string, role access.Role, level, code string) context.Context {
	return access.With(t.Context(), access.Caller{Issuer: "https://issuer.example", Subject: name, System: role == access.Platform,
		Grants: []access.Grant{{Role: role, Units: []access.Unit{{Level: level, Code: code}}}}})
}

// disputed opens a challenge.
func (l *landing) disputed(t *testing.T, ctx context.Context, o db.Disputing) *db.Disputed {
	t.Helper()
	if o.Province == "" {
		o.Province = "96"
	}
	if o.Now.IsZero() {
		o.Now = storyNow
	}
	if o.Evidence == "" {
		o.Evidence = "đã đến xem"
	}
	done, err := l.OpenChallenge(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// resolved accepts or rejects a challenge.
func (l *landing) resolved(t *testing.T, ctx context.Context, id int64, accept bool) *db.Disputed {
	t.Helper()
	done, err := l.ResolveChallenge(ctx, db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: id}, Accept: accept, Reason: "đã xem lại", Now: storyNow})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// cameOf writes what became of a challenge.
func cameOf(d *db.Disputed) string {
	text := strings.TrimSpace(string(d.Outcome) + " " + string(d.Status))
	for _, p := range d.Problems {
		text += " " + p.Code + "(" + p.Field + ")"
		if p.SentenceVi == "" || p.SentenceEn == "" {
			text += " without a sentence"
		}
	}
	return text
}

func noHouse(code string) db.Disputing {
	return db.Disputing{Kind: db.NotAHouse, AddressScheme: "dia_chi_so", AddressCode: code}
}

func parsed(day string) *time.Time { d := parse(day); return &d }

// TestAChallengeIsOpenedOnce sends challenges, whole and lacking, again and otherwise, by who may and who may not.
func TestAChallengeIsOpenedOnce(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	if _, err := l.OpenChallenge(t.Context(), db.Disputing{Province: "96", Kind: db.NotAHouse, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Evidence: "x"}); !db.IsNotFound(err) {
		t.Errorf("a province that is not loaded: %v", err)
	}
	l.land(t, small, db.ImportOptions{Now: storyNow})
	officer := signedIn(t, "officer", access.Officer, "hamlet", "96/H1")
	platform := signedIn(t, "platform", access.Platform, "province", "96")
	said := noHouse("9600000001")
	said.Evidence = "trước là nhà,\n nay là ruộng"
	long := noHouse("9600000001")
	long.Evidence = strings.Repeat("ơ", db.MostEvidence+1)
	control := noHouse("9600000001")
	control.Evidence = "a\x00b"
	future := noHouse("9600000001")
	future.Day = parsed("2026-11-01")
	for i, step := range []struct {
		who  context.Context
		o    db.Disputing
		want string
	}{
		{officer, noHouse("9600000001"), "inserted open"},
		{officer, noHouse("9600000001"), "unchanged open"},
		{officer, said, "updated open"},
		{officer, said, "unchanged open"},
		{platform, noHouse("9600000001"), "inserted open"},                  // somebody else's
		{officer, noHouse("9600000003"), "rejected reference(addressCode)"}, // of hamlet H2
		{officer, noHouse("9600009999"), "rejected reference(addressCode)"},
		{officer, long, "rejected bad_value(evidence)"},
		{officer, control, "rejected bad_value(evidence)"},
		{officer, future, "rejected bad_range(day)"},
		{officer, db.Disputing{Kind: db.NotAHouse}, "rejected required(addressCode)"},
		{officer, db.Disputing{Kind: db.NotAHouse, HouseholdCode: "A"}, "rejected bad_value(householdCode)"},
		{officer, db.Disputing{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001"}, "rejected required(point)"},
		{officer, db.Disputing{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Point: &db.Position{Longitude: 9, Latitude: 105}}, "rejected outside_vietnam(point)"},
		{officer, db.Disputing{Kind: db.AlreadyGuided, HouseholdCode: "A"}, "rejected required(teamCode) required(day)"},
		{officer, db.Disputing{Kind: db.AlreadyGuided, HouseholdCode: "A", TeamCode: "T9", Day: parsed("2024-01-01")}, "rejected reference(teamCode)"},
		{officer, db.Disputing{Kind: db.Duplicate, HouseholdCode: "A"}, "rejected required(otherCode)"},
		{officer, db.Disputing{Kind: db.Duplicate, HouseholdCode: "A", OtherCode: "A"}, "rejected bad_value(otherCode)"},
		{officer, db.Disputing{Kind: db.Duplicate, HouseholdCode: "A", OtherCode: "C"}, "rejected reference(otherCode)"}, // of hamlet H2
		{officer, db.Disputing{Kind: db.NobodyLivesThere, HouseholdCode: "A"}, "inserted open"},
		{officer, db.Disputing{Kind: db.NobodyLivesThere, HouseholdCode: "C"}, "rejected reference(householdCode)"},
	} {
		if got := cameOf(l.disputed(t, step.who, step.o)); got != step.want {
			t.Errorf("%d: %+v: %s, want %s", i, step.o, got, step.want)
		}
	}
	for name, ask := range map[string]func() error{
		"a viewer": func() error {
			_, err := l.OpenChallenge(signedIn(t, "v", access.Viewer, "province", "96"), said)
			return err
		},
		"a platform about a household": func() error {
			o := db.Disputing{Province: "96", Kind: db.NobodyLivesThere, HouseholdCode: "A", Evidence: "x"}
			_, err := l.OpenChallenge(platform, o)
			return err
		},
		"an officer elsewhere": func() error {
			said.Province = "96"
			_, err := l.OpenChallenge(signedIn(t, "o", access.Officer, "province", "91"), said)
			return err
		},
		"an importer who resolves": func() error {
			_, err := l.ResolveChallenge(signedIn(t, "i", access.Importer, "province", "96"), db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: 1}, Accept: true})
			return err
		},
	} {
		var refusal *access.Refusal
		if err := ask(); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	page, err := l.Challenges(officer, db.ChallengeFilter{Kind: db.NotAHouse}, db.Today(storyNow), db.PageArgs{First: 1})
	if err != nil || page.Total != 2 || !page.More || len(page.Items) != 1 {
		t.Fatalf("%v %+v", err, page)
	}
	c := page.Items[0]
	if *c.Evidence != "trước là nhà, nay là ruộng" || c.Unit == nil || c.Unit.Code != "H1" || len(c.History) != 2 || c.History[1].Action != "amended" || *c.History[0].Words != "đã đến xem" || *c.History[0].Subject != "officer" {
		t.Errorf("%+v", c)
	}
	if next, err := l.Challenges(officer, db.ChallengeFilter{Kind: db.NotAHouse}, db.Today(storyNow), db.PageArgs{First: 1, After: page.Cursors[0]}); err != nil || len(next.Items) != 1 || next.More || *next.Items[0].Subject != "platform" {
		t.Errorf("the next page: %v %+v", err, next)
	}
	if elsewhere, err := l.Challenges(signedIn(t, "o", access.Officer, "hamlet", "96/H2"), db.ChallengeFilter{}, db.Today(storyNow), db.PageArgs{First: 10}); err != nil || len(elsewhere.Items) != 0 || elsewhere.Total != 0 {
		t.Errorf("an officer elsewhere sees %v %+v", err, elsewhere)
	}
	within := &db.Ref{Level: db.LevelHamlet, Code: "96/H2"}
	if none, err := l.Challenges(t.Context(), db.ChallengeFilter{Within: within}, db.Today(storyNow), db.PageArgs{First: 10}); err != nil || none.Total != 0 {
		t.Errorf("in H2: %v %+v", err, none)
	}
	if got := texts(t, l.sql, "select distinct entry || ' ' || (filter ->> 'kind') from audit_log where entry = 'openChallenge' and rows = 1 order by 1"); !slices.Equal(got, []string{"openChallenge nobody_lives_there", "openChallenge not_a_house"}) {
		t.Error(got)
	}
	verified(t, l.DB)
}

// TestAcceptedChallengesAreWritten accepts one of each kind: what it corrects stands then, with figures, a snapshot and the log.
func TestAcceptedChallengesAreWritten(t *testing.T) {
	t.Parallel()
	counts := func(l *landing) string {
		return texts(t, l.sql, "select md5(string_agg(d::text, ' ' order by d::text)) from place_day d")[0]
	}
	const address, household = "select kind || ' ' || st_astext(position) || ' ' || surveyed_on from address where code = ", "select coalesce(address_code, '') || ' ' || coalesce(ended_on::text, '-') from household where code = "
	for name, step := range map[string]struct {
		o           db.Disputing
		about, want string
		corrections string
	}{
		"not a house": {noHouse("9600000001"), household + "'A'", "9600000001 2026-10-31", "address 9600000001 kind household other, household A ended_on - 2026-10-31"},
		"nobody at an address": {db.Disputing{Kind: db.NobodyLivesThere, AddressScheme: "dia_chi_so", AddressCode: "9600000003", Day: parsed("2025-01-01")}, household + "'C'", "9600000003 2025-01-01",
			"household C ended_on - 2025-01-01"},
		"nobody, ever": {db.Disputing{Kind: db.NobodyLivesThere, HouseholdCode: "C", Day: parsed("2020-01-01")}, household + "'C'", "9600000003 2022-06-01", "household C ended_on - 2022-06-01"},
		"elsewhere": {db.Disputing{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Point: &db.Position{Longitude: 105.0251, Latitude: 9.0051}}, address + "'9600000001'",
			"household POINT(105.0251 9.0051) 2026-10-31", "address 9600000001 position 105.001 9.001 105.0251 9.0051, address 9600000001 surveyed_on 2023-01-01 2026-10-31"},
		"guided": {db.Disputing{Kind: db.AlreadyGuided, AddressScheme: "dia_chi_so", AddressCode: "9600000003", TeamCode: "T1", Day: parsed("2024-01-01")}, "select household_code || ' ' || outcome || ' ' || visited_on from visit where code like 'challenge%'",
			"C guided 2024-01-01", "visit challenge-1 outcome - guided"},
		"an address twice": {db.Disputing{Kind: db.Duplicate, AddressScheme: "dia_chi_so", AddressCode: "9600000003", OtherScheme: "dia_chi_so", OtherCode: "9600000004"}, household + "'C'", "9600000004 -",
			"address 9600000003 kind household other, household C address dia_chi_so/9600000003 dia_chi_so/9600000004"},
		"a household twice": {db.Disputing{Kind: db.Duplicate, HouseholdCode: "D", OtherCode: "C"}, household + "'D'", " 2026-10-31", "household D ended_on - 2026-10-31"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLanding(t)
			l.land(t, small, db.ImportOptions{Now: storyNow})
			before, feed := counts(l), texts(t, l.sql, "select coalesce(max(sequence), 0) from change")[0]
			opened := l.disputed(t, signedIn(t, "one", access.Officer, "province", "96"), step.o)
			if cameOf(opened) != "inserted open" {
				t.Fatal(cameOf(opened))
			}
			own := l.resolved(t, signedIn(t, "one", access.Officer, "province", "96"), opened.ID, true)
			if cameOf(own) != "rejected open own(id)" {
				t.Errorf("one's own: %s", cameOf(own))
			}
			other := signedIn(t, "other", access.Officer, "commune", "32002")
			done := l.resolved(t, other, opened.ID, true)
			if cameOf(done) != "updated accepted" || done.Snapshot != "96-2" {
				t.Fatal(cameOf(done), done.Snapshot)
			}
			if got := texts(t, l.sql, step.about); !slices.Equal(got, []string{step.want}) {
				t.Errorf("%q, want %q", got, step.want)
			}
			if again := l.resolved(t, other, opened.ID, true); cameOf(again) != "unchanged accepted" || again.Snapshot != "" {
				t.Errorf("again: %s %s", cameOf(again), again.Snapshot)
			}
			if otherwise := l.resolved(t, other, opened.ID, false); cameOf(otherwise) != "rejected accepted resolved(id)" {
				t.Errorf("otherwise: %s", cameOf(otherwise))
			}
			if again := l.disputed(t, signedIn(t, "one", access.Officer, "province", "96"), step.o); cameOf(again) != "unchanged accepted" || again.ID != opened.ID {
				t.Errorf("opened again: %s", cameOf(again))
			}
			verified(t, l.DB)
			if counts(l) == before {
				t.Error("no figure has changed")
			}
			if after := texts(t, l.sql, "select coalesce(max(sequence), 0) from change")[0]; after == feed {
				t.Error("the feed tells nothing")
			}
			page, err := l.Challenges(other, db.ChallengeFilter{Status: db.ChallengeAccepted}, db.Today(storyNow), db.PageArgs{First: 5})
			if err != nil || len(page.Items) != 1 || len(page.Items[0].History) != 2 || *page.Items[0].History[1].Subject != "other" || *page.Items[0].History[1].Words != "đã xem lại" {
				t.Fatalf("%v %+v", err, page)
			}
			var corrections []string
			for _, k := range page.Items[0].Corrections {
				former := "-"
				if k.Former != nil {
					former = *k.Former
				}
				corrections = append(corrections, strings.Join([]string{k.What, k.Code, k.Field, former, *k.Became}, " "))
			}
			slices.Sort(corrections)
			if diff := cmp.Diff(step.corrections, strings.Join(corrections, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhoMayResolveWhat: an officer in the own units, who moves nothing out of them; what can't be written stays open.
func TestWhoMayResolveWhat(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	platform := signedIn(t, "platform", access.Platform, "province", "96")
	moved := l.disputed(t, platform, db.Disputing{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Point: &db.Position{Longitude: 105.0151, Latitude: 9.0051}})
	empty := l.disputed(t, platform, db.Disputing{Kind: db.AlreadyGuided, AddressScheme: "dia_chi_so", AddressCode: "9600000007", TeamCode: "T1", Day: parsed("2024-01-01")})
	elsewhere := signedIn(t, "h2", access.Officer, "hamlet", "96/H2")
	if _, err := l.ResolveChallenge(elsewhere, db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: moved.ID}, Accept: true, Now: storyNow}); !db.IsNotFound(err) {
		t.Errorf("an officer elsewhere: %v", err)
	}
	here := signedIn(t, "h1", access.Officer, "hamlet", "96/H1")
	if done := l.resolved(t, here, moved.ID, true); cameOf(done) != "rejected open out_of_scope(point)" {
		t.Errorf("moved out of the own units: %s", cameOf(done))
	}
	both := signedIn(t, "both", access.Officer, "commune", "32002")
	if done := l.resolved(t, both, empty.ID, true); cameOf(done) != "rejected open reference(householdCode)" {
		t.Errorf("nobody was on the register: %s", cameOf(done))
	}
	silent, err := l.ResolveChallenge(both, db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: empty.ID}})
	if err != nil || cameOf(silent) != "rejected required(reason)" {
		t.Errorf("without a reason: %v %+v", err, silent)
	}
	if done := l.resolved(t, both, empty.ID, false); cameOf(done) != "updated rejected" || done.Snapshot != "" {
		t.Errorf("%s %q", cameOf(done), done.Snapshot)
	}
	if done := l.resolved(t, both, moved.ID, true); cameOf(done) != "updated accepted" {
		t.Errorf("%s", cameOf(done))
	}
	if got := texts(t, l.sql, "select snapshot from dataset"); got[0] != "2" {
		t.Errorf("snapshot %s: a rejection changes no figure", got[0])
	}
	again := l.disputed(t, platform, db.Disputing{Kind: db.AlreadyGuided, AddressScheme: "dia_chi_so", AddressCode: "9600000007", TeamCode: "T1", Day: parsed("2024-01-01"), Evidence: "nay có giấy xác nhận"})
	if cameOf(again) != "inserted open" || again.ID == empty.ID {
		t.Errorf("with new evidence: %s", cameOf(again))
	}
	verified(t, l.DB)
}

// TestABundleDoesNotUndoACorrection imports bundles after challenges were accepted: the old one again, a newer one that repeats what was disputed,
// one that says something new; and rows that are sent.
func TestABundleDoesNotUndoACorrection(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	for _, o := range []db.Disputing{
		noHouse("9600000004"),
		{Kind: db.WrongPlace, AddressScheme: "dia_chi_so", AddressCode: "9600000001", Point: &db.Position{Longitude: 105.0151, Latitude: 9.0051}},
		{Kind: db.NobodyLivesThere, HouseholdCode: "C", Day: parsed("2025-01-01")},
		{Kind: db.Duplicate, AddressScheme: "dia_chi_so", AddressCode: "9600000006", OtherScheme: "dia_chi_so", OtherCode: "9600000007"},
		{Kind: db.AlreadyGuided, HouseholdCode: "E", TeamCode: "T1", Day: parsed("2024-01-01")},
	} {
		if done := l.resolved(t, t.Context(), l.disputed(t, t.Context(), o).ID, true); cameOf(done) != "updated accepted" {
			t.Fatalf("%+v: %s", o, cameOf(done))
		}
	}
	stands := said(t, l.sql)
	kept := func(r *db.Report) (columns []string) {
		if err := r.Each(func(p bundle.Problem) error {
			if p.Code == "corrected" {
				columns = append(columns, p.Column)
				if !p.Kept {
					t.Errorf("rejected: %+v", p)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(columns)
		return columns
	}
	want := []string{"address_code", "ended_on", "kind", "kind", "lon"}
	older := edited(small, map[string]string{"addresses.csv": strings.Replace(small["addresses.csv"], "9600000001,105.001,", "9600000001,105.0015,", 1)})
	newer := edited(small, map[string]string{"bundle.json": strings.Replace(small["bundle.json"], "2024-09-30", "2026-11-30", 1)})
	for name, files := range map[string]map[string]string{"the same": small, "an older one": older, "a newer one that repeats it": newer} {
		if got := kept(l.land(t, files, db.ImportOptions{Now: storyNow})); !slices.Equal(got, want) {
			t.Errorf("%s: the report tells of %q, want %q", name, got, want)
		}
		if diff := cmp.Diff(stands, said(t, l.sql)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	better := edited(newer, map[string]string{
		"addresses.csv":  strings.NewReplacer("9600000001,105.001,", "9600000001,105.0252,", "9600000004,105.021,9.004,household", "9600000004,105.021,9.004,public").Replace(small["addresses.csv"]),
		"households.csv": strings.Replace(small["households.csv"], "C,dia_chi_so,9600000003,,,4,2022-06-01,", "C,dia_chi_so,9600000003,,,4,2022-06-01,2026-02-01", 1),
	})
	if got := kept(l.land(t, better, db.ImportOptions{Now: storyNow})); !slices.Equal(got, []string{"address_code", "kind"}) {
		t.Errorf("one that knows better: the report tells of %q", got)
	}
	if got := texts(t, l.sql, `select st_x(position) || '' from address where code = '9600000001' union all select kind from address where code = '9600000004' union all select ended_on::text from household where code = 'C'`); !slices.Equal(got, []string{"105.0252", "public", "2026-02-01"}) {
		t.Errorf("one that knows better: %q", got)
	}
	l.land(t, small, db.ImportOptions{Now: storyNow})
	if got := texts(t, l.sql, "select ended_on::text from household where code = 'C'"); !slices.Equal(got, []string{"2026-02-01"}) {
		t.Errorf("and the old one after that: %q", got)
	}
	send(t, l.DB, sent(t, "households", "code,registered_on,ended_on\nC,2022-06-01,\n", db.WriteAll))
	if got := texts(t, l.sql, "select coalesce(ended_on::text, 'lives') from household where code = 'C'"); got[0] != "lives" {
		t.Errorf("who sends a row says what is so today: %q", got)
	}
	verified(t, l.DB)
}

// TestAcceptedIsAsIfWritten: challenges of random provinces, accepted in any order, end in the database that the same facts give when they are sent
// as rows; what lies in a unit is what lies in those below it and what is unassigned (verify).
func TestAcceptedIsAsIfWritten(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			files := newWorld(130+seed, 6, 8).bundle(t)
			disputed, written := newLanding(t), newLanding(t)
			disputed.land(t, files, db.ImportOptions{Now: storyNow})
			written.land(t, files, db.ImportOptions{Now: storyNow})
			random := rand.New(rand.NewPCG(seed, 9))
			addresses, households := records(t, files["addresses.csv"]), texts(t, disputed.sql, "select code from household where ended_on is null order by 1")
			team := texts(t, disputed.sql, "select code from team order by 1 limit 1")[0]
			accept := func(o db.Disputing) {
				t.Helper()
				if done := disputed.resolved(t, t.Context(), disputed.disputed(t, t.Context(), o).ID, true); cameOf(done) != "updated accepted" {
					t.Fatalf("%+v: %s", o, cameOf(done))
				}
			}
			random.Shuffle(len(addresses)-1, func(i, j int) { addresses[i+1], addresses[j+1] = addresses[j+1], addresses[i+1] })
			for n := range 4 {
				address, household := addresses[1+n], households[n*7]
				scheme, code := address[slices.Index(addresses[0], "scheme")], address[slices.Index(addresses[0], "code")]
				standing := strings.Split(texts(t, written.sql, "select kind || ' ' || st_x(position) || ' ' || st_y(position) from address where scheme = $1 and code = $2", scheme, code)[0], " ")
				other := strings.Split(texts(t, written.sql, "select st_x(position) || ' ' || st_y(position) from address order by code offset "+fmt.Sprint(n*3)+" limit 1")[0], " ")
				to := db.Position{}
				if _, err := fmt.Sscan(other[0]+" "+other[1], &to.Longitude, &to.Latitude); err != nil {
					t.Fatal(err)
				}
				accept(db.Disputing{Kind: db.WrongPlace, AddressScheme: scheme, AddressCode: code, Point: &to})
				send(t, written.DB, sent(t, "addresses", fmt.Sprintf("scheme,code,kind,lon,lat,surveyed_on\n%s,%s,%s,%s,%s,2026-10-31\n", scheme, code, standing[0], other[0], other[1]), db.WriteAll))

				accept(db.Disputing{Kind: db.AlreadyGuided, HouseholdCode: household, TeamCode: team, Day: parsed("2026-05-01")})
				id := texts(t, disputed.sql, "select max(id) from challenge")[0]
				send(t, written.DB, sent(t, "visits", fmt.Sprintf("code,household_code,team_code,visited_on,outcome\nchallenge-%s,%s,%s,2026-05-01,guided\n", id, household, team), db.WriteAll))

				gone := texts(t, written.sql, "select code || ',' || registered_on || ',' || greatest(registered_on, '2026-06-01') from household where address_scheme = $1 and address_code = $2 and registered_on <= '2026-06-01' and (ended_on is null or ended_on > '2026-06-01')", scheme, code)
				o := db.Disputing{Kind: db.NotAHouse, AddressScheme: scheme, AddressCode: code, Day: parsed("2026-06-01")}
				accept(o)
				send(t, written.DB, sent(t, "addresses", fmt.Sprintf("scheme,code,kind,lon,lat\n%s,%s,other,%s,%s\n", scheme, code, other[0], other[1]), db.WriteAll))
				if len(gone) > 0 {
					send(t, written.DB, sent(t, "households", "code,registered_on,ended_on\n"+strings.Join(gone, "\n")+"\n", db.WriteAll))
				}
			}
			for _, l := range []*landing{disputed, written} {
				if _, err := l.PublishDue(t.Context(), storyNow.AddDate(0, 0, 2)); err != nil {
					t.Fatal(err)
				}
				verified(t, l.DB)
			}
			compareDatabases(t, written.sql, disputed.sql)
		})
	}
}
