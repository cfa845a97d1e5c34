package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"vunglom/access"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/quota"
)

// TestEventsOfImports: by server-sent events, two provinces, what was missed, a unit, and nothing where nothing changed.
func TestEventsOfImports(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	land(t, l.importer, "96")
	all := l.listen(t, subscribeAll, map[string]any{"after": []string{"96-0"}})
	if kind := all.response.Header.Get("Content-Type"); all.response.StatusCode != http.StatusOK || kind != "text/event-stream; charset=utf-8" ||
		all.response.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", all.response.StatusCode, all.response.Header)
	}
	first := all.next(t).Data.SnapshotChanged
	if first == nil || first.Province != "96" || first.Snapshot != "96-1" || first.Complete || len(first.Units) != 0 || first.AsOf != "2026-09-30" || first.LandedAt == "" {
		t.Fatalf("what was missed: %+v", first)
	}
	hamlet := l.listen(t, subscribeAll, map[string]any{"after": "96-1", "within": map[string]any{"level": "HAMLET", "code": "H2"}})
	visit(t, l.importer, "V1", 1)
	visit(t, l.importer, "V1", 1) // nothing new
	if got := all.next(t).touched(); got != "96-2 32002 H1 96" {
		t.Errorf("a visit: %s", got)
	}
	land(t, l.importer, "95")
	if got := all.next(t).touched(); got != "95-1 " {
		t.Errorf("another province: %s", got)
	}
	visit(t, l.importer, "V2", 2)
	if got := all.next(t).touched(); got != "96-3 32002 H2 96" {
		t.Errorf("another visit: %s", got)
	}
	r := hamlet.next(t)
	if got := r.touched(); got != "96-3 H2" {
		t.Errorf("within a hamlet: %s", got)
	}
	unit := r.Data.SnapshotChanged.Units[0]
	body := request(t, "query ($id: ID!) { node(id: $id) { ... on AdminUnit { code level validFrom } } }", map[string]any{"id": unit.ID})
	response, err := http.Post("http://"+l.address+"/graphql", "application/json", strings.NewReader(string(body))) //nolint:noctx // a test's
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if want := fmt.Sprintf(`{"data":{"node":{"code":%q,"level":%q,"validFrom":%q}}}`, unit.Code, unit.Level, unit.ValidFrom); string(text) != want {
		t.Errorf("%s is %s, want %s", unit.ID, text, want)
	}
}

// TestSocketOfImports: the same over one WebSocket, with several subscriptions, one of which ends.
func TestSocketOfImports(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	land(t, l.importer, "96")
	s := l.dial(t)
	s.subscribe(t, "1", subscribeAll, map[string]any{"after": []string{"96-0"}})
	if got := s.next(t, "1").touched(); got != "96-1 " {
		t.Fatalf("what was missed: %s", got)
	}
	visit(t, l.importer, "V1", 1)
	if got := s.next(t, "1").touched(); got != "96-2 32002 H1 96" {
		t.Errorf("a visit: %s", got)
	}
	s.send(t, message{ID: "1", Type: "complete"})
	if m := s.read(t); m.Type != "complete" || m.ID != "1" {
		t.Errorf("ended: %+v", m)
	}
	s.subscribe(t, "2", subscribeAll, map[string]any{"after": []string{"96-1"}, "within": map[string]any{"level": "HAMLET", "code": "H1"}})
	if got := s.next(t, "2").touched(); got != "96-2 H1" {
		t.Errorf("since the first: %s", got)
	}
	visit(t, l.importer, "V2", 2)
	visit(t, l.importer, "V3", 1)
	if got := s.next(t, "2").touched(); got != "96-4 H1" && got != "96-3 H1" { // the two may come as one
		t.Errorf("in the hamlet: %s", got)
	}
	s.send(t, message{Type: "ping"})
	if m := s.read(t); m.Type != "pong" {
		t.Errorf("a ping: %+v", m)
	}
}

