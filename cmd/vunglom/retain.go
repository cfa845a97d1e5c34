package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type retainCommand struct {
	Months int `name:"audit-months" default:"24" placeholder:"N" help:"Giữ nhật ký truy cập chừng này tháng, ít nhất 1. · Keep so many months of the audit log, 1 or more."`
}

// Run removes what is older than it is to be kept. Whoever sets a time for it runs it by a timer.
func (c retainCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	if c.Months < 1 {
		return errors.New("--audit-months phải từ 1 · --audit-months must be 1 or more")
	}
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	before := time.Now().UTC().AddDate(0, -c.Months, 0)
	removed, err := st.RetainAudit(ctx, before)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Đã bỏ %[1]d mục trước %[2]s. · Removed %[1]d entries from before %[2]s.\n", removed, before.Format(time.DateOnly))
	return nil
}
