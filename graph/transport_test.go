package graph_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/db/dbtest"
	"vunglom/graph"
)

const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
	typename     = `{"query":"{__typename}"}`
)

// plain is a handler for requests that read no data.
func plain() http.Handler { return graph.NewHandler(nil, options()) }

func send(t *testing.T, h http.Handler, method, target, contentType, body string, accept ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(access.With(t.Context(), access.Local()), method, target, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for _, each := range accept {
		r.Header.Add("Accept", each)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAcceptIsNegotiated(t *testing.T) {
	t.Parallel()
	h := plain()
	for _, c := range []struct {
		accept []string
		media  string // "": refused
	}{
		{nil, mediaJSON}, // who does not say may know no other
		{[]string{""}, mediaJSON},
		{[]string{"*/*"}, mediaJSON},
		{[]string{"application/*"}, mediaJSON},
		{[]string{"application/graphql-response+json, */*"}, mediaGraphQL},
		{[]string{"application/json, */*"}, mediaJSON},
		{[]string{"application/json;q=0.5, */*;q=0.8"}, mediaGraphQL},
		{[]string{"application/json;q=0, application/*"}, mediaGraphQL},
		{[]string{"application/json;q=0.000, application/graphql-response+json;q=0.0"}, ""},
		{[]string{"application/json;q=2"}, ""},
		{[]string{"application/json;q=much"}, ""},
		{[]string{mediaJSON}, mediaJSON},
		{[]string{mediaGraphQL}, mediaGraphQL},
		{[]string{"application/json, application/graphql-response+json;q=0.5"}, mediaJSON},
		{[]string{"application/graphql-response+json, application/json;q=0.9"}, mediaGraphQL},
		{[]string{"application/json", "application/graphql-response+json"}, mediaGraphQL},
		{[]string{"application/json;charset=utf-8"}, mediaJSON},
		{[]string{"application/json;charset=iso-8859-1"}, ""},
		{[]string{"application/graphql-response+json;q=0, */*"}, mediaJSON},
		{[]string{"application/json;q=0.2, */*;q=0.1"}, mediaJSON},
		{[]string{"text/html, image/png"}, ""},
		{[]string{"*/*;q=0"}, ""},
	} {
		w := send(t, h, http.MethodPost, "/graphql", mediaJSON, typename, c.accept...)
		if c.media == "" {
			if w.Code != http.StatusNotAcceptable {
				t.Errorf("Accept %q: %d, want 406", c.accept, w.Code)
			}
			continue
		}
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != c.media+"; charset=utf-8" {
			t.Errorf("Accept %q: %d %s, want %s", c.accept, w.Code, w.Header().Get("Content-Type"), c.media)
		}
		if got := w.Body.String(); got != `{"data":{"__typename":"Query"}}` {
			t.Errorf("Accept %q: %s", c.accept, got)
		}
	}
}

func TestRequestsAreRefused(t *testing.T) {
	t.Parallel()
	h := plain()
	for name, c := range map[string]struct {
		method, target, contentType, body string
		status                            int
	}{
		"put":               {http.MethodPut, "/graphql", mediaJSON, typename, 405},
		"delete":            {http.MethodDelete, "/graphql", "", "", 405},
		"made up":           {"BREW", "/graphql", "", "", 405},
		"options":           {http.MethodOptions, "/graphql", "", "", 204},
		"form":              {http.MethodPost, "/graphql", "application/x-www-form-urlencoded", "query={__typename}", 415},
		"text":              {http.MethodPost, "/graphql", "text/plain", typename, 415},
		"no type":           {http.MethodPost, "/graphql", "", typename, 415},
		"bad type":          {http.MethodPost, "/graphql", ";;", typename, 415},
		"latin":             {http.MethodPost, "/graphql", "application/json; charset=latin1", typename, 415},
		"latin 1":           {http.MethodPost, "/graphql", mediaJSON, "{\"query\":\"{__typename} # SECRET \xe9\"}", 400},
		"no JSON":           {http.MethodPost, "/graphql", mediaJSON, "SECRET", 400},
		"empty":             {http.MethodPost, "/graphql", mediaJSON, "", 400},
		"batch":             {http.MethodPost, "/graphql", mediaJSON, "[" + typename + "]", 400},
		"two":               {http.MethodPost, "/graphql", mediaJSON, typename + typename, 400},
		"rest":              {http.MethodPost, "/graphql", mediaJSON, typename + "]", 400},
		"no query":          {http.MethodPost, "/graphql", mediaJSON, `{"variables":{}}`, 400},
		"query is a number": {http.MethodPost, "/graphql", mediaJSON, `{"query":1}`, 400},
		"variables is text": {http.MethodPost, "/graphql", mediaJSON, `{"query":"{__typename}","variables":"SECRET"}`, 400},
		"query twice":       {http.MethodPost, "/graphql", mediaJSON, `{"query":"{SECRET}","query":"{__typename}"}`, 400},
		"a name twice":      {http.MethodPost, "/graphql", mediaJSON, `{"query":"{__typename}","variables":{"a":{"SECRET":1,"SECRET":2}}}`, 400},
		"another's name":    {http.MethodPost, "/graphql", mediaJSON, `{"Query":"{__typename}"}`, 400},
		"get query twice":   {http.MethodGet, "/graphql?query=%7BSECRET%7D&query=%7B__typename%7D", "", "", 400},
		"get rest":          {http.MethodGet, "/graphql?query=%7B__typename%7D&variables=%7B%7D%5D", "", "", 400},
		"get no query":      {http.MethodGet, "/graphql", "", "", 400},
		"get variables":     {http.MethodGet, "/graphql?query=%7B__typename%7D&variables=SECRET", "", "", 400},
		"get list":          {http.MethodGet, "/graphql?query=%7B__typename%7D&variables=%5B%5D", "", "", 400},
		"too large":         {http.MethodPost, "/graphql", mediaJSON, `{"query":"` + strings.Repeat(" ", 2<<20) + `"}`, 413},
	} {
		w := send(t, h, c.method, c.target, c.contentType, c.body)
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.status, w.Body)
		}
		if c.status == 405 && w.Header().Get("Allow") != "GET, HEAD, POST, OPTIONS" {
			t.Errorf("%s: Allow %q", name, w.Header().Get("Allow"))
		}
		if strings.Contains(w.Body.String(), "SECRET") {
			t.Errorf("%s: the answer repeats the request: %s", name, w.Body)
		}
		if c.status == 204 {
			continue
		}
		var a answer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_INPUT" {
			t.Errorf("%s: %v %s", name, err, w.Body)
		}
	}
}

