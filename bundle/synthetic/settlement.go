package synthetic

import (
	"math"
	"math/rand/v2"
)

// spot is a place in the plane, km.
type spot struct{ x, y float64 }

// pattern is how waterways and streets run in a part of the province.
type pattern struct {
	angle           float64 // of the first family of lines, radians
	along, across   float64 // distances between lines of the two families, km
	present         float64 // the share of stretches that exist
	bend            float64 // how far a line strays, km
	bank            float64 // from the line to the houses, km
	stretch, stride float64 // lengths of a stretch and of a step, km
	clump           float64 // 0: evenly along the line; 1: in clusters
}

// patternOf says how people live in a hamlet: streets in a town, straight canals dug through the forest of the
// north-west, a dense web amid the province, winding rivers in the mangrove of the south.
func (l *land) patternOf(h int) pattern {
	m := &l.hamlets[h]
	c := &l.cells[m.cell]
	old := &l.before[c.old]
	if m.built {
		p := pattern{angle: 0.4 * noise2(l.seed, c.x/9, c.y/9), along: 0.17, across: 0.24, present: 0.8, bend: 0.03, bank: 0.014, stretch: 0.4, stride: 0.012, clump: 0.4}
		if old.kind == "phuong" {
			p.along, p.across = 0.12, 0.18
		}
		return p
	}
	p := pattern{along: 1.05, across: 1.9, present: 0.72, bend: 0.12, bank: 0.028, stretch: 1.3, stride: 0.02, clump: 0.6}
	switch old.parent {
	case "966", "968": // U Minh, Trần Văn Thời: straight
		p.angle, p.bend, p.across = 0.12, 0.03, 2.3
	case "967":
		p.angle, p.bend = 0.75, 0.05
	case "964", "969":
		p.angle, p.bend, p.along = -0.5, 0.16, 0.85
	case "970":
		p.angle, p.bend = 0.9, 0.3
	case "972":
		p.angle, p.bend = -0.2, 0.2
	case "971":
		p.angle, p.bend, p.along, p.across, p.present, p.clump = 0.35, 0.5, 1.9, 2.9, 0.6, 0.8
	case "973": // the cape
		p.angle, p.bend, p.along, p.across, p.present, p.clump = 0.25, 0.6, 2.6, 3.6, 0.55, 0.9
	}
	return p
}

// plots are the places in a hamlet where a house could stand, and how likely one does.
type plots struct {
	spots  []spot
	weight []float64
}

// plotsOf lists a hamlet's plots: along the lines of its pattern.
func (l *land) plotsOf(h int) plots {
	var p plots
	if l.hamlets[h].isle < 0 {
		pattern := l.patternOf(h)
		l.alongLines(h, pattern, 0, &p)
		l.alongLines(h, pattern, 1, &p)
	}
	return p
}

// houses places n houses in a hamlet: on its plots, and where it has too few, about a
// landing.
func (l *land) houses(h int, n int64, p plots, r *rand.Rand) []spot {
	if len(p.spots) < 10 {
		return l.landing(h, n, r)
	}
	spots, weight := p.spots, p.weight
	total := 0.0
	for _, w := range weight {
		total += w
	}
	out := make([]spot, 0, n)
	step := total / float64(n)
	want, sum := step*r.Float64(), 0.0
	for i, w := range weight {
		for sum += w; want < sum && int64(len(out)) < n; want += step {
			s := spots[i]
			for range 4 { // not on one line like soldiers
				x, y := s.x+0.012*r.NormFloat64(), s.y+0.012*r.NormFloat64()
				if l.holds(h, x, y) {
					s = spot{x, y}
					break
				}
			}
			out = append(out, s)
		}
	}
	for int64(len(out)) < n { // rounding of the running sum
		out = append(out, spots[r.IntN(len(spots))])
	}
	return out
}

// alongLines lists house plots on both banks of one family of lines through a hamlet.
// The lines belong to the whole region, so that they go on in the next hamlet.
func (l *land) alongLines(h int, p pattern, family int, into *plots) {
	apart, angle := p.along, p.angle
	if family == 1 {
		apart, angle = p.across, p.angle+math.Pi/2
	}
	cos, sin := math.Cos(angle), math.Sin(angle)
	lowU, highU, lowV, highV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, s := range l.extent(h) {
		u, v := -s.x*sin+s.y*cos, s.x*cos+s.y*sin
		lowU, highU = min(lowU, u), max(highU, u)
		lowV, highV = min(lowV, v), max(highV, v)
	}
	key := l.seed*31 + uint64(family)
	for k := int(math.Floor((lowU-p.bend)/apart)) - 1; k <= int(math.Ceil((highU+p.bend)/apart))+1; k++ {
		base := (float64(k) + 0.5*unitHash(key, k, -7)) * apart
		for j := int(math.Floor(lowV / p.stride)); float64(j)*p.stride <= highV; j++ {
			v := float64(j) * p.stride
			if unitHash(key, k, int(math.Floor(v/p.stretch))) > p.present {
				continue
			}
			u := base + p.bend*(0.7*noise2(key+uint64(k)*977, v/4, 0.5)+0.3*noise2(key+uint64(k)*977, v/1.1, 7.5))
			if u < lowU || u > highU {
				continue
			}
			w := 1 - p.clump + p.clump*2.5*math.Pow(unit01(noise2(key+uint64(k)*613, v/0.5, 3.5)), 2)
			for _, side := range [2]float64{-p.bank, p.bank} {
				x, y := v*cos-(u+side)*sin, v*sin+(u+side)*cos
				if l.holds(h, x, y) {
					into.spots, into.weight = append(into.spots, spot{x, y}), append(into.weight, w)
				}
			}
		}
	}
}

func unit01(n float64) float64 { return (n + 1) / 2 }

// landing places houses round one point of the hamlet, denser towards it.
func (l *land) landing(h int, n int64, r *rand.Rand) []spot {
	m := &l.hamlets[h]
	c := l.inner(h, r)
	radius := 0.5 * math.Sqrt(m.areaKm2/math.Pi)
	out := make([]spot, 0, n)
	for int64(len(out)) < n {
		placed := false
		for try := range 40 {
			a, d := r.Float64()*2*math.Pi, radius*r.Float64()/float64(1+try/8)
			if x, y := c.x+d*math.Cos(a), c.y+d*math.Sin(a); l.holds(h, x, y) {
				out = append(out, spot{x, y})
				placed = true
				break
			}
		}
		if !placed {
			out = append(out, l.inner(h, r))
		}
	}
	return out
}
