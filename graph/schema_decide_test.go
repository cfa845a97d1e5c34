package graph_test

import (
	"path/filepath"
	"testing"
)

// TestSchemaHoldsDecide: nothing of what planning adds to the contract's API is missing or changed.
func TestSchemaHoldsDecide(t *testing.T) {
	t.Parallel()
	decide := contract(t, "decide.graphql")
	ours := parseSchema(t, filepath.Join("..", "schema.graphqls")).Definitions
	if len(decide.Definitions) < 20 || len(decide.Extensions) < 5 {
		t.Fatalf("decide.graphql has %d types and %d extensions", len(decide.Definitions), len(decide.Extensions))
	}
	for _, d := range decide.Definitions {
		t.Run(d.Name, func(t *testing.T) {
			compareType(t, d, ours.ForName(d.Name))
			requiresNoMore(t, d, ours.ForName(d.Name))
		})
	}
	for _, d := range decide.Extensions {
		t.Run(d.Name, func(t *testing.T) { compareType(t, d, ours.ForName(d.Name)) })
	}
	// What the contract says in a comment.
	for typeName, field := range map[string]string{"Query": "coverageGaps", "AdminUnit": "coverage"} {
		argument := ours.ForName(typeName).Fields.ForName(field).Arguments.ForName("boundariesAsOf")
		if argument == nil || argument.Type.String() != "Date" || argument.DefaultValue != nil {
			t.Errorf("%s.%s(boundariesAsOf: Date) is %v", typeName, field, argument)
		}
	}
}
