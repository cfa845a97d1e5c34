package divide

// segment is a stretch of the border between two parts, from corner a to b, as numbers of an arrangement.
type segment struct {
	a, b        int32
	left, right int // parts; outside: no part
}

// outside is the part of what lies outside the land.
const outside = -1

// nearest is how near a border comes to a corner at least, as a share of the edge it crosses.
const nearest = 0.1

// borders runs the borders through the triangles: over an edge whose ends are of two parts where these are equally high,
// and where a triangle's corners are of three, from its edges to a point amid them. Each triangle has its own stretch, so
// no two can cross.
func (m *mesh) borders() (at []xy, segments []segment) {
	over := make([]int32, len(m.tri)) // per half-edge: where the border crosses it
	for e := range over {
		over[e] = -1
	}
	crossing := func(e int32) int32 {
		if over[e] < 0 {
			over[e] = int32(len(at))
			if o := m.half[e]; o >= 0 {
				over[o] = over[e]
			}
			at = append(at, m.crossing(e))
		}
		return over[e]
	}
	for t := int32(0); t < int32(len(m.tri)); t += 3 {
		var part [3]int
		for k := range part {
			part[k] = m.part[m.tri[int(t)+k]]
		}
		switch {
		case part[0] == part[1] && part[1] == part[2]:
		case part[0] != part[1] && part[1] != part[2] && part[0] != part[2]:
			var p [3]int32
			var sum xy
			for k := range p {
				p[k] = crossing(t + int32(k))
				sum.x, sum.y = sum.x+at[p[k]].x, sum.y+at[p[k]].y
			}
			centre := int32(len(at))
			at = append(at, xy{sum.x / 3, sum.y / 3})
			for k := range p { // towards the middle, the edge's first corner lies left
				segments = append(segments, segment{p[k], centre, part[k], part[(k+1)%3]})
			}
		default:
			k := 0 // the corner that is alone
			for part[(k+1)%3] != part[(k+2)%3] {
				k++
			}
			// from the edge that leaves it to the one that comes to it, it lies left
			segments = append(segments, segment{crossing(t + int32(k)), crossing(t + int32((k+2)%3)), part[k], part[(k+1)%3]})
		}
	}
	return at, segments
}

// crossing is where the border between two corners' parts crosses the edge between them.
func (m *mesh) crossing(e int32) xy {
	a, b := m.tri[e], m.tri[e-e%3+(e+1)%3]
	if a > b {
		a, b = b, a
	}
	ofA := m.heights[a][m.part[a]] - m.heights[a][m.part[b]]
	ofB := m.heights[b][m.part[b]] - m.heights[b][m.part[a]]
	t := 0.5
	if ofA >= 0 && ofB >= 0 && ofA+ofB > 0 {
		t = ofA / (ofA + ofB)
	} else if ofA < 0 && ofB >= 0 { // a point that stands against the heights
		t = nearest
	} else if ofB < 0 && ofA >= 0 {
		t = 1 - nearest
	}
	return mid(m.at[a], m.at[b], min(1-nearest, max(nearest, t)))
}
