package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"vunglom/db/dbtest"
)

// serving starts the program on an empty database, with settings; it returns where it serves. It ends with the test.
func serving(t *testing.T, settings ...string) string {
	t.Helper()
	server := program(t, append([]string{"DATABASE_URL=" + dbtest.URL(t), "VUNGLOM_LISTEN=127.0.0.1:0"}, settings...), "serve")
	said := awaitLine(t, server, stderrOf, "Serving http://")
	return regexp.MustCompile(`Serving (http://\S+)`).FindStringSubmatch(said)[1]
}

// said is what the program answered.
type said struct {
	status int
	header http.Header
	body   string
}

// posted sends a query.
func posted(t *testing.T, address, query string, header ...string) said {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return sent(t, http.MethodPost, address+"/graphql", string(body), append([]string{"Content-Type", "application/json"}, header...)...)
}

func sent(t *testing.T, method, address, body string, header ...string) said {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return said{response.StatusCode, response.Header, string(text)}
}

// TestLimitsAreSettings crosses each limit of the running program, where it was set lower than its default.
func TestLimitsAreSettings(t *testing.T) {
	t.Parallel()
	address := serving(t, "VUNGLOM_LIMIT_BODY=5000", "VUNGLOM_LIMIT_TOKENS=300", "VUNGLOM_LIMIT_DEPTH=4", "VUNGLOM_LIMIT_ALIASES=2", "VUNGLOM_LIMIT_ROOT_FIELDS=4",
		"VUNGLOM_LIMIT_PAGE=30", "VUNGLOM_LIMIT_COST=2500", "VUNGLOM_CLIENT_BURST=20000", "VUNGLOM_CLIENT_RATE=0.001", "VUNGLOM_TRUSTED_PROXY=127.0.0.1",
		"VUNGLOM_INTROSPECTION=false", "VUNGLOM_GRAPHIQL=false")
	for query, says := range map[string]string{
		`{__typename} #` + strings.Repeat(" ", 5000):                                                                         "the request is too large",
		`{` + strings.Repeat("__typename ", 300) + `}`:                                                                       "exceeded token limit",
		`{adminUnits(first: 1) {nodes {parent {parent {code}}}}}`:                                                            "nests 5 fields deep, 4 at most",
		`{a: __typename b: __typename c: __typename}`:                                                                        "renames 3 fields, 2 at most",
		`{__typename datasets {asOf} services {code} search(text: "a", first: 1) {score} adminUnits(first: 1) {totalCount}}`: "has 5 fields of the root, 4 at most",
		`{adminUnits(first: 31) {nodes {code}}}`:                                                                             "adminUnits may hold 31 items, 30 at most",
		`{adminUnits(first: 30) {nodes {children(first: 30) {totalCount} teams(first: 30) {totalCount} nearestTeams(first: 30) {distanceMetres} ancestors {code}}}}`: "the query costs 2870, 2500 at most",
		`{__schema {types {name}}}`: "does not tell its schema",
	} {
		if got := posted(t, address, query); !strings.Contains(got.body, says) || !strings.Contains(got.body, `"code":"`) || strings.Contains(got.body, `"data"`) {
			t.Errorf("%s\n%d %s, want %q", query, got.status, got.body, says)
		}
	}
	if got := sent(t, http.MethodGet, address+"/graphiql", ""); got.status != http.StatusNotFound {
		t.Errorf("/graphiql: %d", got.status)
	}
	// A file takes 20,000: there is one in a rested client's share.
	for forwarded, statuses := range map[string][]int{"198.51.100.1": {200, 429, 429}, "198.51.100.2": {200, 429, 429}} {
		paths := []string{"/export/coverage.csv", "/graphql?query=%7B__typename%7D", "/tiles/units/9/405/242.mvt"}
		for i, path := range paths {
			got := sent(t, http.MethodGet, address+path, "", "X-Forwarded-For", forwarded)
			if got.status != statuses[i] || got.status == 429 && (got.header.Get("Retry-After") == "" || !strings.Contains(got.body, "TOO_COSTLY")) {
				t.Errorf("%s for %s: %d %v %s", path, forwarded, got.status, got.header, got.body)
			}
		}
	}
}

