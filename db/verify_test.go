package db_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"vunglom/db"
)

// breakings are what somebody might do to a stored province behind our back, by the rules that must tell. A statement may break several.
var breakings = []struct {
	rules string
	sql   string
}{
	{"conservation place_month rollup_status", "delete from place_day where (place_id, day) = (select place_id, day from place_day where guided + attempted + not_visited + ineligible > 0 order by 1, 2 limit 1)"},
	{"rollup_status place_month", "update place_day set guided = guided + 1, attempted = attempted - 1 where guided > 0"},
	{"rollup_status place_month conservation", "update place_day set guided = guided + 1 where (place_id, day) = (select place_id, day from place_day order by 2, 1 limit 1)"},
	{"rollup_status place_month conservation", "update place_day set attempted = attempted + 1 where (place_id, day) = (select place_id, day from place_day order by 2, 1 limit 1)"},
	{"rollup_status place_month conservation", "update place_day set not_visited = not_visited + 1 where (place_id, day) = (select place_id, day from place_day order by 2 desc, 1 limit 1)"},
	{"rollup_status place_month conservation", "update place_day set ineligible = ineligible - 1 where (place_id, day) = (select place_id, day from place_day order by 2 desc, 1 limit 1)"},
	{"rollup_status place_month", "update place_day set ineligible = ineligible + 1, not_visited = not_visited - 1 where not_visited > 0"},
	{"rollup_status conservation", "update place_day set day = day + 1 where (place_id, day) = (select place_id, day from place_day order by 2, 1 limit 1)"},
	{"rollup_status", "insert into place_day select province, place_id, day + 3, 1, -1, 0, 0, 0 from place_day order by day desc limit 1"},
	{"rollup_status", "update place_day set place_id = (select max(id) + 1 from place) where (place_id, day) = (select place_id, day from place_day order by 2, 1 limit 1)"},
	{"rollup_occupied place_month", "update place_day set occupied = occupied + 1 where day = (select max(day) from place_day)"},
	{"place_month", "update place_month set guided = guided + 1 where (place_id, month) = (select place_id, month from place_month order by 2, 1 limit 1)"},
	{"place_month", "update place_month set attempted = attempted + 1 where (place_id, month) = (select place_id, month from place_month order by 2 desc, 1 limit 1)"},
	{"place_month", "update place_month set not_visited = not_visited + 1 where month = (select min(month) from place_month)"},
	{"place_month", "update place_month set ineligible = ineligible + 1 where (place_id, month) = (select place_id, month from place_month order by 2, 1 limit 1)"},
	{"place_month", "update place_month set occupied = occupied - 1 where occupied > 0"},
	{"place_month", "update place_month set month = month + interval '1 month' where (place_id, month) = (select place_id, month from place_month order by 2 desc, 1 limit 1)"},
	{"place_month", "delete from place_month where (place_id, month) = (select place_id, month from place_month order by 2, 1 limit 1)"},
	{"place_month", "insert into place_month select province, place_id, month + interval '5 years', guided, attempted, not_visited, ineligible, occupied from place_month order by month desc limit 1"},
	{"rollup_visit", "delete from place_visit where visited_on = (select max(visited_on) from place_visit)"},
	{"rollup_visit", "update place_visit set visits = visits + 1 where visited_on = (select min(visited_on) from place_visit)"},
	{"rollup_visit", "update place_visit set visited_on = visited_on - 1 where visited_on = (select max(visited_on) from place_visit)"},
	{"rollup_visit", "update place_visit set to_on = 'infinity' where to_on < 'infinity'"},
	{"rollup_visit", "insert into place_visit select province, place_id, visited_on + 1, from_on + 1, to_on, 1 from place_visit limit 1"},
	{"rollup_service place_month", "update place_service_day set households = households + 1 where day = (select min(day) from place_service_day)"},
	{"rollup_service", "delete from place_service_day where day = (select min(day) from place_service_day)"},
	{"place_month", "delete from place_service_month"},
	{"place_month", "update place_service_month set households = households + 1 where month = (select max(month) from place_service_month)"},
	{"place_cell", "update place_cell set addresses = addresses + 1"},
	{"place_cell", "update place_cell set household_addresses = household_addresses - 1"},
	{"place_cell", "update place_cell set px = px + 1, py = py - 1"},
	{"place_cell rollup_cell", "update place_cell set x = x + 1 where cardinality(days) > 0"},
	{"place_cell rollup_cell", "delete from place_cell where cardinality(days) > 0"},
	{"rollup_cell", "update place_cell set guided = not_visited, not_visited = guided where guided <> not_visited"},
	{"rollup_cell", "update place_cell set attempted[1] = attempted[1] + 1 where cardinality(days) > 0"},
	{"rollup_cell", "update place_cell set occupied[1] = occupied[1] - 1 where cardinality(days) > 0"},
	{"rollup_cell", "update place_cell set days[1] = days[1] - 1 where cardinality(days) > 0"},
	{"rollup_cell", "update place_cell set days = days[2:], guided = guided[2:], attempted = attempted[2:], not_visited = not_visited[2:], ineligible = ineligible[2:], occupied = occupied[2:] where cardinality(days) > 0"},
	{"place_address", "update place set addresses = addresses + 1 where addresses > 0"},
	{"place_covers place_household", "update address set place_id = (select place_id from address where code = '9600000004') where code = '9600000001'"},
	{"place_covers", "update address set position = ST_SetSRID(ST_MakePoint(105.025, 9.005), 4326) where code = '9600000001'"},
	{"place_household rollup_status", "update household set place_id = (select place_id from household where code = 'E') where code = 'A'"},
	{"place_household", "delete from place where id = (select place_id from household where code = 'E')"},
	{"place_chain", "update place set settled = false"},
	{"place_chain", "update place_period set district_id = null where hamlet_id = (select id from unit where code = 'H1' and upper(valid) is not null)"},
	{"place_period", "update place_period set commune_id = (select id from unit where code = '32002' order by valid limit 1), hamlet_id = null where hamlet_id = (select id from unit where code = 'H1' and upper(valid) is not null)"},
	{"place_period", "delete from place_period where hamlet_id = (select id from unit where code = 'H2' and upper_inf(valid))"},
	{"place_period", "delete from place_period where place_id = (select place_id from household where code = 'D')"},
	{"place_period", "delete from place_period where place_id = (select place_id from household where code = 'F') and upper_inf(period)"},
	{"place_period", "update place_period set period = daterange(lower(period), upper(period) - 1) where not upper_inf(period) and place_id = (select place_id from household where code = 'D')"},
	{"place_complete", "update place set complete = not complete where id = (select place_id from household where code = 'A')"},
	{"place_complete", "update place set complete = true where id = (select place_id from household where code = 'D')"},
	{"unit_period", "delete from unit_period where unit_id = (select id from unit where code = 'H1' and upper_inf(valid))"},
	{"unit_period", "update unit_period set parent_id = (select id from unit where code = '31999') where unit_id = (select id from unit where code = 'H3' and upper(valid) is not null)"},
	{"unit_period", "update unit_period set province_id = null where hamlet_id is not null"},
	{"unit_heir", "delete from unit_heir where unit_id = heir_id and unit_id = (select id from unit where code = 'H1' and upper_inf(valid))"},
	{"unit_heir", "update unit_heir set heir_id = (select id from unit where code = '964') where unit_id <> heir_id"},
	{"unit_heir", "delete from unit_heir where unit_id <> heir_id and unit_id = (select id from unit where code = '31999')"},
	{"unit_heir", "update unit_heir set period = daterange(lower(period) + 1, null) where unit_id <> heir_id"},
	{"unit_origin", "delete from unit_origin"},
	{"unit_origin", "delete from unit_origin where unit_id = (select id from unit where code = 'H1' and upper_inf(valid))"},
	{"unit_origin", "update unit_origin set origin_id = (select id from unit where code = '964')"},
	{"unit_origin", "update unit_origin set period = daterange(lower(period), upper(period) - 1)"},
	{"unit_origin", "update unit_origin set period = daterange(lower(period), null)"},
	{"polygon_shape", "delete from polygon_shape where (polygon_id, zoom) = (select polygon_id, zoom from polygon_shape order by 1, 2 limit 1)"},
	{"polygon_shape", "delete from polygon_shape"},
	{"polygon_shape", "update polygon_shape set geojson = '{\"type\":\"Point\",\"coordinates\":[105,9]}' where zoom = 99"},
	{"polygon", "update polygon set area_km2 = area_km2 * 2"},
	{"polygon", "update polygon set label = ST_SetSRID(ST_MakePoint(106, 10), 4326) where id = (select min(id) from polygon)"},
	{"polygon polygon_shape", "insert into polygon (province, digest, geometry, area_km2, label) select province, md5('x')::uuid, geometry, area_km2, label from polygon limit 1"},
	{"polygon_derived", "update unit set derived_support = 1 where level = 'commune' and polygon_id is not null"},
	{"polygon_derived", "update unit set derived_support = 3, polygon_id = (select min(polygon_id) from unit where level = 'commune') where id = (select min(id) from unit where level = 'hamlet')"},
	{"polygon_cover", "delete from polygon_cover where id = (select min(id) from polygon_cover)"},
	{"polygon_cover", "insert into polygon_cover select province, max(id) + 1 from polygon group by 1"},
	{"derived_support", "update unit set derived_support = derived_support + 1 where code = 'N1' and upper_inf(valid)"},
	{"derived_support", "update unit set derived_support = 1 where code = 'N1' and upper_inf(valid)"},
	{"derived_support", "update unit set derived_support = derived_support + 1 where code = 'N1' and not upper_inf(valid)"},
	{"polygon_defect", "insert into polygon_overlap select province, min(id), min(id), 1, ST_SetSRID(ST_MakePoint(105, 9), 4326) from polygon group by 1"},
	{"polygon_defect", "insert into polygon_hole select province, id, 'district', valid, 1, ST_SetSRID(ST_MakePoint(105, 9), 4326) from unit where level = 'commune' limit 1"},
	{"polygon_drawn", "update unit set drawn_id = null where level = 'hamlet'"},
	{"polygon_drawn", "update unit set drawn_id = (select min(id) from polygon) where level = 'province'"},
	{"remoteness", "update remoteness set index = index / 2"},
	{"remoteness", "update remoteness set remote = not remote"},
	{"remoteness", "update remoteness set service_distance_metres = service_distance_metres + 1, index = index + 0.5 * 1 / 10000 where service_distance_metres < 9000 and team_distance_metres is not null and addresses_per_km2 is not null"},
	{"remoteness", "update service_point set position = ST_SetSRID(ST_MakePoint(105.05, 9.05), 4326)"},
	{"team", "update team set base = ST_SetSRID(ST_MakePoint(105.05, 9.05), 4326)"},
	{"team", "delete from team_period where own"},
	{"team", "delete from team_period where not own"},
	{"team", "update team_period set hamlet_id = null where hamlet_id = unit_id and upper_inf(period)"},
	{"team", "delete from team_period where team_code = 'T2' and upper_inf(period)"},
	{"team", "insert into team_period select * from team_period where own limit 1"},
	{"team", "update team_period set period = daterange('2010-01-01', '2030-01-01')"},
	{"reference", "insert into visit (province, code, household_code, team_code, visited_on, outcome) values ('96', 'X', 'nobody', 'T1', '2023-01-01', 'guided')"},
	{"reference", "update visit set team_code = 'nobody'"},
	{"reference", "update member set team_code = 'nobody'"},
	{"reference", "update team_service set team_code = 'nobody'"},
	{"reference", "update adoption set service_code = 'nothing'"},
	{"reference", "update adoption set household_code = 'nobody'"},
	{"reference", "update household set hamlet_code = 'H9' where code = 'D'"},
	{"reference", "update household set address_code = '1' where code = 'A'"},
	{"reference", "update designation set code = 'H9'"},
	{"reference", "update report set unit_code = '97'"},
	{"reference", "update succession set from_code = '31998' where from_code = '31999'"},
	{"reference", "update succession set to_code = '31998' where from_code = '31999'"},
	{"reference", "insert into target (province, measure, level, code, share, due_on) values ('96', 'guided', 'commune', '1', 0.5, '2024-01-01')"},
	{"reference", "update team set unit_id = unit_id + 1"},
	{"period", "update household set ended_on = '2022-01-01' where code = 'B'"},
	{"period", "update adoption set ended_on = '2022-01-01' where household_code = 'B'"},
	{"period", "update unit set valid = 'empty' where code = 'H3'"},
	{"dataset", "delete from dataset"},
	{"snapshot", "update snapshot set number = number - 1"},
	{"snapshot", "insert into snapshot select province, number - 3, as_of, landed_at, complete from snapshot"},
	{"snapshot", "insert into snapshot_unit select province, 1, min(unit_id) from unit_period group by 1"},
	{"dataset_extent", "update dataset set north = north + 1"},
	{"dataset_extent", "update dataset set west = null"},
	{"published", "update published set addresses = addresses + 1 where unit_id = 0"},
	{"published", "update published set guided = guided + 5, attempted = attempted + 5 where unit_id = 0"},
	{"published", "update published set addresses = addresses + 10 where unit_id = (select id from unit where code = '32010')"},
	{"published", "delete from published where unit_id in (select id from unit where level = 'province')"},
	{"published", "insert into published select province, day, 999999, 5, 0, 0, 0, 0, 0 from published_day"},
	{"published", "delete from published_day where day = (select percentile_disc(0.5) within group (order by day) from published_day)"},
	{"change", "delete from change_day where day = (select min(day) from change_day)"},
	{"change", "update change set value = value || '{\"guided\": 999}' where kind = 'coverage' and day = (select max(day) from change_day)"},
	{"change", "update change set value = value || '{\"members\": 999}' where kind = 'coverage' and day = (select max(day) from change_day)"},
	{"change", "update change set value = value || '{\"services\": {\"online\": 999}}' where kind = 'coverage' and day = (select max(day) from change_day)"},
	{"change", "update change set within = '{}' where kind = 'coverage' and level = 'hamlet'"},
	{"change", "update change set value = null where kind = 'coverage' and sequence = (select min(sequence) from change)"},
	{"change", "insert into change select province, 'report', level, code, '-infinity', day, 'more', '', '{}', '{}', '{\"value\": 1}', nextval('change_sequence') from change limit 1"},
	{"change", "update change set sequence = sequence + 1000000"},
	{"published", "update published_day set base = 10"},
	{"published", "update published_day set day = day - 1"},
	{"published", "delete from publication"},
	{"challenge", "insert into challenge (province, kind, household_code, status, opened_at, system) select province, 'duplicate', 'A', 'open', now(), false from dataset"},
	{"challenge", "insert into challenge_event (province, challenge_id, number, action, at, system) select province, 1, 1, 'opened', now(), false from dataset"},
	{"challenge", "insert into correction (province, challenge_id, number, what, code, field, decided_on) select province, 1, 1, 'household', 'A', 'ended_on', now() from dataset"},
	{"dataset", "insert into report select '95', level, unit_code, measure, value, qualifier, from_on, as_of, base, share, source from report"},
}

