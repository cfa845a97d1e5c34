package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

// feeding brings the feed of changes up to date: the coverage of each unit at the ends of the months, by what is known now. What an import has
// changed the counts by is told by itself where it says all of it; other months are counted, and told where their counts are others.
type feeding struct {
	publishing *publishing
	count      []day // those that are counted
	stand      []day // those that are told and are not
	gone       []int32
	staff      staff
	coverage   fedCoverage
}

// feeding begins one.
func (p *publishing) feeding(ctx context.Context) (*feeding, error) {
	rows, err := p.tx.Query(ctx, importQuery("feed_reach"), pgx.StrictNamedArgs{"province": p.province, "most": mostPublished, "today": Today(p.clock())})
	if err != nil {
		return nil, err
	}
	days, err := pgx.CollectRows(rows, pgx.RowTo[day])
	if err != nil {
		return nil, err
	}
	told, err := collect(ctx, p, "feed_day", pgx.RowTo[day])
	if err != nil {
		return nil, err
	}
	f := &feeding{publishing: p, gone: []int32{}}
	for _, d := range days {
		if slices.Contains(told, d) && !p.recounted {
			f.stand = append(f.stand, d)
		} else {
			f.count = append(f.count, d)
		}
	}
	for _, d := range told {
		if !slices.Contains(days, d) {
			f.gone = append(f.gone, int32(d))
		}
	}
	if len(f.count) > 0 || p.staffed {
		f.staff, err = p.readStaff(ctx)
	}
	return f, err
}

// take tells of a day that is counted.
func (f *feeding) take(d day, counted *countedDay) {
	f.coverage.add(d, counted, f.staff.at(d))
}

// end writes it down, and tells of the reports.
func (f *feeding) end(ctx context.Context) error {
	p := f.publishing
	if err := p.lockFeed(ctx); err != nil {
		return err
	}
	if p.deltas && !p.recounted {
		if _, err := p.tx.Exec(ctx, importQuery("feed_delta"), p.arguments()); err != nil {
			return err
		}
	}
	if p.staffed && len(f.stand) > 0 {
		if err := f.tellStaff(ctx); err != nil {
			return err
		}
	}
	looked := append([]int32{}, f.gone...)
	for _, d := range f.count {
		looked = append(looked, int32(d))
	}
	if len(looked) > 0 {
		if _, err := p.tx.Exec(ctx, importQuery("feed_day_write"), pgx.StrictNamedArgs{"province": p.province, "days": looked[len(f.gone):], "gone": f.gone}); err != nil {
			return err
		}
		if _, err := p.tx.Exec(ctx, importQuery("feed_coverage"), f.coverage.arguments(p.province, looked)); err != nil {
			return err
		}
	}
	return p.tellReports(ctx)
}

// tellStaff tells of teams and members on the days that are not counted anew.
func (f *feeding) tellStaff(ctx context.Context) error {
	var looked, days, teams, members []int32
	var units []int64
	for _, d := range f.stand {
		looked = append(looked, int32(d))
		for unit, n := range f.staff.at(d) {
			days, units, teams, members = append(days, int32(d)), append(units, unit), append(teams, n.teams), append(members, n.members)
		}
	}
	_, err := f.publishing.tx.Exec(ctx, importQuery("feed_staff"), pgx.StrictNamedArgs{"province": f.publishing.province, "looked": looked, "days": days, "units": units, "teams": teams, "members": members})
	return err
}

// lockFeed lets nobody else tell of anything until the transaction ends.
func (p *publishing) lockFeed(ctx context.Context) error {
	if _, err := p.tx.Exec(ctx, importQuery("feed_lock")); err != nil {
		return err
	}
	_, err := p.tx.Exec(ctx, importQuery("feed_epoch"))
	return err
}

// tellReports brings the feed up to date about reports.
func (p *publishing) tellReports(ctx context.Context) error {
	if err := p.lockFeed(ctx); err != nil {
		return err
	}
	if _, err := p.tx.Exec(ctx, importQuery("feed_report"), p.arguments()); err != nil {
		return err
	}
	return enqueue(ctx, p.tx)
}

// fedCoverage are counts of units on days, in columns.
type fedCoverage struct {
	days           []int32
	units          []int64
	counts         [6][]int32
	teams, members []int32
	services       []string // JSON
}

