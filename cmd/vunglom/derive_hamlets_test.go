package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestDeriveHamletsCommand derives two of four hamlets: what is printed, line by line, the report, and that doing it again changes nothing.
func TestDeriveHamletsCommand(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	folder := t.TempDir()
	var addresses strings.Builder
	addresses.WriteString("scheme,code,lon,lat,kind,hamlet_code\n")
	for i := range 40 {
		declares := "H2"
		if i >= 20 && i != 38 { // 38 lies in the middle of H3
			declares = "H3"
		}
		fmt.Fprintf(&addresses, "local,%02d,%.6f,%.6f,household,%s\n", i, 105.01+0.0005*(float64(i)+.5), 9.001+0.008*float64(i*7%20)/20, declares)
	}
	addresses.WriteString("local,90,105.005,9.005,household,H3\nlocal,91,105.04,9.005,household,H2\n") // in the drawn H1; in no commune
	for name, text := range map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`,
		"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,geometry
province,96,Cà Mau,tinh,,,2020-01-01,
commune,31001,Khánh An,xa,province,96,2020-01-01,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))"
hamlet,H1,1,ap,commune,31001,2020-01-01,"POLYGON((105 9,105.01 9,105.01 9.01,105 9.01,105 9))"
hamlet,H2,2,ap,commune,31001,2020-01-01,
hamlet,H3,3,khom,commune,31001,2020-01-01,
hamlet,H4,4,ap,commune,31001,2020-01-01,
`,
		"addresses.csv": addresses.String(),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	succeed(t, settings, "import", folder)
	imported := digest(t, url)
	derive := func(flags ...string) string {
		t.Helper()
		code, said, errs := outcome(t, program(t, settings, append([]string{"derive-hamlets", "--province", "96", "--as-of", "2024-09-30"}, flags...)...))
		if code != 0 {
			t.Fatalf("exit code %d\n%s%s", code, said, errs)
		}
		return said
	}
	reportFile := filepath.Join(t.TempDir(), "report.json")
	said := derive("--report", reportFile, "--dry-run")
	if digest(t, url) != imported {
		t.Error("a dry run left something behind")
	}
	var report db.DeriveReport
	text, err := os.ReadFile(reportFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &report); err != nil || len(report.Conflicts) != 3 || !report.DryRun || report.Conflicts[1].Metres == nil {
		t.Fatalf("%v: %s", err, text)
	}
	const drawn = `Ấp, khóm ngày · Hamlets of 2024-09-30: 1 đã có ranh giới · drawn before, 2 suy từ địa chỉ · derived, 1 chưa vẽ được · undrawn
  H4 ấp 4: chưa đến 5 địa chỉ khai nó và nằm cùng nhau · fewer than 5 addresses declare it and lie together
Địa chỉ khai · Addresses that declare one: 42; 39 nằm trong ấp mình khai · lie in it, 3 mâu thuẫn · are conflicts
`
	wantLines(t, "a dry run", said, drawn+`  local 91: khai · declares H2, không ở ấp nào · lies in no hamlet, # m
  local 90: khai · declares H3, ở · lies in H1 ấp 1, # m
  local 38: khai · declares H2, ở · lies in H3 khóm 3, # m

Chạy thử, không giữ lại gì · A dry run: nothing was kept
`)
	wantLines(t, "deriving", derive(), strings.Replace(said, "Chạy thử, không giữ lại gì · A dry run: nothing was kept", "Ảnh chụp · Snapshot 96-2", 1))
	derived := digest(t, url)
	wantLines(t, "deriving again", derive(), strings.Replace(said, "Chạy thử, không giữ lại gì · A dry run: nothing was kept", "Không có gì đổi · Nothing changed: 96-2", 1))
	if digest(t, url) != derived {
		t.Error("deriving again changed what is stored")
	}
	succeed(t, settings, "verify")

	for _, refused := range [][]string{
		{"--province", "96", "--as-of", "30/9/2024"},
		{"--province", "95"},
		{"--province", "96", "--exclave", "2"},
		{"--province", "96", "--report", filepath.Join(folder, "no folder", "report.json")},
	} {
		code, out, errs := outcome(t, program(t, settings, append([]string{"derive-hamlets"}, refused...)...))
		if value := refused[len(refused)-1]; code != exitFailure || out != "" || !strings.Contains(errs, value) {
			t.Errorf("%v: exit code %d: %s%s", refused, code, out, errs)
		}
	}
	if digest(t, url) != derived {
		t.Error("what was refused changed what is stored")
	}
}

// TestDerivedNamesTheFurthest prints five undrawn hamlets and the five conflicts that lie furthest off, and how many more there are.
func TestDerivedNamesTheFurthest(t *testing.T) {
	t.Parallel()
	r := &db.DeriveReport{Day: "2024-09-30", Changed: 1, Snapshot: "96-2"}
	for i := range 7 {
		metres := float64(100 * (i * 3 % 7))
		r.Undrawn = append(r.Undrawn, db.UndrawnHamlet{Code: fmt.Sprint("H", i), Name: "ấp", Reason: db.UndrawnNoLand})
		r.Conflicts = append(r.Conflicts, db.HamletConflict{Scheme: "local", Code: fmt.Sprint(i), Declares: "H0", LiesIn: "H9", LiesName: "ấp 9", Metres: &metres})
	}
	r.Conflicts[0].Metres = nil // its hamlet has no polygon: it comes last
	var out bytes.Buffer
	writeDerived(&out, r)
	var named []string
	for line := range strings.Lines(out.String()) {
		if code, _, conflict := strings.Cut(line, ": khai"); conflict {
			named = append(named, strings.TrimSpace(code))
		}
	}
	if got := strings.Join(named, ", "); got != "local 2, local 4, local 6, local 1, local 3" {
		t.Errorf("named: %s", got)
	}
	if n := strings.Count(out.String(), "và 2 nữa, xem --report · and 2 more, see --report"); n != 2 || strings.Contains(out.String(), "H5") {
		t.Errorf("what is not shown is told of %d times:\n%s", n, out.String())
	}
}

// wantLines compares what was printed with what is wanted, line by line; # stands for a number.
func wantLines(t *testing.T, what, got, want string) {
	t.Helper()
	lines, wanted := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(lines) != len(wanted) {
		t.Fatalf("%s printed %d lines, want %d:\n%s", what, len(lines), len(wanted), got)
	}
	for i, line := range lines {
		before, after, some := strings.Cut(wanted[i], "#")
		number, fits := strings.CutPrefix(line, before)
		number, ends := strings.CutSuffix(number, after)
		if line != wanted[i] && !(some && fits && ends && number != "" && strings.Trim(number, "0123456789") == "") {
			t.Errorf("%s printed %q, want %q", what, line, wanted[i])
		}
	}
}
