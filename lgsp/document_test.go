package lgsp_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/lgsp"
	"vunglom/nodetest"
)

// TestTheDocumentIsValid: a public linter (spectral-cli 6.16.3, its rules of OpenAPI) finds nothing in what is served; and it does
// find something in a document that is spoilt.
func TestTheDocumentIsValid(t *testing.T) {
	t.Parallel()
	nodetest.Install(t, "lint")
	lint := func(document []byte) (string, error) {
		file := filepath.Join(t.TempDir(), "openapi.json")
		if err := os.WriteFile(file, document, 0o600); err != nil {
			t.Fatal(err)
		}
		spectral := exec.CommandContext(t.Context(), "node", "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--ruleset", "ruleset.yaml", "--fail-severity=hint", file)
		spectral.Dir = "lint"
		said, err := spectral.CombinedOutput()
		return string(said), err
	}
	if said, err := lint(lgsp.Document); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	spoilt := bytes.Replace(lgsp.Document, []byte(`"in":"query"`), []byte(`"in":"thought"`), 1)
	if bytes.Equal(spoilt, lgsp.Document) {
		spoilt = bytes.Replace(lgsp.Document, []byte(`"in": "query"`), []byte(`"in": "thought"`), 1)
	}
	if said, err := lint(spoilt); err == nil || !strings.Contains(said, "oas3-schema") {
		t.Errorf("a spoilt document passes: %v\n%s", err, said)
	}
}
