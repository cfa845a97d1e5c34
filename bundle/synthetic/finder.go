package synthetic

// finder tells quickly whether a point lies in a shape: its edges sorted into strips.
type finder struct {
	low, height float64
	strips      [][][4]float64
}

func newFinder(s shape) *finder {
	var edges [][4]float64
	low, high := 1e18, -1e18
	for _, p := range s {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				ax, ay := toPlane(r[i-1].lon, r[i-1].lat)
				bx, by := toPlane(r[i].lon, r[i].lat)
				edges = append(edges, [4]float64{ax, ay, bx, by})
				low, high = min(low, ay, by), max(high, ay, by)
			}
		}
	}
	n := len(edges)/6 + 1
	f := &finder{low: low, height: (high - low) / float64(n), strips: make([][][4]float64, n)}
	for _, e := range edges {
		for k := f.strip(min(e[1], e[3])); k <= f.strip(max(e[1], e[3])); k++ {
			f.strips[k] = append(f.strips[k], e)
		}
	}
	return f
}

func (f *finder) strip(y float64) int {
	return min(len(f.strips)-1, max(0, int((y-f.low)/f.height)))
}

// holds says whether a point of the plane lies in the shape.
func (f *finder) holds(x, y float64) bool {
	if y < f.low || y > f.low+f.height*float64(len(f.strips)) {
		return false
	}
	in := false
	for _, e := range f.strips[f.strip(y)] {
		if (e[1] > y) != (e[3] > y) && x < (e[2]-e[0])*(y-e[1])/(e[3]-e[1])+e[0] {
			in = !in
		}
	}
	return in
}
