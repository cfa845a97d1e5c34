package db

// heirs answers to which unit, by days, that belongs which belonged to a unit: to itself while it is valid; then to its
// only successor; after a split to the smallest unit that holds all of its successors. A successor that took only land
// (area_only) takes no people. A unit that ends without a succession is continued by the one of the same level, code
// and name that begins on that day: a hamlet whose commune changed. Codes alone continue nothing, because they are
// reused for other places.
func (t *territory) heirs(id int64) []inherited {
	if rows, ok := t.heirOf[id]; ok {
		return rows
	}
	u := t.byID[id]
	rows := []inherited{{u.valid, id}}
	if end := u.valid.to; end != forever {
		rows = append(rows, t.common(t.successors(u, end), end)...)
	}
	t.heirOf[id] = rows
	return rows
}

// successors are the units that a unit's people went to on the day it ended.
func (t *territory) successors(u *territoryUnit, on day) []*territoryUnit {
	var people, land []*territoryUnit
	for _, s := range t.next[levelCode{u.Level, u.Code}] {
		if day(s.EffectiveOn) != on {
			continue
		}
		for _, to := range t.byCode[levelCode{s.ToLevel, s.ToCode}] {
			if !to.valid.holds(on) {
				continue
			}
			if s.Extent == "area_only" {
				land = append(land, to)
			} else {
				people = append(people, to)
			}
		}
	}
	if len(people) > 0 {
		return people
	}
	if len(land) > 0 {
		return land
	}
	for _, to := range t.byCode[levelCode{u.Level, u.Code}] {
		if to.valid.from == on && to.Name == u.Name {
			return []*territoryUnit{to}
		}
	}
	return nil
}

// common answers, for each stretch of days from a day on, the smallest unit that holds the heirs of all these units.
func (t *territory) common(units []*territoryUnit, from day) []inherited {
	if len(units) == 0 {
		return nil
	}
	after := period{from, forever}
	var periods []period
	for _, u := range units {
		for _, h := range t.heirs(u.ID) {
			for _, row := range t.chains[h.unit] {
				if p := row.period.and(h.period).and(after); !p.empty() {
					periods = append(periods, p)
				}
			}
		}
	}
	var rows []inherited
	for _, p := range stretches(periods) {
		holder := t.commonOn(units, p.from)
		if holder == 0 {
			continue
		}
		if n := len(rows); n > 0 && rows[n-1].to == p.from && rows[n-1].unit == holder {
			rows[n-1].to = p.to
			continue
		}
		rows = append(rows, inherited{p, holder})
	}
	return rows
}

// commonOn is the smallest unit that holds, on a day, the heirs of all these units; 0: none does.
func (t *territory) commonOn(units []*territoryUnit, d day) int64 {
	var shared chain
	for i, u := range units {
		var c chain
		for _, h := range t.heirs(u.ID) {
			if h.holds(d) {
				c, _ = t.chainOn(h.unit, d)
			}
		}
		if i == 0 {
			shared = c
			continue
		}
		for r := range shared {
			if shared[r] != c[r] {
				shared[r] = 0
			}
		}
	}
	for r := len(shared) - 1; r >= 0; r-- {
		if shared[r] != 0 {
			return shared[r]
		}
	}
	return 0
}
