package sync_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	stdsync "sync"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/sync"
)

// gateway answers as a province's gateway does. Each request is answered by the next of its answers, the last one again and again.
type gateway struct {
	*httptest.Server
	mu       stdsync.Mutex
	requests []request
	answers  []http.HandlerFunc
}

// request is what a gateway was asked.
type request struct {
	method, path, query, body string
	header                    http.Header
}

func newGateway(t *testing.T, answers ...http.HandlerFunc) *gateway {
	t.Helper()
	g := &gateway{answers: answers}
	g.Server = httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) serve(w http.ResponseWriter, r *http.Request) {
	var body strings.Builder
	if _, err := fmt.Fprint(&body, readAll(r)); err != nil {
		panic(err)
	}
	g.mu.Lock()
	g.requests = append(g.requests, request{r.Method, r.URL.Path, r.URL.RawQuery, body.String(), r.Header.Clone()})
	answer := g.answers[min(len(g.requests), len(g.answers))-1]
	g.mu.Unlock()
	answer(w, r)
}

func readAll(r *http.Request) string {
	var b strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			return b.String()
		}
	}
}

// asked is what the gateway was asked so far.
func (g *gateway) asked() []request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]request(nil), g.requests...)
}

// says answers with a status and a body.
func says(status int, contentType, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body) // the other side may have gone
	}
}

func json200(body string) http.HandlerFunc { return says(http.StatusOK, "application/json", body) }

// cut breaks the connection off in the midst of an answer.
func cut(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+100))
		_, _ = fmt.Fprint(w, body)
		panic(http.ErrAbortHandler)
	}
}

// visitColumns maps the visits that the tests' gateways hand out.
const visitColumns = `
    table: visits
    columns:
      code: maLuot
      household_code: ho.ma
      team_code: {constant: T1}
      visited_on: {field: ngay, date: [dd/MM/yyyy, rfc3339]}
      outcome: {field: ketQua, codes: {"Đã hướng dẫn": guided, "Vắng nhà": not_home}}
`

const quick = "retry: {attempts: 4, first: 1ms, longest: 3ms}\n"

// visit is one of those visits, in JSON.
func visit(n int, day string) string {
	return fmt.Sprintf(`{"maLuot": "V%d", "ho": {"ma": "H%d"}, "ngay": "%s", "ketQua": "Đã hướng dẫn"}`, n, n, day)
}

// settings makes the settings of one source of visits. What stands in source is indented by four.
func settings(t *testing.T, top, source string) *sync.Settings {
	t.Helper()
	s, err := load(t, quick+top+"sources:\n  - name: luot\n"+source+"\n    bundle: {province: \"96\"}"+visitColumns)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func load(t *testing.T, text string) (*sync.Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sync.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return sync.Load(file)
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.FixedZone("", 7*3600))

// outcome is what a run made.
type outcome struct {
	rows     [][]string // with the header
	problems []bundle.Problem
	records  int64
	resumed  int
	log      string
	err      error
}

// once runs the one source of settings.
func once(t *testing.T, s *sync.Settings, data string) (o outcome) {
	t.Helper()
	var log strings.Builder
	defer func() { o.log = log.String() }()
	run, err := s.Begin(s.Sources[0], data, noon, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		return outcome{err: err}
	}
	o.resumed = run.Resumed()
	o.err = run.Fetch(t.Context())
	o.records = run.Records()
	goOn := o.err != nil
	if o.err == nil {
		var m *sync.Mapped
		if m, o.err = run.Bundle(t.Context()); o.err == nil {
			o.read(t, m)
			o.err = m.Close()
		}
	}
	o.err = errors.Join(o.err, run.End(goOn))
	return o
}

func (o *outcome) read(t *testing.T, m *sync.Mapped) {
	t.Helper()
	table := bundle.TableNamed("visits")
	_, err := m.Rows(t.Context(), table, func(r *bundle.Row) error {
		var cells []string
		for i, v := range r.Values {
			if table.Columns[i].Type == bundle.Date && v.Known {
				cells = append(cells, bundle.DayTime(v.Integer).Format(time.DateOnly))
			} else {
				cells = append(cells, v.Text)
			}
		}
		o.rows = append(o.rows, cells)
		return nil
	}, func(p bundle.Problem) { o.problems = append(o.problems, p) })
	if err != nil {
		t.Fatal(err)
	}
}

// text writes rows as one text.
func (o *outcome) text() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.WriteAll(o.rows)
	return b.String()
}

const (
	row1 = "V1,H1,T1,2025-07-01,guided,\n"
	row2 = "V2,H2,T1,2025-07-02,guided,\n"
	row3 = "V3,H3,T1,2025-07-03,guided,\n"
)

// wants fails the test unless a run brought those rows.
func (o *outcome) wants(t *testing.T, rows string) {
	t.Helper()
	if o.err != nil || o.text() != rows || len(o.problems) > 0 {
		t.Errorf("%v %+v\n%s\nwant\n%s\n%s", o.err, o.problems, o.text(), rows, o.log)
	}
}

// fails fails the test unless a run failed for that reason.
func (o *outcome) fails(t *testing.T, why ...string) {
	t.Helper()
	for _, word := range why {
		if o.err == nil || !strings.Contains(o.err.Error(), word) {
			t.Errorf("%v; want %q", o.err, word)
		}
	}
}
