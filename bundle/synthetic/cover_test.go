package synthetic

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/peterstace/simplefeatures/geom"
	"vunglom/bundle"
)

// rings are a unit's polygons: parts, rings, points.
func (f *feature) rings(t *testing.T) [][][][2]float64 {
	t.Helper()
	if f.parts != nil || f.Geometry == nil {
		return f.parts
	}
	text := f.Geometry.Coordinates
	if f.Geometry.Type == "Polygon" {
		text = json.RawMessage("[" + string(text) + "]")
	}
	if err := json.Unmarshal(text, &f.parts); err != nil {
		t.Fatal(err)
	}
	return f.parts
}

// geometry is a unit's polygons as a library sees them.
func (f *feature) geometry(t *testing.T) geom.Geometry {
	t.Helper()
	text := fmt.Sprintf(`{"type":%q,"coordinates":%s}`, f.Geometry.Type, f.Geometry.Coordinates)
	g, err := geom.UnmarshalGeoJSON([]byte(text), geom.NoValidate{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// edge goes from one corner to another; corners are the bits of their degrees, which hash
// faster than numbers do.
type edge struct{ from, to [2]uint64 }

func (e edge) String() string {
	f := math.Float64frombits
	return fmt.Sprintf("%v %v to %v %v", f(e.from[0]), f(e.from[1]), f(e.to[0]), f(e.to[1]))
}

func bits(p [2]float64) [2]uint64 { return [2]uint64{math.Float64bits(p[0]), math.Float64bits(p[1])} }

// edges counts every directed edge of some units' rings.
func edges(t *testing.T, units []*feature) map[edge]int {
	t.Helper()
	n := map[edge]int{}
	for i := range units {
		for _, part := range units[i].rings(t) {
			for _, r := range part {
				for k := 1; k < len(r); k++ {
					n[edge{bits(r[k-1]), bits(r[k])}]++
				}
			}
		}
	}
	return n
}

// outer drops every edge that another unit uses the other way round: what is left is the
// border of the union.
func outer(t *testing.T, n map[edge]int) map[edge]int {
	t.Helper()
	left := map[edge]int{}
	for e, k := range n {
		if k != 1 {
			t.Fatalf("the edge %v is used %d times in one direction: two units overlap", e, k)
		}
		if n[edge{e.to, e.from}] == 0 {
			left[e] = 1
		}
	}
	return left
}

func sameEdges(a, b map[edge]int) bool {
	if len(a) != len(b) {
		return false
	}
	for e := range a {
		if b[e] == 0 {
			return false
		}
	}
	return true
}

// checkCover checks that on a day every level tiles its parents exactly, edge by edge: since
// 2025-07-01 with the redrawn hamlet as it was before.
func checkCover(t *testing.T, units []*feature, d string) {
	t.Helper()
	byLevel := map[string][]*feature{}
	before, since := redrawn(t, units)
	for _, u := range units {
		if u == since {
			restored := *u
			restored.Geometry, restored.parts = before.Geometry, nil
			u = &restored
		}
		if u.on(d) && u.Geometry != nil {
			byLevel[u.Properties.Level] = append(byLevel[u.Properties.Level], u)
		}
	}
	for _, pair := range [][2]string{{"hamlet", "commune"}, {"commune", "district"}, {"commune", "province"}, {"district", "province"}} {
		children := map[string][]*feature{}
		for _, u := range byLevel[pair[0]] {
			children[u.Properties.ParentCode] = append(children[u.Properties.ParentCode], u)
		}
		if pair[0] == "commune" && pair[1] == "province" { // whether or not districts stand between
			children = map[string][]*feature{"96": byLevel["commune"]}
		}
		for _, p := range byLevel[pair[1]] {
			c := children[p.Properties.Code]
			if len(c) == 0 {
				continue // a commune from Bạc Liêu
			}
			if !sameEdges(outer(t, edges(t, c)), outer(t, edges(t, []*feature{p}))) {
				t.Errorf("on %s the %ss of %s %s don't tile it", d, pair[0], pair[1], p.Properties.Code)
			}
		}
	}
	for level, list := range byLevel {
		outer(t, edges(t, list)) // no two units of a level overlap
		if len(list) == 0 {
			t.Errorf("no %s on %s", level, d)
		}
	}
}

func TestBordersAreShared(t *testing.T) {
	units := readUnits(t, fullProvince(t))
	for _, d := range []string{"2024-09-30", "2024-12-01", "2025-07-01"} {
		checkCover(t, units, d)
	}
}

func TestPolygonsAreValid(t *testing.T) {
	vertices, distinct := 0, map[[2]float64]bool{}
	units := readUnits(t, fullProvince(t))
	for i := range units {
		u := units[i]
		if u.Geometry == nil {
			t.Errorf("%s %s has no polygon", u.Properties.Level, u.Properties.Code)
			continue
		}
		if err := u.geometry(t).Validate(); err != nil {
			t.Errorf("%s %s: %v", u.Properties.Level, u.Properties.Code, err)
		}
		for _, part := range u.rings(t) {
			for _, r := range part {
				vertices += len(r)
				for _, p := range r {
					distinct[p] = true
				}
			}
		}
	}
	if len(distinct) > 150_000 {
		t.Errorf("%d distinct vertices, want at most 150,000", len(distinct))
	}
	t.Logf("%d vertices, %d distinct", vertices, len(distinct))
}

func TestAreasAreAsPublished(t *testing.T) {
	f, err := readFacts()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	for _, u := range f.units {
		if u.areaKm2 > 0 {
			want[u.code] = u.areaKm2
		}
	}
	units := readUnits(t, fullProvince(t))
	seen := 0
	for i := range units {
		p := units[i].Properties
		if p.Level != "commune" || p.From != "2025-07-01" {
			continue
		}
		seen++
		got := units[i].geometry(t).Area() * kmPerLon * kmPerLat
		if math.Abs(got/want[p.Code]-1) > 0.1 {
			t.Errorf("%s %s has %.1f km², published are %.1f", p.Code, p.Name, got, want[p.Code])
		}
	}
	if seen != 64 {
		t.Errorf("%d new communes, want 64", seen)
	}
}

func TestReadsBackWithoutAProblem(t *testing.T) {
	for name, dir := range map[string]string{"large": largeProvince(t), "compressed": generated(t, Options{Scale: 0.01, Compress: true})} {
		b, err := bundle.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if !b.Meta.Synthetic || b.Meta.Province != "96" {
			t.Errorf("%s: bundle.json says %+v", name, b.Meta)
		}
		for _, table := range bundle.Tables {
			read, err := b.Rows(t.Context(), table, func(*bundle.Row) error { return nil }, func(p bundle.Problem) {
				t.Errorf("%s: %s line %d: %s", name, p.File, p.Line, p.Message)
			})
			if err != nil {
				t.Fatal(err)
			}
			if read == 0 {
				t.Errorf("%s: %s has no rows", name, table.Name)
			}
		}
	}
}
