package divide

import (
	"context"
	"math"
)

// sample is the points as the fit reads them: the features of point i are index and value from start[i] to start[i+1].
type sample struct {
	start, index []int32
	value        []float64
	part         []int32
	active       []int // the parts that have points
}

// descend finds the weights that make the points likeliest, less the penalties, by the L-BFGS method (Nocedal 1980).
func (f *field) descend(ctx context.Context, standing []int) ([]float64, error) {
	s := &sample{start: []int32{0}}
	slot := make([]int32, f.parts)
	for part, size := range f.size {
		if size > 0 {
			slot[part] = int32(len(s.active))
			s.active = append(s.active, part)
		}
	}
	var index []int32
	var value []float64
	for _, i := range standing {
		index, value = f.features(f.points[i], index, value)
		s.index, s.value = append(s.index, index...), append(s.value, value...)
		s.start, s.part = append(s.start, int32(len(s.index))), append(s.part, slot[f.part[i]])
	}
	m := len(s.active)
	d := &descent{n: (slopes + len(f.knots)) * m, cost: func(w, g []float64) float64 { return s.cost(w, g, m) }}
	found, err := d.run(ctx)
	if err != nil {
		return nil, err
	}
	w := make([]float64, (slopes+len(f.knots))*f.parts)
	for i, v := range found {
		w[i/m*f.parts+s.active[i%m]] = v
	}
	return w, nil
}

// cost is what is minimised, and its gradient.
func (s *sample) cost(w, g []float64, m int) float64 {
	cost := 0.0
	for i, v := range w {
		penalty := smoothness
		if i < m {
			penalty = 1e-6 // the constants are free but for their sum
		} else if i < slopes*m {
			penalty = flatness
		}
		cost += penalty / 2 * v * v
		g[i] = penalty * v
	}
	h := make([]float64, m)
	for i, part := range s.part {
		clear(h)
		from, to := s.start[i], s.start[i+1]
		for e := from; e < to; e++ {
			v, row := s.value[e], w[int(s.index[e])*m:]
			for k := range h {
				h[k] += v * row[k]
			}
		}
		top := h[highest(h)]
		sum := 0.0
		for k := range h {
			h[k] = math.Exp(h[k] - top)
			sum += h[k]
		}
		likely := h[part] / sum
		mixed := (1-wrongShare)*likely + wrongShare/float64(m)
		cost -= math.Log(mixed)
		weight := (1 - wrongShare) * likely / mixed
		for k := range h {
			h[k] *= weight / sum
		}
		h[part] -= weight
		for e := from; e < to; e++ {
			v, row := s.value[e], g[int(s.index[e])*m:]
			for k := range h {
				row[k] += v * h[k]
			}
		}
	}
	return cost
}

// descent minimises a cost from 0 on.
type descent struct {
	n     int
	cost  func(w, gradient []float64) float64
	steps []step // the latest, oldest first
}

// step is how the weights and the gradient changed, and one over their product.
type step struct {
	w, g []float64
	over float64
}

const remembered = 8

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func add(a []float64, times float64, b []float64) {
	for i, x := range b {
		a[i] += times * x
	}
}

func (d *descent) run(ctx context.Context) ([]float64, error) {
	w, g := make([]float64, d.n), make([]float64, d.n)
	nextW, nextG := make([]float64, d.n), make([]float64, d.n)
	cost := d.cost(w, g)
	for range mostSteps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		way := d.direction(g)
		slope, reach, next := dot(g, way), 1.0, 0.0
		for tries := 0; ; tries++ {
			if tries == 20 || slope >= 0 {
				return w, nil
			}
			copy(nextW, w)
			add(nextW, reach, way)
			if next = d.cost(nextW, nextG); next <= cost+1e-4*reach*slope {
				break
			}
			reach /= 2
		}
		s := step{w: make([]float64, d.n), g: make([]float64, d.n)}
		copy(s.w, nextW)
		add(s.w, -1, w)
		copy(s.g, nextG)
		add(s.g, -1, g)
		if product := dot(s.w, s.g); product > 1e-12 {
			s.over = 1 / product
			d.steps = append(d.steps, s)
			d.steps = d.steps[max(0, len(d.steps)-remembered):]
		}
		w, nextW, g, nextG = nextW, w, nextG, g
		if cost-next < settled*math.Abs(cost) {
			return w, nil
		}
		cost = next
	}
	return w, nil
}

// direction is the way downhill by the curvature that the latest steps have shown.
func (d *descent) direction(g []float64) []float64 {
	way := make([]float64, d.n)
	add(way, -1, g)
	if len(d.steps) == 0 {
		length := math.Sqrt(dot(g, g)) + 1e-12
		for i := range way {
			way[i] /= length
		}
		return way
	}
	share := make([]float64, len(d.steps))
	for k := len(d.steps) - 1; k >= 0; k-- {
		s := &d.steps[k]
		share[k] = s.over * dot(s.w, way)
		add(way, -share[k], s.g)
	}
	last := &d.steps[len(d.steps)-1]
	scale := 1 / (last.over * dot(last.g, last.g))
	for i := range way {
		way[i] *= scale
	}
	for k := range d.steps {
		s := &d.steps[k]
		add(way, share[k]-s.over*dot(s.g, way), s.w)
	}
	return way
}
