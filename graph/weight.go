package graph

import (
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
	"vunglom/graph/scalar"
	"vunglom/quota"
)

// EntryCost is what an entry point costs besides its answer: at least a statement. A request costs as much more.
const EntryCost = 50

// listCost is how many objects a list without `first` is taken to have.
const listCost = 3

// mapCost is how many features a map of a level is taken to have.
var mapCost = map[model.AdminLevel]int{
	model.AdminLevelProvince: 50, model.AdminLevelDistrict: 500, model.AdminLevelCommune: 3000, model.AdminLevelHamlet: 5000,
}

// areaCost is how many areas of gap households there are taken to be.
const areaCost = 1000

// qualityCost is what looking through all rows for defects is taken to cost, in objects.
const qualityCost = 5000

// siteCost is what finding out where a gap's bases would stand is taken to cost, in objects: its addresses are looked over for each.
const siteCost = 50

// planCost is what making a plan is taken to cost, in objects: two fit into a query.
const planCost = 40_000

// schemaCost is what asking about the schema is taken to cost, in objects; how deep that goes the validator bounds.
const schemaCost = 2000

// bundleCost is what sending a bundle is taken to cost, in objects: as much as a file that is exported.
const bundleCost = 20_000

// writeCost is what writing an item is taken to cost, in objects.
const writeCost = 10

type weight struct{ cost, depth int }

// walk weighs an operation. Fragments are weighed once each, so that fragments of fragments
// cannot make the weighing itself costly.
type walk struct {
	variables map[string]any
	fragments map[string]weight
	aliases   int        // fields that are renamed, those of a fragment once
	schema    bool       // whether it asks about the schema
	page      int        // the longest page
	longest   *ast.Field // whose it is
}

func newWalk(variables map[string]any) *walk {
	return &walk{variables: variables, fragments: map[string]weight{}}
}

func (w *walk) selection(set ast.SelectionSet) weight {
	var total weight
	for _, selection := range set {
		var one weight
		switch s := selection.(type) {
		case *ast.Field:
			one = w.field(s)
		case *ast.InlineFragment:
			one = w.selection(s.SelectionSet)
		case *ast.FragmentSpread:
			known, ok := w.fragments[s.Name]
			if !ok {
				known = w.selection(s.Definition.SelectionSet)
				w.fragments[s.Name] = known
			}
			one = known
		}
		total.cost = saturate(total.cost + one.cost)
		total.depth = max(total.depth, one.depth)
	}
	return total
}

// field weighs a field: an object is one, a list as many as it may have, a plain value
// nothing, but one that is asked for with arguments as much as an object: it is looked up for them, and so are rights. A page is counted where
// `first` stands; the connection's own fields only lead to what was counted there.
func (w *walk) field(f *ast.Field) weight {
	if f.Alias != f.Name {
		w.aliases++
	}
	switch {
	case f.Name == "__schema" || f.Name == "__type":
		w.schema = true
		return weight{cost: schemaCost}
	case f.Definition == nil || strings.HasPrefix(f.Name, "__"):
		return weight{}
	}
	inner := w.selection(f.SelectionSet)
	own := weight{cost: inner.cost, depth: inner.depth + 1}
	switch {
	case len(f.SelectionSet) == 0 && (len(f.Definition.Arguments) > 0 || f.Name == "rights"):
		own.cost = 1
	case len(f.SelectionSet) > 0 && !leadsOn(f):
		own.cost = saturate(w.count(f) * saturate(inner.cost+1))
	}
	if f.ObjectDefinition != nil && slices.Contains(entries, f.ObjectDefinition.Name) {
		own.cost += EntryCost
	}
	if f.ObjectDefinition != nil && f.ObjectDefinition.Name == "Mutation" {
		own.cost = saturate(own.cost + writeCost*w.items(f))
	}
	switch f.Name {
	case "actions":
		own.cost += siteCost
	case "coverageMap":
		own.cost += w.mapFeatures(f)
	case "importBundle":
		own.cost += bundleCost
	case "gapAreas":
		own.cost += quota.LinkCost
	case "dataQuality":
		own.cost += qualityCost
	case "planTeams", "minimumTeams":
		own.cost = saturate(planCost + w.planned(f)*inner.cost)
	}
	return own
}

