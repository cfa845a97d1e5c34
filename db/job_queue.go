package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

// jobs are the bundles that this program has received, which it imports one after another.
type jobs struct {
	program string        // its name, see import_job
	places  chan struct{} // one for each file
	config  *pgx.ConnConfig

	living sync.Mutex
	conn   *pgx.Conn // holds the lock that tells others that this program lives; nil: no bundle has come yet

	mu      sync.Mutex
	waiting []*job
	running *job
	ctx     context.Context // of all imports; it ends with the program
	stop    context.CancelCauseFunc
	ended   sync.WaitGroup
}

func newJobs(config *pgx.ConnConfig) *jobs {
	q := &jobs{program: rand.Text(), places: make(chan struct{}, MostUploads), config: config}
	q.ctx, q.stop = context.WithCancelCause(context.Background())
	return q
}

// live tells other programs that this one lives, and does so again where the connection that says it was lost.
func (q *jobs) live(ctx context.Context) error {
	q.living.Lock()
	defer q.living.Unlock()
	if q.conn != nil && !q.conn.IsClosed() && q.conn.Ping(ctx) == nil {
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, q.config.Copy())
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	if _, err := conn.Exec(ctx, importQuery("job_alive"), pgx.StrictNamedArgs{"program": q.program}); err != nil {
		return errors.Join(fmt.Errorf("jobs: %w", err), conn.Close(ctx))
	}
	if q.conn != nil {
		_ = q.conn.Close(ctx) // lost
	}
	q.conn = conn
	return nil
}

// buried is why a job of a program that is no more failed.
const buried = "chương trình nhận gói đã dừng trước khi nạp xong; không có gì được nạp: hãy gửi lại · the program that had received the bundle ended before it was imported; nothing was imported: send it again"

// BuryJobs ends the jobs of programs that are no more, and answers how many those are. This program ends its own.
func (d *DB) BuryJobs(ctx context.Context) (ended int, err error) {
	err = d.asOwner(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, importQuery("job_bury"), pgx.StrictNamedArgs{"program": d.jobs.program, "failed": buried})
		ended = int(done.RowsAffected())
		return err
	})
	return ended, err
}

// push puts a job last.
func (q *jobs) push(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	idle := q.running == nil && len(q.waiting) == 0
	q.waiting = append(q.waiting, j)
	if idle {
		q.ended.Go(q.run)
	}
}

// run imports what waits, until nothing does.
func (q *jobs) run() {
	for {
		q.mu.Lock()
		q.running = nil
		if len(q.waiting) == 0 {
			q.mu.Unlock()
			return
		}
		j := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.running = j
		ctx, cancel := context.WithCancelCause(access.With(q.ctx, j.caller))
		j.cancel = cancel
		q.mu.Unlock()
		if err := j.run(ctx); err != nil && failure(err) == failedUntold { // else it is for who sent it: it may name what a row says
			slog.WarnContext(ctx, "a bundle that was sent was not imported", "job", j.id, "error", err)
		}
		cancel(nil)
		j.close()
	}
}

// cancelled gives up a job that is cancelled, where it is this program's.
func (q *jobs) cancelled(id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running != nil && q.running.id == id {
		q.running.cancel(errJobOver)
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(j *job) bool {
		if j.id == id {
			j.close()
		}
		return j.id == id
	})
}

// end stops what is imported, and returns once that is told.
func (q *jobs) end() {
	q.stop(errProgramEnds)
	q.ended.Wait()
	q.living.Lock()
	defer q.living.Unlock()
	if q.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), announceMost)
		defer cancel()
		_ = q.conn.Close(ctx) // others learn that this program is no more
	}
}
