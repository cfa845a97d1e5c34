package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWriteWhole: a file is there whole or not at all, whatever stops its writing; links and devices stay what they are.
func TestWriteWhole(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, link := filepath.Join(folder, "a.csv"), filepath.Join(folder, "link.csv")
	says := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	holds := func(want string, files int) {
		t.Helper()
		got, err := os.ReadFile(path)
		left, lerr := os.ReadDir(folder)
		if err != nil || lerr != nil || string(got) != want || len(left) != files {
			t.Errorf("%q and %d files, %v %v; want %q and %d", got, len(left), err, lerr, want, files)
		}
	}
	if err := errors.Join(canWrite(path), writeWhole(path, says("one"))); err != nil {
		t.Fatal(err)
	}
	holds("one", 1)
	broken := errors.New("broken")
	if err := writeWhole(path, func(w io.Writer) error { return errors.Join(says("half")(w), broken) }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = writeWhole(path, func(io.Writer) error { panic("broken") })
	}()
	holds("one", 1)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(canWrite(link), writeWhole(link, says("two"))); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	holds("two", 2)
	if err := errors.Join(canWrite(os.DevNull), writeWhole(os.DevNull, says("three"))); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Error("the null device is a file now")
	}
	missing := filepath.Join(folder, "none", "x.csv")
	for _, err := range []error{canWrite(missing), writeWhole(missing, says("four"))} {
		if err == nil || !strings.Contains(err.Error(), "can't write "+missing) || strings.Contains(err.Error(), ".x.csv") {
			t.Errorf("%v", err)
		}
	}
}
