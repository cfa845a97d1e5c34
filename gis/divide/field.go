package divide

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Constants of the fit, chosen on the demo province, whose hamlets are smoother than real ones. There twice or half of any
// one, dividing the communes of before July 2025 with 2 % of the declarations wrong, changes the share of addresses in
// their own hamlet by less than 0.07 percentage points where 30 or 60 % of the addresses declare. Where 10 % do, half of
// knotReach costs 0.16, twice knotSpacing 0.11, and every other change is less than 0.1. knotCell is for speed alone.
const (
	knotSpacing = 0.3    // between knots, in sizes of a part
	knotReach   = 1.0    // how far a knot lifts, in sizes of a part
	smoothness  = 0.03   // the penalty of a knot's lift
	flatness    = 1e-4   // the penalty of a slope
	wrongShare  = 0.03   // of points that say a wrong part, as far as is known beforehand
	leastSize   = 50.0   // of a part, metres
	sizeOfRange = 2.5    // a square's side over the median distance of its points from their median
	settled     = 1e-6   // the fit ends when a step gains less than this share
	mostSteps   = 150    // of the fit
	knotCell    = 2048.0 // of the grid that finds knots, metres
)

// field gives every part a height at every place: a slope, and lifts at knots. A place belongs to the part that is
// highest there. Heights are the logits of a multinomial regression over the points, with Wendland's compact C2 function
// (1995) at the knots; of each point's likelihood a part is kept for its being wrong, so that one that is can't bend a border
// far. Without knots the parts would be cells of a power diagram; the penalty keeps them near that where points are few.
type field struct {
	*ground
	size  []float64 // of each part, metres; 0: it has no point
	knots []knot
	cells map[[2]int32][]int32
	w     []float64 // the weight of each feature for each part: w[feature*parts+part]
	pulls []pull    // see pull.go
}

// knot is a place where parts may be lifted, and how far around.
type knot struct {
	at    xy
	reach float64
}

// bump is 1 at distance 0 and falls smoothly to 0 at distance 1.
func bump(d float64) float64 {
	if d >= 1 {
		return 0
	}
	t := 1 - d
	t *= t
	return t * t * (4*d + 1)
}

func (g *ground) fit(ctx context.Context, standing []int) (*field, error) {
	f := &field{ground: g, size: make([]float64, g.parts), cells: map[[2]int32][]int32{}}
	f.measure(standing)
	f.plant(standing)
	w, err := f.descend(ctx, standing)
	f.w = w
	return f, err
}

// measure estimates how large each part is by the spread of its points, which wrong ones far away don't move.
func (f *field) measure(standing []int) {
	of := make([][]xy, f.parts)
	for _, i := range standing {
		of[f.part[i]] = append(of[f.part[i]], f.points[i])
	}
	for part, points := range of {
		if len(points) == 0 {
			continue
		}
		m := xy{median(points, func(p xy) float64 { return p.x }), median(points, func(p xy) float64 { return p.y })}
		spread := median(points, m.to)
		f.size[part] = min(max(sizeOfRange*spread, leastSize), math.Sqrt(f.area))
	}
}

func median(points []xy, of func(xy) float64) float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = of(p)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// plant puts knots among the points, closer together where parts are small.
func (f *field) plant(standing []int) {
	order := slices.Clone(standing)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(f.size[f.part[i]], f.size[f.part[j]]) })
	for _, i := range order {
		k := knot{f.points[i], knotReach * f.size[f.part[i]]}
		free := true
		f.near(k.at, func(_ int32, o *knot, d float64) {
			free = free && d >= knotSpacing/knotReach*min(k.reach, o.reach)
		})
		if !free {
			continue
		}
		n := int32(len(f.knots))
		f.knots = append(f.knots, k)
		low, high := knotCellOf(xy{k.at.x - k.reach, k.at.y - k.reach}), knotCellOf(xy{k.at.x + k.reach, k.at.y + k.reach})
		for x := low[0]; x <= high[0]; x++ {
			for y := low[1]; y <= high[1]; y++ {
				f.cells[[2]int32{x, y}] = append(f.cells[[2]int32{x, y}], n)
			}
		}
	}
}

func knotCellOf(p xy) [2]int32 {
	return [2]int32{int32(math.Floor(p.x / knotCell)), int32(math.Floor(p.y / knotCell))}
}

// near goes through the knots that reach a place.
func (f *field) near(p xy, each func(n int32, k *knot, d float64)) {
	for _, n := range f.cells[knotCellOf(p)] {
		k := &f.knots[n]
		if d := p.to(k.at); d < k.reach {
			each(n, k, d)
		}
	}
}

// slopes is the number of features that are no knots: a constant and two slopes.
const slopes = 3

// features lists what the heights at a place are made of.
func (f *field) features(p xy, index []int32, value []float64) ([]int32, []float64) {
	size := math.Sqrt(f.area / float64(f.parts))
	index, value = append(index[:0], 0, 1, 2), append(value[:0], 1, p.x/size, p.y/size)
	f.near(p, func(n int32, k *knot, d float64) {
		index, value = append(index, slopes+n), append(value, bump(d/k.reach))
	})
	return index, value
}

// heights fills in the height of every part at a place; a part without points is nowhere.
func (f *field) heights(p xy, heights []float64) {
	clear(heights)
	index, value := f.features(p, nil, nil)
	for e, n := range index {
		for part, w := range f.w[int(n)*f.parts : int(n+1)*f.parts] {
			heights[part] += value[e] * w
		}
	}
	f.pulled(p, heights)
	for part, size := range f.size {
		if size == 0 {
			heights[part] = math.Inf(-1)
		}
	}
}

// highest is the part of the greatest height, the first of equal ones.
func highest(heights []float64) int {
	best := 0
	for part, h := range heights {
		if h > heights[best] {
			best = part
		}
	}
	return best
}
