package gis

import (
	"math"
	"slices"
)

// Method says how Classify cuts values into classes.
type Method uint8

// The methods of classification.
const (
	Quantile      Method = iota // about as many values in every class
	EqualInterval               // every class as wide as the others
	Jenks                       // natural breaks: the least variance within classes
)

// Class is one class of a legend: the values from Lower up to Upper, Upper itself only
// where UpperClosed says so, and how many there are.
type Class struct {
	Lower, Upper float64
	UpperClosed  bool
	Count        int
}

// Classify cuts values (in any order, all finite) into at most that many classes.
//
// Every class is [Lower, Upper), its Upper the Lower of the next, the last one is
// [Lower, Upper]; together they reach from the smallest value to the largest, and their
// counts sum to the number of values. Equal values never straddle classes, so there may be
// fewer classes than asked. Quantile and Jenks leave no class empty; EqualInterval may.
// Where all values are equal there is one class, without values none.
//
// Jenks is exact (Fisher 1958, "On grouping for maximum homogeneity"; Jenks 1977): among
// all ways to cut the values into so many classes, the least sum of squared deviations
// from the class means.
func Classify(values []float64, method Method, classes int) []Class {
	if len(values) == 0 || classes < 1 {
		return nil
	}
	sorted := slices.Clone(values)
	for i, v := range sorted {
		sorted[i] = v + 0 // −0 and 0 are one value
	}
	slices.Sort(sorted)
	distinct, below := runs(sorted)
	var lowers []float64
	switch method {
	case EqualInterval:
		lowers = equalLowers(distinct[0], distinct[len(distinct)-1], classes)
	case Jenks:
		for _, i := range jenksCuts(distinct, below, classes) {
			lowers = append(lowers, distinct[i])
		}
	default:
		for _, i := range quantileCuts(below, classes) {
			lowers = append(lowers, distinct[i])
		}
	}
	result := make([]Class, len(lowers))
	for i, lower := range lowers {
		result[i] = Class{Lower: lower, Upper: distinct[len(distinct)-1], UpperClosed: i == len(lowers)-1}
		if !result[i].UpperClosed {
			result[i].Upper = lowers[i+1]
		}
	}
	for i, v := range distinct {
		result[ClassOf(result, v)].Count += below[i+1] - below[i]
	}
	return result
}

// ClassOf returns the index of the class that holds v, or -1 where none does.
func ClassOf(classes []Class, v float64) int {
	for i, c := range classes {
		if v >= c.Lower && (v < c.Upper || (c.UpperClosed && v == c.Upper)) {
			return i
		}
	}
	return -1
}

// runs returns the distinct values of a sorted slice, and for each the number of values
// below it; below has one entry more, the number of all.
func runs(sorted []float64) (distinct []float64, below []int) {
	for i, v := range sorted {
		if i == 0 || v != sorted[i-1] {
			distinct = append(distinct, v)
			below = append(below, i)
		}
	}
	return distinct, append(below, len(sorted))
}

// quantileCuts returns the index of the first distinct value of each class. A cut goes
// between the two distinct values where the number below is nearest to its quantile.
func quantileCuts(below []int, classes int) []int {
	n, distinct := below[len(below)-1], len(below)-1
	cuts := []int{0}
	for q := 1; q < classes; q++ {
		// Ranks are compared times the number of classes, to stay among whole numbers.
		i, found := slices.BinarySearchFunc(below, q*n, func(b, want int) int { return b*classes - want })
		if !found && q*n-below[i-1]*classes <= below[i]*classes-q*n {
			i--
		}
		if i > cuts[len(cuts)-1] && i < distinct {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

func equalLowers(low, high float64, classes int) []float64 {
	lowers := []float64{low}
	for i := 1; i < classes; i++ {
		t := float64(i) / float64(classes)
		// Not low + t·(high−low): the difference of huge values overflows.
		if v := low*(1-t) + high*t; v > lowers[len(lowers)-1] && v < high {
			lowers = append(lowers, v)
		}
	}
	return lowers
}

// jenksCuts returns the index of the first distinct value of each class. The best cut
// before the last class moves right as values are added, which lets every row of the
// dynamic programme be filled by halving: O(classes · n · log n).
func jenksCuts(distinct []float64, below []int, classes int) []int {
	n := len(distinct)
	classes = min(classes, n)
	// Sums are kept about the mean, scaled to the range, so that squares neither cancel nor overflow.
	scale := math.Max(math.Abs(distinct[0]), math.Abs(distinct[n-1]))
	if scale == 0 {
		scale = 1
	}
	weight := func(i int) float64 { return float64(below[i+1] - below[i]) }
	mean := 0.0
	for i, v := range distinct {
		mean += v / scale * weight(i) / float64(below[n])
	}
	spread := math.Max(distinct[n-1]/scale-mean, mean-distinct[0]/scale)
	if spread == 0 {
		spread = 1
	}
	first, second := make([]float64, n+1), make([]float64, n+1)
	for i, v := range distinct {
		x := (v/scale - mean) / spread
		first[i+1] = first[i] + weight(i)*x
		second[i+1] = second[i] + weight(i)*x*x
	}
	// within is the sum of squared deviations of values i to j, j left out.
	within := func(i, j int) float64 {
		sum := first[j] - first[i]
		return math.Max(second[j]-second[i]-sum*sum/float64(below[j]-below[i]), 0)
	}
	cost, last := make([]float64, n+1), make([]float64, n+1)
	for j := 1; j <= n; j++ {
		last[j] = within(0, j)
	}
	from := make([][]int32, classes) // class, values so far → where the class begins
	for c := 1; c < classes; c++ {
		from[c] = make([]int32, n+1)
		var fill func(j0, j1, i0, i1 int)
		fill = func(j0, j1, i0, i1 int) {
			if j0 > j1 {
				return
			}
			j := (j0 + j1) / 2
			best, at := math.Inf(1), i0
			for i := i0; i <= min(i1, j-1); i++ {
				if s := last[i] + within(i, j); s < best {
					best, at = s, i
				}
			}
			cost[j], from[c][j] = best, int32(at)
			fill(j0, j-1, i0, at)
			fill(j+1, j1, at, i1)
		}
		fill(c+1, n, c, n-1)
		cost, last = last, cost
	}
	cuts := make([]int, classes)
	for c, j := classes-1, n; c > 0; c-- {
		j = int(from[c][j])
		cuts[c] = j
	}
	return cuts
}
