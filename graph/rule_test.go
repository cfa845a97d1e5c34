package graph

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vunglom/access"
)

func schemaTypes(t *testing.T) ast.DefinitionList {
	t.Helper()
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	document, err := parser.ParseSchema(&ast.Source{Name: "schema", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return document.Definitions
}

// TestEveryFieldHasARule: a field that somebody adds is nobody's until it is said what it needs; and no rule is left of one
// that is gone.
func TestEveryFieldHasARule(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, d := range schemaTypes(t) {
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		used[d.Name] = true
		for _, f := range d.Fields {
			used[d.Name+"."+f.Name] = true
			r := ruleOf(d.Name, f.Name)
			if !slices.Contains(access.Rights(), r.right) {
				t.Errorf("%s.%s has no rule: write what it needs into rules", d.Name, f.Name)
			}
			if _, own := rules[d.Name+"."+f.Name]; slices.Contains(entries, d.Name) && !own {
				t.Errorf("%s.%s has no rule of its own", d.Name, f.Name)
			}
			checkPaths(t, d.Name+"."+f.Name, f, r.where)
		}
	}
	for name := range rules {
		if !used[name] {
			t.Errorf("there is a rule for %s, which the schema has not", name)
		}
	}
}

// checkPaths wants every argument that a rule names to be one of the field's.
func checkPaths(t *testing.T, name string, f *ast.FieldDefinition, w where) {
	t.Helper()
	types := schemaTypes(t)
	for _, path := range append(slices.Clone(w.days), w.unit, w.province) {
		if path == "" {
			continue
		}
		first, rest, deeper := strings.Cut(path, ".")
		argument := f.Arguments.ForName(first)
		if argument == nil {
			t.Errorf("%s has no argument %s", name, path)
			continue
		}
		if deeper && types.ForName(argument.Type.Name()).Fields.ForName(rest) == nil {
			t.Errorf("%s has no argument %s", name, path)
		}
	}
}

// TestEveryWayToAScopedRightSaysWhere: a right that holds in units is found out where a field needs more than the one it is
// reached through, or the answer of one in scope would lead to what is not.
func TestEveryWayToAScopedRightSaysWhere(t *testing.T) {
	t.Parallel()
	types := schemaTypes(t)
	for _, d := range types {
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		for _, f := range d.Fields {
			r := ruleOf(d.Name, f.Name)
			said := r.where.whole || r.where.unit != "" || r.where.province != "" || r.where.itself != ""
			if r.right.Scoped() && !said && (slices.Contains(entries, d.Name) || !rules[d.Name].right.Implies(r.right)) {
				t.Errorf("%s.%s needs %s, of which %s is not enough, and says not where", d.Name, f.Name, r.right, rules[d.Name].right)
			}
			for _, answer := range answersOf(types, f.Type.Name()) {
				if !r.right.Implies(rules[answer].right) && !said {
					t.Errorf("%s.%s needs %s and answers a %s, which needs %s", d.Name, f.Name, r.right, answer, rules[answer].right)
				}
			}
		}
	}
}

// answersOf returns the types that a field of a type may answer.
func answersOf(types ast.DefinitionList, name string) (answers []string) {
	for _, d := range types {
		if d.Kind == ast.Object && (d.Name == name || slices.Contains(d.Interfaces, name)) {
			answers = append(answers, d.Name)
		}
	}
	return answers
}

// TestWhatEverybodySeesWasDecided: a type that is everybody's gives a field that is added to it away without a word. So each field
// that everybody may ask for stands in testdata/everybody.txt, which nothing writes but whoever has decided that.
func TestWhatEverybodySeesWasDecided(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/everybody.txt")
	if err != nil {
		t.Fatal(err)
	}
	decided := strings.Fields(string(text))
	if !slices.IsSorted(decided) || len(slices.Compact(slices.Clone(decided))) != len(decided) {
		t.Error("testdata/everybody.txt is not in order, or has a field twice")
	}
	var everybodys []string
	for _, d := range schemaTypes(t) {
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		for _, f := range d.Fields {
			if !ruleOf(d.Name, f.Name).right.Scoped() {
				everybodys = append(everybodys, d.Name+"."+f.Name)
			}
		}
	}
	for _, name := range everybodys {
		if !slices.Contains(decided, name) {
			t.Errorf("%s is everybody's: give it a rule of its own, or decide that no household can be told from it, and write it into testdata/everybody.txt", name)
		}
	}
	for _, name := range decided {
		if !slices.Contains(everybodys, name) {
			t.Errorf("testdata/everybody.txt has %s, which is not everybody's", name)
		}
	}
}
