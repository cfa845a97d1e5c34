package graph

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"vunglom/access"
)

// TestMutationsAreNeverSentByGet: a link, a picture or a browser that asks again changes nothing. The schema is one that has
// a mutation whatever ours has.
func TestMutationsAreNeverSentByGet(t *testing.T) {
	t.Parallel()
	ran := 0
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query {a: Int} type Mutation {a: Int}`})
	h := newHandler(&graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return schema },
		ExecFunc: func(context.Context) graphql.ResponseHandler {
			ran++
			return graphql.OneShot(&graphql.Response{Data: []byte(`{"a":1}`)})
		},
	}, Options{}.withDefaults())
	ask := func(method, target, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header.Set("Content-Type", mediaJSON)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, query := range []string{`mutation {a}`, `query Q {a} mutation M {a}`} {
			values := url.Values{"query": {query}}
			if strings.Contains(query, "M") {
				values.Set("operationName", "M")
			}
			if w := ask(method, "/graphql?"+values.Encode(), ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" || ran != 0 {
				t.Errorf("%s %s: %d, Allow %q, it ran %d times: %s", method, query, w.Code, w.Header().Get("Allow"), ran, w.Body)
			}
		}
	}
	if w := ask(http.MethodPost, "/graphql", `{"query":"mutation {a}"}`); w.Code != http.StatusOK || ran != 1 || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
		t.Errorf("POST: %d, it ran %d times: %v %s", w.Code, ran, w.Header(), w.Body)
	}
}

// TestNobodyChangesAnythingByGet: whoever asks, whether he may or not, is told to use POST.
func TestNobodyChangesAnythingByGet(t *testing.T) {
	t.Parallel()
	h := NewHandler(nil, Options{})
	values := url.Values{"query": {`mutation {eraseHousehold(province: "96", household: "H1") {__typename}}`}}
	for who, caller := range map[string]access.Caller{"nobody": {}, "who may not": {Issuer: "i", Subject: "an"}, "who may": access.Local()} {
		for _, media := range []string{mediaJSON, mediaGraphQL} {
			r := httptest.NewRequestWithContext(access.With(t.Context(), caller), http.MethodGet, "/graphql?"+values.Encode(), nil)
			r.Header.Set("Accept", media)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
				t.Errorf("%s: %d, Allow %q: %s", who, w.Code, w.Header().Get("Allow"), w.Body)
			}
		}
	}
}