// TestSharesAreSettings crosses, in the running program, how many requests and connections with subscriptions there may be: of a client, of a
// WebSocket, of all. Each setting has a number of its own, so that none stands for another.
func TestSharesAreSettings(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	s := serve(t, []string{"DATABASE_URL=" + url, "VUNGLOM_CLIENT_REQUESTS=3", "VUNGLOM_CLIENT_STREAMS=4", "VUNGLOM_LIMIT_CONNECTIONS=6", "VUNGLOM_LIMIT_SUBSCRIPTIONS=2",
		"VUNGLOM_TRUSTED_PROXY=127.0.0.1", "VUNGLOM_LIMIT_TIME=5m"})
	asked := func(from string) said { return posted(t, s.address, askLoads, "X-Forwarded-For", from) }

	release := dbtest.Lock(t, url, "dataset")
	answers := make(chan said)
	for range 3 {
		go func() { answers <- asked("198.51.100.1") }()
	}
	await(t, "three requests wait", func() bool { return number(t, url, waiting) >= 3 })
	if got := asked("198.51.100.1"); got.status != http.StatusTooManyRequests || !strings.Contains(got.body, "a client has 3 requests at a time at most") {
		t.Errorf("a fourth request at a time: %d %s", got.status, got.body)
	}
	go func() { answers <- asked("198.51.100.2") }()
	await(t, "another client's waits with them", func() bool { return number(t, url, waiting) >= 4 })
	release()
	for range 4 {
		if got := <-answers; got.status != http.StatusOK || strings.Contains(got.body, "errors") {
			t.Errorf("within the share: %d %s", got.status, got.body)
		}
	}

	open := func(from string) (*websocket.Conn, *http.Response) {
		conn, response, err := websocket.Dial(t.Context(), strings.Replace(s.address, "http", "ws", 1)+"/graphql",
			&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"X-Forwarded-For": {from}}})
		if err == nil {
			t.Cleanup(func() { _ = conn.CloseNow() })
			tell(t, conn, `{"type":"connection_init"}`)
			if got := hear(t, conn); !strings.Contains(got, "connection_ack") {
				t.Errorf("%s", got)
			}
		}
		return conn, response
	}
	var first *websocket.Conn
	for i := range 4 {
		conn, response := open("198.51.100.1")
		if conn == nil {
			t.Fatalf("connection %d: %+v", i+1, response)
		}
		first = conn
	}
	if conn, response := open("198.51.100.1"); conn != nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a fifth connection of a client: %+v", response)
	}
	for i := range 2 {
		if conn, response := open("198.51.100.2"); conn == nil {
			t.Errorf("connection %d of another: %+v", i+1, response)
		}
	}
	if conn, response := open("198.51.100.2"); conn != nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a seventh connection of all: %+v", response)
	}
	for _, id := range []string{"a", "b", "c"} {
		tell(t, first, `{"id":"`+id+`","type":"subscribe","payload":{"query":"subscription {importProgress {step}}"}}`)
	}
	for got := ""; !strings.Contains(got, `"error"`); {
		if got = hear(t, first); strings.Contains(got, `"error"`) && (!strings.Contains(got, `"c"`) || !strings.Contains(got, "2 subscriptions at most")) {
			t.Errorf("a third subscription of a connection: %s", got)
		}
	}
}

func tell(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, text, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDefaultsAreNotNoticed: what the dashboard opens with a map and pages, many times over, all at once.
func TestDefaultsAreNotNoticed(t *testing.T) {
	t.Parallel()
	address := serving(t)
	answered := make(chan int)
	const each = 90
	for range each {
		go func() {
			response, err := http.Get(address + "/tiles/units/9/405/242.mvt") //nolint:noctx // a test's
			if err != nil {
				answered <- 0
				return
			}
			_ = response.Body.Close()
			answered <- response.StatusCode
		}()
	}
	for range each {
		if status := <-answered; status != http.StatusOK {
			t.Errorf("a tile: %d", status)
		}
	}
	if got := posted(t, address, `{__schema {types {name}}}`); got.status != http.StatusOK || strings.Contains(got.body, "errors") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := sent(t, http.MethodGet, address+"/graphiql", ""); got.status != http.StatusOK {
		t.Errorf("/graphiql: %d", got.status)
	}
}

// TestLimitsThatCanNotBe are refused before anything is begun.
func TestLimitsThatCanNotBe(t *testing.T) {
	t.Parallel()
	for setting, says := range map[string]string{
		"VUNGLOM_LIMIT_DEPTH=0":         "--limit-depth",
		"VUNGLOM_LIMIT_PAGE=1001":       "1000",
		"VUNGLOM_LIMIT_TIME=-1s":        "--limit-time",
		"VUNGLOM_CLIENT_RATE=NaN":       "--client-rate",
		"VUNGLOM_CLIENT_BURST=100049":   "100050",
		"VUNGLOM_TRUSTED_PROXY=proxy.x": "--trusted-proxy",
		"VUNGLOM_TRUSTED_DOCUMENTS=" + filepath.Join(t.TempDir(), "none.json"): "none.json",
	} {
		code, _, stderr := outcome(t, program(t, []string{setting, "DATABASE_URL=postgres://nobody@127.0.0.1:1/none?sslmode=disable", "VUNGLOM_LISTEN=127.0.0.1:0"}, "serve"))
		if code != exitFailure || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit code %d, %s", setting, code, stderr)
		}
	}
}
