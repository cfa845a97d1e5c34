package synthetic

import (
	"fmt"
	"math"
)

// hamlet is the smallest unit; it lies in one cell.
type hamlet struct {
	code, name, kind string
	cell             int
	isle             int     // the island it is, or -1
	x, y             float64 // middle, km
	people           float64 // weight
	areaKm2          float64
	built            bool // streets, not canals
	quota
	story
}

// settle divides the cells into hamlets, about as many as wanted in all, and numbers them.
func (l *land) settle(wanted int64) {
	weight := make([]float64, len(l.cells))
	limit := make([]int64, len(l.cells))
	people := 0.0
	for i := range l.cells {
		c := &l.cells[i]
		n := &l.after[c.new]
		density := 1.0
		switch o := &l.before[c.old]; {
		case o.kind == "phuong" && len(o.name) <= 2:
			density = 9
		case o.kind == "phuong":
			density = 4
		case o.kind == "thi_tran":
			density = 3
		}
		sum := 0.0
		for _, id := range n.cells {
			d := 1.0
			switch o := &l.before[l.cells[id].old]; {
			case o.kind == "phuong" && len(o.name) <= 2:
				d = 9
			case o.kind == "phuong":
				d = 4
			case o.kind == "thi_tran":
				d = 3
			}
			sum += d * l.cells[id].areaKm2
		}
		c.people = n.people() * density * c.areaKm2 / sum
		people += c.people
		weight[i] = math.Pow(c.people, 0.75)
		limit[i] = l.capacity(i)
	}
	// one for each cell, and one more for each island's
	count := make([]int64, len(l.cells))
	for i := range count {
		count[i] = 1
	}
	for _, s := range islands {
		if id := l.cellNamed(s.old, s.new); id >= 0 && !l.plain {
			count[id]++
		}
	}
	spare := wanted
	for i, n := range count {
		spare -= n
		limit[i] = max(0, limit[i]-n)
	}
	for i, n := range shares(max(0, spare), weight, limit) {
		count[i] += n
	}
	for i := range l.before {
		serial := 0
		width := 2
		total := int64(0)
		for _, id := range l.before[i].cells {
			total += count[id]
		}
		if total > 99 {
			width = 3
		}
		names := newNamer(l.seed, i, l.before[i].kind != "xa")
		for _, id := range l.before[i].cells {
			l.cut(id, int(count[id]))
			for _, h := range l.cells[id].hamlets {
				serial++
				l.hamlets[h].code = fmt.Sprintf("%s%0*d", l.before[i].code, width, serial)
				l.hamlets[h].kind = "ap"
				if l.before[i].kind != "xa" {
					l.hamlets[h].kind = "khom"
				}
				if k := l.hamlets[h].isle; k >= 0 {
					l.hamlets[h].name = islands[k].name
				} else {
					l.hamlets[h].name = names.next()
				}
			}
		}
	}
}

// addHamlet adds a hamlet to a cell and returns its index.
func (l *land) addHamlet(id, isle int, x, y, areaKm2 float64) int {
	c := &l.cells[id]
	reach := 0.55 * math.Sqrt(c.areaKm2/math.Pi)
	built := c.urban && isle < 0 && (l.before[c.old].kind == "phuong" && c.areaKm2 < 14 || dist2(x, y, c.x, c.y) < reach*reach)
	c.hamlets = append(c.hamlets, len(l.hamlets))
	l.hamlets = append(l.hamlets, hamlet{built: built, cell: id, isle: isle, x: x, y: y, areaKm2: areaKm2})
	return len(l.hamlets) - 1
}
