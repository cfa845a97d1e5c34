package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"vunglom/bundle/published"
	"vunglom/bundle/synthetic"
	"vunglom/db"
)

// firstQuery asks what the program is for: where the gaps are, and why.
const firstQuery = `{ coverageGaps(asOf: \"2024-09-30\", first: 5) { totalCount nodes { unit { fullName parent { fullName } } coverage { gapHouseholds share } remoteness { index remote } reasons } } }`

type demoCommand struct {
	listening
	planning
	Scale float64 `env:"VUNGLOM_SCALE" default:"1" placeholder:"X" help:"Cỡ so với tỉnh thật. · Size beside the real province's."`
}

// Run brings up the demo province as a user would: migrate, generate, import, serve. What is
// there already is kept, so the second start takes seconds; an import that was interrupted
// has left nothing, and is done again.
func (c demoCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	cost, err := c.cost()
	if err != nil {
		return err
	}
	at, err := c.open(ctx)
	if err != nil {
		return err
	}
	steps := &stopwatch{to: to}
	var st *store
	err = steps.time("Cơ sở dữ liệu · database", func() error {
		if st, err = settings.connect(ctx); err != nil {
			return err
		}
		return st.Migrate(ctx)
	})
	if st != nil {
		defer func() { err = errors.Join(err, st.close(ctx)) }()
	}
	if err == nil {
		err = c.fill(ctx, st, settings.DataDir, steps)
	}
	if err != nil {
		return errors.Join(err, at.Close())
	}
	st.TeamCost = cost
	steps.sum()
	c.warn(to.err)
	greet(to, at.Addr())
	return c.serve(ctx, at, st)
}

// fill brings in the demo province and what other provinces have published: both where the database holds nothing yet, the
// latter also where it holds a demo of an earlier version. A database with anybody's own data is left as it is.
func (c demoCommand) fill(ctx context.Context, st *store, folder string, steps *stopwatch) error {
	held, err := st.Datasets(ctx)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		if err := c.fillProvince(ctx, st, filepath.Join(folder, "demo"), steps); err != nil {
			return err
		}
	} else if !slices.ContainsFunc(held, func(d db.Dataset) bool { return d.Source == synthetic.Source }) {
		return nil
	}
	return fillPublished(ctx, st, held, filepath.Join(folder, "published"), steps)
}

// fillProvince generates and imports the demo province.
func (c demoCommand) fillProvince(ctx context.Context, st *store, folder string, steps *stopwatch) error {
	fresh := folder + ".new" // a bundle cut short is never taken for a whole one
	if err := errors.Join(os.RemoveAll(fresh), os.MkdirAll(filepath.Dir(folder), 0o755)); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	err := steps.time("Sinh tỉnh mẫu · generate", func() error {
		return generate(ctx, synthetic.Options{Seed: 1, Scale: c.Scale, Out: fresh}, steps.to)
	})
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(folder), os.Rename(fresh, folder)); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	var report *db.Report
	err = steps.time("Nạp · import", func() error {
		report, err = importBundle(ctx, st, folder, db.ImportOptions{}, steps.to)
		return err
	})
	if report != nil {
		writeCounts(steps.to.out, report)
		fmt.Fprintf(steps.to.out, "%d điều được ghi nhận, có chủ ý · notes, made on purpose\n", report.Noted())
	}
	return err
}

// fillPublished imports the bundles of published figures of provinces that are not loaded. The demo province's own are in
// its bundle.
func fillPublished(ctx context.Context, st *store, held []db.Dataset, folder string, steps *stopwatch) error {
	var missing []string
	for _, province := range published.Provinces() {
		loaded := slices.ContainsFunc(held, func(d db.Dataset) bool { return d.Province == province })
		if !loaded && province != synthetic.Province {
			missing = append(missing, province)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return steps.time("Nạp số liệu đã công bố · import published figures", func() error {
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
		for _, province := range missing {
			path := filepath.Join(folder, province)
			if err := published.Write(province, path); err != nil {
				return err
			}
			if _, err := importBundle(ctx, st, path, db.ImportOptions{Strict: true}, steps.to); err != nil {
				return fmt.Errorf("province %s: %w", province, err)
			}
		}
		return nil
	})
}

func greet(to *streams, address net.Addr) {
	fmt.Fprintf(to.out, `
Vùng Lõm đang chạy · is running: http://%[1]s
GraphiQL:                        http://%[1]s/graphiql

Thử ngay: năm vùng lõm lớn nhất · Try: the five largest gaps
  curl -s http://%[1]s/graphql -H 'content-type: application/json' \
    -d '{"query": "%[2]s"}'

Ctrl-C để dừng · stops it.
`, address, firstQuery)
}

// stopwatch tells how long each step took.
type stopwatch struct {
	to    *streams
	steps []string
}

func (s *stopwatch) time(name string, step func() error) error {
	began := time.Now()
	if err := step(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.steps = append(s.steps, fmt.Sprintf("%s: %s", name, time.Since(began).Round(10*time.Millisecond)))
	return nil
}

func (s *stopwatch) sum() {
	fmt.Fprintln(s.to.out)
	for _, step := range s.steps {
		fmt.Fprintln(s.to.out, step)
	}
}
