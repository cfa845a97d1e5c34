package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"vunglom/auth"
	"vunglom/db/dbtest"
)

// TestTileEndsWithTheLastClient: while anybody waits for a tile its statement runs; when the last has left it is cancelled.
func TestTileEndsWithTheLastClient(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	h := newTiles(Options{DB: d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Timeout: time.Hour}, newMetrics(d))
	mux := http.NewServeMux()
	mux.Handle("GET /tiles/{layer}/{z}/{x}/{row}", known(Options{Callers: auth.Local{}}, h))
	server := httptest.NewServer(mux)
	defer server.Close()
	raw := dbtest.SQL(t, url)
	ctx := t.Context()
	// Nothing can be drawn until this ends.
	release := dbtest.Lock(t, url, "polygon")
	running := func() int {
		var n int
		if err := raw.QueryRowContext(ctx, "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '-- Answers a vector tile of the units of a level%'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	until := func(what string, holds func() bool) {
		t.Helper()
		for deadline := time.Now().Add(5 * time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	ask := func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/tiles/units/0/0/0.mvt?asOf=2024-09-30", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return errors.New(response.Status)
		}
		return nil
	}
	var all sync.WaitGroup
	leave := make([]context.CancelFunc, 3)
	for i := range leave {
		var mine context.Context
		mine, leave[i] = context.WithCancel(ctx)
		all.Go(func() {
			if err := ask(mine); !errors.Is(err, context.Canceled) {
				t.Errorf("client %d: %v", i, err)
			}
		})
		if i == 0 {
			until("no statement was sent", func() bool { return running() == 1 })
		}
	}
	waiting := func(n int) func() bool {
		return func() bool {
			h.flights.mu.Lock()
			defer h.flights.mu.Unlock()
			for _, f := range h.flights.current {
				return f.waiting == n
			}
			return n == 0
		}
	}
	until("three do not wait", waiting(3))
	leave[0]()
	leave[1]()
	until("two have not left", waiting(1))
	if n := running(); n != 1 {
		t.Errorf("%d statements run for three clients of whom two have left", n)
	}
	leave[2]()
	all.Wait()
	until("the statement runs on for nobody", func() bool { return running() == 0 })
	release()
	if err := ask(ctx); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
