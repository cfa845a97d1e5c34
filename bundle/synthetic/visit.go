package synthetic

import (
	"fmt"
	"strings"
)

var topics = []string{"smartphone", "online_service", "vneid", "e_payment", "e_commerce", "health", "online_safety", "wifi"}

// outcome draws how a visit goes, given the chance that the household is guided.
func (m *home) outcome(chance float64) string {
	switch luck := m.r.Float64(); {
	case luck < chance:
		return "guided"
	case luck < chance+(1-chance)*0.62:
		return "not_home"
	case luck < chance+(1-chance)*0.95:
		return "declined"
	}
	return "ineligible"
}

func (m *home) miss() string {
	if m.r.Float64() < 0.68 {
		return "not_home"
	}
	return "declined"
}

// visit writes one visit.
func (m *home) visit(x *household, d int64, outcome string) {
	m.visits++
	said := ""
	if outcome == "guided" {
		if x.firstGuided == 0 || d < x.firstGuided {
			x.firstGuided = d
		}
		at, n := m.r.IntN(len(topics)), 1+m.r.IntN(3)
		list := make([]string, 0, n)
		for k := range n {
			list = append(list, topics[(at+k*3)%len(topics)])
		}
		said = strings.Join(list, ";")
	}
	if x.firstVisit == 0 || d < x.firstVisit {
		x.firstVisit = d
	}
	m.ts["visits"].put(fmt.Sprintf("LT%s%05d", m.hamlet, m.visits), x.code, m.h.teamOn(d), date(d), outcome, said)
}

// workday finds a day of visits in [from, to], early ones likelier the higher the haste;
// 0 if the team makes none in that time.
func (m *home) workday(from, to int64, haste float64) int64 {
	if from > to {
		return 0
	}
	for range 12 {
		u := m.r.Float64()
		for range int(haste) {
			u *= 0.5 + 0.5*m.r.Float64()
		}
		if d := from + int64(u*float64(to-from+1)); m.h.visiting(d) {
			return d
		}
	}
	for d := from; d <= to; d++ {
		if m.h.visiting(d) {
			return d
		}
	}
	return 0
}

// pilotPace is the share of those guided by 2024-09-30 whom the pilot reached in 2022
// already; "more than 70,600 households" were published.
const pilotPace = 0.59

// visitsUntil writes the visits up to 2024-09-30 that give the household its status.
func (m *home) visitsUntil(x *household) {
	from := max(x.from, m.h.founded+1)
	switch x.status {
	case guided:
		d := int64(0)
		if m.h.founded < spreadFrom && m.r.Float64() < pilotPace { // the pilot went about it fast
			d = m.workday(from, spreadFrom-1, 0)
		}
		if d == 0 {
			d = m.workday(from, figureDay, 1)
		}
		if m.r.Float64() < 0.28 {
			if e := m.workday(from, d-1, 0); e != 0 {
				m.visit(x, e, m.miss())
			}
		}
		m.visit(x, d, "guided")
		if m.r.Float64() < 0.17 {
			if e := m.workday(d+1, figureDay, 0); e != 0 {
				outcome := "guided"
				if m.r.Float64() < 0.12 {
					outcome = m.miss()
				}
				m.visit(x, e, outcome)
			}
		}
	case attempted:
		d := m.workday(from, figureDay, 0)
		m.visit(x, d, m.miss())
		if m.r.Float64() < 0.35 {
			if e := m.workday(d+1, figureDay, 0); e != 0 {
				m.visit(x, e, m.miss())
			}
		}
	case ineligible:
		m.visit(x, m.workday(from, figureDay, 0), "ineligible")
	}
}

// visitsAfter writes the visits after 2024-09-30.
func (m *home) visitsAfter(x *household) {
	from, to := max(x.from, m.h.founded+1, figureDay+1), lastDay
	if x.to != 0 {
		to = x.to - 1
	}
	often, chance := 0.42, 0.66
	switch {
	case x.core && x.status == guided:
		often, chance = 0.24, 0.85
	case x.core && x.status == attempted:
		often = 0.5
	case x.core && x.status == ineligible:
		often, chance = 0.1, 0.1
	case !x.core, m.h.unvisitedThen:
		often = 0.75
	}
	for range 2 {
		if m.r.Float64() >= often {
			return
		}
		d := m.workday(from, to, 0)
		if d == 0 {
			return
		}
		outcome := m.outcome(chance)
		m.visit(x, d, outcome)
		if outcome == "guided" {
			return
		}
		from = d + 1
	}
}
