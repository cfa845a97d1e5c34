package db

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// The channels on which imports announce themselves: a new snapshot (the payload is the province's code; it arrives with the
// commit), and how far an import is (Progress as JSON).
const (
	snapshotChannel = "vunglom_snapshot"
	progressChannel = "vunglom_progress"
)

// How long the listener waits before it connects again: at first, and at most.
const (
	reconnectFirst = 50 * time.Millisecond
	reconnectMost  = 5 * time.Second
)

// listener hears what imports of any program announce, over one connection of its own that is none of the pool's, and
// wakes those who watch. It begins with the first of them, connects again when the connection is lost, and then wakes
// everybody: what was announced meanwhile was not heard, but it is stored.
type listener struct {
	config *pgx.ConnConfig

	mu      sync.Mutex
	watches map[*watch]struct{}
	stop    context.CancelFunc // nil: not begun
	ended   chan struct{}
	closed  bool
}

func newListener(config *pgx.ConnConfig) *listener {
	return &listener{config: config, watches: map[*watch]struct{}{}, ended: make(chan struct{})}
}

// watch is one who wants to hear. What is heard while nobody reads is kept: that there was something (the stored snapshots
// tell what), and of each import the latest progress.
type watch struct {
	province string // empty: of every one
	progress bool   // how far imports are, else that snapshots may have landed
	wake     chan struct{}

	mu     sync.Mutex
	latest []Progress // of imports, in the order in which they were first heard of; mostImports at most
}

// mostImports is how many imports a watch that does not read remembers; then it forgets the one heard of first.
const mostImports = 64

// watch begins to hear; the returned function ends it.
func (l *listener) watch(province string, progress bool) (*watch, func()) {
	w := &watch{province: province, progress: progress, wake: make(chan struct{}, 1)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watches[w] = struct{}{}
	if l.stop == nil && !l.closed {
		var ctx context.Context
		ctx, l.stop = context.WithCancel(context.Background())
		go l.run(ctx)
	}
	return w, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watches, w)
	}
}

// close ends the connection and returns when it is gone.
func (l *listener) close() {
	l.mu.Lock()
	stop := l.stop
	l.closed = true
	l.mu.Unlock()
	if stop != nil {
		stop()
		<-l.ended
	}
}

// run keeps a connection until its context ends.
func (l *listener) run(ctx context.Context) {
	defer close(l.ended)
	for wait := reconnectFirst; ; {
		err := l.listen(ctx, func() { wait = reconnectFirst })
		if ctx.Err() != nil {
			return
		}
		slog.WarnContext(ctx, "the database's announcements can't be heard; trying again", "in", wait, "error", err)
		if pause(ctx, wait) != nil {
			return
		}
		wait = min(2*wait, reconnectMost)
	}
}

// listen hears until the connection is lost; ready is called once it stands.
func (l *listener) listen(ctx context.Context, ready func()) error {
	conn, err := pgx.ConnectConfig(ctx, l.config.Copy())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // lost or not wanted any more
	for _, channel := range []string{snapshotChannel, progressChannel} {
		if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
			return err
		}
	}
	ready()
	l.landed("")
	for {
		heard, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		switch heard.Channel {
		case snapshotChannel:
			l.landed(heard.Payload)
		case progressChannel:
			var p Progress
			if err := json.Unmarshal([]byte(heard.Payload), &p); err != nil { // another version's, or a stranger's
				slog.DebugContext(ctx, "an announcement was not understood", "error", fmt.Errorf("progress: %w", err))
				continue
			}
			l.progressed(p)
		}
	}
}

// landed wakes those who follow a province, or everybody ("").
func (l *listener) landed(province string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.watches {
		if !w.progress && (province == "" || w.province == "" || w.province == province) {
			w.rouse()
		}
	}
}

func (l *listener) progressed(p Progress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.watches {
		if w.progress && (w.province == "" || w.province == p.Province) {
			w.keep(p)
			w.rouse()
		}
	}
}

// rouse never waits: one who has not come yet to look will see this too.
func (w *watch) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// keep remembers the latest of each import.
func (w *watch) keep(p Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.latest {
		if w.latest[i].same(p) {
			w.latest[i] = p
			return
		}
	}
	if len(w.latest) == mostImports {
		w.latest = w.latest[1:]
	}
	w.latest = append(w.latest, p)
}

// take returns what has been kept.
func (w *watch) take() []Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := w.latest
	w.latest = nil
	return kept
}
