package db_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// A trial is a province that nobody changes: actions are tried on copies of it, by importing what a user would.
type trial struct {
	url    string // nobody is connected to it, so that it can be copied
	reader *db.DB // of a copy
	rows   *sql.DB
}

// trialToday is the day of the imports, on which remoteness is measured: see importDir.
const trialToday = "2026-11-01"

func newTrial(t *testing.T, dir string) *trial {
	t.Helper()
	url := dbtest.URL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = importDir(t, d, dir, db.ImportOptions{})
	d.Close()
	if err != nil {
		t.Fatal(err)
	}
	return newTrialOf(t, url)
}

// newTrialOf tries actions on the province of a database.
func newTrialOf(t *testing.T, url string) *trial {
	t.Helper()
	mirror := dbtest.Copy(t, url)
	reader, err := dbtest.Open(t.Context(), mirror)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.Close)
	return &trial{url, reader, dbtest.SQL(t, mirror)}
}

// deed is rows of a bundle by table, without the header.
type deed map[string][]string

var deedHeaders = map[string]string{
	"teams":        "code,name,level,kind,unit_code,established_on,lon,lat",
	"members":      "code,team_code,role,joined_on",
	"households":   "code,address_scheme,address_code,registered_on",
	"team_service": "team_code,level,unit_code,from_on",
	"visits":       "code,household_code,team_code,visited_on,outcome",
}

// do adds what a user would write to carry out so many of an action.
func (w *trial) do(t *testing.T, d deed, f found, a db.Action, n, members int) {
	t.Helper()
	row := func(table, format string, args ...any) { d[table] = append(d[table], fmt.Sprintf(format, args...)) }
	team := func(level, unit string, at *db.Position) string {
		code, place := fmt.Sprintf("NEW%d", len(d["teams"])), ","
		if at != nil {
			place = fmt.Sprintf("%v,%v", at.Longitude, at.Latitude)
		}
		row("teams", "%s,Tổ mới,%s,cnscd,%s,%s,%s", code, level, unit, f.day, place)
		return code
	}
	join := func(team string, n int) {
		for range n {
			row("members", "NEWM%d,%s,member,%s", len(d["members"]), team, f.day)
		}
	}
	switch a.Kind {
	case db.ActionEstablishTeam:
		var at *db.Position
		if len(a.Positions) > 0 {
			at = &a.Positions[0]
		}
		if n > 0 {
			join(team("hamlet", f.gap.Unit.Code, at), members)
		}
	case db.ActionAddBase:
		for i := range n {
			team("province", "96", &a.Positions[i])
		}
	case db.ActionAddMembers:
		join(a.Team.Code, n)
	case db.ActionVisitHouseholds:
		for _, h := range w.visitable(t, f, n) {
			row("visits", "NEWV%d,%s,%s,%s,%s", len(d["visits"]), h.code, w.anyTeam(t), f.day, h.outcome)
		}
	case db.ActionRegisterHouseholds:
		for _, address := range w.unregistered(t, f, n) {
			row("households", "NEWH%d,%s,%s", len(d["households"]), address, f.day)
		}
	}
}

func (w *trial) anyTeam(t *testing.T) (code string) {
	t.Helper()
	if err := w.rows.QueryRowContext(t.Context(), "select min(code) from team").Scan(&code); err != nil {
		t.Fatal(err)
	}
	return code
}

type toVisit struct{ code, outcome string }

// visitable lists so many households of a hamlet by the raw rows, those yet to be guided first; who is ineligible stays so.
func (w *trial) visitable(t *testing.T, f found, n int) (list []toVisit) {
	t.Helper()
	rows, err := w.rows.QueryContext(t.Context(), `
		select code, case when rank = 3 then 'ineligible' else 'guided' end from (
			select h.code, case when v.guided then 2 when v.latest = 'ineligible' then 3 else 1 end as rank
			from household h
			join place_period i on i.province = h.province and i.place_id = h.place_id and i.hamlet_id = $1 and i.period @> $2::date
			cross join lateral (
				select bool_or(outcome = 'guided') as guided, (array_agg(outcome order by visited_on desc, v.code desc))[1] as latest
				from visit v where v.household_code = h.code and visited_on <= $2::date) v
			where registered_on <= $2::date and (ended_on is null or ended_on > $2::date)
		) h order by rank, code limit $3`, f.gap.Unit.ID, f.day, n)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v toVisit
		if err := rows.Scan(&v.code, &v.outcome); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	if len(list) != n || rows.Err() != nil {
		t.Fatalf("%s on %s has %d households to visit, not %d: %v", f.gap.Unit.Code, f.day, len(list), n, rows.Err())
	}
	return list
}

// unregistered lists so many household addresses of a hamlet without a household on the register: "scheme,code".
func (w *trial) unregistered(t *testing.T, f found, n int) (list []string) {
	t.Helper()
	rows, err := w.rows.QueryContext(t.Context(), `
		select a.scheme || ',' || a.code
		from address a
		join place_period i on i.province = a.province and i.place_id = a.place_id and i.hamlet_id = $1 and i.period @> $2::date
		where a.kind = 'household' and not exists (
			select from household h where h.address_scheme = a.scheme and h.address_code = a.code
			and registered_on <= $2::date and (ended_on is null or ended_on > $2::date))
		order by 1 limit $3`, f.gap.Unit.ID, f.day, n)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var address string
		if err := rows.Scan(&address); err != nil {
			t.Fatal(err)
		}
		list = append(list, address)
	}
	if len(list) != n || rows.Err() != nil {
		t.Fatalf("%s on %s has %d addresses to register, not %d: %v", f.gap.Unit.Code, f.day, len(list), n, rows.Err())
	}
	return list
}

// after imports a deed into a copy and answers the reasons that the hamlet then has.
func (w *trial) after(t *testing.T, f found, d deed) []db.Reason {
	t.Helper()
	changed := w.carryOut(t, f.day, d)
	defer changed.Close()
	filter := f.filter
	filter.MinGapHouseholds, filter.Reasons, filter.RemoteOnly = 0, nil, false
	filter.Within = &db.Ref{Level: db.LevelHamlet, Code: f.gap.Unit.Code}
	page, err := changed.Gaps(t.Context(), filter, parse(f.day), db.PageArgs{First: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) == 0 {
		return nil
	}
	return page.Items[0].Reasons
}

// carryOut imports a deed into a copy.
func (w *trial) carryOut(t *testing.T, day string, d deed) *db.DB {
	t.Helper()
	files := map[string]string{"bundle.json": `{"province": "96", "as_of": "` + day + `", "source": "trial", "synthetic": true}`}
	for table, rows := range d {
		files[table+".csv"] = deedHeaders[table] + "\n" + strings.Join(rows, "\n") + "\n"
	}
	changed, err := dbtest.Open(t.Context(), dbtest.Copy(t, w.url))
	if err != nil {
		t.Fatal(err)
	}
	report, err := importDir(t, changed, write(t, files), db.ImportOptions{Strict: true})
	if err != nil {
		t.Fatalf("%v: %+v", err, report.Problems)
	}
	return changed
}
