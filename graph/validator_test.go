package graph_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vunglom/access"
)

// getAs sends a query by GET or HEAD, as a caller.
func getAs(t *testing.T, h http.Handler, caller access.Caller, method, query string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(access.With(t.Context(), caller), method, "/graphql?"+url.Values{"query": {query}}.Encode(), nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestAnswersToGetMayBeKept: by whoever may see them, until they change.
func TestAnswersToGetMayBeKept(t *testing.T) {
	t.Parallel()
	h := plain()
	for who, caller := range map[string]access.Caller{"public": {}, "private": access.Local()} {
		first := getAs(t, h, caller, http.MethodGet, "{__typename}")
		tag := first.Header().Get("ETag")
		if first.Code != 200 || !strings.HasPrefix(tag, `W/"`) || first.Header().Get("Cache-Control") != who+", no-cache" ||
			strings.Join(first.Header().Values("Vary"), ", ") != "Accept, Authorization" {
			t.Errorf("%s: %d %v", who, first.Code, first.Header())
		}
		for _, given := range []string{tag, `"other", ` + strings.TrimPrefix(tag, "W/"), "*"} {
			again := getAs(t, h, caller, http.MethodGet, "{__typename}", "If-None-Match", given)
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag || again.Header().Get("Cache-Control") != who+", no-cache" ||
				strings.Join(again.Header().Values("Vary"), ", ") != "Accept, Authorization" {
				t.Errorf("%s with %s: %d %v %s", who, given, again.Code, again.Header(), again.Body)
			}
		}
		for name, other := range map[string]*httptest.ResponseRecorder{
			"another query":        getAs(t, h, caller, http.MethodGet, "{a: __typename}", "If-None-Match", tag),
			"another media type":   getAs(t, h, caller, http.MethodGet, "{__typename}", "If-None-Match", tag, "Accept", mediaGraphQL),
			"a tag of another day": getAs(t, h, caller, http.MethodGet, "{__typename}", "If-None-Match", `W/"0"`),
		} {
			if other.Code != 200 || other.Body.Len() == 0 || other.Header().Get("ETag") == "" {
				t.Errorf("%s, %s: %d %v", who, name, other.Code, other.Header())
			}
		}
	}
	if head := getAs(t, h, access.Caller{}, http.MethodHead, "{__typename}"); head.Code != 200 || head.Header().Get("ETag") == "" {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
}

// TestErrorsAreNotKept: what went wrong may go well the next time; nor are answers to POST.
func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	h := plain()
	for name, w := range map[string]*httptest.ResponseRecorder{
		"did not run":  getAs(t, h, access.Caller{}, http.MethodGet, "{none}"),
		"ran and fell": getAs(t, h, access.Caller{}, http.MethodGet, "{adminUnits(first: 0) {totalCount}}", "If-None-Match", "*"),
		"no query":     send(t, h, http.MethodGet, "/graphql", "", ""),
		"no method":    send(t, h, http.MethodPut, "/graphql", "", ""),
		"POST":         send(t, h, http.MethodPost, "/graphql", mediaJSON, typename),
	} {
		if w.Code == http.StatusNotModified || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
}
