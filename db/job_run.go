package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
)

// MostUploads is how many bundles may be on their way, wait and be imported at once: each has a file on the disk.
const MostUploads = 8

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

// job is a bundle in its turn.
type job struct {
	id      int64
	db      *DB // of who sent it
	caller  access.Caller
	bundle  *bundle.Bundle
	upload  *Upload
	options ImportOptions
	cancel  context.CancelCauseFunc // of its import
}

func newJobs(config *pgx.ConnConfig) *jobs {
	q := &jobs{program: rand.Text(), places: make(chan struct{}, MostUploads), config: config}
	q.ctx, q.stop = context.WithCancelCause(context.Background())
	return q
}

// Upload is a file that a bundle is received in. It has no name, so that nothing is left of it whatever happens to the program.
type Upload struct {
	file  *os.File
	of    *jobs
	bytes int64
	sent  bool
	close sync.Once
}

// NewUpload makes room for a bundle. Errors: TOO_COSTLY where others fill it.
func (d *DB) NewUpload() (*Upload, error) {
	select {
	case d.jobs.places <- struct{}{}:
	default:
		return nil, say(CodeTooCostly, "đã có %[1]d gói đang gửi hoặc đang chờ nạp: hãy gửi lại khi importJobs cho biết chúng đã xong",
			"%[1]d bundles are being sent or wait already: send again when importJobs says that they are done", []any{MostUploads})
	}
	u := &Upload{of: d.jobs}
	var err error
	if u.file, err = os.CreateTemp("", "vunglom-upload-*"); err == nil {
		err = os.Remove(u.file.Name())
	}
	if err != nil {
		u.Close()
		return nil, fmt.Errorf("upload: %w", err)
	}
	return u, nil
}

// Write adds to the file.
func (u *Upload) Write(p []byte) (int, error) {
	n, err := u.file.Write(p)
	u.bytes += int64(n)
	return n, err
}

// Close gives the file up, unless a job has it.
func (u *Upload) Close() {
	if !u.sent {
		u.release()
	}
}

func (u *Upload) release() {
	u.close.Do(func() {
		if u.file != nil {
			_ = u.file.Close() // it may be the bundle's, and closed
		}
		<-u.of.places
	})
}

// SendOptions says how a bundle that is sent is taken, as ImportOptions does.
type SendOptions struct{ DryRun, Strict bool }

// SendBundle has a bundle imported once those before it are, and answers the job at once. The province that its bundle.json names has to
// be one of the caller's; no more of it is read before. Errors: BAD_INPUT where it is no bundle, FORBIDDEN.
func (d *DB) SendBundle(ctx context.Context, u *Upload, o SendOptions) (*Job, error) {
	const entry = "importBundle"
	caller := d.asks(ctx)
	if err := caller.Refuse(access.Import, entry); err != nil {
		return nil, err
	}
	if u.sent {
		return nil, badInput("một tệp chỉ gửi được cho một importBundle", "a file can be sent to one importBundle only")
	}
	b, err := bundle.OpenZip("upload", u.file)
	var broken *bundle.FileError
	if errors.As(err, &broken) {
		return nil, badInput("tệp gửi lên không phải một gói đọc được: %[1]s", "what was sent is no bundle that can be read: %[1]s", broken.Error())
	}
	if err != nil {
		return nil, err
	}
	j := &job{db: d, caller: caller, bundle: b, upload: u, options: ImportOptions{DryRun: o.DryRun, Strict: o.Strict}}
	province := b.Meta.Province
	if everywhere, units := caller.Scope(access.Import); !everywhere && !slices.Contains(units, access.Unit{Level: string(LevelProvince), Code: province}) {
		return nil, errors.Join(caller.RefuseScope(access.Import, entry+": "+province), b.Close())
	}
	if err := d.jobs.live(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	if j.id, err = d.addJob(ctx, province, u.bytes, o); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	u.sent = true
	d.jobs.push(j)
	return d.JobByID(ctx, j.id)
}

// addJob writes the job down, under the role of who may import in the province.
func (d *DB) addJob(ctx context.Context, province string, bytes int64, o SendOptions) (id int64, err error) {
	role, scope, err := d.roleOf(ctx, access.Import, nil)
	if err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, actAs.sql, role, scope); err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"province": province, "program": d.jobs.program, "bytes": bytes, "dry_run": o.DryRun, "strict": o.Strict}
		if err := tx.QueryRow(ctx, importJobAdd.sql, args).Scan(&id); err != nil {
			return err
		}
		return d.enterJob(ctx, tx, "importBundle", id, province, nil)
	})
	return id, refused(err)
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

