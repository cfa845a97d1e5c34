package synthetic

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// piece is a part of a real polygon that is being cut up: an outer ring, open and
// counter-clockwise, and the holes in it.
type piece struct {
	ring  []point
	holes []ring
}

// areaKm2 is the piece's area in the drawing plane.
func (p piece) areaKm2() float64 { return shape{p.polygon()}.areaKm2() }

// polygon closes the piece's rings.
func (p piece) polygon() polygon {
	out := polygon{append(append(ring(nil), p.ring...), p.ring[0])}
	return append(out, p.holes...)
}

// middle is the centre of gravity of the piece's outer ring, km.
func (p piece) middle() spot {
	var sx, sy, sum float64
	x0, y0 := toPlane(p.ring[0].lon, p.ring[0].lat)
	for i := range p.ring {
		ax, ay := toPlane(p.ring[i].lon, p.ring[i].lat)
		b := p.ring[(i+1)%len(p.ring)]
		bx, by := toPlane(b.lon, b.lat)
		c := (ax-x0)*(by-y0) - (bx-x0)*(ay-y0)
		sx, sy, sum = sx+c*(ax+bx-2*x0), sy+c*(ay+by-2*y0), sum+c
	}
	return spot{x0 + sx/sum/3, y0 + sy/sum/3}
}

// chord is a possible cut from one corner of a ring to another.
type chord struct {
	i, j  int
	swap  bool // the part from i to j is the second, not the first
	score float64
}

// split cuts a piece in two along a line that strays a little from one corner to another,
// the first with about the given share of the area; with toward, the first lies that way.
// Cuts end in corners that are there already, so no border of the whole moves. A piece
// that can't be cut comes back with false.
func (p piece) split(seed uint64, share float64, toward *spot) (first, second piece, ok bool) {
	chords := p.chords(share, toward)
	for _, c := range chords {
		for _, stray := range [3]float64{0.16, 0.05, 0} {
			line := p.line(seed, c, stray)
			if !p.clear(c, line) {
				continue
			}
			a := append([]point(nil), p.ring[c.i:c.j+1]...)
			for i := len(line) - 2; i > 0; i-- {
				a = append(a, line[i])
			}
			b := append([]point(nil), p.ring[c.j:]...)
			b = append(append(b, p.ring[:c.i+1]...), line[1:len(line)-1]...)
			first, second = piece{ring: a}, piece{ring: b}
			for _, h := range p.holes {
				if contains(first.polygon()[0], h[0]) {
					first.holes = append(first.holes, h)
				} else {
					second.holes = append(second.holes, h)
				}
			}
			if c.swap {
				first, second = second, first
			}
			return first, second, true
		}
	}
	return p, piece{}, false
}

// chords lists the 400 best possible cuts, the best first: short, of the right share, on the
// right side.
func (p piece) chords(share float64, toward *spot) []chord {
	const most = 400
	n := len(p.ring)
	x, y := make([]float64, n+1), make([]float64, n+1)
	length := make([]float64, n+1)
	sum, mx, my := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	x0, y0 := toPlane(p.ring[0].lon, p.ring[0].lat)
	for i := 0; i <= n; i++ {
		q := p.ring[i%n]
		x[i], y[i] = toPlane(q.lon, q.lat)
		x[i], y[i] = x[i]-x0, y[i]-y0
		if i > 0 {
			c := x[i-1]*y[i] - x[i]*y[i-1]
			sum[i], mx[i], my[i] = sum[i-1]+c, mx[i-1]+c*(x[i-1]+x[i])/3, my[i-1]+c*(y[i-1]+y[i])/3
			length[i] = length[i-1] + math.Hypot(x[i]-x[i-1], y[i]-y[i-1])
		}
	}
	var at []int // corners at about equal steps along the ring
	step := length[n] / float64(min(n, 130))
	for i, next := 0, 0.0; i < n; i++ {
		if length[i] >= next {
			at = append(at, i)
			next = length[i] + step*0.999
		}
	}
	whole := sum[n]
	var list []chord
	for u, i := range at {
		for _, j := range at[min(u+2, len(at)):] {
			c := x[j]*y[i] - x[i]*y[j]
			a := sum[j] - sum[i] + c
			if f := a / whole; f < 0.04 || f > 0.96 {
				continue
			}
			d2 := dist2(x[i], y[i], x[j], y[j])
			ax, ay := (mx[j]-mx[i]+c*(x[i]+x[j])/3)/a, (my[j]-my[i]+c*(y[i]+y[j])/3)/a
			bx, by := (mx[n]-a*ax)/(whole-a), (my[n]-a*ay)/(whole-a)
			for _, swap := range [2]bool{false, true} {
				f, dx, dy := a/whole, ax-bx, ay-by
				if swap {
					f, dx, dy = 1-f, -dx, -dy
				}
				s := d2/(whole/2) + 30*(f-share)*(f-share)
				if toward != nil {
					s += 1.2 * (1 - (dx*toward.x+dy*toward.y)/max(1e-9, math.Hypot(dx, dy)*math.Hypot(toward.x, toward.y)))
				}
				list = append(list, chord{i, j, swap, s})
			}
		}
	}
	if len(list) > most { // sort no more of them than are wanted
		scores := make([]float64, len(list))
		for i := range list {
			scores[i] = list[i].score
		}
		slices.Sort(scores)
		list = slices.DeleteFunc(list, func(c chord) bool { return c.score > scores[most-1] })
	}
	slices.SortStableFunc(list, func(a, b chord) int { return cmp.Compare(a.score, b.score) })
	return list[:min(len(list), most)]
}

