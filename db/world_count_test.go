package db_test

import (
	"slices"
	"strconv"

	"vunglom/db"
)

// The contract's words as plain loops over a world's rows: slow, obvious, and nothing shared with the statements.

// unitOn returns the unit that a code means on a day.
func (w *world) unitOn(level, code, day string) *wunit {
	for _, u := range w.units {
		if u.level == level && u.code == code && u.valid(day) {
			return u
		}
	}
	return nil
}

// locate returns the commune and the hamlet that a point lies in on a day.
func (w *world) locate(x, y int, day string) (commune, hamlet *wunit) {
	for _, u := range w.units {
		if u.level != "commune" || !u.valid(day) || (commune != nil && commune.code < u.code) {
			continue
		}
		covers := u.drawn && u.area.covers(x, y)
		if !u.drawn {
			covers = slices.ContainsFunc(w.units, func(h *wunit) bool {
				return h.level == "hamlet" && h.valid(day) && h.parentCode == u.code && h.drawn && h.area.covers(x, y)
			})
		}
		if covers {
			commune = u
		}
	}
	for _, u := range w.units {
		if commune != nil && u.level == "hamlet" && u.valid(day) && u.parentCode == commune.code && u.drawn && u.area.covers(x, y) &&
			(hamlet == nil || u.code < hamlet.code) {
			hamlet = u
		}
	}
	return commune, hamlet
}

// chain returns a unit and those above it on a day.
func (w *world) chain(u *wunit, day string) (units []*wunit) {
	for u != nil {
		units = append(units, u)
		u = w.unitOn(u.parentLevel, u.parentCode, day)
	}
	return units
}

func (w *world) heirOfCommune(old *wunit) string {
	for _, u := range w.units {
		if u.level == "commune" && u.from == reformDay && u.area.covers(old.area.x0+1, old.area.y0+1) {
			return u.code
		}
	}
	return ""
}

// heir returns the unit to which what belonged to a unit belongs on a later day.
func (w *world) heir(u *wunit, day string) *wunit {
	switch {
	case u == nil || u.valid(day):
		return u
	case u.level == "commune":
		return w.unitOn("commune", w.heirOfCommune(u), day)
	case u.to == splitDay: // what holds both halves
		return w.heir(w.unitOn("commune", u.parentCode, splitDay), day)
	}
	return w.unitOn("hamlet", u.code, day)
}

// origin returns the unit to which what belongs to a unit belonged on an earlier day.
func (w *world) origin(u *wunit, day string) *wunit {
	switch {
	case u == nil || u.valid(day):
		return u
	case u.level == "commune":
		var from []*wunit
		for _, old := range w.units {
			if old.level == "commune" && old.valid(day) && w.heirOfCommune(old) == u.code {
				from = append(from, old)
			}
		}
		if len(from) == 0 {
			return nil
		}
		if len(from) > 1 { // what held both halves
			return w.unitOn("district", from[0].parentCode, day)
		}
		return from[0]
	case u.level == "hamlet" && u.from == splitDay:
		return w.unitOn("hamlet", u.code[:4], day)
	case u.level == "hamlet" && day < splitDay && len(u.code) == 5:
		return w.unitOn("hamlet", u.code[:4], day)
	}
	return w.unitOn(u.level, u.code, day)
}

// kin returns the unit of another day to which what belongs to a unit belongs then.
func (w *world) kin(u *wunit, day string) *wunit {
	if u != nil && day < u.from {
		return w.origin(u, day)
	}
	return w.heir(u, day)
}

// home returns the units that a household lies in on a day. What it declares tells nothing of the days before that began.
func (w *world) home(h *whousehold, day string) []*wunit {
	if h.address != nil {
		if commune, hamlet := w.locate(h.address.x, h.address.y, day); hamlet != nil {
			return w.chain(hamlet, day)
		} else if commune != nil {
			return w.chain(commune, day)
		}
	}
	declared := w.unitOn("commune", h.commune, h.registered)
	if h.hamlet != "" {
		declared = w.unitOn("hamlet", h.hamlet, h.registered)
	}
	if declared == nil || day < declared.from {
		return nil
	}
	return w.chain(w.heir(declared, day), day)
}

// status returns how far a household has been reached; "" where it is not on the register.
func (h *whousehold) status(day string) db.Status {
	if !within(day, h.registered, h.ended) {
		return ""
	}
	var latest wvisit
	guided := false
	for _, v := range h.visits {
		if v.on > day {
			continue
		}
		guided = guided || v.outcome == "guided"
		if v.on > latest.on || (v.on == latest.on && v.code > latest.code) {
			latest = v
		}
	}
	switch {
	case guided:
		return db.StatusGuided
	case latest.outcome == "ineligible":
		return db.StatusIneligible
	case latest.on != "":
		return db.StatusAttempted
	}
	return db.StatusNotVisited
}

// wcount is what a unit holds on a day.
type wcount struct {
	status             map[db.Status]int
	households         int
	addresses, unknown int
	lastVisit          string
	teams              map[string]*wteam // cnscd
	allTeams           []string
	uptake             map[string]int
	report             *wreport
	carried            *wcarried
}

