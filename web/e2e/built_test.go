package e2e

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMain tries the dashboard that is built of the sources beside it, and no older one.
func TestMain(m *testing.M) {
	if err := checkBuilt(os.DirFS("../app")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// checkBuilt tells whether dist was built of what is there now, by the digest that the build has left: see app/build/dist.ts, which
// computes it the same way.
func checkBuilt(app fs.FS) error {
	kept, err := fs.ReadFile(app, "dist/sources.sha256")
	if err != nil {
		return fmt.Errorf("the dashboard has not been built: make build, then try again; make test does both")
	}
	names := []string{"index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"}
	for _, folder := range []string{"build", "src"} {
		err := fs.WalkDir(app, folder, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && !strings.Contains(entry.Name(), ".test.") {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	slices.Sort(names)
	hash := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(app, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(hash, "%s %d\n", name, len(text))
		hash.Write(text)
	}
	if fmt.Sprintf("%x", hash.Sum(nil)) != strings.TrimSpace(string(kept)) {
		return fmt.Errorf("the dashboard is built of other sources than those beside it: make build, then try again; make test does both")
	}
	return nil
}

// TestBuiltOfTheseSources: a build is told from one of other sources, whatever the times of the files are.
func TestBuiltOfTheseSources(t *testing.T) {
	app := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("../app"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if name == "node_modules" {
				return fs.SkipDir
			}
			return err
		}
		text, err := os.ReadFile("../app/" + name)
		app[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := checkBuilt(app); err != nil {
		t.Error(err)
	}
	app["src/style.css"].Data = append(app["src/style.css"].Data, ' ')
	if err := checkBuilt(app); err == nil || !strings.Contains(err.Error(), "other sources") {
		t.Errorf("of a changed style: %v", err)
	}
}
