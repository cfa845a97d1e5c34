package bench

import (
	"slices"
	"testing"
	"time"
)

// turns are the times of two things done by turns.
type turns struct{ ours, base []time.Duration }

// byTurns does both in every round, the one that was second first in the next, so that
// whatever else the machine does falls on both alike.
func byTurns(b *testing.B, rounds int, ours, base func() time.Duration) *turns {
	b.Helper()
	t := new(turns)
	for i := range rounds {
		if i%2 == 0 {
			t.ours = append(t.ours, ours())
			t.base = append(t.base, base())
		} else {
			t.base = append(t.base, base())
			t.ours = append(t.ours, ours())
		}
	}
	b.ReportMetric(t.ratio(), "ratio")
	b.ReportMetric(milli(median(t.ours)), "ms")
	b.ReportMetric(milli(median(t.base)), "base-ms")
	b.ReportMetric(0, "ns/op") // says nothing here
	return t
}

// ratio is the median over the rounds of what the first took beside the second.
func (t *turns) ratio() float64 {
	ratios := make([]float64, len(t.ours))
	for i := range ratios {
		ratios[i] = float64(t.ours[i]) / float64(t.base[i])
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

func median(times []time.Duration) time.Duration { return quantile(times, 0.5) }

func quantile(times []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// timed returns how long it took.
func timed(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}
