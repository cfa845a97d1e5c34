package db

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/disclosure"
)

// mostPublished is how many month ends are published: ten years, the latest.
const mostPublished = 120

// publication is how a province is published.
type publication struct {
	Base      int
	Secret    []byte
	Last      day  // that the data are of
	First     *day // of the first month with a change on the register; nil: there is none
	Addresses bool // there are household addresses
	Due       bool // rows were sent since it was published
}

// publishing derives what is published of a province within a transaction, from the roll-ups.
type publishing struct {
	tx       pgx.Tx
	province string
	erased   int // households that were erased, which is all that has changed: what is published stands
	step     func(name string, done, total int64)

	recounted bool      // the deltas of an import do not say all that counts have changed by
	deltas    bool      // there are any
	staffed   bool      // teams, whom they serve or who is in them changed
	since     day       // the first day whose counts have changed; zero: not known
	now       time.Time // the clock; zero: now
}

// clock is what time it is.
func (p *publishing) clock() time.Time {
	if p.now.IsZero() {
		return time.Now()
	}
	return p.now
}

// run publishes the month ends whose counts have changed since they were published last, and answers how many; and tells the feed of what has
// changed, in one walk over the months. It costs what changed, where that is known.
func (p *publishing) run(ctx context.Context) (int, error) {
	setting, err := p.setting(ctx)
	if err != nil {
		return 0, err
	}
	draft, err := p.draft(ctx, &setting)
	if err != nil {
		return 0, err
	}
	publish := draft.days(p.standing(&setting))
	f, err := p.feeding(ctx)
	if err != nil {
		return 0, err
	}
	days := slices.Sorted(slices.Values(slices.Concat(publish, f.count)))
	days = slices.Compact(days)
	var r *register
	if len(days) > 0 {
		if r, err = p.readRegister(ctx, days[0]); err != nil {
			return 0, err
		}
		if len(f.count) > 0 {
			if err := r.readUse(ctx, p, days[0]); err != nil {
				return 0, err
			}
		}
	}
	for i, d := range days {
		if p.step != nil {
			p.step("publish", int64(i), int64(len(days)))
		}
		counted := r.at(d)
		if _, some := slices.BinarySearch(publish, d); some {
			if err := draft.take(d, counted); err != nil {
				return 0, fmt.Errorf("%s: %w", d.time().Format(time.DateOnly), err)
			}
		}
		if _, some := slices.BinarySearch(f.count, d); some {
			f.take(d, counted)
		}
	}
	if err := draft.end(ctx); err != nil {
		return 0, err
	}
	return len(draft.fresh), f.end(ctx)
}

// keep says of what the days' counts are by now, and lets their figures stand.
func (p *publishing) keep(ctx context.Context, kept []publishedDay) error {
	days, digests := make([]int32, len(kept)), make([][]byte, len(kept))
	for i, k := range kept {
		days[i], digests[i] = int32(k.day), k.digest
	}
	_, err := p.tx.Exec(ctx, importQuery("publish_keep"), pgx.StrictNamedArgs{"province": p.province, "days": days, "digests": digests, "erased": p.erased})
	return err
}

// setting reads how the province is published, which is settled the first time.
func (p *publishing) setting(ctx context.Context) (publication, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	if _, err := p.tx.Exec(ctx, importQuery("publish_begin"), pgx.StrictNamedArgs{"province": p.province, "base": disclosure.DefaultBase, "secret": secret}); err != nil {
		return publication{}, err
	}
	rows, err := p.tx.Query(ctx, importQuery("publish_setting"), p.arguments())
	if err != nil {
		return publication{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[publication])
}

func (p *publishing) arguments() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"province": p.province}
}

// days are the month ends to publish: from the first month with anybody on the register to the last that the data reach to the end;
// of a province that has addresses only, the last; where there is nothing to count, none.
func (s *publication) days() []day {
	last := monthEnd(s.Last.time())
	first := last
	if s.First != nil {
		first = s.First.time()
	} else if !s.Addresses {
		return nil
	}
	var days []day
	for d := last; !d.Before(first) && len(days) < mostPublished; d = monthEnd(d.AddDate(0, 0, -1)) {
		days = append(days, dayAt(d))
	}
	slices.Reverse(days)
	return days
}

