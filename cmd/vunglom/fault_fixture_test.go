package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// patience is how long a test waits for what is sure to come, on a machine that may be busy.
const patience = 3 * time.Minute

// await fails the test unless something holds before patience ends.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// database is a private server that a test stops, kills and starts, with a province in it.
type database struct {
	*db.Server
	folder string
}

func startDatabase(t *testing.T, folder string) *database {
	t.Helper()
	d := &database{folder: folder}
	d.start(t)
	t.Cleanup(func() {
		if err := d.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *database) start(t *testing.T) {
	t.Helper()
	var err error
	if d.Server, err = db.StartServer(t.Context(), db.ServerOptions{Folder: d.folder}); err != nil {
		t.Fatal(err)
	}
}

// settings names the database to a run of the program.
func (d *database) settings() []string { return []string{"DATABASE_URL=" + d.URL()} }

// statement carries out a statement.
func statement(t *testing.T, url, text string) {
	t.Helper()
	if _, err := dbtest.SQL(t, url).ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

// number reads a whole number.
func number(t *testing.T, url, query string) (n int) {
	t.Helper()
	d, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// postmaster is the server's process.
func (d *database) postmaster(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(d.folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.Fields(string(text))[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// kill ends the server as when the power goes: the postmaster and its backends too, because one that outlives it may bring its
// import to a good end.
func (d *database) kill(t *testing.T) {
	t.Helper()
	pid := d.postmaster(t)
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range append([]string{strconv.Itoa(pid)}, strings.Fields(string(children))...) {
		if pid, err := strconv.Atoi(child); err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
			t.Logf("process %s had ended already", child)
		}
	}
}

// served is a running `vunglom serve`.
type served struct {
	cmd     *exec.Cmd
	address string
	log     *lockedBuffer
	client  *http.Client
	ended   chan struct{} // closed once the process has
}

var servingAt = regexp.MustCompile(`Serving (http://\S+)`)

func serve(t *testing.T, settings []string, args ...string) *served {
	t.Helper()
	s := &served{log: &lockedBuffer{}, ended: make(chan struct{}), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	s.cmd = program(t, settings, append([]string{"serve", "--listen=127.0.0.1:0", "--client-rate=1e12", "--client-burst=1000000000"}, args...)...) // all clients of a test are one
	s.cmd.Stdout, s.cmd.Stderr = io.Discard, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.ended)
		_ = s.cmd.Wait() // the exit code says it
	}()
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); <-s.ended; s.client.CloseIdleConnections() })
	await(t, "the program serves", func() bool {
		select {
		case <-s.ended:
			t.Fatalf("it ended:\n%s", s.log)
		default:
		}
		found := servingAt.FindStringSubmatch(s.log.String())
		if found != nil {
			s.address = found[1]
		}
		return found != nil
	})
	return s
}

// answer is what a client got.
type answer struct {
	status int
	body   string
	code   string // of its first error; empty: none
	err    error  // there was no whole answer
}

func (a answer) good() bool { return a.err == nil && a.status == http.StatusOK && a.code == "" }

// ask sends a request to the program: a GraphQL query, or where it begins with a slash the GET of a path.
func (s *served) ask(ctx context.Context, what string) (a answer) {
	method, path, body := http.MethodGet, what, ""
	if !strings.HasPrefix(what, "/") {
		text, err := json.Marshal(map[string]string{"query": what})
		if err != nil {
			return answer{err: err}
		}
		method, path, body = http.MethodPost, "/graphql", string(text)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.address+path, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := s.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	a = answer{status: response.StatusCode, body: string(text), err: err}
	var failed struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if json.Unmarshal(text, &failed) == nil && len(failed.Errors) > 0 {
		a.code = failed.Errors[0].Extensions.Code
	}
	return a
}

// figure reads one of the program's metrics; 0 where there is none of that name and labels.
func (s *served) figure(t *testing.T, name string) float64 {
	t.Helper()
	for line := range strings.Lines(s.ask(t.Context(), "/metrics").body) {
		if text, is := strings.CutPrefix(line, name+" "); is {
			value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	return 0
}

// bounded fails the test if the program ever took more memory than it may.
func (s *served) bounded(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kB, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("at most %d MB", kB>>10)
	if kB>>10 > servedMemory {
		t.Errorf("serving took %d MB, %d at most", kB>>10, servedMemory)
	}
}

// client asks the same again and again, and counts what it is answered.
type client struct {
	what         string
	may          func(answer) bool // an answer that is neither good nor an error with a code
	good, failed atomic.Int64
}

// load is clients who ask until the test ends or stop is called.
type load struct {
	clients []*client
	stop    func()
}

// begin starts clients. Whatever goes wrong, each of them gets the answer it got at first or an error that has a code.
func (s *served) begin(t *testing.T, clients ...*client) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	l := &load{clients: clients, stop: sync.OnceFunc(func() { cancel(); running.Wait() })}
	for _, c := range clients {
		first := s.ask(ctx, c.what)
		if !first.good() {
			t.Fatalf("%s: %+v", c.what, first)
		}
		running.Go(func() {
			for ctx.Err() == nil {
				a := s.ask(ctx, c.what)
				switch {
				case ctx.Err() != nil:
				case a.good() && a.body == first.body:
					c.good.Add(1)
				case a.err == nil && a.code != "" || c.may != nil && c.may(a):
					c.failed.Add(1)
					time.Sleep(5 * time.Millisecond) // a machine is shared with other tests
				default:
					t.Errorf("%s: %+v", c.what, a)
					return
				}
			}
		})
	}
	t.Cleanup(l.stop)
	return l
}

// failing waits until every client has met an error since now.
func (l *load) failing(t *testing.T) {
	t.Helper()
	l.each(t, "fail", func(c *client) int64 { return c.failed.Load() })
}

// answered waits until every client has got its answer since now.
func (l *load) answered(t *testing.T) {
	t.Helper()
	l.each(t, "are answered", func(c *client) int64 { return c.good.Load() })
}

func (l *load) each(t *testing.T, what string, count func(*client) int64) {
	t.Helper()
	before := make([]int64, len(l.clients))
	for i, c := range l.clients {
		before[i] = count(c)
	}
	await(t, "all clients "+what, func() bool {
		for i, c := range l.clients {
			if count(c) < before[i]+2 { // the first may have been under way
				return false
			}
		}
		return true
	})
}