// TestSubscriptionsAreRefused with the errors of every question, over both ways.
func TestSubscriptionsAreRefused(t *testing.T) {
	t.Parallel()
	l := newLive(t, func(o *graph.Options, _ *http.Server) { o.Limits.Subscriptions, o.Limits.Connections = 1, 2 })
	land(t, l.importer, "96")
	s := l.dial(t)
	for _, c := range []struct {
		name, query, code string
		variables         map[string]any
	}{
		{"an unknown unit", subscribeAll, "NOT_FOUND", map[string]any{"within": map[string]any{"level": "HAMLET", "code": "H9"}}},
		{"no snapshot", subscribeAll, "BAD_INPUT", map[string]any{"after": []string{"x"}}},
		{"no code", `subscription { importProgress(province: "") { step } }`, "BAD_INPUT", nil},
		{"no field", `subscription { nothing }`, "BAD_INPUT", nil},
		{"two fields", `subscription { importProgress { step } snapshotChanged { snapshot } }`, "BAD_INPUT", nil},
		{"too costly", "subscription { snapshotChanged { " + many(120) + " } }", "TOO_COSTLY", nil},
	} {
		s.subscribe(t, c.name, c.query, c.variables)
		m := s.read(t)
		var errs []struct{ Extensions struct{ Code string } }
		var r reply
		switch m.Type {
		case "error":
			if err := json.Unmarshal(m.Payload, &errs); err != nil || len(errs) == 0 || errs[0].Extensions.Code != c.code {
				t.Errorf("%s: %v %s", c.name, err, m.Payload)
			}
		case "next":
			if err := json.Unmarshal(m.Payload, &r); err != nil || len(r.Errors) != 1 || r.Errors[0].Extensions.Code != c.code {
				t.Errorf("%s: %v %s", c.name, err, m.Payload)
			}
		default:
			t.Errorf("%s: %+v", c.name, m)
		}
		if m := s.read(t); m.Type != "complete" {
			t.Errorf("%s: %+v", c.name, m)
		}
		e := l.post(t, c.query, c.variables)
		if !strings.Contains(e, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %s", c.name, e)
		}
	}
	s.subscribe(t, "q", "{ datasets { province } }", nil)
	if m := s.read(t); m.Type != "error" || !strings.Contains(string(m.Payload), "BAD_INPUT") {
		t.Errorf("a query: %s %s", m.Type, m.Payload)
	}
	s.read(t) // complete
	s.subscribe(t, "one", subscribeAll, map[string]any{"after": []string{"96-0"}})
	s.next(t, "one")
	s.subscribe(t, "two", subscribeAll, nil)
	if m := s.read(t); m.Type != "error" || m.ID != "two" || !strings.Contains(string(m.Payload), "TOO_COSTLY") {
		t.Errorf("one more than a connection may have: %s %s", m.Type, m.Payload)
	}
	l.listen(t, subscribeAll, nil) // the second connection
	if third := l.listen(t, subscribeAll, nil); third.response.StatusCode != http.StatusServiceUnavailable || third.response.Header.Get("Retry-After") == "" {
		t.Errorf("one connection more than there may be: %d", third.response.StatusCode)
	}
	if _, response, err := websocket.Dial(t.Context(), "ws://"+l.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a WebSocket more: %v", err)
	}
}

// lateIssuer knows who a token names, but for one that it can't tell for now.
type lateIssuer struct{}

func (lateIssuer) Caller(_ context.Context, authorization string) (access.Caller, error) {
	if authorization == "Bearer later" {
		return access.Caller{}, &access.Refusal{Code: access.Unanswered, Message: "later"}
	}
	return access.Caller{Issuer: "https://id.example.vn", Subject: authorization}, nil
}

