package sync_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/sync"
)

// TestRunGoesOn: what a run that broke off has received is not asked for again, unless it is too old, damaged, or another question.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	one, two := json200("["+visit(1, "01/07/2025")+"]"), json200("["+visit(2, "02/07/2025")+"]")
	gone := says(http.StatusGone, "", "")
	g := newGateway(t, one, two, gone, json200("["+visit(3, "03/07/2025")+"]"), json200("[]"))
	source := "    protocol: open\n    url: " + g.URL + "\n    pages: {by: page, parameter: trang}"
	s, data := settings(t, "", source), t.TempDir()
	o := once(t, s, data)
	o.fails(t, "page 3", "HTTP 410")
	if !s.Pending(s.Sources[0], data, noon) || s.Pending(s.Sources[0], data, noon.Add(7*time.Hour)) {
		t.Error("the run that broke off is not pending for 6 hours")
	}
	run := filepath.Join(data, "luot", "run.jsonl")
	file, err := os.OpenFile(run, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"hash":"half a li`); err != nil { // killed in the midst of a line
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	o = once(t, s, data)
	o.wants(t, threeRows)
	var pages []string
	for _, r := range g.asked() {
		pages = append(pages, r.query)
	}
	if want := "trang=1 trang=2 trang=3 trang=3 trang=4"; strings.Join(pages, " ") != want || o.resumed != 2 {
		t.Errorf("asked for %v, resumed %d", pages, o.resumed)
	}
	if s.Pending(s.Sources[0], data, noon) {
		t.Error("a run that has ended is pending")
	}

	for name, spoil := range map[string]func(data string) *sync.Settings{
		"damaged": func(data string) *sync.Settings {
			answers, err := filepath.Glob(filepath.Join(data, "luot", "answers", "[0-9a-f]*"))
			if err != nil || len(answers) != 2 {
				t.Fatal(answers, err)
			}
			if err := os.WriteFile(answers[0], []byte("[]"), 0o600); err != nil {
				t.Fatal(err)
			}
			return nil
		},
		"another question": func(string) *sync.Settings { return settings(t, "", source+"\n    query: {tinh: \"96\"}") },
		"another asker":    func(string) *sync.Settings { return settings(t, "", source+"\n    headers: {X-Destination: H12}") },
		"too old":          func(string) *sync.Settings { return settings(t, "resumeWithin: 0s\n", source) },
	} {
		g.mu.Lock()
		g.requests, g.answers = nil, []http.HandlerFunc{one, two, gone, one, two, json200("[]")}
		g.mu.Unlock()
		data := t.TempDir()
		o := once(t, s, data)
		o.fails(t, "HTTP 410")
		changed := spoil(data)
		if changed == nil {
			changed = s
		}
		o = once(t, changed, data)
		o.wants(t, row1+row2)
		if o.resumed != 0 || len(g.asked()) != 6 {
			t.Errorf("%s: resumed %d, asked %d times", name, o.resumed, len(g.asked()))
		}
	}
}

// TestRunThatCantGoOn begins anew: where a run that is gone on with is refused for good, its cursor may have run out.
func TestRunThatCantGoOn(t *testing.T) {
	t.Parallel()
	one := json200(`{"next":"a","items":[` + visit(1, "01/07/2025") + `]}`)
	gone, away := says(http.StatusGone, "", ""), says(http.StatusBadGateway, "", "")
	g := newGateway(t, one, away, away, away, away, away, away, away, away, gone, one, json200(`{"items":[`+visit(2, "02/07/2025")+`]}`))
	s, data := settings(t, "", "    protocol: open\n    records: items\n    url: "+g.URL+"\n    pages: {by: cursor, parameter: p, cursor: next}"), t.TempDir()
	for i, why := range []string{"HTTP 502", "HTTP 502", "HTTP 410"} {
		o := once(t, s, data)
		if o.fails(t, "page 2", why); o.resumed != min(i, 1) {
			t.Errorf("%s: %d pages resumed", why, o.resumed)
		}
	}
	o := once(t, s, data)
	if o.wants(t, row1+row2); o.resumed != 0 {
		t.Errorf("%d pages resumed", o.resumed)
	}
}

