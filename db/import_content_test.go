package db_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/bundle"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// landing is a database that a test imports into and looks at with plain SQL.
type landing struct {
	*db.DB
	sql *sql.DB
	url string
}

func newLanding(t *testing.T) *landing {
	t.Helper()
	return newLandingAt(t, dbtest.URL(t))
}

// newSynthetic is a database of the test's own that holds syntheticBundle, imported once for all tests and verified.
func newSynthetic(t *testing.T) *landing {
	t.Helper()
	return newLandingAt(t, syntheticURL(t))
}

func syntheticURL(t *testing.T) string {
	t.Helper()
	return dbtest.Filled(t, "synthetic", func(url string) {
		d, err := dbtest.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		r, err := importDir(t, d, syntheticBundle(t), db.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		balanced(t, r)
		verified(t, d)
	})
}

func newLandingAt(t *testing.T, url string) *landing {
	t.Helper()
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return &landing{d, dbtest.SQL(t, url), url}
}

// land imports files and fails the test where they don't land or break a rule.
func (l *landing) land(t *testing.T, files map[string]string, o db.ImportOptions) *db.Report {
	t.Helper()
	return l.landDir(t, write(t, files), o)
}

func (l *landing) landDir(t *testing.T, dir string, o db.ImportOptions) *db.Report {
	t.Helper()
	r, err := importDir(t, l.DB, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	balanced(t, r)
	verified(t, l.DB)
	return r
}

// balanced fails the test where the rows of a table don't add up.
func balanced(t *testing.T, r *db.Report) {
	t.Helper()
	for _, c := range r.Tables {
		if c.Read != c.Inserted+c.Updated+c.Unchanged+c.Rejected || min(c.Inserted, c.Updated, c.Unchanged, c.Rejected) < 0 {
			t.Errorf("%s: %+v does not add up", c.Name, c.Count)
		}
	}
}

// content is a digest of every row of every table, derived ones too.
func content(t *testing.T, d *sql.DB) map[string]string {
	t.Helper()
	digests := map[string]string{}
	for _, table := range texts(t, d, `select tablename from pg_tables where schemaname = 'public' and tablename not in ('spatial_ref_sys', 'schema_version')`) {
		digests[table] = texts(t, d, `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\n' order by t::text collate "C")), '') from "`+table+`" t`)[0]
	}
	return digests
}

// said is a text of every row that bundles gave, without the numbers that the store gives to things.
func said(t *testing.T, d *sql.DB) map[string][]string {
	t.Helper()
	rows := map[string][]string{}
	for table, columns := range map[string]string{
		"unit":       `u.level, u.code, u.name, u.kind, u.parent_level, u.parent_code, u.valid, u.population, u.households, u.derived_support, (select ST_AsEWKB(ST_Normalize(geometry)) from polygon p where p.id = u.polygon_id)`,
		"succession": "u.*", "designation": "u.*", "service": "u.*", "target": "u.*", "team_service": "u.*", "member": "u.*", "visit": "u.*", "adoption": "u.*", "report": "u.*",
		"service_point": "u.*",
		"address":       "u.scheme, u.code, u.position, u.kind, u.commune_code, u.hamlet_code, u.label, u.surveyed_on",
		"team":          "u.code, u.name, u.level, u.kind, u.unit_code, u.decision, u.active, u.position, u.base",
		"household":     "u.code, u.address_scheme, u.address_code, u.commune_code, u.hamlet_code, u.persons, u.registered_on, u.ended_on",
	} {
		rows[table] = texts(t, d, `select row(`+columns+`)::text from "`+table+`" u order by 1`)
	}
	return rows
}

// texts answers a statement of one text column.
func texts(t *testing.T, d *sql.DB, statement string, args ...any) []string {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatalf("%v: %s", err, statement)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// sameContent fails the test where two digests differ, and names the tables.
func sameContent(t *testing.T, what string, before, after map[string]string) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if before[table] != after[table] {
			t.Errorf("%s: %s is not what it was: %s, %s", what, table, before[table], after[table])
		}
	}
}

// edited returns a bundle's files with some replaced, added, or ("") left out.
func edited(files map[string]string, changes map[string]string) map[string]string {
	out := maps.Clone(files)
	for name, text := range changes {
		if text == "" {
			delete(out, name)
		} else {
			out[name] = text
		}
	}
	return out
}

// only keeps bundle.json and the named files.
func only(files map[string]string, names ...string) map[string]string {
	out := map[string]string{"bundle.json": files["bundle.json"]}
	for _, name := range names {
		out[name] = files[name]
	}
	return out
}

func TestImportAgainChangesNothing(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{"small": small, "dirty": dirty} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLanding(t)
			first := l.land(t, files, db.ImportOptions{})
			before := content(t, l.sql)
			again := l.land(t, files, db.ImportOptions{})
			sameContent(t, "after the same bundle again", before, content(t, l.sql))
			if first.Snapshot != again.Snapshot {
				t.Errorf("the snapshot went from %s to %s", first.Snapshot, again.Snapshot)
			}
			for i, c := range again.Tables {
				if c.Unchanged != c.Read-c.Rejected || c.Rejected != first.Tables[i].Rejected {
					t.Errorf("%s: %+v, then %+v", c.Name, first.Tables[i].Count, c.Count)
				}
			}
			if diff := cmp.Diff(first.Problems, again.Problems); diff != "" {
				t.Errorf("the second import says something else: %s", diff)
			}
		})
	}
}