// bury ends the jobs that nobody will. This program ends its own.
func (d *DB) bury(ctx context.Context) error {
	return d.asOwner(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, importQuery("job_bury"), pgx.StrictNamedArgs{"program": d.jobs.program, "failed": buried})
		return err
	})
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

// close gives up the file.
func (j *job) close() {
	if err := j.bundle.Close(); err != nil {
		slog.Warn("what was unpacked of a bundle is left", "job", j.id, "error", err)
	}
	j.upload.release()
}

var (
	errJobOver     = errors.New("the job is over")
	errProgramEnds = errors.New("the program ends")
)

// run imports the bundle, and writes down what became of it: in the import's own transaction where it lands, so that the one is there
// where the other is.
func (j *job) run(ctx context.Context) error {
	im := newImporting(j.bundle, j.options)
	im.began = time.Now().UTC().Truncate(time.Microsecond) // as it is stored
	if ctx.Err() != nil {
		return j.fail(ctx, &Report{Failed: ended(ctx, nil)}, JobWaiting)
	}
	if err := j.again(ctx, func(ctx context.Context) error {
		return j.note(ctx, "job_begin", pgx.StrictNamedArgs{"id": j.id, "began": im.began})
	}); err != nil {
		if errors.Is(err, errJobOver) {
			return nil
		}
		return j.fail(ctx, &Report{Failed: ended(ctx, nil)}, JobWaiting)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	followed := j.follow(ctx, cancel, im)
	if !j.options.DryRun {
		im.end = func(ctx context.Context) error { return j.land(ctx, im) }
	}
	report, err := j.db.bring(ctx, im)
	cancel(nil)
	<-followed
	switch {
	case errors.Is(err, errJobOver) || errors.Is(context.Cause(ctx), errJobOver):
		return nil // cancelled, or taken for dead
	case err == nil && j.options.DryRun:
		return j.again(ctx, func(ctx context.Context) error {
			return j.db.asOwner(ctx, func(tx pgx.Tx) error { return j.end(ctx, tx, JobDone, report, JobRunning) })
		})
	case err == nil:
		return nil
	}
	report.Failed = ended(ctx, report)
	return errors.Join(err, j.fail(ctx, report, JobRunning))
}

// ended is why a job failed.
func ended(ctx context.Context, report *Report) string {
	if report == nil || errors.Is(context.Cause(ctx), errProgramEnds) {
		return buried
	}
	return report.Failed
}

// fail writes down that nothing has landed. Where the outcome was unknown and it has, the job says so already.
func (j *job) fail(ctx context.Context, report *Report, from JobState) error {
	err := j.again(ctx, func(ctx context.Context) error {
		return j.db.asOwner(ctx, func(tx pgx.Tx) error { return j.end(ctx, tx, JobFailed, report, from) })
	})
	if errors.Is(err, errJobOver) {
		return nil
	}
	return err
}

// again tries until the database is there. Once the program ends it tries for a while only: the next one says what became of the job.
func (j *job) again(ctx context.Context, do func(context.Context) error) error {
	ends := errors.Is(context.Cause(ctx), errProgramEnds)
	for wait := reconnectFirst; ; wait = min(2*wait, reconnectMost) {
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), announceMost)
		err := do(soon)
		cancel()
		if err == nil || errors.Is(err, errJobOver) || ends || !IsUnavailable(err) && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if pause(j.db.jobs.ctx, wait) != nil {
			return err
		}
	}
}

