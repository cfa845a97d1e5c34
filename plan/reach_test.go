package plan

import (
	"math/rand/v2"
	"slices"
	"testing"

	"vunglom/gis"
)

// TestReachIsExact compares what is found by cells and chords with the geodesic to every site, at distances from a metre to a
// hundred kilometres, in the south and in the north, and at just the distance of one of them.
func TestReachIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	met := 0
	for n := range 300 {
		side, latitude := []float64{0.001, 0.05, 3}[n%3], []float64{-60, 0, 8.6, 23, 70}[n%5]
		place := func() [2]float64 { return [2]float64{104 + r.Float64()*side, latitude + r.Float64()*side} }
		places := make([][2]float64, r.IntN(60))
		for i := range places {
			places[i] = place()
		}
		from := place()
		reach := 1 + r.Float64()*side*60_000
		if len(places) > 0 && n%2 == 0 {
			reach = gis.DistanceMetres(places[0], from) // it is reached, and by nothing more
		}
		if reach == 0 {
			continue
		}
		s := newSites(places, [][2]float64{from}, reach)
		var got, want []int
		for _, i := range s.within(from, nil) {
			got = append(got, int(s.original[i]))
		}
		for i, p := range places {
			if gis.DistanceMetres(p, from) <= reach {
				want = append(want, i)
				met++
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("within %g m of %v: %v, want %v", reach, from, got, want)
		}
	}
	if met < 1000 {
		t.Errorf("only %d sites were within reach", met)
	}
}
