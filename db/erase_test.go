package db_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/db"
)

// newErasing is a landing whose erasures have a key, and say why.
func newErasing(t *testing.T) *landing {
	t.Helper()
	return erasing(t, newLanding(t))
}

func erasing(t *testing.T, l *landing) *landing {
	caller := access.Local()
	caller.Purpose = "theo đơn của công dân"
	l.DB = l.As(caller)
	l.ErasureKey = filepath.Join(t.TempDir(), "erasure.key")
	return l
}

// erase erases households and fails the test where that breaks a rule.
func (l *landing) erase(t *testing.T, codes ...string) *db.Erasure {
	t.Helper()
	e, err := l.EraseHouseholds(t.Context(), db.Erasing{Province: "96", Households: codes})
	if err != nil {
		t.Fatal(err)
	}
	verified(t, l.DB)
	return e
}

// leftOut leaves the rows of households out of a bundle's files, and the labels of their addresses; it answers how many rows of each table.
func leftOut(t *testing.T, files map[string]string, codes []string) (map[string]string, map[string]int64) {
	t.Helper()
	out, left, addresses := edited(files, nil), map[string]int64{}, map[string]bool{}
	for _, file := range []string{"households", "visits", "adoptions", "addresses"} {
		rows := records(t, files[file+".csv"])
		at := func(name string) int { return slices.Index(rows[0], name) }
		var b strings.Builder
		w := csv.NewWriter(&b)
		for i, cells := range rows {
			switch {
			case i == 0:
			case file == "addresses":
				if label := at("label"); label >= 0 && addresses[cells[at("scheme")]+"/"+cells[at("code")]] {
					cells[label] = ""
				}
			default:
				column := "household_code"
				if file == "households" {
					column = "code"
				}
				if slices.Contains(codes, cells[at(column)]) {
					if file == "households" {
						addresses[cells[at("address_scheme")]+"/"+cells[at("address_code")]] = true
					}
					left[file]++
					continue
				}
			}
			_ = w.Write(cells) // a strings.Builder takes everything
		}
		w.Flush()
		out[file+".csv"] = b.String()
	}
	return out, left
}

// labelled gives every address of a bundle a label.
func labelled(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i, cells := range records(t, files["addresses.csv"]) {
		label := fmt.Sprintf("nhà thứ %d", i)
		if i == 0 {
			label = "label"
		}
		_ = w.Write(append(cells, label)) // a strings.Builder takes everything
	}
	w.Flush()
	return edited(files, map[string]string{"addresses.csv": b.String()})
}

// TestErasedIsAsIfNeverImported compares, table by table, an import without some households of random provinces with an import of all of
// them and their erasure; and with the import of the same old bundle again after that, and of a later one that corrects their rows.
func TestErasedIsAsIfNeverImported(t *testing.T) {
	t.Parallel()
	bundles := map[string]map[string]string{"small": small}
	for seed := range uint64(4) {
		bundles[fmt.Sprintf("world %d", seed)] = newWorld(70+seed, 6, 8).bundle(t)
	}
	for name, files := range bundles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := labelled(t, files)
			var households []string
			for _, cells := range records(t, files["households.csv"])[1:] {
				households = append(households, cells[0])
			}
			r := rand.New(rand.NewPCG(uint64(len(files["visits.csv"])), 7))
			r.Shuffle(len(households), func(i, j int) { households[i], households[j] = households[j], households[i] })
			codes := households[:max(3, len(households)/20)]
			if name == "small" {
				codes = []string{"A", "D", "F"} // visited and served; without an address; in no commune
			}
			never, then := newLanding(t), newErasing(t)
			rest, left := leftOut(t, files, codes)
			never.land(t, rest, db.ImportOptions{})
			then.land(t, files, db.ImportOptions{})
			if dry, err := then.EraseHouseholds(t.Context(), db.Erasing{Province: "96", Households: codes, DryRun: true}); err != nil || dry.Households != len(codes) {
				t.Fatal(dry, err)
			}
			first := then.erase(t, codes[0])
			e := then.erase(t, codes...)
			if e.Households != len(codes)-1 || e.Already != 1 || len(e.Unknown) > 0 || int64(first.Visits+e.Visits) != left["visits"] || int64(first.Adoptions+e.Adoptions) != left["adoptions"] {
				t.Errorf("%+v and %+v, want %v", first, e, left)
			}
			compareDatabases(t, never.sql, then.sql)
			stands := content(t, then.sql)
			report := then.land(t, files, db.ImportOptions{})
			for _, c := range report.Tables {
				if c.Erased != left[c.Name] || c.Unchanged != c.Read {
					t.Errorf("%s: %+v, want %d erased and nothing new", c.Name, c.Count, left[c.Name])
				}
			}
			for _, p := range report.Problems {
				if slices.Contains(codes, p.Value) && name != "small" {
					t.Errorf("the report names an erased household: %+v", p)
				}
			}
			sameContent(t, "after the old bundle again", stands, content(t, then.sql))
			later := edited(files, map[string]string{"visits.csv": strings.ReplaceAll(files["visits.csv"], "not_home", "guided")})
			then.land(t, later, db.ImportOptions{})
			rest, _ = leftOut(t, later, codes)
			never.land(t, rest, db.ImportOptions{})
			compareDatabases(t, never.sql, then.sql)
			if again := then.erase(t, codes...); again.Already != len(codes) || again.Households+again.Visits > 0 {
				t.Errorf("erased again: %+v", again)
			}
		})
	}
}

