package graph_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vunglom/db"
)

func parseSchema(t *testing.T, path string) *ast.SchemaDocument {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	document, err := parser.ParseSchema(&ast.Source{Name: filepath.Base(path), Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// TestSchemaHoldsCore: nothing of the contract's API is missing or changed.
func TestSchemaHoldsCore(t *testing.T) {
	t.Parallel()
	ours := parseSchema(t, filepath.Join("..", "schema.graphqls"))
	for _, core := range contract(t, "core.graphql").Definitions {
		t.Run(core.Name, func(t *testing.T) {
			own := ours.Definitions.ForName(core.Name)
			compareType(t, core, own)
			requiresNoMore(t, core, own)
		})
	}
}

// requiresNoMore: an input that the contract defines needs nothing besides.
func requiresNoMore(t *testing.T, core, own *ast.Definition) {
	t.Helper()
	for _, field := range own.Fields {
		if core.Kind == ast.InputObject && core.Fields.ForName(field.Name) == nil && field.Type.NonNull && field.DefaultValue == nil {
			t.Errorf("the field %s is new and required: inputs of the contract would fail", field.Name)
		}
	}
}

// contract parses a file of the contract, or skips the test where that does not lie beside the repository.
func contract(t *testing.T, name string) *ast.SchemaDocument {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "contract", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the contract lies beside the repository, in ../shared/contract; it is not here")
	}
	return parseSchema(t, path)
}

func compareType(t *testing.T, core, own *ast.Definition) {
	t.Helper()
	if own == nil || own.Kind != core.Kind {
		t.Fatalf("%s %s is missing", core.Kind, core.Name)
	}
	for _, name := range core.Interfaces {
		if !slices.Contains(own.Interfaces, name) {
			t.Errorf("it does not implement %s", name)
		}
	}
	for _, value := range core.EnumValues {
		if own.EnumValues.ForName(value.Name) == nil {
			t.Errorf("the value %s is missing", value.Name)
		}
	}
	for _, field := range core.Fields {
		compareField(t, field, own.Fields.ForName(field.Name))
	}
}

func compareField(t *testing.T, core, own *ast.FieldDefinition) {
	t.Helper()
	if own == nil {
		t.Errorf("the field %s is missing", core.Name)
		return
	}
	if core.Type.String() != own.Type.String() || value(core.DefaultValue) != value(own.DefaultValue) {
		t.Errorf("the field %s is %s = %s, in the contract %s = %s", core.Name, own.Type, value(own.DefaultValue), core.Type, value(core.DefaultValue))
	}
	for _, argument := range core.Arguments {
		same := own.Arguments.ForName(argument.Name)
		if same == nil {
			t.Errorf("the argument %s of %s is missing", argument.Name, core.Name)
			continue
		}
		if argument.Type.String() != same.Type.String() || value(argument.DefaultValue) != value(same.DefaultValue) {
			t.Errorf("the argument %s of %s is %s = %s, in the contract %s = %s", argument.Name, core.Name,
				same.Type, value(same.DefaultValue), argument.Type, value(argument.DefaultValue))
		}
	}
	for _, argument := range own.Arguments {
		if core.Arguments.ForName(argument.Name) == nil && argument.Type.NonNull && argument.DefaultValue == nil {
			t.Errorf("the argument %s of %s is new and required: queries of the contract would fail", argument.Name, core.Name)
		}
	}
}

func value(v *ast.Value) string {
	if v == nil {
		return "none"
	}
	return v.String()
}

// TestEntriesOfTheLogAreDescribed: what AuditEntry.entry says there can be is what the program enters, which refuses to enter anything else.
func TestEntriesOfTheLogAreDescribed(t *testing.T) {
	t.Parallel()
	said := parseSchema(t, filepath.Join("..", "schema.graphqls")).Definitions.ForName("AuditEntry").Fields.ForName("entry").Description
	var named []string
	for i, part := range strings.Split(said, "`") {
		if i%2 == 1 && part != "rows" && part != "minimumTeams" {
			named = append(named, part)
		}
	}
	slices.Sort(named)
	if want := slices.Sorted(slices.Values(db.AuditEntries)); !slices.Equal(named, want) {
		t.Errorf("described are %q, entered %q", named, want)
	}
}

// TestSchemaIsDescribed: every type, field, argument, input field and enum value says what it
// is, in a sentence.
func TestSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	described := 0
	check := func(what, text string) {
		described++
		if len(text) < 4 || text[len(text)-1] != '.' && text[len(text)-1] != ')' && text[len(text)-1] != ':' {
			t.Errorf("%s: %q is no sentence", what, text)
		}
	}
	for _, d := range parseSchema(t, filepath.Join("..", "schema.graphqls")).Definitions {
		check(d.Name, d.Description)
		for _, v := range d.EnumValues {
			check(d.Name+"."+v.Name, v.Description)
		}
		for _, f := range d.Fields {
			check(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
	}
	if described < 200 {
		t.Errorf("only %d elements were looked at", described)
	}
}
