package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/db/dbtest"
)

// TestEraseCommand erases households by the command, and imports the same bundle again.
func TestEraseCommand(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	data := t.TempDir()
	settings := []string{"DATABASE_URL=" + url, "VUNGLOM_DATA_DIR=" + data, "VUNGLOM_ERASURE_KEY=" + filepath.Join(t.TempDir(), "keys", "erasure.key")}
	folder := province(t, 3, 30, 60, "guided")
	succeed(t, settings, "import", folder)
	codes := []string{"N0", "N1", "N10"}
	run := func(input string, args ...string) (int, string) {
		cmd := program(t, settings, append([]string{"erase"}, args...)...)
		cmd.Stdin = strings.NewReader(input)
		code, out, errs := outcome(t, cmd)
		for _, household := range codes {
			if strings.Contains(out+errs, household) {
				t.Errorf("%v names a household: %s%s", args, out, errs)
			}
		}
		return code, out + errs
	}
	left := func() string {
		return fmt.Sprint(number(t, url, "select count(*) from household"), " ", number(t, url, "select count(*) from visit"), " ", number(t, url, "select count(*) from erased"))
	}
	for _, step := range []struct {
		input, args string
		code        int
		says, left  string
	}{
		{"", "--household=" + codes[0], exitUsage, "--purpose", "30 60 0"},
		{"", "--purpose=x --household=" + codes[0] + " --dry-run", 0, "A dry run: nothing was kept", "30 60 0"},
		{"", "--purpose=x --household=" + codes[0], 0, "Erased: households 1, visits 2, adoptions 0, labels of addresses 0", "29 58 1"},
		{"", "--purpose=x --province=96 --household=" + codes[0], 0, "Erased already: 1", "29 58 1"},
		{"", "--purpose=x --household=NOBODY", int(exitUnknown), "Code number 1 is not on the province's register", "29 58 1"},
		{"\ufeff" + codes[1] + "\r\n\n " + codes[2] + " \nNOBODY\n" + codes[0], "--purpose=x --household=-", int(exitUnknown), "Code number 3 is not", "27 54 3"},
		{"", "--purpose=x --household=-", exitFailure, "no household is named", "27 54 3"},
		{"", "--purpose=x --province=95 --household=NOBODY", exitFailure, "nothing is loaded of province", "27 54 3"},
		{"", "--purpose=" + codes[0] + " --household=" + codes[0], exitFailure, "say it without", "27 54 3"},
		{"", "--purpose=x --province=96 --household=" + codes[1], 0, "Answers of other systems as they came are left in " + filepath.Join(data, "sync") + " (1) and may name", "27 54 3"},
	} {
		if kept := filepath.Join(data, "sync", "nguon", "answers"); strings.Contains(step.says, kept[:len(data)+5]) { // what sync has left by then
			if err := errors.Join(os.MkdirAll(kept, 0o700), os.WriteFile(filepath.Join(kept, "0f"), []byte(`[{"code":"`+codes[1]+`"}]`), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		code, said := run(step.input, strings.Fields(step.args)...)
		if code != step.code || !strings.Contains(said, step.says) || left() != step.left || strings.Contains(said, "Answers of other systems") != strings.Contains(step.says, "Answers of other systems") {
			t.Errorf("%s: exit code %d, left %s: %s", step.args, code, left(), said)
		}
	}
	if said := succeed(t, settings, "import", folder); !strings.Contains(said, "of erased") {
		t.Errorf("the import does not count what it left out: %s", said)
	}
	if got := left(); got != "27 54 3" {
		t.Errorf("after the old bundle again: %s", got)
	}
	other := append(settings[:1:1], "VUNGLOM_ERASURE_KEY="+filepath.Join(t.TempDir(), "none"))
	if code, _, errs := outcome(t, program(t, other, "import", folder)); code != exitFailure || !strings.Contains(errs, "is missing, and households have been erased") {
		t.Errorf("without the key: exit code %d: %s", code, errs)
	}
	if code, said := run("", "--purpose=x", "--lift", "--household="+codes[0]); code != 0 || !strings.Contains(said, "may bring again: 1") {
		t.Errorf("lift: exit code %d: %s", code, said)
	}
	succeed(t, settings, "import", folder)
	succeed(t, settings, "verify")
	if got := left(); got != "28 56 2" {
		t.Errorf("after a lift: %s", got)
	}
	households, err := os.ReadFile(filepath.Join(folder, "households.csv"))
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.ReplaceAll(strings.Replace(string(households), "registered_on", "registered_on,ended_on", 1), "2022-06-01\n", "2022-06-01,2023-06-01\n")
	moved = strings.Replace(moved, "N29,local,A29,2022-06-01,2023-06-01", "N29,local,A29,2022-06-01,", 1)
	if err := os.WriteFile(filepath.Join(folder, "households.csv"), []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	succeed(t, settings, "import", folder)
	if said := succeed(t, settings, "retain", "--ended-households-months=24"); !strings.Contains(said, "Erased 27 households that left the register before") ||
		!strings.Contains(said, "Took words, points and names out of 0 challenges resolved before") {
		t.Errorf("retain: %s", said)
	}
	succeed(t, settings, "verify")
	if got := left(); got != "1 2 29" {
		t.Errorf("after retain: %s", got)
	}
}

// TestEraseKilled kills the program, then its connection, when all is done but the province's row: nothing is erased, and the next goes well.
func TestEraseKilled(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url, "VUNGLOM_ERASURE_KEY=" + filepath.Join(t.TempDir(), "erasure.key")}
	succeed(t, settings, "import", province(t, 3, 30, 60, "guided"))
	const household = "N0"
	before := digest(t, url)
	for round := range 2 {
		release := holdDataset(t, url)
		erasing := program(t, settings, "erase", "--purpose=x", "--household="+household)
		if err := erasing.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "it is on its way", func() bool { return number(t, url, waiting) == 1 })
		if round == 0 {
			_ = erasing.Process.Kill() // it has not ended: it waits
		} else {
			statement(t, url, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'vunglom' and wait_event_type = 'Lock'")
		}
		if err := erasing.Wait(); err == nil {
			t.Error("it said that it had erased")
		}
		if err := release(); err != nil {
			t.Fatal(err)
		}
		await(t, "nothing goes on any more", func() bool {
			return number(t, url, "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'vunglom'") == 0
		})
		if after := digest(t, url); after != before {
			t.Errorf("round %d: it left\n%s\ninstead of\n%s", round, after, before)
		}
		succeed(t, settings, "verify")
	}
	succeed(t, settings, "erase", "--purpose=x", "--household="+household)
	succeed(t, settings, "verify")
	if n := number(t, url, "select count(*) from household"); n != 29 {
		t.Errorf("%d households are left", n)
	}
}
