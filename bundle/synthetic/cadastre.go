package synthetic

import (
	"math"
	"math/rand/v2"

	"github.com/peterstace/simplefeatures/geom"
)

// cadastre is ground made of real polygons, which are cut into cells and hamlets.
type cadastre struct {
	*land
	given   []shape   // the communes of today, as given
	main    []piece   // of each its largest part
	parcels []piece   // per cell
	shapes  []shape   // per hamlet
	finder  []*finder // per hamlet, made when asked for
}

// survey lays the land over real polygons; they are those of l.after, in its order.
func (l *land) survey(given []shape) {
	c := &cadastre{land: l, given: given, parcels: make([]piece, len(l.cells)), main: make([]piece, len(given))}
	l.ground = c
	for i, s := range given {
		best := 0
		for k := range s {
			if area(s[k][0]) > area(s[best][0]) {
				best = k
			}
		}
		r := s[best][0]
		c.main[i] = piece{ring: r[:len(r)-1], holes: s[best][1:]}
	}
	for i := range l.after {
		if ids := l.after[i].cells; len(ids) > 0 {
			c.parcel(i, ids)
		}
	}
}

// parcel cuts a commune into its cells. Parts of an old commune that was split lie
// towards the communes that hold its other parts.
func (c *cadastre) parcel(i int, ids []int) {
	weight, where := make([]float64, len(ids)), make([]spot, len(ids))
	m := c.main[i].middle()
	radius := math.Sqrt(c.main[i].areaKm2() / math.Pi)
	for k, id := range ids {
		weight[k] = c.cells[id].areaShare
		turn := 2 * math.Pi * (float64(k)/float64(len(ids)) + unitHash(c.seed, i, 30))
		where[k] = spot{m.x + 0.3*radius*math.Cos(turn), m.y + 0.3*radius*math.Sin(turn)}
		var to spot
		others := 0.0
		for _, o := range c.before[c.cells[id].old].cells {
			if o != id {
				n := c.main[c.cells[o].new].middle()
				to, others = spot{to.x + n.x, to.y + n.y}, others+1
			}
		}
		if others > 0 && !(others == 1 && c.cells[c.before[c.cells[id].old].cells[0]].new == c.cells[c.before[c.cells[id].old].cells[1]].new) {
			where[k] = spot{m.x + 0.45*(to.x/others-m.x), m.y + 0.45*(to.y/others-m.y)}
		}
	}
	for k, p := range c.main[i].cutInto(c.seed+uint64(i), weight, where) {
		if len(p.ring) == 0 {
			p = c.main[i]
		}
		c.parcels[ids[k]] = p
		s := p.middle()
		c.cells[ids[k]].x, c.cells[ids[k]].y, c.cells[ids[k]].areaKm2 = s.x, s.y, p.areaKm2()
	}
}

func (c *cadastre) capacity(cell int) int64 { return max(1, int64(c.cells[cell].areaKm2*8)) }

func (c *cadastre) cut(id, n int) {
	cell := &c.cells[id]
	for k, isle := range islands {
		if c.plain || c.cellNamed(isle.old, isle.new) != id {
			continue
		}
		if s := c.islandShape(cell.new, isle); s != nil {
			n--
			x, y := toPlane(isle.lon, isle.lat)
			c.addHamlet(id, k, x, y, s.areaKm2())
			c.shapes = append(c.shapes, s)
		}
	}
	r := stream(c.seed, forHamlet, uint64(id))
	weight := make([]float64, n)
	for k := range weight {
		weight[k] = 0.75 + 0.6*r.Float64()
	}
	for _, p := range c.parcels[id].cutInto(c.seed+uint64(id)*101, weight, nil) {
		if len(p.ring) > 0 {
			m := p.middle()
			c.addHamlet(id, -1, m.x, m.y, p.areaKm2())
			c.shapes = append(c.shapes, shape{p.polygon()})
		}
	}
}

// islandShape takes the parts of a commune that lie round an island's place out of it.
func (c *cadastre) islandShape(commune int, isle island) shape {
	var s shape
	x, y := toPlane(isle.lon, isle.lat)
	for _, p := range c.given[commune] {
		if px, py := toPlane(p[0][0].lon, p[0][0].lat); dist2(x, y, px, py) < 9 && !sameRing(p[0], c.main[commune]) {
			s = append(s, p)
		}
	}
	return s
}

func sameRing(r ring, p piece) bool { return len(r) == len(p.ring)+1 && r[0] == p.ring[0] }

// spread gives every other part of a commune to the hamlet nearest to it.
func (c *cadastre) spread() {
	for i, s := range c.given {
		for _, p := range s {
			if sameRing(p[0], c.main[i]) || len(c.after[i].cells) == 0 {
				continue
			}
			if h := c.nearestHamlet(i, p[0][0]); dist(p[0][0], c.shapes[h]) > 0 { // 0: an island, a hamlet already
				c.shapes[h] = append(c.shapes[h], p)
			}
		}
	}
}