// TestErasedStaysOutInEveryFormat imports a bundle in every format after one of its households was erased.
func TestErasedStaysOutInEveryFormat(t *testing.T) {
	t.Parallel()
	for name, write := range formats {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newErasing(t)
			l.land(t, small, db.ImportOptions{})
			l.erase(t, "A")
			stands := content(t, l.sql)
			dir := t.TempDir()
			put(t, dir, "bundle.json", small["bundle.json"])
			report := l.landDir(t, write(t, dir), db.ImportOptions{})
			for _, c := range report.Tables {
				if want := map[string]int64{"households": 1, "visits": 2, "adoptions": 2}[c.Name]; c.Erased != want {
					t.Errorf("%s: %+v, want %d erased", c.Name, c.Count, want)
				}
			}
			sameContent(t, "after the bundle again", stands, content(t, l.sql))
		})
	}
}

// TestErasureLeavesNoTrace looks for an erased household's code in every row of every table, the audit log among them, and in what
// PostgreSQL remembers of columns.
func TestErasureLeavesNoTrace(t *testing.T) {
	t.Parallel()
	l := newErasing(t)
	const code, kin, label = "HO-CAN-XOA-77", "HO-KHAC-88", "nhà bà Sáu"
	files := labelled(t, small)
	files["addresses.csv"] = strings.Replace(files["addresses.csv"], "nhà thứ 1\n", label+"\n", 1)
	for _, name := range []string{"households.csv", "visits.csv", "adoptions.csv"} {
		files[name] = strings.NewReplacer("\nA,", "\n"+code+",", ",A,", ","+code+",", "\nB,", "\n"+kin+",", ",B,", ","+kin+",").Replace(files[name])
	}
	l.land(t, files, db.ImportOptions{})
	sendBundle(t, l.DB, map[string]string{"bundle.json": files["bundle.json"], // what is wrong with it names the household
		"households.csv": "code,address_scheme,address_code,registered_on\n" + strings.Repeat(code+",dia_chi_so,9600000001,2023-01-01\n", 2)})
	sendBundle(t, l.DB, malformed(files["bundle.json"], code))
	dispute := func(address, evidence string) *db.Disputed {
		answer, err := l.OpenChallenge(access.With(t.Context(), access.Local()), db.Disputing{Province: "96", Kind: db.NobodyLivesThere, AddressScheme: "dia_chi_so", AddressCode: address, Evidence: evidence})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	elsewhere := dispute("9600000003", "người ở đó đã sang chỗ khác")
	for _, table := range []string{"challenge set evidence", "challenge_event set words"} { // as one said before words could name nobody
		if _, err := l.sql.ExecContext(t.Context(), "update "+table+" = $1", "hộ "+code+" nói vậy"); err != nil {
			t.Fatal(err)
		}
	}
	const another = "hộ số 77 cần xóa khỏi sổ, HO-CAN-XOA"
	kept := dispute("9600000004", another)
	if _, err := l.sql.ExecContext(t.Context(), "analyze"); err != nil {
		t.Fatal(err)
	}
	traces := func(text string) (found []string) {
		tables := texts(t, l.sql, `select tablename from pg_tables where schemaname = 'public' and tablename <> 'spatial_ref_sys'`)
		for _, table := range append(tables, "pg_stats") {
			where := map[string]string{"pg_stats": " and schemaname = 'public'"}[table]
			if n := texts(t, l.sql, `select count(*) from "`+table+`" t where t::text like '%' || $1 || '%'`+where, text)[0]; n != "0" {
				found = append(found, table)
			}
		}
		slices.Sort(found)
		return found
	}
	if want, got := []string{"adoption", "challenge", "challenge_event", "household", "import_problem", "pg_stats", "visit"}, traces(code); !slices.Equal(got, want) {
		t.Fatalf("the code is in %v, want %v: nothing would be shown", got, want)
	}
	if got := traces(label); len(got) == 0 {
		t.Fatal("no label")
	}
	l.erase(t, code)
	log := entries(t, l.DB, db.AuditFilter{})
	jobs, err := l.Jobs(t.Context(), "96", db.PageArgs{First: 5})
	if err != nil || len(jobs.Items) != 2 {
		t.Fatal(jobs, err)
	}
	for i := range jobs.Items {
		left, err := l.JobProblems(t.Context(), []*db.Job{&jobs.Items[i]}, db.PageArgs{First: 50})
		if one := left[jobs.Items[i].ID]; err != nil || one.Total != len(one.Items) || jobs.Items[i].Problems == 0 {
			t.Errorf("%d problems are counted, %d are there, %d were: %v", one.Total, len(one.Items), jobs.Items[i].Problems, err)
		}
	}
	if got := append(traces(code), traces(label)...); len(got) > 0 {
		t.Errorf("traces are left in %v", got)
	}
	sendBundle(t, l.DB, malformed(files["bundle.json"], code))
	sendBundle(t, l.DB, map[string]string{"bundle.json": files["bundle.json"], "households.csv": code + ",dia_chi_so,9600000001,2023-01-01\n"}) // without a header
	sendBundle(t, l.DB, map[string]string{"bundle.json": files["bundle.json"], "households.csv": "code,address_scheme,address_code,registered_on," + code + "\nZ,dia_chi_so,9600000001," + code + ",1\n"})
	if again := dispute("9600000005", "hộ ("+code+") đã đi"); again.Outcome != db.Rejected || again.Problems[0].Code != "names_household" {
		t.Errorf("words that name an erased household: %+v", again)
	}
	if living := dispute("9600000005", "là nhà của "+kin+", không ai ở"); living.Outcome != db.Rejected || living.Problems[0].Code != "names_household" || strings.Contains(living.Problems[0].SentenceEn, kin) {
		t.Errorf("words that name another household: %+v", living)
	}
	resolved, err := l.ResolveChallenge(access.With(t.Context(), access.Local()), db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: elsewhere.ID}, Reason: code + ": không đúng"})
	if err != nil || resolved.Outcome != db.Rejected || resolved.Problems[0].Code != "names_household" {
		t.Errorf("a reason that names an erased household: %+v, %v", resolved, err)
	}
	if got := append(traces(code), traces(label)...); len(got) > 0 {
		t.Errorf("what came after the erasure left traces in %v", got)
	}
	if got := texts(t, l.sql, "select evidence || words from challenge c join challenge_event e on e.challenge_id = c.id where c.id = $1", kept.ID); !slices.Equal(got, []string{another + another}) {
		t.Errorf("words that name nobody are %q", got)
	}
	if n := texts(t, l.sql, "select count(*) from import_problem")[0]; n == "0" {
		t.Error("nothing was found wrong: nothing is shown")
	}
	hash := texts(t, l.sql, "select encode(household, 'hex') from erased")[0]
	want := []string{`local erase {"province": "96", "households": ["` + hash + `"]} 5`}
	if diff := cmp.Diff(want, log[len(log)-1:]); diff != "" {
		t.Error(diff)
	}
}

