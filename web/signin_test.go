package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"vunglom/auth"
	"vunglom/auth/authtest"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
)

// TestSignedIn: tokens of a real provider open the program over HTTP, server-sent events and WebSockets; they are in no log,
// no cookie is set, and subscriptions end with them.
func TestSignedIn(t *testing.T) {
	t.Parallel()
	const short = 4 // seconds that tokens last
	p := authtest.Start(t, authtest.Known{Dashboard: "dashboard", TTL: short,
		Accounts: map[string]map[string]any{"lan": {"roles": []string{"viewer"}, "units": []string{"*"}}}})
	settings, callers := authtest.Callers(t, authtest.Claims, p)
	var logged lockedBuffer
	d, log := dbtest.New(t), slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server := httptest.NewServer(web.New(web.Options{DB: d, Log: log, Callers: callers, SignIns: settings.SignIns(), Origins: settings.Origins(),
		GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID, Callers: callers})}))
	defer server.Close()

	app := fetched(t, server.URL+"/app.json", "")
	if want := fmt.Sprintf(`"signIns":[{"issuer":%q,"name":%q,"clientId":"dashboard","scopes":["openid","profile"]}]`, p.Issuer, strings.TrimPrefix(p.Issuer, "http://")); !strings.Contains(app.body, want) {
		t.Errorf("app.json: %s; want %s", app.body, want)
	}
	if policy := fetched(t, server.URL+"/", "").header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' "+p.Issuer+";") {
		t.Errorf("the page may not ask the issuer: %s", policy)
	}
	token := p.Person(t, "lan")
	const figures = "/graphql?query=%7BcoverageMap(input%3A%7Blevel%3APROVINCE%7D)%7BunitCount%7D%7D"
	if a := fetched(t, server.URL+figures, "Bearer "+token); a.status != 200 {
		t.Errorf("signed in: %d %s", a.status, a.body)
	}
	for _, path := range []string{figures, "/export/coverage.csv", "/tiles/units.json", "/", "/healthz"} {
		a := fetched(t, server.URL+path, "Bearer "+token[:len(token)-9]+"AAAAAAAAA")
		if a.status != 401 || !strings.Contains(a.body, `"code":"UNAUTHENTICATED"`) || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s with a token that is not good: %d %v %s", path, a.status, a.header, a.body)
		}
	}
	testWebSocketTokens(t, server.URL, p.Person(t, "lan"))

	body, err := json.Marshal(map[string]string{"query": "subscription {snapshotChanged {province}}"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	fresh := p.Person(t, "lan")
	for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "text/event-stream", "Authorization": "Bearer " + fresh} {
		r.Header.Set(name, value)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("events: %s", response.Status)
	}
	if _, err := io.ReadAll(response.Body); err != nil { // until the token runs out
		t.Errorf("events: %v", err)
	}
	for _, secret := range []string{token, fresh} {
		if text := logged.String(); strings.Contains(text, secret) || strings.Contains(text, strings.Split(secret, ".")[2]) {
			t.Errorf("a token is in the log")
		}
	}
}

// testWebSocketTokens opens connections with tokens in connection_init.
func testWebSocketTokens(t *testing.T, address, token string) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	connect := func(payload string) *websocket.Conn {
		conn, _, err := websocket.Dial(ctx, strings.Replace(address, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.CloseNow() })
		if err := conn.Write(ctx, websocket.MessageText, []byte(`{"type":"connection_init","payload":`+payload+`}`)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	closed := func(conn *websocket.Conn) websocket.StatusCode { // what it is closed with, whatever comes before
		for {
			if _, _, err := conn.Read(ctx); err != nil {
				return websocket.CloseStatus(err)
			}
		}
	}
	if code := closed(connect(`{"Authorization":"Bearer nothing"}`)); code != 4403 {
		t.Errorf("a WebSocket with a token that is not good is closed with %d", code)
	}
	began := time.Now()
	conn := connect(`{"Authorization":"Bearer ` + token + `"}`)
	if _, text, err := conn.Read(ctx); err != nil || !strings.Contains(string(text), "connection_ack") {
		t.Fatalf("%s, %v", text, err)
	}
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{"type":"subscribe","id":"1","payload":{"query":"subscription {snapshotChanged {province}}"}}`)); err != nil {
		t.Fatal(err)
	}
	if code := closed(conn); code != 4401 {
		t.Errorf("a WebSocket whose token has run out is closed with %d after %s", code, time.Since(began))
	}
}

// fetchedAnswer is what a server sent.
type fetchedAnswer struct {
	status int
	header http.Header
	body   string
}

func fetched(t *testing.T, address, authorization string) fetchedAnswer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fetchedAnswer{response.StatusCode, response.Header, string(body)}
}

// TestNobodySignsInOnLoopbackAlone: under --auth none a request must have been sent to this machine by one of its own names.
func TestNobodySignsInOnLoopbackAlone(t *testing.T) {
	t.Parallel()
	h := web.New(web.Options{DB: dbtest.New(t), Log: slog.New(slog.DiscardHandler), Callers: auth.Local{}, Loopback: true, GraphQL: http.NotFoundHandler()})
	for host, status := range map[string]int{"127.0.0.1:8080": 200, "localhost": 200, "LOCALHOST:80": 200, "[::1]:8080": 200, "127.8.9.1": 200,
		"evil.example": 403, "vunglom.example.vn:8080": 403, "10.0.0.7:8080": 403, "localhost.evil.example": 403, "": 403} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("sent to %q: %d %s", host, w.Code, w.Body)
		}
	}
}
