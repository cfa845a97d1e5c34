package divide_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"vunglom/gis"
	"vunglom/gis/divide"
)

// perDegree is about how many metres a degree of latitude has.
const perDegree = 110_600.0

// lands are a square of 4 km, one with a bay and a pond, and one with islands; one touches itself in a corner.
var lands = map[string]gis.Shape{
	"square": {Polygons: [][][][2]float64{{box(105, 9, 4)}}},
	"bay and pond": {Polygons: [][][][2]float64{{
		{{105, 9}, {105.04, 9}, {105.04, 9.012}, {105.012, 9.02}, {105.04, 9.028}, {105.04, 9.04}, {105, 9.04}, {105, 9}},
		reversed(box(105.004, 9.015, 0.6)),
	}}},
	"islands": {Polygons: [][][][2]float64{{box(105, 9, 3)}, {box(105.029, 9.03, 1)}, {box(105.05, 9.001, 0.8)}}},
	"corner":  {Polygons: [][][][2]float64{{box(105, 9, 2)}, {{{105.018083, 9.018083}, {105.04, 9.02}, {105.03, 9.04}, {105.018083, 9.018083}}}}},
}

// box is a square, in degrees, of so many kilometres.
func box(lon, lat, km float64) [][2]float64 {
	d := km * 1000 / perDegree
	return [][2]float64{{lon, lat}, {lon + d, lat}, {lon + d, lat + d}, {lon, lat + d}, {lon, lat}}
}

func reversed(ring [][2]float64) [][2]float64 {
	var out [][2]float64
	for i := range ring {
		out = append(out, ring[len(ring)-1-i])
	}
	return out
}

