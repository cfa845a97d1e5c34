package gis

import (
	"math"
	"testing"
)

func TestBand(t *testing.T) {
	t.Parallel()
	if got := Band(nil); got != FullDetail {
		t.Errorf("Band(nil) = %d, want %d", got, FullDetail)
	}
	for _, c := range []struct {
		zoom float64
		want int
	}{
		{math.Inf(-1), 4}, {-3, 4}, {0, 4}, {4, 4}, {4.01, 5}, {9, 9}, {8.2, 9}, {12, 12}, {12.5, 14}, {13, 14},
		{14, 14}, {14.1, 16}, {16, 16}, {16.01, FullDetail}, {22, FullDetail}, {math.Inf(1), FullDetail}, {math.NaN(), FullDetail},
	} {
		if got := Band(&c.zoom); got != c.want {
			t.Errorf("Band(%g) = %d, want %d", c.zoom, got, c.want)
		}
	}
}
