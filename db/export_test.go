package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"vunglom/plan"
)

// Pool hands the pool to the package's outside tests, which can't be inside: dbtest imports db.
func Pool(d *DB) *pgxpool.Pool { return d.pool }

// AsOwner carries out a statement as who owns the tables.
func AsOwner(ctx context.Context, d *DB, sql string) (tag pgconn.CommandTag, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		tag, err = tx.Exec(ctx, sql)
		return err
	})
	return tag, err
}

// Query returns the text of a statement, its parts put in.
func Query(name string) string { return include(queryText(name)) }

// Reconcile puts a report beside a computed figure.
var Reconcile = reconcile

// AddingUp makes shares add up.
var AddingUp = addingUp

// BasesOf plans bases that bring a hamlet of those points, with no base near it, within reach: where one helps most, all that it
// takes (none: too many) and how many at least.
func BasesOf(ctx context.Context, points [][2]float64, metres float64) (first *[2]float64, bases [][2]float64, least int, err error) {
	plan, err := (&GapEvidence{points: points}).reach(ctx, metres, true)
	return plan.first, plan.bases, plan.least, err
}

// TakePlanTurns takes every turn of making a plan.
func TakePlanTurns(d *DB) {
	for range cap(d.plans) {
		d.plans <- struct{}{}
	}
}

// PlanBy makes a plan by another solver.
func PlanBy(ctx context.Context, d *DB, q PlanQuery, solve func(context.Context, *plan.Problem) (*plan.Solution, error)) (*TeamPlan, error) {
	return d.plan(ctx, q, solve)
}

// MakeRoles makes the roles that are not there.
var MakeRoles = makeRoles

// SetBaseUnchecked sets the base of a province as if the caller had been let through.
var SetBaseUnchecked = (*DB).setBase

// AskUnlogged asks for rows of persons as no function of the package may.
func AskUnlogged(ctx context.Context, d *DB, day time.Time) error {
	args, err := (&AddressFilter{}).args(ctx, d, day)
	if err != nil {
		return err
	}
	_, err = d.addressTotal(ctx, args)
	return err
}
