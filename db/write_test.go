package db_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// sent makes a write of a table's CSV: a cell that is missing at the end of a line, or a column that the header lacks, is not given.
func sent(t *testing.T, table, text string, mode db.WriteMode) db.Write {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	w := db.Write{Entry: "recordVisits", Table: table, Province: "96", Mode: mode}
	for _, line := range lines[1:] {
		item := map[string]any{}
		for i, cell := range line {
			field := regexp.MustCompile("_.").ReplaceAllStringFunc(lines[0][i], func(s string) string { return strings.ToUpper(s[1:]) })
			item[field] = cell
		}
		w.Items = append(w.Items, item)
	}
	return w
}

// became writes what became of the rows of a write.
func became(w *db.Written) string {
	var all []string
	for _, r := range w.Rows {
		text := string(r.Outcome)
		for _, p := range r.Problems {
			text += " " + p.Code + "(" + p.Field + ")"
			if p.SentenceVi == "" || p.SentenceEn == "" || strings.Contains(p.SentenceVi+p.SentenceEn, "_on") {
				text += " without a sentence"
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// TestEachRowIsToldWhatBecameOfIt sends rows of every table that may be sent.
func TestEachRowIsToldWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	if _, err := l.Write(t.Context(), sent(t, "visits", small["visits.csv"], db.WriteEach)); !db.IsNotFound(err) {
		t.Errorf("a province that is not loaded: %v", err)
	}
	l.land(t, small, db.ImportOptions{})
	snapshot := 1
	for _, step := range []struct {
		table string
		mode  db.WriteMode
		rows  string
		want  string
		lands bool
	}{
		{"visits", db.WriteEach, "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,guided\nW2,Z,T1,2023-09-01,guided\nW1,A,T1,2023-09-01,guided\nW3,A,T1,31/12/2023,guided\n",
			"inserted, rejected reference(householdCode), rejected duplicate(code), rejected bad_date(visitedOn)", true},
		{"visits", db.WriteEach, "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,guided\n", "unchanged", false},
		{"visits", db.WriteAll, "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,declined\nW4,A,T1,2023-09-03,maybe\n", "rejected held_back(), rejected bad_value(outcome)", false},
		{"visits", db.WriteAll, "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,declined\nW4,A,T1,2023-09-03,guided\n", "updated, inserted", true},
		{"households", db.WriteEach, "code,address_scheme,address_code,registered_on\nN1,dia_chi_so,9600000001,2023-01-01\nN2,,,2023-01-01\nN3,dia_chi_so,nowhere,2023-01-01\n",
			"inserted, inserted no_address(addressCode), rejected reference(addressCode)", true},
		{"adoptions", db.WriteEach, "household_code,service_code,adopted_on\nN1,online,2023-10-01\nN1,none,2023-10-01\n", "inserted adopted_before_visit(adoptedOn), rejected reference(serviceCode)", true},
		{"teams", db.WriteEach, "code,name,level,kind,unit_code,established_on\nNT,Tổ mới,hamlet,cnscd,H1,2023-01-01\nNU,Tổ lạc,hamlet,cnscd,H404,2023-01-01\n", "inserted, rejected reference(unitCode)", true},
		{"members", db.WriteEach, "code,team_code,role,joined_on\nNM,NT,lead,2023-01-01\nNN,NT,boss,2023-01-01\n", "inserted, rejected bad_value(role)", true},
		{"reports", db.WriteEach, "level,unit_code,measure,value,qualifier,as_of,source\nprovince,96,households_guided,12,gte,2024-01-31,báo cáo\n", "inserted", true},
		{"reports", db.WriteEach, "level,unit_code,measure,value,qualifier,as_of,share,source\nprovince,96,dossiers,12,gte,2024-01-31,75.4,báo cáo\nprovince,96,dossiers,12,gte,2024-02-29,-1,báo cáo\n", "rejected out_of_range(share), rejected out_of_range(share)", false},
		{"addresses", db.WriteEach, "scheme,code,lon,lat,kind\nlocal,NA,105.001,9.003,household\nlocal,NB,9.003,105.001,household\n", "inserted, rejected swapped_axes(lon)", true},
		{"addresses", db.WriteEach, "scheme,code,lon,lat,kind\nlocal,NA,105.001,9.003,household\n", "unchanged", false},
	} {
		w, err := l.Write(t.Context(), sent(t, step.table, step.rows, step.mode))
		if err != nil {
			t.Fatalf("%s: %v", step.rows, err)
		}
		if step.lands {
			snapshot++
		}
		held := step.mode == db.WriteAll && strings.Contains(step.want, "held_back")
		if got := became(w); got != step.want || !held && w.Snapshot != fmt.Sprint("96-", snapshot) {
			t.Errorf("%s\ngot  %s\nwant %s (%s, want 96-%d)", step.rows, got, step.want, w.Snapshot, snapshot)
		}
	}
	w, err := l.EndHouseholds(t.Context(), sent(t, "households", "code,ended_on\nN1,2024-02-01\nN9,2024-02-01\nN2,2022-01-01\n", db.WriteEach))
	if err != nil || became(w) != "updated, rejected reference(code), rejected bad_range(endedOn)" {
		t.Errorf("%v: %s", err, became(w))
	}
	if got := texts(t, l.sql, "select code || ' ' || address_code || ' ' || registered_on || ' ' || ended_on from household where code = 'N1'"); !slices.Equal(got, []string{"N1 9600000001 2023-01-01 2024-02-01"}) {
		t.Error(got)
	}
	if got := texts(t, l.sql, "select entry || ' ' || (filter ->> 'items') || ' ' || rows from audit_log order by id"); len(got) != 9 || got[0] != "recordVisits 4 1" {
		t.Errorf("the audit log: %q", got)
	}
	verified(t, l.DB)
}

// TestRowsAreSentInAnyOrder: the facts of a random province, cut into writes of any size in any order, of all tables in between each other (what refers to a row that is yet to
// come is rejected, and sent again later), some of them wrong at first in any of their days, places and units, end in the database that one bundle gives.
func TestRowsAreSentInAnyOrder(t *testing.T) {
	t.Parallel()
	count := 4
	if testing.Short() {
		count = 2
	}
	for seed := range count {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := stories.Example(seed)
			first := s.atOnce["teams.csv"] // whom what is not sent, where teams serve, refers to
			moreToSend(rand.New(rand.NewPCG(uint64(seed), 7)), s.atOnce)
			one, other := dbtest.URL(t), dbtest.URL(t)
			whole, piecemeal := opened(t, one), opened(t, other)
			if _, err := importDir(t, whole, write(t, s.atOnce), db.ImportOptions{Now: storyNow}); err != nil {
				t.Fatal(err)
			}
			facts := []string{"addresses", "teams", "members", "households", "visits", "adoptions", "reports"} // in which order they refer to each other
			land := maps.Clone(s.atOnce)
			for _, table := range facts {
				delete(land, table+".csv")
			}
			land["teams.csv"] = first
			if _, err := importDir(t, piecemeal, write(t, land), db.ImportOptions{Now: storyNow}); err != nil {
				t.Fatal(err)
			}
			st := &stream{random: rand.New(rand.NewPCG(uint64(seed), 6)), d: piecemeal}
			for _, table := range facts {
				st.add(t, table, s.atOnce[table+".csv"])
			}
			st.send(t)
			if _, err := piecemeal.PublishDue(t.Context(), storyNow.AddDate(0, 0, 2)); err != nil {
				t.Fatal(err)
			}
			compareDatabases(t, dbtest.SQL(t, one), dbtest.SQL(t, other))
			verified(t, piecemeal)
		})
	}
}

// moreToSend adds teams, members of all of them and reports to a story: what is not of households is sent too.
func moreToSend(random *rand.Rand, files map[string]string) {
	_, units, _ := strings.Cut(files["units.csv"], "\n")
	var hamlets []string
	for line := range strings.Lines(units) {
		if cells := strings.Split(line, ","); cells[0] == "hamlet" && cells[6] == oldDay {
			hamlets = append(hamlets, cells[1])
		}
	}
	day := func() string {
		return fmt.Sprintf("202%d-%02d-%02d", 2+random.IntN(3), 1+random.IntN(12), 1+random.IntN(28))
	}
	roles, qualifiers := []string{"lead", "deputy", "member"}, []string{"eq", "gte", "lte", "approx"}
	var reports strings.Builder
	reports.WriteString("level,unit_code,measure,value,qualifier,as_of,source\n")
	for i := range 6 {
		team, level, unit := fmt.Sprintf("U%d", i), "province", "96"
		if len(hamlets) > 0 && i%3 > 0 {
			level, unit = "hamlet", hamlets[random.IntN(len(hamlets))]
		}
		files["teams.csv"] += fmt.Sprintf("%s,Tổ %d,%s,cnscd,%s,%s,\n", team, i, level, unit, day())
		for k := range 1 + random.IntN(3) {
			files["members.csv"] += fmt.Sprintf("%s-%d,%s,%s,%s,\n", team, k, team, roles[random.IntN(3)], day())
		}
		fmt.Fprintf(&reports, "province,96,households_guided,%d,%s,%s,báo cáo %d\n", random.IntN(900), qualifiers[random.IntN(4)], day(), i)
	}
	files["reports.csv"] = reports.String()
}

var storyNow = time.Date(2026, 10, 31, 5, 0, 0, 0, time.UTC)

func opened(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// stream are rows of all tables that are sent in any order.
type stream struct {
	random *rand.Rand
	d      *db.DB
	rows   []sentRow
}

// sentRow is a row that is to be sent, perhaps wrong before.
type sentRow struct {
	table       string
	item, wrong map[string]any // wrong: what is sent before, once; nil: nothing, or no more
	ends        bool           // the item ends a household
}

// add adds the rows of a table, two in five of them to be sent wrong first.
func (s *stream) add(t *testing.T, table, text string) {
	t.Helper()
	if strings.Count(text, "\n") < 2 {
		return
	}
	items := sent(t, table, text, db.WriteAll).Items
	for _, item := range items {
		row := sentRow{table: table, item: item}
		if s.random.IntN(5) < 2 {
			row.wrong = s.wrongly(table, item, items)
		}
		if ended, _ := item["endedOn"].(string); table == "households" && ended != "" && s.random.IntN(2) == 0 {
			row.wrong, row.ends = maps.Clone(item), true
			row.wrong["endedOn"] = nil
			row.item = map[string]any{"code": item["code"], "endedOn": ended}
		}
		s.rows = append(s.rows, row)
	}
	s.random.Shuffle(len(s.rows), func(i, j int) { s.rows[i], s.rows[j] = s.rows[j], s.rows[i] })
}

// wrongly is a row with something of it wrong that is no part of its identity.
func (s *stream) wrongly(table string, item map[string]any, all []map[string]any) map[string]any {
	w, other := maps.Clone(item), all[s.random.IntN(len(all))]
	fields := map[string][]string{"addresses": {"lon", "lat", "kind"}, "teams": {"unitCode level", "establishedOn", "kind"}, "members": {"teamCode", "role", "joinedOn"},
		"households": {"addressCode addressScheme", "registeredOn", "endedOn"}, "visits": {"visitedOn", "householdCode", "outcome"}, "adoptions": {"endedOn"}, "reports": {"value", "qualifier"}}[table]
	for field := range strings.FieldsSeq(fields[s.random.IntN(len(fields))]) {
		w[field] = other[field] // of another row, so that it is one that there can be
	}
	return w
}

// send sends all rows until each has been taken.
func (s *stream) send(t *testing.T) {
	t.Helper()
	corrected, waited := 0, 0
	for tries := 50 * len(s.rows); len(s.rows) > 0; tries-- {
		if tries == 0 {
			t.Fatalf("%d rows are never taken, such as %+v", len(s.rows), s.rows[0])
		}
		first, batch := s.rows[0], []sentRow{}
		s.rows = slices.DeleteFunc(s.rows, func(r sentRow) bool {
			same := r.table == first.table && r.ends == first.ends && (r.wrong == nil) == (first.wrong == nil) && len(batch) < 1+s.random.IntN(4)
			if same {
				batch = append(batch, r)
			}
			return same
		})
		w := db.Write{Entry: "recordVisits", Table: first.table, Province: "96", Mode: db.WriteEach, Now: storyNow}
		for _, r := range batch {
			w.Items = append(w.Items, r.item)
			if r.wrong != nil {
				w.Items[len(w.Items)-1] = r.wrong
			}
		}
		write := s.d.Write
		if first.ends && first.wrong == nil {
			write = s.d.EndHouseholds
		}
		written, err := write(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		again := w
		again.Items = nil
		for i, r := range batch {
			became := written.Rows[i]
			if became.Outcome == db.Rejected && (first.wrong == nil || first.ends) {
				if !slices.ContainsFunc(became.Problems, func(p db.WriteProblem) bool { return p.Code == "reference" }) {
					t.Errorf("%s %v was rejected: %+v", first.table, w.Items[i], became.Problems)
				}
				waited++
				s.rows = append(s.rows, r) // what it refers to is yet to come
				continue
			}
			again.Items = append(again.Items, w.Items[i])
			if first.wrong != nil {
				if became.Outcome != db.Rejected {
					corrected++
				}
				r.wrong = nil
				s.rows = slices.Insert(s.rows, s.random.IntN(len(s.rows)+1), r)
			}
		}
		if first.wrong != nil || len(again.Items) == 0 || s.random.IntN(3) > 0 {
			continue
		}
		written, err = write(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range written.Rows {
			if r.Outcome != db.Unchanged {
				t.Errorf("sent again: %+v", r)
			}
		}
	}
	if corrected == 0 || waited == 0 {
		t.Errorf("%d rows were corrected, %d waited for others", corrected, waited)
	}
}

func send(t *testing.T, d *db.DB, w db.Write) *db.Written {
	t.Helper()
	w.Now = storyNow
	written, err := d.Write(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range written.Rows {
		if r.Outcome == db.Rejected {
			t.Errorf("rejected: %+v", r.Problems)
		}
	}
	return written
}

// TestHowManyRowsMayBeSent: 1 to 1,000.
func TestHowManyRowsMayBeSent(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	of := func(n int) db.Write {
		var rows strings.Builder
		rows.WriteString("code,household_code,team_code,visited_on,outcome\n")
		for i := range n {
			fmt.Fprintf(&rows, "N%d,A,T1,2023-09-01,guided\n", i)
		}
		w := sent(t, "visits", rows.String(), db.WriteAll)
		w.Now = storyNow
		return w
	}
	for _, n := range []int{0, db.MostWritten + 1} {
		var refused *db.Error
		if _, err := l.Write(t.Context(), of(n)); !errors.As(err, &refused) || refused.Code != db.CodeBadInput {
			t.Errorf("%d rows: %v", n, err)
		}
	}
	if got := texts(t, l.sql, "select count(*)::text from visit where code like 'N%'")[0]; got != "0" {
		t.Errorf("%s were written", got)
	}
	written, err := l.Write(t.Context(), of(db.MostWritten))
	if err != nil || len(written.Rows) != 1000 || slices.ContainsFunc(written.Rows, func(r db.RowWritten) bool { return r.Outcome != db.Inserted }) {
		t.Errorf("1,000 rows: %v", err)
	}
}

// TestWritersLoseNothing: several at once, of two programs, beside a bundle; what they wrote is what one bundle gives.
func TestWritersLoseNothing(t *testing.T) {
	t.Parallel()
	one, other := syntheticURL(t), syntheticURL(t)
	households := texts(t, dbtest.SQL(t, one), "select code from household order by code")
	const writers, each = 8, 12
	files := map[string]string{"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "writers", "synthetic": true}`}
	var all strings.Builder
	all.WriteString("code,household_code,team_code,visited_on,outcome\n")
	programs := [2]*db.DB{opened(t, other), opened(t, other)}
	done := make(chan error, writers+1)
	for w := range writers {
		var texts [each]string
		for n := range each {
			text := "code,household_code,team_code,visited_on,outcome\n"
			for k := range 5 { // all writers visit the same houses
				line := fmt.Sprintf("W%d-%d-%d,%s,DA06-96,2024-0%d-1%d,%s\n", w, n, k, households[(n*7+k*3)%len(households)], 1+n%8, k, []string{"guided", "not_home", "declined"}[(w+n+k)%3])
				text += line
				all.WriteString(line)
			}
			texts[n] = text
		}
		go func() {
			for n := range each {
				written, err := programs[w%2].Write(t.Context(), sent(t, "visits", texts[n], db.WriteAll))
				if err != nil {
					done <- err
					return
				}
				for _, r := range written.Rows {
					if r.Outcome != db.Inserted {
						done <- fmt.Errorf("%+v", r)
						return
					}
				}
			}
			done <- nil
		}()
	}
	beside := map[string]string{"bundle.json": files["bundle.json"], "households.csv": "code,registered_on\nBESIDE,2024-01-01\n"}
	besideDir := write(t, beside)
	go func() {
		_, err := importDir(t, programs[0], besideDir, db.ImportOptions{})
		done <- err
	}()
	for range writers + 1 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	files["visits.csv"] = all.String()
	d := opened(t, one)
	for _, folder := range []string{besideDir, write(t, files)} {
		if _, err := importDir(t, d, folder, db.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	compareDatabases(t, dbtest.SQL(t, one), dbtest.SQL(t, other))
	verified(t, programs[0])
}

// TestWhoMayWriteWhat asks the database as callers whom no edge has checked.
func TestWhoMayWriteWhat(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	officer := func(level, code string) context.Context {
		return access.With(t.Context(), access.Caller{Issuer: "i", Subject: "s", Grants: []access.Grant{{Role: access.Officer, Units: []access.Unit{{Level: level, Code: code}}}}})
	}
	importer := func(code string) context.Context {
		return access.With(t.Context(), access.Caller{Issuer: "i", Subject: "s", Grants: []access.Grant{{Role: access.Importer, Units: []access.Unit{{Level: "province", Code: code}}}}})
	}
	visit := func(code, household string) db.Write {
		return sent(t, "visits", "code,household_code,team_code,visited_on,outcome\n"+code+","+household+",T1,2023-09-01,guided\n", db.WriteEach)
	}
	inside := texts(t, l.sql, "select h.code from household h join place_period p on p.place_id = h.place_id and p.period @> date '2026-10-31' join unit u on u.id = p.hamlet_id where u.code = 'H1' order by 1")
	outside := texts(t, l.sql, "select h.code from household h left join place_period p on p.place_id = h.place_id and p.period @> date '2026-10-31' left join unit u on u.id = p.hamlet_id where u.code is distinct from 'H1' order by 1")
	if len(inside) == 0 || len(outside) == 0 {
		t.Fatal(inside, outside)
	}
	for name, ask := range map[string]func() error{
		"a viewer": func() error { _, err := l.Write(of(t, access.Viewer, nil), visit("X", inside[0])); return err },
		"nobody": func() error {
			_, err := l.Write(access.With(t.Context(), access.Caller{}), visit("X", inside[0]))
			return err
		},
		"another province's importer": func() error { _, err := l.Write(importer("91"), visit("X", inside[0])); return err },
		"an officer who registers teams": func() error {
			_, err := l.Write(officer("province", "96"), sent(t, "teams", small["teams.csv"], db.WriteEach))
			return err
		},
	} {
		var refusal *access.Refusal
		if err := ask(); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, step := range []struct {
		who  context.Context
		w    db.Write
		want string
	}{
		{importer("96"), visit("W1", outside[0]), "inserted"},
		{officer("hamlet", "96/H1"), visit("W2", inside[0]), "inserted"},
		{officer("hamlet", "96/H1"), visit("W3", outside[0]), "rejected reference(householdCode)"},
		{officer("hamlet", "96/H1"), visit("W1", inside[0]), "rejected out_of_scope(code)"},
		{officer("hamlet", "96/H1"), sent(t, "households", "code,hamlet_code,registered_on\nW4,H1,2023-01-01\n", db.WriteEach), "inserted no_address(addressCode)"},
		{officer("hamlet", "96/H1"), sent(t, "households", "code,hamlet_code,registered_on\nW5,H3,2023-01-01\nW6,H1,2023-01-01\n", db.WriteEach), "rejected out_of_scope(hamletCode), inserted no_address(addressCode)"},
		{officer("hamlet", "96/H1"), sent(t, "households", "code,registered_on\n"+outside[0]+",2023-01-01\n", db.WriteEach), "rejected out_of_scope(code)"},
	} {
		step.w.Now = storyNow
		w, err := l.Write(step.who, step.w)
		if err != nil {
			t.Errorf("%s: %v", step.w.Items, err)
			continue
		}
		if diff := cmp.Diff(step.want, became(w)); diff != "" {
			t.Errorf("%q: %s", step.w.Items, diff)
		}
	}
	// Of a household elsewhere nothing is told, its days least of all: what is said is what is said of one that there is not.
	send(t, l.DB, sent(t, "adoptions", "household_code,service_code,adopted_on,ended_on\n"+outside[0]+",online,2023-02-01,2024-02-01\n", db.WriteAll))
	for table, rows := range map[string]string{
		"adoptions":  "household_code,service_code,adopted_on\n%s,online,2025-01-01\n",
		"households": "code,ended_on\n%s,1990-01-01\n", // the end of one
	} {
		var said []string
		for _, code := range []string{outside[0], "NOBODY"} {
			w, write := sent(t, table, fmt.Sprintf(rows, code), db.WriteEach), l.Write
			if w.Now = storyNow; table == "households" {
				write = l.EndHouseholds
			}
			answer, err := write(officer("hamlet", "96/H1"), w)
			if err != nil {
				t.Fatal(table, err)
			}
			said = append(said, regexp.MustCompile(`\b`+code+`\b`).ReplaceAllString(fmt.Sprintf("%+v", answer.Rows), "THIS"))
		}
		if said[0] != said[1] {
			t.Errorf("%s: of a household elsewhere\n%s\nof none\n%s", table, said[0], said[1])
		}
	}
	send(t, l.DB, sent(t, "households", "code,registered_on,ended_on\n"+outside[0]+",2022-01-01,2024-01-01\n", db.WriteAll))
	w := sent(t, "households", "code,registered_on\n"+outside[0]+",2025-01-01\n", db.WriteEach)
	w.Now = storyNow
	if answer, err := l.Write(officer("hamlet", "96/H1"), w); err != nil || became(answer) != "rejected out_of_scope(code)" {
		t.Errorf("a household elsewhere, after its end: %v %+v", err, answer)
	}
	verified(t, l.DB)
}

// TestWhatIsSentIsPublishedTheNextDay: figures for everybody stand on the day of a write, and follow after it.
func TestWhatIsSentIsPublishedTheNextDay(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{Now: storyNow})
	const digests = "select day || encode(digest, 'hex') from published_day order by 1"
	before := texts(t, l.sql, digests)
	w := sent(t, "visits", "code,household_code,team_code,visited_on,outcome\nW1,C,T1,2023-09-01,guided\n", db.WriteAll)
	send(t, l.DB, w)
	if due, err := l.PublishDue(t.Context(), storyNow); err != nil || len(due) > 0 || !slices.Equal(before, texts(t, l.sql, digests)) {
		t.Errorf("the same day: %v %v", due, err)
	}
	verified(t, l.DB)
	due, err := l.PublishDue(t.Context(), storyNow.AddDate(0, 0, 1))
	if err != nil || !slices.Equal(due, []string{"96"}) || slices.Equal(before, texts(t, l.sql, digests)) {
		t.Errorf("the next day: %v %v", due, err)
	}
	if again, err := l.PublishDue(t.Context(), storyNow.AddDate(0, 0, 2)); err != nil || len(again) > 0 {
		t.Errorf("again: %v %v", again, err)
	}
	verified(t, l.DB)
}

// TestAWriteTouchesWhatABundleTouches: who follows a unit is told of rows that are sent as of a bundle of them.
func TestAWriteTouchesWhatABundleTouches(t *testing.T) {
	t.Parallel()
	const touched = `select s.number || ' ' || u.level || ' ' || u.code || ' ' || lower(u.valid) || ' ' || s.complete from snapshot s
		left join snapshot_unit c on c.province = s.province and c.number = s.number left join unit u on u.province = c.province and u.id = c.unit_id
		where s.number > 1 order by 1`
	bundled, written := newLanding(t), newLanding(t)
	bundled.land(t, small, db.ImportOptions{Now: storyNow})
	written.land(t, small, db.ImportOptions{Now: storyNow})
	for _, step := range [][2]string{
		{"visits", "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,guided\n"},
		{"households", "code,address_scheme,address_code,registered_on\nN1,dia_chi_so,9600000004,2023-01-01\n"},
		{"addresses", "scheme,code,lon,lat,kind\nlocal,NA,105.001,9.003,household\n"},
		{"addresses", "scheme,code,lon,lat,kind\nlocal,NA,105.025,9.003,household\n"},
		{"members", "code,team_code,role,joined_on\nNM,T1,lead,2023-01-01\n"},
		{"teams", "code,name,level,kind,unit_code,established_on\nNT,Tổ mới,hamlet,cnscd,H3,2023-01-01\n"},
		{"reports", "level,unit_code,measure,value,qualifier,as_of,source\ncommune,31999,households_guided,12,gte,2024-01-31,báo cáo\n"},
	} {
		bundled.land(t, map[string]string{"bundle.json": small["bundle.json"], step[0] + ".csv": step[1]}, db.ImportOptions{Now: storyNow})
		send(t, written.DB, sent(t, step[0], step[1], db.WriteAll))
		want, got := texts(t, bundled.sql, touched), texts(t, written.sql, touched)
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Fatalf("%s, of a bundle −, of a write +: %s", step[0], diff)
		}
	}
}
