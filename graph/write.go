package graph

import (
	"context"
	"reflect"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r mutationResolver) RecordVisits(ctx context.Context, province string, visits []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "recordVisits", "visits", province, visits, mode)
}

func (r mutationResolver) RegisterHouseholds(ctx context.Context, province string, households []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "registerHouseholds", "households", province, households, mode)
}

func (r mutationResolver) EndHouseholds(ctx context.Context, province string, households []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.EndHouseholds, "endHouseholds", "households", province, households, mode)
}

func (r mutationResolver) RecordAdoptions(ctx context.Context, province string, adoptions []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "recordAdoptions", "adoptions", province, adoptions, mode)
}

func (r mutationResolver) UpsertTeams(ctx context.Context, province string, teams []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "upsertTeams", "teams", province, teams, mode)
}

func (r mutationResolver) UpsertMembers(ctx context.Context, province string, members []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "upsertMembers", "members", province, members, mode)
}

func (r mutationResolver) SubmitReports(ctx context.Context, province string, reports []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "submitReports", "reports", province, reports, mode)
}

func (r mutationResolver) UpsertAddresses(ctx context.Context, province string, addresses []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	return r.write(ctx, r.db.Write, "upsertAddresses", "addresses", province, addresses, mode)
}

// write sends items to a table of a bundle.
func (r *root) write(ctx context.Context, to func(context.Context, db.Write) (*db.Written, error), entry, table, province string, items []map[string]any, mode model.WriteMode) (*model.WriteResult, error) {
	if err := checkCode(province); err != nil {
		return nil, err
	}
	w := db.Write{Entry: entry, Table: table, Province: province, Mode: db.WriteAll, Now: r.now()}
	if mode == model.WriteModeEach {
		w.Mode = db.WriteEach
	}
	for _, item := range items {
		plain := make(map[string]any, len(item))
		for field, value := range item {
			plain[field] = plainValue(reflect.ValueOf(value))
		}
		w.Items = append(w.Items, plain)
	}
	written, err := to(ctx, w)
	if err != nil {
		return nil, err
	}
	return writeResult(written), nil
}

// plainValue takes a value out of the type that its field has in Go: a text, a number, a list of such, or nil.
func plainValue(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Pointer:
		return plainValue(v.Elem())
	case reflect.String: // of an enum too
		return v.String()
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plainValue(v.Index(i))
		}
		return list
	}
	return v.Interface()
}

var outcomes = map[db.Outcome]model.WriteOutcome{
	db.Inserted: model.WriteOutcomeInserted, db.Updated: model.WriteOutcomeUpdated, db.Unchanged: model.WriteOutcomeUnchanged, db.Rejected: model.WriteOutcomeRejected,
}

func writeResult(w *db.Written) *model.WriteResult {
	a := &model.WriteResult{Items: make([]*model.WrittenItem, len(w.Rows))}
	if w.Snapshot != "" {
		a.Snapshot = &w.Snapshot
	}
	for i, row := range w.Rows {
		item := &model.WrittenItem{Index: i, Outcome: outcomes[row.Outcome], Problems: []*model.WriteProblem{}}
		for _, p := range row.Problems {
			item.Problems = append(item.Problems, writeProblem(p))
		}
		a.Items[i] = item
		switch row.Outcome {
		case db.Inserted:
			a.Inserted++
		case db.Updated:
			a.Updated++
		case db.Unchanged:
			a.Unchanged++
		case db.Rejected:
			a.Rejected++
		}
	}
	return a
}

func writeProblem(p db.WriteProblem) *model.WriteProblem {
	shown := &model.WriteProblem{Code: p.Code, Kept: p.Kept, SentenceVi: p.SentenceVi, SentenceEn: p.SentenceEn}
	if p.Field != "" {
		shown.Field = &p.Field
	}
	if p.Value != "" {
		shown.Value = &p.Value
	}
	return shown
}
