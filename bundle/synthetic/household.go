package synthetic

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// status of a household on 2024-09-30.
const (
	notVisited = iota
	attempted
	ineligible
	guided
)

// household is one while its rows are made.
type household struct {
	code        string
	status      int
	core        bool // on the register on 2024-09-30
	from, to    int64
	firstVisit  int64 // 0: none yet
	firstGuided int64
}

// home makes a hamlet's addresses, households, visits and adoptions, and writes them.
type home struct {
	*land
	ts     tables
	index  int
	h      *hamlet
	r      *rand.Rand
	serial int // of households
	visits int // of visits
	hamlet string
}

// writeHamlet writes all that lies in one hamlet.
func (l *land) writeHamlet(ts tables, index int) {
	h := &l.hamlets[index]
	m := &home{land: l, ts: ts, index: index, h: h, r: stream(l.seed, forHousehold, uint64(index)), hamlet: h.code}
	p := l.plotsOf(index)
	l.writeTeams(ts, index, p)
	m.writeAddresses(p)
	m.writeHouseholds()
	l.writeOtherAddresses(ts["addresses"], index, p)
}

func (m *home) address(i int64) string {
	return fmt.Sprintf("%s%08d", m.province, m.h.firstAddress+i+1)
}

// writeAddresses places the hamlet's digital addresses, all of them of households.
func (m *home) writeAddresses(plots plots) {
	r := stream(m.seed, forSettlement, uint64(m.index))
	neighbour := m.besides(m.index)
	for i, p := range m.houses(m.index, m.h.addresses, plots, r) {
		lon, lat := toDegrees(p.x, p.y)
		commune, hamlet := "", ""
		switch luck := r.Float64(); {
		case luck < 0.0002*m.oddness && neighbour >= 0: // the surveyor took it for the next hamlet
			hamlet = m.hamlets[neighbour].code
		case luck < 0.8:
			hamlet = m.h.code
		case luck < 0.802+0.001*m.oddness:
			commune = m.before[m.cells[m.h.cell].old].code
		}
		if m.hide != nil {
			commune, hamlet = "", m.hidden(m.index, i)
		}
		label := ""
		if m.h.built {
			if label = "Số " + strconv.Itoa(i+1); m.hide == nil {
				label += ", " + m.h.fullName()
			}
		}
		m.ts["addresses"].put("dia_chi_so", m.address(int64(i)), lon, lat, "household", commune, hamlet, label,
			date(between(r, day("2022-10-03"), day("2023-03-24"))))
	}
}

// writeHouseholds writes who lives there: those on the register on 2024-09-30 by quota,
// then those who had left before and those who came after.
func (m *home) writeHouseholds() {
	h, r := m.h, m.r
	core := h.register
	homeless := min(core/4, core*7/1000+int64(r.IntN(2))) // without a known address
	housed := core - homeless
	used := min(housed, int64(float64(h.addresses)*(0.93+0.04*r.Float64())))
	used = max(used, min(1, housed))
	order := r.Perm(int(h.addresses))
	status := make([]int, core)
	k := int64(0)
	for _, part := range []struct {
		n      int64
		status int
	}{{h.guided, guided}, {h.ineligible, ineligible}, {h.attempted, attempted}} {
		for range part.n {
			status[k] = part.status
			k++
		}
	}
	r.Shuffle(len(status), func(i, j int) { status[i], status[j] = status[j], status[i] })
	adopters := m.adopters(status)
	for i := range core {
		address := ""
		if i < housed {
			address = m.address(int64(order[i%used]))
		}
		m.writeCore(int(i), status[i], address, adopters[i])
	}
	vacant := order[used:]
	take := func() string {
		if len(vacant) == 0 || r.Float64() < 0.3 {
			return m.address(int64(order[r.IntN(len(order))]))
		}
		a := vacant[0]
		vacant = vacant[1:]
		return m.address(int64(a))
	}
	for range core * 16 / 1000 {
		m.writeGone(m.address(int64(order[r.IntN(len(order))])))
	}
	late := int64(float64(h.addresses)*0.024) + int64(r.IntN(2))
	switch {
	case h.neverRegister:
		late = 0
	case h.lateRegister:
		late = h.addresses * 9 / 10
	}
	for range late {
		m.writeLate(take())
	}
}