// malformed is a bundle in which records that name a household are none: one has a field too few, one a quote that is never closed.
func malformed(meta, code string) map[string]string {
	return map[string]string{"bundle.json": meta, "visits.csv": "code,household_code,team_code,visited_on,outcome\nV-9," + code + ",T1,2024-01-01\nV-8,\"" + code + ",T1,2024-01-01,guided\n"}
}

// TestWhatWasPublishedOutlivesErasure erases households: what everybody has been told of month ends stands, though digests follow the counts;
// when a month's counts change for another reason that month is published anew, without them.
func TestWhatWasPublishedOutlivesErasure(t *testing.T) {
	t.Parallel()
	l := erasing(t, newSynthetic(t))
	figures := func() []string { return texts(t, l.sql, "select p::text from published p order by day, unit_id") }
	before, snapshot := figures(), texts(t, l.sql, "select snapshot from dataset")[0]
	households := texts(t, l.sql, "select h.code from household h where exists (select from visit v where v.household_code = h.code and v.outcome = 'guided') order by registered_on, code limit 40")
	l.erase(t, households...)
	if diff := cmp.Diff(before, figures()); diff != "" {
		t.Errorf("published anew: %s", diff)
	}
	if n := texts(t, l.sql, "select count(*) from published_day where erased = 40")[0]; n == "0" {
		t.Error("no day knows of the erasure")
	}
	if after := texts(t, l.sql, "select snapshot from dataset")[0]; after == snapshot {
		t.Error("no snapshot")
	}
	l.landDir(t, syntheticBundle(t), db.ImportOptions{})
	if !slices.Equal(before, figures()) {
		t.Error("the old bundle published anew")
	}
	household := texts(t, l.sql, "select h.code from household h where h.registered_on < '2024-01-01' and h.ended_on is null and not exists (select from visit v where v.household_code = h.code) order by 1 limit 1")[0]
	team := texts(t, l.sql, "select code from team where active @> '2025-03-05'::date order by 1 limit 1")[0]
	l.landDir(t, write(t, map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2026-10-31", "source": "later", "licence": "CC0-1.0", "synthetic": true}`,
		"visits.csv":  "code,household_code,team_code,visited_on,outcome\nLATE-1," + household + "," + team + ",2025-03-05,guided\n",
	}), db.ImportOptions{})
	if n := texts(t, l.sql, "select count(*) from published_day where (erased > 0) <> (day < '2025-03-31') and day >= (select min(day) from published_day where erased > 0)")[0]; n != "0" {
		t.Errorf("%s month ends are of another time than their figures", n)
	}
	if slices.Equal(before, figures()) {
		t.Error("what changed is not published")
	}
}

