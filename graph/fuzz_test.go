package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vunglom/graph/scalar"
)

// FuzzCost weighs any query with any variables: it is refused with a code or weighed, in no time, and the weight is never under
// the objects that an answer holds in which every list holds one thing.
func FuzzCost(f *testing.F) {
	for query, variables := range map[string]string{
		`{adminUnit(level: PROVINCE, code: "96") {code parent {code} coverage {services {share}}}}`:                                                                                    `{}`,
		`query ($n: Int = 5) {adminUnits(first: $n) {nodes {...F}}} fragment F on AdminUnit {a: parent {...G} b: parent {...G}} fragment G on AdminUnit {code}`:                        `{"n": 1000}`,
		`query ($i: PlanInput!) {planTeams(input: $i) {covered sites {order hamlet {code}}}}`:                                                                                          `{"i": {"teams": 30}}`,
		`query ($k: [String!]) {dataQuality(kinds: $k) {kind cases(first: 10) {nodes {unit {code}}}}}`:                                                                                 `{"k": ["hole"]}`,
		`{coverageMap(input: {level: HAMLET}) {features} gapAreas(first: null) {nodes {households}}}`:                                                                                  `null`,
		`{nodes(ids: ["a", "b"]) {id ... on AdminUnit {teams {nodes {name}}}} coverageTrend(level: COMMUNE, code: "32001", from: "2022-01-31", to: "2024-09-30", step: MONTH) {asOf}}`: `{}`,
		`subscription {snapshotChanged {units {code}}}`:                                                                                                                                `{}`,
		`{__schema {types {fields {type {name}}}}}`:                                                                                                                                    `{}`,
		`{adminUnits(first: 99999999999999999999) {nodes {code}}}`:                                                                                                                     `{}`,
		`fragment A on Query {...B} fragment B on Query {...A} {...A}`:                                                                                                                 `{}`,
		`{a{...F}} fragment F on Query {a{...F}}`:                                                                                                                                      `{"n": 1e400}`,
		`query A {datasets {asOf}} query B($x: Boolean!) {datasets @skip(if: $x) {asOf province}}`:                                                                                     `{"x": true}`,
	} {
		f.Add(query, variables)
	}
	executor := NewHandler(nil, Options{}).executor
	f.Fuzz(func(t *testing.T, query, variables string) {
		params := &graphql.RawParams{Query: query}
		decoder := json.NewDecoder(strings.NewReader(variables))
		decoder.UseNumber()
		if decoder.Decode(&params.Variables) != nil {
			return // the edge has refused it
		}
		began := processed(t)
		op, errs := executor.CreateOperationContext(graphql.StartOperationTrace(t.Context()), params)
		if took := processed(t) - began; took > 20*time.Second {
			t.Errorf("weighed in %v of a processor", took)
		}
		if len(errs) > 0 && errs[0].Message == "" {
			t.Errorf("it is refused without a word: %+v", errs)
		}
		if op == nil || op.Operation == nil || op.Variables == nil && len(errs) > 0 {
			return // it is no operation
		}
		w := newWalk(op.Variables)
		total := w.selection(op.Operation.SelectionSet)
		weighed := total.cost
		if most := DefaultLimits(); len(errs) == 0 && (weighed > most.Cost || total.depth > most.Depth || w.aliases > most.Aliases || w.page > most.Page || len(roots(op.Operation.SelectionSet)) > most.RootFields) {
			t.Errorf("%+v of %+v, and let through", total, w)
		}
		if least := objects(op.Operation.SelectionSet, new(int)); weighed < least {
			t.Errorf("it weighs %d, and an answer may hold %d objects", weighed, least)
		}
	})
}

