package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

// RetainAudit removes the entries of the audit log from before a moment, and enters that it did. It is the only way out of the log.
// Errors: FORBIDDEN.
func (d *DB) RetainAudit(ctx context.Context, before time.Time) (removed int, err error) {
	if everywhere, _ := d.asks(ctx).Scope(access.Audit); !everywhere {
		return 0, forbidden("nhật ký truy cập là của người quản trị mọi nơi", "the audit log is for an administrator of everything")
	}
	return d.retain(ctx, "retain", "audit_drop", before)
}

// RetainChallenges takes the words, the points and the names of who opened and resolved them out of challenges that were resolved before a moment, and
// enters that it did. What was disputed, when, and what came of it stays. Errors: FORBIDDEN.
func (d *DB) RetainChallenges(ctx context.Context, before time.Time) (emptied int, err error) {
	if everywhere, _ := d.asks(ctx).Scope(access.Audit); !everywhere {
		return 0, forbidden("dọn khiếu nại cũ là việc của người quản trị mọi nơi", "emptying old challenges is for an administrator of everything")
	}
	return d.retain(ctx, "retain.challenges", "challenge_drop", before)
}

// retain takes out what a statement takes out of before a moment, and enters how much.
func (d *DB) retain(ctx context.Context, entry, statement string, before time.Time) (removed int, err error) {
	err = d.asOwner(ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, importQuery(statement), pgx.StrictNamedArgs{"before": before}).Scan(&removed); err != nil {
			return err
		}
		return enter(ctx, tx, d.asks(ctx), reading{entry, map[string]any{"before": before.UTC().Format(time.RFC3339)}}, &removed)
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", entry, err)
	}
	return removed, nil
}