func TestDryRunSaysTheSameAndKeepsNothing(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	empty := content(t, l.sql)
	dry, err := importDir(t, l.DB, write(t, dirty), db.ImportOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	sameContent(t, "a dry run into nothing", empty, content(t, l.sql))
	wet := l.land(t, dirty, db.ImportOptions{})
	if diff := cmp.Diff(wet.Tables, dry.Tables); diff != "" {
		t.Errorf("counts differ: %s", diff)
	}
	if diff := cmp.Diff(wet.Problems, dry.Problems); diff != "" {
		t.Errorf("problems differ: %s", diff)
	}
	before := content(t, l.sql)
	if _, err := importDir(t, l.DB, write(t, edited(dirty, map[string]string{"visits.csv": strings.Replace(dirty["visits.csv"], "guided", "declined", 1)})),
		db.ImportOptions{DryRun: true}); err != nil {
		t.Fatal(err)
	}
	sameContent(t, "a dry run of a change", before, content(t, l.sql))
	verified(t, l.DB)
}

func TestStrictKeepsNothing(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, only(dirty, "units.csv"), db.ImportOptions{})
	before := content(t, l.sql)
	rejects := t.TempDir()
	r, err := importDir(t, l.DB, write(t, dirty), db.ImportOptions{Strict: true, RejectsDir: rejects})
	if err == nil || r.Failed == "" || r.Snapshot != "" {
		t.Fatalf("got %v, %+v", err, r)
	}
	if r.Rejected() == 0 || len(r.Problems) == 0 {
		t.Error("the report does not say which rows were rejected")
	}
	if entries, err := os.ReadDir(rejects); err != nil || len(entries) == 0 {
		t.Errorf("no rejected row was copied: %v", err)
	}
	sameContent(t, "a strict import that failed", before, content(t, l.sql))
	verified(t, l.DB)
	if _, err := importDir(t, l.DB, write(t, small), db.ImportOptions{Strict: true}); err != nil {
		t.Errorf("a clean bundle fails a strict import: %v", err)
	}
}

// TestReportIsTheContracts holds the JSON to the contract's keys.
func TestReportIsTheContracts(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	text, err := json.Marshal(l.land(t, dirty, db.ImportOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Tables   map[string]struct{ Read, Inserted, Updated, Unchanged, Rejected *int64 }
		Problems []struct {
			Table, File   string
			Line          *int64
			Column, Value *string
			Code, Message string
			Kept          *bool
		}
		Snapshot string
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&report); err != nil {
		t.Fatal(err)
	}
	if report.Snapshot == "" || len(report.Tables) != len(bundle.Tables) {
		t.Errorf("snapshot %q, %d tables", report.Snapshot, len(report.Tables))
	}
	for name, c := range report.Tables {
		if c.Read == nil || c.Inserted == nil || c.Updated == nil || c.Unchanged == nil || c.Rejected == nil {
			t.Errorf("%s lacks a count", name)
		}
	}
	for _, p := range report.Problems {
		if p.File == "" || p.Line == nil || p.Column == nil || p.Value == nil || p.Code == "" || p.Message == "" || p.Kept == nil {
			t.Errorf("%+v lacks something", p)
		}
	}
}
