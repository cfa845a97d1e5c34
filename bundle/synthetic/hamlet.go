package synthetic

import (
	"fmt"
	"math"
)

// hamlet is the smallest unit; it lies in one cell.
type hamlet struct {
	code, name, kind string
	cell             int
	isle             int // the island it is, or -1
	sites            []int32
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
		all := float64(n.population)
		if all == 0 {
			all = n.areaKm2 * 210
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
			sum += d * float64(len(l.cells[id].sites))
		}
		c.people = all * density * float64(len(c.sites)) / sum
		people += c.people
		weight[i] = math.Pow(c.people, 0.75)
		limit[i] = int64(max(1, len(c.sites)/2))
	}
	// one for each cell, and one more for each island's
	count := make([]int64, len(l.cells))
	for i := range count {
		count[i] = 1
	}
	for _, s := range islands {
		count[l.cellNamed(s.old, s.new)]++
	}
	spare := wanted
	for i, n := range count {
		spare -= n
		limit[i] = max(0, limit[i]-n)
	}
	for i, n := range shares(max(0, spare), weight, limit) {
		count[i] += n
	}
	label := make([]int32, len(l.x))
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
			l.cut(id, int(count[id]), label)
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
	for i := range l.x {
		if l.atom[i] < 0 && l.newOf[i] >= 0 {
			l.atom[i] = int32(len(l.hamlets)) + l.newOf[i]
		}
	}
}

// cut divides one cell into n hamlets; an island is one by itself.
func (l *land) cut(id, n int, label []int32) {
	c := &l.cells[id]
	byIsle := make([][]int32, len(islands))
	var ground []int32
	for _, s := range c.sites {
		if k := l.isle[s]; k >= 0 {
			byIsle[k] = append(byIsle[k], s)
		} else {
			ground = append(ground, s)
		}
	}
	for k, sites := range byIsle {
		if len(sites) > 0 {
			n--
			l.addHamlet(id, k, sites)
		}
	}
	r := stream(l.seed, forHamlet, uint64(id))
	seeds := make([]seedPoint, n)
	for k := range seeds {
		// of a few random sites the one farthest from the seeds so far
		best := -1.0
		for range 12 {
			s := ground[r.IntN(len(ground))]
			d := math.Inf(1)
			for _, o := range seeds[:k] {
				d = min(d, dist2(l.x[s], l.y[s], o.x, o.y))
			}
			if d > best {
				best, seeds[k].x, seeds[k].y = d, l.x[s], l.y[s]
			}
		}
		seeds[k].target = 0.7 + 0.8*r.Float64()
	}
	l.partition(ground, seeds, 36, 0.12, label)
	parts := make([][]int32, n)
	for _, s := range ground {
		parts[label[s]] = append(parts[label[s]], s)
	}
	for _, p := range parts {
		if len(p) > 0 {
			l.addHamlet(id, -1, p)
		}
	}
}

func (l *land) addHamlet(id, isle int, sites []int32) {
	h := len(l.hamlets)
	l.cells[id].hamlets = append(l.cells[id].hamlets, h)
	x, y := l.middle(sites)
	c := &l.cells[id]
	reach := 0.55 * math.Sqrt(float64(len(c.sites))*l.siteAreaKm2/math.Pi)
	built := c.urban && isle < 0 && (l.before[c.old].kind == "phuong" || dist2(x, y, c.x, c.y) < reach*reach)
	l.hamlets = append(l.hamlets, hamlet{built: built, cell: id, isle: isle, sites: sites, x: x, y: y, areaKm2: float64(len(sites)) * l.siteAreaKm2})
	for _, s := range sites {
		l.atom[s] = int32(h)
	}
}