// TestVerifyNamesWhatIsBroken breaks a stored province in every way and looks for the rule that tells, on one copy after the other.
func TestVerifyNamesWhatIsBroken(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	// Beside it a commune whose two hamlets, which went through the reform, are known by addresses alone.
	units := small["units.csv"] + "commune,32010,Mới,xa,province,96,2004-08-31,,\"POLYGON((105.1 9,105.12 9,105.12 9.01,105.1 9.01,105.1 9))\"\n"
	for _, code := range []string{"N1", "N2"} {
		units += "hamlet," + code + "," + code + ",ap,commune,32010,2004-08-31,2025-07-01,\nhamlet," + code + "," + code + ",ap,commune,32010,2025-07-01,,\n"
	}
	addresses := small["addresses.csv"]
	for i := range 20 {
		addresses += fmt.Sprintf("dia_chi_so,96%08d,%.7f,%.7f,household,,N%d,2023-01-01\n", 100+i, 105.1005+0.001*float64(i), 9.001+0.008*float64(i*7%20)/20, 1+i/10)
	}
	l.land(t, edited(small, map[string]string{"adoptions.csv": small["adoptions.csv"] + "C,online,2023-01-05,2023-03-01\n", "units.csv": units, "addresses.csv": addresses}), db.ImportOptions{})
	if r := l.derive(t, db.DeriveOptions{}); r.Derived != 2 || r.Support != 20 {
		t.Fatalf("the hamlets known by addresses: %+v", r)
	}
	named := map[string]bool{}
	for _, b := range breakings {
		breaches := broken(t, l, b.sql)
		for _, rule := range strings.Fields(b.rules) {
			named[rule] = true
			if !slices.ContainsFunc(breaches, func(found db.Breach) bool { return found.Rule == rule && found.Detail != "" && found.Says != "" }) {
				t.Errorf("%s: %s does not tell, but %+v", b.sql, rule, breaches)
			}
		}
	}
	verified(t, l.DB)
	rules, err := os.ReadDir("query/verify")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rules {
		if rule := strings.TrimSuffix(f.Name(), ".sql"); !named[rule] {
			t.Errorf("nothing breaks the rule %s; %v are broken", rule, slices.Sorted(maps.Keys(named)))
		}
	}
}

