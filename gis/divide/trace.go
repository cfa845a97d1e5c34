package divide

import (
	"math"
	"slices"
)

// piece is a polygon of a part: its exterior, then its holes, each an open line of corners with the part on its left.
type piece struct {
	*arrangement
	part  int
	rings [][]int32
	sides []side // the stretches along its rings
}

// side is one side of a stretch of border.
type side struct {
	segment int32
	left    bool
}

// regions reads the pieces of every part off the stretches.
func (a *arrangement) regions() [][]*piece {
	sides := make([][]side, a.parts)
	for i, s := range a.segments {
		if s.left == s.right {
			continue
		}
		if s.left != outside {
			sides[s.left] = append(sides[s.left], side{int32(i), true})
		}
		if s.right != outside {
			sides[s.right] = append(sides[s.right], side{int32(i), false})
		}
	}
	regions := make([][]*piece, a.parts)
	for part := range regions {
		regions[part] = a.pieces(part, sides[part])
	}
	return regions
}

// ends are the corners that a side runs from and to, with its part on the left.
func (a *arrangement) ends(s side) (from, to int32) {
	e := a.segments[s.segment]
	if s.left {
		return e.a, e.b
	}
	return e.b, e.a
}

// pieces joins a part's sides into rings and those into polygons.
func (a *arrangement) pieces(part int, sides []side) []*piece {
	leaving := map[int32][]int{}
	for i, s := range sides {
		from, _ := a.ends(s)
		leaving[from] = append(leaving[from], i)
	}
	type loop struct {
		corners []int32
		sides   []side
		area    float64
	}
	var exteriors []*piece
	var areas []float64
	var holes []loop
	used := make([]bool, len(sides))
	close := func(corners []int32, along []side) {
		l := loop{slices.Clone(corners), slices.Clone(along), 0}
		for i := range l.corners {
			l.area += turn(a.at[l.corners[0]], a.at[l.corners[i]], a.at[l.corners[(i+1)%len(l.corners)]]) / 2
		}
		if l.area > 0 {
			exteriors = append(exteriors, &piece{a, part, [][]int32{l.corners}, l.sides})
			areas = append(areas, l.area)
		} else {
			holes = append(holes, l)
		}
	}
	for start := range sides {
		if used[start] {
			continue
		}
		var corners []int32
		var along []side
		on := map[int32]int{} // corners of the line so far
		for next := start; !used[next]; {
			used[next] = true
			from, to := a.ends(sides[next])
			on[from] = len(corners)
			corners, along = append(corners, from), append(along, sides[next])
			if k, ok := on[to]; ok { // a ring that touches itself is two
				close(corners[k:], along[k:])
				for _, c := range corners[k:] {
					delete(on, c)
				}
				corners, along = corners[:k], along[:k]
			}
			next = a.next(sides, leaving[to], from, to, used)
			if next < 0 {
				break
			}
		}
	}
	for _, h := range holes {
		inside := mid(a.at[h.corners[0]], a.at[h.corners[1]], 0.5)
		best := -1
		for i, e := range exteriors {
			if (best < 0 || areas[i] < areas[best]) && areas[i] > -h.area && a.ring(e.rings[0]).holds(inside) {
				best = i
			}
		}
		if best >= 0 {
			exteriors[best].rings = append(exteriors[best].rings, h.corners)
			exteriors[best].sides = append(exteriors[best].sides, h.sides...)
		}
	}
	return exteriors
}

// next is the side that goes on from a corner: of several the first to the right of the way back, which keeps to the
// same wedge of land.
func (a *arrangement) next(sides []side, leaving []int, from, at int32, used []bool) int {
	best, least := -1, math.Inf(1)
	back := a.at[from].minus(a.at[at])
	for _, i := range leaving {
		if used[i] {
			continue
		}
		_, to := a.ends(sides[i])
		way := a.at[to].minus(a.at[at])
		clockwise := math.Atan2(back.y, back.x) - math.Atan2(way.y, way.x)
		if clockwise <= 0 {
			clockwise += 2 * math.Pi
		}
		if clockwise < least {
			best, least = i, clockwise
		}
	}
	return best
}

// ring is the places of a line of corners.
func (a *arrangement) ring(corners []int32) region {
	r := ring{at: make([]xy, len(corners))}
	for i, c := range corners {
		r.at[i] = a.at[c]
	}
	return region{r}
}

func (p *piece) holds(at xy) bool {
	in := false
	for _, r := range p.rings {
		if p.ring(r).holds(at) {
			in = !in
		}
	}
	return in
}

// distance is how far a place outside the piece is from it, metres.
func (p *piece) distance(at xy) float64 {
	least := math.Inf(1)
	for _, r := range p.rings {
		for i, c := range r {
			least = min(least, fromSegment(at, p.at[c], p.at[r[(i+1)%len(r)]]))
		}
	}
	return least
}

// degrees is the piece as a polygon with closed rings.
func (p *piece) degrees() [][][2]float64 {
	out := make([][][2]float64, len(p.rings))
	for i, r := range p.rings {
		for _, c := range append(r, r[0]) {
			out[i] = append(out[i], p.arrangement.degrees[c])
		}
	}
	return out
}
