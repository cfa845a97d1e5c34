package db_test

import (
	"context"
	"errors"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/plan"
)

// TestPlansWaitForTheirTurn: where as many plans as may be are being made, another one waits, and its context ends the wait.
func TestPlansWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	db.TakePlanTurns(d)
	enough := errors.New("enough")
	ctx, end := context.WithCancelCause(t.Context())
	end(enough)
	ctx, statements := db.CountStatements(ctx)
	if _, err := d.PlanTeams(ctx, db.DefaultPlanQuery(3, parse("2024-09-30"))); !errors.Is(err, enough) || statements.Load() != 0 {
		t.Errorf("%v after %d statements", err, statements.Load())
	}
}

// TestPlansOfTooManyPairs: what is too large for the solver is too costly for who asked.
func TestPlansOfTooManyPairs(t *testing.T) {
	t.Parallel()
	_, err := db.PlanBy(t.Context(), dbtest.New(t), db.DefaultPlanQuery(3, parse("2024-09-30")),
		func(context.Context, *plan.Problem) (*plan.Solution, error) { return nil, plan.ErrTooManyPairs })
	var e *db.Error
	if !errors.As(err, &e) || e.Code != db.CodeTooCostly {
		t.Errorf("%v", err)
	}
}
