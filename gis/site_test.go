package gis

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// scatterNear draws points within so many metres of a place in the delta, some of them twice.
func scatterNear(t *rapid.T, metres float64) [][2]float64 {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
	points := make([][2]float64, rapid.IntRange(1, 40).Draw(t, "points"))
	for i := range points {
		points[i] = [2]float64{105 + metres*(random.Float64()*2-1)/110_000, 9 + metres*(random.Float64()*2-1)/110_000}
		if i > 0 && random.IntN(6) == 0 {
			points[i] = points[random.IntN(i)]
		}
	}
	return points
}

// TestDensest: what it counts is within reach, and no spot of a fine grid, of the points themselves, or of the centres
// of circles through two of them has more than it says any can have.
func TestDensest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		points := scatterNear(t, 4000)
		reach := rapid.Float64Range(50, 6000).Draw(t, "reach")
		at, within := Densest(points, reach)
		atMost := DensestBound(points, reach)
		reached := func(from [2]float64) (n int) {
			for _, p := range points {
				if DistanceMetres(p, from) <= reach {
					n++
				}
			}
			return n
		}
		if n := reached(at); n != within || at != Round7(at) {
			t.Fatalf("%v reaches %d, not %d", at, n, within)
		}
		if within > atMost || within < atMost-2 {
			t.Fatalf("%d found, %d at most", within, atMost)
		}
		busiest := reached(points[Busiest(points, reach)])
		candidates := append([][2]float64(nil), points...)
		for x := -20; x <= 20; x++ {
			for y := -20; y <= 20; y++ {
				candidates = append(candidates, [2]float64{105 + float64(x)*0.003, 9 + float64(y)*0.003})
			}
		}
		flat := plane{105, 9}
		for _, p := range points {
			for _, q := range points {
				a, b := flat.to(p), flat.to(q)
				dx, dy := (b[0]-a[0])/2, (b[1]-a[1])/2
				if half := math.Hypot(dx, dy); half > 0 && half < reach {
					out := math.Sqrt(reach*reach-half*half) / half
					candidates = append(candidates, flat.from([2]float64{a[0] + dx - dy*out, a[1] + dy + dx*out}))
				}
			}
		}
		for i, c := range candidates {
			n := reached(c)
			if i < len(points) && n > busiest {
				t.Fatalf("from point %d %d are reached, from the busiest %d", i, n, busiest)
			}
			if n > atMost {
				t.Fatalf("%v reaches %d of %d, more than the %d said to be possible", c, n, len(points), atMost)
			}
		}
	})
}

func TestDensestOfNothing(t *testing.T) {
	t.Parallel()
	if _, within := Densest(nil, 100); within != 0 || DensestBound(nil, 100) != 0 {
		t.Errorf("of no points: %d", within)
	}
	at := [2]float64{105.1234567, 9.1234567}
	points := [][2]float64{at, at, {105.2, 9.2}}
	if spot, within := Densest(points, 0); spot != at || within != 2 || DensestBound(points, 0) != 2 {
		t.Errorf("within no distance: %v, %d", spot, within)
	}
}

// TestMiddle: no other point has a sum of distances that is less by more than the middle is away from the median.
func TestMiddle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		points := scatterNear(t, 2000)
		sum := func(from [2]float64) (s float64) {
			for _, p := range points {
				s += DistanceMetres(p, from)
			}
			return s
		}
		middle := points[Middle(points)]
		least := math.Inf(1)
		for _, p := range points {
			least = min(least, sum(p))
		}
		if got := sum(middle); got > least*1.1+1 {
			t.Fatalf("the sum from the middle is %v m, from another point %v m", got, least)
		}
	})
	if Middle(nil) != -1 {
		t.Error("of no points there is a middle")
	}
}