// note changes the job; errJobOver where somebody has ended it.
func (j *job) note(ctx context.Context, statement string, args pgx.StrictNamedArgs) error {
	return j.db.asOwner(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, importQuery(statement), args)
		if err == nil && done.RowsAffected() == 0 {
			return errJobOver
		}
		return err
	})
}

// follow writes down how far the import is, until its context ends, and ends that where the job is over. The channel is closed once it is done.
func (j *job) follow(ctx context.Context, cancel context.CancelCauseFunc, im *importing) <-chan struct{} {
	var mu sync.Mutex
	step := pgx.StrictNamedArgs{"id": j.id, "step": "", "done": int64(0), "total": int64(0)}
	im.alsoTell(func(name string, done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		step["step"], step["done"], step["total"] = name, done, total
	})
	over := make(chan struct{})
	go func() {
		defer close(over)
		every := time.NewTicker(announceEvery)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
			mu.Lock()
			now := make(pgx.StrictNamedArgs, len(step))
			for name, value := range step {
				now[name] = value
			}
			mu.Unlock()
			err := j.note(ctx, "job_step", now)
			if errors.Is(err, errJobOver) {
				cancel(errJobOver)
				return
			}
			if err := errors.Join(err, j.db.jobs.live(ctx)); err != nil {
				slog.DebugContext(ctx, "the progress of a job could not be noted", "job", j.id, "error", err)
			}
		}
	}()
	return over
}

// land ends the job in the import's transaction.
func (j *job) land(ctx context.Context, im *importing) error {
	report, err := im.journal.report()
	if err != nil {
		return err
	}
	report.Snapshot = im.snapshot
	return j.end(ctx, im.tx, JobDone, report, JobRunning)
}

// end writes down what became of the job, and what was wrong with its rows; errJobOver where somebody has ended it.
func (j *job) end(ctx context.Context, tx pgx.Tx, state JobState, report *Report, from JobState) error {
	args := pgx.StrictNamedArgs{"id": j.id, "state": string(state), "from": []string{string(from)}, "tables": nil, "problems": report.Noted(), "snapshot": nil, "failed": nil}
	rows := 0
	if report.Tables != nil {
		tables := make(map[string]Count, len(report.Tables))
		for _, t := range report.Tables {
			tables[t.Name] = t.Count
			rows += int(t.Inserted + t.Updated)
		}
		text, err := json.Marshal(tables)
		if err != nil {
			return err
		}
		args["tables"] = string(text)
	}
	if report.Snapshot != "" {
		args["snapshot"] = report.Snapshot
	}
	if report.Failed != "" {
		args["failed"] = storableText(report.Failed)
	}
	done, err := tx.Exec(ctx, importQuery("job_end"), args)
	if err != nil {
		return err
	}
	if done.RowsAffected() == 0 {
		return errJobOver
	}
	next, stop := iter.Pull2(problemsOf(report))
	defer stop()
	number := int64(0)
	province := j.bundle.Meta.Province
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"import_problem"}, []string{"job", "number", "province", "in_table", "file", "line", "column_name", "value", "code", "message", "kept"},
		pgx.CopyFromFunc(func() ([]any, error) {
			p, err, more := next()
			if !more || err != nil {
				return nil, err
			}
			number++
			return []any{j.id, number, province, p.Table, storableText(p.File), p.Line, storableText(p.Column), storableText(p.Value), p.Code, storableText(p.Message), p.Kept}, nil
		}))
	if err != nil || state != JobDone || j.options.DryRun {
		return err
	}
	return j.db.enterJob(access.With(ctx, j.caller), tx, "importBundle", j.id, province, &rows)
}

// problemsOf are the problems of a report, one by one.
func problemsOf(report *Report) iter.Seq2[bundle.Problem, error] {
	return func(yield func(bundle.Problem, error) bool) {
		err := report.Each(func(p bundle.Problem) error {
			if !yield(p, nil) {
				return io.EOF
			}
			return nil
		})
		if err != nil && !errors.Is(err, io.EOF) {
			yield(bundle.Problem{}, err)
		}
	}
}

// storableText is a text that PostgreSQL can hold.
func storableText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", `\x00`)
}
