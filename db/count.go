package db

import (
	"context"
	"maps"
	"slices"
	"time"
)

// counted gathers what was counted, encoded for the tables it goes into: the roll-ups themselves where they hold nothing
// yet, else the deltas that are added to them.
type counted struct {
	im    *importing
	sign  int32
	first bool // into the roll-ups

	days, months, cells, visits, serviceDays, serviceMonths copyRows
}

// countedAtOnce is how many bytes of one table are gathered before they are stored.
const countedAtOnce = 1 << 20

// count adds to the roll-ups, or to their deltas with a sign, what the touched households and addresses count for as they
// are stored now. In a store that was empty that is everything: the joins that narrow are left out, and the sums are
// the roll-ups. The facts come from the server in the order of their places and are counted here: a place at a time needs
// no more memory than its days, and loops do in a tenth of the time what grouping each fact's first and last day does in SQL.
func (im *importing) count(ctx context.Context, sign int32, everything bool) error {
	im.arguments["sign"] = sign
	address := importQuery("count_address")
	if everything {
		address = withoutLines(address, onlyTouched)
	}
	if _, err := im.exec(ctx, address); err != nil {
		return err
	}
	all, err := im.openAllFacts(ctx, everything)
	if err != nil {
		return err
	}
	t, c := newTally(), &counted{im: im, sign: sign, first: everything}
	takes := [...]func(*fact){t.visit, t.adopt}
	for {
		place, err := nextPlace(ctx, all)
		if err != nil {
			return err
		}
		if place == 0 {
			break
		}
		for i, f := range all {
			if err := f.of(ctx, place, takes[i]); err != nil {
				return err
			}
		}
		t.end()
		if err := c.take(ctx, place, t); err != nil {
			return err
		}
		t.empty()
	}
	for _, f := range all {
		if err := f.close(ctx); err != nil {
			return err
		}
	}
	return c.flush(ctx)
}

// openAllFacts opens the facts about households with their addresses and visits, and about adoptions.
func (im *importing) openAllFacts(ctx context.Context, everything bool) ([2]*facts, error) {
	var all [2]*facts
	for i, name := range [...]string{"count_household", "count_service"} {
		var err error
		if all[i], err = im.openFacts(ctx, name, everything); err != nil {
			return all, err
		}
	}
	return all, nil
}

// nextPlace is the smallest place that any fact left is about, 0 where none is left.
func nextPlace(ctx context.Context, all [2]*facts) (int64, error) {
	place := int64(0)
	for _, f := range all {
		head, err := f.head(ctx)
		if err != nil {
			return 0, err
		}
		if head != nil && (place == 0 || head.place < place) {
			place = head.place
		}
	}
	return place, nil
}

// take writes down what a place counts, in the order of the tables' keys.
func (c *counted) take(ctx context.Context, place int64, t *tally) error {
	var total change
	month := &monthly{place: place, into: &c.months}
	for _, d := range slices.Sorted(maps.Keys(t.days)) {
		changed := t.days[d]
		if changed == (change{}) {
			continue
		}
		month.end(c, d, total[:])
		c.row(&c.days, place, 1+len(changed))
		c.days.day(d)
		for status, n := range changed {
			c.days.int4(c.sign * n)
			total[status] += n
		}
	}
	month.end(c, forever, total[:])
	c.takeCells(place, t.cells)
	for _, v := range slices.SortedFunc(maps.Keys(t.visits), visitDays.compare) {
		c.row(&c.visits, place, 4)
		c.visits.day(v.on)
		c.visits.day(v.from)
		c.visits.day(v.to)
		c.visits.int4(c.sign * t.visits[v])
	}
	for _, service := range slices.Sorted(maps.Keys(t.services)) {
		c.takeService(place, service, t.services[service])
	}
	if max(len(c.days.buffer), len(c.cells.buffer), len(c.visits.buffer), len(c.serviceDays.buffer)) < countedAtOnce {
		return nil
	}
	return c.flush(ctx)
}

// takeService writes down how the uptake of a service changes in a place.
func (c *counted) takeService(place int64, service string, days map[day]int32) {
	total := [1]int32{}
	month := &monthly{place: place, service: service, into: &c.serviceMonths}
	for _, d := range slices.Sorted(maps.Keys(days)) {
		if days[d] == 0 {
			continue
		}
		month.end(c, d, total[:])
		c.row(&c.serviceDays, place, 3)
		c.serviceDays.text(service)
		c.serviceDays.day(d)
		c.serviceDays.int4(c.sign * days[d])
		total[0] += days[d]
	}
	month.end(c, forever, total[:])
}

// row begins a row about a place.
func (c *counted) row(into *copyRows, place int64, columns int) {
	if c.first {
		into.row(2 + columns)
		into.text(c.im.bundle.Meta.Province)
	} else {
		into.row(1 + columns)
	}
	into.int8(place)
}

// monthly writes the running totals at the end of each month that has a change.
type monthly struct {
	place   int64
	service string // empty: the statuses
	into    *copyRows
	month   period
}

// end is told the totals before each day, and writes them down where that day is the first after a month.
func (m *monthly) end(c *counted, next day, total []int32) {
	if m.month.holds(next) {
		return
	}
	if !m.month.empty() && c.first { // later imports add the deltas to the totals there are
		if m.service == "" {
			c.row(m.into, m.place, 1+len(total))
		} else {
			c.row(m.into, m.place, 2+len(total))
			m.into.text(m.service)
		}
		m.into.day(m.month.from)
		for _, n := range total {
			m.into.int4(n)
		}
	}
	if next < forever {
		m.month = monthOf(next)
	}
}

// monthOf is the month of a day.
func monthOf(d day) period {
	year, month, _ := time.Unix(int64(d)*86400, 0).UTC().Date()
	first := func(month time.Month) day { return day(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400) }
	return period{first(month), first(month + 1)}
}

// flush stores what has been gathered.
func (c *counted) flush(ctx context.Context) error {
	into := []struct {
		rows         *copyRows
		table, delta string
	}{
		{&c.days, "place_day (province, place_id, day, guided, attempted, not_visited, ineligible, occupied)", "delta_day"},
		{&c.months, "place_month (province, place_id, month, guided, attempted, not_visited, ineligible, occupied)", ""},
		{&c.cells, "cell_after", "delta_cell"},
		{&c.visits, "place_visit (province, place_id, visited_on, from_on, to_on, visits)", "delta_visit"},
		{&c.serviceDays, "place_service_day (province, place_id, service_code, day, households)", "delta_service"},
		{&c.serviceMonths, "place_service_month (province, place_id, service_code, month, households)", ""},
	}
	for _, t := range into {
		target := t.delta
		if c.first {
			target = t.table
		}
		if err := c.im.copyAll(ctx, target, t.rows); err != nil {
			return err
		}
	}
	return nil
}