// TestPagesAreNumberedAsTheSourceDoes: from one, or from what is set, be it zero. A page without content is empty.
func TestPagesAreNumberedAsTheSourceDoes(t *testing.T) {
	t.Parallel()
	for first, want := range map[string]string{"": "p=1 p=2", ", first: 0": "p=0 p=1", ", first: 5": "p=5 p=6"} {
		g := newGateway(t, json200(`{"n":4,"items":`+threeVisits+`}`), json200(`{"n":4,"items":[`+visit(4, "04/07/2025")+`]}`))
		o := once(t, settings(t, "", "    protocol: open\n    records: items\n    url: "+g.URL+"\n    pages: {by: page, parameter: p, total: n"+first+"}"), t.TempDir())
		o.wants(t, threeRows+"V4,H4,T1,2025-07-04,guided,\n")
		var asked []string
		for _, r := range g.asked() {
			asked = append(asked, r.query)
		}
		if got := strings.Join(asked, " "); got != want {
			t.Errorf("%q asks for %s, want %s", first, got, want)
		}
	}
	g := newGateway(t, says(http.StatusNoContent, "", ""))
	o := once(t, settings(t, "", "    protocol: open\n    records: items\n    url: "+g.URL+"\n    pages: {by: page, parameter: p, total: n}"), t.TempDir())
	o.wants(t, "")
}

// TestTwoRunsAtOnce: the second says that there is one.
func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t, json200("[]"))
	s, data := settings(t, "", "    protocol: open\n    url: "+g.URL), t.TempDir()
	run, err := s.Begin(s.Sources[0], data, noon, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := once(t, s, data)
	o.fails(t, "another program")
	if err := run.End(false); err != nil {
		t.Fatal(err)
	}
	o = once(t, s, data)
	o.wants(t, "")
}

// TestSweepKeepsNobodyOut: a run begins while another program sweeps.
func TestSweepKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	s, data := settings(t, "", "    protocol: open\n    url: http://localhost"), t.TempDir()
	over := make(chan struct{})
	swept := make(chan error)
	go func() {
		for {
			_, err := s.Sweep(data, noon)
			select {
			case <-over:
				swept <- err
				return
			default:
			}
		}
	}()
	for range 50 {
		run, err := s.Begin(s.Sources[0], data, noon, nil)
		if err == nil {
			err = run.End(false)
		}
		if err != nil {
			t.Error(err)
			break
		}
	}
	close(over)
	if err := <-swept; err != nil {
		t.Error(err)
	}
}

// TestPagesThatDontAddUp: a source that sends half, or the same again, brings nothing.
func TestPagesThatDontAddUp(t *testing.T) {
	t.Parallel()
	one := `{"n":3,"next":"a","items":[` + visit(1, "01/07/2025") + `]}`
	for name, c := range map[string]struct {
		pages   string
		answers []http.HandlerFunc
		why     string
	}{
		"no pages at all": {"{by: page, parameter: p}", []http.HandlerFunc{json200(one)}, "take pages out"},
		"half":            {"{by: page, parameter: p, total: n}", []http.HandlerFunc{json200(one), json200(`{"n":3,"items":[]}`)}, "3 records, and sent 1"},
		"too many":        {"{by: page, parameter: p, total: n}", []http.HandlerFunc{json200(`{"n":2,"items":` + threeVisits + `}`)}, "2 records, and sent 3"},
		"no total, none":  {"{by: page, parameter: p, total: n}", []http.HandlerFunc{json200(one), says(http.StatusNoContent, "", "")}, "3 records, and sent 1"},
		"a page again":    {"{by: page, parameter: p}", []http.HandlerFunc{json200(one), json200(`{"items":[` + visit(2, "02/07/2025") + `]}`), json200(one)}, "page 3 is page 1 again"},
		"a cursor again":  {"{by: cursor, parameter: p, cursor: next}", []http.HandlerFunc{json200(one), json200(`{"next":"b","items":[` + visit(2, "02/07/2025") + `]}`), json200(`{"next":"a","items":[` + visit(3, "03/07/2025") + `]}`)}, "the cursor of page 3 is that of page 1"},
		"no total":        {"{by: page, parameter: p, total: all}", []http.HandlerFunc{json200(one)}, "pages.total"},
		"the same cursor": {"{by: cursor, parameter: p, cursor: next}", []http.HandlerFunc{json200(one), json200(`{"next":"a","items":[` + visit(2, "02/07/2025") + `]}`)}, "the cursor of page 2"},
		"too many pages":  {"{by: page, parameter: p}", []http.HandlerFunc{json200(one), json200(`{"items":` + threeVisits + `}`), json200(`{"items":[` + visit(2, "02/07/2025") + `]}`), json200(`{"items":[]}`)}, "limits.pages"},
	} {
		g := newGateway(t, c.answers...)
		o := once(t, settings(t, "limits: {pages: 3}\n", "    protocol: open\n    records: items\n    url: "+g.URL+"\n    pages: "+c.pages), t.TempDir())
		if o.fails(t, c.why); o.rows != nil {
			t.Errorf("%s: %v", name, o.rows)
		}
	}
	g := newGateway(t, json200(one), json200(`{"next":"","n":3,"items":[`+visit(2, "02/07/2025")+`,`+visit(3, "03/07/2025")+`]}`))
	o := once(t, settings(t, "", "    protocol: open\n    records: items\n    url: "+g.URL+"\n    pages: {by: cursor, parameter: p, cursor: next, total: n}"), t.TempDir())
	o.wants(t, threeRows)
	if r := g.asked(); len(r) != 2 || r[0].query != "" || r[1].query != "p=a" {
		t.Errorf("%+v", r)
	}
}