// broken answers what verify says after a statement, and undoes it.
func broken(t *testing.T, l *landing, statement string) []db.Breach {
	t.Helper()
	do := func(sql string) {
		if _, err := db.AsOwner(context.Background(), l.DB, sql); err != nil {
			t.Fatalf("%v: %s", err, sql)
		}
	}
	// verify opens a transaction of its own, so the tables that a statement changes are copied and put back.
	tables := texts(t, l.sql, `select tablename from pg_tables where schemaname = 'public' and tablename not in ('spatial_ref_sys', 'schema_version', 'unit_kind')`)
	if len(texts(t, l.sql, `select 'x' from pg_namespace where nspname = 'kept'`)) == 0 {
		do("create schema kept")
		for _, table := range tables {
			do(`create table kept."` + table + `" as table "` + table + `"`)
		}
	}
	tag, err := db.AsOwner(t.Context(), l.DB, statement)
	if err != nil {
		t.Fatalf("%v: %s", err, statement)
	}
	if tag.RowsAffected() == 0 {
		t.Errorf("nothing is broken by %s", statement)
	}
	breaches, err := l.Verify(t.Context(), nil)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	changed := ""
	for _, table := range tables {
		word := strings.Fields(statement)
		if slices.Contains(word[:3], table) {
			changed = table
		}
	}
	columns := texts(t, l.sql, `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
		where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`, changed)[0]
	do(`delete from "` + changed + `"; insert into "` + changed + `" (` + columns + `) overriding system value select ` + columns + ` from kept."` + changed + `"`)
	return breaches
}

