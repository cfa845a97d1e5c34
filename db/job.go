package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
)

var (
	importJobAdd      = query("import_job_add")
	importJobByID     = query("import_job_by_id")
	importJobPage     = query("import_job_page")
	importJobCount    = query("import_job_count")
	importJobCancel   = query("import_job_cancel")
	importProblemPage = query("import_problem_page")
)

// JobState is what has become of a bundle that was sent.
type JobState string

// The states of a job. Those but the first two are for good.
const (
	JobWaiting   JobState = "waiting"   // others are before it
	JobRunning   JobState = "running"   // it is being imported
	JobDone      JobState = "done"      // it has landed, or was tried
	JobFailed    JobState = "failed"    // nothing of it has landed
	JobCancelled JobState = "cancelled" // nothing of it has landed, or will
)

// Job is a bundle that was sent, and what has become of it.
type Job struct {
	ID               int64
	Province         string
	State            JobState
	SentAt           time.Time
	BeganAt, EndedAt *time.Time
	Bytes            int64 // of the file
	DryRun, Strict   bool
	Step             string // lately, or the last; as Progress has it
	Done, Total      int64  // of this step; Total 0: not known
	Tables           *string
	Problems         int64 // how many there were when it ended; an erasure takes some out
	Snapshot         *string
	Failed           *string // why nothing of it has landed
}

// Progress is how far the job is; nil: it has not begun.
func (j *Job) Progress() *Progress {
	if j.BeganAt == nil {
		return nil
	}
	p := &Progress{Province: j.Province, Began: *j.BeganAt, State: ImportRunning, Step: j.Step, Done: j.Done, Total: j.Total}
	switch j.State {
	case JobDone:
		p.State = ImportUnchanged
		counts, _ := j.Counts()
		if slices.ContainsFunc(counts, func(t TableCount) bool { return t.Inserted+t.Updated > 0 }) && !j.DryRun {
			p.State = ImportLanded
		}
		if j.Snapshot != nil {
			p.Snapshot = *j.Snapshot
		}
	case JobFailed, JobCancelled:
		p.State = ImportFailed
	}
	return p
}

// Counts is what became of the rows, table by table; nil: it is not over, or nobody knows.
func (j *Job) Counts() ([]TableCount, error) {
	if j.Tables == nil {
		return nil, nil
	}
	var named map[string]Count
	if err := json.Unmarshal([]byte(*j.Tables), &named); err != nil {
		return nil, fmt.Errorf("db: job %d: %w", j.ID, err)
	}
	var list []TableCount
	for _, t := range bundle.Tables {
		if count, counted := named[t.Name]; counted {
			list = append(list, TableCount{t.Name, count})
		}
	}
	return list, nil
}

// JobProblem is what was wrong with a row of a bundle that was sent, or looked it.
type JobProblem struct {
	Job                                       int64
	Number                                    int64 // in the report, from 1
	Table, File, Column, Value, Code, Message string
	Line                                      int64
	Kept                                      bool
}

// Names of lists in their cursors.
const (
	jobList     = "importJob"
	problemList = "importProblem"
)

// noJob is the answer about a job that there is not, or not for this caller.
func noJob() error {
	return notFound("không có lần nạp này, hoặc nó không thuộc tỉnh của tài khoản này; hãy xem importJobs", "there is no such import, or it is of no province of this account; see importJobs")
}

// JobByID returns a bundle that was sent. Errors: NOT_FOUND where there is none in the caller's provinces; FORBIDDEN.
func (d *DB) JobByID(ctx context.Context, id int64) (*Job, error) {
	if err := d.mayImport(ctx, "importJob"); err != nil {
		return nil, err
	}
	found, err := ask[Job](ctx, d, importJobByID, pgx.StrictNamedArgs{"id": id})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, noJob()
	}
	return &found[0], nil
}

// Jobs returns a page of the bundles that were sent, the latest first: of a province (empty: of all of the caller's). Errors: BAD_INPUT for the page, FORBIDDEN.
func (d *DB) Jobs(ctx context.Context, province string, page PageArgs) (Page[Job], error) {
	var after int64
	if err := page.start(jobList, &after); err != nil {
		return Page[Job]{}, err
	}
	if err := d.mayImport(ctx, "importJobs"); err != nil {
		return Page[Job]{}, err
	}
	args := pgx.StrictNamedArgs{"province": province}
	var total int
	if !page.SkipTotal {
		counted, err := ask[struct{ Jobs int }](ctx, d, importJobCount, args)
		if err != nil {
			return Page[Job]{}, err
		}
		total = counted[0].Jobs
	}
	args["after"], args["take"] = after, page.First+1
	found, err := ask[Job](ctx, d, importJobPage, args)
	return cut(found, page.First, total, func(j *Job) string { return cursor(jobList, j.ID) }), err
}

