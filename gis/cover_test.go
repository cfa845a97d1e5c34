package gis

import (
	"math"
	"math/rand/v2"
	"testing"
)

// turns is how often a polygon's rings go around a point: the angles at it summed up, which needs no index and no crossing.
func turns(s Shape, x, y float64) float64 {
	sum := 0.0
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a := math.Atan2(ring[i-1][1]-y, ring[i-1][0]-x)
				b := math.Atan2(ring[i][1]-y, ring[i][0]-x)
				sum += math.Remainder(b-a, 2*math.Pi)
			}
		}
	}
	return sum / (2 * math.Pi)
}

// star is a polygon around a point with a hole in its middle that goes the other way round.
func star(r *rand.Rand, id int64, x, y float64) Shape {
	ring := func(from, to float64, points int, direction float64) [][2]float64 {
		var list [][2]float64
		for i := range points {
			angle, radius := direction*2*math.Pi*float64(i)/float64(points), from+(to-from)*r.Float64()
			list = append(list, [2]float64{x + radius*math.Cos(angle), y + radius*math.Sin(angle)})
		}
		return append(list, list[0])
	}
	return Shape{ID: id, Polygons: [][][][2]float64{{ring(0.2, 0.5, 3+r.IntN(60), 1), ring(0.05, 0.15, 3+r.IntN(9), -1)}}}
}

func TestCoverFindsWhatAnglesSay(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	var shapes []Shape
	for id := range int64(40) {
		shapes = append(shapes, star(r, id, 105+r.Float64(), 9+r.Float64()))
	}
	c := NewCover(shapes)
	for range 20_000 {
		x, y := 104.3+2.4*r.Float64(), 8.3+2.4*r.Float64()
		got := map[int64]bool{}
		c.Find(x, y, func(id int64, doubtful bool) {
			if !doubtful {
				got[id] = true
			}
		})
		for _, s := range shapes {
			if want := math.Abs(turns(s, x, y)) > 0.5; want != got[s.ID] {
				t.Fatalf("%v %v in %d: %v, its angles say %v", x, y, s.ID, got[s.ID], want)
			}
		}
	}
}

func TestCoverDoubtsBorders(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for id := range int64(200) {
		s := star(r, id, 105, 9)
		c := NewCover([]Shape{s})
		for _, ring := range s.Polygons[0] {
			for i := 1; i < len(ring); i++ {
				part := r.Float64()
				for _, p := range [][2]float64{ring[i], {ring[i-1][0] + part*(ring[i][0]-ring[i-1][0]), ring[i-1][1] + part*(ring[i][1]-ring[i-1][1])}} {
					doubted := false
					c.Find(p[0], p[1], func(_ int64, doubtful bool) { doubted = doubted || doubtful })
					if !doubted {
						t.Fatalf("%v on the border is not doubted", p)
					}
				}
			}
		}
	}
	c := NewCover(nil)
	c.Find(105, 9, func(int64, bool) { t.Error("nothing covers a point") })
}
