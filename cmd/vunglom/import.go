package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"

	"go.opentelemetry.io/otel"

	"vunglom/bundle"
	"vunglom/db"
)

type importCommand struct {
	Bundle  string `arg:"" name:"dir-or-zip" help:"Thư mục hoặc tệp zip. · The bundle."`
	DryRun  bool   `name:"dry-run" env:"VUNGLOM_DRY_RUN" help:"Làm thử, không giữ lại gì. · Do everything, keep nothing."`
	Strict  bool   `name:"strict" env:"VUNGLOM_STRICT" help:"Một dòng bị loại làm hỏng cả gói. · Any rejected row fails the bundle."`
	Report  string `name:"report" env:"VUNGLOM_REPORT" placeholder:"FILE" help:"Ghi báo cáo JSON vào tệp. · Write the report there, as JSON."`
	Rejects string `name:"rejects" env:"VUNGLOM_REJECTS" placeholder:"DIR" help:"Chép các dòng bị loại vào thư mục. · Copy rejected rows there, as they were."`
}

// Run imports one bundle and prints what became of its rows.
func (c importCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	if err := canWrite(c.Report); err != nil {
		return fmt.Errorf("--report: %w", err)
	}
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	fmt.Fprintf(to.err, "Nạp vào · Into: %s\n", settings.where())
	report, err := importBundle(ctx, st, c.Bundle, db.ImportOptions{DryRun: c.DryRun, Strict: c.Strict, RejectsDir: c.Rejects}, to)
	if report != nil {
		err = errors.Join(err, writeReport(to.out, report))
		if c.Report != "" {
			err = errors.Join(err, writeWhole(c.Report, report.WriteJSON))
		}
	}
	return err
}

// importMemory is the memory, in bytes, beyond which an import collects garbage harder. Rows stream past, and so does what is
// wrong with them.
const importMemory = 300 << 20

// importBundle is the one path by which data come in, the demo's too.
func importBundle(ctx context.Context, st *store, path string, options db.ImportOptions, to *streams) (report *db.Report, err error) {
	b, err := bundle.Open(path)
	if err != nil {
		return failedReport(err), err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return importOpened(ctx, st, b, options, to)
}

// failedReport is the report of an import that never began: whoever reads the report file must not find the one of an earlier import.
func failedReport(err error) *db.Report {
	report := &db.Report{Failed: err.Error()}
	for _, t := range bundle.Tables {
		report.Tables = append(report.Tables, db.TableCount{Name: t.Name})
	}
	return report
}

// importOpened imports a bundle that is open.
func importOpened(ctx context.Context, st *store, b *bundle.Bundle, options db.ImportOptions, to *streams) (*db.Report, error) {
	if limit := debug.SetMemoryLimit(-1); limit == math.MaxInt64 { // GOMEMLIMIT comes first
		debug.SetMemoryLimit(importMemory)
		defer debug.SetMemoryLimit(limit)
	}
	ctx, span := otel.Tracer("vunglom/import").Start(ctx, "import")
	defer span.End()
	step, finish := newProgress(to.err)
	defer finish()
	options.Step = step
	return st.Import(ctx, b, options)
}
