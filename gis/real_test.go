package gis

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// realShapes reads the communes of a province in ../shared/data, beside the project.
func realShapes(tb testing.TB, name string) []Shape {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	var file *os.File
	for ; file == nil; dir = filepath.Dir(dir) {
		file, err = os.Open(filepath.Join(dir, "shared", "data", name, "units.geojsonl.gz"))
		if err != nil && dir == filepath.Dir(dir) {
			tb.Skipf("the real polygons of %s are not here (shared/data/%s)", name, name)
		}
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 64<<20)
	var shapes []Shape
	for lines.Scan() {
		var feature struct {
			Geometry *struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &feature); err != nil {
			tb.Fatal(err)
		}
		if feature.Geometry == nil {
			continue
		}
		s := Shape{ID: int64(len(shapes))}
		if feature.Geometry.Type == "Polygon" {
			s.Polygons = make([][][][2]float64, 1)
			err = json.Unmarshal(feature.Geometry.Coordinates, &s.Polygons[0])
		} else {
			err = json.Unmarshal(feature.Geometry.Coordinates, &s.Polygons)
		}
		if err != nil {
			tb.Fatal(err)
		}
		shapes = append(shapes, s)
	}
	if lines.Err() != nil {
		tb.Fatal(lines.Err())
	}
	return shapes
}

func TestGeneraliseReal(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ca-mau", "can-tho", "vietnam"} {
		t.Run(name, func(t *testing.T) {
			if name == "vietnam" && testing.Short() {
				t.Skip("the whole country takes seconds")
			}
			shapes := realShapes(t, name)
			zooms := Zooms
			if name == "vietnam" {
				zooms = []int{9}
			}
			begin := time.Now()
			bands, err := generalised(shapes, zooms)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range shapes {
				before, after := 0, 0
				for _, p := range s.Polygons {
					for _, r := range p {
						// A triangle metres long and millimetres wide is no ring of its own.
						if area := ringArea2(unitRing(r)); max(area, -area) > 1_000 {
							before++
						}
					}
				}
				for _, p := range bands[zooms[0]][i].Polygons {
					after += len(p)
				}
				if after < before {
					t.Errorf("shape %d has %d rings of %d", s.ID, after, before)
				}
			}
			t.Logf("%d shapes, %d points: %v", len(shapes), points(shapes), time.Since(begin))
			// The topology is kept: every shape's rings, and which shapes share a border, on the
			// same side (they overlap) or on both, are the same in every band. With no edges
			// crossing, that leaves no room for a new gap or overlap.
			var finest map[int64]string
			var touching map[[3]int64]bool
			for i := len(zooms) - 1; i >= 0; i-- {
				zoom := zooms[i]
				t.Logf("zoom %d: %d points", zoom, points(bands[zoom]))
				if err := checkPlanar(bands[zoom]); err != nil {
					t.Errorf("zoom %d: %v", zoom, err)
				}
				if len(bands[zoom]) != len(shapes) {
					t.Errorf("zoom %d: %d shapes of %d", zoom, len(bands[zoom]), len(shapes))
				}
				rings := map[int64]string{}
				for i, s := range bands[zoom] {
					if err := checkRings(s); err != nil {
						t.Errorf("zoom %d: %v", zoom, err)
					}
					for _, p := range s.Polygons {
						rings[s.ID] += fmt.Sprint(len(p), " ")
					}
					if zoom != 4 && zoom != 9 && zoom != 14 {
						continue // distances take the test's time
					}
					if far, is := apart(pixelLines(shapes[i], zoom), pixelLines(s, zoom), 0.5); is {
						t.Errorf("zoom %d: shape %d is half a pixel off at %v", zoom, s.ID, far)
					}
				}
				touch := contacts(bands[zoom])
				if finest == nil {
					finest, touching = rings, touch
				}
				if diff := cmp.Diff(touching, touch); diff != "" {
					t.Errorf("zoom %d: other shapes touch (-finest +now):\n%s", zoom, diff)
				}
				for id := range finest {
					if finest[id] != rings[id] {
						t.Errorf("zoom %d: shape %d has rings %s, at the finest zoom %s", zoom, id, rings[id], finest[id])
					}
				}
			}
		})
	}
}

// contacts lists the pairs of shapes that share an edge, and whether they lie on the same
// side of it (1) or not (0).
func contacts(shapes []Shape) map[[3]int64]bool {
	users := map[segment][]int64{}
	for _, s := range shapes {
		for _, e := range segments(s) {
			users[e] = append(users[e], s.ID)
		}
	}
	pairs := map[[3]int64]bool{}
	for e, ids := range users {
		for _, a := range ids {
			for _, b := range ids {
				if a < b {
					pairs[[3]int64{a, b, 1}] = true
				}
			}
			for _, b := range users[segment{e.b, e.a}] {
				pairs[[3]int64{min(a, b), max(a, b), 0}] = true
			}
		}
	}
	return pairs
}

func points(shapes []Shape) (n int) {
	for _, s := range shapes {
		n += len(segments(s))
	}
	return n
}

func BenchmarkGeneralise(b *testing.B) {
	run := func(b *testing.B, shapes []Shape) {
		b.ReportAllocs()
		for b.Loop() {
			err := Generalise(context.Background(), shapes, Zooms, func(int, Shape, int) error { return nil })
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(points(shapes)), "points")
	}
	b.Run("demo", func(b *testing.B) { run(b, tessellation(1, 30, 30, 0.03).shapes) })
	b.Run("ca-mau", func(b *testing.B) { run(b, realShapes(b, "ca-mau")) })
	b.Run("can-tho", func(b *testing.B) { run(b, realShapes(b, "can-tho")) })
}
