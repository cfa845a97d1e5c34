package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vunglom/db"
	"vunglom/lgsp"
	"vunglom/quota"
)

// gone tells whether a question failed because whoever asked it has left; one that is out of time has not.
func gone(ctx context.Context, err error) bool {
	return errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled)
}

// limited gives each request so much time. Its statements end with it.
func limited(most time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), most)
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

// judge says what an error is for the one who asks, a code of the API and a sentence that says what to change; and sets the headers
// that go with the status.
func judge(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) (status int, code, message string) {
	header := w.Header()
	status, code = http.StatusInternalServerError, "INTERNAL"
	var asked *db.Error
	var slow *quota.Refusal
	forbidden, refused := refusedFor(w, err)
	switch {
	case refused != nil:
		status, code, message = forbidden, refused.Code, refused.Message
	case errors.As(err, &asked):
		status, code, message = http.StatusBadRequest, string(asked.Code), asked.Message
		switch asked.Code {
		case db.CodeNotFound:
			status = http.StatusNotFound
		case db.CodeGone:
			status = http.StatusGone
		}
	case errors.As(err, &slow):
		status, code, message = http.StatusTooManyRequests, "TOO_COSTLY", slow.Message
		header.Set("Retry-After", strconv.Itoa(slow.Seconds()))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		status, code = http.StatusServiceUnavailable, "TIMEOUT"
		message = "máy chủ đang bận: hãy thử lại sau ít phút / the server is busy: try again in a minute"
		header.Set("Retry-After", "30")
	default:
		id := RequestID(r.Context())
		message = fmt.Sprintf("lỗi nội bộ, yêu cầu %s / internal error, request %s", id, id)
		log.ErrorContext(r.Context(), "a request failed", "request", id, "route", routeOf(r.Context()), "error", err)
		if db.IsUnavailable(err) {
			status = http.StatusServiceUnavailable
			message = fmt.Sprintf("cơ sở dữ liệu không trả lời: hãy thử lại sau ít phút (yêu cầu %s) / the database does not answer: try again in a minute (request %s)", id, id)
			header.Set("Retry-After", "30")
		}
	}
	return status, code, message
}

// refuse answers a question that is not asked through the API with the API's kind of error.
func refuse(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	status, code, message := judge(w, r, log, err)
	if strings.HasPrefix(r.URL.Path, lgsp.Root) {
		lgsp.WriteProblem(w, status, code, message)
		return
	}
	header := w.Header()
	type refusal struct {
		Message    string            `json:"message"`
		Extensions map[string]string `json:"extensions"`
	}
	header.Del("Content-Disposition")
	header.Del("ETag")
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string][]refusal{"errors": {{message, map[string]string{"code": code}}}}) // the client may be gone
}