// TestWhatTheMappingRefuses is told as the import tells of rejected rows; what only looks wrong is left to the import.
func TestWhatTheMappingRefuses(t *testing.T) {
	t.Parallel()
	g := newGateway(t, json200(`[`+visit(1, "01/07/2025")+`, "V2", {"maLuot":"V3","ho":{"ma":"H3"},"ngay":"31/02/2025","ketQua":"Vắng nhà","xa":"1"},
		{"maLuot":"V4","ho":{"ma":"H4"},"ngay":"01/07/2025","ketQua":"3","xa":"1"}, {"maLuot":"V5","ho":{"ma":{"x":1}},"ngay":"01/07/2025","ketQua":"Vắng nhà","xa":"1"},
		{"maLuot":"V6","ho":{"ma":"H6"},"ngay":"01/07/2025","ketQua":"Vắng nhà","xa":"2"}, {"maLuot":32041,"ho":{"ma":"H7"},"ngay":"01/07/2025","ketQua":"Va\u0306\u0301ng nhà","xa":1}]`))
	o := once(t, settings(t, "", "    protocol: open\n    url: "+g.URL+"\n    scope: {field: xa, codes: [\"1\"]}"), t.TempDir())
	var got []string
	for _, p := range o.problems {
		got = append(got, p.Code+" "+p.Column+" "+p.File)
	}
	want := []string{"out_of_scope xa luot#1", "bad_record  luot#1", "bad_date visited_on luot#1", "unmapped outcome luot#1", "bad_value household_code luot#1", "out_of_scope xa luot#1"}
	if o.err != nil || !slices.Equal(got, want) || o.text() != "32041,H7,T1,2025-07-01,not_home,\n" {
		t.Errorf("%v %q\n%s", o.err, got, o.text())
	}
}

// TestFieldsOfRefusedRecordsAreThere: a field is gone only where no record has it, whatever else is wrong with them.
func TestFieldsOfRefusedRecordsAreThere(t *testing.T) {
	t.Parallel()
	g := newGateway(t, json200("["+visit(1, "31/02/2025")+"]"))
	o := once(t, settings(t, "", "    protocol: open\n    url: "+g.URL), t.TempDir())
	if o.err != nil || len(o.problems) != 1 || o.problems[0].Code != "bad_date" {
		t.Errorf("%v %+v", o.err, o.problems)
	}
	o = once(t, settings(t, "", "    protocol: open\n    url: "+g.URL+"\n    scope: {field: xa, codes: [\"1\"]}"), t.TempDir())
	if o.err != nil || len(o.problems) != 1 || o.problems[0].Code != "out_of_scope" {
		t.Errorf("%v %+v", o.err, o.problems)
	}
}

