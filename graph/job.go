package graph

import (
	"context"
	"strconv"
	"strings"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
	"vunglom/graph/scalar"
)

func (r queryResolver) ImportJob(ctx context.Context, id string) (*model.ImportJob, error) {
	return r.job(ctx, id, r.db.JobByID)
}

func (r queryResolver) ImportJobs(ctx context.Context, province *string, first *int, after *string) (*model.ImportJobConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	code := ""
	if province != nil {
		if err := checkCode(*province); err != nil {
			return nil, err
		}
		code = *province
	}
	page, err := r.db.Jobs(ctx, code, args)
	if err != nil {
		return nil, err
	}
	c := &model.ImportJobConnection{
		Nodes: make([]*model.ImportJob, len(page.Items)), Edges: make([]*model.ImportJobEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	read := new(batch.Set)
	for i := range page.Items {
		if c.Nodes[i], err = importJob(&page.Items[i], read); err != nil {
			return nil, err
		}
		c.Edges[i] = &model.ImportJobEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c, nil
}

func (r mutationResolver) ImportBundle(ctx context.Context, upload scalar.Upload, dryRun, strict bool) (*model.ImportJob, error) {
	job, err := r.db.SendBundle(ctx, upload.File, db.SendOptions{DryRun: dryRun, Strict: strict})
	if err != nil {
		return nil, err
	}
	return importJob(job, new(batch.Set))
}

func (r mutationResolver) CancelImport(ctx context.Context, id string) (*model.ImportJob, error) {
	return r.job(ctx, id, r.db.CancelJob)
}

// job does something about the job that an id names.
func (r *root) job(ctx context.Context, id string, do func(context.Context, int64) (*db.Job, error)) (*model.ImportJob, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || number < 1 || strconv.FormatInt(number, 10) != id {
		return nil, badInput("id phải là của một ImportJob", "id must be that of an ImportJob")
	}
	job, err := do(ctx, number)
	if err != nil {
		return nil, err
	}
	return importJob(job, new(batch.Set))
}

// importJob makes the API's job of one that was read together with others.
func importJob(j *db.Job, read *batch.Set) (*model.ImportJob, error) {
	counts, err := j.Counts()
	if err != nil {
		return nil, err
	}
	shown := &model.ImportJob{ID: strconv.FormatInt(j.ID, 10), Province: j.Province, State: model.ImportJobState(strings.ToUpper(string(j.State))), SentAt: j.SentAt,
		EndedAt: j.EndedAt, Bytes: float64(j.Bytes), DryRun: j.DryRun, Strict: j.Strict, Snapshot: j.Snapshot, Failed: j.Failed}
	if p := j.Progress(); p != nil {
		shown.Progress = importProgress(*p)
	}
	if counts != nil {
		shown.Report = &model.ImportReport{Job: j, Read: read, Tables: make([]*model.ImportedTable, len(counts))}
		batch.Add(read, j)
	}
	for i, t := range counts {
		shown.Report.Tables[i] = &model.ImportedTable{Name: t.Name, Read: int(t.Read), Inserted: int(t.Inserted), Updated: int(t.Updated),
			Unchanged: int(t.Unchanged), Rejected: int(t.Rejected), Erased: int(t.Erased)}
	}
	return shown, nil
}

type problemsQuestion struct{ page db.PageArgs }

func (r importResolver) Problems(ctx context.Context, obj *model.ImportReport, first *int, after *string) (*model.ImportProblemConnection, error) {
	args, err := checkPage(ctx, first, 100, after)
	if err != nil {
		return nil, err
	}
	pages, err := batch.Ask(ctx, obj.Read, problemsQuestion{args}, func(ctx context.Context, jobs []*db.Job) (map[int64]db.Page[db.JobProblem], error) {
		return r.db.JobProblems(ctx, jobs, args)
	})
	if err != nil {
		return nil, err
	}
	page := pages[obj.Job.ID]
	c := &model.ImportProblemConnection{Nodes: make([]*model.ImportProblem, len(page.Items)), PageInfo: pageInfo(page, args), TotalCount: page.Total}
	for i := range page.Items {
		p := &page.Items[i]
		shown := &model.ImportProblem{Table: said(p.Table), File: p.File, Column: said(p.Column), Value: said(p.Value), Code: p.Code, Message: p.Message, Kept: p.Kept}
		if line := float64(p.Line); p.Line > 0 {
			shown.Line = &line
		}
		c.Nodes[i] = shown
	}
	return c, nil
}

// said is a text, or null where there is none.
func said(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
