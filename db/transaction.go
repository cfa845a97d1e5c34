package db

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sender is what statements can be sent to, all in one message: the pool, or a transaction.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// to is where statements of this DB are sent.
func (d *DB) to() sender {
	if d.held != nil {
		return d.held
	}
	return d.pool
}

// transaction begins in the message of its first question and commits in that of its last, so that neither costs a round trip.
type transaction struct {
	conn  *pgxpool.Conn
	begun bool
}

// What begins and commits a transaction.
const (
	beginSQL  = "begin"
	commitSQL = "commit"
)

// inTransaction asks questions in one transaction, which last ends. Where nothing was asked before, last is one of its own.
func (d *DB) inTransaction(ctx context.Context, ask func(held *DB) (last *pgx.Batch, err error)) error {
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release() // which closes one that is still in a transaction
	tx := &transaction{conn: conn}
	held := *d
	held.held = tx
	last, err := ask(&held)
	if err == nil {
		if tx.begun {
			last.Queue(commitSQL)
		}
		err = conn.SendBatch(ctx, last).Close()
	}
	if err != nil && tx.begun {
		_, _ = conn.Exec(ctx, "rollback") // where it fails the connection is not used again
	}
	return err
}

// SendBatch sends statements within the transaction.
func (t *transaction) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if t.begun {
		return t.conn.SendBatch(ctx, b)
	}
	t.begun = true
	b.QueuedQueries = slices.Insert(b.QueuedQueries, 0, &pgx.QueuedQuery{SQL: beginSQL})
	results := t.conn.SendBatch(ctx, b)
	_, _ = results.Exec() // its error is that of each that follows
	return results
}

// alongside tells of a statement that it is sent, and answered, with another: it costs no round trip, and the time is that other's.
func alongside(sql string) bool { return sql == actAs.sql || sql == beginSQL || sql == commitSQL }
