package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"vunglom/webhook/webhooktest"
)

// follower is a system that keeps what /lgsp/v1/changes tells it.
type follower struct {
	cursor string
	kept   map[string]string
}

// read goes on from the cursor to the end; false: the program did not answer, and it is to be asked again.
func (f *follower) read(t *testing.T, s *served) bool {
	t.Helper()
	for more := true; more; {
		path := "/lgsp/v1/changes?first=50"
		if f.cursor != "" {
			path += "&after=" + url.QueryEscape(f.cursor)
		}
		a := s.ask(t.Context(), path)
		if !a.good() {
			return false
		}
		var page struct {
			Items []map[string]json.RawMessage
			Next  string
			More  bool
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			value := string(item["value"])
			delete(item, "value")
			key, err := json.Marshal(item)
			if err != nil {
				t.Fatal(err)
			}
			if f.kept[string(key)] = value; value == "null" {
				delete(f.kept, string(key))
			}
		}
		f.cursor, more = page.Next, page.More
	}
	return true
}

// TestWebhooksOutliveKills kills the program between a change and its message and while a message is under way, and the database then, and
// lets the system fail in between. Each change is told at least once; who asks when told has what one has who begins anew.
func TestWebhooksOutliveKills(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a server several times")
	}
	secret := webhooktest.Secret()
	address, says := webhooktest.Start(t, secret)
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	consumer := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: to.Scheme, Host: to.Host})
	came := make(chan struct{}, 1000)
	var gate atomic.Pointer[chan struct{}] // what messages wait for
	var count atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g := gate.Load(); g != nil {
			came <- struct{}{}
			<-*g
		}
		if count.Add(1)%3 == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		consumer.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	folder := t.TempDir()
	file := filepath.Join(folder, "lgsp.yaml")
	text := fmt.Sprintf("webhookRetry: {time: 3s, first: 20ms, longest: 200ms}\nconsumers: {thue: {webhook: {url: %q, secrets: [{env: WEBHOOK_SECRET}]}}}\n", front.URL+"/told")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d := startDatabase(t, reachableFolder(t))
	succeed(t, d.settings(), "migrate")
	begin := func() *served {
		return serve(t, append(d.settings(), "WEBHOOK_SECRET="+secret), "--lgsp-settings="+file)
	}
	kill := func(s *served) {
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-s.ended
	}
	households := 30
	change := func() {
		households += 10
		succeed(t, d.settings(), "import", province(t, 3, households, 60, "not_home"))
	}
	const untold = "select count(*) from webhook w join webhook_outbox o using (consumer) where o.sequence > w.told"
	f := follower{kept: map[string]string{}}
	asked := 0
	// told waits until all there is has been told, and asks for it each time that something was.
	told := func(s *served) {
		t.Helper()
		await(t, "everything is told", func() bool { return number(t, d.URL(), untold) == 0 })
		before := asked
		for len(says) > 0 {
			if h := <-says; h.Refused != "" {
				t.Errorf("%+v", h)
			}
			asked++
			await(t, "the program answers", func() bool { return f.read(t, s) })
		}
		if asked == before {
			t.Error("the system was told of nothing")
		}
		fresh := follower{kept: map[string]string{}}
		await(t, "the program answers", func() bool { return fresh.read(t, s) })
		if len(fresh.kept) == 0 || !maps.Equal(fresh.kept, f.kept) {
			t.Errorf("who begins anew has %d figures, who was told %d, and they are not the same", len(fresh.kept), len(f.kept))
		}
	}
	hold := func() (open func()) {
		goOn := make(chan struct{})
		gate.Store(&goOn)
		return func() { gate.Store(nil); close(goOn) }
	}
	s := begin()
	change()
	told(s)

	kill(s) // between a change and its message
	change()
	s = begin()
	told(s)

	open := hold() // a message is under way, and nobody notes that it was taken
	change()
	<-came
	kill(s)
	open()
	s = begin()
	told(s)

	open = hold() // the same with the database
	change()
	<-came
	d.kill(t)
	open()
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.start(t)
	told(s)
	change()
	told(s)
	if said := s.log.String(); strings.Contains(said, secret[10:]) {
		t.Errorf("the log tells the secret:\n%s", said)
	}
	if listed := succeed(t, d.settings(), "webhooks"); !strings.Contains(listed, "thue") || !strings.Contains(listed, "told") {
		t.Errorf("%s", listed)
	}
	if standing := s.figure(t, `vunglom_webhooks{standing="told"}`); standing != 1 {
		t.Errorf("%v are told", standing)
	}
	succeed(t, d.settings(), "verify")
}
