package db

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var changeSince = query("change_since")

// MostChangedUnits is how many units a Change names at most.
const MostChangedUnits = 1000

// Change is what has become of a province's data since an earlier snapshot.
type Change struct {
	Province string
	Snapshot int64 // as it is now
	AsOf     time.Time
	LandedAt time.Time
	Complete bool       // Units are all that was touched; false: any unit may be, and none is named
	Units    []Identity // of which a figure, a shape or a fact changed, and those they lie in or have lain in
}

// Token names the province's snapshot, as Dataset.Token.
func (c *Change) Token() string { return Dataset{Province: c.Province, Snapshot: c.Snapshot}.Token() }

// SeenSnapshots reads tokens of snapshots (Dataset.Token), one a province at most. Errors: BAD_INPUT.
func SeenSnapshots(tokens []string) (map[string]int64, error) {
	seen := map[string]int64{}
	for _, token := range tokens {
		province, number, _ := cutLast(token, "-")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 || province == "" || (&Change{Province: province, Snapshot: n}).Token() != token {
			return nil, badInput("%q không phải ảnh chụp của một tỉnh: hãy dùng datasets.snapshot, như \"96-12\"",
				"%q is no snapshot of a province: use datasets.snapshot, like \"96-12\"", token)
		}
		if _, twice := seen[province]; twice {
			return nil, badInput("có hai ảnh chụp của tỉnh %q: hãy cho một", "there are two snapshots of province %q: give one", province)
		}
		seen[province] = n
	}
	return seen, nil
}

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}

// Following says what changes are wanted.
type Following struct {
	Within *Ref             // that touch this unit or what lies in it; nil: all
	Whole  bool             // all changes of that unit's province too, and never which units: an import of one visit would tell where it was
	Day    time.Time        // the day on which Within is looked up
	Seen   map[string]int64 // the snapshot last seen of a province; of others what comes from now on
}

// Follow begins to follow what changes; Run goes on with it. Errors: those of UnitByRef, and any of the database.
func (d *DB) Follow(ctx context.Context, f Following) (*Follower, error) {
	follower := &Follower{db: d, whole: f.Whole, seen: maps.Clone(f.Seen)}
	if f.Within != nil {
		unit, err := d.UnitByRef(ctx, *f.Within, f.Day)
		if err != nil {
			return nil, err
		}
		if follower.province = unit.Province; !f.Whole {
			follower.within = unit.ID
		}
	}
	follower.watch, follower.end = d.listener.watch(follower.province, false)
	if err := follower.begin(ctx); err != nil { // after watching: nothing lands between
		follower.end()
		return nil, err
	}
	return follower, nil
}

// Follower remembers what one who follows has seen.
type Follower struct {
	db       *DB
	province string // empty: all
	within   int64  // a unit of it; 0: everything
	whole    bool   // units are never told
	seen     map[string]int64
	watch    *watch
	end      func()
}

// Run sends what changes, whichever program imports it, until the context ends or send fails. Nothing is lost: one who is slow to
// take a change gets the next ones as one, and after the database was away what has landed meanwhile. First comes what has
// changed since the snapshots seen; a snapshot that is forgotten or has never been makes that an incomplete one.
func (f *Follower) Run(ctx context.Context, send func(Change) error) error {
	defer f.end()
	retry := reconnectFirst
	for {
		again := (<-chan time.Time)(nil)
		changes, err := f.look(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil: // the database is away: it will be back
			slog.WarnContext(ctx, "what has changed could not be read; trying again", "in", retry, "error", err)
			again = time.After(retry)
			retry = min(2*retry, reconnectMost)
		default:
			retry = reconnectFirst
		}
		for _, c := range changes {
			if err := send(c); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-f.watch.wake:
		case <-again:
		}
	}
}

// begin takes the snapshots that stand as seen, where no other was named.
func (f *Follower) begin(ctx context.Context) error {
	datasets, err := f.db.Datasets(ctx)
	if err != nil {
		return err
	}
	if f.seen == nil {
		f.seen = map[string]int64{}
	}
	for _, s := range datasets {
		if _, named := f.seen[s.Province]; !named {
			f.seen[s.Province] = s.Snapshot
		}
	}
	return nil
}

// changeRow is a province of which there is another snapshot.
type changeRow struct {
	Province       string
	Snapshot       int64
	AsOf, LandedAt time.Time
	Complete       bool
	Touches        bool // what is followed may be touched
	Levels, Codes  []string
	Firsts         []time.Time
}

// look answers what has changed since the last look.
func (f *Follower) look(ctx context.Context) ([]Change, error) {
	ctx, cancel := context.WithTimeout(ctx, lookMost)
	defer cancel()
	provinces := slices.Sorted(maps.Keys(f.seen))
	numbers := make([]int64, len(provinces))
	for i, p := range provinces {
		numbers[i] = f.seen[p]
	}
	moved, err := ask[changeRow](ctx, f.db, changeSince, pgx.StrictNamedArgs{
		"provinces": provinces, "numbers": numbers, "province": f.province, "within": f.within})
	if err != nil {
		return nil, fmt.Errorf("changes: %w", err)
	}
	var changes []Change
	for _, m := range moved {
		f.seen[m.Province] = m.Snapshot
		if m.Complete = m.Complete && !f.whole; m.Touches {
			changes = append(changes, m.change())
		}
	}
	return changes, nil
}

// lookMost is how long reading what has changed may take.
const lookMost = 30 * time.Second

func (m *changeRow) change() Change {
	c := Change{Province: m.Province, Snapshot: m.Snapshot, AsOf: m.AsOf, LandedAt: m.LandedAt, Complete: m.Complete && len(m.Codes) <= MostChangedUnits}
	if !c.Complete {
		return c
	}
	c.Units = make([]Identity, len(m.Codes))
	for i := range m.Codes {
		c.Units[i] = Identity{Province: m.Province, Level: Level(m.Levels[i]), Code: m.Codes[i], ValidFrom: m.Firsts[i]}
	}
	return c
}
