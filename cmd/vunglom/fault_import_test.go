package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"vunglom/db/dbtest"
)

// TestImportKilledAtRandom kills the program, the database, or one after the other, at moments that a seed says. An import has
// landed whole or not at all, and goes well when it is done again.
func TestImportKilledAtRandom(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("imports many times and brings up a server several times")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	d := startDatabase(t, reachableFolder(t))
	succeed(t, d.settings(), "migrate")
	began := time.Now()
	succeed(t, d.settings(), "import", province(t, 20, 1000, 2000, "not_home"))
	took := time.Since(began)
	before := digest(t, d.URL())
	for round := range 6 {
		next := province(t, 20, 1000+100*round, 3000+500*round, []string{"guided", "declined", "not_home"}[round%3])
		moment := time.Duration(random.Int64N(int64(took + took/5))) // some come too late
		importing := program(t, d.settings(), "import", next)
		if err := importing.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(moment) // whatever it is at then
		program, server := round%3 != 1, round%3 != 0
		if program {
			_ = importing.Process.Kill() // it may have ended
		}
		if server {
			d.kill(t)
		}
		_ = importing.Wait()
		lean(t, importing)
		if server {
			if err := d.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			d.start(t)
		}
		await(t, "nothing goes on any more", func() bool {
			return number(t, d.URL(), "select count(*) from pg_stat_activity where application_name = 'vunglom'") == 0
		})
		said := fmt.Sprintf("round %d, killed after %v (program %v, database %v)", round, moment, program, server)
		after := digest(t, d.URL())
		landed := after != before
		if importing.ProcessState.Success() && !landed {
			t.Errorf("%s: it said that it had landed, and nothing is there", said)
		}
		succeed(t, d.settings(), "verify")
		began = time.Now()
		succeed(t, d.settings(), "import", next)
		if !landed {
			took = time.Since(began)
		}
		if again := digest(t, d.URL()); landed && again != after {
			t.Errorf("%s: it had landed as %s, and is %s when done again", said, after, again)
		}
		before = digest(t, d.URL())
		t.Log(said, "landed", landed)
	}
	succeed(t, d.settings(), "verify")
}

// TestDatabaseKilledAtTheLastWord kills the database while an import is being committed: the program can't know what has become of
// it, and says so.
func TestDatabaseKilledAtTheLastWord(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a server of its own")
	}
	d := startDatabase(t, reachableFolder(t))
	succeed(t, d.settings(), "migrate")
	folder := province(t, 3, 30, 60, "guided")
	for _, text := range []string{
		"create table gate ()",
		"create function pass() returns trigger language plpgsql as 'begin lock table gate; return null; end'",
		"create constraint trigger pass after insert on dataset deferrable initially deferred for each row execute function pass()",
	} {
		statement(t, d.URL(), text)
	}
	gate := dbtest.SQL(t, d.URL())
	tx, err := gate.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "lock table gate"); err != nil {
		t.Fatal(err)
	}
	importing := program(t, d.settings(), "import", folder)
	said := &lockedBuffer{}
	importing.Stdout, importing.Stderr = said, said
	if err := importing.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, "it is being committed", func() bool {
		return number(t, d.URL(), "select count(*) from pg_stat_activity where query = 'commit' and wait_event_type = 'Lock'") == 1
	})
	d.kill(t)
	_ = importing.Wait()
	lean(t, importing)
	if code := importing.ProcessState.ExitCode(); code != exitFailure || !strings.Contains(said.String(), "Not known") || strings.Contains(said.String(), "Nothing was imported") {
		t.Errorf("exit code %d: %s", code, said)
	}
	_ = tx.Rollback() // its connection died with the database
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.start(t)
	succeed(t, d.settings(), "verify")
	succeed(t, d.settings(), "import", folder)
	succeed(t, d.settings(), "verify")
}

// TestTwoImportsAtOnce: while an import is on its way another of the same province waits for it; both land.
func TestTwoImportsAtOnce(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 5, 100, 200, "not_home"))
	release := holdDataset(t, url)
	type result struct {
		code int
		said string
	}
	ended := make(chan result)
	run := func(folder string) {
		code, out, errs := outcome(t, program(t, settings, "import", folder))
		ended <- result{code, out + errs}
	}
	go run(province(t, 5, 100, 300, "guided"))
	await(t, "one is on its way", func() bool { return number(t, url, waiting) == 1 })
	go run(province(t, 5, 150, 300, "declined"))
	await(t, "the other waits for it", func() bool {
		return number(t, url, "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())") == 1
	})
	if err := release(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r := <-ended; r.code != 0 {
			t.Errorf("exit code %d: %s", r.code, r.said)
		}
	}
	if got := fmt.Sprint(number(t, url, "select count(*) from household"), number(t, url, "select count(*) from visit where outcome = 'declined'")); got != "150 300" {
		t.Errorf("households and visits of the last: %s", got)
	}
	succeed(t, settings, "verify")
}

