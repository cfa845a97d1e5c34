package graph

import "testing"

// FuzzParseBody: whatever is sent, it is a request with a query or a refusal.
func FuzzParseBody(f *testing.F) {
	for _, body := range []string{`{"query":"{__typename}"}`, `{"query":"","variables":{"a":[1e400]},"operationName":null}`, `[]`, `{"query":null}`, "\xff", `{"query":"a"}{}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		params, refused := parseBody(body)
		if (params == nil) == (refused == nil) {
			t.Errorf("%q: %v and %v", body, params, refused)
		}
		if refused != nil && (refused.status != 400 || refused.message == "") {
			t.Errorf("%q: %+v", body, refused)
		}
	})
}
