package main

import (
	"context"
	"log/slog"
	"time"

	"vunglom/db"
)

// How often it is looked whether figures for everybody are to follow what was sent on an earlier day, and whether a program that had
// received bundles is no more.
const (
	publishEvery = 10 * time.Minute
	buryEvery    = 5 * time.Second
)

// keepPublished has figures for everybody follow what was sent row by row, and the feed tell of months that have come.
func keepPublished(ctx context.Context, d *db.DB) {
	due, err := d.PublishDue(ctx, time.Now())
	switch {
	case ctx.Err() != nil:
	case err != nil:
		slog.WarnContext(ctx, "figures for everybody could not be published anew", "error", err)
	case len(due) > 0:
		slog.InfoContext(ctx, "published anew", "provinces", due)
	}
	if told, err := d.TellDue(ctx, time.Now()); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "other systems could not be told of a month that has come", "provinces", told, "error", err)
	}
}

// buryJobs ends the jobs of programs that are no more.
func buryJobs(ctx context.Context, d *db.DB) {
	ended, err := d.BuryJobs(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		slog.WarnContext(ctx, "jobs of programs that are no more could not be ended", "error", err)
	case ended > 0:
		slog.WarnContext(ctx, "a program ended before it imported what was sent to it", "jobs", ended)
	}
}

// again does something now and every so often, until the context ends.
func again(ctx context.Context, every time.Duration, d *db.DB, do func(context.Context, *db.DB)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		do(ctx, d)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
