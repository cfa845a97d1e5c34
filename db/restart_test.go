package db_test

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

	"github.com/google/go-cmp/cmp"

	"vunglom/access"
	"vunglom/db"
)

// newRestarted returns a landing on a database server of the test's own, and what ends that server, by turns in good order and as when the
// power goes, and starts it again, with a program that begins anew.
func newRestarted(t *testing.T) (l *landing, restart func()) {
	t.Helper()
	l, again := newServed(t)
	turn := 0
	return l, func() {
		t.Helper()
		turn++
		again(turn%2 == 0, func(string) {})
	}
}

// newServed returns a landing on a database server of the test's own, and what ends that server, in good order or as when the power goes,
// does something with its folder, and starts it again.
func newServed(t *testing.T) (l *landing, again func(kill bool, between func(folder string))) {
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
	return l, func(kill bool, between func(folder string)) {
		t.Helper()
		if kill {
			endAll(t, folder)
		}
		l.Close()
		_ = l.sql.Close() // its connections may be gone
		if err := server.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		between(folder)
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

// TestACursorDoesNotOutliveARestore: after a restore from an older copy the numbers of changes come to mean others. Who had read further than
// the copy is told to begin anew, at once and however many changes have come since; who had not goes on.
func TestACursorDoesNotOutliveARestore(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a server several times")
	}
	l, again := newServed(t)
	l.land(t, small, db.ImportOptions{})
	within, ahead := newReader(nil), newReader(nil)
	within.read(t, l.DB, 1000)
	copied := func(from, to string) {
		if said, err := exec.CommandContext(t.Context(), "cp", "-a", from, to).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, said)
		}
	}
	again(false, func(folder string) { copied(filepath.Join(folder, "data"), filepath.Join(folder, "backup")) })
	gone := func() bool {
		_, err := l.Feed(access.With(t.Context(), ahead.caller), nil, db.PageArgs{First: 1, After: ahead.cursor})
		var told *db.Error
		if err != nil && !(errors.As(err, &told) && told.Code == db.CodeGone) {
			t.Fatal(err)
		}
		return err != nil
	}
	reported := func(n string) map[string]string {
		return edited(only(small), map[string]string{"reports.csv": strings.Replace(small["reports.csv"], "215000", n, 1)})
	}
	l.land(t, reported("216000"), db.ImportOptions{})
	ahead.read(t, l.DB, 1000)
	again(true, func(string) {}) // that is no restore
	if gone() {
		t.Error("a cursor did not outlive that the server was killed")
	}
	again(false, func(folder string) {
		if err := os.RemoveAll(filepath.Join(folder, "data")); err != nil {
			t.Fatal(err)
		}
		copied(filepath.Join(folder, "backup"), filepath.Join(folder, "data"))
	})
	if !gone() {
		t.Error("a cursor ahead of everything is taken")
	}
	l.land(t, reported("217000"), db.ImportOptions{})
	if !gone() {
		t.Error("a cursor whose number is another's now is taken")
	}
	l.land(t, visited("P", 12), db.ImportOptions{})
	if !gone() {
		t.Error("a cursor of before the restore is taken")
	}
	within.read(t, l.DB, 1000)
	fresh := newReader(nil)
	fresh.read(t, l.DB, 1000)
	if diff := cmp.Diff(fresh.kept, within.kept); diff != "" {
		t.Errorf("who begins −, who went on from before the copy +: %.2000s", diff)
	}
	ahead.cursor = within.cursor
	if gone() {
		t.Error("a cursor of now is not taken")
	}
}
