package graph_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/quota"
)

// postAs sends a query as a caller, from an address.
func postAs(t *testing.T, h http.Handler, caller access.Caller, from, query string) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(access.With(t.Context(), caller), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.RemoteAddr = from
	r.Header.Set("Content-Type", mediaJSON)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// slow checks that an answer is 429, says when to come again, and why in the API's form.
func slow(t *testing.T, w *httptest.ResponseRecorder, says string) {
	t.Helper()
	var a answer
	err := json.Unmarshal(w.Body.Bytes(), &a)
	if err != nil || w.Code != http.StatusTooManyRequests || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" || a.Data != nil ||
		!strings.Contains(a.Errors[0].Message, says) || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %s, want 429 with %q", w.Code, w.Header(), w.Body, says)
	}
}

// TestWorkIsRatedByCost: a client who has asked for much is told to wait, nobody else is; a person is one client wherever
// the requests come from.
func TestWorkIsRatedByCost(t *testing.T) {
	t.Parallel()
	o := options()
	o.Clients = quota.New(quota.Settings{Requests: 10, Streams: 10, Rate: 0.001, Burst: 1200})
	h := graph.NewHandler(dbtest.New(t), o)
	const page = `{adminUnits(first: 1000) {nodes {code}}}` // 1,050, and 50 for the request
	an := access.Caller{Issuer: "https://id.example.vn", Subject: "an"}
	for _, c := range []struct {
		caller access.Caller
		from   string
	}{{access.Caller{}, "203.0.113.5:1"}, {an, "203.0.113.7:1"}} {
		if w := postAs(t, h, c.caller, c.from, page); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "errors") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		slow(t, postAs(t, h, c.caller, c.from, page), "this costs 1050, this client has 50 left and gets 0.001 a second")
		if w := postAs(t, h, c.caller, c.from, "{"); w.Code != http.StatusOK { // what can't be understood costs too: the 50 that were left
			t.Errorf("%d %s", w.Code, w.Body)
		}
		slow(t, postAs(t, h, c.caller, c.from, "{"), "this costs 50, this client has 0 left")
	}
	slow(t, postAs(t, h, an, "203.0.113.9:1", `{__typename}`), "this costs 50")
	if w := postAs(t, h, access.Caller{}, "203.0.113.9:1", page); w.Code != http.StatusOK {
		t.Errorf("another client: %d %s", w.Code, w.Body)
	}
}

// TestRequestsAtATimeAreLimited: while one waits in the database, the next of the same client is refused.
func TestRequestsAtATimeAreLimited(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	release := dbtest.Lock(t, url, "dataset")
	o := options()
	o.Limits.Timeout = 10 * time.Minute
	o.Clients = quota.New(quota.Settings{Requests: 1, Streams: 10, Rate: 1e6, Burst: 1e6})
	h := graph.NewHandler(d, o)
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- postAs(t, h, access.Caller{}, "203.0.113.5:1", `{datasets {asOf}}`) }()
	dbtest.AwaitWaiting(t, dbtest.SQL(t, url), 1)
	slow(t, postAs(t, h, access.Caller{}, "203.0.113.5:2", `{__typename}`), "a client has 1 requests at a time at most")
	if w := postAs(t, h, access.Caller{}, "203.0.113.6:1", `{__typename}`); w.Code != http.StatusOK {
		t.Errorf("another client: %d %s", w.Code, w.Body)
	}
	release()
	if w := <-first; w.Code != http.StatusOK {
		t.Errorf("the first: %d %s", w.Code, w.Body)
	}
	if w := postAs(t, h, access.Caller{}, "203.0.113.5:3", `{__typename}`); w.Code != http.StatusOK {
		t.Errorf("after it: %d %s", w.Code, w.Body)
	}
}
