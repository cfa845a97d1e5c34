package gis

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// inRings tells whether a point is inside a polygon, by the parity of the edges east of it.
func inRings(p [2]float64, rings [][][2]float64) bool {
	inside := false
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				inside = !inside
			}
		}
	}
	return inside
}

// TestHulls: every hull is one valid polygon that holds the points of its cluster and of no
// other, whatever the distance, and with some clusters left out.
func TestHulls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
		spread := math.Pow(10, rapid.Float64Range(-3, 0.3).Draw(t, "spread"))
		points := scatter(random, rapid.IntRange(1, 200).Draw(t, "points"), 102+10*random.Float64(), 6+12*random.Float64(), spread)
		metres := max(1, spread*111_000*math.Pow(10, rapid.Float64Range(-2.2, 0).Draw(t, "reach")))
		cluster, clusters := Link(points, metres)
		for i, c := range cluster { // every third cluster is scattered
			if c%3 == 2 {
				cluster[i] = -1
			}
		}
		var hulls []Shape
		err := Hulls(t.Context(), points, cluster, clusters, metres, func(s Shape, decimals int) error {
			if s.ID%3 == 2 {
				t.Errorf("cluster %d is scattered and has a hull", s.ID)
			}
			if len(s.Polygons) != 1 {
				t.Fatalf("cluster %d has %d polygons", s.ID, len(s.Polygons))
			}
			if err := checkRings(s); err != nil {
				t.Fatalf("hull %d: %v", s.ID, err)
			}
			hulls = append(hulls, s)
			for i, p := range points {
				if in := inRings(p, s.Polygons[0]); in != (int64(cluster[i]) == s.ID) {
					t.Fatalf("point %d of cluster %d: inside hull %d is %v", i, cluster[i], s.ID, in)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(hulls) != (clusters+2)/3+(clusters+1)/3 {
			t.Fatalf("%d hulls of %d clusters", len(hulls), clusters)
		}
		if err := checkPlanar(hulls); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkHulls(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	points := scatter(random, 120_000, 104.5, 8.5, 1.2)
	cluster, clusters := Link(points, 300)
	for b.Loop() {
		if err := Hulls(b.Context(), points, cluster, clusters, 300, func(Shape, int) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
