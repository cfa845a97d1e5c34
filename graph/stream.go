package graph

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"vunglom/access"
	"vunglom/quota"
)

// streams counts the connections that hold subscriptions, and those.
type streams struct {
	connections   atomic.Int64
	subscriptions atomic.Int64
	running       sync.WaitGroup
}

// Subscriptions is how many subscriptions are open.
func (h *Handler) Subscriptions() int { return int(h.streams.subscriptions.Load()) }

// Wait returns once all connections with subscriptions have ended, which they do after Options.Until, or with its context.
func (h *Handler) Wait(ctx context.Context) error {
	ended := make(chan struct{})
	go func() {
		h.streams.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// enter takes a place for a connection; its context ends with the request, with what vouches for its caller, and with
// Options.Until. free gives the place among the client's own back, leave all. Where there is none left it has refused the request,
// and leave is nil.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) (ctx context.Context, free, leave func()) {
	closed, err := quota.From(r.Context()).Open()
	if err != nil {
		refuseSlow(w, mediaJSON, err)
		return nil, nil, nil
	}
	if h.streams.connections.Add(1) > int64(h.limits.Connections) {
		h.streams.connections.Add(-1)
		closed()
		w.Header().Set("Retry-After", "10")
		refuse(w, mediaJSON, &refusal{http.StatusServiceUnavailable, "quá nhiều kết nối đang theo dõi: hãy thử lại sau / too many connections are open: try again later"})
		return nil, nil, nil
	}
	h.streams.running.Add(1)
	ctx, cancel := access.Lasting(r.Context())
	forget := context.AfterFunc(h.until, cancel)
	return ctx, closed, func() {
		forget()
		cancel()
		closed()
		h.streams.connections.Add(-1)
		h.streams.running.Done()
	}
}
