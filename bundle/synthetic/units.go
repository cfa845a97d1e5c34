package synthetic

import "math"

// populate shares the people of a cell among its hamlets.
func (l *land) populate() {
	for i := range l.cells {
		c := &l.cells[i]
		sum := 0.0
		weigh := func(h int) float64 {
			m := &l.hamlets[h]
			w := 0.55 + 0.9*unitHash(l.seed, h, 20)
			if m.built {
				w *= 1.5
			}
			if m.isle >= 0 {
				w *= islands[m.isle].households
			}
			return w
		}
		for _, h := range c.hamlets {
			sum += weigh(h)
		}
		for _, h := range c.hamlets {
			l.hamlets[h].people = c.people * weigh(h) / sum
		}
	}
}

// writeUnits writes the units of every level and time, with their polygons.
func (l *land) writeUnits(ts tables) {
	o := ts["units"]
	put := func(u *unit, parentLevel string, s shape) {
		var people any
		if u.population > 0 {
			people = whole(u.population)
		}
		o.put(u.level, u.code, u.name, u.kind, parentLevel, u.parent, date(u.from), date(u.to), people, nil, s, nil)
	}
	var districts []unit
	for _, u := range l.facts.units {
		if u.level == "district" {
			districts = append(districts, u)
		}
	}
	for i := range l.facts.units {
		u := &l.facts.units[i]
		if u.level != "province" {
			continue
		}
		switch _, drawn := l.ground.(*drawn); {
		case !drawn: // as in the file
			put(u, "", nil)
		case u.from >= reformDay:
			put(u, "", l.wholeShape())
		default:
			put(u, "", l.union(func(*cell) int { return 0 }, 1)[0])
		}
	}
	if !l.plain {
		l.writeOldUnits(put, districts)
	}
	for i, s := range l.afterShapes() {
		put(&l.after[i].unit, "province", s)
	}
	shapes := l.hamletShapes()
	again, anew := -1, shape(nil)
	if _, ok := l.ground.(*drawn); ok { // real polygons stay as they are
		again, anew = l.redraw(shapes)
	}
	for i, s := range shapes {
		h := &l.hamlets[i]
		for _, p := range l.parents(h) {
			if i == again && p.from == reformDay {
				s = anew
			}
			if l.hide != nil {
				s = nil
			}
			o.put("hamlet", h.code, h.name, h.kind, "commune", p.code, date(p.from), date(p.to),
				nil, whole(h.register+int64(math.Round(float64(h.addresses)*0.01))), s, nil)
		}
	}
}

// writeOldUnits writes the districts and communes until 2025-07-01.
func (l *land) writeOldUnits(put func(*unit, string, shape), districts []unit) {
	district := map[string]int{}
	for i := range districts {
		district[districts[i].code] = i
	}
	for i, s := range l.union(func(c *cell) int { return district[l.before[c.old].parent] }, len(districts)) {
		put(&districts[i], "province", s)
	}
	for i, s := range l.union(func(c *cell) int { return c.old }, len(l.before)) {
		put(&l.before[i].unit, "district", s)
	}
	for i, s := range l.union(func(c *cell) int { return c.mid }, len(l.between)) {
		if l.between[i].from == mergeDay { // the others are as before
			put(&l.between[i].unit, "district", s)
		}
	}
}

// parents lists the communes a hamlet belonged to, in order, each with the days.
func (l *land) parents(h *hamlet) []unit {
	c := &l.cells[h.cell]
	if l.plain {
		return []unit{l.after[c.new].unit}
	}
	old, mid, now := l.before[c.old].unit, l.between[c.mid].unit, l.after[c.new].unit
	if mid.from == mergeDay {
		return []unit{old, mid, now}
	}
	return []unit{old, now}
}

// communeOn returns the code of the commune that a hamlet belongs to on a day.
func (l *land) communeOn(h *hamlet, d int64) string { return l.parentOn(h, d).code }

// communeNameOn returns its name with its kind.
func (l *land) communeNameOn(h *hamlet, d int64) string {
	u := l.parentOn(h, d)
	return u.fullName()
}

func (l *land) parentOn(h *hamlet, d int64) unit {
	all := l.parents(h)
	for _, p := range all {
		if p.validOn(d) {
			return p
		}
	}
	return all[0] // without history: a day of the story, which the clock moves
}

// writeSuccessions writes what became of the communes, the province, and each hamlet that
// got a new parent.
func (l *land) writeSuccessions(ts tables) {
	o := ts["successions"]
	why := map[int64]string{}
	for _, s := range l.facts.successions {
		o.put(s.level, s.from, s.level, s.to, date(s.on), s.extent, s.decision)
		if s.level == "commune" {
			why[s.on] = s.decision
		}
	}
	for i := range l.hamlets {
		h := &l.hamlets[i]
		for _, p := range l.parents(h)[1:] {
			o.put("hamlet", h.code, "hamlet", h.code, date(p.from), "whole", why[p.from])
		}
	}
}
