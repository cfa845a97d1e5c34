package gis

// inner leaves in net, of a shape's edges, those that bound it: the shape is all places
// its rings wind around, so where rings overlap or a ring crosses itself, edges within go.
func (t *tracer) inner(touched []int32) {
	low, high := t.at[t.edges[touched[0]].a], t.at[t.edges[touched[0]].a]
	for _, e := range touched {
		for _, v := range [2]int32{t.edges[e].a, t.edges[e].b} {
			p := t.at[v]
			low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	// Edges by the rows of a grid that has a single column.
	rows := grid{origin: low, size: (high.y-low.y)/int64(len(touched)) + 1, nx: 1, counting: true}
	rows.ny = int((high.y-low.y)/rows.size) + 1
	rows.begin = make([]int32, rows.ny+1)
	for range 2 {
		for _, e := range touched {
			rows.add(e, t.at[t.edges[e].a], t.at[t.edges[e].b], 0)
		}
		if rows.counting {
			rows.place()
		}
	}
	nets := make([]int8, len(touched))
	for i, e := range touched {
		net := int(t.net[e])
		if net == 0 {
			continue
		}
		a, b := t.at[t.edges[e].a], t.at[t.edges[e].b]
		left := t.windings(&rows, e, a, b)
		// The count is that of the edge's side towards greater x (greater y where it is level).
		if a.y < b.y || (a.y == b.y && a.x > b.x) {
			left += net
		}
		switch right := left - net; {
		case left > 0 && right <= 0:
			nets[i] = 1
		case left <= 0 && right > 0:
			nets[i] = -1
		}
	}
	for i, e := range touched {
		t.net[e] = nets[i]
	}
}

// windings counts how often the shape winds around the place just beside the middle of edge
// e, a–b: what crosses a ray from there towards greater x.
func (t *tracer) windings(rows *grid, e int32, a, b point) (count int) {
	// Doubled, the middle is a whole number, too. The ray runs just above it.
	middle := point{a.x + b.x, a.y + b.y}
	row, _ := rows.rows(point{middle.x / 2, middle.y / 2}, point{middle.x / 2, middle.y / 2}, 0)
	for _, f := range rows.cells(row, 0, 0) {
		if f == e {
			continue
		}
		p, q := t.at[t.edges[f].a], t.at[t.edges[f].b]
		p, q = point{2 * p.x, 2 * p.y}, point{2 * q.x, 2 * q.y}
		if up := p.y <= middle.y; up == (q.y <= middle.y) {
			continue
		} else if side := cross(p, q, middle); up && side > 0 {
			count += int(t.net[f])
		} else if !up && side < 0 {
			count -= int(t.net[f])
		}
	}
	return count
}
