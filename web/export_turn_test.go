package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestExportsTakeTurns: while as many files are being made as may be, the next waits; at last it is told to come again.
func TestExportsTakeTurns(t *testing.T) {
	t.Parallel()
	h := newExports(Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	for range exportsAtOnce {
		if err := h.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err := h.turn(ctx)
	if err == nil {
		t.Fatal("one more than may be made at once has its turn")
	}
	w := httptest.NewRecorder()
	refuse(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/export/gaps.csv", nil), slog.Default(), err)
	var a struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusServiceUnavailable || a.Errors[0].Extensions.Code != "TIMEOUT" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	go func() { <-h.turns }()
	if err := h.turn(t.Context()); err != nil {
		t.Errorf("after one is done: %v", err)
	}
}

// slow is a client's connection as far as its deadline goes.
type slow struct {
	http.ResponseWriter
	until time.Time
}

func (s *slow) SetWriteDeadline(t time.Time) error { s.until = t; return nil }

// TestExportsDropWhoTakesNothing: every write moves the connection's deadline by so much, and no further: who takes something may take
// his time.
func TestExportsDropWhoTakesNothing(t *testing.T) {
	t.Parallel()
	client := &slow{ResponseWriter: httptest.NewRecorder()}
	p := &patient{w: client, control: http.NewResponseController(client), stall: time.Minute, goesOn: func() {}}
	last := time.Time{}
	for range 3 {
		began := time.Now()
		if _, err := p.Write([]byte("row")); err != nil {
			t.Fatal(err)
		}
		if client.until.Before(began.Add(time.Minute)) || client.until.After(time.Now().Add(time.Minute)) || client.until.Before(last) {
			t.Errorf("written at %v, dropped at %v", began, client.until)
		}
		last = client.until
	}
}
