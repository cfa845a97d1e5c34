package db

import "cmp"

// The statuses of a household, and of an address whether it has a household on the register, as places count them.
const (
	guided = iota
	attempted
	notVisited
	ineligible
	occupied
)

// change tells how many households came to have (+) or ceased to have (-) each status on a day.
type change [5]int32

// visitDays are the days of a visit: the one it was made on, and those from when until when it is one to a household on
// the register.
type visitDays struct {
	on day
	period
}

// compare orders visits as the roll-up's key does.
func (v visitDays) compare(w visitDays) int {
	return cmp.Or(cmp.Compare(v.on, w.on), cmp.Compare(v.from, w.from), cmp.Compare(v.to, w.to))
}

// tally is what the facts of one place count for. It grows with the days on which something changes in the place, not
// with the households in it.
type tally struct {
	days     map[day]change
	cells    map[cellDay]change // of addresses
	visits   map[visitDays]int32
	services map[string]map[day]int32

	household stretch
	address   lived
	service   period
	taken     string // the service of that period
}

// stretch is the status of a household on the register since a day.
type stretch struct {
	on     period // on the register
	since  day
	status int
	guided bool // once guided, always guided
	lives  bool // it counts in the place
	stands bool // its address does
}

func newTally() *tally {
	return &tally{days: map[day]change{}, cells: map[cellDay]change{}, visits: map[visitDays]int32{}, services: map[string]map[day]int32{}}
}

// empty forgets the place.
func (t *tally) empty() {
	clear(t.days)
	clear(t.cells)
	clear(t.visits)
	for _, days := range t.services {
		clear(days)
	}
}

// visit takes a household and its next visit, or none. After a visit a household is guided if it ever was, else what
// that visit says.
func (t *tally) visit(f *fact) {
	h := &t.household
	if !f.again {
		t.endHousehold()
		*h = stretch{on: f.period, since: f.from, status: notVisited, lives: f.lives, stands: f.stands}
		if !f.againAt {
			t.endAddress()
			t.address.cell, t.address.household = f.cell, f.household
		}
	}
	if f.what == "" {
		return
	}
	t.endStretch(f.visitedOn)
	h.since, h.guided = f.visitedOn, h.guided || f.what == "guided"
	switch {
	case h.guided:
		h.status = guided
	case f.what == "ineligible":
		h.status = ineligible
	default:
		h.status = attempted
	}
	if counts := (period{f.visitedOn, forever}).and(h.on); h.lives && !counts.empty() {
		t.visits[visitDays{f.visitedOn, counts}]++
	}
}

// endStretch counts the household under its status until a day: itself in its place, and at its address.
func (t *tally) endStretch(until day) {
	h := &t.household
	p := period{h.since, until}.and(h.on)
	if p.empty() {
		return
	}
	if h.lives {
		t.add(h.status, p)
	}
	if h.stands {
		t.address.live(h.status, p)
	}
}

func (t *tally) endHousehold() {
	t.endStretch(forever)
	t.household = stretch{}
}

// adopt takes a household and its next adoption of a service: several of one count once.
func (t *tally) adopt(f *fact) {
	if f.again && f.what == t.taken && t.service.join(f.period) {
		return
	}
	t.endService()
	t.service, t.taken = f.period, f.what
}

func (t *tally) endService() {
	if !t.service.empty() {
		days := t.services[t.taken]
		if days == nil {
			days = map[day]int32{}
			t.services[t.taken] = days
		}
		days[t.service.from]++
		if t.service.to < forever {
			days[t.service.to]--
		}
	}
	t.service = period{}
}

// end counts what is still open when the facts of the place are over.
func (t *tally) end() {
	t.endHousehold()
	t.endAddress()
	t.endService()
}

// add counts one in on the first day of a period, and out on the day after its last.
func (t *tally) add(status int, p period) {
	if p.empty() {
		return
	}
	addTo(t.days, p.from, status, 1)
	if p.to < forever {
		addTo(t.days, p.to, status, -1)
	}
}

// addTo adds to how many come to have a status.
func addTo[K comparable](days map[K]change, on K, status int, n int32) {
	c := days[on]
	c[status] += n
	days[on] = c
}

// join makes the period longer by one that begins no earlier, and tells whether both are one stretch.
func (p *period) join(q period) bool {
	switch {
	case q.empty():
		return true
	case p.empty():
		*p = q
		return true
	case q.from > p.to:
		return false
	}
	p.to = max(p.to, q.to)
	return true
}
