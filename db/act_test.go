package db_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"vunglom/access"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/gis"
)

// columns are some columns of a table, as granted has them.
func columns(table, names string) (list []string) {
	for name := range strings.FieldsSeq(names) {
		list = append(list, table+"("+name+")")
	}
	return list
}

// ofPersons are the columns of persons that roles of figures read: those of their statements.
var ofPersons = map[string][]string{
	"aggregates": slices.Concat(
		columns("address", "province scheme position place_id"),
		columns("household", "province code registered_on ended_on place_id"),
		columns("visit", "province household_code team_code visited_on outcome topics"),
		columns("adoption", "province service_code"),
		columns("member", "province team_code role organization joined trained_on")),
	"decisions": slices.Concat(
		columns("address", "province scheme code position kind commune_code hamlet_code surveyed_on place_id"),
		columns("household", "province code address_scheme address_code commune_code hamlet_code registered_on ended_on place_id"),
		columns("visit", "province code household_code team_code visited_on outcome"),
		columns("adoption", "province household_code service_code adopted_on"),
		columns("member", "province code team_code joined")),
}

// granted is what each role of the database may read, a table or some of its columns: nothing else. None may write, but for adding to the audit log,
// and the one that erases households.
var granted = func() map[string][]string {
	names := []string{"schema_version", "dataset", "unit_kind", "polygon", "polygon_shape", "unit", "unit_period", "unit_heir", "unit_origin", "succession",
		"designation", "place_period", "service_point", "service", "target", "team", "team_service", "team_period", "report", "snapshot", "snapshot_unit", "published",
		"publication(province)", "publication(base)", "published_day(province)", "published_day(day)", "published_day(base)"}
	figures := append(slices.Clone(names), "place", "place_day", "place_month", "place_visit", "place_service_day", "place_service_month", "remoteness", "change", "change_epoch")
	persons := append(slices.Clone(figures), "address", "household", "visit", "adoption", "member", "place_cell", "polygon_overlap", "polygon_hole", "challenge", "challenge_event", "correction")
	for _, column := range []string{"issuer", "subject", "system", "purpose", "entry", "filter", "rows"} {
		persons = append(persons, "INSERT audit_log("+column+")")
	}
	erasure := []string{"erased", "challenge", "challenge_event", "correction", "INSERT erased", "UPDATE address(label)",
		"import_problem", "DELETE import_problem", "UPDATE challenge(evidence)", "UPDATE challenge_event(words)",
		"publication(province)", "publication(base)", "INSERT publication(province)", "INSERT publication(base)", "INSERT publication(secret)", "UPDATE publication(base)"}
	erasure = append(erasure, columns("household", "province code address_scheme address_code ended_on")...)
	erasure = append(erasure, columns("visit", "province code household_code")...)
	erasure = append(erasure, columns("adoption", "province household_code")...)
	erasure = append(erasure, columns("address", "province scheme code label")...)
	for _, table := range []string{"household", "visit", "adoption", "erased", "challenge", "challenge_event", "correction"} {
		erasure = append(erasure, "DELETE "+table)
	}
	for _, column := range []string{"issuer", "subject", "system", "purpose", "entry", "filter", "rows"} {
		erasure = append(erasure, "INSERT audit_log("+column+")")
	}
	imports := []string{"import_job", "import_problem", "UPDATE import_job(state)", "UPDATE import_job(ended_at)"}
	for _, column := range []string{"province", "program", "bytes", "dry_run", "strict"} {
		imports = append(imports, "INSERT import_job("+column+")")
	}
	for _, column := range []string{"issuer", "subject", "system", "purpose", "entry", "filter", "rows"} {
		imports = append(imports, "INSERT audit_log("+column+")")
	}
	record := []string{"dataset", "unit", "unit_period", "unit_heir", "unit_origin", "succession", "place", "place_period", "place_day", "place_month", "place_visit",
		"place_service_day", "place_service_month", "place_cell", "service", "team", "team_period", "snapshot", "snapshot_unit", "address", "household", "visit", "adoption", "erased", "erasure_key",
		"publication(province)", "publication(due_on)", "UPDATE publication(due_on)", "UPDATE dataset(snapshot)", "UPDATE dataset(imported_at)", "UPDATE dataset(refreshed_on)",
		"INSERT place", "UPDATE place", "INSERT place_period", "DELETE place_period", "INSERT snapshot", "DELETE snapshot", "INSERT snapshot_unit", "DELETE snapshot_unit"}
	for _, table := range []string{"place_day", "place_month", "place_visit", "place_service_day", "place_service_month", "place_cell"} {
		record = append(record, "INSERT "+table, "UPDATE "+table, "DELETE "+table)
	}
	for _, column := range []string{"issuer", "subject", "system", "purpose", "entry", "filter", "rows"} {
		record = append(record, "INSERT audit_log("+column+")")
	}
	resolve := append(slices.Clone(record), "polygon", "polygon_cover", "designation", "service_point", "team_service", "member", "remoteness", "challenge", "challenge_event",
		"UPDATE address", "UPDATE household", "INSERT visit", "UPDATE challenge(status)", "INSERT challenge_event", "INSERT correction", "INSERT remoteness", "DELETE remoteness")
	dispute := []string{"dataset", "unit", "place_period", "team", "address(province)", "address(scheme)", "address(code)", "address(place_id)", "household(province)", "household(code)", "household(place_id)",
		"challenge", "challenge_event", "INSERT challenge", "INSERT challenge_event", "UPDATE challenge(other_scheme)", "UPDATE challenge(other_code)", "UPDATE challenge(team_code)",
		"UPDATE challenge(day)", "UPDATE challenge(evidence)", "UPDATE challenge(point)"}
	for _, column := range []string{"issuer", "subject", "system", "purpose", "entry", "filter", "rows"} {
		dispute = append(dispute, "INSERT audit_log("+column+")")
	}
	disputed := []string{"challenge(province)", "challenge(id)", "challenge(kind)", "challenge(address_scheme)", "challenge(address_code)", "challenge(household_code)", "challenge(opened_at)",
		"challenge_event(province)", "challenge_event(challenge_id)", "challenge_event(action)", "challenge_event(at)"}
	register := append(slices.Clone(record), "polygon", "polygon_cover", "designation", "service_point", "team_service", "member", "report", "remoteness",
		"UPDATE household(place_id)", "INSERT team_period", "DELETE team_period", "INSERT remoteness", "DELETE remoteness")
	for _, table := range []string{"address", "team", "member", "report"} {
		register = append(register, "INSERT "+table, "UPDATE "+table)
	}
	for _, table := range []string{"household", "visit", "adoption"} {
		record = append(record, "INSERT "+table, "UPDATE "+table)
	}
	return map[string][]string{
		"vunglom_audit":          {"audit_log"},
		"vunglom_erasure":        erasure,
		"vunglom_import":         imports,
		"vunglom_published":      append(slices.Clone(names), "member(province)", "member(team_code)", "member(joined)"),
		"vunglom_aggregates":     append(slices.Clone(figures), ofPersons["aggregates"]...),
		"vunglom_decisions":      slices.Concat(figures, []string{"polygon_overlap", "polygon_hole"}, disputed, ofPersons["decisions"]),
		"vunglom_dispute":        dispute,
		"vunglom_resolve":        resolve,
		"vunglom_persons":        persons,
		"vunglom_persons_within": persons,
		"vunglom_record":         record,
		"vunglom_record_within":  record,
		"vunglom_register":       register,
	}
}()

