package divide

import (
	"cmp"
	"slices"
)

// mostRounds ends the giving away of pieces; a few rounds do.
const mostRounds = 30

// absorb gives pieces that are cut off from their part, and hold less than a share of its points, to the neighbour with
// which they have most border. What touches no other part (an island) stays.
func (a *arrangement) absorb(standing []int, leastShare float64) {
	for range mostRounds {
		lost := a.lost(a.regions(), standing, leastShare)
		slices.SortStableFunc(lost, func(p, q *piece) int { return cmp.Compare(len(p.sides), len(q.sides)) })
		touched := map[int32]bool{}
		given := false
		for _, p := range lost {
			if slices.ContainsFunc(p.sides, func(s side) bool { return touched[s.segment] }) {
				continue // a neighbour has changed: the next round looks again
			}
			to, ok := p.neighbour()
			if !ok {
				continue
			}
			given = true
			for _, s := range p.sides {
				touched[s.segment] = true
				if s.left {
					a.segments[s.segment].left = to
				} else {
					a.segments[s.segment].right = to
				}
			}
		}
		if !given {
			return
		}
	}
}

// lost lists the pieces that are to be given away.
func (a *arrangement) lost(regions [][]*piece, standing []int, leastShare float64) []*piece {
	held := map[*piece]int{}
	total := make([]int, a.parts)
	for _, i := range standing {
		for _, p := range regions[a.part[i]] {
			if p.holds(a.points[i]) {
				held[p]++
				total[a.part[i]]++
			}
		}
	}
	var lost []*piece
	for part, pieces := range regions {
		most := 0
		for _, p := range pieces {
			most = max(most, held[p])
		}
		kept := false
		for _, p := range pieces {
			if n := held[p]; n == most && n > 0 && !kept {
				kept = true
			} else if n == 0 || float64(n) < leastShare*float64(total[part]) {
				lost = append(lost, p)
			}
		}
	}
	return lost
}

// neighbour is the part with which a piece has most border, the first of equal ones.
func (p *piece) neighbour() (part int, ok bool) {
	border := make([]float64, p.parts)
	for _, s := range p.sides {
		e := p.segments[s.segment]
		other := e.left
		if s.left {
			other = e.right
		}
		if other != outside {
			border[other] += p.at[e.a].to(p.at[e.b])
		}
	}
	part = highest(border)
	return part, border[part] > 0
}
