package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"
)

type requestIDKey struct{}

// RequestID returns the name of the request that a context belongs to: the client's
// X-Request-Id where that is fit for a log, else one made for it; "-" outside a request.
func RequestID(ctx context.Context) string {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		return id
	}
	return "-"
}

var fitID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identified gives each request a name, which the answer repeats.
func identified(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !fitID.MatchString(id) {
			random := make([]byte, 8)
			_, _ = rand.Read(random) // never fails
			id = hex.EncodeToString(random)
		}
		w.Header().Set("X-Request-Id", id)
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// watched remembers what an answer was.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Flush sends what has been written: compression asks for it by this name only.
func (w *watched) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() } // a writer that holds nothing back has none

// streams tells whether the answer lasts as long as its client wants.
func (w *watched) streams() bool {
	return w.status == http.StatusSwitchingProtocols || isEvents(w.Header().Get("Content-Type"))
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type routeKey struct{}

// routed names the route of a request, for the log.
func routed(name string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if route, ok := r.Context().Value(routeKey{}).(*string); ok {
			*route = name
		}
		h.ServeHTTP(w, r)
	})
}

// routeOf is the name of the route of a request; "-" where it has come to none.
func routeOf(ctx context.Context) string {
	if route, ok := ctx.Value(routeKey{}).(*string); ok && *route != "" {
		return *route
	}
	return "-"
}

// logged writes a line for each request: its route, never its path, its query string, its body or its address,
// because those can say who asked about whom.
func logged(log *slog.Logger, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started, seen := time.Now(), &watched{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), routeKey{}, new(string)))
		defer func() {
			log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("request", RequestID(r.Context())), slog.String("method", r.Method), slog.String("route", routeOf(r.Context())),
				slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes), slog.Duration("duration", time.Since(started)))
		}()
		h.ServeHTTP(seen, r)
	})
}

// recovered keeps a panic from ending more than its own request.
func recovered(log *slog.Logger, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &watched{ResponseWriter: w}
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { // the standard way to break an answer off
				panic(cause)
			}
			id := RequestID(r.Context())
			log.ErrorContext(r.Context(), "a handler panicked", "request", id, "cause", cause, "stack", string(debug.Stack()))
			if seen.status == 0 {
				http.Error(seen, "lỗi nội bộ, yêu cầu "+id+" / internal error, request "+id, http.StatusInternalServerError)
			}
		}()
		h.ServeHTTP(seen, r)
	})
}

// guarded tells browsers what these answers may do: nothing, unless a page says more.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.ServeHTTP(w, r)
	})
}