// TestStatusTellsWhetherItRan: a query that was refused has no data, which the two media
// types tell in their own ways.
func TestStatusTellsWhetherItRan(t *testing.T) {
	t.Parallel()
	h := plain()
	for _, query := range []string{`{"query":"{"}`, `{"query":"{none}"}`, `{"query":""}`, `{"query":"query A{__typename} query B{__typename}"}`,
		`{"query":"query ($n: Int!) {__typename a: adminUnits(first: $n) {totalCount}}"}`} {
		for media, status := range map[string]int{mediaGraphQL: 400, mediaJSON: 200} {
			w := send(t, h, http.MethodPost, "/graphql", mediaJSON, query, media)
			if w.Code != status || strings.Contains(w.Body.String(), `"data"`) || !strings.Contains(w.Body.String(), `"BAD_INPUT"`) {
				t.Errorf("%s as %s: %d %s", query, media, w.Code, w.Body)
			}
		}
	}
	// It ran, and nothing came of it: 200 in both.
	for _, media := range []string{mediaGraphQL, mediaJSON} {
		w := send(t, h, http.MethodPost, "/graphql", mediaJSON, `{"query":"{adminUnits(first: 0) {totalCount}}"}`, media)
		if w.Code != 200 || !strings.HasSuffix(w.Body.String(), `,"data":null}`) {
			t.Errorf("%s: %d %s", media, w.Code, w.Body)
		}
	}
}