// TestVerifyNamesRowsOfNoProvince puts a row of a province that was never imported into each table that has such rows, one after the other.
func TestVerifyNamesRowsOfNoProvince(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	// A row of the least: what must not be null, and has no value of itself.
	statements := texts(t, l.sql, `
		select format('insert into %I (%s) values (%s)', c.table_name, string_agg(quote_ident(c.column_name), ', '), string_agg(case
			when c.column_name = 'province' then quote_literal('95')
			when c.column_name = 'level' then quote_literal('hamlet')
			when c.column_name = 'base' then quote_literal('5')
			when c.data_type = 'daterange' then quote_literal('[2020-01-01,)')
			when c.data_type in ('date', 'timestamp with time zone') then quote_literal('2020-01-01')
			when c.data_type = 'boolean' then 'true'
			when c.data_type = 'uuid' then 'gen_random_uuid()'
			when c.data_type = 'ARRAY' then quote_literal('{}')
			when g.type is not null then quote_literal('SRID=' || g.srid || ';' || g.type || ' EMPTY')
			else quote_literal('1') end, ', '))
		from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
		left join geometry_columns g on g.f_table_schema = c.table_schema and g.f_table_name = c.table_name and g.f_geometry_column = c.column_name
		where c.table_schema = 'public' and c.table_name not in ('dataset', 'publication', 'import_job', 'import_problem', 'challenge', 'challenge_event', 'correction') and c.is_generated = 'NEVER' and c.is_identity = 'NO'
		  and c.is_nullable = 'NO' and c.column_default is null
		group by c.table_name having bool_or(c.column_name = 'province') order by c.table_name`)
	if len(statements) < 30 {
		t.Errorf("only %d tables have rows of a province", len(statements))
	}
	for _, statement := range append(statements,
		"insert into challenge (province, kind, household_code, status, opened_at, system) values ('95', 'duplicate', '1', 'open', '2020-01-01', true)",
		"insert into challenge_event (province, challenge_id, number, action, at, system) values ('95', 1, 1, 'opened', '2020-01-01', true)",
		"insert into correction (province, challenge_id, number, what, code, field, decided_on) values ('95', 1, 1, 'household', '1', 'ended_on', '2020-01-01')") {
		table := strings.Fields(statement)[2]
		if _, err := l.sql.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
		breaches, err := l.Verify(t.Context(), nil)
		if want := table + " has rows of province 95"; err != nil || len(breaches) != 1 || breaches[0].Rule != "dataset" || breaches[0].Detail != want {
			t.Errorf("%s: %+v, %v", want, breaches, err)
		}
		if _, err := l.sql.ExecContext(t.Context(), "delete from "+table); err != nil {
			t.Fatal(err)
		}
	}
}
