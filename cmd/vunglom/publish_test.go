package main

import (
	"strings"
	"testing"

	"vunglom/db/dbtest"
)

// TestPublishCommand sets the base of a province before there is anything of it, imports it, and sets another.
func TestPublishCommand(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	run := func(args string, code int, says string) {
		t.Helper()
		got, out, errs := outcome(t, program(t, settings, append([]string{"publish"}, strings.Fields(args)...)...))
		if got != code || !strings.Contains(out+errs, says) {
			t.Errorf("publish %s: exit code %d: %s%s", args, got, out, errs)
		}
	}
	odd := func() int {
		return number(t, url, "select count(*) from published where guided % 10 + attempted % 10 + not_visited % 10 + ineligible % 10 + unknown % 10 + addresses % 10 > 0")
	}
	run("--base=10", exitFailure, "say of which the base is")
	run("--province=96", exitFailure, "nor a base set for it")
	run("--province=96 --base=10", 0, "96: bội số 10, chưa có gì để công bố · base 10, nothing to publish yet")
	succeed(t, settings, "import", province(t, 3, 30, 60, "guided"))
	if odd() != 0 || number(t, url, "select count(*) from published where guided > 0") == 0 {
		t.Errorf("%d rows of the first import are no multiples of 10", odd())
	}
	run("", 0, "base 10, month ends from ")
	run("--base=15", exitFailure, "a multiple of that only")
	run("--base=20", 0, "base 20, month ends from ")
	if n := number(t, url, "select count(*) from published_day where base <> 20"); n > 0 {
		t.Errorf("%d days are published by another base", n)
	}
}
