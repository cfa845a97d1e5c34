package gis

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		values  []float64
		method  Method
		classes int
		want    []Class
	}{
		{"none", nil, Quantile, 5, nil},
		{"one value", []float64{3}, Jenks, 5, []Class{{3, 3, true, 1}}},
		{"all equal", []float64{3, 3, 3}, EqualInterval, 4, []Class{{3, 3, true, 3}}},
		{"quantile", []float64{4, 1, 3, 2}, Quantile, 2, []Class{{1, 3, false, 2}, {3, 4, true, 2}}},
		{"many zeros", []float64{0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, Quantile, 5, []Class{{0, 1, false, 6}, {1, 3, false, 2}, {3, 4, true, 2}}},
		{"equal interval", []float64{0, 1, 10}, EqualInterval, 4, []Class{{0, 2.5, false, 2}, {2.5, 5, false, 0}, {5, 7.5, false, 0}, {7.5, 10, true, 1}}},
		{"jenks", []float64{1, 2, 2, 10, 11, 30}, Jenks, 3, []Class{{1, 10, false, 3}, {10, 30, false, 2}, {30, 30, true, 1}}},
		{"signed zero", []float64{math.Copysign(0, -1), 0}, Quantile, 2, []Class{{0, 0, true, 2}}},
	} {
		if diff := cmp.Diff(c.want, Classify(c.values, c.method, c.classes)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestClassifyKeepsItsContract(t *testing.T) {
	t.Parallel()
	number := rapid.OneOf(rapid.Float64(), rapid.Map(rapid.IntRange(-5, 20), func(i int) float64 { return float64(i) / 10 }))
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(number, 1, 60).Draw(t, "values")
		method := rapid.SampledFrom([]Method{Quantile, EqualInterval, Jenks}).Draw(t, "method")
		asked := rapid.IntRange(1, 9).Draw(t, "classes")
		classes := Classify(values, method, asked)
		if len(classes) < 1 || len(classes) > asked {
			t.Fatalf("%d classes", len(classes))
		}
		counts := make([]int, len(classes))
		for _, v := range values {
			i := ClassOf(classes, v)
			if i < 0 {
				t.Fatalf("%v is in no class", v)
			}
			counts[i]++
		}
		for i, c := range classes {
			last := i == len(classes)-1
			if c.Count != counts[i] || c.UpperClosed != last || (!last && (c.Upper != classes[i+1].Lower || c.Lower >= c.Upper)) {
				t.Fatalf("class %d of %+v holds %d", i, classes, counts[i])
			}
			if method != EqualInterval && c.Count == 0 {
				t.Fatalf("class %d of %+v is empty", i, classes)
			}
		}
		if classes[0].Lower != slices.Min(values) || classes[len(classes)-1].Upper != slices.Max(values) {
			t.Fatalf("%+v do not reach from the smallest to the largest", classes)
		}
	})
}

// TestJenksIsOptimal tries every way to cut the values.
func TestJenksIsOptimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 400), func(i int) float64 { return 1000 + float64(i)/7 }), 1, 12).Draw(t, "values")
		k := rapid.IntRange(1, 5).Draw(t, "classes")
		classes := Classify(values, Jenks, k)
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		distinct := slices.Compact(slices.Clone(sorted))
		if want := min(k, len(distinct)); len(classes) != want {
			t.Fatalf("%d classes, want %d", len(classes), want)
		}
		deviation := func(part []float64) (sum float64) {
			mean := 0.0
			for _, v := range part {
				mean += v / float64(len(part))
			}
			for _, v := range part {
				sum += (v - mean) * (v - mean)
			}
			return sum
		}
		var best func(from []float64, k int) float64
		best = func(from []float64, k int) float64 {
			if k == 1 {
				return deviation(from)
			}
			least := math.Inf(1)
			for i := 1; i < len(from); i++ {
				if from[i] != from[i-1] {
					least = min(least, deviation(from[:i])+best(from[i:], k-1))
				}
			}
			return least
		}
		got, begin := 0.0, 0
		for _, c := range classes {
			got += deviation(sorted[begin : begin+c.Count])
			begin += c.Count
		}
		if want := best(sorted, len(classes)); got > want+1e-9*(1+want) {
			t.Fatalf("%+v deviate by %v, the best by %v", classes, got, want)
		}
	})
}

func TestPalette(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 9; n++ {
		colours := Palette(n)
		if len(colours) != n {
			t.Fatalf("%d colours for %d classes", len(colours), n)
		}
		before := 1.0
		for _, c := range colours {
			rgb, err := strconv.ParseUint(c[1:], 16, 32)
			if err != nil || len(c) != 7 || c[0] != '#' {
				t.Fatalf("%q is no colour", c)
			}
			linear := func(shift int) float64 {
				v := float64(rgb>>shift&0xff) / 255
				if v <= 0.04045 {
					return v / 12.92
				}
				return math.Pow((v+0.055)/1.055, 2.4)
			}
			// Lightness alone tells the classes apart, whatever colours a reader sees.
			light := 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
			if light >= before-0.01 {
				t.Errorf("%s of %d is not darker than the one before", c, n)
			}
			before = light
		}
	}
	if Palette(0) != nil || len(Palette(20)) != 9 {
		t.Error("outside 1 to 9")
	}
}

func BenchmarkClassify(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 10_000)
	for i := range values {
		values[i] = random.ExpFloat64()
	}
	for name, method := range map[string]Method{"quantile": Quantile, "equal": EqualInterval, "jenks": Jenks} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Classify(values, method, 9)
			}
		})
	}
}
