package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"vunglom/auth"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
)

// server is the program's whole handler on a loopback address. Its access log is written,
// to nowhere.
type server struct {
	url    string
	client *http.Client
}

func serve(b *testing.B, p *province) *server { return serveTiles(b, p, 0).server }

// serveTiles is serve with so many bytes for tiles that are kept.
func serveTiles(b *testing.B, p *province, kept int64) *tileServer {
	b.Helper()
	d, err := dbtest.Open(b.Context(), p.url)
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	http1 := httptest.NewServer(web.New(web.Options{
		DB: d, Callers: auth.Local{}, GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID}), Log: log, TileCacheBytes: kept,
	}))
	// Compression trades the processor for the network, and there is no network here.
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}
	b.Cleanup(func() {
		transport.CloseIdleConnections()
		http1.Close()
		d.Close()
	})
	return &tileServer{server: &server{url: http1.URL + "/graphql", client: &http.Client{Transport: transport}}, origin: http1.URL}
}

// question is the body of a request.
func question(b *testing.B, query string, variables map[string]any) []byte {
	b.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// ask posts a question and reads the whole answer into the buffer. An answer with errors is
// an error.
func (s *server) ask(body []byte, into *bytes.Buffer) error {
	into.Reset()
	response, err := s.client.Post(s.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.ContentLength > 0 {
		into.Grow(int(response.ContentLength) + bytes.MinRead)
	}
	if _, err := into.ReadFrom(response.Body); err != nil {
		return err
	}
	if !bytes.HasPrefix(into.Bytes(), []byte(`{"data":`)) {
		return &unanswered{response.Status, into.String()[:min(500, into.Len())]}
	}
	return nil
}

type unanswered struct{ status, body string }

func (e *unanswered) Error() string { return e.status + ": " + e.body }
