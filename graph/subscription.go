package graph

import (
	"context"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
)

func (r subscriptionResolver) SnapshotChanged(ctx context.Context, within *model.UnitRef, asOf *time.Time, after []string) (<-chan *model.SnapshotChange, error) {
	following := db.Following{Day: day(asOf, r.today())}
	var err error
	if following.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	if len(after) > maxFirst {
		return nil, badInput("after có nhiều nhất %d ảnh chụp", "after holds %d snapshots at most", maxFirst)
	}
	if following.Seen, err = db.SeenSnapshots(after); err != nil {
		return nil, err
	}
	soon, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	exact, err := r.mayRef(soon, access.Aggregates, following.Within, following.Day)
	if err != nil {
		return nil, err
	}
	following.Whole = !exact
	follower, err := r.db.Follow(soon, following)
	if err != nil {
		return nil, err
	}
	return stream(ctx, follower.Run, snapshotChange), nil
}

func (r subscriptionResolver) ImportProgress(ctx context.Context, province *string) (<-chan *model.ImportProgress, error) {
	code := ""
	if province != nil {
		if err := checkCode(*province); err != nil {
			return nil, err
		}
		code = *province
	}
	return stream(ctx, func(ctx context.Context, send func(db.Progress) error) error {
		return r.db.FollowProgress(ctx, code, send)
	}, importProgress), nil
}

// stream runs what sends, and hands on what it sends as the API has it; it ends with the context. What is sent waits until it is
// taken, so that one who is slow is answered from the store as of when it comes, and never from a queue.
func stream[T, M any](ctx context.Context, run func(context.Context, func(T) error) error, as func(T) M) <-chan M {
	sent := make(chan M)
	go func() {
		defer close(sent)
		_ = run(ctx, func(v T) error { // its only error is the context's
			select {
			case sent <- as(v):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return sent
}

func snapshotChange(c db.Change) *model.SnapshotChange {
	change := &model.SnapshotChange{Province: c.Province, Snapshot: c.Token(), AsOf: c.AsOf, LandedAt: c.LandedAt, Complete: c.Complete,
		Units: make([]*model.ChangedUnit, len(c.Units))}
	for i, u := range c.Units {
		change.Units[i] = &model.ChangedUnit{ID: identityID(u), Level: levelFromDB(u.Level), Code: u.Code, ValidFrom: u.ValidFrom}
	}
	return change
}

func importProgress(p db.Progress) *model.ImportProgress {
	progress := &model.ImportProgress{Province: p.Province, Began: p.Began, State: model.ImportState(strings.ToUpper(string(p.State))),
		Step: p.Step, Done: float64(p.Done)}
	if p.Total > 0 {
		total := float64(p.Total)
		progress.Total = &total
	}
	if p.Snapshot != "" {
		progress.Snapshot = &p.Snapshot
	}
	return progress
}