// TestOptionalFields: a column that no record has is left out, so that what is stored of it stays; where some have it, it is there for all.
func TestOptionalFields(t *testing.T) {
	t.Parallel()
	const with = `,"cd":"VNeID"}`
	one, two := visit(1, "01/07/2025"), visit(2, "02/07/2025")
	for answer, want := range map[string]string{
		one + "," + two: "false  false ",
		strings.TrimSuffix(one, "}") + with + "," + two:     "true VNeID true ",
		strings.TrimSuffix(one, "}") + `,"cd":null},` + two: "true  true ",
		`"garbage",` + one + "," + two:                      "false  false ",
	} {
		g := newGateway(t, json200("["+answer+"]"))
		s, err := load(t, quick+"sources:\n  - name: luot\n    protocol: open\n    url: "+g.URL+"\n    bundle: {province: \"96\"}"+visitColumns+"      topics: {field: cd, optional: true}\n")
		if err != nil {
			t.Fatal(err)
		}
		run, err := s.Begin(s.Sources[0], t.TempDir(), noon, nil)
		if err == nil {
			err = run.Fetch(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		m, err := run.Bundle(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		table := bundle.TableNamed("visits")
		topics := table.Index("topics")
		var got strings.Builder
		refused := 0
		if _, err = m.Rows(t.Context(), table, func(r *bundle.Row) error {
			fmt.Fprint(&got, r.Given&(1<<topics) != 0, " ", r.Values[topics].Text, " ")
			return nil
		}, func(bundle.Problem) { refused++ }); err == nil {
			err = errors.Join(m.Close(), run.End(false))
		}
		if err != nil || strings.TrimSpace(got.String()) != strings.TrimSpace(want) || refused != strings.Count(answer, "garbage") {
			t.Errorf("%s: %v %q, want %q; %d refused", answer, err, got.String(), want, refused)
		}
	}
}

// TestAnswersAreKeptForATime: by hash, once, for the program's user alone, and no longer than is set.
func TestAnswersAreKeptForATime(t *testing.T) {
	t.Parallel()
	g := newGateway(t, whole)
	s, data := settings(t, "keepDays: 3\n", opened+g.URL), t.TempDir()
	for range 2 {
		o := once(t, s, data)
		o.wants(t, threeRows)
	}
	var files []string
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && path != data && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %s", path, info.Mode())
		}
		if !entry.IsDir() {
			files = append(files, entry.Name())
		}
		return err
	})
	if err != nil || len(files) != 2 || len(files[0]) != 64 || files[1] != "lock" {
		t.Fatal(files, err)
	}
	sweeps := func(days, want int) {
		t.Helper()
		if n, err := s.Sweep(data, time.Now().AddDate(0, 0, days)); err != nil || n != want {
			t.Errorf("after %d days %d are removed: %v", days, n, err)
		}
	}
	sweeps(2, 0)
	run, err := s.Begin(s.Sources[0], data, noon, nil)
	if err != nil {
		t.Fatal(err)
	}
	sweeps(4, 0) // what a run holds is left to it
	if err := run.End(false); err != nil {
		t.Fatal(err)
	}
	sweeps(4, 1)
	left, err := filepath.Glob(filepath.Join(data, "luot", "answers", "[0-9a-f]*"))
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// TestSchedule: sources run at their times in Vietnam, one after another; a failure comes again at its time; it ends when it is told to.
func TestSchedule(t *testing.T) {
	t.Parallel()
	s, err := load(t, "sources:\n"+strings.Join([]string{
		"  - {name: dem, protocol: open, url: 'https://lgsp.example.org', schedule: '30 2 * * *', bundle: {province: '96'}, table: services, columns: {code: a, name_vi: b, name_en: c, counted_in: d}}",
		"  - {name: sau-gio, protocol: open, url: 'https://lgsp.example.org', schedule: '@every 6h', bundle: {province: '96'}, table: services, columns: {code: a, name_vi: b, name_en: c, counted_in: d}}",
		"  - {name: khong, protocol: open, url: 'https://lgsp.example.org', bundle: {province: '96'}, table: services, columns: {code: a, name_vi: b, name_en: c, counted_in: d}}",
	}, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	now := noon
	clock := sync.Clock{Now: func() time.Time { return now }, Wait: func(ctx context.Context, until time.Time) error {
		if until.After(noon.Add(15 * time.Hour)) {
			stop()
			return ctx.Err()
		}
		now = until
		return nil
	}}
	var ran []string
	err = sync.Keep(ctx, s.Sources, clock, func(source *sync.Source) bool { return source.Name == "dem" }, func(_ context.Context, source *sync.Source) error {
		ran = append(ran, source.Name+now.Format(" 02T15:04"))
		now = now.Add(time.Minute)
		return errors.New("it fails each time")
	})
	want := []string{"dem 26T12:00", "sau-gio 26T18:00", "sau-gio 27T00:01", "dem 27T02:30"}
	if err != nil || !slices.Equal(ran, want) {
		t.Errorf("%v %q", err, ran)
	}
}
