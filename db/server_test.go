package db

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// helperVariable makes a copy of the test program keep a server, to be killed by a test.
const helperVariable = "VUNGLOM_TEST_KEEP_SERVER_IN"

func TestMain(m *testing.M) {
	if folder := os.Getenv(helperVariable); folder != "" {
		keepServer(folder)
	}
	os.Exit(m.Run())
}

func keepServer(folder string) {
	s, err := StartServer(context.Background(), ServerOptions{Folder: folder})
	if err != nil {
		os.Stdout.WriteString(err.Error())
		os.Exit(1)
	}
	os.Stdout.WriteString(strconv.Itoa(s.postmaster()) + "\n")
	_, _ = os.Stdin.Read(make([]byte, 1)) // until killed
	_ = s.Stop(context.Background())
	os.Exit(0)
}

// serverFolder is no t.TempDir: as root the server's user could not pass through that.
func serverFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "vunglom-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

func startServer(t *testing.T, options ServerOptions) *Server {
	t.Helper()
	s, err := StartServer(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func execute(t *testing.T, url, statement string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	results, err := conn.PgConn().Exec(t.Context(), statement).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(results) == 0 || len(results[0].Rows) == 0 {
		return ""
	}
	return string(results[0].Rows[0][0])
}

func TestServerKeepsItsData(t *testing.T) {
	t.Parallel()
	folder := serverFolder(t)
	first := startServer(t, ServerOptions{Folder: folder})
	execute(t, first.URL(), "create extension postgis; create table kept as select lower('ĐẦM DƠI') as name")
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if pid := first.postmaster(); pid != 0 {
		t.Fatalf("process %d runs after Stop", pid)
	}
	second := startServer(t, ServerOptions{Folder: folder})
	if got := execute(t, second.URL(), "select name from kept"); got != "đầm dơi" {
		t.Fatalf("after a restart: %q", got)
	}
	if got := execute(t, second.URL(), "show listen_addresses"); got != "" {
		t.Fatalf("the server listens on %q", got)
	}
}

func TestServerRecoversFromKill(t *testing.T) {
	t.Parallel()
	folder := serverFolder(t)
	first := startServer(t, ServerOptions{Folder: folder})
	execute(t, first.URL(), "create table kept as select 42 as n")
	// A backend in the middle of a long statement outlives its postmaster.
	busy, err := pgx.Connect(t.Context(), first.URL())
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = busy.Exec(t.Context(), "select count(*) from generate_series(1, 1e12)") }()
	waitFor(t, func() bool {
		return execute(t, first.URL(), "select count(*) from pg_stat_activity where query like '%generate_series(1, 1e12)' and state = 'active'") == "1"
	})
	if err := syscall.Kill(first.postmaster(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return first.postmaster() == 0 })
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := startServer(t, ServerOptions{Folder: folder})
	if got := execute(t, second.URL(), "select n from kept"); got != "42" {
		t.Fatalf("after kill -9: %q", got)
	}
}

func TestServerEndsWithItsProgram(t *testing.T) {
	t.Parallel()
	folder := serverFolder(t)
	program, pid := startKeeper(t, folder)
	running := &Server{folder: folder}
	if !running.runsHere(pid) {
		t.Fatalf("process %d is no server of %s", pid, folder)
	}
	if session, _, _ := syscall.RawSyscall(syscall.SYS_GETSID, uintptr(pid), 0, 0); int(session) == syscallSession(t, program) {
		t.Fatal("the server is in the program's session, where a Ctrl-C of the terminal would kill it")
	}
	kill(t, program)
	waitFor(t, func() bool { return !running.runsHere(pid) })
}

func TestServerStopsAnOrphan(t *testing.T) {
	t.Parallel()
	folder := serverFolder(t)
	program, pid := startKeeper(t, folder)
	for _, child := range children(t, program.Process.Pid) { // the tether, so that the server is left
		if err := syscall.Kill(child, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	kill(t, program)
	s := startServer(t, ServerOptions{Folder: folder})
	if s.postmaster() == pid || s.runsHere(pid) {
		t.Fatal("the orphan still runs")
	}
	if got := execute(t, s.URL(), "select 42"); got != "42" {
		t.Fatal(got)
	}
}

func TestServerIsKeptByOne(t *testing.T) {
	t.Parallel()
	folder := serverFolder(t)
	first := startServer(t, ServerOptions{Folder: folder})
	_, err := StartServer(t.Context(), ServerOptions{Folder: folder})
	if !errors.Is(err, ErrServerInUse) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Fatalf("a second server in one folder: %v", err)
	}
	joined := startServer(t, ServerOptions{Folder: folder, Join: true})
	if !joined.Joined() || joined.URL() != first.URL() {
		t.Fatal("the second did not join the first")
	}
	if err := joined.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, first.URL(), "select 1")
}

func TestServerPassesFromOneThatStops(t *testing.T) {
	t.Parallel()
	folder := serverFolder(t)
	first := startServer(t, ServerOptions{Folder: folder})
	if err := first.stopPostmaster(t.Context(), first.postmaster()); err != nil { // the lock is still held, as in the midst of Stop
		t.Fatal(err)
	}
	var second *Server
	started := make(chan error)
	go func() {
		var err error
		second, err = StartServer(t.Context(), ServerOptions{Folder: folder, Join: true})
		started <- err
	}()
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	if second.Joined() {
		t.Fatal("the second joined a server that had stopped")
	}
	execute(t, second.URL(), "select 1")
	if err := second.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestServerVolatileInALongPath(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(serverFolder(t), strings.Repeat("long", 30))
	if err := os.Chmod(filepath.Dir(folder), 0o711); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, ServerOptions{Folder: folder, Volatile: true})
	execute(t, s.URL(), "select 1")
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{s.folder, s.socket} {
		if _, err := os.Stat(gone); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%s is left: %v", gone, err)
		}
	}
}

func TestServerFolderOutOfReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root's server runs as another user")
	}
	_, err := StartServer(t.Context(), ServerOptions{Folder: filepath.Join(t.TempDir(), "database")})
	if err == nil || !strings.Contains(err.Error(), "can't pass through") {
		t.Fatalf("a folder that the user postgres can't reach: %v", err)
	}
}

func startKeeper(t *testing.T, folder string) (*exec.Cmd, int) {
	t.Helper()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), helperVariable+"="+folder)
	if _, err := program.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() })
	text := make([]byte, 4096)
	n, err := out.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		t.Fatalf("the program said: %s", text[:n])
	}
	return program, pid
}

func kill(t *testing.T, program *exec.Cmd) {
	t.Helper()
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
}

func syscallSession(t *testing.T, program *exec.Cmd) int {
	t.Helper()
	session, _, errno := syscall.RawSyscall(syscall.SYS_GETSID, uintptr(program.Process.Pid), 0, 0)
	if errno != 0 {
		t.Fatal(errno)
	}
	return int(session)
}

func children(t *testing.T, pid int) (found []int) {
	t.Helper()
	tasks, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		for word := range strings.FieldsSeq(string(text)) {
			child, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, child)
		}
	}
	if len(found) == 0 {
		t.Fatal("the program has no tether")
	}
	return found
}

// waitFor fails the test unless something holds within five minutes: a busy machine is slow.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for !holds() {
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
}
