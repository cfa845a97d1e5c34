package gis

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestNearestIsTheNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		// From points metres apart to points all over the world.
		spread := math.Pow(10, rapid.Float64Range(-5, 2.2).Draw(t, "spread"))
		place := func() [2]float64 {
			return [2]float64{105 + spread*(random.Float64()-0.5), min(max(9+spread*(random.Float64()-0.5), -90), 90)}
		}
		points := make([][2]float64, rapid.IntRange(1, 200).Draw(t, "points"))
		for i := range points {
			if points[i] = place(); random.IntN(10) == 0 {
				points[i] = points[random.IntN(i+1)]
			}
		}
		nearest := NewNearest(points)
		for range 20 {
			p := place()
			if random.IntN(8) == 0 {
				p = points[random.IntN(len(points))]
			}
			index, metres, ok := nearest.Find(p[0], p[1])
			want, least := -1, math.Inf(1)
			for i := range points {
				if d := DistanceMetres(points[i], p); d < least {
					want, least = i, d
				}
			}
			if !ok || index != want || metres != least {
				t.Fatalf("nearest to %v is %d at %v m, found %d at %v m (%v)", p, want, least, index, metres, ok)
			}
		}
	})
}

// TestDistanceMetres holds distances to PostGIS 3.3:
// SELECT ST_Distance('POINT(a)'::geography, 'POINT(b)'::geography).
func TestDistanceMetres(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b   [2]float64
		metres float64
	}{
		{[2]float64{105.15, 9.1769}, [2]float64{105.1501, 9.1769}, 10.99040302},
		{[2]float64{105.15, 9.1769}, [2]float64{105.2, 9.2}, 6059.94222085},
		{[2]float64{104.7217, 8.5983}, [2]float64{105.3, 9.3}, 100338.05288741},
		{[2]float64{104.83, 8.43}, [2]float64{105.15, 9.1769}, 89796.29179527},
		{[2]float64{107.2, 20.95}, [2]float64{107.9, 21.5}, 94811.03250304},
		{[2]float64{103.0, 22.4}, [2]float64{104.7, 8.6}, 1537874.3643881},
		{[2]float64{105.0, 8.6}, [2]float64{105.0, 23.3}, 1626751.24392486},
		{[2]float64{102.2, 22.0}, [2]float64{117.9, 8.0}, 2287488.95827258},
	} {
		if d := DistanceMetres(c.a, c.b); math.Abs(d-c.metres) > 0.001 {
			t.Errorf("%v to %v: %v m, PostGIS has %v m", c.a, c.b, d, c.metres)
		}
	}
}

func TestNearestOfNothing(t *testing.T) {
	t.Parallel()
	if _, _, ok := NewNearest(nil).Find(105, 9); ok {
		t.Error("a nearest of no points")
	}
	if _, _, ok := NewNearest([][2]float64{{105, 9}}).Find(math.NaN(), 9); ok {
		t.Error("a nearest to nowhere")
	}
	if i, _, ok := NewNearest([][2]float64{{math.NaN(), 9}, {105, 9}}).Find(105, 9); !ok || i != 1 {
		t.Error("a point that is nowhere was found")
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if !math.IsNaN(Median(nil)) {
		t.Error("of nothing")
	}
	for _, c := range []struct {
		values []float64
		want   float64
	}{{[]float64{3}, 3}, {[]float64{3, 1}, 2}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}, {[]float64{1, 2, 3, 4}, 2.5}} {
		before := c.values[0]
		if got := Median(c.values); got != c.want || c.values[0] != before {
			t.Errorf("Median(%v) = %v, want %v", c.values, got, c.want)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	place := func() [2]float64 { return [2]float64{104.7 + random.Float64(), 8.5 + random.Float64()} }
	points := make([][2]float64, 1000)
	for i := range points {
		points[i] = place()
	}
	addresses := make([][2]float64, 318_821)
	for i := range addresses {
		addresses[i] = place()
	}
	nearest := NewNearest(points)
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range addresses {
			nearest.Find(a[0], a[1])
		}
	}
}