// JobProblems returns, for each job, a page of what was wrong with its rows, in the order of the report; by the jobs' ids. One statement,
// and an entry in the audit log in its transaction, because what stands there is of rows of persons. A cursor is of one job. Errors: BAD_INPUT for the page, FORBIDDEN.
func (d *DB) JobProblems(ctx context.Context, jobs []*Job, page PageArgs) (map[int64]Page[JobProblem], error) {
	var of, after int64
	if err := page.start(problemList, &of, &after); err != nil {
		return nil, err
	}
	ids := make([]int64, len(jobs))
	for i, j := range jobs {
		if ids[i] = j.ID; page.After != "" && j.ID != of {
			return nil, page.strange()
		}
	}
	if err := d.asks(ctx).RefuseUnsaid(); err != nil {
		return nil, err
	}
	var pages []Page[JobProblem]
	err := d.inTransaction(ctx, func(held *DB) (_ *pgx.Batch, err error) {
		pages, err = askPages(ctx, held, importProblemPage, pgx.StrictNamedArgs{"jobs": ids, "after": after, "take": page.First + 1}, len(ids), page.First,
			func(p *JobProblem) string { return cursor(problemList, p.Job, p.Number) })
		if err != nil {
			return nil, err
		}
		rows := 0
		for i := range pages {
			rows += len(pages[i].Items)
		}
		args, err := entryOf(d.asks(ctx), reading{"importJob.problems", map[string]any{"jobs": ids}}, &rows)
		if err != nil {
			return nil, err
		}
		role, scope, err := d.roleOf(ctx, access.Import, nil) // an importer sees no other rows of persons
		return auditAdd.as(role, scope, args), err
	})
	if err != nil {
		return nil, refused(err)
	}
	answer := make(map[int64]Page[JobProblem], len(ids))
	for i, id := range ids {
		answer[id] = pages[i]
	}
	return answer, nil
}

// cut makes a page of rows of which one too many was asked for.
func cut[T any](found []T, first, total int, cursorOf func(*T) string) Page[T] {
	p := Page[T]{Items: found, More: len(found) > first, Total: total}
	if p.More {
		p.Items = found[:first]
	}
	for i := range p.Items {
		p.Cursors = append(p.Cursors, cursorOf(&p.Items[i]))
	}
	return p
}

// mayImport refuses who may import nowhere.
func (d *DB) mayImport(ctx context.Context, entry string) error {
	return d.asks(ctx).Refuse(access.Import, entry)
}

// CancelJob cancels a bundle that waits or is being imported, and answers what has become of it: one that is over stays what it is. Errors: as JobByID's.
func (d *DB) CancelJob(ctx context.Context, id int64) (*Job, error) {
	job, err := d.JobByID(ctx, id)
	if err != nil {
		return nil, err
	}
	role, scope, err := d.roleOf(ctx, access.Import, nil)
	if err != nil {
		return nil, err
	}
	cancelled := 0
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, actAs.sql, role, scope); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, importJobCancel.sql, pgx.StrictNamedArgs{"id": id})
		if err != nil {
			return err
		}
		if cancelled = int(done.RowsAffected()); cancelled == 0 {
			return nil
		}
		return d.enterJob(ctx, tx, "cancelImport", id, job.Province, nil)
	})
	if err != nil {
		return nil, refused(err)
	}
	if cancelled > 0 {
		d.jobs.cancelled(id)
	}
	return d.JobByID(ctx, id)
}

// enterJob enters in the audit log what was done to a job.
func (d *DB) enterJob(ctx context.Context, tx pgx.Tx, entry string, id int64, province string, rows *int) error {
	return enter(ctx, tx, d.asks(ctx), reading{entry, map[string]any{"province": province, "job": id}}, rows)
}

// RetainJobs removes the bundles that were sent and ended before a moment, with what was wrong with them, enters in the audit log that it did, and answers how many they were. Errors: FORBIDDEN.
func (d *DB) RetainJobs(ctx context.Context, before time.Time) (removed int, err error) {
	if everywhere, _ := d.asks(ctx).Scope(access.Audit); !everywhere {
		return 0, forbidden("dọn báo cáo là việc của người quản trị mọi nơi", "removing reports is for an administrator of everything")
	}
	return d.retain(ctx, "retain.imports", "job_drop", before)
}

// asOwner does something in a transaction as who owns the tables.
func (d *DB) asOwner(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		return do(tx)
	})
}

// BundleTables is how many tables a bundle may have, each with a row in a report.
func BundleTables() int { return len(bundle.Tables) }
