package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
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
		if _, err := tx.Exec(ctx, owner); err != nil {
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
		return nil, err
	}
	var done []string
	for _, province := range due { // one that can't be done holds up no other
		wrong := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, owner); err != nil {
				return err
			}
			if err := lockProvince(ctx, tx, province); err != nil {
				return err
			}
			return do(&publishing{tx: tx, province: province, now: now})
		})
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("province %s: %w", province, wrong))
			continue
		}
		done = append(done, province)
	}
	return done, err
}
