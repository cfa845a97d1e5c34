package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"vunglom/db"
)

// serveHealth answers as long as the process does.
func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "ok\n") // the client may be gone
}

// readiness tells whether requests can be answered now, and why not.
type readiness struct {
	db  *db.DB
	log *slog.Logger
}

func (h *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	answer := struct {
		Ready  bool   `json:"ready"`
		Reason string `json:"reason,omitempty"`
	}{Ready: true}
	status := http.StatusOK
	if reason, err := h.check(ctx); err != nil {
		status, answer.Ready, answer.Reason = http.StatusServiceUnavailable, false, reason
		h.log.WarnContext(ctx, "not ready", "request", RequestID(ctx), "error", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

// check returns what is amiss, for anyone to read, and the error behind it for the log.
func (h *readiness) check(ctx context.Context) (reason string, err error) {
	if err := h.db.Ping(ctx); err != nil {
		return "cơ sở dữ liệu không trả lời / the database does not answer", err
	}
	switch err := h.db.CheckSchema(ctx); {
	case err == nil:
		return "", nil
	case errors.Is(err, db.ErrNotMigrated):
		return "cơ sở dữ liệu chưa có lược đồ hiện tại: hãy chạy vunglom migrate / the database lacks the current schema: run vunglom migrate", err
	case errors.Is(err, db.ErrRolesMissing):
		return "tài khoản của cơ sở dữ liệu thiếu vai trò để hỏi: hãy chạy vunglom migrate, nó nói phải cấp gì / the database's account lacks roles to ask under: run vunglom migrate, which says what to grant", err
	default:
		return "không đọc được phiên bản lược đồ, hoặc nó mới hơn chương trình / the schema's version cannot be read, or is newer than the program", err
	}
}