func leadsOn(f *ast.Field) bool {
	of := f.ObjectDefinition
	return of != nil && (strings.HasSuffix(of.Name, "Connection") || strings.HasSuffix(of.Name, "Edge"))
}

func (w *walk) count(f *ast.Field) int {
	if ids := f.Arguments.ForName("ids"); ids != nil {
		list, is := w.value(ids.Value).([]any)
		if !is {
			return w.noted(f, 1) // one stands for a list of one
		}
		return w.noted(f, len(list))
	}
	if f.Definition.Arguments.ForName("first") != nil {
		return w.noted(f, w.first(f))
	}
	if f.Definition.Type.Elem == nil || f.Definition.Type.Name() == "PlannedSite" {
		return 1 // a plan's sites are counted by the plan
	}
	if f.Definition.Type.Name() == "ChangedUnit" {
		return db.MostChangedUnits
	}
	switch f.Definition.Type.Name() + " " + f.Name {
	case "ImportedTable tables":
		return db.BundleTables()
	case "Grant grants":
		return len(access.Rights())
	case "AdminUnit units":
		return mostGranted
	}
	if f.Name == "dataQuality" {
		return w.checks(f)
	}
	if f.Name == "coverageTrend" {
		return w.points(f)
	}
	return listCost
}

// items is how many a field is to write: the longest list that it is given.
func (w *walk) items(f *ast.Field) int {
	most := 0
	for _, argument := range f.Arguments {
		switch given := w.value(argument.Value).(type) {
		case []any:
			most = max(most, len(given))
		case map[string]any: // one stands for a list of one
			most = max(most, 1)
		}
	}
	return most
}

// noted returns how many items a page may have, which is compared with the limit of pages later.
func (w *walk) noted(f *ast.Field, n int) int {
	if n > w.page {
		w.page, w.longest = n, f
	}
	return n
}

// checks is how many kinds of defects are asked for; the resolver refuses an empty list.
func (w *walk) checks(f *ast.Field) int {
	all := len(db.QualityKinds())
	if kinds := f.Arguments.ForName("kinds"); kinds != nil {
		switch given := w.value(kinds.Value).(type) {
		case []any:
			return min(max(1, len(given)), all)
		case string: // one stands for a list of one
			return 1
		}
	}
	return all
}

func (w *walk) first(f *ast.Field) int {
	definition := f.Definition.Arguments.ForName("first")
	var given any
	if argument := f.Arguments.ForName("first"); argument != nil {
		given = w.value(argument.Value)
	}
	if given == nil && definition.DefaultValue != nil {
		given = w.value(definition.DefaultValue)
	}
	if given == nil {
		return areaCost // the only list that may be asked for whole
	}
	n, err := graphql.UnmarshalInt(given)
	if err != nil || n < 1 || n > maxFirst {
		return 1 // the resolver refuses it
	}
	return n
}

// points is how many a trend has; the resolver refuses days and steps that make none, or too many.
func (w *walk) points(f *ast.Field) int {
	given := f.ArgumentMap(w.variables)
	from, errFrom := scalar.UnmarshalDate(given["from"])
	to, errTo := scalar.UnmarshalDate(given["to"])
	if errFrom != nil || errTo != nil {
		return 1
	}
	step, _ := given["step"].(string)
	days, err := db.TrendDays(from, to, db.Step(step))
	if err != nil {
		return 1
	}
	return len(days)
}

func (w *walk) mapFeatures(f *ast.Field) int {
	argument := f.Arguments.ForName("input")
	if argument == nil {
		return 0
	}
	input, _ := w.value(argument.Value).(map[string]any)
	level, _ := input["level"].(string)
	return mapCost[model.AdminLevel(level)]
}

// planned is how many sites a plan is asked for.
func (w *walk) planned(f *ast.Field) int {
	argument := f.Arguments.ForName("input")
	if argument == nil {
		return 1
	}
	input, _ := w.value(argument.Value).(map[string]any)
	n, err := graphql.UnmarshalInt(input["teams"])
	if err != nil || n < 1 || n > maxTeams {
		return 1 // the resolver refuses it
	}
	return n
}

func (w *walk) value(v *ast.Value) any {
	value, err := v.Value(w.variables)
	if err != nil {
		return nil // the resolver's arguments will not be readable either
	}
	return value
}

// saturate keeps products of many `first` from wrapping around.
func saturate(n int) int { return min(n, 1<<31) }
