package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/graph"
)

// costs tells what a query costs, from the refusal of a handler that allows nothing.
func costs(t *testing.T, query string) string {
	t.Helper()
	o := options()
	o.Limits.Cost = 1
	a := ask(t, graph.NewHandler(nil, o), query, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" {
		t.Fatalf("%s: %+v", query, a.Errors)
	}
	_, english, _ := strings.Cut(a.Errors[0].Message, " / ")
	return strings.Fields(english)[4]
}

// TestCost holds what queries cost: the objects that the answer may hold, and 50 an entry.
func TestCost(t *testing.T) {
	t.Parallel()
	for query, cost := range map[string]int{
		`{adminUnit(level: PROVINCE, code: "96") {code name}}`:                                                                         50 + 1,
		`{adminUnits {nodes {code}}}`:                                                                                                  50 + 50,
		`{adminUnits(first: null) {edges {node {code}}}}`:                                                                              50 + 50,
		`{adminUnits(first: 10) {totalCount pageInfo {endCursor}}}`:                                                                    50 + 10,
		`{adminUnits(first: 10) {nodes {code parent {code}} edges {cursor}}}`:                                                          50 + 10*2,
		`{adminUnits(first: 10) {nodes {ancestors {code}}}}`:                                                                           50 + 10*(1+3),
		`{nodes(ids: ["a", "b", "c"]) {id}}`:                                                                                           50 + 3,
		`{coverageGaps(first: 10) {nodes {reasons explanations {sentenceVi team {code}} actions {kind closes}}}}`:                      50 + 10*(1+3*2+3+50),
		`{a: datasets {asOf} b: datasets {asOf}}`:                                                                                      2 * (50 + 3),
		`{planTeams(input: {teams: 30}) {covered sites {order hamlet {code}}}}`:                                                        40_000 + 30*2,
		`{minimumTeams(input: {teams: 7}, share: 0.5) {covered}}`:                                                                      40_000,
		`{dataQuality {kind cases(first: 10) {nodes {unit {code}}}}}`:                                                                  50 + 5000 + 19*(1+10*2),
		`{dataQuality(kinds: ["hole", "overlap"]) {kind cases(first: 10) {nodes {unit {code}}}}}`:                                      50 + 5000 + 2*(1+10*2),
		`{dataQuality(kinds: "hole") {kind}}`:                                                                                          50 + 5000 + 1,
		`{dataQuality(kinds: []) {kind}}`:                                                                                              50 + 5000 + 1,
		`{coverageMap(input: {level: HAMLET}) {features}}`:                                                                             50 + 1 + 5000,
		`{adminUnits(first: 10) {...F}} fragment F on AdminUnitConnection {nodes {...G ...G}} fragment G on AdminUnit {parent {code}}`: 50 + 10*(1+2),
		`{adminUnits(first: 1000) {nodes {parent {code} coverage {services {share}} remoteness {index} teams {nodes {name}}}}}`:        50 + 57_000,
		strings.ReplaceAll(everything, "$first", "200"):                                                                                50 + 200*(1+3+3+4+1+1+3+400+50),
	} {
		if got := costs(t, query); got != fmt.Sprint(cost) {
			t.Errorf("%s costs %s, want %d", query, got, cost)
		}
	}
}

// TestFragmentsOfFragments: twice as many at each level, which must not take twice the time.
func TestFragmentsOfFragments(t *testing.T) {
	t.Parallel()
	var query strings.Builder
	query.WriteString(`{adminUnits {nodes {...F0}}}`)
	for i := range 40 {
		fmt.Fprintf(&query, " fragment F%d on AdminUnit {a%[1]d: parent {...F%d} b%[1]d: parent {...F%[2]d}}", i, i+1)
	}
	query.WriteString(" fragment F40 on AdminUnit {code}")
	a := ask(t, plain(), query.String(), nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" {
		t.Errorf("%+v", a.Errors)
	}
}

func TestDepthIsLimited(t *testing.T) {
	t.Parallel()
	deep := `{adminUnit(level: HAMLET, code: "1") {` + strings.Repeat("parent {", 20) + "code" + strings.Repeat("}", 20) + "}}"
	a := ask(t, plain(), deep, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" || !strings.Contains(a.Errors[0].Message, "22") {
		t.Errorf("%+v", a.Errors)
	}
}

func TestTokensAreLimited(t *testing.T) {
	t.Parallel()
	a := ask(t, plain(), "{"+strings.Repeat("__typename ", 20_000)+"}", nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_INPUT" {
		t.Errorf("%+v", a.Errors)
	}
}

// TestTimeIsLimited: a query that is out of time says so, and says nothing else.
func TestTimeIsLimited(t *testing.T) {
	t.Parallel()
	o := options()
	o.Limits.Timeout = time.Nanosecond
	a := ask(t, graph.NewHandler(dbtest.New(t), o), `{datasets {asOf}}`, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TIMEOUT" {
		t.Errorf("%+v", a.Errors)
	}
}

// TestStatementsEndWithTheirTime: a statement that waits for a lock is given up in time.
func TestStatementsEndWithTheirTime(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	lock, err := dbtest.SQL(t, url).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "lock table dataset in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Limits.Timeout = 100 * time.Millisecond
	a := ask(t, graph.NewHandler(d, o), `{datasets {asOf}}`, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TIMEOUT" || a.statements == 0 {
		t.Errorf("%d statements, %+v", a.statements, a.Errors)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if b := ask(t, graph.NewHandler(d, options()), `{datasets {asOf}}`, nil); len(b.Errors) > 0 {
		t.Errorf("after that: %+v", b.Errors)
	}
}

// TestInternalErrorsStayInside: the client is told the request's name; the log all the rest.
func TestInternalErrorsStayInside(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	d.Close()
	var log bytes.Buffer
	o := options()
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	o.RequestID = func(context.Context) string { return "request-7" }
	h := graph.NewHandler(d, o)
	a := ask(t, h, `{datasets {asOf}}`, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "INTERNAL" ||
		a.Errors[0].Message != "lỗi nội bộ, yêu cầu request-7 / internal error, request request-7" {
		t.Errorf("%+v", a.Errors)
	}
	if !strings.Contains(log.String(), "closed pool") || !strings.Contains(log.String(), "request-7") {
		t.Errorf("the log: %s", log.String())
	}
}

// TestPanicsStayInside: a handler without a database panics when it asks it.
func TestPanicsStayInside(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	o := options()
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	w := send(t, graph.NewHandler(nil, o), http.MethodPost, "/graphql", mediaJSON, `{"query":"{datasets {asOf}}"}`)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"INTERNAL"`) || strings.Contains(w.Body.String(), "nil pointer") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "nil pointer") || !strings.Contains(log.String(), "dataset.go") {
		t.Errorf("the log does not say where: %s", log.String())
	}
}
