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
	caller := d.asks(ctx)
	if everywhere, _ := caller.Scope(access.Audit); !everywhere {
		return 0, forbidden("nhật ký truy cập là của người quản trị mọi nơi", "the audit log is for an administrator of everything")
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, importQuery("audit_drop"), pgx.StrictNamedArgs{"before": before}).Scan(&removed); err != nil {
			return err
		}
		args, err := entryOf(caller, reading{"retain", map[string]any{"before": before.UTC().Format(time.RFC3339)}}, &removed)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, auditAdd.sql, args)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("retain: %w", err)
	}
	return removed, nil
}
