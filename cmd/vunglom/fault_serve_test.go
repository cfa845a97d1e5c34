package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"vunglom/db/dbtest"
)

// What the clients of the tests of faults ask of the province of province().
const (
	askUnit  = `{ adminUnit(level: COMMUNE, code: "32001", asOf: "2024-09-30") { name coverage { gapHouseholds } } }`
	askLoads = `{ datasets { province asOf } }`
	askTile  = "/tiles/units/10/811/486.mvt?level=COMMUNE&asOf=2024-09-30"
	askFile  = "/export/addresses.csv?asOf=2024-09-30"
)

// brokenOff tells whether a file ended before it was whole: the connection was cut, so that nobody takes it for one.
func brokenOff(a answer) bool { return a.err != nil && a.status == http.StatusOK }

// TestServeOutlivesItsDatabase: the database is stopped and started, crashes, and is full of others' connections while people
// ask; they get errors that have codes, and then answers again, without anybody starting the program anew.
func TestServeOutlivesItsDatabase(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a server several times")
	}
	d := startDatabase(t, reachableFolder(t))
	succeed(t, d.settings(), "migrate")
	succeed(t, d.settings(), "import", province(t, 20, 1000, 2000, "not_home"))
	before := digest(t, d.URL())
	statement(t, d.URL(), "alter system set max_connections = 25") // from the next start on
	s := serve(t, []string{"DATABASE_URL=" + d.URL() + "&pool_max_conns=6"})
	clients := []*client{{what: askUnit}, {what: askLoads}, {what: askTile}, {what: askFile, may: brokenOff}}
	l := s.begin(t, clients...)
	l.answered(t)
	ready := func() bool { return s.ask(t.Context(), "/readyz").status == http.StatusOK }
	mended := func(t *testing.T) {
		t.Helper()
		l.answered(t)
		await(t, "the program is ready", ready)
		if after := digest(t, d.URL()); after != before {
			t.Errorf("it is %s instead of %s", after, before)
		}
		succeed(t, d.settings(), "verify")
	}
	broken := func(t *testing.T) {
		t.Helper()
		l.failing(t)
		await(t, "the program says that it is not ready, and why", func() bool {
			a := s.ask(t.Context(), "/readyz")
			return a.status == http.StatusServiceUnavailable && strings.Contains(a.body, "does not answer")
		})
		if a := s.ask(t.Context(), "/healthz"); !a.good() {
			t.Errorf("/healthz: %+v", a)
		}
		if a := s.ask(t.Context(), askLoads); a.code != "INTERNAL" || !strings.Contains(a.body, "try again") {
			t.Errorf("the API: %+v", a)
		}
	}
	t.Run("stopped and started", func(t *testing.T) {
		if err := d.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		broken(t)
		d.start(t)
		mended(t)
	})
	t.Run("killed and started", func(t *testing.T) {
		d.kill(t)
		broken(t)
		if err := d.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.start(t)
		mended(t)
	})
	t.Run("a backend crashes and takes all others with it", func(t *testing.T) {
		var pid int
		await(t, "the program has a connection", func() bool {
			pid = number(t, d.URL(), "select coalesce(max(pid), 0) from pg_stat_activity where application_name = 'vunglom'")
			return pid != 0
		})
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		await(t, "it is gone", func() bool { return syscall.Kill(pid, 0) != nil })
		mended(t)
	})
	t.Run("others take every connection", func(t *testing.T) {
		others := dbtest.SQL(t, d.URL())
		var held []*sql.Conn
		await(t, "the program has no connection left", func() bool {
			for {
				conn, err := others.Conn(t.Context())
				if err != nil {
					if !strings.Contains(err.Error(), "53300") {
						t.Fatal(err)
					}
					break
				}
				held = append(held, conn)
			}
			var ended int
			err := held[0].QueryRowContext(t.Context(), `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'vunglom'`).Scan(&ended)
			if err != nil {
				t.Fatal(err)
			}
			return ended == 0
		})
		broken(t)
		for _, conn := range held {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := others.Close(); err != nil {
			t.Error(err)
		}
		mended(t)
	})
	s.bounded(t)
}

// waiting is how many statements wait for a lock.
const waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"

