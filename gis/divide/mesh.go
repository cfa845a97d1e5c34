package divide

import (
	"math"

	"vunglom/gis/delaunay"
)

const (
	meshFineness = 12     // mesh cells along the side of a part
	meshCoarse   = 16     // mesh cells at least along the side of the land
	mostCorners  = 60_000 // of a land's mesh; it is laid wider rather than beyond that
	apartMetres  = 2      // corners nearer than this are one; of points that say different parts there, most decide
	shake        = 0.005  // metres by which corners are moved, so that no four lie on a circle and no three on a line
)

// mesh is triangles over the land and its surroundings. Each corner has its part: a point the one it says, the others
// the highest.
type mesh struct {
	at        []xy
	part      []int
	heights   [][]float64
	tri, half []int32 // as of delaunay.Triangulate
}

// lay puts corners where points stand and, finer where parts are small, between them.
func (f *field) lay(standing []int, attempt int) *mesh {
	m := &mesh{}
	near := f.pointCorners(m, standing)
	middles := f.middles(standing)
	for coarser := 1.0; ; coarser *= 1.4 {
		var cells []cell
		low, high := f.land.box()
		f.quarter(f.root(), low, high, middles, coarser, &cells)
		if len(cells) > mostCorners {
			continue
		}
		for _, c := range cells {
			p := xy{c.at.x + 0.4*c.side*(hash(c.at.x, c.at.y, attempt)-0.5), c.at.y + 0.4*c.side*(hash(c.at.y, c.at.x, attempt)-0.5)}
			if !near.within(p, 0.3*c.side) {
				h := make([]float64, f.parts)
				f.heights(p, h)
				m.at, m.part, m.heights = append(m.at, p), append(m.part, highest(h)), append(m.heights, h)
			}
		}
		break
	}
	x, y := make([]float64, len(m.at)), make([]float64, len(m.at))
	for i, p := range m.at {
		x[i], y[i] = p.x, p.y
	}
	m.tri, m.half = delaunay.Triangulate(x, y)
	return m
}

// pointCorners makes corners of the points that stand. Where points stand on one spot, the part that most of them say has it.
func (f *field) pointCorners(m *mesh, standing []int) bins {
	spots := bins{side: apartMetres, in: map[[2]int32][]xy{}}
	at := map[xy]int{} // the first point of a spot → its corner
	var votes []map[int]int
	for _, i := range standing {
		p := f.points[i]
		q, ok := spots.nearest(p, apartMetres)
		if !ok {
			spots.add(p)
			at[p], q = len(m.at), p
			moved := xy{p.x + shake*(hash(p.x, p.y, 7)-0.5), p.y + shake*(hash(p.y, p.x, 7)-0.5)}
			h := make([]float64, f.parts)
			f.heights(p, h)
			m.at, m.part, m.heights = append(m.at, moved), append(m.part, 0), append(m.heights, h)
			votes = append(votes, map[int]int{})
		}
		votes[at[q]][f.part[i]]++
	}
	near := bins{side: 64, in: map[[2]int32][]xy{}}
	for c, v := range votes {
		best := -1
		for part, n := range v {
			if best < 0 || n > v[best] || n == v[best] && part < best {
				best = part
			}
		}
		m.part[c] = best
		near.add(m.at[c])
	}
	return near
}

// middle is where a part is, and how large.
type middle struct {
	at   xy
	size float64
}

func (f *field) middles(standing []int) []middle {
	of := make([][]xy, f.parts)
	for _, i := range standing {
		of[f.part[i]] = append(of[f.part[i]], f.points[i])
	}
	var all []middle
	for part, points := range of {
		if len(points) > 0 {
			at := xy{median(points, func(p xy) float64 { return p.x }), median(points, func(p xy) float64 { return p.y })}
			all = append(all, middle{at, f.size[part]})
		}
	}
	return all
}

// cell is a square of the mesh, by its middle.
type cell struct {
	at   xy
	side float64
}

// root is a square that holds the land with room to spare.
func (g *ground) root() cell {
	low, high := g.land.box()
	return cell{mid(low, high, 0.5), 1.3 * max(high.x-low.x, high.y-low.y)}
}

// quarter divides a cell until it is as small as the parts about it ask for.
func (f *field) quarter(c cell, low, high xy, middles []middle, coarser float64, into *[]cell) {
	fine := f.root().side / meshCoarse
	if half := c.side / 2; c.at.x+half > low.x && c.at.x-half < high.x && c.at.y+half > low.y && c.at.y-half < high.y {
		for _, m := range middles {
			if c.at.to(m.at) < 1.5*m.size+0.71*c.side {
				fine = min(fine, coarser*m.size/meshFineness)
			}
		}
	}
	if c.side <= fine {
		*into = append(*into, c)
		return
	}
	q := c.side / 4
	for _, d := range [4]xy{{-q, -q}, {q, -q}, {-q, q}, {q, q}} {
		f.quarter(cell{xy{c.at.x + d.x, c.at.y + d.y}, c.side / 2}, low, high, middles, coarser, into)
	}
}

// box is the corners of the region's extent.
func (g region) box() (low, high xy) {
	low, high = xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}
	for _, r := range g {
		for _, p := range r.at {
			low, high = xy{min(low.x, p.x), min(low.y, p.y)}, xy{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	return low, high
}

// bins finds places near a place.
type bins struct {
	side float64
	in   map[[2]int32][]xy
}

func (b *bins) of(p xy) [2]int32 {
	return [2]int32{int32(math.Floor(p.x / b.side)), int32(math.Floor(p.y / b.side))}
}

func (b *bins) add(p xy) { b.in[b.of(p)] = append(b.in[b.of(p)], p) }

// nearest finds the nearest place within reach.
func (b *bins) nearest(p xy, reach float64) (found xy, ok bool) {
	low, high := b.of(xy{p.x - reach, p.y - reach}), b.of(xy{p.x + reach, p.y + reach})
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			for _, q := range b.in[[2]int32{x, y}] {
				if d := p.to(q); d <= reach {
					found, reach, ok = q, d, true
				}
			}
		}
	}
	return found, ok
}

func (b *bins) within(p xy, reach float64) bool {
	_, ok := b.nearest(p, reach)
	return ok
}

// hash is a number from 0 to 1 that looks random, the same for the same place (splitmix64).
func hash(x, y float64, salt int) float64 {
	h := math.Float64bits(x)*0xbf58476d1ce4e5b9 ^ math.Float64bits(y)*0x94d049bb133111eb ^ uint64(salt+1)*0x9e3779b97f4a7c15
	for range 2 {
		h ^= h >> 30
		h *= 0xbf58476d1ce4e5b9
		h ^= h >> 27
		h *= 0x94d049bb133111eb
		h ^= h >> 31
	}
	return float64(h>>11) / (1 << 53)
}
