package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"vunglom/db/dbtest"
)

// receiver takes spans as a collector does: OTLP over HTTP, in protobuf.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	raw   bytes.Buffer
	spans []*traces.Span
	about string // the resource
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &sent)
		}
		if err != nil || request.URL.Path != "/v1/traces" || request.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %s: %v", request.URL.Path, request.Header.Get("Content-Type"), err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.raw.Write(body)
		for _, resource := range sent.GetResourceSpans() {
			r.about = resource.GetResource().String()
			for _, scope := range resource.GetScopeSpans() {
				r.spans = append(r.spans, scope.GetSpans()...)
			}
		}
		answer, _ := proto.Marshal(&collector.ExportTraceServiceResponse{})
		w.Header().Set("Content-Type", "application/x-protobuf")
		_, _ = w.Write(answer)
	}))
	t.Cleanup(r.Close)
	return r
}

// stop ends a running program as an administrator does.
func (s *served) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, s.log)
	}
}

// TestTraces: where OpenTelemetry's settings name a receiver, it gets a span of each request, in the trace of whoever asked, and of each
// statement beneath it; nothing of what was asked.
func TestTraces(t *testing.T) {
	t.Parallel()
	r, url := receive(t), dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	traced := append(settings, "OTEL_EXPORTER_OTLP_ENDPOINT="+r.URL, "OTEL_RESOURCE_ATTRIBUTES=deployment.environment=test")
	succeed(t, traced, "import", province(t, 3, 30, 60, "guided"))
	r.mu.Lock()
	if len(r.spans) == 0 || !strings.Contains(r.about, "vunglom") || !strings.Contains(r.about, "deployment.environment") {
		t.Errorf("an import sent %d spans of %s", len(r.spans), r.about)
	}
	r.spans = nil
	r.mu.Unlock()
	s := serve(t, traced, "--limit-time=1s")
	const trace, secret = "0af7651916cd43dd8448eb211c80319c", "SECRET77"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.address+"/graphql",
		strings.NewReader(`{"query":"{ adminUnit(level: COMMUNE, code: \"`+secret+`\") { name } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Traceparent", "00-"+trace+"-b7ad6b7169203331-01")
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if a := s.ask(t.Context(), askTile+"&within=COMMUNE:"+secret); a.code == "" {
		t.Errorf("%+v", a)
	}
	release := dbtest.Lock(t, url, "dataset")
	if a := s.ask(context.Background(), askLoads); a.code != "TIMEOUT" {
		t.Errorf("%+v", a)
	}
	release()
	s.stop(t) // with it the last spans are sent
	r.mu.Lock()
	defer r.mu.Unlock()
	var asked, beneath, failed int
	for _, span := range r.spans {
		if hex.EncodeToString(span.GetTraceId()) == trace {
			if span.GetName() == "POST /graphql" {
				asked++
			} else {
				beneath++
			}
		}
		if span.GetStatus().GetCode() == traces.Status_STATUS_CODE_ERROR {
			failed++
			if span.GetStatus().GetMessage() != "" || len(span.GetEvents()) > 0 {
				t.Errorf("%s says %q, %v", span.GetName(), span.GetStatus().GetMessage(), span.GetEvents())
			}
		}
	}
	if asked != 1 || beneath == 0 || failed == 0 {
		t.Errorf("%d spans of the request, %d of its statements, %d that failed", asked, beneath, failed)
	}
	for _, word := range []string{secret, "select "} {
		if bytes.Contains(r.raw.Bytes(), []byte(word)) {
			t.Errorf("the spans hold %q", word)
		}
	}
	for _, span := range r.spans {
		span.TraceId, span.SpanId, span.ParentSpanId, span.Links = nil, nil, nil, nil // bytes drawn at random, which may be any text
		if text := span.String(); strings.Contains(text, "$1") {
			t.Errorf("a span holds an argument's place: %s", text)
		}
	}
}

// TestNothingIsTracedUnasked: nothing is sent where OpenTelemetry is told not to, nor where nothing is said of it, which for its library
// means to send to this machine.
func TestNothingIsTracedUnasked(t *testing.T) {
	t.Parallel()
	t.Run("nothing said", nothingIsSentByItself)
	r := receive(t)
	for _, off := range []string{"OTEL_SDK_DISABLED=true", "OTEL_TRACES_EXPORTER=none"} {
		succeed(t, []string{"DATABASE_URL=" + dbtest.URL(t), "OTEL_EXPORTER_OTLP_ENDPOINT=" + r.URL, off}, "import", province(t, 2, 5, 5, "guided"))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.spans) > 0 {
		t.Errorf("%d spans were sent", len(r.spans))
	}
}

// nothingIsSentByItself has the program trace nothing without settings: what it would send, its library sends to localhost:4318.
func nothingIsSentByItself(t *testing.T) {
	came := make(chan struct{}, 100)
	if listener, err := net.Listen("tcp", "127.0.0.1:4318"); err != nil {
		t.Logf("only what the program says is looked at: %v", err)
	} else {
		defer listener.Close()
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_ = conn.Close() // nobody has taken the spans, of which the program says so
				came <- struct{}{}
			}
		}()
	}
	code, _, said := outcome(t, program(t, []string{"DATABASE_URL=" + dbtest.URL(t)}, "import", province(t, 2, 5, 5, "guided"))) // it sends its last spans before it ends
	if code != 0 || strings.Contains(said, "spans") || len(came) > 0 {
		t.Errorf("exit code %d, %d connections that nobody asked for:\n%s", code, len(came), said)
	}
}

// TestMetricsOfTheProgram: the figures of requests, statements, the pool, tiles and imports follow what happens.
func TestMetricsOfTheProgram(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	s := serve(t, settings)
	listens := "select count(*) from pg_stat_activity where datname = current_database() and query = 'listen vunglom_progress'"
	await(t, "the program follows imports", func() bool { return number(t, url, listens) == 1 })
	folder := province(t, 3, 30, 60, "guided")
	is := func(figure string, want float64) {
		t.Helper()
		await(t, figure, func() bool { return s.figure(t, figure) == want })
	}
	succeed(t, settings, "import", folder)
	is(`vunglom_imports_total{state="landed"}`, 1)
	is(`vunglom_dataset_snapshot{province="96"}`, 1)
	succeed(t, settings, "import", folder)
	is(`vunglom_imports_total{state="unchanged"}`, 1)
	release := holdDataset(t, url)
	third := program(t, settings, "import", province(t, 3, 40, 80, "declined"))
	if err := third.Start(); err != nil {
		t.Fatal(err)
	}
	is("vunglom_imports_running", 1)
	if err := third.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = third.Wait()
	if err := release(); err != nil {
		t.Fatal(err)
	}
	is(`vunglom_imports_total{state="failed"}`, 1)
	is("vunglom_imports_running", 0)
	is("vunglom_import_duration_seconds_count", 3)
	for range 2 {
		if a := s.ask(t.Context(), askTile); !a.good() {
			t.Fatalf("%+v", a)
		}
	}
	is(`vunglom_tiles_total{from="cache",layer="units"}`, 1)
	is(`vunglom_tiles_total{from="drawn",layer="units"}`, 1)
	is("vunglom_tile_cache_tiles", 1)
	is("vunglom_db_up", 1)
	if a := s.ask(t.Context(), "/readyz"); !a.good() {
		t.Errorf("/readyz: %+v", a)
	}
	before := s.figure(t, `vunglom_db_statement_failures_total{statement="dataset_all"}`)
	if s.figure(t, `vunglom_db_statements_total{statement="dataset_all"}`) == 0 || s.figure(t, `vunglom_db_statement_seconds_total{statement="dataset_all"}`) == 0 || before != 0 {
		t.Error("statements are not counted")
	}
	open := dbtest.Lock(t, url, "dataset")
	is("vunglom_db_up", 0) // the figures are told though the database hangs
	if a := s.ask(t.Context(), "/readyz"); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, `"ready":false`) || !strings.Contains(a.body, "it is locked") {
		t.Errorf("/readyz while nothing is answered: %+v", a)
	}
	open()
	is("vunglom_db_up", 1)
	if a := s.ask(t.Context(), "/readyz"); !a.good() {
		t.Errorf("/readyz: %+v", a)
	}
	if s.figure(t, `vunglom_db_statement_failures_total{statement="dataset_all"}`) == 0 {
		t.Error("failures are not counted")
	}
	if s.figure(t, "vunglom_db_connections_most") == 0 || s.figure(t, `vunglom_http_requests_total{method="GET",route="/tiles",status="200"}`) != 2 {
		t.Error("the pool or requests are not counted")
	}
}
