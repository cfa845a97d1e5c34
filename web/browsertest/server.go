package browsertest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Request is one that a server was asked, with what it answered.
type Request struct {
	URL    string // path and query
	Status int
	Bytes  int64 // of the answer's body, as it went over the line
}

// Path is the request's address without its query.
func (r Request) Path() string {
	path, _, _ := strings.Cut(r.URL, "?")
	return path
}

// Server serves a handler on a loopback address and keeps account of what it is asked: a browser does not tell a page's
// requests from those of its workers, and some not at all.
type Server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []Request
}

// Serve starts a server that ends with the test.
func Serve(tb testing.TB, h http.Handler) *Server {
	tb.Helper()
	s := &Server{}
	s.Server = httptest.NewServer(s.counted(h))
	tb.Cleanup(s.Close)
	return s
}

// counted leaves alone what stays open: events, and connections that become WebSockets.
func (s *Server) counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" || strings.HasPrefix(r.Header.Get("Accept"), "text/event-stream") {
			h.ServeHTTP(w, r)
			return
		}
		counting := &counter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.asked = append(s.asked, Request{r.URL.RequestURI(), counting.status, counting.bytes})
		}()
		h.ServeHTTP(counting, r)
	})
}

// Asked returns the requests answered so far, in the order of their ends.
func (s *Server) Asked() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.asked...)
}

type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.bytes += int64(n)
	return n, err
}

func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }
