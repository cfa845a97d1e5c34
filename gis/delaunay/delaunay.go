// Package delaunay triangulates points, which also gives their Voronoi cells.
package delaunay

import (
	"math"
	"slices"
)

// Triangulate triangulates at least three points of a plane in general position. Triangle t has the corners
// tri[3t..3t+2], counter-clockwise; half[e] is the half-edge opposite to e, -1 on the
// hull. The sweep-hull method of delaunator (Agafonkin, after Sinclair 2010).
func Triangulate(x, y []float64) (tri, half []int32) {
	d := &sweep{x: x, y: y}
	d.run()
	return d.tri, d.half
}

type sweep struct {
	x, y                    []float64
	tri, half               []int32
	prev, next, inner, hash []int32
	cx, cy                  float64
	start                   int32
}

// square is the distance between two points, squared.
func square(ax, ay, bx, by float64) float64 { return (ax-bx)*(ax-bx) + (ay-by)*(ay-by) }

// left says whether c lies left of a→b.
func left(ax, ay, bx, by, cx, cy float64) bool {
	return (bx-ax)*(cy-ay)-(by-ay)*(cx-ax) > 0
}

// Circumcentre returns the centre of the circle through three points of a plane.
func Circumcentre(ax, ay, bx, by, cx, cy float64) (x, y float64) {
	dx, dy, ex, ey := bx-ax, by-ay, cx-ax, cy-ay
	bl, cl := dx*dx+dy*dy, ex*ex+ey*ey
	f := 0.5 / (dx*ey - dy*ex)
	return ax + (ey*bl-dy*cl)*f, ay + (dx*cl-ex*bl)*f
}

func (d *sweep) run() {
	n := len(d.x)
	mx, my := 0.0, 0.0
	for i := range n {
		mx += d.x[i] / float64(n)
		my += d.y[i] / float64(n)
	}
	nearest := func(px, py float64, not int32) int32 {
		best, at := math.Inf(1), int32(-1)
		for i := range int32(n) {
			if s := square(px, py, d.x[i], d.y[i]); i != not && s < best {
				best, at = s, i
			}
		}
		return at
	}
	a := nearest(mx, my, -1)
	b := nearest(d.x[a], d.y[a], a)
	c, best := int32(-1), math.Inf(1)
	for i := range int32(n) {
		if i == a || i == b {
			continue
		}
		px, py := Circumcentre(d.x[a], d.y[a], d.x[b], d.y[b], d.x[i], d.y[i])
		if r := square(px, py, d.x[a], d.y[a]); r < best {
			c, best = i, r
		}
	}
	if !left(d.x[a], d.y[a], d.x[b], d.y[b], d.x[c], d.y[c]) {
		b, c = c, b
	}
	d.cx, d.cy = Circumcentre(d.x[a], d.y[a], d.x[b], d.y[b], d.x[c], d.y[c])
	order := make([]int32, n)
	far := make([]float64, n)
	for i := range order {
		order[i] = int32(i)
		far[i] = square(d.x[i], d.y[i], d.cx, d.cy)
	}
	slices.SortFunc(order, func(i, j int32) int {
		switch {
		case far[i] < far[j]:
			return -1
		case far[i] > far[j]:
			return 1
		}
		return int(i - j)
	})
	d.prev, d.next, d.inner = make([]int32, n), make([]int32, n), make([]int32, n)
	d.hash = make([]int32, int(math.Ceil(math.Sqrt(float64(n)))))
	for i := range d.hash {
		d.hash[i] = -1
	}
	d.start = a
	d.next[a], d.prev[c] = b, b
	d.next[b], d.prev[a] = c, c
	d.next[c], d.prev[b] = a, a
	d.inner[a], d.inner[b], d.inner[c] = 0, 1, 2
	for _, i := range []int32{a, b, c} {
		d.hash[d.key(i)] = i
	}
	d.add(a, b, c, -1, -1, -1)
	for _, i := range order {
		if i != a && i != b && i != c {
			d.insert(i)
		}
	}
}

// insert joins a point outside the hull to every hull edge it sees.
func (d *sweep) insert(i int32) {
	x, y := d.x[i], d.y[i]
	start, key := int32(0), d.key(i)
	for j := range d.hash {
		if start = d.hash[(key+j)%len(d.hash)]; start != -1 && start != d.next[start] {
			break
		}
	}
	start = d.prev[start]
	e := start
	sees := func(p, q int32) bool { return !left(d.x[p], d.y[p], d.x[q], d.y[q], x, y) }
	for q := d.next[e]; !sees(e, q); q = d.next[e] {
		if e = q; e == start {
			return // on the hull within rounding: leave the point out
		}
	}
	t := d.add(e, i, d.next[e], -1, -1, d.inner[e])
	d.inner[i] = d.legalize(t + 2)
	d.inner[e] = t
	n := d.next[e]
	for q := d.next[n]; sees(n, q); q = d.next[n] {
		t = d.add(n, i, q, d.inner[i], -1, d.inner[n])
		d.inner[i] = d.legalize(t + 2)
		d.next[n] = n // removed from the hull
		n = q
	}
	if e == start {
		for q := d.prev[e]; sees(q, e); q = d.prev[e] {
			t = d.add(q, i, e, -1, d.inner[e], d.inner[q])
			d.legalize(t + 2)
			d.inner[q] = t
			d.next[e] = e
			e = q
		}
	}
	d.start, d.prev[i] = e, e
	d.next[e], d.prev[n] = i, i
	d.next[i] = n
	d.hash[d.key(i)] = i
	d.hash[d.key(e)] = e
}

// key maps a point's direction from the centre to a slot of the hull's hash; it falls as
// the direction turns counter-clockwise, so that a search upwards starts before the point.
func (d *sweep) key(i int32) int {
	dx, dy := d.x[i]-d.cx, d.y[i]-d.cy
	p := dx / (math.Abs(dx) + math.Abs(dy))
	if dy < 0 {
		p = 3 - p
	} else {
		p = 1 + p
	}
	return int(p/4*float64(len(d.hash))) % len(d.hash)
}

func (d *sweep) add(a, b, c, ha, hb, hc int32) int32 {
	t := int32(len(d.tri))
	d.tri = append(d.tri, a, b, c)
	d.half = append(d.half, -1, -1, -1)
	d.link(t, ha)
	d.link(t+1, hb)
	d.link(t+2, hc)
	return t
}

func (d *sweep) link(a, b int32) {
	d.half[a] = b
	if b != -1 {
		d.half[b] = a
	}
}

// legalize flips edges from a on until no point lies in another triangle's circle.
func (d *sweep) legalize(a int32) int32 {
	var stack []int32
	for {
		b := d.half[a]
		a0 := a - a%3
		ar := a0 + (a+2)%3
		flipped := false
		if b != -1 {
			b0 := b - b%3
			al, bl := a0+(a+1)%3, b0+(b+2)%3
			p0, pr, pl, p1 := d.tri[ar], d.tri[a], d.tri[al], d.tri[bl]
			if d.inCircle(p0, pr, pl, p1) {
				d.tri[a], d.tri[b] = p1, p0
				hbl := d.half[bl]
				if hbl == -1 { // the edge was on the hull
					for e := d.start; ; {
						if d.inner[e] == bl {
							d.inner[e] = a
							break
						}
						if e = d.prev[e]; e == d.start {
							break
						}
					}
				}
				d.link(a, hbl)
				d.link(b, d.half[ar])
				d.link(ar, bl)
				stack = append(stack, b0+(b+1)%3)
				flipped = true
			}
		}
		if flipped {
			continue
		}
		if len(stack) == 0 {
			return ar
		}
		a = stack[len(stack)-1]
		stack = stack[:len(stack)-1]
	}
}

func (d *sweep) inCircle(a, b, c, p int32) bool {
	dx, dy := d.x[a]-d.x[p], d.y[a]-d.y[p]
	ex, ey := d.x[b]-d.x[p], d.y[b]-d.y[p]
	fx, fy := d.x[c]-d.x[p], d.y[c]-d.y[p]
	ap, bp, cp := dx*dx+dy*dy, ex*ex+ey*ey, fx*fx+fy*fy
	return dx*(ey*cp-bp*fy)-dy*(ex*cp-bp*fx)+ap*(ex*fy-ey*fx) > 0
}
