package graph

import (
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// FuzzReadTrusted reads any manifest: it is refused with a sentence, or each of its documents, and nothing else, is answered, by its text, its
// id and its hash.
func FuzzReadTrusted(f *testing.F) {
	for _, text := range []string{`{"a":"{__typename}"}`, `{"sha256:` + sum("{a}") + `":"{a}","b":"{a}"}`, `{"` + sum("x") + `":"{a}"}`, `{}`, `[]`, `null`, `{"":""}`, `{"a":1}`, `{"a":"b","a":"c"}`} {
		f.Add([]byte(text), "{b}")
	}
	f.Fuzz(func(t *testing.T, manifest []byte, other string) {
		documents, err := ReadTrusted(manifest)
		if err != nil {
			if documents != nil || err.Error() == "" {
				t.Errorf("%q: %v, %v", manifest, documents, err)
			}
			return
		}
		if documents == nil {
			t.Fatalf("%q makes a server that answers any document", manifest)
		}
		asked := func(params graphql.RawParams) (string, bool) {
			refused := trust{documents}.MutateOperationParameters(t.Context(), &params)
			return params.Query, refused == nil
		}
		var read map[string]string
		if err := json.Unmarshal(manifest, &read); err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for id, document := range read {
			known[document] = true
			if _, may := asked(graphql.RawParams{Query: document}); !may {
				t.Errorf("%q: %q is refused", manifest, document)
			}
			for _, id := range []string{id, sum(document), "sha256:" + sum(document)} {
				if got, may := asked(graphql.RawParams{Extensions: map[string]any{documentIDKey: id}}); id != "" && (!may || got != document) {
					t.Errorf("%q: the id %q asks for %q, %v", manifest, id, got, may)
				}
			}
		}
		if _, may := asked(graphql.RawParams{Query: other}); may != known[other] {
			t.Errorf("%q: %q is answered: %v", manifest, other, may)
		}
	})
}
