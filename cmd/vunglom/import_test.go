package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// province writes a bundle of hamlets in a row, 0.01° wide each, with households and a few visits to each.
func province(t *testing.T, hamlets, households, visits int, outcome string) string {
	t.Helper()
	folder := t.TempDir()
	file := func(name, header string, write func(out *bufio.Writer)) {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		out := bufio.NewWriter(f)
		fmt.Fprintln(out, header)
		write(out)
		if err := out.Flush(); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	box := func(from, to int) string {
		return fmt.Sprintf(`"POLYGON((%.2[1]f 9,%.2[2]f 9,%.2[2]f 9.01,%.2[1]f 9.01,%.2[1]f 9))"`, 105+float64(from)/100, 105+float64(to)/100)
	}
	file("bundle.json", `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`, func(*bufio.Writer) {})
	file("units.csv", "level,code,name,kind,parent_level,parent_code,valid_from,geometry", func(out *bufio.Writer) {
		fmt.Fprintln(out, "province,96,Cà Mau,tinh,,,2004-08-31,")
		fmt.Fprintf(out, "commune,32001,Một,xa,province,96,2004-08-31,%s\n", box(0, hamlets))
		for i := range hamlets {
			fmt.Fprintf(out, "hamlet,H%d,%d,ap,commune,32001,2004-08-31,%s\n", i, i, box(i, i+1))
		}
	})
	file("teams.csv", "code,name,level,kind,unit_code,established_on", func(out *bufio.Writer) { fmt.Fprintln(out, "T,Tổ,commune,cnscd,32001,2022-01-01") })
	file("addresses.csv", "scheme,code,lon,lat,kind", func(out *bufio.Writer) {
		for i := range households {
			fmt.Fprintf(out, "local,A%d,%.6f,%.6f,household\n", i, 105+float64(hamlets)/100*float64(i)/float64(households), 9+float64(i%97)/10000)
		}
	})
	file("households.csv", "code,address_scheme,address_code,registered_on", func(out *bufio.Writer) {
		for i := range households {
			fmt.Fprintf(out, "N%d,local,A%d,2022-06-01\n", i, i)
		}
	})
	file("visits.csv", "code,household_code,team_code,visited_on,outcome", func(out *bufio.Writer) {
		for i := range visits {
			fmt.Fprintf(out, "V%07d,N%d,T,202%d-%02d-%02d,%s\n", i, i%households, 2+i%5, i/5%12+1, i/60%28+1, outcome)
		}
	})
	return folder
}

// digest is one text for all rows of all tables.
func digest(t *testing.T, url string) string {
	t.Helper()
	d, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	rows, err := d.QueryContext(t.Context(), `select tablename, (xpath('/row/c/text()', query_to_xml(
		format('select md5(string_agg(t::text, chr(10) order by t::text collate "C")) as c from %I t', tablename), false, true, '')))[1]::text
		from pg_tables where schemaname = 'public' and tablename not in ('spatial_ref_sys', 'schema_version', 'audit_log', 'import_job', 'import_problem', 'change_epoch') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var table string
		var sum *string
		if err := rows.Scan(&table, &sum); err != nil {
			t.Fatal(err)
		}
		if sum != nil {
			fmt.Fprintln(&all, table, *sum)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func succeed(t *testing.T, settings []string, args ...string) string {
	t.Helper()
	code, out, errs := outcome(t, program(t, settings, args...))
	if code != 0 {
		t.Fatalf("%v: exit code %d\n%s%s", args, code, out, errs)
	}
	return out + errs
}

// holdDataset keeps an import from its end, which is to write the province's row: however late a busy machine tells of a step, the import is still on its way.
func holdDataset(t *testing.T, url string) (release func() error) {
	t.Helper()
	d, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := d.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "select from dataset for update"); err != nil {
		t.Fatal(err)
	}
	return func() error { return errors.Join(tx.Rollback(), d.Close()) }
}

// TestImportKilledAtEveryStep kills the program with SIGKILL as each step of an import begins. What was stored stands, and another import goes well.
func TestImportKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("imports many times")
	}
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 20, 3000, 6000, "not_home"))
	before := digest(t, url)
	if !strings.Contains(before, "place_day") || !strings.Contains(before, "visit ") {
		t.Fatalf("the digest lacks tables: %s", before)
	}
	next := province(t, 21, 3500, 9000, "guided")
	var steps []string
	for line := range strings.Lines(succeed(t, settings, "import", "--dry-run", next)) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), " …"); ok && !slices.Contains(steps, name) {
			steps = append(steps, name)
		}
	}
	if len(steps) < 8 {
		t.Fatalf("too few steps: %v", steps)
	}
	for _, step := range steps {
		killed := program(t, settings, "import", next)
		release := dbtest.Lock(t, url, "published_day") // which the last step waits for: however late a busy machine tells of a step, the import is still on its way
		awaitLine(t, killed, stderrOf, step+" …")
		if err := killed.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = killed.Wait()
		lean(t, killed)
		release()
		if after := digest(t, url); after != before {
			t.Fatalf("killed at %q it left %s instead of %s", step, after, before)
		}
	}
	succeed(t, settings, "verify")
	succeed(t, settings, "import", next)
	succeed(t, settings, "verify")
	if digest(t, url) == before {
		t.Error("the last import changed nothing")
	}
}

// TestDatabaseKilledDuringImport kills the database's postmaster, and all its backends with it, in the midst of an import.
func TestDatabaseKilledDuringImport(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a server several times")
	}
	folder := reachableFolder(t)
	serve := func() (*db.Server, []string) {
		s, err := db.StartServer(t.Context(), db.ServerOptions{Folder: folder})
		if err != nil {
			t.Fatal(err)
		}
		return s, []string{"DATABASE_URL=" + s.URL()}
	}
	s, settings := serve()
	t.Cleanup(func() {
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	succeed(t, settings, "migrate")
	succeed(t, settings, "import", province(t, 20, 3000, 6000, "not_home"))
	before := digest(t, s.URL())
	next := province(t, 21, 3500, 9000, "guided")
	for _, step := range []string{"read visits", "locate addresses", "roll up", "generalise polygons"} {
		importing := program(t, settings, "import", next)
		release := holdDataset(t, s.URL())
		awaitLine(t, importing, stderrOf, step+" …")
		text, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.Fields(string(text))[0])
		if err != nil {
			t.Fatal(err)
		}
		// The backends too, as when the power goes: one that outlives the postmaster may bring its import to a good end.
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		if err != nil {
			t.Fatal(err)
		}
		for _, child := range append([]string{strconv.Itoa(pid)}, strings.Fields(string(children))...) {
			if pid, err := strconv.Atoi(child); err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
				t.Logf("process %s had ended already", child)
			}
		}
		if err := importing.Wait(); err == nil {
			t.Fatalf("at %q the import had ended already", step)
		}
		lean(t, importing)
		_ = release() // its connection died with the database
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, settings = serve()
		if after := digest(t, s.URL()); after != before {
			t.Fatalf("the database killed at %q came back with %s instead of %s", step, after, before)
		}
		succeed(t, settings, "verify")
	}
	succeed(t, settings, "import", next)
	succeed(t, settings, "verify")
}

// TestImportMemoryIsFlat imports a large table and looks at the most memory the program ever had.
func TestImportMemoryIsFlat(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("imports some million rows")
	}
	url := dbtest.URL(t)
	temporary := t.TempDir()
	settings := []string{"DATABASE_URL=" + url, "TMPDIR=" + temporary}
	for _, test := range []struct {
		what    string
		visits  int
		outcome string
		dryRun  bool
	}{
		{"a million visits", 1_000_000, "not_home", false},
		{"many bad rows", manyBadRows, "refused", true},
	} {
		args := []string{"import", province(t, 20, 2000, test.visits, test.outcome), "--rejects=" + t.TempDir(), "--report=" + filepath.Join(t.TempDir(), "report.json")}
		if test.dryRun {
			args = append(args, "--dry-run")
		}
		cmd := program(t, settings, args...)
		code, out, errs := outcome(t, cmd)
		if code != 0 {
			t.Fatalf("exit code %d: %s%s", code, out, errs)
		}
		usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		t.Logf("%s: at most %d MB, %v", test.what, usage.Maxrss>>10, cmd.ProcessState.UserTime())
		if usage.Maxrss > 400<<10 {
			t.Errorf("%s took %d MB", test.what, usage.Maxrss>>10)
		}
		if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
			t.Errorf("temporary files were left: %v, %v", left, err)
		}
	}
}

// TestImportCommand runs the command on a dirty bundle: exit codes, report, rejects.
func TestImportCommand(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	folder, out := province(t, 3, 30, 60, "guided"), t.TempDir()
	visits, err := os.ReadFile(filepath.Join(folder, "visits.csv"))
	if err != nil {
		t.Fatal(err)
	}
	bad := "W1,nobody,T,2024-01-01,guided\n"
	if err := os.WriteFile(filepath.Join(folder, "visits.csv"), append(visits, bad...), 0o600); err != nil {
		t.Fatal(err)
	}
	rejects, reportFile := filepath.Join(out, "rejects"), filepath.Join(out, "report.json")
	empty := digest(t, url)
	if code, said, errs := outcome(t, program(t, settings, "import", folder, "--strict", "--rejects", rejects, "--report", reportFile)); code != exitFailure || !strings.Contains(said+errs, "--strict") {
		t.Errorf("--strict: exit code %d\n%s%s", code, said, errs)
	}
	succeed(t, settings, "import", folder, "--dry-run")
	if digest(t, url) != empty {
		t.Error("--strict or --dry-run left something behind")
	}
	said := succeed(t, settings, "import", folder, "--rejects", rejects, "--report", reportFile)
	if !strings.Contains(said, "visits.csv:62") || !strings.Contains(said, "nobody") {
		t.Errorf("the rejected row is not named: %s", said)
	}
	text, err := os.ReadFile(filepath.Join(rejects, "visits.csv"))
	if header, _, _ := strings.Cut(string(visits), "\n"); err != nil || string(text) != header+"\n"+bad {
		t.Errorf("rejects: %q, %v", text, err)
	}
	var report struct {
		Tables   map[string]map[string]int
		Problems []map[string]any
		Snapshot string
	}
	if text, err = os.ReadFile(reportFile); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"read": 61, "inserted": 60, "updated": 0, "unchanged": 0, "rejected": 1}; !maps.Equal(report.Tables["visits"], want) || len(report.Problems) != 1 || report.Snapshot == "" {
		t.Errorf("report: %s", text)
	}
	if code, said, _ := outcome(t, program(t, settings, "import", filepath.Join(out, "nowhere"), "--report", reportFile)); code != exitFailure {
		t.Errorf("a bundle that is not there: exit code %d: %s", code, said)
	}
	if text, err = os.ReadFile(reportFile); err != nil || !strings.Contains(string(text), `"failed":"nowhere: `) || !strings.Contains(string(text), `"snapshot":""`) {
		t.Errorf("the report of a bundle that is not there: %v: %s", err, text)
	}
	landed := digest(t, url)
	if code, said, errs := outcome(t, program(t, settings, "import", province(t, 2, 5, 5, "guided"), "--report", filepath.Join(out, "no folder", "report.json"))); code != exitFailure || !strings.Contains(errs, "--report") {
		t.Errorf("a report that can't be written: exit code %d: %s%s", code, said, errs)
	}
	if digest(t, url) != landed {
		t.Error("an import landed that says it failed, because of its report")
	}
	d := dbtest.SQL(t, url)
	if _, err := d.ExecContext(t.Context(), "update visit set household_code = 'nobody' where code = 'V0000000'"); err != nil {
		t.Fatal(err)
	}
	if code, said, _ := outcome(t, program(t, settings, "verify")); code != exitFailure || !strings.Contains(said, "reference") || !strings.Contains(said, "V0000000") {
		t.Errorf("verify of a broken province: exit code %d: %s", code, said)
	}
}
