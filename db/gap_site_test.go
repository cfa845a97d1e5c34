package db_test

import (
	"slices"
	"testing"

	"vunglom/db"
	"vunglom/gis"
)

// TestBasesOfAScatteredHamlet: of addresses too far apart for a base to serve two, as many as the
// median falls among (one more than half of them, or the half that makes the middle one) need one each, which is advice up to eight.
func TestBasesOfAScatteredHamlet(t *testing.T) {
	t.Parallel()
	for addresses := 1; addresses <= 24; addresses++ {
		var points [][2]float64
		for i := range addresses {
			points = append(points, [2]float64{105 + 0.02*float64(i), 9})
		}
		want, surely := addresses/2+1, (addresses+1)/2
		if want > 8 {
			want = 0
		}
		first, bases, least, err := db.BasesOf(t.Context(), points, 500)
		if err != nil || len(bases) != want || want > 0 && least != surely || first == nil {
			t.Errorf("%d addresses 2 km apart take %d bases, %d at least, the first at %v: %v; want %d", addresses, len(bases), least, first, err, want)
		}
		if first != nil && slices.ContainsFunc(append(bases, *first), func(b [2]float64) bool { return slices.Contains(points, b) }) {
			t.Errorf("a base of %d addresses is at one of them: %v, %v", addresses, *first, bases)
		}
		reached := 0
		for _, p := range points {
			if slices.ContainsFunc(bases, func(b [2]float64) bool { return gis.DistanceMetres(b, p) <= 500 }) {
				reached++
			}
		}
		if want > 0 && 2*reached < addresses {
			t.Errorf("of %d addresses %d are within reach", addresses, reached)
		}
	}
}

// TestBasesOfManyAddresses: of a great many addresses that no eight bases can serve none are advised.
func TestBasesOfManyAddresses(t *testing.T) {
	t.Parallel()
	var points [][2]float64
	for i := range 3000 {
		points = append(points, [2]float64{105 + 0.001*float64(i%60), 9 + 0.001*float64(i/60)})
	}
	_, bases, _, err := db.BasesOf(t.Context(), points, 100)
	if err != nil || len(bases) > 0 {
		t.Errorf("%d bases: %v", len(bases), err)
	}
}
