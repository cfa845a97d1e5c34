package graph_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vunglom/graph"
)

// TestTrustedDocumentsAreTheOnlyOnes: by their text to the letter, or by their id; over POST and GET.
func TestTrustedDocumentsAreTheOnlyOnes(t *testing.T) {
	t.Parallel()
	const document, other = `query T {trusted: __typename}`, `{other: __typename}`
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(document)))
	trusted, err := graph.ReadTrusted(fmt.Appendf(nil, `{"sha256:%s": %q, "page-1": %q}`, hash, document, other))
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Trusted = trusted
	h, open := graph.NewHandler(nil, o), plain()
	for _, c := range []struct{ body, with, without string }{ // what they hold, where documents are registered and where not
		{`{"query":"query T {trusted: __typename}"}`, `"trusted"`, `"trusted"`},
		{`{"query":"query T {trusted: __typename}","operationName":"T","variables":{}}`, `"trusted"`, `"trusted"`},
		{`{"documentId":"sha256:` + hash + `"}`, `"trusted"`, "NOT_FOUND"},
		{`{"documentId":"` + strings.ToUpper(hash) + `"}`, `"trusted"`, "NOT_FOUND"},
		{`{"documentId":"page-1"}`, `"other"`, "NOT_FOUND"},
		{`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}}`, `"trusted"`, "NOT_FOUND"},
		{`{"query":"{other: __typename}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}}`, `"other"`, `"other"`}, // the text counts
		{`{"query":"query T { trusted: __typename }"}`, "FORBIDDEN", `"trusted"`},
		{`{"query":"{__typename}","documentId":"sha256:` + hash + `"}`, "FORBIDDEN", `"__typename"`},
		{`{"query":"{__schema {types {name}}}"}`, "FORBIDDEN", `"__schema"`},
		{`{"query":"{"}`, "FORBIDDEN", "BAD_INPUT"},
		{`{"query":""}`, "FORBIDDEN", "BAD_INPUT"},
		{`{"documentId":"page-2"}`, "NOT_FOUND", "NOT_FOUND"},
		{`{"documentId":""}`, "FORBIDDEN", "BAD_INPUT"},
		{`{"documentId":1}`, "BAD_INPUT", "BAD_INPUT"},
		{`{"extensions":{}}`, "BAD_INPUT", "BAD_INPUT"},
	} {
		for which, handler := range map[string]http.Handler{c.with: h, c.without: open} {
			if w := send(t, handler, http.MethodPost, "/graphql", mediaJSON, c.body); !strings.Contains(w.Body.String(), which) || strings.HasPrefix(which, `"`) != strings.Contains(w.Body.String(), `"data"`) {
				t.Errorf("%s: %s, want %s", c.body, w.Body, which)
			}
		}
	}
	for _, c := range []struct{ name, value, holds string }{
		{"query", document, `"trusted"`}, {"documentId", "sha256:" + hash, `"trusted"`}, {"documentId", "page-1", `"other"`},
		{"extensions", `{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}`, `"trusted"`},
		{"query", "{__typename}", "FORBIDDEN"}, {"documentId", "page-2", "NOT_FOUND"}, {"extensions", "{}", "FORBIDDEN"},
	} {
		if w := send(t, h, http.MethodGet, "/graphql?"+url.Values{c.name: {c.value}}.Encode(), "", ""); !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("GET %s=%s: %s, want %s", c.name, c.value, w.Body, c.holds)
		}
	}
}

func TestManifestsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, manifest := range []string{``, `[]`, `{"a": 1}`, `{"sha256:` + strings.Repeat("0", 64) + `": "{__typename}"}`, `{"` + strings.Repeat("0", 64) + `": "{__typename}"}`} {
		if _, err := graph.ReadTrusted([]byte(manifest)); err == nil {
			t.Errorf("%s was read", manifest)
		}
	}
	if none, err := graph.ReadTrusted([]byte(`{}`)); err != nil || none == nil {
		t.Errorf("%v %v: nothing is trusted, which is not that anything is", none, err)
	}
}