// scattered draws points on and about a land. Each says the part whose seed is nearest, some a random one.
func scattered(r *rand.Rand, n, parts int, wrong float64) []divide.Point {
	seeds := make([][2]float64, parts)
	for i := range seeds {
		seeds[i] = [2]float64{105 + 0.04*r.Float64(), 9 + 0.04*r.Float64()}
	}
	points := make([]divide.Point, n)
	for i := range points {
		p := [2]float64{104.999 + 0.042*r.Float64(), 8.999 + 0.042*r.Float64()}
		if r.IntN(3) > 0 { // along roads, on a grid as files have it
			p[i%2] = math.Round(p[i%2]*250) / 250
		}
		p = [2]float64{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
		best := 0
		for k, s := range seeds {
			if math.Hypot(s[0]-p[0], s[1]-p[1]) < math.Hypot(seeds[best][0]-p[0], seeds[best][1]-p[1]) {
				best = k
			}
		}
		if r.Float64() < wrong {
			best = r.IntN(parts)
		}
		points[i] = divide.Point{At: p, Part: best}
	}
	return points
}

// TestPartsTileTheLand checks, over random points on odd lands, what the package promises: the parts' borders are shared
// exactly, they fill the land, and every point lies in its part or is named.
func TestPartsTileTheLand(t *testing.T) {
	t.Parallel()
	for name, land := range lands {
		for seed := range uint64(25) {
			t.Run(fmt.Sprint(name, seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				parts := 1 + r.IntN(9)
				n := []int{1, 2, 3, 10, 60, 400}[r.IntN(6)]
				points := scattered(r, n, parts, []float64{0, 0.03, 0.5}[r.IntN(3)])
				d, err := divide.Land(context.Background(), land, points, parts, divide.Default)
				if err != nil {
					t.Fatal(err)
				}
				tiles(t, land, d)
				pointsLie(t, land, points, d)
				again, err := divide.Land(context.Background(), written(land), points, parts, divide.Default)
				if err != nil || !reflect.DeepEqual(d, again) {
					t.Errorf("the same points and land give another division (%v)", err)
				}
			})
		}
	}
}

// written writes a land in another way: polygons, corners and the way of rings in another order.
func written(land gis.Shape) gis.Shape {
	out := gis.Shape{ID: land.ID}
	for _, polygon := range land.Polygons {
		var p [][][2]float64
		for _, ring := range polygon {
			r := append(append([][2]float64(nil), ring[2:]...), ring[1:3]...)
			p = append(p, reversed(r))
		}
		out.Polygons = append([][][][2]float64{p}, out.Polygons...)
	}
	return out
}

// tiles checks that every stretch of border is the edge of one part, and of another the other way round unless it lies on
// the land's edge, and that the areas sum up.
func tiles(t *testing.T, land gis.Shape, d *divide.Division) {
	t.Helper()
	type edge struct{ a, b [2]float64 }
	edges := map[edge]int{}
	sum := 0.0
	any, drawn := false, 0
	for _, n := range d.Support {
		drawn += min(n, 1)
	}
	for part, s := range d.Parts {
		if (len(s.Polygons) > 0) != (d.Support[part] > 0) || drawn > 1 && d.Support[part] > 0 && d.Support[part] < divide.LeastPoints {
			t.Errorf("part %d has %d polygons and %d points", part, len(s.Polygons), d.Support[part])
		}
		for _, polygon := range s.Polygons {
			any = true
			for i, ring := range polygon {
				if ring[0] != ring[len(ring)-1] || len(ring) < 4 {
					t.Fatalf("part %d: ring %v is not closed", part, ring)
				}
				if a := area(ring); (a > 0) != (i == 0) {
					t.Errorf("part %d: ring %d has the area %g", part, i, a)
				}
				sum += area(ring)
				for j := 1; j < len(ring); j++ {
					e := edge{ring[j-1], ring[j]}
					if _, twice := edges[e]; twice || e.a == e.b {
						t.Fatalf("edge %v is there twice, or has no length", e)
					}
					edges[e] = part
				}
			}
		}
	}
	if !any {
		return // no point on the land
	}
	for e := range edges {
		if _, shared := edges[edge{e.b, e.a}]; !shared && fromEdge(land, mid(e.a, e.b)) > 1e-12 {
			t.Fatalf("edge %v is of one part only and not of the land", e)
		}
	}
	whole := 0.0
	for _, polygon := range land.Polygons {
		for i, ring := range polygon {
			a := math.Abs(area(ring))
			if i > 0 {
				a = -a
			}
			whole += a
		}
	}
	if math.Abs(sum-whole) > 1e-13 {
		t.Errorf("the parts have %g square degrees, the land %g", sum, whole)
	}
}

// pointsLie checks that each point lies in its part, or is a conflict that says where it lies.
func pointsLie(t *testing.T, land gis.Shape, points []divide.Point, d *divide.Division) {
	t.Helper()
	onEdge := make([]int, len(d.Parts)) // which lie on both sides of the land's edge
	conflict := map[int]divide.Conflict{}
	for _, c := range d.Conflicts {
		conflict[c.Point] = c
	}
	support := make([]int, len(d.Parts))
	for i, p := range points {
		lies := -1
		for part, s := range d.Parts {
			if holds(s, p.At) {
				lies = part
			}
		}
		c, named := conflict[i]
		switch {
		case fromEdge(land, p.At) < 1e-12:
			onEdge[p.Part]++
		case lies == p.Part && !named:
			support[p.Part]++
		case lies == p.Part || !named:
			t.Errorf("point %d says %d and lies in %d; conflict %v", i, p.Part, lies, named)
		case c.Lies != lies:
			t.Errorf("point %d lies in %d, its conflict says %d", i, lies, c.Lies)
		case !(c.Metres > 0) || math.IsInf(c.Metres, 1) != (len(d.Parts[p.Part].Polygons) == 0):
			t.Errorf("point %d is %g m from its part", i, c.Metres)
		}
	}
	for part, n := range support {
		if d.Support[part] < n || d.Support[part] > n+onEdge[part] {
			t.Errorf("part %d is supported by %d points, counted %d", part, d.Support[part], n)
		}
	}
}

func mid(a, b [2]float64) [2]float64 { return [2]float64{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2} }

func area(ring [][2]float64) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += (ring[i-1][0]-ring[0][0])*(ring[i][1]-ring[0][1]) - (ring[i][0]-ring[0][0])*(ring[i-1][1]-ring[0][1])
	}
	return sum / 2
}

