package db

import (
	"maps"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"
)

// takeCells writes down what happens to the addresses of a place: the first time all days of a cell as place_cell has them, later
// what changes on each.
func (c *counted) takeCells(place int64, days map[cellDay]change) {
	var all []cellDay
	for _, on := range slices.SortedFunc(maps.Keys(days), cellDay.compare) {
		if days[on] != (change{}) {
			all = append(all, on)
		}
	}
	if c.first {
		for len(all) > 0 {
			n := 1
			for n < len(all) && all[n].cell == all[0].cell {
				n++
			}
			c.takeCell(place, all[:n], days)
			all = all[n:]
		}
		return
	}
	for _, on := range all {
		c.cells.row(9)
		c.cells.int8(place)
		c.cells.int4(on.x)
		c.cells.int4(on.y)
		c.cells.day(on.day)
		for _, n := range days[on] {
			c.cells.int4(c.sign * n)
		}
	}
}

// takeCell writes down the days on which anything happens in a cell, and how many addresses have each status from each of them on.
func (c *counted) takeCell(place int64, all []cellDay, days map[cellDay]change) {
	c.cells.row(9)
	c.cells.int8(place)
	c.cells.int4(all[0].x)
	c.cells.int4(all[0].y)
	c.cells.array(pgtype.DateOID, len(all))
	for _, on := range all {
		c.cells.day(on.day)
	}
	for status := range (change{}) {
		c.cells.array(pgtype.Int4OID, len(all))
		total := int32(0)
		for _, on := range all {
			total += days[on][status]
			c.cells.int4(total)
		}
	}
}
