package synthetic

import (
	"bytes"
	"math"
	"testing"

	"github.com/peterstace/simplefeatures/geom"
)

// redrawn finds the hamlet whose polygon since 2025-07-01 is another than before; there is
// exactly one.
func redrawn(t *testing.T, units []*feature) (before, since *feature) {
	t.Helper()
	earlier := map[string]*feature{}
	for _, u := range units {
		if u.Properties.Level == "hamlet" && u.on("2025-06-30") {
			earlier[u.Properties.Code] = u
		}
	}
	for _, u := range units {
		if u.Properties.Level != "hamlet" || !u.on("2025-07-01") {
			continue
		}
		e := earlier[u.Properties.Code]
		if u.Properties.From != "2025-07-01" || e == nil || *e.Properties.To != "2025-07-01" {
			t.Fatalf("hamlet %s has no row until and since 2025-07-01", u.Properties.Code)
		}
		if bytes.Equal(u.Geometry.Coordinates, e.Geometry.Coordinates) {
			continue
		}
		if since != nil {
			t.Fatalf("two hamlets are redrawn: %s and %s", since.Properties.Code, u.Properties.Code)
		}
		before, since = e, u
	}
	if since == nil {
		t.Fatal("no hamlet is redrawn")
	}
	return before, since
}

// slivers measures, in km² of the drawing plane, where two hamlets of a commune overlap on a
// day and where the hamlets leave a hole in it.
func slivers(t *testing.T, units []*feature, d string) (overlaps, holes []float64) {
	t.Helper()
	children := map[string][]*feature{}
	for _, u := range units {
		if u.Properties.Level == "hamlet" && u.on(d) {
			children[u.Properties.ParentCode] = append(children[u.Properties.ParentCode], u)
		}
	}
	measure := func(g geom.Geometry, err error) (km2 float64) {
		if err != nil {
			t.Fatal(err)
		}
		return g.Area() * kmPerLon * kmPerLat
	}
	for _, u := range units {
		list := children[u.Properties.Code]
		if u.Properties.Level != "commune" || !u.on(d) || list == nil {
			continue
		}
		left := edges(t, list)
		for e := range left {
			if back := (edge{e.to, e.from}); left[back] > 0 {
				delete(left, e)
				delete(left, back)
			}
		}
		if sameEdges(left, edges(t, []*feature{u})) {
			continue // they tile it
		}
		var shapes []geom.Geometry
		for _, c := range list {
			g := c.geometry(t)
			for _, o := range shapes {
				if km2 := measure(geom.Intersection(g, o)); km2 > 0 {
					overlaps = append(overlaps, km2)
				}
			}
			shapes = append(shapes, g)
		}
		covered, err := geom.UnionMany(shapes)
		if err != nil {
			t.Fatal(err)
		}
		if km2 := measure(geom.Difference(u.geometry(t), covered)); km2 > 0 {
			holes = append(holes, km2)
		}
	}
	return overlaps, holes
}

// checkSlivers checks that there is one overlap and one hole since 2025-07-01, each well
// above the 0.0001 km² from which an import warns, and none before.
func checkSlivers(t *testing.T, units []*feature) {
	t.Helper()
	if overlaps, holes := slivers(t, units, "2025-06-30"); len(overlaps)+len(holes) > 0 {
		t.Errorf("until 2025-06-30 hamlets overlap by %v and leave holes of %v km²", overlaps, holes)
	}
	overlaps, holes := slivers(t, units, "2025-07-01")
	if len(overlaps) != 1 || len(holes) != 1 || overlaps[0] < 0.0002 || holes[0] < 0.0002 || overlaps[0] > 0.03 || holes[0] > 0.03 {
		t.Errorf("since 2025-07-01 hamlets overlap by %v and leave holes of %v km², want one each of 0.0002 to 0.03", overlaps, holes)
	}
}

// TestOneHamletIsRedrawn checks which, how far, and that no address changes its hamlet.
func TestOneHamletIsRedrawn(t *testing.T) {
	dir := fullProvince(t)
	before, since := redrawn(t, readUnits(t, dir))
	if p := since.Properties; p.Code != "3204801" || p.ParentCode != "32044" {
		t.Errorf("hamlet %s of commune %s is redrawn", p.Code, p.ParentCode)
	}
	old, now := before.rings(t)[0][0], since.rings(t)[0][0]
	if len(old) != len(now) {
		t.Fatalf("it has %d vertices, %d before", len(now), len(old))
	}
	moved := 0
	for i := range old {
		if m := 1000 * math.Hypot((old[i][0]-now[i][0])*kmPerLon, (old[i][1]-now[i][1])*kmPerLat); m > 0 {
			moved++
			if m < 59 || m > 101 {
				t.Errorf("vertex %d is moved %.1f m, want 60 to 100", i, m)
			}
		}
	}
	if moved != 2 {
		t.Errorf("%d vertices are moved, want 2", moved)
	}
	was, is := newLocator(t, dir, "2025-06-30"), newLocator(t, dir, "2025-07-01")
	near := 0
	for _, r := range readTable(t, dir, "addresses") {
		x, y := number(t, r.get("lon")), number(t, r.get("lat"))
		a, b := was.all(x, y), is.all(x, y)
		if len(a) > 0 && a[0] == since.Properties.Code {
			near++
		}
		if len(a) > 1 || len(b) != len(a) || len(a) == 1 && a[0] != b[0] {
			t.Errorf("address %s lies in the hamlets %v, and in %v before", r.get("code"), b, a)
		}
	}
	if near == 0 {
		t.Error("nobody lives there")
	}
}
