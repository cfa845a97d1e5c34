package gis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// generalised collects what Generalise emits: zoom → shapes in order.
func generalised(shapes []Shape, zooms []int) (map[int][]Shape, error) {
	bands := map[int][]Shape{}
	last := math.MaxInt
	err := Generalise(context.Background(), shapes, zooms, func(zoom int, s Shape, decimals int) error {
		if zoom > last {
			return fmt.Errorf("zoom %d came after %d", zoom, last)
		}
		last = zoom
		for _, polygon := range s.Polygons {
			for _, r := range polygon {
				for _, p := range r {
					for _, x := range p {
						power := math.Pow10(decimals)
						if rounded := math.Round(x*power) / power; rounded != x {
							return fmt.Errorf("%v has more than %d decimals", x, decimals)
						}
					}
				}
			}
		}
		bands[zoom] = append(bands[zoom], s)
		return nil
	})
	return bands, err
}

func TestGeneraliseTessellations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := tessellation(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 5).Draw(t, "n"), rapid.IntRange(0, 30).Draw(t, "detail"),
			math.Pow10(-rapid.IntRange(1, 4).Draw(t, "size")))
		bands, err := generalised(p.shapes, Zooms)
		if err != nil {
			t.Fatal(err)
		}
		before := 0
		for _, zoom := range Zooms {
			shapes := bands[zoom]
			if err := checkBand(p, shapes, zoom); err != nil {
				t.Fatalf("zoom %d: %v", zoom, err)
			}
			points := 0
			for _, s := range shapes {
				points += len(segments(s))
			}
			if points < before {
				t.Fatalf("zoom %d has %d edges, a coarser one %d", zoom, points, before)
			}
			before = points
		}
	})
}

func checkBand(p province, shapes []Shape, zoom int) error {
	if len(shapes) != len(p.shapes) {
		return fmt.Errorf("%d shapes of %d", len(shapes), len(p.shapes))
	}
	if err := checkPlanar(shapes); err != nil {
		return err
	}
	var area [otherLevel]int64
	uses := [otherLevel]map[segment]int{}
	for i := range uses {
		uses[i] = map[segment]int{}
	}
	for i, s := range shapes {
		if s.ID != p.shapes[i].ID {
			return fmt.Errorf("shape %d in the place of %d", s.ID, p.shapes[i].ID)
		}
		if err := checkRings(s); err != nil {
			return err
		}
		if got, want := len(s.Polygons), len(p.shapes[i].Polygons); got != want {
			return fmt.Errorf("shape %d has %d polygons of %d", s.ID, got, want)
		}
		area[p.level[i]] += shapeArea2(s)
		for _, e := range segments(s) {
			uses[p.level[i]][e]++
		}
		if far, is := apart(pixelLines(p.shapes[i], zoom), pixelLines(s, zoom), 0.5); is {
			return fmt.Errorf("shape %d is half a pixel off at %v", s.ID, far)
		}
	}
	if area[hamletLevel] != area[provinceLevel] {
		return fmt.Errorf("hamlets cover %d, the province %d", area[hamletLevel], area[provinceLevel])
	}
	// Every border inside is used once each way; what is left is the province's outline.
	for e, n := range uses[hamletLevel] {
		if n != 1 {
			return fmt.Errorf("edge %v bounds %d hamlets on one side", e, n)
		}
		if uses[hamletLevel][segment{e.b, e.a}] == 0 && uses[provinceLevel][e] != 1 {
			return fmt.Errorf("edge %v has a hamlet on one side only and bounds no province", e)
		}
	}
	for e := range uses[provinceLevel] {
		if uses[hamletLevel][e] != 1 || uses[hamletLevel][segment{e.b, e.a}] != 0 {
			return fmt.Errorf("edge %v of the outline bounds no hamlet", e)
		}
	}
	for e, n := range uses[communeLevel] {
		if n != 1 || uses[hamletLevel][e] != 1 {
			return fmt.Errorf("edge %v of a commune bounds no hamlet", e)
		}
	}
	return nil
}

// TestGeneraliseOverlaps gives shapes that cross each other in every way: what comes out
// must still be valid, near, and free of crossings that are not vertices.
func TestGeneraliseOverlaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var shapes []Shape
		cell := math.Pow10(-rapid.IntRange(1, 4).Draw(t, "size"))
		seed := rapid.Uint64().Draw(t, "seed")
		for vintage := range uint64(rapid.IntRange(2, 3).Draw(t, "vintages")) {
			shift := 0.1 * cell * float64(vintage)
			p := tessellationAt(rand.New(rand.NewPCG(seed, vintage)), 105+shift, 10-shift, 3, 6, cell)
			for _, s := range p.shapes {
				s.ID = int64(len(shapes))
				shapes = append(shapes, s)
			}
		}
		bands, err := generalised(shapes, Zooms)
		if err != nil {
			t.Fatal(err)
		}
		for _, zoom := range Zooms {
			if err := checkPlanar(bands[zoom]); err != nil {
				t.Fatalf("zoom %d: %v", zoom, err)
			}
			for i, s := range bands[zoom] {
				if err := checkRings(s); err != nil {
					t.Fatalf("zoom %d: %v", zoom, err)
				}
				if far, is := apart(pixelLines(shapes[i], zoom), pixelLines(s, zoom), 0.5); is {
					t.Fatalf("zoom %d: shape %d is half a pixel off at %v", zoom, s.ID, far)
				}
			}
		}
	})
}