// processed is how long processors have worked for this process, however busy the machine is with others.
func processed(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// objects counts the objects of an answer in which every list holds one thing, the fragments written out; visited bounds that.
func objects(set ast.SelectionSet, visited *int) (n int) {
	for _, selection := range set {
		if *visited++; *visited > 5000 {
			return n
		}
		switch s := selection.(type) {
		case *ast.Field:
			if s.Definition == nil || strings.HasPrefix(s.Name, "__") || s.Arguments.ForName("ids") != nil {
				continue // of the schema, or of a list that may be empty
			}
			n += objects(s.SelectionSet, visited)
			if len(s.SelectionSet) > 0 && !leadsOn(s) {
				n++
			}
		case *ast.InlineFragment:
			n += objects(s.SelectionSet, visited)
		case *ast.FragmentSpread:
			n += objects(s.Definition.SelectionSet, visited)
		}
	}
	return n
}

// FuzzRequest sends any request: it has a question or is refused with a status of a client's fault, and its Accept is weighed.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "query={__typename}&variables={\"a\":1}", "application/json;q=0.5, */*;q=0.1", "", "")
	f.Add("GET", "extensions={\"persistedQuery\":1}&variables=[]", "text/event-stream", "", "")
	f.Add("POST", "", "application/graphql-response+json", "application/json; charset=utf-8", `{"query":"{__typename}"}`)
	f.Add("POST", "query=a", "*/*;q=NaN", "text/plain", "x")
	f.Add("PUT", "%zz", ";;;,", "application/json;charset", "\xff")
	f.Fuzz(func(t *testing.T, method, query, accept, kind, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
		r.Method, r.URL = method, &url.URL{Path: "/graphql", RawQuery: query}
		r.Header.Set("Content-Type", kind)
		if media, acceptable := negotiate([]string{accept}); acceptable && media != mediaGraphQL && media != mediaJSON {
			t.Errorf("%q is answered as %q", accept, media)
		}
		if checkMethod(method) != nil {
			return
		}
		params, _, refused := (&Handler{limits: DefaultLimits()}).readRequest(httptest.NewRecorder(), r)
		if (params == nil) == (refused == nil) || refused != nil && (refused.message == "" || refused.status < 400 || refused.status > 499) {
			t.Errorf("%s ?%s %q: %+v, %+v", method, query, body, params, refused)
		}
		if refused != nil && len(body) > 8 && strings.Contains(refused.message, body) {
			t.Errorf("the refusal repeats %q", body)
		}
	})
}

// FuzzForm sends any request with a file: its operation and file are read, or it is refused with a status of a client's fault.
func FuzzForm(f *testing.F) {
	const operations = `{"query":"mutation ($f: Upload!) {importBundle(upload: $f) {id}}","variables":{"f":null}}`
	form := func(parts ...string) string {
		var text strings.Builder
		for i := 0; i < len(parts); i += 2 {
			fmt.Fprintf(&text, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", parts[i], parts[i+1])
		}
		return text.String() + "--b--\r\n"
	}
	f.Add(form("operations", operations, "map", `{"0":["variables.f"]}`, "0", "PK"))
	f.Add(form("operations", operations, "map", `{"0":["variables.f","variables.f"]}`, "0", "PK"))
	f.Add(form("operations", operations, "map", `{"0":["variables.g"],"1":["variables.f"]}`, "1", ""))
	f.Add(form("map", `{}`, "operations", "[]"))
	f.Add(form("operations", `{"query":"{__typename}","variables":{"f":{}}}`, "map", `{"":["variables."]}`))
	f.Add(form("operations", operations, "map", `{"0":["variables.f"]}`, "0", "PK", "1", "PK"))
	f.Add(strings.TrimSuffix(form("operations", operations, "map", `{"0":["variables.f"]}`, "0", "PK"), "--b--\r\n"))
	f.Add("--b\r\nContent-Disposition: form-data; name=operations\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=7B=\r\n\r\n--b")
	f.Fuzz(func(t *testing.T, body string) {
		params, file, refused := readForm(strings.NewReader(body), "b", 1<<16)
		if refused == nil {
			if params == nil || file == nil || file.into == nil {
				t.Fatalf("%q: neither read nor refused", body)
			}
			if into, is := params.Variables[file.variable].(scalar.Upload); !is || into.Received != file.into {
				t.Errorf("%q: the file belongs nowhere", body)
			}
			var got bytes.Buffer
			if refused = file.receive(&got); refused == nil && !strings.Contains(body, got.String()) && !strings.Contains(body, "quoted-printable") {
				t.Errorf("%q: the file is %q", body, got.String())
			}
		}
		if refused != nil && (refused.message == "" || refused.status < 400 || refused.status > 499) {
			t.Errorf("%q: %+v", body, refused)
		}
	})
}
