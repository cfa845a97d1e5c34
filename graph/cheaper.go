package graph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// cheaper says how to ask within the most that a query may cost: Vietnamese, English. Of what stands at the root, the
// dearest is asked for by itself where that is enough, or else in pages of which one fits, or else without what costs most in it.
func (w *walk) cheaper(entries []*ast.Field, cost, most int) (vi, en string) {
	field, own := w.dearest(entries)
	if len(entries) > 1 && own <= most {
		return fmt.Sprintf("hãy hỏi riêng %s, giá %d", field.Alias, own), fmt.Sprintf("ask for %s, which costs %d, by itself", field.Alias, own)
	}
	if n := w.fits(field, own, most-(cost-own)); n > 0 {
		return fmt.Sprintf("%s vừa với first: %d, rồi after: endCursor", field.Alias, n), fmt.Sprintf("%s fits with first: %d, then after: endCursor", field.Alias, n)
	}
	path := []string{field.Alias}
	for {
		below, cost := w.dearest(roots(field.SelectionSet))
		if cost == 0 {
			break
		}
		field, path = below, append(path, below.Alias)
		if w.paged(field) {
			break
		}
	}
	at := strings.Join(path, ".")
	if w.paged(field) {
		return fmt.Sprintf("đắt nhất là %s: hãy giảm first của nó hoặc bỏ nó", at), fmt.Sprintf("%s costs most: lower its first, or leave it out", at)
	}
	return fmt.Sprintf("đắt nhất là %s: hãy hỏi ít hơn ở đó hoặc bỏ nó", at), fmt.Sprintf("%s costs most: ask for less of it, or leave it out", at)
}

// dearest returns the field that costs most, and what it costs; 0: none costs anything.
func (w *walk) dearest(fields []*ast.Field) (dearest *ast.Field, most int) {
	for _, f := range fields {
		if cost := w.field(f).cost; dearest == nil || cost > most {
			dearest, most = f, cost
		}
	}
	return dearest, most
}

func (w *walk) paged(f *ast.Field) bool {
	return f.Definition != nil && f.Definition.Arguments.ForName("first") != nil
}

// fits returns how many items of a page that costs as much as given fit into a budget; 0: none does, or it is no page.
func (w *walk) fits(f *ast.Field, cost, budget int) int {
	if !w.paged(f) {
		return 0
	}
	items, item := w.count(f), w.selection(f.SelectionSet).cost+1
	besides := cost - items*item // what it costs however long the page is
	return max(0, min(items-1, (budget-besides)/item))
}
