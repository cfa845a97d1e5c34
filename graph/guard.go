package graph

import (
	"context"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
	"vunglom/graph/scalar"
)

// guard refuses operations that ask for what the caller may not see, before anything of it is read: every field by its rule,
// and entry points that are about a unit by where that lies. It is a gqlgen extension.
type guard struct{ *root }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = guard{}

// ExtensionName tells extensions from one another.
func (guard) ExtensionName() string { return "Guard" }

// Validate accepts every schema: a field without a rule is refused when it is asked for.
func (guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation, or leaves it as it is.
func (g guard) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	p := &permits{caller: access.From(ctx), variables: op.Variables, fragments: map[string]bool{}}
	at, err := p.selection(op.Operation.SelectionSet)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, g.patience)
		defer cancel()
		for _, f := range p.about {
			if err = g.checkWhere(ctx, p, f); err != nil {
				at = f
				break
			}
		}
	}
	if err == nil {
		return nil
	}
	shown := &gqlerror.Error{Message: err.Error(), Err: err}
	if at != nil && at.Position != nil {
		shown.Locations = []gqlerror.Location{{Line: at.Position.Line, Column: at.Position.Column}}
	}
	return shown
}

// permits goes through an operation. Fragments are gone through once each.
type permits struct {
	caller    access.Caller
	variables map[string]any
	fragments map[string]bool
	about     []*ast.Field // what is left to find out: where these fields ask
}

// selection returns the first field that the caller may nowhere ask for, and why.
func (p *permits) selection(set ast.SelectionSet) (at *ast.Field, err error) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if !p.asked(s.Directives) {
				continue
			}
			if err = p.field(s); err != nil {
				return s, err
			}
			at, err = p.selection(s.SelectionSet)
		case *ast.InlineFragment:
			if p.asked(s.Directives) {
				at, err = p.selection(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if p.asked(s.Directives) && !p.fragments[s.Name] {
				p.fragments[s.Name] = true
				at, err = p.selection(s.Definition.SelectionSet)
			}
		}
		if err != nil {
			return at, err
		}
	}
	return nil, nil
}

// asked tells whether directives leave a selection in. In doubt they do.
func (p *permits) asked(directives ast.DirectiveList) bool {
	says := func(name string, otherwise bool) bool {
		d := directives.ForName(name)
		if d == nil || d.Arguments.ForName("if") == nil {
			return otherwise
		}
		value, err := d.Arguments.ForName("if").Value.Value(p.variables)
		if said, is := value.(bool); err == nil && is {
			return said
		}
		return name == "include"
	}
	return !says("skip", false) && says("include", true)
}

func (p *permits) field(f *ast.Field) error {
	if f.ObjectDefinition == nil {
		return p.caller.Refuse("", f.Name)
	}
	if strings.HasPrefix(f.Name, "__") || strings.HasPrefix(f.ObjectDefinition.Name, "__") {
		return nil // what there is to ask for is no secret
	}
	r := ruleOf(f.ObjectDefinition.Name, f.Name)
	if err := p.caller.Refuse(r.right, fieldName(f)); err != nil {
		return err
	}
	if everywhere, _ := p.caller.Scope(r.right); everywhere {
		return nil
	}
	switch {
	case r.where.whole:
		return p.caller.RefuseScope(r.right, fieldName(f))
	case r.where.unit != "" || r.where.province != "":
		p.about = append(p.about, f)
	case r.where.itself == "" && rules[f.ObjectDefinition.Name].right == "": // an entry point about nobody knows where
		return p.caller.Refuse("", fieldName(f))
	}
	return nil
}

// fieldName names a field in a sentence.
func fieldName(f *ast.Field) string {
	if name := f.ObjectDefinition.Name; name != "Query" && name != "Subscription" && name != "Mutation" {
		return name + "." + f.Name
	}
	return f.Name
}

// checkWhere refuses an entry point that asks about what lies outside of the caller's units.
func (g guard) checkWhere(ctx context.Context, p *permits, f *ast.Field) error {
	r := ruleOf(f.ObjectDefinition.Name, f.Name)
	given := f.ArgumentMap(p.variables)
	if r.where.province != "" {
		return checkProvince(p.caller, r, f.Name, given)
	}
	unit, _ := valueAt(given, r.where.unit).(map[string]any)
	if unit == nil {
		return p.caller.RefuseWhole(r.right, f.Name, r.where.unit)
	}
	level, _ := unit["level"].(string)
	code, _ := unit["code"].(string)
	if err := checkCode(code); err != nil {
		return err
	}
	ref := db.Ref{Level: levelToDB(model.AdminLevel(level)), Code: code}
	days, err := daysAt(given, r.where, g.today())
	if err != nil {
		return err
	}
	refs := make([]db.RefOnDay, len(days))
	for i, day := range days {
		refs[i] = db.RefOnDay{Ref: ref, Day: day}
	}
	return g.db.CheckScope(ctx, r.right, f.Name+": "+r.where.unit, refs...)
}

// checkProvince is for what a province need not be loaded for.
func checkProvince(caller access.Caller, r rule, field string, given map[string]any) error {
	code, _ := valueAt(given, r.where.province).(string)
	if code == "" {
		return caller.RefuseWhole(r.right, field, r.where.province)
	}
	_, units := caller.Scope(r.right)
	for _, u := range units {
		if u.Level == string(db.LevelProvince) && u.Code == code {
			return nil
		}
	}
	return caller.RefuseScope(r.right, field+": "+r.where.province)
}

// daysAt returns the days on which the unit of an entry point is looked up.
func daysAt(given map[string]any, w where, today time.Time) ([]time.Time, error) {
	var days []time.Time
	for _, path := range w.days {
		value := valueAt(given, path)
		if value == nil {
			continue
		}
		day, err := scalar.UnmarshalDate(value)
		if err != nil {
			return nil, err
		}
		days = append(days, day)
		if !w.both {
			break
		}
	}
	if len(days) == 0 {
		return []time.Time{today}, nil
	}
	return days, nil
}

// valueAt walks into arguments; nil: there is nothing.
func valueAt(given map[string]any, path string) any {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return given[name]
	}
	inner, _ := given[name].(map[string]any)
	return valueAt(inner, rest)
}