// adopters marks which of the guided have adopted what by 2024-09-30.
func (m *home) adopters(status []int) [][3]bool {
	marks := make([][3]bool, len(status))
	var guidedOnes []int
	for i, s := range status {
		if s == guided {
			guidedOnes = append(guidedOnes, i)
		}
	}
	for k, n := range [3]int64{m.h.publicService, m.h.payment, m.h.commerce} {
		r := stream(m.seed, forHousehold+100, uint64(m.index)<<4+uint64(k))
		r.Shuffle(len(guidedOnes), func(i, j int) { guidedOnes[i], guidedOnes[j] = guidedOnes[j], guidedOnes[i] })
		for _, i := range guidedOnes[:n] {
			marks[i][k] = true
		}
	}
	return marks
}

// campaign is when a hamlet's households were entered in the register.
func (m *home) campaign() (from, to int64) {
	to = m.h.founded
	return max(firstDay, to-60), to
}

// writeCore writes a household that is on the register on 2024-09-30.
func (m *home) writeCore(i, status int, address string, adopts [3]bool) {
	r := m.r
	from, to := m.campaign()
	x := household{status: status, core: true, from: between(r, from, to)}
	if status == notVisited && r.Float64() < 0.3 {
		x.from = between(r, from, figureDay)
	}
	if r.Float64() < 0.022 {
		x.to = between(r, figureDay+1, lastDay)
	}
	declared, commune := "", ""
	switch luck := r.Float64(); {
	case address == "" && luck < 0.1 && len(m.before[m.cells[m.h.cell].old].cells) == 1:
		commune = m.communeOn(m.h, x.from)
	case address == "":
		declared = m.h.code
	case luck < 0.0004*m.oddness:
		if n := m.besides(m.index); n >= 0 { // it says it belongs next door
			declared = m.hamlets[n].code
		}
	case luck < 0.0006*m.oddness:
		commune = m.before[(m.cells[m.h.cell].old+1)%len(m.before)].code
		if x.from >= mergeDay && !m.plain {
			commune = ""
		}
	case luck < 0.7:
		declared = m.h.code
	}
	m.writeHousehold(&x, address, commune, declared)
	m.visitsUntil(&x)
	m.visitsAfter(&x)
	m.adoptions(&x, adopts)
}

// writeGone writes a household that had left the register by 2024-09-30.
func (m *home) writeGone(address string) {
	from, to := m.campaign()
	x := household{from: between(m.r, from, to)}
	if x.from+40 >= figureDay {
		return
	}
	x.to = between(m.r, x.from+40, figureDay)
	m.writeHousehold(&x, address, "", m.h.code)
	if !m.h.unvisitedThen && m.r.Float64() < 0.6 {
		if d := between(m.r, x.from+1, x.to-1); m.h.visiting(d) {
			m.visit(&x, d, m.outcome(0.7))
		}
	}
	m.adoptions(&x, [3]bool{})
}

// writeLate writes a household that came on the register after 2024-09-30.
func (m *home) writeLate(address string) {
	r := m.r
	x := household{from: between(r, figureDay+1, lastDay-10)}
	if m.h.lateRegister {
		x.from = between(r, day("2025-02-03"), day("2025-04-28"))
	}
	if r.Float64() < 0.03 {
		x.to = between(r, x.from+1, lastDay+1)
	}
	declared := ""
	if r.Float64() < 0.7 {
		declared = m.h.code
	}
	m.writeHousehold(&x, address, "", declared)
	m.visitsAfter(&x)
	m.adoptions(&x, [3]bool{})
}

func (m *home) writeHousehold(x *household, address, commune, declared string) {
	m.serial++
	x.code = fmt.Sprintf("HH%s%04d", m.hamlet, m.serial)
	scheme := ""
	if address != "" {
		scheme = "dia_chi_so"
	}
	var persons any
	if m.r.Float64() < 0.97 {
		persons = whole(1 + m.r.IntN(4) + m.r.IntN(4))
	}
	m.ts["households"].put(x.code, scheme, address, commune, declared, persons, date(x.from), date(x.to))
}