// TestErasureKey takes the key away and changes it.
func TestErasureKey(t *testing.T) {
	t.Parallel()
	l := newErasing(t)
	l.land(t, small, db.ImportOptions{})
	dry, err := l.EraseHouseholds(t.Context(), db.Erasing{Province: "96", Households: []string{"A"}, DryRun: true})
	if _, gone := os.Stat(l.ErasureKey); err != nil || dry.Households != 1 || dry.Visits != 2 || dry.Adoptions != 2 || !os.IsNotExist(gone) {
		t.Fatal(dry, err, gone)
	}
	l.erase(t, "A")
	info, err := os.Stat(l.ErasureKey)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	original := l.ErasureKey
	for says, file := range map[string]string{
		"is missing": filepath.Join(t.TempDir(), "none"), "is not the one": filepath.Join(t.TempDir(), "another"), "is no erasure key": filepath.Join(t.TempDir(), "bad"), "set --erasure-key": "",
	} {
		text := map[string]string{"is not the one": strings.Repeat("ab", 32), "is no erasure key": "ab"}[says]
		if text != "" {
			put(t, filepath.Dir(file), filepath.Base(file), text)
		}
		l.ErasureKey = file
		_, err := l.EraseHouseholds(t.Context(), db.Erasing{Province: "96", Households: []string{"B"}})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("erase: %v, want %q", err, says)
		}
		if _, err := importDir(t, l.DB, write(t, small), db.ImportOptions{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("import: %v, want %q", err, says)
		}
	}
	l.ErasureKey = original
	if n, err := l.LiftErasure(t.Context(), "96", []string{"A", "B"}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	l.ErasureKey = filepath.Join(t.TempDir(), "new") // nothing is erased any more: it may be another
	if got := l.land(t, small, db.ImportOptions{}).Tables; slices.ContainsFunc(got, func(c db.TableCount) bool { return c.Erased > 0 }) {
		t.Errorf("a lifted household is left out: %+v", got)
	}
	l.erase(t, "A", "B")
	if got := texts(t, l.sql, "select code from household order by 1"); !slices.Equal(got, []string{"C", "D", "E", "F"}) {
		t.Errorf("left are %v", got)
	}
}

// TestWhoMayErase asks as others: PostgreSQL refuses, whatever the edge has let through, and nothing is left behind.
func TestWhoMayErase(t *testing.T) {
	t.Parallel()
	l := newErasing(t)
	l.land(t, small, db.ImportOptions{})
	before := content(t, l.sql)
	in := func(role access.Role, everywhere bool, units ...access.Unit) context.Context {
		return access.With(t.Context(), access.Caller{Issuer: "https://issuer.example", Subject: "s", Purpose: "thử", Grants: []access.Grant{{Role: role, Everywhere: everywhere, Units: units}}})
	}
	erase := func(ctx context.Context) (*db.Erasure, error) {
		return l.EraseHouseholds(ctx, db.Erasing{Province: "96", Households: []string{"A"}})
	}
	for _, role := range access.Roles() {
		if role == access.Admin {
			continue
		}
		if _, err := erase(in(role, true)); !isForbidden(err) {
			t.Errorf("%s: %v", role, err)
		}
		if _, err := l.LiftErasure(in(role, true), "96", []string{"A"}); !isForbidden(err) {
			t.Errorf("%s lifts: %v", role, err)
		}
	}
	if _, err := erase(in(access.Admin, false, access.Unit{Level: "commune", Code: "31999"})); !isForbidden(err) {
		t.Errorf("a commune's administrator: %v", err)
	}
	if e, err := erase(in(access.Admin, false, access.Unit{Level: "province", Code: "95"})); err != nil || !slices.Equal(e.Unknown, []int{0}) {
		t.Errorf("another province's administrator: %+v, %v", e, err) // to whom it is not there
	}
	if _, err := os.Stat(l.ErasureKey); err != nil {
		t.Error(err)
	}
	after := content(t, l.sql)
	for _, table := range []string{"erasure_key", "audit_log"} { // who may erase somewhere has tried
		before[table] = after[table]
	}
	sameContent(t, "after all were refused", before, after)
	if e, err := erase(in(access.Admin, false, access.Unit{Level: "province", Code: "96"})); err != nil || e.Households != 1 {
		t.Errorf("the province's administrator: %+v, %v", e, err)
	}
}

// TestErasureNeedsAReason: one that does not name the household.
func TestErasureNeedsAReason(t *testing.T) {
	t.Parallel()
	l := newErasing(t)
	l.land(t, small, db.ImportOptions{})
	for reason, refused := range map[string]bool{"": true, "đơn của hộ A, ngày 1": true, "Ánh An": false} {
		caller := access.Local()
		caller.Purpose = reason
		_, err := l.EraseHouseholds(access.With(t.Context(), caller), db.Erasing{Province: "96", Households: []string{"A"}, DryRun: true})
		var told *db.Error
		if is := errors.As(err, &told); is != refused || is && told.Code != db.CodeBadInput || err != nil && !is {
			t.Errorf("%q: %v", reason, err)
		}
	}
	if _, err := l.EraseHouseholds(t.Context(), db.Erasing{Province: "95", Households: []string{"A"}}); !db.IsNotFound(err) {
		t.Errorf("a province that is not loaded: %v", err)
	}
}

// TestErasureOfThoseWhoLeft erases the households that left the register before a day.
func TestErasureOfThoseWhoLeft(t *testing.T) {
	t.Parallel()
	never, l := newLanding(t), newErasing(t)
	w := newWorld(77, 6, 8)
	files := w.bundle(t)
	var ended []string
	for _, h := range w.households {
		if h.ended != "" && h.ended < "2025-01-01" {
			ended = append(ended, h.code)
		}
	}
	rest, _ := leftOut(t, files, ended)
	never.land(t, rest, db.ImportOptions{})
	l.land(t, files, db.ImportOptions{})
	e, err := l.EraseHouseholds(t.Context(), db.Erasing{Province: "96", EndedBefore: parse("2025-01-01")})
	if err != nil || e.Households != len(ended) || len(ended) == 0 {
		t.Fatal(e, err, len(ended))
	}
	verified(t, l.DB)
	compareDatabases(t, never.sql, l.sql)
	l.land(t, files, db.ImportOptions{})
	compareDatabases(t, never.sql, l.sql)
}

// TestErasedIsNobodysToFindOut: whoever writes of the whole province is told that a household was erased; who writes of some units what is
// told of any code that is taken elsewhere.
func TestErasedIsNobodysToFindOut(t *testing.T) {
	t.Parallel()
	l := newErasing(t)
	l.land(t, small, db.ImportOptions{})
	l.erase(t, "A")
	for want, caller := range map[string]access.Grant{
		"rejected gone(code)":         {Role: access.Importer, Everywhere: true},
		"rejected out_of_scope(code)": {Role: access.Officer, Units: []access.Unit{{Level: "hamlet", Code: "96/H1"}}},
	} {
		w := sent(t, "households", "code,hamlet_code,registered_on\nA,H1,2024-01-01\n", db.WriteEach)
		w.Now = storyNow
		answer, err := l.As(access.Caller{Issuer: "i", Subject: "s", Grants: []access.Grant{caller}}).Write(t.Context(), w)
		if err != nil || became(answer) != want {
			t.Errorf("%v %+v, want %s", err, answer, want)
		}
	}
	elsewhere := texts(t, l.sql, "select h.code from household h join place_period p on p.place_id = h.place_id and p.period @> date '2026-10-31' join unit u on u.id = p.hamlet_id where u.code <> 'H1' order by 1 limit 1")[0]
	officer := l.As(access.Caller{Issuer: "i", Subject: "s", Grants: []access.Grant{{Role: access.Officer, Units: []access.Unit{{Level: "hamlet", Code: "96/H1"}}}}})
	for _, rows := range []string{"%s,H1,2024-01-01\n%[1]s,H1,2024-01-01\n", "%s,NOWHERE,2024-01-01\n", "%s,H1,yesterday\n"} { // sent twice; with a second problem; not read
		var said []string
		for _, code := range []string{"A", elsewhere} {
			w := sent(t, "households", "code,hamlet_code,registered_on\n"+fmt.Sprintf(rows, code), db.WriteEach)
			w.Now = storyNow
			answer, err := officer.Write(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			said = append(said, regexp.MustCompile(`\b`+code+`\b`).ReplaceAllString(fmt.Sprintf("%+v", answer.Rows), "THIS"))
		}
		if diff := cmp.Diff(said[0], said[1]); diff != "" {
			t.Errorf("%q, of one that was erased − and of one elsewhere +: %s", rows, diff)
		}
	}
}

// TestWhatWasSentIsPublishedBeforeAnErasure: what is due to be published follows at once where a household goes, and then stands.
func TestWhatWasSentIsPublishedBeforeAnErasure(t *testing.T) {
	t.Parallel()
	l := erasing(t, newSynthetic(t))
	guided := func() string {
		return texts(t, l.sql, "select p.guided from published p join unit u on u.id = p.unit_id where u.level = 'province' order by p.day desc limit 1")[0]
	}
	before := guided()
	team := texts(t, l.sql, "select code from team where upper_inf(active) order by 1 limit 1")[0]
	rows := "code,household_code,team_code,visited_on,outcome\n"
	for i, household := range texts(t, l.sql, "select h.code from household h where h.registered_on < '2024-01-01' and h.ended_on is null and not exists (select from visit v where v.household_code = h.code) order by 1 limit 50") {
		rows += fmt.Sprintf("SENT-%d,%s,%s,2026-10-01,guided\n", i, household, team)
	}
	w := sent(t, "visits", rows, db.WriteAll)
	w.Now = time.Now()
	if answer, err := l.Write(t.Context(), w); err != nil || answer.Rows[0].Outcome != db.Inserted {
		t.Fatal(err, answer)
	}
	if now := guided(); now != before {
		t.Fatalf("published at once: %s after %s", now, before)
	}
	l.erase(t, texts(t, l.sql, "select code from household order by 1 limit 1")[0])
	if now := guided(); now == before {
		t.Errorf("%s guided as before, though 50 more are", now)
	}
}
