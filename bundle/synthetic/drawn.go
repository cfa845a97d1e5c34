package synthetic

import (
	"math"
	"math/rand/v2"
)

// ground answers what lies where: over drawn polygons or over real ones.
type ground interface {
	// capacity is the most hamlets that a cell can be cut into.
	capacity(cell int) int64
	// cut divides a cell into about n hamlets and adds them to the land.
	cut(cell, n int)
	// holds says whether a point lies in the hamlet, clear of its border.
	holds(hamlet int, x, y float64) bool
	// extent lists points that the hamlet reaches to.
	extent(hamlet int) []spot
	// inner draws a point in the hamlet.
	inner(hamlet int, r *rand.Rand) spot
	// centre is a point amid a cell and inside it.
	centre(cell int) spot
	// touching lists for every hamlet the nearest of those it touches, -1: none.
	touching() []int32
	// union unites cells into n shapes by a number that a function gives each.
	union(of func(c *cell) int, n int) []shape
	// hamletShapes, afterShapes and wholeShape are the polygons of the hamlets, of the
	// communes since 2025-07-01 and of the province since then.
	hamletShapes() []shape
	afterShapes() []shape
	wholeShape() shape
	// offshore lists points outside every polygon, off the coast.
	offshore() []spot
}

func (l *drawn) capacity(cell int) int64 { return int64(max(1, len(l.cellSites[cell])/2)) }

// cut divides one cell into n hamlets; an island is one by itself.
func (l *drawn) cut(id, n int) {
	label := l.label
	byIsle := make([][]int32, len(islands))
	var ground []int32
	for _, s := range l.cellSites[id] {
		if k := l.isle[s]; k >= 0 {
			byIsle[k] = append(byIsle[k], s)
		} else {
			ground = append(ground, s)
		}
	}
	for k, sites := range byIsle {
		if len(sites) > 0 {
			n--
			l.add(id, k, sites)
		}
	}
	r := stream(l.land.seed, forHamlet, uint64(id))
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
			l.add(id, -1, p)
		}
	}
}

// add makes a hamlet of some sites.
func (l *drawn) add(id, isle int, sites []int32) {
	x, y := l.middle(sites)
	h := l.addHamlet(id, isle, x, y, float64(len(sites))*l.siteAreaKm2)
	l.sites = append(l.sites, sites)
	for _, s := range sites {
		l.atom[s] = int32(h)
	}
}

func (l *drawn) holds(h int, x, y float64) bool {
	s := l.siteAt(x, y)
	return s >= 0 && l.atom[s] == int32(h) && l.wellInside(s, x, y, l.atom)
}

func (l *drawn) extent(h int) []spot {
	out := make([]spot, 0, 4*len(l.sites[h]))
	for _, s := range l.sites[h] {
		x, y, d := l.x[s], l.y[s], l.spacing
		out = append(out, spot{x - d, y - d}, spot{x + d, y - d}, spot{x - d, y + d}, spot{x + d, y + d})
	}
	return out
}

func (l *drawn) inner(h int, r *rand.Rand) spot {
	s := l.sites[h][r.IntN(len(l.sites[h]))]
	return spot{l.x[s], l.y[s]}
}

func (l *drawn) centre(cell int) spot {
	c := &l.cells[cell]
	at, low := int32(0), math.Inf(1)
	for _, s := range l.cellSites[cell] {
		if d := dist2(l.x[s], l.y[s], c.x, c.y); d < low {
			at, low = s, d
		}
	}
	return spot{l.x[at], l.y[at]}
}

func (l *drawn) touching() []int32 {
	next := filled(len(l.hamlets))
	for s, a := range l.atom {
		if a < 0 {
			continue
		}
		h := &l.hamlets[a]
		for _, n := range l.neighbours(int32(s)) {
			b := l.atom[n]
			if b < 0 || b == a {
				continue
			}
			m, best := &l.hamlets[b], next[a]
			if best < 0 || dist2(h.x, h.y, m.x, m.y) < dist2(h.x, h.y, l.hamlets[best].x, l.hamlets[best].y) {
				next[a] = b
			}
		}
	}
	return next
}

func (l *drawn) union(of func(c *cell) int, n int) []shape {
	g := filled(len(l.x))
	for i, c := range l.cellOf {
		if c >= 0 {
			g[i] = int32(of(&l.cells[c]))
		}
	}
	return l.shapes(g, n)
}

func (l *drawn) hamletShapes() []shape { return l.shapes(l.atom, len(l.hamlets)) }
func (l *drawn) afterShapes() []shape  { return l.shapes(l.newOf, len(l.after)) }

func (l *drawn) wholeShape() shape {
	g := filled(len(l.x))
	for i, n := range l.newOf {
		g[i] = min(n, 0)
	}
	return l.shapes(g, 1)[0]
}

func (l *drawn) offshore() []spot {
	var out []spot
	for i := range l.x {
		if !l.dry[i] && l.x[i] < -20 && l.y[i] > -45 && l.atSea(int32(i)) {
			out = append(out, spot{l.x[i], l.y[i]})
		}
	}
	return out
}

// atSea says whether a site and all around it are sea.
func (l *drawn) atSea(s int32) bool {
	for _, n := range l.neighbours(s) {
		if l.dry[n] {
			return false
		}
	}
	return len(l.neighbours(s)) > 4
}
