package graph

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vunglom/accept"
)

const mediaEvents = "text/event-stream"

// takesEvents tells whether a client takes server-sent events; "anything" is not enough.
func takesEvents(headers []string) bool {
	q, named := accept.Quality(strings.Join(headers, ","), mediaEvents)
	return named && q > 0
}

// eventMost is how long a client may take to accept an event.
const eventMost = 30 * time.Second

// serveEvents answers a subscription with server-sent events, in the "distinct connections mode" of the GraphQL over SSE
// protocol: an event "next" for each answer, "complete" after the last. Where the server stops, it just ends, so that the
// client connects again.
func (h *Handler) serveEvents(w http.ResponseWriter, r *http.Request, operation *graphql.OperationContext) {
	ctx, _, leave := h.enter(w, r)
	if leave == nil {
		return
	}
	defer leave()
	header := w.Header()
	header.Set("Content-Type", mediaEvents+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back
	w.WriteHeader(http.StatusOK)
	to := &events{w, http.NewResponseController(w)}
	_ = to.control.SetReadDeadline(time.Time{}) // of the request; when it passes, the server would end this
	if to.write(": ok\n\n") != nil {
		return
	}
	answers := h.answers(ctx, operation)
	alive := time.NewTicker(h.keepAlive)
	defer alive.Stop()
	for {
		var err error
		select {
		case answer, more := <-answers:
			switch {
			case more:
				err = to.write("event: next\ndata: " + string(answer) + "\n\n")
			case ctx.Err() != nil:
				return
			default:
				_ = to.write("event: complete\ndata:\n\n") // it is over either way
				return
			}
		case <-alive.C:
			err = to.write(": alive\n\n")
		}
		if err != nil { // the client is gone
			return
		}
	}
}

// answers runs a subscription and returns its answers as JSON, until the last or until the context ends.
func (h *Handler) answers(ctx context.Context, operation *graphql.OperationContext) <-chan []byte {
	answers := make(chan []byte)
	h.streams.subscriptions.Add(1)
	go func() {
		defer h.streams.subscriptions.Add(-1)
		defer close(answers)
		defer func() {
			if cause := recover(); cause != nil {
				_ = operation.RecoverFunc(ctx, cause) // it is logged
			}
		}()
		next, ctx := h.executor.DispatchOperation(ctx, operation)
		for answer := next(ctx); answer != nil; answer = next(ctx) {
			encoded, err := json.Marshal(answer)
			if err != nil {
				slog.ErrorContext(ctx, "an answer is no JSON", "error", err)
				return
			}
			select {
			case answers <- encoded:
			case <-ctx.Done():
				return
			}
		}
	}()
	return answers
}

// events writes to a client, each time within eventMost: the server's own limit is for answers that end.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (e *events) write(text string) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(eventMost)) // not every writer has one
	if _, err := io.WriteString(e.w, text); err != nil {
		return err
	}
	return e.control.Flush()
}
