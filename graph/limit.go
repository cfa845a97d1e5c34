package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/quota"
)

// costLimit refuses operations that ask for too much at once, or more than the client has left, before anything is read. It
// is a gqlgen extension.
type costLimit struct {
	Limits
	hideSchema bool
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = costLimit{}

// ExtensionName tells extensions from one another.
func (costLimit) ExtensionName() string { return "CostLimit" }

// Validate accepts every schema.
func (costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation, or takes its cost from the client's share and lets it ask about the schema too.
func (l costLimit) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	w := newWalk(op.Variables)
	total := w.selection(op.Operation.SelectionSet)
	if refused := l.check(w, op.Operation.SelectionSet, total); refused != nil {
		return refused
	}
	if err := quota.From(ctx).Spend(total.cost); err != nil {
		return gqlerror.WrapPath(nil, err)
	}
	op.DisableIntrospection = false // what may not be asked has been refused
	return nil
}

func (l costLimit) check(w *walk, set ast.SelectionSet, total weight) *gqlerror.Error {
	entries := roots(set)
	switch {
	case w.schema && l.hideSchema:
		own := &Error{CodeForbidden, "máy chủ này không cho hỏi lược đồ (--no-introspection); xem schema.graphqls / this server does not tell its schema (--no-introspection); see schema.graphqls"}
		return gqlerror.WrapPath(nil, own)
	case total.depth > l.Depth:
		return tooCostly("truy vấn lồng %[1]d tầng, nhiều nhất là %[2]d: hãy chia nó ra / the query nests %[1]d fields deep, %[2]d at most: split it", total.depth, l.Depth)
	case w.aliases > l.Aliases:
		return tooCostly("truy vấn đổi tên %[1]d trường, nhiều nhất là %[2]d: hãy hỏi một danh sách (ids, within, first), hoặc chia nó ra / the query renames %[1]d fields, %[2]d at most: ask for a list (ids, within, first), or split it", w.aliases, l.Aliases)
	case len(entries) > l.RootFields:
		return tooCostly("truy vấn có %[1]d trường gốc, nhiều nhất là %[2]d: hãy chia nó ra / the query has %[1]d fields of the root, %[2]d at most: split it", len(entries), l.RootFields)
	case w.page > l.Page:
		return tooCostly("%[3]s có thể có %[1]d mục, nhiều nhất là %[2]d: hãy hỏi từng trang, first: %[2]d rồi after: endCursor / %[3]s may hold %[1]d items, %[2]d at most: ask page by page, first: %[2]d, then after: endCursor", w.page, l.Page, w.longest.Name)
	case total.cost > l.Cost:
		vi, en := w.cheaper(entries, total.cost, l.Cost)
		return tooCostly("truy vấn giá %[1]d, nhiều nhất là %[2]d (đối tượng mà câu trả lời có thể có): %[3]s / the query costs %[1]d, %[2]d at most (objects that the answer may hold): %[4]s", total.cost, l.Cost, vi, en)
	}
	return nil
}

func tooCostly(message string, args ...any) *gqlerror.Error {
	own := &Error{CodeTooCostly, fmt.Sprintf(message, args...)}
	return &gqlerror.Error{Message: own.Message, Err: own}
}

// roots returns the fields of the root by the names that they have in the answer, those of fragments too.
func roots(set ast.SelectionSet) []*ast.Field {
	var all []*ast.Field
	named, spread := map[string]bool{}, map[string]bool{}
	var add func(ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if !named[s.Alias] {
					named[s.Alias] = true
					all = append(all, s)
				}
			case *ast.InlineFragment:
				add(s.SelectionSet)
			case *ast.FragmentSpread:
				if !spread[s.Name] {
					spread[s.Name] = true
					add(s.Definition.SelectionSet)
				}
			}
		}
	}
	add(set)
	return all
}
