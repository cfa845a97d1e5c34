package db_test

import (
	"cmp"
	"slices"
	"strconv"

	"vunglom/db"
)

// wcarried is what reports on the units of one day say of a unit of another.
type wcarried struct {
	guided      *int
	share       *float64
	apportioned *float64
	reports     int
	missing     bool // a part of it is known of nobody
	parts       int
}

// noted tells whether there is something to say about the figure.
func (c *wcarried) noted() bool { return c.missing || c.parts == 0 || c.reports > 1 }

// wpart is a unit's part of what is reported of another.
type wpart struct {
	of        *wunit
	addresses int
	whole     int
	guided    int // households
}

// carry carries the reports on the units of a level on one day over to those of another: as a sentence of the schema says it.
func (w *world) carry(level, day, boundaries string) map[*wunit]*wcarried {
	if !slices.ContainsFunc(w.reports, func(r wreport) bool { return r.level == level && r.on <= day }) {
		return nil
	}
	plain := w.count(day)
	parts := map[*wunit][]wpart{}
	for _, v := range w.units {
		if v.level != level || !v.valid(day) {
			continue
		}
		to := map[*wunit]int{}
		if kin := w.kin(v, boundaries); kin != nil && kin.level == level {
			to[kin] = 1
		} else {
			for _, a := range w.addresses {
				if a.kind == "household" && w.at(a, level, day) == v {
					if u := w.at(a, level, boundaries); u != nil {
						to[u]++
					}
				}
			}
		}
		whole, value := 0, 0
		for _, n := range to {
			whole += n
		}
		if c := plain[v].coverage(day); c.Basis == db.BasisReport {
			value = *c.Guided
		}
		var shares []wpart
		var units []*wunit
		left := value
		for u, n := range to {
			units = append(units, u)
			shares = append(shares, wpart{v, n, whole, value * n / whole})
			left -= value * n / whole
		}
		order := make([]int, len(shares))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(value*shares[b].addresses%whole, value*shares[a].addresses%whole), cmp.Compare(units[a].code, units[b].code))
		})
		for _, i := range order[:min(left, len(order))] { // with nobody to go to it goes nowhere
			shares[i].guided++
		}
		for i, u := range units {
			parts[u] = append(parts[u], shares[i])
		}
	}
	answer := map[*wunit]*wcarried{}
	for _, u := range w.units {
		if u.level != level || !u.valid(boundaries) || (len(parts[u]) == 1 && parts[u][0].of == u) {
			continue
		}
		answer[u] = sumOfParts(plain, parts[u], day)
	}
	return answer
}

func sumOfParts(plain map[*wunit]*wcount, parts []wpart, day string) *wcarried {
	c := &wcarried{parts: len(parts)}
	sum, carried, reported, weights := 0, 0.0, 0, 0.0
	for _, p := range parts {
		switch f := plain[p.of].coverage(day); f.Basis {
		case db.BasisNone:
			c.missing = true
		case db.BasisReport:
			c.reports++
			c.share = f.Share
			sum += p.guided
			weight := float64(p.addresses) / float64(p.whole)
			carried, reported, weights = carried+float64(*f.Guided)*weight, reported+*f.Guided, weights+weight
		}
	}
	if c.reports != 1 {
		c.share = nil
	}
	if c.reports > 0 && !c.missing {
		share := weights / float64(c.reports)
		if reported > 0 {
			share = carried / float64(reported)
		}
		c.guided, c.apportioned = &sum, &share
	}
	return c
}

// at returns the unit of a level in which an address lies on a day.
func (w *world) at(a *waddress, level, day string) *wunit {
	commune, hamlet := w.locate(a.x, a.y, day)
	if level == "hamlet" {
		return hamlet
	}
	for _, u := range w.chain(commune, day) {
		if u.level == level {
			return u
		}
	}
	return nil
}

// reportedOnly leaves so few households that most units are known from reports alone, and reports on nearly every unit: a
// published figure as of its first day and one of a later day.
func (w *world) reportedOnly(chance float64) {
	w.households = slices.DeleteFunc(w.households, func(h *whousehold) bool { return h.code > "N000012" })
	w.adoptions = slices.DeleteFunc(w.adoptions, func(a wadoption) bool { return !slices.Contains(w.households, a.household) })
	w.reports = nil
	for i, u := range w.units {
		if float64(i*37%100) >= chance*100 {
			continue
		}
		for n, on := range []string{max(u.from, "2022-03-01"), max(u.from, "2025-09-01")} {
			if u.valid(on) && (n == 0 || on != max(u.from, "2022-03-01")) {
				w.reports = append(w.reports, wreport{u.level, u.code, on, 10 + i*7%400 + n, "0." + strconv.Itoa(1+i%9)})
			}
		}
	}
}