// count counts every unit valid on a day, and under nil everything.
func (w *world) count(day string) map[*wunit]*wcount { return w.countOn(day, day) }

// countOn counts what every unit valid on a day holds on its boundaries, as of another day; and under nil everything.
func (w *world) countOn(day, boundaries string) map[*wunit]*wcount {
	counts := map[*wunit]*wcount{}
	of := func(u *wunit) *wcount {
		if counts[u] == nil {
			counts[u] = &wcount{status: map[db.Status]int{}, teams: map[string]*wteam{}, uptake: map[string]int{}}
		}
		return counts[u]
	}
	of(nil)
	for _, u := range w.units {
		if u.valid(boundaries) {
			of(u)
		}
	}
	occupied := map[*waddress]bool{}
	for _, h := range w.households {
		status := h.status(day)
		if status == "" {
			continue
		}
		occupied[h.address] = true
		for _, u := range append(w.home(h, boundaries), nil) {
			c := of(u)
			c.status[status]++
			c.households++
			for _, v := range h.visits {
				if v.on <= day {
					c.lastVisit = max(c.lastVisit, v.on)
				}
			}
			used := map[string]bool{}
			for _, a := range w.adoptions {
				if a.household == h && within(day, a.on, a.to) && !used[a.service] {
					used[a.service] = true
					c.uptake[a.service]++
				}
			}
		}
	}
	for _, a := range w.addresses {
		if a.kind != "household" {
			delete(occupied, a)
			continue
		}
		commune, hamlet := w.locate(a.x, a.y, boundaries)
		units := w.chain(commune, boundaries)
		if hamlet != nil {
			units = append(units, hamlet)
		}
		for _, u := range append(units, nil) {
			of(u).addresses++
			if !occupied[a] {
				of(u).unknown++
			}
		}
	}
	for _, t := range w.teams {
		for _, served := range w.serves(t, day) {
			for _, u := range w.chain(w.kin(served, boundaries), boundaries) {
				c := of(u)
				if !slices.Contains(c.allTeams, t.code) {
					c.allTeams = append(c.allTeams, t.code)
				}
				if t.kind == "cnscd" {
					c.teams[t.code] = t
				}
			}
		}
	}
	for i := range w.reports {
		r := &w.reports[i]
		if r.on > day {
			continue
		}
		if u := w.unitOn(r.level, r.unit, r.on); counts[u] != nil {
			if c := of(u); c.report == nil || c.report.on < r.on {
				c.report = r
			}
		}
	}
	if day != boundaries {
		for _, level := range []string{"province", "district", "commune", "hamlet"} {
			for u, carried := range w.carry(level, day, boundaries) {
				of(u).carried = carried
			}
		}
	}
	return counts
}

// serves returns the units that a team serves on a day.
func (w *world) serves(t *wteam, day string) (units []*wunit) {
	if !within(day, t.from, t.to) {
		return nil
	}
	add := func(u *wunit) {
		if u != nil && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	add(w.heir(w.unitOn(t.level, t.unit, t.from), day))
	for _, s := range t.service {
		if within(day, s.from, s.to) {
			add(w.heir(w.unitOn(s.level, s.unit, s.from), day))
		}
	}
	return units
}

// coverage is the count as the contract presents it.
func (c *wcount) coverage(day string) db.Coverage {
	whole := func(n int) *int { return &n }
	ratio := func(a, b int) *float64 {
		if b == 0 {
			return nil
		}
		v := float64(a) / float64(b)
		return &v
	}
	members := 0
	for _, t := range c.teams {
		for _, m := range t.members {
			if within(day, m.from, m.to) {
				members++
			}
		}
	}
	f := db.Coverage{Basis: db.BasisNone, Unknown: whole(c.addresses), Addresses: c.addresses, Teams: len(c.teams), Members: members}
	if c.households == 0 {
		if c.carried != nil && c.carried.guided != nil {
			f.Basis, f.Guided, f.Share, f.Apportioned = db.BasisReport, c.carried.guided, c.carried.share, c.carried.apportioned
		} else if c.report != nil && (c.carried == nil || c.carried.parts == 0) {
			f.Basis, f.Guided = db.BasisReport, whole(c.report.value)
			if share, err := strconv.ParseFloat(c.report.share, 64); err == nil {
				f.Share = &share
			}
		} else if c.addresses > 0 {
			f.GapHouseholds = whole(c.addresses)
		}
		return f
	}
	g, a, n := c.status[db.StatusGuided], c.status[db.StatusAttempted], c.status[db.StatusNotVisited]
	f.Basis, f.Guided, f.Attempted, f.NotVisited, f.Ineligible = db.BasisRegister, &g, &a, &n, whole(c.status[db.StatusIneligible])
	f.Unknown, f.GapHouseholds = whole(c.unknown), whole(a+n+c.unknown)
	f.Share, f.ShareLow, f.ShareHigh = ratio(g, g+a+n), ratio(g, g+a+n+c.unknown), ratio(g+c.unknown, g+a+n+c.unknown)
	f.HouseholdsPerMember = ratio(g+a+n, members)
	if c.lastVisit != "" {
		on := parse(c.lastVisit)
		f.LastVisitOn = &on
	}
	return f
}