// monthEnd is the last day of a month that is not after a day.
func monthEnd(d time.Time) time.Time {
	next := d.AddDate(0, 0, 1)
	return time.Date(next.Year(), next.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
}

// digests reads days, and of what something was made of them.
func (p *publishing) digests(ctx context.Context, name string) (map[day][]byte, error) {
	rows, err := p.tx.Query(ctx, importQuery(name), p.arguments())
	if err != nil {
		return nil, err
	}
	known := map[day][]byte{}
	var d day
	var digest []byte
	_, err = pgx.ForEachRow(rows, []any{&d, &digest}, func() error {
		known[d] = slices.Clone(digest)
		return nil
	})
	return known, err
}

// publishedDay is a month end as it is written.
type publishedDay struct {
	day    day
	digest []byte
	units  []int64
	counts [][]int // by unit, then by publishedStatuses
}

// write replaces what is published of the days that are stale, by what is fresh.
func (p *publishing) write(ctx context.Context, base int, stale map[day][]byte, fresh []publishedDay) error {
	if len(stale) == 0 {
		return nil
	}
	var days []int32
	for d := range stale {
		days = append(days, int32(d))
	}
	if _, err := p.tx.Exec(ctx, importQuery("publish_drop"), pgx.StrictNamedArgs{"province": p.province, "days": days}); err != nil {
		return err
	}
	w := startCopy(ctx, p.tx, "published (province, day, unit_id, guided, attempted, not_visited, ineligible, unknown, addresses)")
	for _, f := range fresh {
		for u, counts := range f.counts {
			if slices.Max(counts) == 0 {
				continue
			}
			w.row(3 + len(counts))
			w.text(p.province)
			w.day(f.day)
			w.int8(f.units[u])
			last := len(counts) - 1
			for _, n := range counts[:last] {
				w.int4(int32(n))
			}
			w.int4(int32(counts[last-1] + counts[last])) // addresses: unknown and occupied
		}
		if err := w.flush(); err != nil {
			w.abandon(err)
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	w = startCopy(ctx, p.tx, "published_day (province, day, base, digest)")
	for _, f := range fresh {
		w.row(4)
		w.text(p.province)
		w.day(f.day)
		w.int4(int32(base))
		w.bytes(f.digest)
	}
	return w.finish()
}

// publishedStatuses are what is counted, in groups that are rounded together. Their sums are figures too: of the first, what the
// teams can reach; of the last, household addresses.
var publishedStatuses = [][]string{{"guided", "attempted", "not visited"}, {"ineligible"}, {"unknown", "occupied"}}

// countedDay is what there is on a day: by unit, which come after those that they lie in, the counts of what lies in no part of it.
type countedDay struct {
	units   []int64 // 0 first: everything
	names   []string
	parents []int
	rest    [][]int

	codes []string // of services
	used  [][]int  // by unit, then by service: the households that use it, of what lies in no part of the unit; nil: nobody asks, or there are none
}

// round rounds the columns, group by group.
func (c *countedDay) round(r *disclosure.Rounder) ([][]int, error) {
	rounded := make([][]int, len(c.units))
	from := 0
	for _, statuses := range publishedStatuses {
		table := &disclosure.Table{Names: c.names, Parents: c.parents, Statuses: statuses, Rest: make([][]int, len(c.rest))}
		for u, counts := range c.rest {
			table.Rest[u] = counts[from : from+len(statuses)]
		}
		totals, err := r.Round(table)
		if err != nil {
			return nil, err
		}
		for u, counts := range totals {
			rounded[u] = append(rounded[u], counts...)
		}
		from += len(statuses)
	}
	return rounded, nil
}

// bytes are all that rounding depends on beside the secret.
func (c *countedDay) bytes(base int) []byte {
	b := binary.AppendVarint(nil, int64(base))
	for u, name := range c.names {
		b = append(append(b, name...), 0)
		b = binary.AppendVarint(b, int64(c.parents[u]))
		for _, n := range c.rest[u] {
			b = binary.AppendVarint(b, int64(n))
		}
	}
	return b
}
