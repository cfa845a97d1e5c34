package divide

import (
	"container/heap"
	"math"
	"slices"
)

const (
	thinMetres = 5.0  // how far a border may move when a corner goes
	thinShare  = 0.01 // the same as a share of the size of the smaller part beside it
)

// thin takes corners out of the borders inside the land, the least deviation first, where the border moves next to
// nothing and past no point and no other corner.
func (a *arrangement) thin() {
	a.segments = slices.DeleteFunc(a.segments, func(s segment) bool { return s.left == s.right })
	t := &thinner{arrangement: a, beside: map[int32][]int32{}, bins: map[[2]int32][]int32{}}
	for i, s := range a.segments {
		t.beside[s.a], t.beside[s.b] = append(t.beside[s.a], int32(i)), append(t.beside[s.b], int32(i))
	}
	for c := range t.beside {
		t.bins[t.bin(a.at[c])] = append(t.bins[t.bin(a.at[c])], c)
	}
	for i, p := range a.points {
		t.bins[t.bin(p)] = append(t.bins[t.bin(p)], int32(len(a.at)+i))
	}
	for c := range int32(len(a.at)) {
		t.offer(c)
	}
	heap.Init(&t.queue)
	for len(t.queue) > 0 {
		o := heap.Pop(&t.queue).(offer)
		if metres, ok := t.deviation(o.corner); ok && metres == o.metres && t.clear(o.corner) {
			t.remove(o.corner)
		}
	}
	a.segments = slices.DeleteFunc(a.segments, func(s segment) bool { return s.left == s.right })
}

type thinner struct {
	*arrangement
	beside map[int32][]int32 // corner → its stretches
	bins   map[[2]int32][]int32
	queue  offers
}

const thinBin = 100.0

func (t *thinner) bin(p xy) [2]int32 {
	return [2]int32{int32(math.Floor(p.x / thinBin)), int32(math.Floor(p.y / thinBin))}
}

// offer is a corner that may go.
type offer struct {
	corner int32
	metres float64
}

type offers []offer

func (o offers) Len() int { return len(o) }
func (o offers) Less(i, j int) bool {
	return o[i].metres < o[j].metres || o[i].metres == o[j].metres && o[i].corner < o[j].corner
}
func (o offers) Swap(i, j int) { o[i], o[j] = o[j], o[i] }
func (o *offers) Push(x any)   { *o = append(*o, x.(offer)) }
func (o *offers) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}

func (t *thinner) offer(c int32) {
	if metres, ok := t.deviation(c); ok {
		heap.Push(&t.queue, offer{c, metres})
	}
}

// others are the corners before and after a corner on its border; false where it may not go: the land came with it, or
// three borders meet there.
func (t *thinner) others(c int32) (p, q int32, ok bool) {
	beside := t.beside[c]
	if t.fixed[c] || len(beside) != 2 {
		return 0, 0, false
	}
	p, q = t.far(beside[0], c), t.far(beside[1], c)
	return p, q, p != q
}

// far is the other end of a stretch.
func (t *thinner) far(segment, c int32) int32 {
	s := t.segments[segment]
	return s.a + s.b - c
}

// deviation is how far the border moves when a corner goes.
func (t *thinner) deviation(c int32) (metres float64, ok bool) {
	p, q, ok := t.others(c)
	if !ok {
		return 0, false
	}
	most := thinMetres
	s := t.segments[t.beside[c][0]]
	for _, part := range [2]int{s.left, s.right} {
		if part != outside {
			most = min(most, thinShare*t.size[part])
		}
	}
	metres = fromSegment(t.at[c], t.at[p], t.at[q])
	return metres, metres <= most
}

// clear tells whether nothing lies between the border as it is and as it would be.
func (t *thinner) clear(c int32) bool {
	p, q, _ := t.others(c)
	for _, s := range t.beside[p] {
		if t.far(s, p) == q {
			return false // the border would close up
		}
	}
	u, v, w := t.at[p], t.at[c], t.at[q]
	if turn(u, v, w) < 0 {
		u, w = w, u
	}
	low, high := t.bin(xy{min(u.x, v.x, w.x), min(u.y, v.y, w.y)}), t.bin(xy{max(u.x, v.x, w.x), max(u.y, v.y, w.y)})
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			for _, o := range t.bins[[2]int32{x, y}] {
				if o == c || o == p || o == q {
					continue
				}
				var z xy
				if point := int(o) - len(t.at); point < 0 {
					z = t.at[o]
				} else {
					z = t.points[point]
				}
				if leftOf(u, v, z) && leftOf(v, w, z) && leftOf(w, u, z) {
					return false
				}
			}
		}
	}
	return true
}

// remove joins the two stretches at a corner.
func (t *thinner) remove(c int32) {
	p, q, _ := t.others(c)
	keep, drop := t.beside[c][0], t.beside[c][1]
	s := &t.segments[keep]
	if s.a == c {
		s.a = q
	} else {
		s.b = q
	}
	t.segments[drop].left, t.segments[drop].right = outside, outside
	t.beside[q][slices.Index(t.beside[q], drop)] = keep
	delete(t.beside, c)
	key := t.bin(t.at[c])
	t.bins[key] = slices.DeleteFunc(t.bins[key], func(o int32) bool { return o == c })
	t.offer(p)
	t.offer(q)
}
