package gis

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"github.com/twpayne/go-geom/encoding/wkb"
	"pgregory.net/rapid"
)

func TestAppendGeoJSON(t *testing.T) {
	t.Parallel()
	ring := [][2]float64{{105, 8.5}, {105.1234567, 8.5000001}, {-0.05, -8.25}, {105, 8.5}} // clockwise
	for _, c := range []struct {
		decimals int
		polygons [][][][2]float64
		want     string
	}{
		{7, [][][][2]float64{{ring}}, `{"type":"Polygon","coordinates":[[[105,8.5],[-0.05,-8.25],[105.1234567,8.5000001],[105,8.5]]]}`},
		{2, [][][][2]float64{{ring}, {ring, ring}}, `{"type":"MultiPolygon","coordinates":[[[[105,8.5],[-0.05,-8.25],[105.12,8.5],[105,8.5]]],` +
			`[[[105,8.5],[-0.05,-8.25],[105.12,8.5],[105,8.5]],[[105,8.5],[105.12,8.5],[-0.05,-8.25],[105,8.5]]]]}`},
		{0, nil, `{"type":"MultiPolygon","coordinates":[]}`},
	} {
		if got := string(AppendGeoJSON(nil, Shape{Polygons: c.polygons}, c.decimals)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestAppendNumberReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-180, 180).Draw(t, "x")
		decimals := rapid.IntRange(0, 7).Draw(t, "decimals")
		text := string(appendNumber(nil, x, decimals))
		var got float64
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if math.Abs(got-x) > 0.5000001*math.Pow10(-decimals) {
			t.Fatalf("%v with %d decimals is written %s", x, decimals, text)
		}
		if whole, fraction, ok := strings.Cut(text, "."); ok && (fraction == "" || len(fraction) > decimals || strings.HasSuffix(fraction, "0")) || whole == "-0" && !ok {
			t.Fatalf("%v with %d decimals is written %s", x, decimals, text)
		}
	})
}

func TestShapeFromWKB(t *testing.T) {
	t.Parallel()
	outer := []float64{105, 8, 106, 8, 106, 9, 105, 8}
	inner := []float64{105.5, 8.2, 105.6, 8.3, 105.6, 8.2, 105.5, 8.2}
	want := [][][][2]float64{{
		{{105, 8}, {106, 8}, {106, 9}, {105, 8}},
		{{105.5, 8.2}, {105.6, 8.3}, {105.6, 8.2}, {105.5, 8.2}},
	}}
	for _, layout := range []geom.Layout{geom.XY, geom.XYZ, geom.XYM, geom.XYZM} {
		var flat []float64
		for _, ring := range [][]float64{outer, inner} {
			for i := 0; i < len(ring); i += 2 {
				flat = append(flat, ring[i], ring[i+1])
				for range layout.Stride() - 2 {
					flat = append(flat, 7)
				}
			}
		}
		polygon := geom.NewPolygonFlat(layout, flat, []int{4 * layout.Stride(), 8 * layout.Stride()}).SetSRID(4326)
		multi := geom.NewMultiPolygon(layout).SetSRID(4326)
		if err := multi.Push(polygon); err != nil {
			t.Fatal(err)
		}
		for _, g := range []geom.T{polygon, multi} {
			for _, order := range []func() ([]byte, error){
				func() ([]byte, error) { return wkb.Marshal(g, wkb.NDR) },
				func() ([]byte, error) { return wkb.Marshal(g, wkb.XDR) },
				func() ([]byte, error) { return ewkb.Marshal(g, ewkb.NDR) },
				func() ([]byte, error) { return ewkb.Marshal(g, ewkb.XDR) },
			} {
				encoded, err := order()
				if err != nil {
					t.Fatal(err)
				}
				got, err := ShapeFromWKB(5, encoded)
				if err != nil || got.ID != 5 || !reflect.DeepEqual(got.Polygons, want) {
					t.Fatalf("%v: got %v, %v", layout, got, err)
				}
				for i := range encoded {
					if _, err := ShapeFromWKB(5, encoded[:i]); !errors.Is(err, ErrWKB) {
						t.Fatalf("%v cut to %d bytes: %v", layout, i, err)
					}
				}
			}
		}
	}
	point, err := wkb.Marshal(geom.NewPointFlat(geom.XY, []float64{1, 2}), wkb.NDR)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ShapeFromWKB(5, point); !errors.Is(err, ErrWKB) {
		t.Errorf("a point: %v", err)
	}
}

// FuzzShapeFromWKB holds the reader to go-geom's: what that reads as a polygon of finite
// coordinates, this reads alike; nothing makes it panic or reserve memory beyond the input.
func FuzzShapeFromWKB(f *testing.F) {
	polygon := geom.NewPolygonFlat(geom.XY, []float64{105, 8, 106, 8, 106, 9, 105, 8}, []int{8})
	multi := geom.NewMultiPolygonFlat(geom.XYZ, []float64{105, 8, 1, 106, 8, 2, 106, 9, 3, 105, 8, 1}, [][]int{{12}})
	for _, g := range []geom.T{polygon, multi} {
		for _, marshal := range []func() ([]byte, error){
			func() ([]byte, error) { return wkb.Marshal(g, wkb.NDR) },
			func() ([]byte, error) { return ewkb.Marshal(g, ewkb.XDR) },
		} {
			seed, err := marshal()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(seed)
		}
	}
	f.Add([]byte{1, 6, 0, 0, 0, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		shape, err := ShapeFromWKB(1, data)
		if err != nil {
			if !errors.Is(err, ErrWKB) {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		points := 0
		for _, polygon := range shape.Polygons {
			for _, ring := range polygon {
				points += len(ring)
			}
		}
		if points*16 > len(data) {
			t.Fatalf("%d points from %d bytes", points, len(data))
		}
		if encoded := AppendGeoJSON(nil, shape, 7); !json.Valid(encoded) {
			t.Fatalf("not JSON: %s", encoded)
		}
		if g, err := wkb.Unmarshal(data); err == nil {
			var flat []float64
			for _, polygon := range shape.Polygons {
				for _, ring := range polygon {
					for _, p := range ring {
						flat = append(flat, p[0], p[1])
					}
				}
			}
			var want []float64
			all, stride := g.FlatCoords(), g.Stride()
			for i := 0; stride > 0 && i < len(all); i += stride {
				want = append(want, all[i], all[i+1])
			}
			if !reflect.DeepEqual(flat, want) {
				t.Fatalf("got %v, go-geom reads %v", flat, want)
			}
		}
	})
}

func BenchmarkAppendGeoJSON(b *testing.B) {
	shapes := tessellation(1, 10, 30, 0.03).shapes
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		size := 0
		for _, s := range shapes {
			buffer = AppendGeoJSON(buffer[:0], s, 7)
			size += len(buffer)
		}
		b.SetBytes(int64(size))
	}
}

func BenchmarkShapeFromWKB(b *testing.B) {
	flat := make([]float64, 0, 20_002)
	for i := range 10_000 {
		t := 2 * math.Pi * float64(i) / 10_000
		flat = append(flat, 105+math.Cos(t), 10+math.Sin(t))
	}
	flat = append(flat, flat[0], flat[1])
	encoded, err := wkb.Marshal(geom.NewPolygonFlat(geom.XY, flat, []int{len(flat)}), wkb.NDR)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(encoded)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ShapeFromWKB(1, encoded); err != nil {
			b.Fatal(err)
		}
	}
}
