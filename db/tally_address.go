package db

import (
	"cmp"
	"slices"
)

// cell is a tile of zoom 17, in which addresses are counted together.
type cell struct{ x, y int32 }

// cellDay is a day in a cell.
type cellDay struct {
	cell
	day
}

func (c cellDay) compare(d cellDay) int {
	return cmp.Or(cmp.Compare(c.x, d.x), cmp.Compare(c.y, d.y), cmp.Compare(c.day, d.day))
}

// lived is an address and when its households come to have (+) and cease to have (-) each status.
type lived struct {
	cell      cell
	household bool // of kind household
	turns     []turn
}

type turn struct {
	day
	status int
	by     int32
}

// live takes a stretch of one of its households.
func (a *lived) live(status int, p period) {
	a.turns = append(a.turns, turn{p.from, status, 1})
	if p.to < forever {
		a.turns = append(a.turns, turn{p.to, status, -1})
	}
}

// endAddress counts what an address was: of several households' statuses it has the most reached, and it is occupied as long as it has any.
func (t *tally) endAddress() {
	a := &t.address
	slices.SortFunc(a.turns, func(x, y turn) int { return cmp.Compare(x.day, y.day) })
	const nobody = occupied
	var households [nobody]int32
	best := nobody
	for i, turn := range a.turns {
		households[turn.status] += turn.by
		if i+1 < len(a.turns) && a.turns[i+1].day == turn.day {
			continue
		}
		now := 0
		for now < nobody && households[now] == 0 {
			now++
		}
		if now == best {
			continue
		}
		on := cellDay{a.cell, turn.day}
		if best < nobody {
			addTo(t.cells, on, best, -1)
		}
		if now < nobody {
			addTo(t.cells, on, now, 1)
		}
		if by := occupancy(now) - occupancy(best); a.household && by != 0 {
			addTo(t.cells, on, occupied, by)
			addTo(t.days, turn.day, occupied, by)
		}
		best = now
	}
	a.turns = a.turns[:0]
}

// occupancy is 1 of an address that has a household with a status, 0 where it has none.
func occupancy(status int) int32 {
	if status < occupied {
		return 1
	}
	return 0
}
