package graph

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// FuzzLimits: whatever the document and its variables are, it is refused with a sentence, or it is within the limits as a
// plain walk over everything that it expands to sees them; and either is decided soon.
func FuzzLimits(f *testing.F) {
	for _, query := range []string{
		`{adminUnits(first: 1000) {nodes {children(first: 1000) {nodes {code}}}}}`, `query ($n: Int = 5) {adminUnits(first: $n) {...F}} fragment F on AdminUnitConnection {nodes {...G}} fragment G on AdminUnit {parent {code}}`,
		`{nodes(ids: ["a"]) {id ... on Team {serves {name}}}}`, `{coverageTrend(unit: {level: PROVINCE, code: "96"}, from: "0001-01-01", to: "9999-12-31", step: DAY) {asOf}}`,
		`query ($i: TeamPlanInput!) {planTeams(input: $i) {sites {order}}}`, `{dataQuality(kinds: ["hole"]) {kind cases(first: 2147483648) {nodes {note}}}}`, `{__schema {types {fields {type {ofType {name}}}}}}`,
		`fragment A on Query {...B} fragment B on Query {...A} {...A}`, `subscription {snapshotChanged {units {code}}}`, `{a: search(text: "a", first: -1) {score} @skip(if: true)}`, `{coverageMap(input: {level: HAMLET}) {features}}`,
	} {
		f.Add(query, `{"n": 1000, "i": {"teams": 200}}`)
	}
	examples, err := filepath.Glob("../web/graphiql/example/*.graphql")
	if err != nil || len(examples) == 0 {
		f.Fatalf("%d examples: %v", len(examples), err)
	}
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), `{}`)
	}
	h := NewHandler(nil, Options{})
	f.Fuzz(func(t *testing.T, query, variables string) {
		params := &graphql.RawParams{Query: query}
		if json.Unmarshal([]byte(variables), &params.Variables) != nil {
			params.Variables = nil
		}
		began := time.Now()
		operation, errs := h.executor.CreateOperationContext(graphql.StartOperationTrace(context.Background()), params)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %s to decide", took)
		}
		for _, err := range errs {
			if strings.TrimSpace(err.Message) == "" {
				t.Errorf("refused without a word: %#v", err)
			}
		}
		if len(errs) > 0 {
			return
		}
		p := plainWalk{left: 1_000_000, named: map[string]bool{}}
		if depth := p.depth(operation.Operation.SelectionSet, 0); p.left > 0 && (depth > h.limits.Depth || len(p.named) > h.limits.RootFields) {
			t.Errorf("%d deep with %d fields of the root, and let through", depth, len(p.named))
		}
		if w := newWalk(operation.Variables); w.selection(operation.Operation.SelectionSet).cost > h.limits.Cost || w.aliases > h.limits.Aliases || w.page > h.limits.Page {
			t.Errorf("%+v, and let through", w)
		}
	})
}

// plainWalk follows every spread of every fragment, as often as it stands there, until it has gone far enough.
type plainWalk struct {
	left  int
	named map[string]bool // the names at the root
}

func (p *plainWalk) depth(set ast.SelectionSet, above int) (deepest int) {
	for _, selection := range set {
		if p.left--; p.left <= 0 {
			return deepest
		}
		depth := 0
		switch s := selection.(type) {
		case *ast.Field:
			if above == 0 {
				p.named[s.Alias] = true
			}
			if !strings.HasPrefix(s.Name, "__") { // the schema is bounded by the validator
				depth = 1 + p.depth(s.SelectionSet, above+1)
			}
		case *ast.InlineFragment:
			depth = p.depth(s.SelectionSet, above)
		case *ast.FragmentSpread:
			depth = p.depth(s.Definition.SelectionSet, above)
		}
		deepest = max(deepest, depth)
	}
	return deepest
}
