package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Hold asks any number of questions of one state of the data: whatever lands meanwhile, the DB that the function is
// given answers as of the first question. It is one connection, so a list must be read to its end before the next
// question, and it must not be used after the function has returned. Only questions can be asked of it. Held within Hold,
// the state is still that of the first question.
func (d *DB) Hold(ctx context.Context, ask func(held *DB) error) error {
	if d.held != nil {
		return ask(d)
	}
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead} // that it is read alone, the roles hold: all but the audit log
	return pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		held := *d
		held.held = tx
		return ask(&held)
	})
}