// TestStatusTellsWhoseFaultItIs: what was refused before it ran because of the server is no client's mistake.
func TestStatusTellsWhoseFaultItIs(t *testing.T) {
	t.Parallel()
	closed, late := dbtest.New(t), options()
	closed.Close()
	late.Limits.Timeout = time.Nanosecond
	planner := access.Caller{Issuer: "i", Subject: "an", Grants: []access.Grant{{Role: access.Planner, Units: []access.Unit{{Level: "commune", Code: "32041"}}}}}
	const about = `{"query":"{reconciliation(unit: {level: COMMUNE, code: \"32041\"}) {measure}}"}` // the guard asks the database where that is
	for _, c := range []struct {
		name, code string
		status     int
		caller     access.Caller
		handler    http.Handler
	}{
		{"nobody", "UNAUTHENTICATED", 401, access.Caller{}, plain()},
		{"who may not", "FORBIDDEN", 403, access.Caller{Issuer: "i"}, plain()},
		{"no database", "INTERNAL", 500, planner, graph.NewHandler(closed, options())},
		{"no time", "TIMEOUT", 503, planner, graph.NewHandler(dbtest.New(t), late)},
	} {
		for media, status := range map[string]int{mediaGraphQL: c.status, mediaJSON: 200} {
			r := httptest.NewRequestWithContext(access.With(t.Context(), c.caller), http.MethodPost, "/graphql", strings.NewReader(about))
			r.Header.Set("Content-Type", mediaJSON)
			r.Header.Set("Accept", media)
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, r)
			if w.Code != status || !strings.Contains(w.Body.String(), `"`+c.code+`"`) || (status == 503) != (w.Header().Get("Retry-After") != "") {
				t.Errorf("%s as %s: %d %s", c.name, media, w.Code, w.Body)
			}
		}
	}
}

// TestEventsAreForSubscriptions: clients that take both get JSON for a query, and one that takes events only is told why.
func TestEventsAreForSubscriptions(t *testing.T) {
	t.Parallel()
	h := plain()
	subscription := `{"query":"subscription {importProgress {step}}"}`
	for _, c := range []struct {
		body, accept, holds string
		status              int
	}{
		{typename, "application/graphql-response+json, application/json, text/event-stream", `{"data":{"__typename":"Query"}}`, 200},
		{typename, "text/event-stream", "BAD_INPUT", 406},
		{`{"query":"{none}"}`, "text/event-stream", "BAD_INPUT", 400},
		{subscription, "application/json", "text/event-stream", 406},
		{subscription, "application/json, text/event-stream;q=0", "text/event-stream", 406},
		{subscription, "application/json, text/event-stream;q=0.00", "text/event-stream", 406},
		{subscription, "*/*", "graphql-transport-ws", 406},
	} {
		w := send(t, h, http.MethodPost, "/graphql", mediaJSON, c.body, c.accept)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s as %s: %d %s", c.body, c.accept, w.Code, w.Body)
		}
	}
}

func TestGetIsAnswered(t *testing.T) {
	t.Parallel()
	h := plain()
	values := url.Values{"query": {`query A {a: __typename} query B($x: Boolean!) {b: __typename @include(if: $x)}`}, "operationName": {"B"}, "variables": {`{"x":true}`}}
	w := send(t, h, http.MethodGet, "/graphql?"+values.Encode(), "", "")
	if w.Code != 200 || w.Body.String() != `{"data":{"b":"Query"}}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestCompressedBodiesAreRefused: a body that grows when it is read would get past the limit of bodies.
func TestCompressedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(typename))
	r.Header.Set("Content-Type", mediaJSON)
	r.Header.Set("Content-Encoding", "gzip")
	w := httptest.NewRecorder()
	plain().ServeHTTP(w, r)
	if w.Code != http.StatusUnsupportedMediaType || w.Header().Get("Accept-Encoding") != "identity" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestOperationNameMayBeNull(t *testing.T) {
	t.Parallel()
	w := send(t, plain(), http.MethodPost, "/graphql", mediaJSON, `{"query":"{__typename}","operationName":null,"variables":null,"extensions":null,"more":1}`)
	if w.Code != 200 || w.Body.String() != `{"data":{"__typename":"Query"}}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
