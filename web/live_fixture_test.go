package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"vunglom/auth"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
)

// patience is how long a test waits for what is sure to come.
const patience = 2 * time.Minute

// liveFiles is a province of two hamlets side by side, with a household and a team in each.
var liveFiles = map[string]string{
	"bundle.json": `{"province": "96", "as_of": "2026-09-30", "source": "test", "synthetic": true}`,
	"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,geometry
province,96,Cà Mau,tinh,,,2025-07-01,
commune,32002,An Xuyên,phuong,province,96,2025-07-01,"POLYGON((105 9,105.02 9,105.02 9.01,105 9.01,105 9))"
hamlet,H1,Một,khom,commune,32002,2025-07-01,"POLYGON((105 9,105.01 9,105.01 9.01,105 9.01,105 9))"
hamlet,H2,Hai,khom,commune,32002,2025-07-01,"POLYGON((105.01 9,105.02 9,105.02 9.01,105.01 9.01,105.01 9))"
`,
	"addresses.csv":  "scheme,code,lon,lat,kind\nlocal,1,105.005,9.005,household\nlocal,2,105.015,9.005,household\n",
	"teams.csv":      "code,name,level,kind,unit_code,established_on\nT1,Một,hamlet,cnscd,H1,2025-07-01\nT2,Hai,hamlet,cnscd,H2,2025-07-01\n",
	"households.csv": "code,address_scheme,address_code,registered_on\nA,local,1,2025-08-01\nB,local,2,2025-08-01\n",
}

// land imports the whole province, as the one of a code.
func land(t *testing.T, d *db.DB, province string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range liveFiles {
		text = strings.NewReplacer("province,96,", "province,"+province+",", `"96"`, `"`+province+`"`).Replace(text)
		writeFile(t, folder, name, text)
	}
	importFolder(t, d, folder)
}

// visit imports a bundle of one visit to the household of a hamlet, and of nothing else.
func visit(t *testing.T, d *db.DB, code string, hamlet int) {
	t.Helper()
	folder := t.TempDir()
	writeFile(t, folder, "bundle.json", liveFiles["bundle.json"])
	writeFile(t, folder, "visits.csv", fmt.Sprintf("code,household_code,team_code,visited_on,outcome\n%s,%c,T%d,2025-09-01,guided\n", code, '@'+hamlet, hamlet))
	importFolder(t, d, folder)
}

func writeFile(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// live is a server over real HTTP, and the database of a program that imports beside it.
type live struct {
	address  string
	importer *db.DB
	database string
	stop     context.CancelFunc // what Ctrl-C does
	stopped  chan error         // how Shutdown and the wait for WebSockets ended
	log      *lockedBuffer
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newLive serves an empty database as the program does, with a change of the options and of the server.
func newLive(t *testing.T, changes ...func(*graph.Options, *http.Server)) *live {
	t.Helper()
	l := &live{database: dbtest.URL(t), stopped: make(chan error, 1), log: &lockedBuffer{}}
	open := func() *db.DB {
		d, err := dbtest.Open(t.Context(), l.database)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(d.Close)
		return d
	}
	served := open()
	l.importer = open()
	var until context.Context
	until, l.stop = context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(l.log, nil))
	options := graph.Options{Log: log, RequestID: web.RequestID, Until: until}
	server := web.NewServer("", nil, log)
	for _, change := range changes {
		change(&options, server)
	}
	api := graph.NewHandler(served, options)
	server.Handler = web.New(web.Options{DB: served, Callers: auth.Local{}, GraphQL: api, Log: log, Subscriptions: api.Subscriptions})
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.address = listener.Addr().String()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener)
	}()
	go func() {
		<-until.Done()
		grace, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err := server.Shutdown(grace)
		if err == nil {
			err = api.Wait(grace)
		}
		l.stopped <- err
	}()
	t.Cleanup(func() { l.stop(); <-ended; _ = server.Close() })
	return l
}

// request is the JSON of an operation.
func request(t *testing.T, query string, variables map[string]any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// reply is what a subscription is sent.
type reply struct {
	Data struct {
		SnapshotChanged *struct {
			Province, Snapshot, AsOf, LandedAt string
			Complete                           bool
			Units                              []struct{ ID, Level, Code, ValidFrom string }
		}
		ImportProgress *struct {
			Province, Began, State, Step string
			Done                         float64
			Total                        *float64
			Snapshot                     *string
		}
	}
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

// touched is the codes of the units touched.
func (r reply) touched() string {
	if r.Data.SnapshotChanged == nil {
		return fmt.Sprintf("no change: %+v", r.Errors)
	}
	var codes []string
	for _, u := range r.Data.SnapshotChanged.Units {
		codes = append(codes, u.Code)
	}
	return r.Data.SnapshotChanged.Snapshot + " " + strings.Join(codes, " ")
}

const subscribeAll = `subscription ($after: [ID!], $within: UnitRef) { snapshotChanged(after: $after, within: $within) {
	province snapshot asOf landedAt complete units { id level code validFrom } } }`

// events is a subscription over server-sent events.
type events struct {
	response *http.Response
	lines    chan string // closed where the answer ends
}

// listen subscribes by server-sent events; it returns once the server has answered.
func (l *live) listen(t *testing.T, query string, variables map[string]any) *events {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+l.address+"/graphql", bytes.NewReader(request(t, query, variables)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(r) //nolint:bodyclose // closed by the cleanup
	if err != nil {
		t.Fatal(err)
	}
	e := &events{response, make(chan string)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(e.lines)
		scanner := bufio.NewScanner(response.Body)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			select {
			case e.lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done; _ = response.Body.Close() })
	return e
}

// line waits for the next line; false: there is none any more.
func (e *events) line(t *testing.T) (string, bool) {
	t.Helper()
	select {
	case line, more := <-e.lines:
		return line, more
	case <-time.After(patience):
		t.Fatal("no event comes")
		return "", false
	}
}

// next waits for the next answer.
func (e *events) next(t *testing.T) (r reply) {
	t.Helper()
	for {
		line, more := e.line(t)
		if !more || line == "event: complete" {
			t.Fatalf("it has ended: %q", line)
		}
		if data, is := strings.CutPrefix(line, "data: "); is {
			if err := json.Unmarshal([]byte(data), &r); err != nil {
				t.Fatalf("%v: %s", err, data)
			}
			return r
		}
	}
}

// socket is a WebSocket with graphql-transport-ws.
type socket struct{ *websocket.Conn }

type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a WebSocket that has been acknowledged.
func (l *live) dial(t *testing.T) *socket {
	t.Helper()
	s := l.open(t)
	s.send(t, message{Type: "connection_init"})
	if m := s.read(t); m.Type != "connection_ack" {
		t.Fatalf("%+v", m)
	}
	return s
}

func (l *live) open(t *testing.T) *socket {
	t.Helper()
	conn, response, err := websocket.Dial(t.Context(), "ws://"+l.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		if response != nil {
			body, _ := io.ReadAll(response.Body)
			t.Logf("%s", body)
		}
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{conn}
}

func (s *socket) send(t *testing.T, m message) {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), websocket.MessageText, text); err != nil {
		t.Fatal(err)
	}
}

func (s *socket) subscribe(t *testing.T, id, query string, variables map[string]any) {
	t.Helper()
	s.send(t, message{ID: id, Type: "subscribe", Payload: request(t, query, variables)})
}

// take waits for the next message; pings are answered.
func (s *socket) take(t *testing.T) (m message, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, text, err := s.Read(ctx)
		if err != nil {
			return m, err
		}
		m = message{}
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if m.Type != "ping" {
			return m, nil
		}
		s.send(t, message{Type: "pong"})
	}
}

func (s *socket) read(t *testing.T) message {
	t.Helper()
	m, err := s.take(t)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// next waits for the next answer of a subscription.
func (s *socket) next(t *testing.T, id string) (r reply) {
	t.Helper()
	m := s.read(t)
	if m.Type != "next" || m.ID != id {
		t.Fatalf("%s %s: %s", m.Type, m.ID, m.Payload)
	}
	if err := json.Unmarshal(m.Payload, &r); err != nil {
		t.Fatal(err)
	}
	return r
}