// nearestHamlet finds the hamlet of a commune with the corner nearest to a point.
func (c *cadastre) nearestHamlet(commune int, q point) (h int) {
	best := math.Inf(1)
	for _, id := range c.after[commune].cells {
		for _, k := range c.cells[id].hamlets {
			if d := dist(q, c.shapes[k]); d < best {
				best, h = d, k
			}
		}
	}
	return h
}

// dist is the distance from a point to the nearest corner of a shape, km².
func dist(q point, s shape) float64 {
	best := math.Inf(1)
	x, y := toPlane(q.lon, q.lat)
	for _, p := range s {
		for _, r := range p[0] {
			rx, ry := toPlane(r.lon, r.lat)
			best = min(best, dist2(x, y, rx, ry))
		}
	}
	return best
}

func (c *cadastre) holds(h int, x, y float64) bool {
	if c.finder == nil {
		c.spread()
		c.finder = make([]*finder, len(c.hamlets))
	}
	if c.finder[h] == nil {
		c.finder[h] = newFinder(c.shapes[h])
	}
	return c.finder[h].holds(x, y)
}

func (c *cadastre) extent(h int) []spot {
	r := c.shapes[h][0][0]
	out := make([]spot, len(r))
	for i, p := range r {
		out[i].x, out[i].y = toPlane(p.lon, p.lat)
	}
	return out
}

func (c *cadastre) inner(h int, r *rand.Rand) spot {
	low, high := spot{math.Inf(1), math.Inf(1)}, spot{math.Inf(-1), math.Inf(-1)}
	for _, p := range c.extent(h) {
		low, high = spot{min(low.x, p.x), min(low.y, p.y)}, spot{max(high.x, p.x), max(high.y, p.y)}
	}
	for range 5000 {
		p := spot{low.x + r.Float64()*(high.x-low.x), low.y + r.Float64()*(high.y-low.y)}
		if c.holds(h, p.x, p.y) {
			return p
		}
	}
	q := c.shapes[h][0][0][0] // a sliver: its corner
	x, y := toPlane(q.lon, q.lat)
	return spot{x, y}
}

func (c *cadastre) centre(cell int) spot {
	h := c.cells[cell].hamlets[0]
	for _, k := range c.cells[cell].hamlets {
		a, b := &c.hamlets[k], &c.hamlets[h]
		if dist2(a.x, a.y, c.cells[cell].x, c.cells[cell].y) < dist2(b.x, b.y, c.cells[cell].x, c.cells[cell].y) {
			h = k
		}
	}
	if m := (spot{c.hamlets[h].x, c.hamlets[h].y}); c.holds(h, m.x, m.y) {
		return m
	}
	return c.inner(h, stream(c.seed, forPlan, uint64(cell)))
}

func (c *cadastre) touching() []int32 {
	next := filled(len(c.hamlets))
	for _, n := range c.after {
		var all []int
		for _, id := range n.cells {
			all = append(all, c.cells[id].hamlets...)
		}
		for _, i := range all {
			h, best := &c.hamlets[i], math.Inf(1)
			for _, j := range all {
				if m := &c.hamlets[j]; i != j && h.isle < 0 && m.isle < 0 && dist2(h.x, h.y, m.x, m.y) < best {
					best, next[i] = dist2(h.x, h.y, m.x, m.y), int32(j)
				}
			}
		}
	}
	return next
}

// union unites the hamlets' polygons. Where real polygons are too dirty to be united the
// shape stays empty: a unit without one is the union of its parts.
func (c *cadastre) union(of func(c *cell) int, n int) []shape {
	parts := make([][]geom.Geometry, n)
	for i := range c.cells {
		for _, h := range c.cells[i].hamlets {
			if g, err := geom.UnmarshalWKB(c.shapes[h].wkb(), geom.NoValidate{}); err == nil {
				parts[of(&c.cells[i])] = append(parts[of(&c.cells[i])], g)
			}
		}
	}
	all := make([]shape, n)
	for i, list := range parts {
		g, err := geom.UnionMany(list)
		if err != nil {
			continue
		}
		if s, err := readShape(g.AsBinary()); err == nil {
			all[i] = s
		}
	}
	return all
}

func (c *cadastre) hamletShapes() []shape { return c.shapes }
func (c *cadastre) afterShapes() []shape  { return c.given }
func (c *cadastre) wholeShape() shape     { return nil }

func (c *cadastre) offshore() []spot {
	low := spot{math.Inf(1), math.Inf(1)}
	for _, p := range c.main {
		m := p.middle()
		low = spot{min(low.x, m.x-math.Sqrt(p.areaKm2())), min(low.y, m.y-math.Sqrt(p.areaKm2()))}
	}
	out := make([]spot, 700)
	for i := range out {
		out[i] = spot{low.x - 15, low.y - 15 + 0.05*float64(i)}
	}
	return out
}
