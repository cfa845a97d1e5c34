package divide

// pull lifts a part round a point that would else lie in another one.
type pull struct {
	at    xy
	part  int
	lift  float64
	reach float64 // metres
}

// rounds is how often the borders are pulled: a pull for one point may push another out.
const rounds = 6

// least is the height by which a pulled point's part stands above the others.
const least = 0.02

// pull pulls the border over for the points that lie on its wrong side, no more than reach metres from it, and returns
// the points that stand: all but those further off. A pull is twice as wide as the way to the border, so that it hangs
// together with its part.
func (f *field) pull(standing []int, reach float64) []int {
	heights := make([]float64, f.parts)
	var near []int
	for _, i := range standing {
		if gap, way := f.astray(i, heights); gap <= 0 || way <= reach {
			near = append(near, i)
		}
	}
	for range rounds {
		var more []pull
		for _, i := range near {
			gap, way := f.astray(i, heights)
			if gap > 0 && way <= reach {
				more = append(more, pull{f.points[i], f.part[i], 1.1*gap + least, max(2*way, 2)})
			}
		}
		if len(more) == 0 {
			break
		}
		f.pulls = append(f.pulls, more...)
	}
	return near
}

// pulled adds the pulls at a place to the heights.
func (f *field) pulled(p xy, heights []float64) {
	for i := range f.pulls {
		if q := &f.pulls[i]; q.at.x-q.reach < p.x && p.x < q.at.x+q.reach {
			heights[q.part] += q.lift * bump(p.to(q.at)/q.reach)
		}
	}
}

// astray tells by how much another part is higher at a point than its own, and how many metres it is, by the slope
// there, to where they are equal.
func (f *field) astray(i int, heights []float64) (gap, metres float64) {
	p, part := f.points[i], f.part[i]
	f.heights(p, heights)
	other := highest(heights)
	if other == part {
		return 0, 0
	}
	gap = heights[other] - heights[part]
	const h = 1.0
	difference := func(dx, dy float64) float64 {
		f.heights(xy{p.x + dx, p.y + dy}, heights)
		return heights[other] - heights[part]
	}
	slope := xy{difference(h, 0) - difference(-h, 0), difference(0, h) - difference(0, -h)}
	return gap, gap / max(1e-9, xy{}.to(slope)/(2*h))
}
