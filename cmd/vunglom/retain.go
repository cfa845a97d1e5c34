package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vunglom/access"
	"vunglom/db"
)

type retainCommand struct {
	Months int  `name:"audit-months" default:"24" placeholder:"N" help:"Giữ nhật ký truy cập chừng này tháng, ít nhất 1. · Keep so many months of the audit log, 1 or more."`
	Jobs   int  `name:"import-months" default:"6" placeholder:"N" help:"Giữ báo cáo của các gói gửi qua API chừng này tháng, ít nhất 1. · Keep the reports of bundles sent over the API so many months, 1 or more."`
	Said   int  `name:"challenge-months" default:"24" placeholder:"N" help:"Giữ lời, điểm và tên trong khiếu nại đã giải quyết chừng này tháng, ít nhất 1. · Keep the words, points and names of resolved challenges so many months, 1 or more."`
	Ended  *int `name:"ended-households-months" placeholder:"N" help:"Xóa các hộ đã rời danh sách quá chừng này tháng, ít nhất 1; bỏ trống: giữ lại. · Erase households that left the register more than so many months ago, 1 or more; absent: keep them."`
}

// Run removes what is older than it is to be kept. Whoever sets a time for it runs it by a timer.
func (c retainCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	if c.Months < 1 {
		return errors.New("--audit-months phải từ 1 · --audit-months must be 1 or more")
	}
	if c.Jobs < 1 {
		return errors.New("--import-months phải từ 1 · --import-months must be 1 or more")
	}
	if c.Said < 1 {
		return errors.New("--challenge-months phải từ 1 · --challenge-months must be 1 or more")
	}
	if c.Ended != nil && *c.Ended < 1 {
		return errors.New("--ended-households-months phải từ 1 · --ended-households-months must be 1 or more")
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
	before = time.Now().UTC().AddDate(0, -c.Jobs, 0)
	if removed, err = st.RetainJobs(ctx, before); err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Đã bỏ %[1]d báo cáo nạp trước %[2]s. · Removed %[1]d reports of imports from before %[2]s.\n", removed, before.Format(time.DateOnly))
	before = time.Now().UTC().AddDate(0, -c.Said, 0)
	if removed, err = st.RetainChallenges(ctx, before); err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Đã bỏ lời, điểm và tên khỏi %[1]d khiếu nại giải quyết trước %[2]s. · Took words, points and names out of %[1]d challenges resolved before %[2]s.\n", removed, before.Format(time.DateOnly))
	if c.Ended == nil {
		return nil
	}
	return c.eraseEnded(ctx, st, to)
}

// eraseEnded erases the households of every province that left the register so many months ago.
func (c retainCommand) eraseEnded(ctx context.Context, st *store, to *streams) error {
	datasets, err := st.Datasets(ctx)
	if err != nil {
		return err
	}
	ctx = access.With(ctx, purposed(fmt.Sprintf("retain --ended-households-months %d", *c.Ended)))
	before := db.Today(time.Now()).AddDate(0, -*c.Ended, 0)
	for _, dataset := range datasets {
		e, err := st.EraseHouseholds(ctx, db.Erasing{Province: dataset.Province, EndedBefore: before})
		if err != nil {
			return err
		}
		fmt.Fprintf(to.out, "%[1]s: đã xóa %[2]d hộ rời danh sách trước %[3]s. · Erased %[2]d households that left the register before %[3]s.\n", dataset.Province, e.Households, before.Format(time.DateOnly))
	}
	return nil
}
