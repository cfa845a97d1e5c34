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
	return strings.TrimSuffix(strings.Fields(english)[3], ",")
}

// TestCost holds what queries cost: the objects that the answer may hold, and 50 an entry.
func TestCost(t *testing.T) {
	t.Parallel()
	for query, cost := range map[string]int{
		`{adminUnit(level: PROVINCE, code: "96") {code name}}`:                                                                          50 + 1,
		`{adminUnits {nodes {code}}}`:                                                                                                   50 + 50,
		`{adminUnits(first: null) {edges {node {code}}}}`:                                                                               50 + 50,
		`{adminUnits(first: 10) {totalCount pageInfo {endCursor}}}`:                                                                     50 + 10,
		`{adminUnits(first: 10) {nodes {code parent {code}} edges {cursor}}}`:                                                           50 + 10*2,
		`{adminUnits(first: 10) {nodes {ancestors {code}}}}`:                                                                            50 + 10*(1+3),
		`{nodes(ids: ["a", "b", "c"]) {id}}`:                                                                                            50 + 3,
		`{nodes(ids: "a") {id ... on Team {roles {role}}}}`:                                                                             50 + 1 + 3,
		`{addresses(within: {level: COMMUNE, code: "32041"}, first: 10) {nodes {code kind status}}}`:                                    50 + 10*2,
		`{adminUnits(first: 10) {nodes {rights}}}`:                                                                                      50 + 10*(1+1),
		`{adminUnit(level: PROVINCE, code: "96") {geometry teams(first: 10) {nodes {memberCount membersTrained(asOf: "2024-09-30")}}}}`: 50 + 1 + 1 + 10*(1+2),
		`{coverageGaps(first: 10) {nodes {reasons explanations {sentenceVi team {code}} actions {kind closes}}}}`:                       50 + 10*(1+3*2+3+50),
		`{a: datasets {asOf} b: datasets {asOf}}`:                                                                                       2 * (50 + 3),
		`{planTeams(input: {teams: 30}) {covered sites {order hamlet {code}}}}`:                                                         40_000 + 30*2,
		`{minimumTeams(input: {teams: 7}, share: 0.5) {covered}}`:                                                                       40_000,
		`{dataQuality {kind cases(first: 10) {nodes {unit {code}}}}}`:                                                                   50 + 5000 + 22*(1+10*2),
		`{dataQuality(kinds: ["hole", "overlap"]) {kind cases(first: 10) {nodes {unit {code}}}}}`:                                       50 + 5000 + 2*(1+10*2),
		`{dataQuality(kinds: "hole") {kind}}`:                                                                                           50 + 5000 + 1,
		`{dataQuality(kinds: []) {kind}}`:                                                                                               50 + 5000 + 1,
		`{coverageMap(input: {level: HAMLET}) {features}}`:                                                                              50 + 1 + 5000,
		`{adminUnits(first: 10) {...F}} fragment F on AdminUnitConnection {nodes {...G ...G}} fragment G on AdminUnit {parent {code}}`:  50 + 10*(1+2),
		`{adminUnits(first: 1000) {nodes {parent {code} coverage {services {share}} remoteness {index} teams {nodes {name}}}}}`:         50 + 57_000,
		`{__schema {types {name}} __type(name: "Query") {name} __typename}`:                                                             2 * 2000,
		strings.ReplaceAll(everything, "$first", "190"):                                                                                 50 + 190*(1+3+3+4+1+1+3+1+450+50),
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

// TestRepeatsAreLimited: what the validator compares all with all is refused before it does; errors are told up to a hundred.
func TestRepeatsAreLimited(t *testing.T) {
	t.Parallel()
	fragments := "fragment F on Query {__typename}"
	for query, says := range map[string]string{
		"{" + strings.Repeat("__typename ", 501) + "}":                                                                     "has __typename 501 times, 500 at most",
		"{..." + strings.Repeat("F ... {a: __typename} ...", 250) + "F " + strings.Repeat("...F ", 250) + "} " + fragments: "has ... 501 times",
		"{adminUnits {nodes {" + strings.Repeat("parent {parent {code}} ", 300) + "}}}":                                    "has parent 600 times",
	} {
		a := ask(t, plain(), query, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" || !strings.Contains(a.Errors[0].Message, says) {
			t.Errorf("%.50s…: %+v, want %q", query, a.Errors, says)
		}
	}
	if a := ask(t, plain(), "{"+strings.Repeat("__typename ", 500)+"}", nil); len(a.Errors) > 0 {
		t.Errorf("500 times: %+v", a.Errors)
	}
	var unknown strings.Builder
	for i := range 300 {
		fmt.Fprintf(&unknown, "x%d ", i)
	}
	if a := ask(t, plain(), "{"+unknown.String()+"}", nil); len(a.Errors) != 100 {
		t.Errorf("%d errors are told", len(a.Errors))
	}
}

func TestTokensAreLimited(t *testing.T) {
	t.Parallel()
	a := ask(t, plain(), "{"+strings.Repeat("__typename ", 20_000)+"}", nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_INPUT" {
		t.Errorf("%+v", a.Errors)
	}
}

// TestTooCostlySaysTheCheaperWay: the price, the most, and what to change; and what it proposes is let through.
func TestTooCostlySaysTheCheaperWay(t *testing.T) {
	t.Parallel()
	o := options()
	o.Limits.Cost = 5000
	h := graph.NewHandler(dbtest.New(t), o)
	for _, c := range []struct{ query, vi, en, proposed string }{
		{`{units: adminUnits(first: 1000) {nodes {code parent {code} ancestors {code}}}}`,
			"truy vấn giá 5050, nhiều nhất là 5000 (đối tượng mà câu trả lời có thể có): units vừa với first: 990, rồi after: endCursor",
			"the query costs 5050, 5000 at most (objects that the answer may hold): units fits with first: 990, then after: endCursor",
			`{units: adminUnits(first: 990) {nodes {code parent {code} ancestors {code}}}}`},
		{`{datasets {asOf} ...F} fragment F on Query {adminUnits(first: 1000) {nodes {ancestors {code}}} gaps: coverageGaps(first: 50) {nodes {explanations {value} actions {closes}}}}`,
			"hãy hỏi riêng adminUnits, giá 4050", "ask for adminUnits, which costs 4050, by itself", `{adminUnits(first: 1000) {nodes {ancestors {code}}}}`},
		{`{adminUnit(level: PROVINCE, code: "96") {parent {all: children(first: 1000) {nodes {parent {code} ancestors {code}}}}}}`,
			"đắt nhất là adminUnit.parent.all: hãy giảm first của nó hoặc bỏ nó", "adminUnit.parent.all costs most: lower its first, or leave it out",
			`{adminUnit(level: PROVINCE, code: "96") {parent {all: children(first: 900) {nodes {parent {code} ancestors {code}}}}}}`},
		{`{planTeams(input: {teams: 2}) {covered}}`, "đắt nhất là planTeams: hãy hỏi ít hơn", "planTeams costs most: ask for less of it", ""},
	} {
		a := ask(t, h, c.query, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" {
			t.Errorf("%s: %+v", c.query, a.Errors)
			continue
		}
		if vi, en, _ := strings.Cut(a.Errors[0].Message, " / "); !strings.Contains(vi, c.vi) || !strings.Contains(en, c.en) {
			t.Errorf("%s\n%s\n%s", c.query, vi, en)
		}
		if c.proposed == "" {
			continue
		}
		answered(t, h, c.proposed, nil)
	}
}

// TestShapeIsLimited: each by itself, with what is allowed beside what is one too many.
func TestShapeIsLimited(t *testing.T) {
	t.Parallel()
	o := options()
	o.Limits.Aliases, o.Limits.RootFields, o.Limits.Page = 3, 4, 20
	h := graph.NewHandler(dbtest.New(t), o)
	for name, c := range map[string]struct{ allowed, refused, says string }{
		"aliases": {`{...F ...F} fragment F on Query {a: __typename b: __typename ... on Query {c: __typename}}`,
			`{...F} fragment F on Query {a: __typename b: __typename ... on Query {c: __typename d: __typename}}`, "renames 4 fields, 3 at most"},
		"root fields": {`{__typename __typename ...F} fragment F on Query {a: __typename b: __typename c: __typename}`,
			`{__typename ...F} fragment F on Query {a: __typename b: __typename c: __typename __schema {__typename}}`, "has 5 fields of the root, 4 at most"},
		"page":            {`{none: adminUnits(first: 20) {nodes {code}}}`, `{some: adminUnits(first: 21) {nodes {code}}}`, "adminUnits may hold 21 items, 20 at most: ask page by page, first: 20"},
		"page by default": {`{search(text: "a") {score}}`, `{adminUnits {nodes {code}}}`, "may hold 50 items"},
		"page below":      {`{adminUnits(first: 1) {nodes {teams(first: 20) {nodes {code}}}}}`, `{adminUnits(first: 1) {nodes {teams {nodes {code}}}}}`, "teams may hold 50 items"},
		"whole list":      {`{gapAreas {areas(first: 20) {households}}}`, `{gapAreas {areas {households}}}`, "areas may hold 1000 items"},
		"ids":             {`{nodes(ids: ["dGVhbTo5NjpUMDAx"]) {id}}`, `{nodes(ids: [` + strings.Repeat(`"a",`, 21) + `]) {id}}`, "nodes may hold 21 items"},
	} {
		a := ask(t, h, c.refused, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" || !strings.Contains(a.Errors[0].Message, c.says) {
			t.Errorf("%s: %+v, want %q", name, a.Errors, c.says)
		}
		answered(t, h, c.allowed, nil)
	}
	if d := graph.DefaultLimits(); d.Aliases != 100 || d.RootFields != 20 || d.Page != 1000 {
		t.Errorf("the defaults are %+v", d)
	}
}

// TestSchemaCanBeHidden: neither asked for nor guessed at by what an error proposes.
func TestSchemaCanBeHidden(t *testing.T) {
	t.Parallel()
	o := options()
	o.HideSchema = true
	h := graph.NewHandler(nil, o)
	for _, query := range []string{`{__schema {types {name}}}`, `{...F} fragment F on Query {t: __type(name: "Query") {name}}`} {
		if a := ask(t, h, query, nil); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "FORBIDDEN" || a.Data != nil {
			t.Errorf("%s: %+v", query, a)
		}
		if a := ask(t, plain(), query, nil); len(a.Errors) != 0 {
			t.Errorf("%s, where it is not hidden: %+v", query, a.Errors)
		}
	}
	if a := ask(t, h, `{adminUnitz {code}}`, nil); len(a.Errors) != 1 || strings.Contains(a.Errors[0].Message, "adminUnits") {
		t.Errorf("it proposes names: %+v", a.Errors)
	}
	if a := ask(t, h, `{__typename}`, nil); len(a.Errors) != 0 {
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
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	release := dbtest.Lock(t, url, "dataset")
	o := options()
	o.Limits.Timeout = 100 * time.Millisecond
	a := ask(t, graph.NewHandler(d, o), `{datasets {asOf}}`, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TIMEOUT" || a.statements == 0 {
		t.Errorf("%d statements, %+v", a.statements, a.Errors)
	}
	// The server has cancelled it too: who waits for a lock does not notice by itself that its client is gone.
	dbtest.AwaitWaiting(t, dbtest.SQL(t, url), 0)
	release()
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
