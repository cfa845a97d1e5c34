package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// PublishDue publishes anew the provinces of which rows were sent on an earlier day than that of now in Vietnam: figures for everybody follow
// what is sent at most once a day, because published after every row they would tell what one row changed. Where any figure has
// changed it is another snapshot. It answers the provinces.
func (d *DB) PublishDue(ctx context.Context, now time.Time) ([]string, error) {
	return d.eachDue(ctx, "publish_overdue", now, func(p *publishing) error { return p.publishAsSnapshot(ctx, now) })
}

// eachDue does for each province that a statement answers what is due, each in a transaction of its own, and answers the provinces.
func (d *DB) eachDue(ctx context.Context, statement string, now time.Time, do func(*publishing) error) ([]string, error) {
	var due []string
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := housekeep(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, importQuery(statement), pgx.StrictNamedArgs{"today": Today(now)})
		if err != nil {
			return err
		}
		due, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, unlessHeld(err)
	}
	var done []string
	for _, province := range due { // one that can't be done holds up no other
		wrong := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
			if err := housekeep(ctx, tx); err != nil {
				return err
			}
			if err := lockProvince(ctx, tx, province); err != nil {
				return err
			}
			return do(&publishing{tx: tx, province: province, now: now})
		})
		if wrong == nil {
			done = append(done, province)
		} else if wrong = unlessHeld(wrong); wrong != nil {
			err = errors.Join(err, fmt.Errorf("province %s: %w", province, wrong))
		}
	}
	return done, err
}

// housekeep begins a transaction of what is done every so often, as the owner. It holds a connection that others need: where somebody
// keeps it waiting (an import, which does all of it itself), it gives up, and comes again.
func housekeep(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, owner); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "set local lock_timeout = '5s'")
	return err
}

// unlessHeld is an error, unless it says that a lock was not to be had.
func unlessHeld(err error) error {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == "55P03" {
		return nil
	}
	return err
}
