package db

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// ProgressState is what has become of an import.
type ProgressState string

// The states of an import.
const (
	ImportRunning   ProgressState = "running"
	ImportLanded    ProgressState = "landed"    // what it brought can be asked for
	ImportUnchanged ProgressState = "unchanged" // it brought nothing new
	ImportFailed    ProgressState = "failed"    // everything is as it was
)

// Progress is how far an import is, or how it ended.
type Progress struct {
	Province string        `json:"province"`
	Began    time.Time     `json:"began"` // tells imports of a province from one another
	State    ProgressState `json:"state"`
	Step     string        `json:"step"`               // what is being done, as `vunglom import` prints it; of one that ended the last
	Done     int64         `json:"done"`               // of Total in this step
	Total    int64         `json:"total"`              // 0: not known
	Snapshot string        `json:"snapshot,omitempty"` // the province's, once it ended well
}

// same tells whether two announcements are about one import.
func (p *Progress) same(q Progress) bool { return p.Province == q.Province && p.Began.Equal(q.Began) }

// FollowProgress sends how far imports of a province (empty: of any) are, whichever program runs them, until the context ends or
// send fails. One that is slow to take them gets the latest of each import. It hears of an import from its next step on, and
// where the database restarts it may miss an import's end; of what has landed Follow misses nothing.
func (d *DB) FollowProgress(ctx context.Context, province string, send func(Progress) error) error {
	watch, end := d.listener.watch(province, true)
	defer end()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-watch.wake:
		}
		for _, p := range watch.take() {
			if err := send(p); err != nil {
				return err
			}
		}
	}
}

// announceEvery is the least time between two announcements of an import that goes on.
const announceEvery = 500 * time.Millisecond

// announceMost is how long an announcement may take; nobody's import waits longer for it.
const announceMost = 5 * time.Second

// announcer tells whoever listens how far an import is: now and then, on a connection of its own, because what the import's own
// one says is heard only once it has landed. That nobody can be told is no reason for an import to fail.
type announcer struct {
	config *pgx.ConnConfig
	conn   *pgx.Conn // nil: none yet, or lost

	mu     sync.Mutex
	latest Progress

	fresh chan struct{} // something is to be told
	over  chan struct{} // closed once the import is
	quiet chan struct{} // closed once all has been told
}

func (d *DB) announce(ctx context.Context, province string, began time.Time) *announcer {
	a := &announcer{config: d.pool.Config().ConnConfig, latest: Progress{Province: province, Began: began, State: ImportRunning},
		fresh: make(chan struct{}, 1), over: make(chan struct{}), quiet: make(chan struct{})}
	go a.run(context.WithoutCancel(ctx)) // that it was stopped must be told too
	return a
}

// step is told what ImportOptions.Step is. It never waits.
func (a *announcer) step(name string, done, total int64) {
	a.mu.Lock()
	a.latest.Step, a.latest.Done, a.latest.Total = name, done, total
	a.mu.Unlock()
	select {
	case a.fresh <- struct{}{}:
	default:
	}
}

// end tells how the import ended, and returns when that has been told.
func (a *announcer) end(state ProgressState, snapshot string) {
	a.mu.Lock()
	a.latest.State, a.latest.Snapshot = state, snapshot
	a.mu.Unlock()
	close(a.over)
	<-a.quiet
}

// alsoTell has every step told to somebody besides.
func (im *importing) alsoTell(step func(name string, done, total int64)) {
	first := im.options.Step
	im.options.Step = func(name string, done, total int64) {
		step(name, done, total)
		if first != nil {
			first(name, done, total)
		}
	}
}

// ended is what became of an import that is over, and the snapshot it leaves.
func (im *importing) ended(snapshot string, err error) (ProgressState, string) {
	switch {
	case err != nil:
		return ImportFailed, ""
	case im.touched.landed:
		return ImportLanded, snapshot
	}
	return ImportUnchanged, snapshot
}

func (a *announcer) run(ctx context.Context) {
	defer close(a.quiet)
	for !a.isOver() {
		select {
		case <-a.fresh:
		case <-a.over:
		}
		if a.isOver() { // its end is told once, below
			break
		}
		a.tell(ctx)
		select {
		case <-time.After(announceEvery):
		case <-a.over:
		}
	}
	a.tell(ctx)
	if a.conn != nil {
		_ = a.conn.Close(ctx) // all has been said
	}
}

func (a *announcer) isOver() bool {
	select {
	case <-a.over:
		return true
	default:
		return false
	}
}

// tell announces what is the latest now.
func (a *announcer) tell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, announceMost)
	defer cancel()
	a.mu.Lock()
	payload, err := json.Marshal(a.latest)
	a.mu.Unlock()
	if err == nil && (a.conn == nil || a.conn.IsClosed()) {
		a.conn, err = pgx.ConnectConfig(ctx, a.config.Copy())
	}
	if err == nil {
		_, err = a.conn.Exec(ctx, "select pg_notify($1, $2)", progressChannel, string(payload))
	}
	if err != nil {
		slog.DebugContext(ctx, "progress could not be announced", "error", err)
	}
}