// add adds the units of a day of which there is anything to tell.
func (f *fedCoverage) add(d day, c *countedDay, staff map[int64]teamCount) {
	totals, used := c.totals(c.rest), c.totals(c.used)
	for u, counts := range totals {
		if u == 0 { // what lies in no unit is told of none
			continue
		}
		n, services := staff[c.units[u]], c.services(used, u)
		if slices.Max(counts) == 0 && n.teams == 0 && services == "{}" {
			continue
		}
		f.days, f.units = append(f.days, int32(d)), append(f.units, c.units[u])
		for column, n := range counts {
			f.counts[column] = append(f.counts[column], int32(n))
		}
		f.teams, f.members, f.services = append(f.teams, n.teams), append(f.members, n.members), append(f.services, services)
	}
}

// totals are the counts of units with what lies in parts of them.
func (c *countedDay) totals(rest [][]int) [][]int {
	totals := make([][]int, len(rest))
	for u := range rest {
		totals[u] = slices.Clone(rest[u])
	}
	for u := len(totals) - 1; u > 0; u-- { // units come after those that they lie in
		for column, n := range totals[u] {
			totals[c.parents[u]][column] += n
		}
	}
	return totals
}

// services says in JSON how many households of a unit use which service; of those that nobody uses nothing.
func (c *countedDay) services(used [][]int, u int) string {
	if len(used) == 0 {
		return "{}"
	}
	households := map[string]int{}
	for service, n := range used[u] {
		if n != 0 {
			households[c.codes[service]] = n
		}
	}
	text, err := json.Marshal(households)
	if err != nil {
		panic("db: services: " + err.Error()) // numbers by names always encode
	}
	return string(text)
}

func (f *fedCoverage) arguments(province string, looked []int32) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"province": province, "looked": looked, "days": f.days, "units": f.units, "guided": f.counts[0], "attempted": f.counts[1],
		"not_visited": f.counts[2], "ineligible": f.counts[3], "unknown": f.counts[4], "occupied": f.counts[5], "teams": f.teams, "members": f.members, "services": f.services}
}

// tellMissing tells of the provinces that were loaded before there was a feed.
func tellMissing(ctx context.Context, conn *pgx.Conn) error {
	return eachMissing(ctx, conn, "feed_missing", func(ctx context.Context, p *publishing) error { return p.tellAlone(ctx) })
}

// tellAlone brings the feed up to date where nothing is published.
func (p *publishing) tellAlone(ctx context.Context) error {
	f, err := p.feeding(ctx)
	if err != nil {
		return err
	}
	if len(f.count) > 0 {
		register, err := p.readRegister(ctx, f.count[0])
		if err != nil {
			return err
		}
		if err := register.readUse(ctx, p, f.count[0]); err != nil {
			return err
		}
		for _, d := range f.count {
			f.take(d, register.at(d))
		}
	}
	return f.end(ctx)
}

// TellDue tells the feed of months that have come since anything was sent, where it is known already what happens in them: an end of households that was
// sent before its day. It answers the provinces.
func (d *DB) TellDue(ctx context.Context, now time.Time) ([]string, error) {
	return d.eachDue(ctx, "feed_due", now, func(p *publishing) error { return p.tellAlone(ctx) })
}

var changePage = query("change_page")

// FeedItem is a thing that the feed tells of, with its latest value.
type FeedItem struct {
	Sequence  int64
	Province  string
	Kind      string // coverage, report
	Level     Level
	Code      string
	ValidFrom *time.Time // of the unit; nil: of a report, which names a code
	Day       time.Time  // the end of a month; of a report its own day
	Measure   string     // of a report
	Source    string     // of a report
	Value     *string    // JSON, as the API names it; nil: it is no more
	Epoch     string     // of the sequence
}

// feedList names the feed in its cursors.
const feedList = "change"

// FeedCursor is the cursor after an item of an epoch; of 0, the beginning.
func FeedCursor(sequence int64, epoch string) string {
	return cursor(feedList, int(sequence), epoch)
}

var changeHolds = query("change_holds")

