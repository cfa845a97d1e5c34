package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	answer := struct {
		Ready  bool   `json:"ready"`
		Reason string `json:"reason,omitempty"`
	}{Ready: true}
	status := http.StatusOK
	if _, reason, err := answering(r.Context(), h.db); err != nil {
		status, answer.Ready, answer.Reason = http.StatusServiceUnavailable, false, reason
		h.log.WarnContext(r.Context(), "not ready", "request", RequestID(r.Context()), "error", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

// answeringMost is how long the database is waited for: who watches must be told that it hangs.
const answeringMost = 2 * time.Second

// answering asks what every question begins with, for /readyz and the figures, which have to agree: what is loaded, or what is amiss, for
// anyone to read, and the error behind it for the log. A database that takes connections may still answer nothing: a lock will do.
func answering(ctx context.Context, d *db.DB) (loaded []db.Dataset, reason string, err error) {
	ctx, cancel := context.WithTimeout(ctx, answeringMost)
	defer cancel()
	if err = d.Ping(ctx); err == nil {
		if err = d.CheckSchema(ctx); err == nil {
			loaded, err = d.Datasets(ctx)
		}
	}
	switch {
	case err == nil:
		return loaded, "", nil
	case errors.Is(err, db.ErrNotMigrated):
		reason = "cơ sở dữ liệu chưa có lược đồ hiện tại: hãy chạy vunglom migrate / the database lacks the current schema: run vunglom migrate"
	case errors.Is(err, db.ErrRolesMissing):
		reason = "tài khoản của cơ sở dữ liệu thiếu vai trò để hỏi: hãy chạy vunglom migrate, nó nói phải cấp gì / the database's account lacks roles to ask under: run vunglom migrate, which says what to grant"
	case errors.Is(err, db.ErrNewer):
		reason = "lược đồ của cơ sở dữ liệu mới hơn chương trình: hãy chạy bản mới / the database's schema is newer than the program: run the newer one"
	case ctx.Err() != nil:
		reason = fmt.Sprintf("cơ sở dữ liệu không trả lời trong %[1]v: bị khóa, quá tải hoặc không tới được / the database does not answer within %[1]v: it is locked, overloaded or out of reach", answeringMost)
	default:
		reason = "cơ sở dữ liệu không trả lời / the database does not answer"
	}
	return nil, reason, err
}
