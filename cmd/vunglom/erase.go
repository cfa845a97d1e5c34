package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"vunglom/access"
	"vunglom/db"
	"vunglom/sync"
)

// exitUnknown is the exit code of an erasure that knew a household of those named neither in the register nor as erased.
const exitUnknown = exitCode(3)

type eraseCommand struct {
	Household string `name:"household" required:"" placeholder:"CODE|-" help:"Mã hộ; dấu - để đọc các mã từ đầu vào, mỗi dòng một mã, vì mã viết trên dòng lệnh nằm lại trong lịch sử của shell. · The household's code; - reads codes from the standard input, one a line, because one on the command line stays in the shell's history."`
	Province  string `name:"province" placeholder:"CODE" help:"Tỉnh; bỏ trống: tỉnh duy nhất đã nạp. · The province; empty: the only one loaded."`
	Purpose   string `name:"purpose" required:"" placeholder:"TEXT" help:"Lý do, không nêu mã hộ; ghi vào nhật ký truy cập. · Why, without the code; it goes into the audit log."`
	DryRun    bool   `name:"dry-run" help:"Làm thử, không giữ lại gì. · Do everything, keep nothing."`
	Lift      bool   `name:"lift" help:"Cho các gói dữ liệu đưa hộ đã xóa trở lại, vì hộ đăng ký lại. · Let bundles bring an erased household again, because it registers anew."`
}

// Run erases households, or lifts that, and says how many rows of which tables: never whose.
func (c eraseCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	codes, err := c.codes(os.Stdin)
	if err != nil {
		return err
	}
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	ctx = access.With(ctx, purposed(c.Purpose))
	if c.Province == "" {
		if c.Province, err = onlyProvince(ctx, st); err != nil {
			return err
		}
	}
	if c.Lift {
		return c.lift(ctx, st, codes, to)
	}
	e, err := st.EraseHouseholds(ctx, db.Erasing{Province: c.Province, Households: codes, DryRun: c.DryRun})
	if err != nil {
		return err
	}
	c.say(to.out, e)
	if err := sayKept(to.out, filepath.Join(settings.DataDir, syncFolder)); err != nil {
		return err
	}
	if len(e.Unknown) > 0 {
		return exitUnknown
	}
	return nil
}

// codes are the households named.
func (c eraseCommand) codes(in io.Reader) ([]string, error) {
	if c.Household != "-" {
		in = strings.NewReader(c.Household)
	}
	var codes []string
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if code := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff")); code != "" {
			codes = append(codes, code)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("--household -: %w", err)
	}
	if len(codes) == 0 {
		return nil, errors.New("không có mã hộ nào · no household is named")
	}
	return codes, nil
}

// say tells what was erased. Of a list the unknown ones are told by their place in it.
func (c eraseCommand) say(out io.Writer, e *db.Erasure) {
	if e.Households > 0 {
		fmt.Fprintf(out, "Đã xóa %[1]d hộ, %[2]d lượt đến thăm, %[3]d lần dùng dịch vụ, %[4]d nhãn địa chỉ. · Erased: households %[1]d, visits %[2]d, adoptions %[3]d, labels of addresses %[4]d.\n",
			e.Households, e.Visits, e.Adoptions, e.Labels)
	}
	if e.Already > 0 {
		fmt.Fprintf(out, "%[1]d hộ đã được xóa từ trước. · Erased already: %[1]d.\n", e.Already)
	}
	for _, at := range e.Unknown {
		fmt.Fprintf(out, "Mã thứ %[1]d không có trong danh sách hộ của tỉnh. · Code number %[1]d is not on the province's register.\n", at+1)
	}
	if c.DryRun {
		fmt.Fprintln(out, "Chạy thử, không giữ lại gì · A dry run: nothing was kept")
	}
}

// sayKept tells of what is outside of the database: an answer is kept as it came, in whatever form, so it can't be known which name a household.
func sayKept(out io.Writer, folder string) error {
	answers, err := sync.Kept(folder)
	if err == nil && answers > 0 {
		fmt.Fprintf(out, "Còn %[1]d câu trả lời của hệ thống khác trong %[2]s, có thể nêu hộ này; chúng được giữ đến lượt vunglom sync đầu tiên sau keepDays ngày (mặc định 7): hãy xóa thư mục ấy nếu không chờ được. · "+
			"Answers of other systems as they came are left in %[2]s (%[1]d) and may name the household; they are kept until the first run of vunglom sync after keepDays days (7 by default): delete that folder if it can't wait.\n", answers, folder)
	}
	return err
}

func (c eraseCommand) lift(ctx context.Context, st *store, codes []string, to *streams) error {
	lifted, err := st.LiftErasure(ctx, c.Province, codes)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%[1]d hộ đã xóa nay được nạp lại từ các gói dữ liệu. · Households that bundles may bring again: %[1]d.\n", lifted)
	if lifted < len(codes) {
		return exitUnknown
	}
	return nil
}

// purposed is who uses the program on its own machine, for a reason.
func purposed(purpose string) access.Caller {
	caller := access.Local()
	caller.Purpose = purpose
	return caller
}
