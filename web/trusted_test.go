package web_test

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"vunglom/graph"
	"vunglom/web"
)

func appTrusted(t *testing.T) graph.Trusted {
	t.Helper()
	trusted, err := graph.ReadTrusted(web.AppDocuments())
	if err != nil || len(trusted) < 10 {
		t.Fatalf("%d documents of the dashboard: %v", len(trusted), err)
	}
	return trusted
}

// fetch sends a request that wants JSON, and returns what came.
func fetch(t *testing.T, method, address, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTrustedDocumentsOverEveryWay: the dashboard's own are taken by POST, GET, WebSocket and as events, nothing else is.
func TestTrustedDocumentsOverEveryWay(t *testing.T) {
	t.Parallel()
	trusted := appTrusted(t)
	l := newLive(t, func(o *graph.Options, _ *http.Server) { o.Trusted = trusted })
	land(t, l.importer, "96")
	const refused = `"code":"FORBIDDEN"`
	address := "http://" + l.address + "/graphql"
	get := func(values url.Values) string { return fetch(t, http.MethodGet, address+"?"+values.Encode(), "") }
	post := func(document string) string {
		return fetch(t, http.MethodPost, address, string(request(t, document, nil)))
	}
	s := l.dial(t)
	subscriptions := 0
	for id, document := range trusted {
		for way, said := range map[string]string{"POST": post(document), "GET": get(url.Values{"query": {document}}), "by id": get(url.Values{"documentId": {"sha256:" + id}})} {
			if strings.Contains(said, refused) || strings.Contains(said, "NOT_FOUND") || strings.Contains(said, "Cannot query") {
				t.Errorf("%s of %s: %s", way, document, said)
			}
		}
		if !strings.HasPrefix(document, "subscription") {
			continue
		}
		subscriptions++
		if e := l.listen(t, document, map[string]any{"after": []string{"96-0"}}); e.response.StatusCode != http.StatusOK {
			t.Errorf("events of %s: %d", document, e.response.StatusCode)
		}
		if strings.Contains(document, "snapshotChanged") {
			s.subscribe(t, "own", document, map[string]any{"after": []string{"96-0"}})
			s.next(t, "own")
		}
	}
	if subscriptions != 2 {
		t.Errorf("the dashboard has %d subscriptions", subscriptions)
	}
	for _, document := range []string{"{__typename}", "{__schema {types {name}}}", "{datasets {asOf}}", subscribeAll, " " + slices.Collect(maps.Values(trusted))[0]} {
		for way, said := range map[string]string{"POST": post(document), "GET": get(url.Values{"query": {document}})} {
			if !strings.Contains(said, refused) || strings.Contains(said, `"data"`) {
				t.Errorf("%s of %s: %s", way, document, said)
			}
		}
		if e := l.listen(t, document, nil); e.response.Header.Get("Content-Type") == "text/event-stream; charset=utf-8" {
			t.Errorf("events of %s: %d", document, e.response.StatusCode)
		}
		s.subscribe(t, "other", document, nil)
		if m := s.read(t); m.Type != "error" || !strings.Contains(string(m.Payload), refused) {
			t.Errorf("WebSocket, %s: %s %s", document, m.Type, m.Payload)
		}
		s.read(t) // complete
	}
}
