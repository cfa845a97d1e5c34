package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vunglom/db"
	"vunglom/sync"
)

type syncCommand struct {
	Settings string   `name:"settings" required:"" env:"VUNGLOM_SYNC_SETTINGS" placeholder:"FILE" help:"Các nguồn (YAML hoặc JSON); xem docs/sync.md. · The sources (YAML or JSON)."`
	Sources  []string `name:"source" placeholder:"NAME" help:"Chỉ nguồn này; có thể lặp lại. · Only this source; may be repeated."`
	Once     bool     `name:"once" help:"Chạy một lần rồi thôi, không theo lịch. · Run once and end, whatever the schedule."`
	DryRun   bool     `name:"dry-run" help:"Lấy và kiểm tra, không nạp gì; chạy một lần. · Fetch and check, import nothing; runs once."`
	Strict   bool     `name:"strict" help:"Một dòng bị loại làm hỏng cả lần chạy của nguồn. · Any rejected row fails the source's run."`
	Report   string   `name:"report" placeholder:"DIR" help:"Ghi báo cáo JSON của mỗi nguồn vào thư mục: NGUỒN.json. · Write each source's report there as JSON: SOURCE.json."`
	Rejects  string   `name:"rejects" placeholder:"DIR" help:"Chép các dòng bị loại của mỗi nguồn vào thư mục. · Copy each source's rejected rows there."`
}

// syncFolder is where in the data folder answers are kept.
const syncFolder = "sync"

// Run fetches what the sources hand out and imports it: once, or by their schedules until it is told to stop.
func (c syncCommand) Run(ctx context.Context, settings *Settings, to *streams) error {
	described, err := sync.Load(c.Settings)
	if err != nil {
		return err
	}
	sources, err := described.Find(c.Sources)
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := os.MkdirAll(c.Report, 0o700); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	data := filepath.Join(settings.DataDir, syncFolder)
	now := func() time.Time { return time.Now().In(db.Vietnam) }
	run := func(ctx context.Context, source *sync.Source) error {
		return errors.Join(c.one(ctx, settings, described, source, data, now(), to), sweep(ctx, described, data, now()))
	}
	if c.Once || c.DryRun {
		for _, source := range sources {
			if ctx.Err() != nil {
				return errors.Join(err, context.Cause(ctx))
			}
			err = errors.Join(err, run(ctx, source))
		}
		return err
	}
	wait := func(ctx context.Context, until time.Time) error {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	pending := func(source *sync.Source) bool { return described.Pending(source, data, now()) }
	return sync.Keep(ctx, sources, sync.Clock{Now: now, Wait: wait}, pending, run)
}

func sweep(ctx context.Context, described *sync.Settings, data string, now time.Time) error {
	removed, err := described.Sweep(data, now)
	if removed > 0 {
		slog.InfoContext(ctx, "sync: removed what was kept long enough", "files", removed)
	}
	return err
}

// one runs one source: it lands whole or not at all. Its report is written, whatever became of it.
func (c syncCommand) one(ctx context.Context, settings *Settings, described *sync.Settings, source *sync.Source, data string, now time.Time, to *streams) error {
	report, err := c.bring(ctx, settings, described, source, data, now, to)
	if report != nil {
		fmt.Fprintf(to.out, "\n%s → %s\n", source.Name, source.Table)
		err = errors.Join(err, writeReport(to.out, report))
	} else if err != nil {
		report = failedReport(err)
	}
	if c.Report != "" && report != nil {
		err = errors.Join(err, writeWhole(filepath.Join(c.Report, source.Name+".json"), report.WriteJSON))
	}
	return err
}

// bring fetches and imports. The report is nil where it did not come to an import.
func (c syncCommand) bring(ctx context.Context, settings *Settings, described *sync.Settings, source *sync.Source, data string, now time.Time, to *streams) (report *db.Report, err error) {
	run, err := described.Begin(source, data, now, slog.Default())
	if err != nil {
		return nil, err
	}
	goOn := true // until the import has had its word: what has come need not be asked for again
	defer func() { err = errors.Join(err, run.End(goOn)) }()
	if n := run.Resumed(); n > 0 {
		fmt.Fprintf(to.err, "%[1]s: tiếp tục lần chạy trước, đã có %[2]d trang · goes on with the run before, which has %[2]d pages\n", source.Name, n)
	}
	if err := run.Fetch(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	fmt.Fprintf(to.err, "%[1]s: %[2]d bản ghi, %[3]d trang · %[2]d records, %[3]d pages\n", source.Name, run.Records(), run.Pages())
	mapped, err := run.Bundle(ctx)
	if err != nil {
		goOn = ctx.Err() != nil
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	defer func() { err = errors.Join(err, mapped.Close()) }()
	st, err := settings.openStore(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	options := db.ImportOptions{DryRun: c.DryRun, Strict: c.Strict, Hide: run.Hide, Units: source.Units()}
	if c.Rejects != "" {
		options.RejectsDir = filepath.Join(c.Rejects, source.Name)
	}
	report, err = importOpened(ctx, st, mapped.Bundle, options, to)
	goOn = err != nil && (db.IsUnavailable(err) || errors.Is(err, db.ErrOutcomeUnknown) || ctx.Err() != nil)
	if err != nil {
		return report, fmt.Errorf("%s: %w", source.Name, run.Hidden(err))
	}
	return report, nil
}
