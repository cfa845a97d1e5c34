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

// TestReportDoesNotSteerTheTerminal: whoever made a bundle named its files and columns.
func TestReportDoesNotSteerTheTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := writeReport(&out, &db.Report{Failed: "evil\x1b]0;x\a.csv: \u009b2J", Problems: []bundle.Problem{{File: "\x1b[2Jvisits.csv", Line: 1, Column: "a\x00\u202eb", Value: "\x1b", Code: "unknown_column", Message: "\r\x7fấp", Kept: true}}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`\x1b[2Jvisits.csv:1 a\x00\x202eb "\x1b": \x0d\x7fấp`, `evil\x1b]0;x\x07.csv: \x9b2J`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q: want %q", out.String(), want)
		}
	}
	if strings.ContainsAny(out.String(), "\x00\x07\x1b\r\x7f\u009b\u202e") {
		t.Errorf("%q", out.String())
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
