package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/xuri/excelize/v2"

	"vunglom/db/dbtest"
	"vunglom/export"
)

// TestExportCommands writes files as a planner does in a shell.
func TestExportCommands(t *testing.T) {
	t.Parallel()
	settings := []string{"DATABASE_URL=" + dbtest.URL(t)}
	if code, _, errs := outcome(t, program(t, settings, "import", province(t, 5, 100, 40, "guided"))); code != 0 {
		t.Fatal(errs)
	}
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	ran := func(args ...string) string {
		t.Helper()
		code, out, errs := outcome(t, program(t, settings, append([]string{"export"}, args...)...))
		if code != 0 {
			t.Fatalf("export %v: exit code %d\n%s%s", args, code, out, errs)
		}
		return out
	}

	ran("coverage", "--level", "hamlet", "--as-of", "2024-09-30", "-o", file("coverage.xlsx"))
	f, err := excelize.OpenFile(file("coverage.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Độ phủ")
	if err != nil || len(rows) != 6 || rows[1][1] != "H0" || rows[0][2] != "Tên đầy đủ" {
		t.Fatalf("%v, %v", rows, err)
	}
	f.Close()

	// To standard output, in the API's names, as the format says.
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(ran("addresses", "--as-of", "2024-09-30", "--within", "hamlet:H2", "--status", "guided,not_visited", "--headers", "name"), "\uFEFF"))).ReadAll()
	if err != nil || len(records) != 21 || records[0][2] != "code" {
		t.Fatalf("%d records, %v", len(records), err)
	}
	var collection struct{ Features []any }
	if err := json.Unmarshal([]byte(ran("gaps", "--as-of", "2024-09-30", "--reasons", "NO_TEAM", "--format", "geojson", "--lang", "en")), &collection); err != nil || len(collection.Features) != 5 {
		t.Fatalf("%d features, %v", len(collection.Features), err)
	}

	// What is wrong is said, and leaves no file.
	for want, args := range map[string][]string{
		"there is no commune":       {"gaps", "--within", "COMMUNE:99999", "-o", file("none.csv")},
		"there is no format":        {"gaps", "-o", file("none.doc")},
		"asOf is":                   {"coverage", "--as-of", "yesterday", "-o", file("none.csv")},
		"target is":                 {"gaps", "--target", "2", "-o", file("none.gpkg")},
		"unknown flag":              {"addresses", "--target", "2"},
		"no such file or directory": {"addresses", "-o", file("nowhere/x.csv")},
	} {
		if code, out, errs := outcome(t, program(t, settings, append([]string{"export"}, args...)...)); code == 0 || out != "" || !strings.Contains(errs, want) {
			t.Errorf("export %v: exit code %d, %s, want %q", args, code, errs, want)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}

	// A bundle, in each way of saying it.
	ran("--bundle", file("a"), "--province", "96")
	ran("bundle", file("b"))
	ran("--province", "96", file("c"))
	for _, name := range []string{"units.geojsonl", "households.csv", "bundle.json"} {
		a, err := os.ReadFile(filepath.Join(file("a"), name))
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{"b", "c"} {
			if b, err := os.ReadFile(filepath.Join(file(other), name)); err != nil || !slices.Equal(a, b) {
				t.Errorf("%s of %s is another: %v", name, other, err)
			}
		}
	}
}

// TestExportCommandsAreComplete: each file has a command, and each of its arguments a flag.
func TestExportCommandsAreComplete(t *testing.T) {
	t.Parallel()
	var cli commands
	parser, err := kong.New(&cli, kong.Vars{"data_dir": ""})
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string][]string{}
	for _, node := range parser.Model.Children {
		if node.Name != "export" {
			continue
		}
		for _, file := range node.Children {
			for _, flag := range file.Flags {
				if !outFlags[flag.Name] && flag.Name != "help" {
					commands[file.Name] = append(commands[file.Name], apiName(flag.Name))
				}
			}
		}
	}
	delete(commands, "bundle")
	for _, name := range export.Names() {
		slices.Sort(commands[name])
		if want := export.Arguments(name); !reflect.DeepEqual(commands[name], want) {
			t.Errorf("export %s has the flags %v, and takes %v", name, commands[name], want)
		}
	}
	if len(commands) != len(export.Names()) {
		t.Errorf("commands %v, files %v", commands, export.Names())
	}
}
