package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/bundle"
	"vunglom/db"
)

func TestReportNamesWhatWasRejectedFirst(t *testing.T) {
	t.Parallel()
	report := &db.Report{
		Tables:   []db.TableCount{{Name: "visits", Count: db.Count{Read: 9, Inserted: 2, Rejected: 7}}, {Name: "reports"}},
		Problems: []bundle.Problem{{File: "addresses.csv", Line: 3, Code: "NO_POLYGON", Message: "lies in no polygon", Kept: true}},
		Snapshot: "96-1",
	}
	for line := range int64(7) {
		report.Problems = append(report.Problems, bundle.Problem{File: "visits.csv", Line: line + 2, Column: "visited_on", Value: "x", Code: "BAD_DATE", Message: "no date"})
	}
	var out bytes.Buffer
	if err := writeReport(&out, report); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{`visits.csv:2 visited_on "x": no date`, "BAD_DATE: 7", "and 2 more", "NO_POLYGON: 1", "96-1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %s:\n%s", want, text)
		}
	}
	if strings.Index(text, "BAD_DATE") > strings.Index(text, "NO_POLYGON") {
		t.Errorf("what was kept comes before what was rejected:\n%s", text)
	}
	if strings.Contains(text, "reports") {
		t.Errorf("a table without rows is printed:\n%s", text)
	}
}

func TestSaveReport(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "report.json")
	for range 2 { // the second replaces the first
		if err := writeWhole(path, (&db.Report{Snapshot: "96-1"}).WriteJSON); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Snapshot string }
	if err := json.Unmarshal(text, &got); err != nil || got.Snapshot != "96-1" {
		t.Fatalf("%s: %v", text, err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
}
