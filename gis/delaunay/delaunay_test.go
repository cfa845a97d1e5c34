package delaunay

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTriangulate checks that no point lies in another triangle's circle, that half-edges are mutual, and that the triangles
// fill the points' hull.
func TestTriangulate(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 3 + r.IntN(120)
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = r.Float64(), r.NormFloat64()
		}
		tri, half := Triangulate(x, y)
		used := map[int32]bool{}
		for t3 := 0; t3 < len(tri); t3 += 3 {
			a, b, c := tri[t3], tri[t3+1], tri[t3+2]
			used[a], used[b], used[c] = true, true, true
			if !left(x[a], y[a], x[b], y[b], x[c], y[c]) {
				t.Fatalf("seed %d: triangle %d runs clockwise", seed, t3/3)
			}
			cx, cy := Circumcentre(x[a], y[a], x[b], y[b], x[c], y[c])
			within := math.Hypot(x[a]-cx, y[a]-cy)
			for i := range x {
				if math.Hypot(x[i]-cx, y[i]-cy) < within*(1-1e-9) {
					t.Fatalf("seed %d: point %d lies in the circle of triangle %d", seed, i, t3/3)
				}
			}
		}
		hull := 0
		for e, o := range half {
			if o < 0 {
				hull++
			} else if int(half[o]) != e || tri[o] != tri[e-e%3+(e+1)%3] {
				t.Fatalf("seed %d: half-edge %d is not mutual", seed, e)
			}
		}
		if want := 2*n - 2 - hull; len(tri)/3 != want || len(used) != n { // Euler
			t.Errorf("seed %d: %d triangles of %d points, not %d of %d", seed, len(tri)/3, len(used), want, n)
		}
	}
}