// TestEachRoleMayReadItsTablesAlone asks PostgreSQL what each role may do to each table and column.
func TestEachRoleMayReadItsTablesAlone(t *testing.T) {
	t.Parallel()
	sql := dbtest.SQL(t, dbtest.URL(t))
	rows, err := sql.QueryContext(t.Context(), `
		select r.rolname, c.relname, coalesce(p.columns, ''), p.kind
		from pg_roles r
		cross join pg_class c
		cross join lateral (
			select null as columns, k.kind from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as k (kind) where has_table_privilege(r.oid, c.oid, k.kind)
			union all
			select a.attname, k.kind from pg_attribute a cross join unnest(array['SELECT', 'INSERT', 'UPDATE']) as k (kind)
			where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and has_column_privilege(r.oid, c.oid, a.attnum, k.kind) and not has_table_privilege(r.oid, c.oid, k.kind)
		) p
		where r.rolname like 'vunglom\_%' and c.relkind in ('r', 'v', 'm', 'S') and c.relnamespace = 'public'::regnamespace
			and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string][]string{}
	for rows.Next() {
		var role, table, column, kind string
		if err := rows.Scan(&role, &table, &column, &kind); err != nil {
			t.Fatal(err)
		}
		if column != "" {
			table += "(" + column + ")"
		}
		if kind != "SELECT" { // shown where it is of a column too
			table = kind + " " + table
		}
		got[role] = append(got[role], table)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for role := range granted {
		slices.Sort(got[role])
		if diff := cmp.Diff(slices.Sorted(slices.Values(granted[role])), got[role]); diff != "" {
			t.Errorf("%s:\n%s", role, diff)
		}
	}
	if len(got) != len(granted) {
		t.Errorf("roles: %v", slices.Sorted(maps.Keys(got)))
	}
}

var needs = regexp.MustCompile(`(?m)^-- needs: ([a-z]+)$`)

// TestStatementsKeepToTheirRole has PostgreSQL check every statement under the role of the right that it says it needs, and
// under the one that everybody has: that refuses whatever reads more than names, borders, teams and published figures.
func TestStatementsKeepToTheirRole(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	files, err := filepath.Glob("query/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	more := regexp.MustCompile(`(?s)trained_on.*\bmember\b|\bmember\b.*trained_on|\bm\.role\b|\b(from|join|into|update) (erased|address|household|visit|adoption|place|place_cell|audit_log|place_day|place_month|place_visit|place_service_day|place_service_month|remoteness|change|change_epoch|polygon_overlap|polygon_hole|import_job|import_problem|challenge|challenge_event|correction)\b|\binto publication\b`)
	for _, file := range files {
		text := db.Query(strings.TrimSuffix(filepath.Base(file), ".sql"))
		if strings.HasPrefix(text, "-- part:") {
			continue
		}
		said := needs.FindStringSubmatch(text)
		if said == nil {
			t.Errorf("%s does not say what right it needs", file)
			continue
		}
		_, sql := bind(text)
		for _, role := range []string{said[1], "published"} {
			err := explain(ctx, conn, "vunglom_"+role, sql)
			var failure *pgconn.PgError
			refused := errors.As(err, &failure) && failure.Code == "42501"
			if err != nil && !refused {
				t.Errorf("%s: %v", file, err)
			} else if want := role == "published" && more.MatchString(sql); refused != want {
				t.Errorf("%s under %s: %v; refused: %v, want %v", file, role, err, refused, want)
			}
		}
	}
}

// TestFiguresReadNoMoreOfPersons takes from PostgreSQL which columns of persons the statements of each right read, and sees that the role of that
// right may read just these: every other column, and a whole row, is refused.
func TestFiguresReadNoMoreOfPersons(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	files, err := filepath.Glob("query/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]map[string]bool{"aggregates": {}, "decisions": {}, "erasure": {}}
	for _, file := range files {
		text := db.Query(strings.TrimSuffix(filepath.Base(file), ".sql"))
		said := needs.FindStringSubmatch(text)
		if said == nil || strings.HasPrefix(text, "-- part:") {
			continue
		}
		if filepath.Base(file) == "quality_page.sql" { // asked as decisions for kinds whose cases are no persons
			said[1] = "decisions"
		}
		if read := of[said[1]]; read != nil {
			_, sql := bind(text)
			for _, column := range columnsRead(t, conn, sql) {
				read[column] = true
			}
		}
	}
	for role, read := range of {
		rows, err := conn.Query(ctx, `select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			where c.relname in ('address', 'household', 'visit', 'adoption', 'member') and c.relnamespace = 'public'::regnamespace`)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Table, Column string }])
		if err != nil || len(all) == 0 {
			t.Fatalf("columns of persons: %v", err)
		}
		refused := func(what, table string) bool {
			tx, err := conn.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback(ctx) }()
			if _, err := tx.Exec(ctx, "set local role vunglom_"+role); err != nil {
				t.Fatal(err)
			}
			_, err = tx.Exec(ctx, "select "+what+" from "+table)
			var failure *pgconn.PgError
			if err != nil && (!errors.As(err, &failure) || failure.Code != "42501") {
				t.Fatal(err)
			}
			return err != nil
		}
		for _, c := range all {
			if name := c.Table + "(" + c.Column + ")"; refused(c.Column, c.Table) == read[name] {
				t.Errorf("%s: a statement of it reads %s: %v, and so it may: %v", role, name, read[name], !read[name])
			}
			if !refused("*", c.Table) || !refused("to_jsonb("+c.Table+")", c.Table) {
				t.Errorf("%s may read whole rows of %s", role, c.Table)
			}
		}
	}
}

// columnsRead are the columns that a statement names, as PostgreSQL notes them of a function whose body it is: table(column), or table(*).
func columnsRead(t *testing.T, conn *pgx.Conn, sql string) []string {
	ctx := t.Context()
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	d, err := tx.Prepare(ctx, "", sql)
	if err != nil {
		t.Fatal(err)
	}
	answers := "setof record"
	if len(d.Fields) == 0 {
		answers = "void"
	}
	var types string
	if err := tx.QueryRow(ctx, "select coalesce(string_agg(format_type(o, null), ', ' order by n), '') from unnest($1::oid[]) with ordinality as p (o, n)", d.ParamOIDs).Scan(&types); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "create function public.asked("+types+") returns "+answers+" language sql begin atomic "+sql+"; end"); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	rows, err := tx.Query(ctx, `select distinct d.refobjid::regclass || '(' || coalesce(a.attname, '*') || ')'
		from pg_depend d left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
		where d.classid = 'pg_proc'::regclass and d.objid = to_regproc('public.asked') and d.refclassid = 'pg_class'::regclass`)
	if err != nil {
		t.Fatal(err)
	}
	read, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// explain has a statement planned and its privileges checked under a role, with nulls for its parameters.
func explain(ctx context.Context, conn *pgx.Conn, role, sql string) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if strings.Contains(sql, "pg_catalog.") || strings.Contains(sql, "set_config") {
		return nil // not about data
	}
	d, err := tx.Prepare(ctx, "asked", sql)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Deallocate(context.WithoutCancel(ctx), "asked") }()
	if _, err := tx.Exec(ctx, "set local role "+role); err != nil {
		return err
	}
	call := "explain execute asked"
	if parameters := len(d.ParamOIDs); parameters > 0 {
		call += "(" + strings.TrimSuffix(strings.Repeat("null, ", parameters), ", ") + ")"
	}
	_, err = tx.Exec(ctx, call)
	return err
}

func isForbidden(err error) bool {
	var told *db.Error
	return errors.As(err, &told) && told.Code == db.CodeForbidden
}

// of returns a context of a caller with one role in a unit; "": everywhere.
func of(t *testing.T, role access.Role, unit *wunit) context.Context {
	grant := access.Grant{Role: role, Everywhere: unit == nil}
	if unit != nil {
		grant.Units = []access.Unit{{Level: unit.level, Code: "96/" + unit.code}}
	}
	return access.With(t.Context(), access.Caller{Issuer: "https://issuer.example", Subject: "s", Grants: []access.Grant{grant}})
}

// TestPostgresRefusesWhatTheEdgeForgot asks the database as callers whom no edge has checked.
func TestPostgresRefusesWhatTheEdgeForgot(t *testing.T) {
	t.Parallel()
	l := load(t, 24)
	day := parse("2026-01-01")
	units := []db.OnDay{{Key: slices.Collect(maps.Values(l.keys(t)))[0], Day: day}}
	address := db.AddressKey{Province: "96", Scheme: l.addresses[0].scheme(), Code: l.addresses[0].code}
	questions := []struct {
		name  string
		right access.Right
		ask   func(context.Context) error
	}{
		{"units", access.Published, func(ctx context.Context) error { _, err := l.d.UnitsByID(ctx, []db.Key{units[0].Key}); return err }},
		{"team tile", access.Published, func(ctx context.Context) error {
			_, err := l.d.Tile(ctx, db.TileQuery{Layer: db.TileTeams, Day: day})
			return err
		}},
		{"successors", access.Published, func(ctx context.Context) error { _, err := l.d.Successors(ctx, []db.Key{units[0].Key}); return err }},
		{"coverage", access.Aggregates, func(ctx context.Context) error { _, err := l.d.Coverage(ctx, units); return err }},
		{"unit tile", access.Aggregates, func(ctx context.Context) error {
			_, err := l.d.Tile(ctx, db.TileQuery{Layer: db.TileUnits, Level: db.LevelCommune, Day: day})
			return err
		}},
		{"topics", access.Aggregates, func(ctx context.Context) error { _, err := l.d.TopicUptakes(ctx, units); return err }},
		{"gaps", access.Decisions, func(ctx context.Context) error {
			_, err := l.d.Gaps(ctx, db.DefaultGapFilter(), day, db.PageArgs{First: 5})
			return err
		}},
		{"quality", access.Decisions, func(ctx context.Context) error { _, err := l.d.Quality(ctx, db.DefaultQualityQuery(day)); return err }},
		{"gap areas", access.Decisions, func(ctx context.Context) error { _, err := l.d.GapAreas(ctx, db.DefaultGapAreaQuery(day)); return err }},
		{"addresses", access.Persons, func(ctx context.Context) error {
			_, err := l.d.Addresses(ctx, db.AddressFilter{}, day, db.PageArgs{First: 5})
			return err
		}},
		{"address", access.Persons, func(ctx context.Context) error {
			_, err := l.d.AddressesByKey(ctx, []db.AddressKey{address})
			return err
		}},
		{"status", access.Persons, func(ctx context.Context) error {
			_, err := l.d.AddressStatuses(ctx, []db.AddressOnDay{{AddressKey: address, Day: day}})
			return err
		}},
		{"address tile", access.Persons, func(ctx context.Context) error {
			_, err := l.d.Tile(ctx, db.TileQuery{Layer: db.TileAddresses, Day: day})
			return err
		}},
		{"audit log", access.Audit, func(ctx context.Context) error {
			_, err := l.d.AuditLog(ctx, db.AuditFilter{}, db.PageArgs{First: 5})
			return err
		}},
		{"plans", access.Decisions, func(ctx context.Context) error {
			_, err := l.d.PlanTeams(ctx, db.DefaultPlanQuery(2, day))
			return err
		}},
		{"challenges", access.Persons, func(ctx context.Context) error {
			_, err := l.d.Challenges(ctx, db.ChallengeFilter{}, day, db.PageArgs{First: 5})
			return err
		}},
		{"what was wrong with a bundle", access.Import, func(ctx context.Context) error {
			_, err := l.d.JobProblems(ctx, []*db.Job{{ID: 1}}, db.PageArgs{First: 5})
			return err
		}},
		{"cases of persons", access.Persons, func(ctx context.Context) error {
			_, err := l.d.QualityCases(ctx, db.QualityQuery{Day: day, StaleAfterMonths: 12, Kinds: []string{"no_address"}}, db.PageArgs{First: 5})
			return err
		}},
	}
	for _, role := range access.Roles() {
		for _, q := range questions {
			err := q.ask(of(t, role, nil))
			if role.Has(q.right) != (err == nil) || err != nil && !isForbidden(err) {
				t.Errorf("%s asks for %s: %v", role, q.name, err)
			}
		}
	}
	forgotten, err := db.Open(t.Context(), l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer forgotten.Close()
	if _, err := forgotten.Coverage(t.Context(), units); !isForbidden(err) {
		t.Errorf("nobody asks for coverage: %v", err)
	}
	if _, err := forgotten.UnitsByID(t.Context(), []db.Key{units[0].Key}); err != nil {
		t.Errorf("nobody asks for units: %v", err)
	}
	if err := forgotten.Export(t.Context(), "96", t.TempDir(), nil); !isForbidden(err) {
		t.Errorf("nobody asks for a bundle: %v", err)
	}
	for table := range strings.SplitSeq("address household visit adoption member audit_log place_day publication remoteness", " ") {
		_, err := db.Pool(forgotten).Exec(t.Context(), "select * from "+table)
		var failure *pgconn.PgError
		if !errors.As(err, &failure) || failure.Code != "42501" {
			t.Errorf("a statement that nobody gave a role reads %s: %v", table, err)
		}
	}
}

// TestAnOfficerSeesTheRowsOfTheOwnUnits compares what an officer of a unit is answered without any edge with what lies in it by
// the count, on days before, between and after the units change.
func TestAnOfficerSeesTheRowsOfTheOwnUnits(t *testing.T) {
	t.Parallel()
	l := load(t, 25)
	inside := func(a *waddress, unit *wunit, day string) bool {
		commune, hamlet := l.locate(a.x, a.y, day)
		return hamlet == unit || commune != nil && slices.Contains(l.chain(commune, day), unit)
	}
	var keys []db.AddressKey
	for _, a := range l.addresses {
		keys = append(keys, db.AddressKey{Province: "96", Scheme: a.scheme(), Code: a.code})
	}
	seen := 0
	for _, day := range l.days[1:7] {
		for _, unit := range l.scopes(day) {
			ctx := of(t, access.Officer, unit)
			var want []string
			var asked []db.AddressOnDay
			for i, a := range l.addresses {
				asked = append(asked, db.AddressOnDay{AddressKey: keys[i], Day: parse(day)})
				if inside(a, unit, day) {
					want = append(want, a.id())
				}
			}
			slices.Sort(want)
			seen += len(want)
			page, err := l.d.Addresses(ctx, db.AddressFilter{}, parse(day), db.PageArgs{First: 1000})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range page.Items {
				got = append(got, a.Scheme+"/"+a.Code)
			}
			if !slices.Equal(got, want) || page.Total != len(want) {
				t.Errorf("officer of %s %s on %s: %d addresses of %d, want %d", unit.level, unit.code, day, len(got), page.Total, len(want))
			}
			units, err := l.d.AddressUnits(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			statuses, err := l.d.AddressStatuses(ctx, asked)
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range l.addresses {
				if want := inside(a, unit, day); (units[asked[i]].Commune != nil) != want || statuses[asked[i]] != "" && !want || want && statuses[asked[i]] != l.statusOf(a, day) {
					t.Errorf("officer of %s on %s is told of %s: %+v, %s", unit.code, day, a.code, units[asked[i]], statuses[asked[i]])
				}
			}
			world := db.TileQuery{Layer: db.TileAddresses, Day: parse(day), Tile: gis.Tile{Z: 6, X: 50, Y: 30}}
			own, err := l.d.Tile(ctx, world)
			if err != nil {
				t.Fatal(err)
			}
			world.Within = &db.Ref{Level: db.Level(unit.level), Code: "96/" + unit.code}
			narrowed, err := l.d.Tile(t.Context(), world)
			if err != nil {
				t.Fatal(err)
			}
			if string(own.Tile) != string(narrowed.Tile) || len(want) > 0 && len(own.Tile) == 0 {
				t.Errorf("officer of %s on %s: a tile of %d bytes, of the unit %d", unit.code, day, len(own.Tile), len(narrowed.Tile))
			}
		}
	}
	today := db.Today(time.Now()).Format(time.DateOnly) // which the units of an address by its key are meant on
	for _, unit := range l.scopes(today) {
		want := 0
		for _, a := range l.addresses {
			if inside(a, unit, today) {
				want++
			}
		}
		seen += want
		found, err := l.d.AddressesByKey(of(t, access.Officer, unit), keys)
		if err != nil || len(found) != want || want == 0 || want == len(keys) && unit.level == "hamlet" {
			t.Errorf("officer of %s %s: %d addresses by key of %d, want %d, %v", unit.level, unit.code, len(found), len(keys), want, err)
		}
	}
	if seen == 0 {
		t.Fatal("no officer saw anything")
	}
}

// scopes are some units of each level that are valid on a day.
func (l loaded) scopes(day string) []*wunit {
	var chosen []*wunit
	count := map[string]int{}
	for _, u := range l.units {
		if u.valid(day) && count[u.level] < 2 {
			count[u.level]++
			chosen = append(chosen, u)
		}
	}
	return chosen
}

// TestRolesNeedSomebodyWhoMayMakeThem migrates with an account that owns its database and may make no roles.
func TestRolesNeedSomebodyWhoMayMakeThem(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	admin := dbtest.SQL(t, url)
	account := fmt.Sprintf("plain_%x", t.Name()[:4]) + config.Database[len(config.Database)-8:]
	for _, statement := range []string{"create role " + account + " login password 'x'", "grant all on schema public to " + account} {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	defer func() {
		_, err := admin.ExecContext(context.WithoutCancel(t.Context()), "drop owned by "+account+"; drop role "+account)
		if err != nil {
			t.Error(err)
		}
	}()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), "set session authorization "+account); err != nil {
		t.Fatal(err)
	}
	err = db.MakeRoles(t.Context(), conn)
	if !errors.Is(err, db.ErrRolesMissing) || !strings.Contains(err.Error(), "grant vunglom_persons to "+account) {
		t.Errorf("an account that may make no roles: %v", err)
	}
}

// TestAnAccountWithoutTheRolesIsNotServed: an account that may read tables itself is answered nothing under a role that it lacks, though nobody
// has checked the schema, and nothing at all where it lacks the one that everybody is asked under.
func TestAnAccountWithoutTheRolesIsNotServed(t *testing.T) {
	t.Parallel()
	l := load(t, 24)
	url, account := dbtest.Account(t, l.url, "grant select on all tables in schema public to %s", "grant insert on audit_log to %s", "alter role %s bypassrls")
	day, unit := parse("2026-01-01"), slices.Collect(maps.Values(l.keys(t)))[0]
	asked := func(d *db.DB) (published, exact, persons error) {
		_, published = d.UnitsByID(t.Context(), []db.Key{unit})
		_, exact = d.Coverage(t.Context(), []db.OnDay{{Key: unit, Day: day}})
		page, persons := d.Addresses(t.Context(), db.AddressFilter{}, day, db.PageArgs{First: 5})
		if persons != nil && page.Items != nil {
			t.Errorf("%v, and these: %v", persons, page.Items)
		}
		return published, exact, persons
	}
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	published, exact, persons := asked(d)
	for i, err := range []error{published, exact, persons, d.Export(t.Context(), "96", t.TempDir(), nil), d.CheckSchema(t.Context())} {
		if !errors.Is(err, db.ErrRolesMissing) {
			t.Errorf("question %d of an account without roles: %v", i, err)
		}
	}
	if err := d.CheckSchema(t.Context()); !strings.Contains(err.Error(), "grant vunglom_persons to "+account) || !strings.Contains(err.Error(), "grant vunglom_published to "+account) {
		t.Errorf("what to run: %v", err)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("the database answers: %v", err)
	}
	if _, err := dbtest.SQL(t, l.url).ExecContext(t.Context(), "grant vunglom_published to "+account); err != nil { // as others grant it while the program runs
		t.Fatal(err)
	}
	if published, exact, persons := asked(d); published != nil || !isForbidden(exact) || !isForbidden(persons) {
		t.Errorf("an account with the least role alone: %v; %v; %v", published, exact, persons)
	}
	if err := d.CheckSchema(t.Context()); !errors.Is(err, db.ErrRolesMissing) || strings.Contains(err.Error(), "grant vunglom_published") {
		t.Errorf("an account with the least role alone: %v", err)
	}
}
