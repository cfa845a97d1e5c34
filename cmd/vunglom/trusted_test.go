package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/web"
)

// TestTrustedDocumentsAreASetting: the file's documents and the dashboard's are answered, nothing else is.
func TestTrustedDocumentsAreASetting(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "trusted.json")
	if err := os.WriteFile(file, []byte(`{"who": "{__typename}"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	address := serving(t, "VUNGLOM_TRUSTED_DOCUMENTS="+file)
	var own map[string]string
	if err := json.Unmarshal(web.AppDocuments(), &own); err != nil || len(own) == 0 {
		t.Fatalf("%d documents of the dashboard: %v", len(own), err)
	}
	for _, document := range own {
		if got := posted(t, address, document); strings.Contains(got.body, "FORBIDDEN") {
			t.Errorf("%s: %s", document, got.body)
		}
	}
	if got := sent(t, http.MethodGet, address+"/graphql?documentId=who", ""); got.body != `{"data":{"__typename":"Query"}}` {
		t.Errorf("by id: %d %s", got.status, got.body)
	}
	if got := posted(t, address, `{__typename}`); got.body != `{"data":{"__typename":"Query"}}` {
		t.Errorf("by its text: %d %s", got.status, got.body)
	}
	for _, other := range []string{`{ __typename }`, `{__schema {types {name}}}`, `{datasets {asOf}}`} {
		if got := posted(t, address, other); !strings.Contains(got.body, `"code":"FORBIDDEN"`) {
			t.Errorf("POST %s: %d %s", other, got.status, got.body)
		}
		if got := sent(t, http.MethodGet, address+"/graphql?"+url.Values{"query": {other}}.Encode(), ""); !strings.Contains(got.body, `"code":"FORBIDDEN"`) {
			t.Errorf("GET %s: %d %s", other, got.status, got.body)
		}
	}
	if got := sent(t, http.MethodGet, address+"/graphiql", ""); got.status != http.StatusNotFound {
		t.Errorf("/graphiql, which could ask nothing: %d", got.status)
	}
}
