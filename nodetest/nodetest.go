// Package nodetest installs the packages of npm that tests use.
package nodetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Install has the packages of a folder with a package-lock.json there, exactly as that says. Tests of several packages may ask at once.
func Install(t testing.TB, folder string) {
	t.Helper()
	lock, err := os.OpenFile(filepath.Join(os.TempDir(), "vunglom-nodetest.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	have, errHave := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json"))
	want, err := os.Stat(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if errHave == nil && !have.ModTime().Before(want.ModTime()) {
		return
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	install.Dir = folder
	if said, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s: %v\n%s", folder, err, said)
	}
}