// TestGeneraliseNearCoincident gives every shape its own copy of shared borders, centimetres
// off: what is one border within the grid's precision comes out as one, the rest is valid.
func TestGeneraliseNearCoincident(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		off := rapid.SampledFrom([]float64{0.4e-7, 0.7e-7, 1.5e-7, 4e-7}).Draw(t, "off")
		p := tessellation(seed, rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(0, 20).Draw(t, "detail"), math.Pow10(-rapid.IntRange(1, 4).Draw(t, "size")))
		random := rand.New(rand.NewPCG(seed, 11))
		for _, s := range p.shapes {
			for _, polygon := range s.Polygons {
				for _, r := range polygon {
					for i := range r[1:] {
						r[i+1][0] += off * (2*random.Float64() - 1)
						r[i+1][1] += off * (2*random.Float64() - 1)
					}
					r[0] = r[len(r)-1]
				}
			}
		}
		bands, err := generalised(p.shapes, Zooms)
		if err != nil {
			t.Fatal(err)
		}
		for _, zoom := range Zooms {
			if err := checkPlanar(bands[zoom]); err != nil {
				t.Fatalf("zoom %d: %v", zoom, err)
			}
			for i, s := range bands[zoom] {
				if err := checkRings(s); err != nil {
					t.Fatalf("zoom %d: %v", zoom, err)
				}
				if far, is := apart(pixelLines(p.shapes[i], zoom), pixelLines(s, zoom), 0.5); is {
					t.Fatalf("zoom %d: shape %d is half a pixel off at %v", zoom, s.ID, far)
				}
			}
		}
	})
}

// TestGeneraliseGarbage gives rings that are no rings at all, on a grid so tight that every
// point is near another: whatever comes out, no edges cross, and it ends.
func TestGeneraliseGarbage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.SampledFrom([]float64{1e-7, 1e-6, 1e-5, 1e-3}).Draw(t, "scale")
		place := rapid.Custom(func(t *rapid.T) [2]float64 {
			return [2]float64{105 + scale*float64(rapid.IntRange(0, 30).Draw(t, "x")), 9 + scale*float64(rapid.IntRange(0, 30).Draw(t, "y"))}
		})
		ring := rapid.Map(rapid.SliceOfN(place, 0, 12), func(r [][2]float64) [][2]float64 {
			if len(r) > 0 {
				r = append(r, r[0])
			}
			return r
		})
		polygons := rapid.SliceOfN(rapid.SliceOfN(ring, 0, 3), 0, 3)
		var shapes []Shape
		for i, p := range rapid.SliceOfN(polygons, 1, 5).Draw(t, "shapes") {
			shapes = append(shapes, Shape{ID: int64(i), Polygons: p})
		}
		bands, err := generalised(shapes, []int{4, 9, 14, 16})
		if err != nil {
			t.Fatal(err)
		}
		for zoom, band := range bands {
			var valid []Shape
			for i, s := range band {
				// What is below the grid comes out as it went in.
				if !reflect.DeepEqual(s.Polygons, shapes[i].Polygons) {
					valid = append(valid, s)
				}
			}
			if err := checkPlanar(valid); err != nil {
				t.Fatalf("zoom %d: %v", zoom, err)
			}
			for _, s := range valid {
				if err := checkRings(s); err != nil {
					t.Fatalf("zoom %d: %v", zoom, err)
				}
			}
		}
	})
}

func TestGeneraliseRefuses(t *testing.T) {
	t.Parallel()
	none := func(int, Shape, int) error { return nil }
	square := func(x, size float64) Shape {
		return Shape{Polygons: [][][][2]float64{{{{x, 9}, {x + size, 9}, {x + size, 9 + size}, {x, 9}}}}}
	}
	if err := Generalise(context.Background(), []Shape{square(math.NaN(), 1)}, Zooms, none); err == nil {
		t.Error("a coordinate that is no number was taken")
	}
	if err := Generalise(context.Background(), []Shape{square(-170, 1), square(170, 1)}, Zooms, none); err == nil {
		t.Error("shapes on opposite sides of the world were taken")
	}
	if err := Generalise(context.Background(), []Shape{square(105, 1)}, []int{31}, none); err == nil {
		t.Error("zoom 31 was taken")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Generalise(ctx, []Shape{square(105, 1)}, Zooms, none); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	stop := errors.New("stop")
	if err := Generalise(context.Background(), []Shape{square(105, 1)}, Zooms, func(int, Shape, int) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("emit's error: %v", err)
	}
	if err := Generalise(context.Background(), nil, Zooms, none); err != nil {
		t.Errorf("no shapes: %v", err)
	}
}

// TestGeneraliseKeepsTheTiny: shapes of the grid's own size, and empty ones, come through.
func TestGeneraliseKeepsTheTiny(t *testing.T) {
	t.Parallel()
	tiny := [][2]float64{{105, 9}, {105.0000002, 9}, {105.0000002, 9.0000002}, {105, 9}}
	nothing := [][2]float64{{105, 10}, {105.00000001, 10}, {105.00000001, 10.00000001}, {105, 10}}
	bands, err := generalised([]Shape{{ID: 1, Polygons: [][][][2]float64{{tiny}}}, {ID: 2}}, Zooms)
	if err != nil {
		t.Fatal(err)
	}
	for _, zoom := range Zooms {
		if err := checkRings(bands[zoom][0]); err != nil {
			t.Errorf("zoom %d: %v", zoom, err)
		}
		if len(bands[zoom]) != 2 || len(bands[zoom][1].Polygons) != 0 {
			t.Errorf("zoom %d: the empty shape: %v", zoom, bands[zoom][1:])
		}
	}
	err = Generalise(context.Background(), []Shape{{ID: 3, Polygons: [][][][2]float64{{nothing}}}}, []int{4}, func(_ int, s Shape, _ int) error {
		if len(s.Polygons) != 1 {
			t.Errorf("a shape below the grid's size vanished")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
