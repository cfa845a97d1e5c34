package db

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
)

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
	gone, err := j.db.readErased(ctx, tx, province)
	if err != nil { // without the key it can't be known what may be kept of them, which is why nothing landed
		next = func() (p bundle.Problem, err error, more bool) { return p, nil, false }
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"import_problem"}, []string{"job", "number", "province", "in_table", "file", "line", "column_name", "value", "code", "message", "kept"},
		pgx.CopyFromFunc(func() ([]any, error) {
			p, err, more := next()
			if !more || err != nil {
				return nil, err
			}
			number++
			text := func(s string) string { return storableText(gone.veil(s)) }
			return []any{j.id, number, province, p.Table, storableText(p.File), p.Line, text(p.Column), text(p.Value), p.Code, text(p.Message), p.Kept}, nil
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