func fromEdge(s gis.Shape, p [2]float64) float64 {
	least := math.Inf(1)
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, dx, dy := ring[i-1], ring[i][0]-ring[i-1][0], ring[i][1]-ring[i-1][1]
				u := max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/(dx*dx+dy*dy)))
				least = min(least, math.Hypot(a[0]+u*dx-p[0], a[1]+u*dy-p[1]))
			}
		}
	}
	return least
}

func holds(s gis.Shape, p [2]float64) bool {
	in := false
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
					in = !in
				}
			}
		}
	}
	return in
}

// halves are 200 points of a square of 4 km whose west half is part 0 and east half part 1.
func halves() []divide.Point {
	r := rand.New(rand.NewPCG(5, 5))
	var points []divide.Point
	for range 200 {
		p := divide.Point{At: [2]float64{105.0001 + 0.0359*r.Float64(), 9.0001 + 0.0359*r.Float64()}}
		if p.At[0] > 105.018083 {
			p.Part = 1
		}
		points = append(points, p)
	}
	return points
}

// TestOutliersAreConflicts checks the rule: a point deep in another part does not become an exclave, nor does a handful of
// them; one a few metres over the border moves it.
func TestOutliersAreConflicts(t *testing.T) {
	t.Parallel()
	points := halves()
	lone := len(points)
	points = append(points, divide.Point{At: [2]float64{105.03, 9.02}, Part: 0}) // 1.3 km inside part 1
	for i := range 6 {                                                           // a lane written down wrongly
		points = append(points, divide.Point{At: [2]float64{105.005 + 0.0004*float64(i), 9.01}, Part: 1})
	}
	near := len(points)
	points = append(points, divide.Point{At: [2]float64{105.018083 + 20/109_000.0, 9.025}, Part: 0})
	d, err := divide.Land(context.Background(), lands["square"], points, 2, divide.Options{ReachMetres: 300, LeastShare: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	tiles(t, lands["square"], d)
	pointsLie(t, lands["square"], points, d)
	named := map[int]divide.Conflict{}
	for _, c := range d.Conflicts {
		named[c.Point] = c
	}
	for i := lone; i < near; i++ {
		c, ok := named[i]
		if !ok || c.Lies == points[i].Part || c.Metres < 300 {
			t.Errorf("outlier %d: %+v, named %v", i, c, ok)
		}
	}
	if _, ok := named[near]; ok {
		t.Error("a point 20 m over the border was left on the other side")
	}
	if len(named) != near-lone {
		t.Errorf("%d conflicts, not %d: %v", len(named), near-lone, d.Conflicts)
	}
	for part, s := range d.Parts {
		if len(s.Polygons) != 1 {
			t.Errorf("part %d has %d pieces", part, len(s.Polygons))
		}
	}
}

// TestIslandsStay checks that what touches no other part is given to nobody, and that a part keeps a second piece that
// holds a fifth of its points.
func TestIslandsStay(t *testing.T) {
	t.Parallel()
	points := halves()
	for i := range points { // on the island of 1 km and the main land of 3 km
		points[i].At[0] = 105 + (points[i].At[0]-105)*0.7
		points[i].At[1] = 9 + (points[i].At[1]-9)*0.7
		points[i].Part = 0
	}
	for i := range 60 {
		points = append(points, divide.Point{At: [2]float64{105.03 + 0.0001*float64(i%8), 9.031 + 0.0001*float64(i)}, Part: 0})
	}
	d, err := divide.Land(context.Background(), lands["islands"], points, 1, divide.Default)
	if err != nil {
		t.Fatal(err)
	}
	tiles(t, lands["islands"], d)
	if len(d.Parts[0].Polygons) != 3 || len(d.Conflicts) != 0 {
		t.Errorf("%d pieces, conflicts %v", len(d.Parts[0].Polygons), d.Conflicts)
	}
}

// TestBordersTellOfNoSinglePoint plays whoever sees the borders alone, and looks for points where these turn sharply, as they do round a point that
// pulls them over. By the default rule that finds points hardly more often than looking anywhere on the border does; where borders
// follow single points it finds most. A part of few points, in whose middle they would be, is not drawn.
func TestBordersTellOfNoSinglePoint(t *testing.T) {
	t.Parallel()
	const within = 10.0 // metres
	land := lands["square"]
	found := func(o divide.Options) (atTurns, anywhere float64) {
		var turns, turnsFound, places, placesFound int
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 77))
			points := scattered(r, 2000, 9, 0.03)
			for i := range points { // off the grid, on which they would be found without looking
				points[i].At[0] += 0.002 * (r.Float64() - 0.5)
				points[i].At[1] += 0.002 * (r.Float64() - 0.5)
			}
			d, err := divide.Land(t.Context(), land, points, 9, o)
			if err != nil {
				t.Fatal(err)
			}
			near := func(at [2]float64) int {
				for _, p := range points {
					if math.Hypot((at[0]-p.At[0])*math.Cos(9*math.Pi/180), at[1]-p.At[1])*perDegree < within {
						return 1
					}
				}
				return 0
			}
			for _, s := range d.Parts {
				for _, polygon := range s.Polygons {
					for _, ring := range polygon {
						for i := range len(ring) - 1 {
							a, b, c := ring[(i+len(ring)-2)%(len(ring)-1)], ring[i], ring[i+1]
							if fromEdge(land, b) < 1e-9 {
								continue
							}
							u := r.Float64()
							places, placesFound = places+1, placesFound+near([2]float64{b[0] + u*(c[0]-b[0]), b[1] + u*(c[1]-b[1])})
							toA, toC := towards(b, a), towards(b, c)
							if toA[0]*toC[0]+toA[1]*toC[1] < -0.3 { // it turns by less than 73 degrees
								continue
							}
							inwards := towards([2]float64{}, [2]float64{toA[0] + toC[0], toA[1] + toC[1]})
							const step = 4 / perDegree
							turns, turnsFound = turns+1, turnsFound+near([2]float64{b[0] + step*inwards[0], b[1] + step*inwards[1]})
						}
					}
				}
			}
		}
		return float64(turnsFound) / float64(turns), float64(placesFound) / float64(places)
	}
	atTurns, anywhere := found(divide.Default)
	if atTurns > 0.15 {
		t.Errorf("of sharp turns %.3f have a point within %g m, of the border %.3f", atTurns, within, anywhere)
	}
	if followed, _ := found(divide.Options{ReachMetres: 50, LeastShare: 0.2}); followed < 0.4 {
		t.Errorf("of sharp turns of borders that follow points %.3f have one within %g m: this attacker finds nothing", followed, within)
	}
	for few := range 2 * divide.LeastPoints {
		points := append(halves(), make([]divide.Point, few)...)
		for i := range few {
			points[200+i] = divide.Point{At: [2]float64{105.01 + 0.0003*float64(i%3), 9.02 + 0.0003*float64(i/3)}, Part: 2}
		}
		d, err := divide.Land(t.Context(), land, points, 3, divide.Default)
		if err != nil {
			t.Fatal(err)
		}
		tiles(t, land, d)
		pointsLie(t, land, points, d)
		if drawn := d.Support[2] > 0; drawn != (few >= divide.LeastPoints) {
			t.Errorf("a part of %d points is drawn: %v", few, drawn)
		}
	}
}

// towards is the direction from a place to another.
func towards(from, to [2]float64) [2]float64 {
	x, y := to[0]-from[0], to[1]-from[1]
	l := math.Hypot(x, y)
	return [2]float64{x / l, y / l}
}

func TestLandRefuses(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := divide.Land(ctx, lands["square"], halves(), 2, divide.Default); !errors.Is(err, context.Canceled) {
		t.Errorf("after it was cancelled: %v", err)
	}
	for name, call := range map[string]func() (*divide.Division, error){
		"no land": func() (*divide.Division, error) {
			return divide.Land(context.Background(), gis.Shape{}, halves(), 2, divide.Default)
		},
		"no part": func() (*divide.Division, error) {
			return divide.Land(context.Background(), lands["square"], halves(), 1, divide.Default)
		},
		"no reach": func() (*divide.Division, error) {
			return divide.Land(context.Background(), lands["square"], halves(), 2, divide.Options{ReachMetres: -1})
		},
	} {
		if d, err := call(); err == nil {
			t.Errorf("%s: %v", name, d)
		}
	}
}
