package db_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestExportGivesAnIdenticalDatabase imports, exports, imports the export into an empty database, and compares every
// table of the two row by row, what is derived included. Rows' own numbers aside, which follow the order of arrival.
func TestExportGivesAnIdenticalDatabase(t *testing.T) {
	t.Parallel()
	for name, sources := range map[string]func(*testing.T) []string{
		"synthetic":      func(t *testing.T) []string { return []string{syntheticBundle(t)} },
		"VN-2000":        func(t *testing.T) []string { return []string{projectedBundle(t)} },
		"a random world": func(t *testing.T) []string { return []string{write(t, newWorld(41, 6, 10).bundle(t))} },
		"derived hamlets": func(t *testing.T) []string {
			folder := filepath.Join(t.TempDir(), "hidden")
			if err := synthetic.Generate(t.Context(), synthetic.Options{Out: folder, Scale: 0.02, Hide: &synthetic.Hidden{Declare: 0.6, Misdeclare: 0.01}}); err != nil {
				t.Fatal(err)
			}
			return []string{folder}
		},
		"in several bundles": func(t *testing.T) []string {
			return []string{syntheticBundle(t), write(t, map[string]string{
				"bundle.json":      `{"province": "96", "as_of": "2026-10-31", "source": "later", "licence": "CC0-1.0", "synthetic": true}`,
				"addresses.csv":    "scheme,code,lon,lat,kind\nlocal,NEW-1,105.1,9.1,household\n",
				"households.csv":   "code,address_scheme,address_code,registered_on\nNEW-H,local,NEW-1,2023-01-01\n",
				"visits.csv":       "code,household_code,team_code,visited_on,outcome,topics\nNEW-V,NEW-H,DA06-96,2023-02-01,guided,vneid;dich_vu_cong\n",
				"reports.csv":      "level,unit_code,measure,value,qualifier,from_on,as_of,base,share,source\nprovince,96,households_guided,215000,gte,2024-01-01,2024-09-30,\"hộ, ở ấp\",0.69,\"báo cáo \"\"chín\"\" tháng\"\n",
				"designations.csv": "level,code,scheme,value,decision,valid_from,valid_to\nprovince,96,khu_vuc,I,,2021-06-04,2026-01-01\n",
			})}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			urls := [2]string{dbtest.URL(t), dbtest.URL(t)}
			var databases [2]*db.DB
			for i, url := range urls {
				d, err := dbtest.Open(t.Context(), url)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(d.Close)
				databases[i] = d
			}
			for _, folder := range sources(t) {
				if _, err := importDir(t, databases[0], folder, db.ImportOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			if name == "derived hamlets" {
				report, err := databases[0].DeriveHamlets(t.Context(), db.DeriveOptions{Province: "96"})
				if err != nil || report.Derived == 0 {
					t.Fatal(report, err)
				}
			}
			out := filepath.Join(t.TempDir(), "out")
			if err := databases[0].Export(t.Context(), "96", out, nil); err != nil {
				t.Fatal(err)
			}
			importFolder(t, databases[1], out)
			compareDatabases(t, dbtest.SQL(t, urls[0]), dbtest.SQL(t, urls[1]))
			verified(t, databases[1])
		})
	}
}

// notOfTheData are columns that tell when and how often something was done, not what.
var notOfTheData = []string{"dataset.imported_at", "dataset.snapshot", "dataset.refreshed_on", "dataset.srid", "dataset.derived_on", "dataset.derived_snapshot", "remoteness.computed_at",
	"change.sequence", "change.former"}

// compareDatabases compares all tables, with rows' numbers written as what they stand for.
func compareDatabases(t *testing.T, a, b *sql.DB) {
	t.Helper()
	statements := naturalRows(t, a)
	if len(statements) < 25 {
		t.Fatalf("only %d tables", len(statements))
	}
	filled := 0
	for table, statement := range statements {
		want, got := allRows(t, a, statement), allRows(t, b, statement)
		if len(want) > 0 {
			filled++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs, %d rows and %d:\n%.3000s", table, len(want), len(got), diff)
		}
	}
	if filled < 5 {
		t.Errorf("only %d tables hold anything", filled)
	}
}

// The numbers of rows, and what is as good a name for the row in any database.
const (
	polygonName = "(select p.digest::text from polygon p where p.province = t.province and p.id = %s)"
	unitName    = "(select u.level || ' ' || u.code || ' ' || lower(u.valid) from unit u where u.province = t.province and u.id = %s)"
	placeName   = `(select array(select p.digest::text from polygon p where p.province = q.province and p.id = any(q.covers) order by 1)::text || ' ' ||
		coalesce((select u.level || ' ' || u.code || ' ' || lower(u.valid) from unit u where u.province = q.province and u.id = q.declared), '')
		from place q where q.province = t.province and q.id = %s)`
	coversNames = "array(select p.digest::text from polygon p where p.province = t.province and p.id = any(%s) order by 1)::text"
)

var naturalNames = map[string]string{
	"polygon.id": polygonName, "polygon_cover.id": polygonName, "polygon_id": polygonName, "drawn_id": polygonName,
	"unit.id": unitName, "unit_id": unitName, "parent_id": unitName, "province_id": unitName, "district_id": unitName, "commune_id": unitName,
	"hamlet_id": unitName, "heir_id": unitName, "origin_id": unitName, "declared": unitName,
	"place.id": placeName, "place_id": placeName, "covers": coversNames,
	// A ring begins anywhere.
	"polygon.geometry": "st_astext(st_normalize(%s), 17)", "polygon_shape.geojson": "st_astext(st_normalize(st_geomfromgeojson(%s)), 17)",
}

// held leaves out places that nothing lies in any more, which no answer sees: points have gone to others since.
var held = map[string]string{
	"place": "exists (select from address a where a.province = t.province and a.place_id = t.id) or exists (select from household h where h.province = t.province and h.place_id = t.id)",
	"place_period": `exists (select from address a where a.province = t.province and a.place_id = t.place_id)
		or exists (select from household h where h.province = t.province and h.place_id = t.place_id)`,
	// These tell by which steps the data came, not what they are.
	"snapshot": "false", "snapshot_unit": "false",
	"change": "value is not null", // what is no more tells of the past
	// These depend on a secret of the database's own.
	"publication": "false", "published": "false", "published_day": "false",
	// These tell what was taken out, under a key.
	"erased": "false", "erasure_key": "false",
	// Its names are made by chance.
	"change_epoch": "false",
}

// naturalRows returns a statement a table, which reads its rows as texts, in order; not of the log of who has read them: exporting adds to it; nor of
// what was disputed, which tells how the rows came about.
func naturalRows(t *testing.T, d *sql.DB) map[string]string {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), `select c.table_name, c.column_name, c.data_type
		from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
		where c.table_schema = 'public' and c.table_name not in ('spatial_ref_sys', 'schema_version', 'audit_log', 'import_job', 'import_problem', 'challenge', 'challenge_event', 'correction')
		order by c.table_name, c.ordinal_position`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns := map[string][]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			t.Fatal(err)
		}
		full, shown := table+"."+column, "t."+column+"::text"
		name, known := naturalNames[full]
		if !known {
			name, known = naturalNames[column]
		}
		switch {
		case slices.Contains(notOfTheData, full):
			continue
		case known:
			shown = fmt.Sprintf(name, "t."+column)
		case column == "id" || strings.HasSuffix(column, "_id"):
			t.Errorf("%s (%s) is a number that the test can't name", full, kind)
		}
		columns[table] = append(columns[table], fmt.Sprintf("'%s=' || coalesce(%s, '∅')", column, shown))
	}
	statements := make(map[string]string, len(columns))
	for table, c := range columns {
		where := held[table]
		if where == "" {
			where = "true"
		}
		statements[table] = fmt.Sprintf("select text from (select concat_ws(' | ', %s) as text from %s t where %s) r order by text collate \"C\"", strings.Join(c, ", "), table, where)
	}
	return statements
}

func allRows(t *testing.T, d *sql.DB, statement string) (all []string) {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), statement)
	if err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}