// feedStart is where a page of the feed begins. Up to the horizon, the latest change when whoever asks began, what is no more is not told: he has never known it.
type feedStart struct {
	after        int64
	epoch        string
	horizon      int64
	horizonEpoch string
}

// startFeed reads a cursor of the feed: the number of an item, and the epoch that it was given in (those of older programs have none); where it is of a first reading, its horizon too.
func (d *DB) startFeed(ctx context.Context, page PageArgs) (feedStart, error) {
	var s feedStart
	if err := page.start(feedList, &s.after, &s.epoch, &s.horizon, &s.horizonEpoch); err != nil {
		s = feedStart{}
		if err := page.start(feedList, &s.after, &s.epoch); err != nil && page.start(feedList, &s.after) != nil {
			return s, err
		}
	}
	found, err := ask[struct {
		Holds   bool
		Horizon int64
		Epoch   *string
	}](ctx, d, changeHolds, pgx.StrictNamedArgs{"after": s.after, "epoch": s.epoch, "horizon": s.horizon, "horizon_epoch": s.horizonEpoch})
	if err != nil {
		return s, err
	}
	if len(found) == 0 || !found[0].Holds {
		return s, say(CodeGone, "dữ liệu đã được khôi phục từ một bản sao cũ hơn: hãy bỏ những gì đã giữ và bắt đầu lại, không có after",
			"the data were restored from an older copy: drop what you have kept, and begin anew, without after", nil)
	}
	s.horizon = found[0].Horizon
	if found[0].Epoch != nil {
		s.horizonEpoch = *found[0].Epoch
	}
	return s, nil
}

// cursor is the cursor after an item.
func (s *feedStart) cursor(item *FeedItem) string {
	if item.Sequence < s.horizon {
		return cursor(feedList, item.Sequence, item.Epoch, s.horizon, s.horizonEpoch)
	}
	return FeedCursor(item.Sequence, item.Epoch)
}

// Feed returns a page of what has changed since a cursor, the earliest first, each thing once with its latest value. It is complete and in
// order: whoever goes on from the last cursor is told everything, and has what one has who begins anew. Within narrows coverage to what
// lies in a unit on its own day, whichever unit has the code then, and reports to its province's; the caller's units do the same. What has
// left such a unit is told without a value. Page.Total is not known. Errors: BAD_INPUT for the page; GONE for a cursor that the database does not know, because it was restored from an older copy; NOT_FOUND where no unit ever had the code.
func (d *DB) Feed(ctx context.Context, within *Ref, page PageArgs) (Page[FeedItem], error) {
	start, err := d.startFeed(ctx, page)
	if err != nil {
		return Page[FeedItem]{}, err
	}
	args := pgx.StrictNamedArgs{"after": start.after, "horizon": start.horizon, "province": "", "within": nil, "granted": nil, "take": page.First + 1}
	if within != nil {
		found := pgx.StrictNamedArgs{}
		if err := d.addCode(ctx, found, *within); err != nil {
			return Page[FeedItem]{}, err
		}
		args["province"], args["within"] = found["province"], []string{fmt.Sprintf("%s/%s:%s", found["province"], found["level"], found["code"])}
	}
	if everywhere, units := d.asks(ctx).Scope(access.Aggregates); !everywhere {
		granted, err := d.grantedNames(ctx, units)
		if err != nil {
			return Page[FeedItem]{}, err
		}
		args["granted"] = granted
	}
	items, err := ask[FeedItem](ctx, d, changePage, args)
	if err != nil {
		return Page[FeedItem]{}, err
	}
	answer := Page[FeedItem]{More: len(items) > page.First}
	answer.Items = items[:min(len(items), page.First)]
	for i := range answer.Items {
		answer.Cursors = append(answer.Cursors, start.cursor(&answer.Items[i]))
	}
	return answer, nil
}

// grantedNames are the units of a caller as the feed names them. A code without a province is meant in any.
func (d *DB) grantedNames(ctx context.Context, units []access.Unit) ([]string, error) {
	datasets, err := d.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, u := range units {
		for _, s := range datasets {
			names = append(names, s.Province+"/"+u.Level+":"+u.Code)
			if short, own := strings.CutPrefix(u.Code, s.Province+"/"); own {
				names = append(names, s.Province+"/"+u.Level+":"+short)
			}
		}
	}
	return names, nil
}