// TestServeGivesUpWhatHangs: statements wait for a lock until their time is over, and hold every connection; who waits for one of
// those gives up too. Then nothing is left of them, and everybody is answered.
func TestServeGivesUpWhatHangs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits until time is over")
	}
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 3, 30, 60, "not_home"))
	before := digest(t, url)
	const connections = 3
	s := serve(t, []string{fmt.Sprintf("DATABASE_URL=%s&pool_max_conns=%d", url, connections)}, "--limit-time=10s")
	release := dbtest.Lock(t, url, "dataset")
	answers := make(chan answer)
	asked := []string{askLoads, askLoads, askFile, askTile, askUnit + " ", askUnit, askLoads + " "}
	for _, what := range asked {
		go func() { answers <- s.ask(t.Context(), what) }()
	}
	await(t, "every connection hangs", func() bool { return number(t, url, waiting) == connections })
	if a := s.ask(t.Context(), "/healthz"); !a.good() {
		t.Errorf("/healthz: %+v", a)
	}
	for range asked {
		if a := <-answers; a.code != "TIMEOUT" {
			t.Errorf("%+v", a)
		}
	}
	await(t, "no statement is left", func() bool { return number(t, url, waiting) == 0 })
	release()
	for _, what := range asked {
		if a := s.ask(t.Context(), what); !a.good() {
			t.Errorf("after that: %+v", a)
		}
	}
	if after := digest(t, url); after != before {
		t.Errorf("it is %s instead of %s", after, before)
	}
	succeed(t, settings, "verify")
	s.bounded(t)
}

// TestServeDropsWhoStopsReading: clients who ask for a file and take nothing of it hold the turns of those who make files, but
// only for so long.
func TestServeDropsWhoStopsReading(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("imports more than a connection's buffers hold")
	}
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 3, 40_000, 10, "not_home"))
	s := serve(t, settings, "--stall=2s")
	const file = "/export/addresses.geojson?asOf=2024-09-30"
	const stopped = 4 // twice as many as may be made at a time
	for range stopped {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.address, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", file, strings.TrimPrefix(s.address, "http://")); err != nil {
			t.Fatal(err)
		}
	}
	if a := s.ask(t.Context(), askUnit); !a.good() {
		t.Errorf("beside them: %+v", a)
	}
	defer func() {
		if t.Failed() {
			t.Logf("the program said:\n%s", s.log)
		}
	}()
	await(t, "all of them are dropped or were never served", func() bool {
		said := s.log.String()
		return strings.Count(said, "an export broke off")+strings.Count(said, "path=/export/addresses.geojson status=503") == stopped
	})
	if !strings.Contains(s.log.String(), "an export broke off") {
		t.Errorf("nobody was dropped:\n%s", s.log)
	}
	if a := s.ask(t.Context(), file); !a.good() || len(a.body) < 8<<20 {
		t.Errorf("who reads is answered %d, %d bytes, %v", a.status, len(a.body), a.err)
	}
	await(t, "no connection is held by nobody", func() bool {
		return number(t, url, "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'vunglom' and state <> 'idle'") == 0
	})
	succeed(t, settings, "verify")
	s.bounded(t)
}

// TestServeStopsUnderLoad: told to stop, the program finishes what is under way, takes nothing new, and ends with 0.
func TestServeStopsUnderLoad(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 3, 30, 60, "not_home"))
	before := digest(t, url)
	s := serve(t, settings, "--shutdown-grace="+patience.String())
	var told atomic.Bool
	refused := func(answer) bool { return told.Load() }
	l := s.begin(t, &client{what: askUnit, may: refused}, &client{what: askTile, may: refused}, &client{what: askFile, may: refused})
	l.answered(t)
	release := dbtest.Lock(t, url, "dataset")
	answers := make(chan answer)
	under := []string{askLoads, askLoads + " ", askTile, askFile}
	for _, what := range under {
		go func() { answers <- s.ask(t.Context(), what) }()
	}
	await(t, "they are under way", func() bool { return s.figure(t, "vunglom_http_requests_in_flight") >= float64(len(under)+3) })
	told.Store(true)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	await(t, "nothing new is taken", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.address, "http://"))
		if err == nil {
			_ = conn.Close()
		}
		return errors.Is(err, syscall.ECONNREFUSED)
	})
	s.bounded(t) // while it still runs
	release()
	for range under {
		if a := <-answers; !a.good() {
			t.Errorf("what was under way: %+v", a)
		}
	}
	<-s.ended
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, s.log)
	}
	if after := digest(t, url); after != before {
		t.Errorf("it is %s instead of %s", after, before)
	}
	succeed(t, settings, "verify")
}