// TestSocketsAreWhoseTokenTheyBring: two people behind one address have a share each, one of them has no more for asking twice, and
// where nobody can tell whose a token is, the client is told to come again.
func TestSocketsAreWhoseTokenTheyBring(t *testing.T) {
	t.Parallel()
	clients := quota.New(quota.Settings{Requests: 9, Streams: 1, Rate: 1e6, Burst: 1e6})
	l := newLive(t, func(o *graph.Options, _ *http.Server) { o.Clients, o.Callers = clients, lateIssuer{} })
	bring := func(token string) (*socket, message, error) {
		s := l.open(t)
		s.send(t, message{Type: "connection_init", Payload: json.RawMessage(`{"Authorization":"Bearer ` + token + `"}`)})
		m, err := s.take(t)
		for err == nil && m.Type != "connection_ack" { // an error comes before the connection is closed
			m, err = s.take(t)
		}
		return s, m, err
	}
	if _, _, err := bring("an"); err != nil {
		t.Fatalf("the first: %v", err)
	}
	if _, _, err := bring("binh"); err != nil {
		t.Errorf("another person at the same address: %v", err)
	}
	for token, why := range map[string]string{"an": "the same person once more", "later": "a token that can't be checked"} {
		if _, m, err := bring(token); websocket.CloseStatus(err) != websocket.StatusTryAgainLater {
			t.Errorf("%s: %+v, %v", why, m, err)
		}
	}
}

// many selects the units so often that the answer may hold too much.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "u%d: units { id } ", i)
	}
	return b.String()
}

// post subscribes by server-sent events and returns the whole answer, which must end.
func (l *live) post(t *testing.T, query string, variables map[string]any) string {
	t.Helper()
	e := l.listen(t, query, variables)
	var all []string
	for {
		line, more := e.line(t)
		if !more {
			return strings.Join(all, "\n")
		}
		all = append(all, line)
	}
}

// TestUpgradesAreRefused where they are of another host's page, or not what is spoken here.
func TestUpgradesAreRefused(t *testing.T) {
	t.Parallel()
	l := newLive(t, func(o *graph.Options, _ *http.Server) { o.Origins = []string{"*.example.vn"} })
	for _, c := range []struct {
		protocol, origin string
		status           int
	}{
		{"graphql-transport-ws", "", 101}, {"graphql-transport-ws", "http://" + l.address, 101}, {"graphql-transport-ws", "https://maps.example.vn", 101},
		{"graphql-transport-ws", "https://example.com", 403}, {"graphql-transport-ws", "null", 403}, {"graphql-transport-ws", "https://maps.example.vn.example.com", 403},
		{"graphql-ws", "", 400}, {"", "", 400},
	} {
		options := &websocket.DialOptions{HTTPHeader: http.Header{}}
		if c.protocol != "" {
			options.Subprotocols = []string{c.protocol}
		}
		if c.origin != "" {
			options.HTTPHeader.Set("Origin", c.origin)
		}
		conn, response, err := websocket.Dial(t.Context(), "ws://"+l.address+"/graphql", options)
		if response == nil || response.StatusCode != c.status {
			t.Errorf("%q from %q: %v %v", c.protocol, c.origin, response, err)
		}
		if conn != nil {
			_ = conn.CloseNow()
		}
	}
	s := l.open(t)
	s.subscribe(t, "1", subscribeAll, nil) // before connection_init
	if m, err := s.take(t); websocket.CloseStatus(err) != 4400 {
		t.Errorf("without connection_init: %+v, %v", m, err)
	}
	for path, want := range map[string]int{
		"?query=" + url.QueryEscape("subscription{importProgress{step}}"): http.StatusNotAcceptable, // an answer that is one JSON can't be it
	} {
		response, err := http.Get("http://" + l.address + "/graphql" + path) //nolint:noctx // a test's
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, response.StatusCode, want)
		}
	}
}

// TestProgressOfImports is told to whoever listens, from another connection than the import's.
func TestProgressOfImports(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	const query = `subscription { importProgress { province began state step done total snapshot } }`
	e, s := l.listen(t, query, nil), l.dial(t)
	s.subscribe(t, "1", query, nil)
	l.heard(t)
	if !strings.Contains(l.get(t, "/metrics"), "vunglom_subscriptions_open 2") {
		t.Error("the metrics don't tell that two subscriptions are open")
	}
	land(t, l.importer, "96")
	for _, next := range []func() reply{func() reply { return e.next(t) }, func() reply { return s.next(t, "1") }} {
		for {
			p := next().Data.ImportProgress
			if p == nil || p.Province != "96" || p.Began == "" || p.Step == "" {
				t.Fatalf("%+v", p)
			}
			if p.State == "RUNNING" {
				continue
			}
			if p.State != "LANDED" || p.Snapshot == nil || *p.Snapshot != "96-1" {
				t.Errorf("%+v", p)
			}
			break
		}
	}
}

