package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vunglom/db/dbtest"
)

// platform hands out visits as an access-key gateway does, three pages of one each and an empty one. Before it answers it asks hold.
type platform struct {
	*httptest.Server
	mu    sync.Mutex
	pages []string
	hold  func(page string, w http.ResponseWriter, r *http.Request) (answered bool)
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{}
	days := map[string]string{"1": `"01/09/2024","kq":"1"`, "2": `"02/09/2024","kq":"2"`, "3": `"03/09/2024","kq":"1"`}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("trang")
		p.mu.Lock()
		p.pages = append(p.pages, page)
		hold := p.hold
		p.mu.Unlock()
		if hold != nil && hold(page, w, r) {
			return
		}
		items := ""
		if day := days[page]; day != "" {
			items = fmt.Sprintf(`{"ma":"S%s","ho":"H1","to":"T1","ngay":%s}`, page, day)
		}
		fmt.Fprintf(w, `{"data":{"items":[%s]},"seen":%q}`, items, r.Header.Get("lgspaccesstoken"))
	}))
	t.Cleanup(p.Close)
	return p
}

// asked returns the pages that were asked for since the last call.
func (p *platform) asked() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	pages := strings.Join(p.pages, " ")
	p.pages = nil
	return pages
}

func (p *platform) holds(hold func(page string, w http.ResponseWriter, r *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = hold
}

// awaits waits for what is sure to come.
func awaits(t *testing.T, what <-chan struct{}) {
	t.Helper()
	select {
	case <-what:
	case <-time.After(patience):
		t.Fatal("the platform was not asked")
	}
}

// described writes settings of the platform.
func (p *platform) described(t *testing.T, more string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sync.yaml")
	text := fmt.Sprintf(`retry: {attempts: 2, first: 1ms, longest: 2ms}
sources:
  - name: luot
    protocol: access-key
    method: GET
    url: %s/luot
    accessKey: {accessKey: {env: TEST_ACCESS_KEY}, secretKey: {env: TEST_SECRET_KEY}, appName: vunglom}
    records: data.items
    pages: {by: page, parameter: trang}
%s    bundle: {province: "96", asOf: "2024-09-30", source: test, synthetic: true}
    table: visits
    columns:
      code: ma
      household_code: ho
      team_code: to
      visited_on: {field: ngay, date: dd/MM/yyyy}
      outcome: {field: kq, codes: {"1": guided, "2": not_home}}
`, p.URL, more)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSync: what another system hands out lands as a bundle of it would, once however often it comes, whole or not at all, and goes on
// where it broke off. No secret is told.
func TestSync(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	p := newPlatform(t)
	data, reports := t.TempDir(), t.TempDir()
	settings := []string{"DATABASE_URL=" + url, "VUNGLOM_DATA_DIR=" + data, "VUNGLOM_LOG_LEVEL=debug", "TEST_ACCESS_KEY=the-access-key", "TEST_SECRET_KEY=the-secret-key"}
	succeed(t, settings, "import", "../../docs/example")
	file := p.described(t, "")
	var told strings.Builder
	before := digest(t, url)

	told.WriteString(succeed(t, settings, "sync", "--settings", file, "--dry-run"))
	if digest(t, url) != before || p.asked() != "1 2 3 4" {
		t.Error("a dry run has changed something")
	}
	told.WriteString(succeed(t, settings, "sync", "--settings", file, "--once", "--report", reports))
	var report struct {
		Tables map[string]map[string]int
	}
	written, err := os.ReadFile(filepath.Join(reports, "luot.json"))
	if err != nil || json.Unmarshal(written, &report) != nil || report.Tables["visits"]["inserted"] != 3 || report.Tables["visits"]["read"] != 3 {
		t.Errorf("%v %s", err, written)
	}
	var landed string
	if err := dbtest.SQL(t, url).QueryRowContext(t.Context(), "select string_agg(code || ' ' || visited_on || ' ' || outcome, ', ' order by code) from visit where code like 'S%'").Scan(&landed); err != nil {
		t.Fatal(err)
	}
	if landed != "S1 2024-09-01 guided, S2 2024-09-02 not_home, S3 2024-09-03 guided" {
		t.Error(landed)
	}
	after := digest(t, url)
	told.WriteString(succeed(t, settings, "sync", "--settings", file, "--once"))
	if digest(t, url) != after {
		t.Error("the same again has changed something")
	}
	// A source that suddenly has nothing takes nothing away.
	p.holds(func(_ string, w http.ResponseWriter, _ *http.Request) bool {
		fmt.Fprint(w, `{"data":{"items":[]}}`)
		return true
	})
	told.WriteString(succeed(t, settings, "sync", "--settings", file, "--once"))
	if digest(t, url) != after {
		t.Error("no records have changed something")
	}
	p.holds(nil)
	succeed(t, settings, "verify")
	p.asked()

	// Half of it, and nothing of it lands; the next run has what came.
	var sent string
	p.holds(func(page string, w http.ResponseWriter, r *http.Request) bool {
		if page == "3" {
			p.mu.Lock()
			sent = r.Header.Get("lgspaccesstoken")
			p.mu.Unlock()
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintf(w, `{"fault":{"code":101503,"message":"cut off: %s the-access-key the-secret-key"}}`, sent)
		}
		return page == "3"
	})
	code, stdout, stderr := outcome(t, program(t, settings, "sync", "--settings", file, "--once", "--report", reports))
	if written, err := os.ReadFile(filepath.Join(reports, "luot.json")); err != nil || !strings.Contains(string(written), `"failed":"luot: `) {
		t.Errorf("the report of a run that failed: %v %s", err, written)
	}
	told.WriteString(stdout + stderr)
	if code != exitFailure || !strings.Contains(stderr, "cut off") || digest(t, url) != after || p.asked() != "1 2 3 3" {
		t.Errorf("exit code %d: %s", code, stderr)
	}

	// Killed in the midst of a page, and gone on with.
	reached := make(chan struct{})
	var once sync.Once
	p.holds(func(page string, _ http.ResponseWriter, r *http.Request) bool {
		if page != "3" {
			return false
		}
		once.Do(func() { close(reached) })
		<-r.Context().Done()
		return true
	})
	killed := program(t, settings, "sync", "--settings", file, "--once")
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	awaits(t, reached)
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	p.holds(nil)
	p.asked()
	said := succeed(t, settings, "sync", "--settings", file, "--once")
	told.WriteString(said)
	if got := p.asked(); got != "3 4" || !strings.Contains(said, "has 2 pages") || digest(t, url) != after {
		t.Errorf("asked for %q: %s", got, said)
	}

	// Who was erased does not come back, and neither does what was done for him, however often the source tells of it.
	told.WriteString(succeed(t, settings, "erase", "--purpose=asked for", "--household=H1"))
	erased := digest(t, url)
	said = succeed(t, settings, "sync", "--settings", file, "--once")
	told.WriteString(said)
	if left := number(t, url, "select count(*) from visit where code like 'S%'"); digest(t, url) != erased || left != 0 || !strings.Contains(said, "of erased") {
		t.Errorf("%v visits of who was erased: %s", left, said)
	}
	succeed(t, settings, "verify")
	for _, secret := range []string{"the-access-key", "the-secret-key", sent} {
		if strings.Contains(told.String(), secret) {
			t.Errorf("%s is told:\n%s", secret, told.String())
		}
	}
}

// TestSyncRejects: rows that the mapping or the import refuses are told and counted alike, and with --strict nothing lands.
func TestSyncRejects(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	p := newPlatform(t)
	p.holds(func(page string, w http.ResponseWriter, _ *http.Request) bool {
		if page == "1" {
			fmt.Fprint(w, `{"data":{"items":[{"ma":"S1","ho":"H1","to":"T1","ngay":"01/09/2024","kq":"1"},{"ma":"S1","ho":"H1","to":"T1","ngay":"01/09/2024","kq":"1"},
				{"ma":"S2","ho":"nobody","to":"T1","ngay":"01/09/2024","kq":"1"},{"ma":"S3","ho":"H1","to":"T1","ngay":"31/09/2024","kq":"1"},{"ma":"S4","ho":"H1","to":"T1","ngay":"01/09/2024","kq":"hidden-key"},{"ma":"S5","ho":"hidden-key","to":"T1","ngay":"01/09/2024","kq":"1"}]}}`)
			return true
		}
		fmt.Fprint(w, `{"data":{"items":[]}}`)
		return true
	})
	reports := t.TempDir()
	settings := []string{"DATABASE_URL=" + url, "VUNGLOM_DATA_DIR=" + t.TempDir(), "TEST_ACCESS_KEY=hidden-key", "TEST_SECRET_KEY=b"}
	succeed(t, settings, "import", "../../docs/example")
	before := digest(t, url)
	if code, out, errs := outcome(t, program(t, settings, "sync", "--settings", p.described(t, ""), "--once", "--strict")); code != exitFailure || digest(t, url) != before {
		t.Errorf("--strict: exit code %d\n%s%s", code, out, errs)
	}
	said := succeed(t, settings, "sync", "--settings", p.described(t, ""), "--once", "--report", reports)
	written, err := os.ReadFile(filepath.Join(reports, "luot.json"))
	var report struct {
		Tables   map[string]map[string]int
		Problems []struct{ Code, File string }
	}
	if err != nil || json.Unmarshal(written, &report) != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, problem := range report.Problems {
		codes[problem.Code] = true
	}
	if strings.Contains(said, "hidden-key") || strings.Contains(string(written), "hidden-key") {
		t.Errorf("a secret that a record repeats is told: %s%s", said, written)
	}
	v := report.Tables["visits"]
	if v["read"] != 6 || v["inserted"] != 1 || v["rejected"] != 5 || !codes["bad_date"] || !codes["unmapped"] || !codes["duplicate"] {
		t.Errorf("%v %v\n%s", v, report.Problems, said)
	}
}

// TestSyncStops: it keeps to its schedule until it is told to stop, and ends well then.
func TestSyncStops(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	p := newPlatform(t)
	settings := []string{"DATABASE_URL=" + url, "VUNGLOM_DATA_DIR=" + t.TempDir(), "TEST_ACCESS_KEY=a", "TEST_SECRET_KEY=b"}
	succeed(t, settings, "import", "../../docs/example")
	var rounds atomic.Int32
	second := make(chan struct{})
	p.holds(func(page string, _ http.ResponseWriter, r *http.Request) bool {
		if page == "1" && rounds.Add(1) == 2 {
			close(second)
			<-r.Context().Done()
			return true
		}
		return false
	})
	keeping := program(t, settings, "sync", "--settings", p.described(t, "    schedule: \"@every 1s\"\n"))
	var out strings.Builder
	keeping.Stdout, keeping.Stderr = &out, &out
	if err := keeping.Start(); err != nil {
		t.Fatal(err)
	}
	awaits(t, second) // the first has landed, and the next one is under way
	if err := keeping.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := keeping.Wait(); err != nil || !strings.Contains(out.String(), "Snapshot") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
