package e2e

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"vunglom/web/browsertest"
)

// testRounds: from a cold cache the first map takes three rounds of requests: the page, what the page names, and what follows from
// that. No clock tells: a first visit learns what is asked for; at a second one nothing of a round is answered before all of it has
// been asked for. Had any of it to wait for another's answer, the map would never be drawn.
func testRounds(t *testing.T, d *demo) {
	t.Parallel()
	for name, screen := range map[string]browsertest.Screen{"wide": browsertest.Wide, "phone": browsertest.Phone} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			learned := &rounds{handler: d.Config.Handler, page: d.fetch(t, "/")}
			learned.visit(t, d, screen)
			held := &rounds{handler: d.Config.Handler, page: learned.page, expected: learned.asked}
			held.visit(t, d, screen)
			for address := range held.asked {
				if _, known := learned.asked[address]; !known {
					t.Errorf("asked for only where answers are slow: %s", address)
				}
			}
			of := map[int]int{}
			for _, round := range learned.asked {
				of[round]++
			}
			if of[1] != 1 || of[2] < 5 || of[3] < 5 {
				t.Errorf("requests by round: %v", of)
			}
		})
	}
}

// rounds is a server that knows in which round each request is.
type rounds struct {
	handler  http.Handler
	page     []byte
	expected map[string]int // address → round; nil: every request is answered at once

	mu    sync.Mutex
	asked map[string]int
	gates map[int]chan struct{} // by round: closed when all that is expected of it has been asked for
}

func (r *rounds) visit(t *testing.T, d *demo, screen browsertest.Screen) {
	t.Helper()
	r.asked, r.gates = map[string]int{}, map[int]chan struct{}{}
	for _, round := range r.expected {
		if r.gates[round] == nil {
			r.gates[round] = make(chan struct{})
		}
	}
	server := httptest.NewUnstartedServer(r)
	server.EnableHTTP2 = true                                                        // of HTTP/1.1 a browser has six connections, and what is held would fill them
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of handshakes that the browser breaks off
	server.StartTLS()
	t.Cleanup(server.Close)
	tab := d.browser.Tab(t, server.URL, screen)
	(&visit{t, newWords(t, "vi"), tab, d, screen}).open("")
	r.mu.Lock() // what comes later is no part of the first map
	defer r.mu.Unlock()
	r.gates = nil
}

var named = regexp.MustCompile(`(?:href|src)="([^"]+)"`)

func (r *rounds) roundOf(address string) int {
	if strings.HasPrefix(address, "/?") || address == "/" {
		return 1
	}
	for _, found := range named.FindAllSubmatch(r.page, -1) {
		if strings.ReplaceAll(string(found[1]), "&amp;", "&") == address {
			return 2
		}
	}
	return 3
}

func (r *rounds) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Header.Get("Upgrade") != "" || strings.HasPrefix(request.Header.Get("Accept"), "text/event-stream") || request.Method == http.MethodConnect {
		r.handler.ServeHTTP(w, request) // stays open
		return
	}
	address := request.URL.RequestURI()
	if strings.HasSuffix(address, ".svg") { // the sign of the window's tab is asked for when the browser likes, and no map waits for it
		r.handler.ServeHTTP(w, request)
		return
	}
	if request.Method == http.MethodPost { // questions too long for an address
		body, _ := io.ReadAll(request.Body)
		request.Body = io.NopCloser(strings.NewReader(string(body)))
		address += " " + string(body)
	}
	if strings.Contains(address, "operationName=Span&") || strings.Contains(address, `"operationName":"Span"`) { // how far the data go back: asked once the map has been drawn
		r.handler.ServeHTTP(w, request)
		return
	}
	if gate := r.arrive(address); gate != nil {
		select {
		case <-gate:
		case <-request.Context().Done():
		}
	}
	r.handler.ServeHTTP(w, request)
}

// arrive notes a request, opens its round's gate where it was the last of it, and returns the gate it has to wait at.
func (r *rounds) arrive(address string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gates == nil {
		return nil
	}
	_, before := r.asked[address]
	round := r.roundOf(address)
	r.asked[address] = round
	gate := r.gates[r.expected[address]]
	if gate == nil || before {
		return gate
	}
	for other, of := range r.expected {
		if _, asked := r.asked[other]; of == round && !asked {
			return gate
		}
	}
	close(gate)
	return gate
}