// heard waits until the server listens, and until the subscriptions made so far have begun.
func (l *live) heard(t *testing.T) {
	t.Helper()
	raw := dbtest.SQL(t, l.database)
	for {
		var n int
		if err := raw.QueryRowContext(t.Context(), "select count(*) from pg_stat_activity where datname = current_database() and query = 'listen vunglom_progress'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 1 && strings.Contains(l.get(t, "/metrics"), "vunglom_subscriptions_open 2") {
			return
		}
	}
}

func (l *live) get(t *testing.T, path string) string {
	t.Helper()
	response, err := http.Get("http://" + l.address + path) //nolint:noctx // a test's
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

// TestStreamsOutliveLimits of the server for answers that end, and show that they live.
func TestStreamsOutliveLimits(t *testing.T) {
	t.Parallel()
	const limit = 8 * time.Second // a busy machine has to answer a ping within it
	l := newLive(t, func(o *graph.Options, s *http.Server) {
		o.KeepAlive, s.ReadTimeout, s.WriteTimeout = limit/2, limit, limit
	})
	land(t, l.importer, "96")
	e, s := l.listen(t, subscribeAll, nil), l.dial(t)
	s.subscribe(t, "1", subscribeAll, map[string]any{"after": []string{"96-0"}})
	s.next(t, "1")
	for began := time.Now(); time.Since(began) < 2*limit; { // each turn waits for a sign of life
		if line, more := e.line(t); !more {
			t.Fatalf("the events were cut off: %q", line)
		}
		if _, text, err := s.Read(t.Context()); err != nil || string(text) != `{"type":"ping"}` {
			t.Fatalf("%s, %v", text, err)
		}
		s.send(t, message{Type: "pong"})
	}
	visit(t, l.importer, "V1", 1)
	if got := e.next(t).touched(); got != "96-2 32002 H1 96" {
		t.Errorf("events: %s", got)
	}
	if got := s.next(t, "1").touched(); got != "96-2 32002 H1 96" {
		t.Errorf("WebSocket: %s", got)
	}
}

// TestStreamsEndWithTheServer soon, so that clients come back: events just end, WebSockets are told that the server goes away.
func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	land(t, l.importer, "96")
	e, s := l.listen(t, subscribeAll, map[string]any{"after": "96-0"}), l.dial(t)
	s.subscribe(t, "1", subscribeAll, map[string]any{"after": "96-0"})
	e.next(t)
	s.next(t, "1")
	l.stop()
	for {
		line, more := e.line(t)
		if line == "event: complete" {
			t.Error("the events say that all has been told")
		}
		if !more {
			break
		}
	}
	for {
		m, err := s.take(t)
		if err == nil {
			if m.Type != "complete" {
				t.Errorf("%+v", m)
			}
			continue
		}
		if websocket.CloseStatus(err) != websocket.StatusGoingAway {
			t.Errorf("the WebSocket ends with %v", err)
		}
		break
	}
	select {
	case err := <-l.stopped:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("the server does not stop")
	}
	log := l.log.String()
	if !strings.Contains(log, "status=101") || strings.Contains(log, "panic") || strings.Contains(log, "level=ERROR") {
		t.Errorf("the log:\n%s", log)
	}
}

// TestStreamsSurviveTheirConnection: the database ends the server's connections, those of the pool too, and an import lands.
func TestStreamsSurviveTheirConnection(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	land(t, l.importer, "96")
	e := l.listen(t, subscribeAll, map[string]any{"after": "96-0"})
	e.next(t)
	raw := dbtest.SQL(t, l.database)
	for i := range 3 {
		if _, err := raw.ExecContext(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		for l.importer.Ping(t.Context()) != nil { // its own connections are gone too
		}
		visit(t, l.importer, fmt.Sprint("V", i), 1+i%2)
		if got, want := e.next(t).touched(), fmt.Sprintf("96-%d 32002 H%d 96", i+2, 1+i%2); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
