package synthetic

import "math"

// story is what happens in a hamlet over the years.
type story struct {
	founded        int64   // its team
	gapFrom, gapTo int64   // the team was dissolved and founded anew before 2024-09-30; 0: no
	dissolved      int64   // its team after 2024-09-30; 0: goes on
	refounded      int64   // a new team after that; 0: none
	pauseFrom      int64   // no visits from then …
	pauseTo        int64   // … until then
	zeal           float64 // how much of the register the team reaches by 2024-09-30
	lateRegister   bool    // nobody on the register on 2024-09-30
	neverRegister  bool    // nor later
	unvisitedThen  bool    // nobody visited by 2024-09-30
	neverVisited   bool    // nor later
	officeBase     bool    // the team meets at the commune's office
	noBase         bool    // its place isn't known
	helped         bool    // a neighbour's team serves it for a while
	commune        bool    // its team serves the whole commune for a while
}

var (
	firstDay   = day("2022-01-03")
	pilotFrom  = day("2022-03-07")
	pilotTo    = day("2022-09-15")
	spreadFrom = day("2023-01-04")
	spreadTo   = day("2023-11-30")
)

// tell decides every hamlet's story. The counts grow with the province, and each kind of
// trouble comes up at least twice whatever its size.
func (l *land) tell(pilotTeams int64) {
	n := len(l.hamlets)
	few := func(share float64) int { return max(2, int(math.Round(share*float64(n)))) }
	order := l.ranked(100)
	taken := make([]bool, n)
	next := 0
	take := func(k int, want func(h *hamlet) bool, do func(k int, h *hamlet)) {
		for at, done := next, 0; at < n && done < k; at++ {
			h := &l.hamlets[order[at]]
			if taken[order[at]] || h.isle >= 0 || want != nil && !want(h) {
				continue
			}
			taken[order[at]] = true
			do(done, h)
			done++
		}
	}
	pilots := l.pilots(pilotTeams)
	for i := range l.hamlets {
		h := &l.hamlets[i]
		luck := unitHash(l.seed, i, 101)
		switch {
		case pilots[i]:
			h.founded = pilotFrom + int64(luck*float64(pilotTo-pilotFrom))
		default:
			h.founded = spreadFrom + int64(luck*luck*float64(spreadTo-spreadFrom))
		}
		h.zeal = 1.05 - 0.45*unitHash(l.seed, i, 102)*unitHash(l.seed, i, 103) - 0.25*float64(h.founded-pilotFrom)/float64(spreadTo-pilotFrom)
		if l.cape(h) {
			h.zeal *= 0.45 + 0.4*unitHash(l.seed, i, 104)
			h.officeBase = unitHash(l.seed, int(mix(uint64(h.cell), 1, 1)%1000), 105) < 0.8
		} else if unitHash(l.seed, i, 106) < 0.012 {
			h.officeBase = true
		}
		h.noBase = !h.officeBase && unitHash(l.seed, i, 107) < 0.08
		if h.isle >= 0 {
			h.officeBase, h.zeal = true, 0.3
			if h.isle == 1 {
				h.unvisitedThen, h.neverVisited = true, true
			}
		}
	}
	young := func(h *hamlet) bool { return h.founded > pilotTo }
	take(few(0.009), young, func(k int, h *hamlet) {
		h.lateRegister, h.unvisitedThen = true, true
		h.neverRegister = k%3 == 0
		h.neverVisited = h.neverRegister
	})
	take(few(0.011), young, func(k int, h *hamlet) {
		h.founded = day("2024-08-12") + int64(k*7%36)
		h.unvisitedThen = true
		h.neverVisited = k == 0
	})
	take(few(0.018), young, func(k int, h *hamlet) { // founded late, but at work already
		h.founded = day("2024-02-05") + int64(k*13%170)
		h.zeal *= 0.35
	})
	take(few(0.06), nil, func(k int, h *hamlet) {
		h.pauseFrom, h.pauseTo = day("2024-01-15")+int64(k*11%60), day("2024-11-20")+int64(k*7%90)
		h.zeal *= 0.8
	})
	take(few(0.10), nil, func(k int, h *hamlet) { h.pauseFrom, h.pauseTo = day("2025-09-20")+int64(k*17%200), lastDay+1 })
	take(few(0.016), func(h *hamlet) bool { return h.founded < day("2023-01-01") }, func(k int, h *hamlet) {
		h.gapFrom = day("2023-04-03") + int64(k*23%150)
		h.gapTo = h.gapFrom + 40 + int64(k*31%80)
	})
	take(few(0.036), nil, func(k int, h *hamlet) {
		h.dissolved = day("2025-02-10") + int64(k*37%480)
		switch k % 3 {
		case 1:
			h.refounded = h.dissolved + 60 + int64(k*19%70)
		case 2:
			h.helped = k%2 == 0
		}
	})
	take(few(0.012), nil, func(k int, h *hamlet) { h.commune = true })
}

// cape says whether a hamlet lies in the mangrove of the south, far from everything.
func (l *land) cape(h *hamlet) bool {
	if l.plain {
		return unitHash(l.seed, l.cells[h.cell].old, 300) < 0.12
	}
	d := l.before[l.cells[h.cell].old].parent
	return d == "973" || d == "971" && !h.built
}

// pilots are the hamlets with a team in 2022: so many, in 48 communes, each with one.
func (l *land) pilots(teams int64) map[int]bool {
	communes := map[int]bool{}
	for k := 0; len(communes) < min(48, len(l.before)); k++ {
		i := int(mix(l.seed, 48, uint64(k)) % uint64(len(l.before)))
		if d := l.before[i].parent; d != "973" || k%3 == 0 {
			communes[i] = true
		}
	}
	chosen, first := map[int]bool{}, map[int]bool{}
	order := l.ranked(108)
	for _, every := range [2]bool{false, true} {
		for _, i := range order {
			old := l.cells[l.hamlets[i].cell].old
			if h := &l.hamlets[i]; h.isle >= 0 || !communes[old] || chosen[i] || !every && first[old] || every && int64(len(chosen)) >= teams {
				continue
			}
			chosen[i], first[old] = true, true
		}
	}
	return chosen
}

// visiting says whether a hamlet's team makes visits on a day.
func (s *story) visiting(d int64) bool {
	switch {
	case d <= s.founded, s.neverVisited:
		return false
	case s.gapFrom != 0 && d >= s.gapFrom && d <= s.gapTo:
		return false
	case s.pauseFrom != 0 && d >= s.pauseFrom && d < s.pauseTo:
		return false
	case s.dissolved != 0 && d >= s.dissolved && (s.refounded == 0 || d <= s.refounded):
		return false
	}
	return true
}
