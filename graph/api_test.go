package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph"
)

// answer is what came back for a query.
type answer struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code       string
			RetryAfter int
		}
	}
	statements int64
}

// ask sends a query and counts the statements that it took.
func ask(t testing.TB, h http.Handler, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	ctx, statements := db.CountStatements(access.With(t.Context(), access.Local()))
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%d, no JSON: %v\n%s", w.Code, err, w.Body)
	}
	a.statements = statements.Load()
	return a
}

// answered is ask for a query that must not fail.
func answered(t testing.TB, h http.Handler, query string, variables map[string]any) answer {
	t.Helper()
	a := ask(t, h, query, variables)
	if len(a.Errors) > 0 {
		t.Fatalf("%s\n%+v", query, a.Errors)
	}
	return a
}

// at walks down an answer: names into objects, numbers into lists. It fails where there is
// nothing to walk into.
func (a answer) at(t testing.TB, path ...any) any {
	t.Helper()
	var here any = a.Data
	for i, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := here.(map[string]any)
			if !ok {
				t.Fatalf("%v: no object at step %d: %v", path, i, here)
			}
			here = object[step]
		case int:
			list, ok := here.([]any)
			if !ok || len(list) <= step {
				t.Fatalf("%v: no such item at step %d: %v", path, i, here)
			}
			here = list[step]
		}
	}
	return here
}

func (a answer) list(t testing.TB, path ...any) []any {
	t.Helper()
	list, ok := a.at(t, path...).([]any)
	if !ok {
		t.Fatalf("%v is no list", path)
	}
	return list
}

func expect(t testing.TB, a answer, want any, path ...any) {
	t.Helper()
	if got := a.at(t, path...); got != want {
		t.Errorf("%v is %v (%T), want %v", path, got, got, want)
	}
}

// TestAPI asks a real database, with the fixture imported as a user's bundle is.
func TestAPI(t *testing.T) {
	t.Parallel()
	d := imported(t)
	h := graph.NewHandler(d, options())
	uploadFixture(t, h)
	for name, test := range map[string]func(*testing.T, http.Handler){
		"datasets": testDatasets, "unit": testUnit, "days": testDays, "pages": testPages, "nodes": testNodes, "gaps": testGaps, "gap reasons": testGapReasons, "what if": testWhatIf, "map": testMap,
		"search": testSearch, "locate": testLocate, "addresses": testAddresses, "teams": testTeams, "refused": testRefused,
		"nearest": testNearest, "gap areas": testGapAreas, "quality": testQuality,
		"reports": testReports, "audit log": testAuditLog, "team work": testTeamWork, "team statements": testTeamWorkStatements,
		"statements": testStatements, "examples": testExamples, "introspection": testIntrospection,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h)
		})
	}
	t.Run("everything", func(t *testing.T) {
		t.Parallel()
		testEverything(t, graph.NewHandler(d, generous()))
	})
	t.Run("subscriptions", func(t *testing.T) {
		t.Parallel()
		testSubscriptions(t, graph.NewHandler(d, generous()), func() { importFiles(t, d, map[string]string{"bundle.json": fixtureFiles()["bundle.json"]}) })
	})
}

// testExamples sends the queries that GraphiQL opens with.
func testExamples(t *testing.T, h http.Handler) {
	files, err := filepath.Glob("../web/graphiql/example/*.graphql")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	here := strings.NewReplacer("32041", "31001", "32125", "31002") // the demo's communes, and what the fixture has instead
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		answered(t, h, here.Replace(string(text)), nil)
	}
}

// testIntrospection sends what tools ask of a server first.
func testIntrospection(t *testing.T, h http.Handler) {
	a := answered(t, h, `{__schema {queryType {name} types {name description fields {name description args {name type {...T} defaultValue} type {...T}} inputFields {name} enumValues {name} possibleTypes {name}} directives {name}}}
		fragment T on __Type {kind name ofType {kind name ofType {kind name ofType {kind name ofType {kind name ofType {kind name}}}}}}`, nil)
	expect(t, a, "Query", "__schema", "queryType", "name")
}
