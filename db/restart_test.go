package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"vunglom/db"
)

// newRestarted returns a landing on a database server of the test's own, and what ends that server, by turns in good order and as when the
// power goes, and starts it again, with a program that begins anew.
func newRestarted(t *testing.T) (l *landing, restart func()) {
	t.Helper()
	folder, err := os.MkdirTemp("", "vunglom-test-") // as root the server's user could not pass through t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	var server *db.Server
	l = &landing{}
	start := func() {
		t.Helper()
		if server, err = db.StartServer(t.Context(), db.ServerOptions{Folder: folder}); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	start()
	*l = *newLandingAt(t, server.URL())
	if err := l.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	turn := 0
	return l, func() {
		t.Helper()
		if turn++; turn%2 == 0 {
			endAll(t, folder)
		}
		l.Close()
		_ = l.sql.Close() // its connections may be gone
		if err := server.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		start()
		*l = *newLandingAt(t, server.URL())
	}
}

// endAll kills a server's postmaster and its backends.
func endAll(t *testing.T, folder string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid := strings.Fields(string(text))[0]
	children, err := os.ReadFile("/proc/" + pid + "/task/" + pid + "/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, process := range append([]string{pid}, strings.Fields(string(children))...) {
		if n, err := strconv.Atoi(process); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL) // one may have ended already
		}
	}
}