// line draws a cut from corner i to corner j, both included.
func (p piece) line(seed uint64, c chord, stray float64) []point {
	a, b := p.ring[c.i], p.ring[c.j]
	ax, ay := toPlane(a.lon, a.lat)
	bx, by := toPlane(b.lon, b.lat)
	d := math.Hypot(bx-ax, by-ay)
	n := min(24, int(d/0.22))
	key := mix(seed, math.Float64bits(a.lon), math.Float64bits(b.lat))
	line := []point{a}
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n+1)
		off := stray * d * 0.7 * (noise2(key, t*3, 0.5) + 0.5*noise2(key+1, t*9, 0.5)) * math.Sin(math.Pi*t)
		line = append(line, place(ax+t*(bx-ax)-off*(by-ay)/d, ay+t*(by-ay)+off*(bx-ax)/d))
	}
	return append(line, b)
}

// clear says whether a cut runs inside the piece and meets its rings at its ends only.
func (p piece) clear(c chord, line []point) bool {
	mid := point{(line[len(line)/2-1].lon + line[len(line)/2].lon) / 2, (line[len(line)/2-1].lat + line[len(line)/2].lat) / 2}
	if !contains(p.polygon()[0], mid) {
		return false
	}
	low, high := line[0], line[0]
	for _, q := range line {
		low = point{min(low.lon, q.lon), min(low.lat, q.lat)}
		high = point{max(high.lon, q.lon), max(high.lat, q.lat)}
	}
	last := len(line) - 1
	meets := func(a, b point, skip func(k int) bool) bool {
		if max(a.lon, b.lon) < low.lon || min(a.lon, b.lon) > high.lon || max(a.lat, b.lat) < low.lat || min(a.lat, b.lat) > high.lat {
			return false
		}
		for k := 1; k <= last; k++ {
			if !skip(k) && crosses(a, b, line[k-1], line[k]) {
				return true
			}
		}
		return false
	}
	n := len(p.ring)
	for i := range n {
		j := (i + 1) % n
		atStart, atEnd := i == c.i || j == c.i, i == c.j || j == c.j
		if meets(p.ring[i], p.ring[j], func(k int) bool { return atStart && k == 1 || atEnd && k == last }) {
			return false
		}
	}
	for _, h := range p.holes {
		for i := 1; i < len(h); i++ {
			if meets(h[i-1], h[i], func(int) bool { return false }) {
				return false
			}
		}
	}
	// the first and last stretch must leave their corner into the piece
	return p.opens(c.i, line[1]) && p.opens(c.j, line[last-1])
}

// opens says whether the direction from corner i to a point leads into the piece.
func (p piece) opens(i int, to point) bool {
	n := len(p.ring)
	a, b, c := p.ring[(i+n-1)%n], p.ring[i], p.ring[(i+1)%n]
	angle := func(q point) float64 { return math.Atan2((q.lat-b.lat)*kmPerLat, (q.lon-b.lon)*kmPerLon) }
	turn := func(x float64) float64 { return math.Mod(x+4*math.Pi, 2*math.Pi) }
	room, way := turn(angle(a)-angle(c)), turn(angle(to)-angle(c))
	return way > 0.02 && way < room-0.02
}

// crosses says whether two segments have a point in common.
func crosses(a, b, c, d point) bool {
	side := func(p, q, r point) float64 {
		return (q.lon-p.lon)*(r.lat-p.lat) - (q.lat-p.lat)*(r.lon-p.lon)
	}
	s1, s2, s3, s4 := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	return (s1 >= 0) != (s2 > 0) && (s3 >= 0) != (s4 > 0) || s1 == 0 && s2 == 0 && s3 == 0
}

// cutInto cuts a piece into parts with about the given weights. where, if not nil, says
// about where each part should lie; parts come back in the order of the weights. What
// can't be cut leaves parts without a ring.
func (p piece) cutInto(seed uint64, weight []float64, where []spot) []piece {
	out := make([]piece, len(weight))
	order := make([]int, len(weight))
	for i := range order {
		order[i] = i
	}
	var cut func(p piece, part []int)
	cut = func(p piece, part []int) {
		if len(part) == 1 || len(p.ring) < 4 {
			out[part[0]] = p
			return
		}
		var toward *spot
		if where != nil {
			a := axis(where, part)
			toward = &spot{-a.x, -a.y}
			sort.SliceStable(part, func(i, j int) bool {
				return where[part[i]].x*a.x+where[part[i]].y*a.y < where[part[j]].x*a.x+where[part[j]].y*a.y
			})
		}
		total, half := 0.0, 0.0
		for _, i := range part {
			total += weight[i]
		}
		k := 0
		for k < len(part)-1 && (k == 0 || half+weight[part[k]]/2 < total/2) {
			half += weight[part[k]]
			k++
		}
		first, second, ok := p.split(seed, half/total, toward)
		if !ok {
			out[part[0]] = p
			return
		}
		cut(first, part[:k])
		cut(second, part[k:])
	}
	cut(p, order)
	return out
}

// axis is the direction in which some places lie farthest apart.
func axis(where []spot, part []int) spot {
	best, at := -1.0, spot{1, 0}
	for _, i := range part {
		for _, j := range part {
			if d := dist2(where[i].x, where[i].y, where[j].x, where[j].y); d > best {
				best, at = d, spot{where[j].x - where[i].x, where[j].y - where[i].y}
			}
		}
	}
	if best <= 1e-9 {
		return spot{1, 0}
	}
	return at
}
