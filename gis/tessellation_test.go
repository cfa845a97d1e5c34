package gis

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The tests' random provinces: a grid of hamlets with wiggly shared borders, each with
// what real files hold: T-junctions, repeated vertices, rings either way round, lakes,
// islands, and communes and a province drawn over the same borders.

const (
	hamletLevel = iota
	communeLevel
	provinceLevel
	otherLevel
)

type province struct {
	shapes []Shape
	level  []int // of shapes[i]
}

type ring = [][2]float64

// tessellation draws a province of n by n hamlets. detail is the number of points a border
// between two corners has, cell the size of a hamlet in degrees.
func tessellation(seed uint64, n, detail int, cell float64) province {
	random := rand.New(rand.NewPCG(seed, 7))
	return tessellationAt(random, 103+random.Float64()*4, 8+random.Float64()*14, n, detail, cell)
}

func tessellationAt(random *rand.Rand, west, south float64, n, detail int, cell float64) province {
	grid := func(x float64) float64 { return math.Round(x*1e7) / 1e7 }
	corner := make([][][2]float64, n+1)
	for i := range corner {
		corner[i] = make([][2]float64, n+1)
		for j := range corner[i] {
			corner[i][j] = [2]float64{
				grid(west + cell*(float64(i)+0.3*(random.Float64()-0.5))),
				grid(south + cell*(float64(j)+0.3*(random.Float64()-0.5))),
			}
		}
	}
	borders := map[[4]int]ring{}
	// border goes from corner i,j to corner k,l: both ends are in it.
	border := func(i, j, k, l int) ring {
		if k < i || l < j {
			back := slices.Clone(borders[[4]int{k, l, i, j}])
			slices.Reverse(back)
			return back
		}
		return borders[[4]int{i, j, k, l}]
	}
	draw := func(i, j, k, l int) {
		a, b := corner[i][j], corner[k][l]
		line := ring{a}
		points := random.IntN(detail + 1)
		phase, waves, high := random.Float64()*6, 1+random.Float64()*8, 0.1*random.Float64()
		for p := 1; p <= points; p++ {
			t := float64(p) / float64(points+1)
			off := math.Sin(math.Pi*t) * (high*math.Sin(phase+waves*t*6) + 0.01*random.Float64())
			line = append(line, [2]float64{grid(a[0] + t*(b[0]-a[0]) - off*(b[1]-a[1])), grid(a[1] + t*(b[1]-a[1]) + off*(b[0]-a[0]))})
		}
		borders[[4]int{i, j, k, l}] = append(line, b)
	}
	for i := 0; i <= n; i++ {
		for j := 0; j <= n; j++ {
			if i < n {
				draw(i, j, i+1, j)
			}
			if j < n {
				draw(i, j, i, j+1)
			}
		}
	}
	// block is the outline of columns i to k (left out) of row j, counter-clockwise.
	block := func(i, k, j, l int) ring {
		var r ring
		join := func(line ring) { r = append(r, line[:len(line)-1]...) }
		for c := i; c < k; c++ {
			join(border(c, j, c+1, j))
		}
		for c := j; c < l; c++ {
			join(border(k, c, k, c+1))
		}
		for c := k; c > i; c-- {
			join(border(c, l, c-1, l))
		}
		for c := l; c > j; c-- {
			join(border(i, c, i, c-1))
		}
		return append(r, r[0])
	}
	// circle is an island or a lake.
	circle := func(x, y, radius float64, points int) ring {
		var r ring
		for p := range points {
			t := 2 * math.Pi * float64(p) / float64(points)
			d := radius * (0.7 + 0.3*random.Float64())
			r = append(r, [2]float64{grid(x + d*math.Cos(t)), grid(y + d*math.Sin(t))})
		}
		return append(r, r[0])
	}
	var p province
	add := func(level int, polygons [][][][2]float64) {
		p.shapes = append(p.shapes, Shape{ID: int64(len(p.shapes) + 1), Polygons: polygons})
		p.level = append(p.level, level)
	}
	var lakes, islands []ring
	for j := range n {
		for i := range n {
			polygon := [][][2]float64{block(i, i+1, j, j+1)}
			x, y := west+cell*(float64(i)+0.5), south+cell*(float64(j)+0.5)
			polygons := [][][][2]float64{polygon}
			switch random.IntN(6) {
			case 0: // a lake
				lake := circle(x, y, cell*0.2, 3+random.IntN(30))
				polygons[0] = append(polygons[0], lake)
				lakes = append(lakes, lake)
			case 1: // a hamlet inside the hamlet
				lake := circle(x, y, cell*0.2, 3+random.IntN(30))
				polygons[0] = append(polygons[0], lake)
				add(hamletLevel, [][][][2]float64{{slices.Clone(lake)}})
			case 2: // an island far out
				island := circle(x-cell*float64(n)*2, y, cell*0.1*random.Float64()+1e-6, 3+random.IntN(40))
				polygons = append(polygons, [][][2]float64{island})
				islands = append(islands, island)
			}
			add(hamletLevel, polygons)
		}
		// Communes: the row in one to three pieces, over the same borders.
		for i := 0; i < n; {
			k := min(n, i+1+random.IntN(n))
			add(communeLevel, [][][][2]float64{{block(i, k, j, j+1)}})
			i = k
		}
	}
	whole := [][][][2]float64{append([][][2]float64{block(0, n, 0, n)}, lakes...)}
	for _, island := range islands {
		whole = append(whole, [][][2]float64{island})
	}
	add(provinceLevel, whole)
	for i := range p.shapes {
		p.shapes[i].Polygons = soil(random, p.shapes[i].Polygons)
	}
	return p
}

// soil copies polygons with points repeated, rings turned and started elsewhere, and
// vertices a neighbour lacks put on their edges.
func soil(random *rand.Rand, polygons [][][][2]float64) [][][][2]float64 {
	dirty := make([][][][2]float64, len(polygons))
	for i, polygon := range polygons {
		for _, r := range polygon {
			open := r[:len(r)-1]
			start := random.IntN(len(open))
			var d ring
			for k := range open {
				a, b := open[(start+k)%len(open)], open[(start+k+1)%len(open)]
				d = append(d, a)
				switch random.IntN(20) {
				case 0:
					d = append(d, a)
				case 1:
					if t := random.Float64(); math.Hypot(b[0]-a[0], b[1]-a[1]) > 1e-6 {
						d = append(d, [2]float64{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
					}
				}
			}
			d = append(d, d[0])
			if random.IntN(3) == 0 {
				slices.Reverse(d)
			}
			dirty[i] = append(dirty[i], d)
		}
	}
	return dirty
}
