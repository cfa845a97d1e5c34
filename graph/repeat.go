package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// maxRepeats is how often a document may have one name among its fields, and how many fragments it may spread. The validator
// compares all of them with one another: 10,000 tokens of the same field would keep it for seconds.
const maxRepeats = 500

// repeatLimit refuses a document that would be costly to validate, before it is. It is a gqlgen extension.
type repeatLimit struct{ tokens int }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = repeatLimit{}

// ExtensionName tells extensions from one another.
func (repeatLimit) ExtensionName() string { return "RepeatLimit" }

// Validate accepts every schema.
func (repeatLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document.
func (l repeatLimit) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	if len(params.Query) < 2*maxRepeats { // a name and what parts it from the next
		return nil
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, l.tokens)
	if err != nil {
		return nil // the executor says so
	}
	seen := map[string]int{}
	for _, operation := range document.Operations {
		countNames(operation.SelectionSet, seen)
	}
	for _, fragment := range document.Fragments {
		countNames(fragment.SelectionSet, seen)
	}
	for name, n := range seen {
		if n > maxRepeats {
			return tooCostly("truy vấn có %[3]s %[1]d lần, nhiều nhất là %[2]d: hãy viết mỗi trường một lần, hoặc chia nó ra / the query has %[3]s %[1]d times, %[2]d at most: write each field once, or split it", n, maxRepeats, name)
		}
	}
	return nil
}

// countNames counts the names that fields have in the answer, and under "..." the fragments that are spread.
func countNames(set ast.SelectionSet, seen map[string]int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			seen[s.Alias]++
			countNames(s.SelectionSet, seen)
		case *ast.InlineFragment:
			countNames(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			seen["..."]++
		}
	}
}
