package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// audits is how many the suite of graphql-http has in the version that web/app/package.json names.
const audits = 61

// TestGraphQLOverHTTPAudits holds the running program to the public audit suite of GraphQL over HTTP: every audit is ok,
// those that would only warn too.
func TestGraphQLOverHTTPAudits(t *testing.T) {
	t.Parallel()
	app := filepath.Join("..", "..", "web", "app")
	if _, err := os.Stat(filepath.Join(app, "node_modules", "graphql-http")); err != nil {
		t.Skip("the audit suite is not installed: make build")
	}
	address := serving(t)
	suite := exec.CommandContext(t.Context(), "node", "build/audit.mjs", address+"/graphql")
	suite.Dir = app
	out, err := suite.CombinedOutput()
	if want := fmt.Sprintf("%[1]d of %[1]d audits ok\n", audits); err != nil || string(out) != want {
		t.Errorf("%v, want %s%s", err, want, out)
	}
}
