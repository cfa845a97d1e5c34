package sync

import (
	"context"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Clock is the time, and waiting for it. Its instants are in the zone that schedules speak of.
type Clock struct {
	Now  func() time.Time
	Wait func(ctx context.Context, until time.Time) error
}

// Keep runs sources by their schedules, one after another, until the context ends, which is no error. Those of pending run at once. A
// run that fails is logged, and comes again at its time. Sources without a schedule are left out; without any, it is over at once.
func Keep(ctx context.Context, sources []*Source, clock Clock, pending func(*Source) bool, run func(context.Context, *Source) error) error {
	type planned struct {
		source *Source
		times  cron.Schedule
		next   time.Time
	}
	var plan []*planned
	for _, s := range sources {
		if s.Schedule == "" {
			slog.WarnContext(ctx, "sync: the source has no schedule and is left out", "source", s.Name)
			continue
		}
		times, err := cron.ParseStandard(s.Schedule)
		if err != nil {
			return err
		}
		p := &planned{s, times, times.Next(clock.Now())}
		if pending(s) {
			p.next = clock.Now()
		}
		plan = append(plan, p)
	}
	for len(plan) > 0 {
		next := plan[0]
		for _, p := range plan[1:] {
			if p.next.Before(next.next) {
				next = p
			}
		}
		if clock.Wait(ctx, next.next) != nil || ctx.Err() != nil {
			return nil
		}
		if err := run(ctx, next.source); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sync: the run failed; it comes again at its time", "source", next.source.Name, "why", err)
		}
		next.next = next.times.Next(clock.Now())
	}
	return nil
}