// TestClockInAnotherZone: what is stored and answered does not depend on the zone of whoever runs the program, though days begin
// at other times there.
func TestClockInAnotherZone(t *testing.T) {
	t.Parallel()
	folder := province(t, 5, 100, 200, "guided")
	var stored, answered string
	for _, zone := range []string{"Asia/Ho_Chi_Minh", "Pacific/Kiritimati", "America/Los_Angeles"} { // UTC+7, +14, -8
		url := dbtest.URL(t)
		settings := []string{"DATABASE_URL=" + url, "TZ=" + zone, "PGTZ=" + zone}
		succeed(t, settings, "import", folder)
		succeed(t, settings, "verify")
		rows := slices.DeleteFunc(strings.Split(digest(t, url), "\n"), func(line string) bool {
			table, _, _ := strings.Cut(line, " ")
			return slices.Contains([]string{"dataset", "snapshot", "remoteness", // they have the time of the import
				"publication", "published", "published_day"}, table) // they follow from a secret of the database
		})
		s := serve(t, settings)
		answers := ""
		for _, what := range []string{askUnit, askLoads, askTile, `{ adminUnit(level: COMMUNE, code: "32001") { validFrom coverage { gapHouseholds } } }`,
			`{ coverageTrend(level: COMMUNE, code: "32001", from: "2022-01-31", to: "2024-09-30") { asOf } }`} {
			a := s.ask(t.Context(), what)
			answers += a.body + "\n"
		}
		if !strings.Contains(answers, "gapHouseholds") {
			t.Fatal(answers)
		}
		if stored == "" {
			stored, answered = strings.Join(rows, "\n"), answers
		}
		if got := strings.Join(rows, "\n"); got != stored {
			t.Errorf("%s: stored is\n%s\ninstead of\n%s", zone, got, stored)
		}
		if answers != answered {
			t.Errorf("%s: answered is\n%s\ninstead of\n%s", zone, answers, answered)
		}
	}
}

// TestImportOnAFullDisk lets the disk of the database run full in the midst of an import, at several amounts of room. The import
// fails and says why; once there is room again nothing is lost, and it goes well.
func TestImportOnAFullDisk(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a server of its own")
	}
	disk := reachableFolder(t)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=600m,mode=755"); err != nil {
		t.Skipf("only who may mount can have a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	d := startDatabase(t, filepath.Join(disk, "database"))
	succeed(t, d.settings(), "migrate")
	succeed(t, d.settings(), "import", province(t, 20, 1000, 2000, "not_home"))
	before := digest(t, d.URL())
	next := province(t, 20, 20_000, 100_000, "guided")
	ballast := filepath.Join(disk, "ballast")
	for _, room := range []int64{1 << 20, 24 << 20, 40 << 20} {
		fill(t, disk, ballast, room)
		code, out, errs := outcome(t, program(t, d.settings(), "import", next))
		if code == 0 && room > 24<<20 {
			t.Logf("%d MB of room are enough here", room>>20)
			break
		}
		if code != exitFailure || !strings.Contains(errs, "has no room left") {
			t.Errorf("with %d MB of room: exit code %d\n%s%s", room>>20, code, out, errs)
		}
		t.Logf("%d MB of room: %s", room>>20, errs[strings.Index(errs, "vunglom: "):])
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		await(t, "the database has recovered", func() bool { // the log of what is written needs room too: without it PostgreSQL starts anew
			return program(t, d.settings(), "migrate").Run() == nil
		})
		if after := digest(t, d.URL()); after != before {
			t.Fatalf("with %d MB of room it left %s instead of %s", room>>20, after, before)
		}
		succeed(t, d.settings(), "verify")
	}
	succeed(t, d.settings(), "import", next)
	succeed(t, d.settings(), "verify")
	if digest(t, d.URL()) == before {
		t.Error("the last import changed nothing")
	}
}

// fill leaves so much room on a disk.
func fill(t *testing.T, disk, ballast string, room int64) {
	t.Helper()
	var stat syscall.Statfs_t
	if err := syscall.Statfs(disk, &stat); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, int64(stat.Bavail)*stat.Bsize-room); err != nil {
		t.Fatal(err)
	}
}
