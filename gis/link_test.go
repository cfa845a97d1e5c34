package gis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// linkPlainly measures every pair and follows the chains.
func linkPlainly(points [][2]float64, metres float64) (cluster []int32, clusters int) {
	cluster = make([]int32, len(points))
	for i := range cluster {
		cluster[i] = -1
	}
	for i := range points {
		if cluster[i] >= 0 {
			continue
		}
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			cluster[queue[0]] = int32(clusters)
			for j := range points {
				if cluster[j] < 0 && DistanceMetres(points[queue[0]], points[j]) <= metres {
					cluster[j] = int32(clusters)
					queue = append(queue, j)
				}
			}
		}
		clusters++
	}
	return cluster, clusters
}

// scatter strews points over a square of so many degrees, some in heaps, some in rows, some twice.
func scatter(random *rand.Rand, n int, west, south, spread float64) [][2]float64 {
	points := make([][2]float64, n)
	for i := range points {
		switch kind := random.IntN(10); {
		case i == 0 || kind < 4:
			points[i] = [2]float64{west + spread*random.Float64(), south + spread*random.Float64()}
		case kind < 7:
			of := points[random.IntN(i)]
			points[i] = [2]float64{of[0] + spread/100*random.NormFloat64(), of[1] + spread/100*random.NormFloat64()}
		case kind < 9:
			points[i] = [2]float64{points[i-1][0] + spread/50, points[i-1][1]}
		default:
			points[i] = points[random.IntN(i)]
		}
	}
	return points
}

// TestLinkIsSingleLinkage holds clusters to a plain comparison of every pair. Half of the
// thresholds are the very distance of some pair, which then is within reach, or one float less, when it is not.
func TestLinkIsSingleLinkage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		spread := math.Pow(10, rapid.Float64Range(-4, 0.7).Draw(t, "spread"))
		points := scatter(random, rapid.IntRange(0, 150).Draw(t, "points"), 102+10*random.Float64(), 6+12*random.Float64(), spread)
		metres := max(1, spread*111_000*math.Pow(10, rapid.Float64Range(-2.5, 0.2).Draw(t, "reach")))
		if len(points) > 1 && rapid.Bool().Draw(t, "exact") {
			if d := DistanceMetres(points[random.IntN(len(points))], points[random.IntN(len(points))]); d > 1 && d < 60_000 {
				metres = d
				if rapid.Bool().Draw(t, "less") {
					metres = math.Nextafter(d, 0)
				}
			}
		}
		cluster, clusters := Link(points, metres)
		want, wanted := linkPlainly(points, metres)
		if clusters != wanted || !slices.Equal(cluster, want) {
			t.Fatalf("%d points within %v m are %d clusters, found %d:\n%v\n%v", len(points), metres, wanted, clusters, want, cluster)
		}
	})
}

// TestLinkAtTheThreshold: exactly as far as the threshold is within reach.
func TestLinkAtTheThreshold(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		p := [2]float64{102 + 16*random.Float64(), 6 + 18*random.Float64()}
		far := math.Pow(10, -5+4.5*random.Float64())
		q := [2]float64{p[0] + far*(random.Float64()-0.5), p[1] + far*(random.Float64()-0.5)}
		d := DistanceMetres(p, q)
		if _, n := Link([][2]float64{p, q}, d); n != 1 {
			t.Errorf("%v and %v are not within the %v m between them", p, q, d)
		}
		if _, n := Link([][2]float64{p, q}, math.Nextafter(d, 0)); d > 0.02 && n != 2 {
			t.Errorf("%v and %v are within less than the %v m between them", p, q, d)
		}
	}
}

func BenchmarkLink(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	points := scatter(random, 120_000, 104.5, 8.5, 1.2)
	for b.Loop() {
		Link(points, 300)
	}
}
