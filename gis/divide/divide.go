// Package divide draws the parts of a piece of land of which nothing is known but points that say which part they
// belong to: the hamlets of a commune, from the addresses that declare one.
//
// The walk, in a file each: a smooth height of every part is fitted to the points, wrong ones among them (field.go,
// descend.go); points on the wrong side but near it pull the border over (pull.go); the land is covered by triangles
// whose corners are the points and a mesh between them (mesh.go), through which the borders run where two heights are
// equal (border.go); the borders are cut off at the land's edge (clip.go, arrangement.go); what is cut off from its part
// goes to the neighbours (absorb.go); needless corners go (thin.go); rings are traced (trace.go). Every border is drawn once,
// for both sides, so that the parts have neither gap nor overlap.
package divide

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"vunglom/gis"
)

// Point is a place that says which part of the land it belongs to.
type Point struct {
	At   [2]float64 // longitude and latitude in degrees
	Part int        // 0 to parts-1
}

// Options are the rule by which a point that lies apart from its part is followed or left.
type Options struct {
	// ReachMetres: a point on the wrong side of a smooth border, but no further from it than this, pulls the border over.
	// One further off is a conflict. More than 0 has the border go round single points, and whoever sees it sees where they stand.
	ReachMetres float64
	// LeastShare: a piece of land that does not hang together with the rest of its part stays with it where it holds at
	// least this share of the part's points. Else it goes to the neighbours, and its points are conflicts.
	LeastShare float64
}

// Default is the rule unless another is asked for.
var Default = Options{ReachMetres: 0, LeastShare: 0.2}

// LeastPoints is the least number of points that a part is drawn by beside others. Everybody sees borders, and not the points: around one point
// they would be a ring with that in its middle. The points of a part with fewer are conflicts, unless it has the land for itself.
const LeastPoints = 5

// Conflict is a point that does not lie in the part it says.
type Conflict struct {
	Point  int     // its place among the points
	Lies   int     // the part in which it lies; -1: outside the land
	Metres float64 // from it to its own part; +Inf: that has no land
}

// Division is a land in parts.
type Division struct {
	Parts     []gis.Shape // one a part, its ID the part's number; no polygons: no point of it stands, or fewer than LeastPoints beside other parts
	Support   []int       // how many points lie in the part they say
	Conflicts []Conflict  // the other points, in their order
}

// Land divides a piece of land among parts. The land is valid, its rings run either way. Every point lies in the part it
// says, or is named as a conflict. The parts that are drawn tile the land; their borders inside it share every corner,
// and on its edge they have its own corners and, where a border ends, one more. The same input gives the same output.
//
// Where the points say nothing, the parts are divided by straight lines that fit the points best. Points may be wrong:
// three in a hundred are expected to be. Distances are planar, true to 0.1 % over 50 km.
func Land(ctx context.Context, land gis.Shape, points []Point, parts int, o Options) (*Division, error) {
	if o.ReachMetres < 0 || o.LeastShare < 0 || o.LeastShare > 1 || math.IsNaN(o.ReachMetres+o.LeastShare) {
		return nil, fmt.Errorf("reach is %g m and least share %g; the one may be 0 or more, the other 0 to 1", o.ReachMetres, o.LeastShare)
	}
	g, err := survey(land, points, parts)
	if err != nil {
		return nil, err
	}
	dropped := make([]bool, parts)
	for {
		d, err := g.divide(ctx, land.ID, o, dropped)
		if err != nil {
			return nil, err
		}
		few, drawn := -1, 0 // the part of the fewest points, and how many parts there are
		for part, n := range d.Support {
			if n > 0 {
				drawn++
				if few < 0 || n < d.Support[few] {
					few = part
				}
			}
		}
		if drawn < 2 || d.Support[few] >= LeastPoints {
			return d, nil
		}
		dropped[few] = true
	}
}

// divide is Land without the parts that are dropped.
func (g *ground) divide(ctx context.Context, id int64, o Options, dropped []bool) (*Division, error) {
	var standing []int // points that the borders are drawn by
	for i, p := range g.points {
		if !dropped[g.part[i]] && g.land.holds(p) {
			standing = append(standing, i)
		}
	}
	if len(standing) == 0 {
		return &Division{Parts: make([]gis.Shape, g.parts), Support: make([]int, g.parts), Conflicts: g.outside()}, nil
	}
	f, err := g.fit(ctx, standing)
	if err != nil {
		return nil, err
	}
	standing = f.pull(standing, o.ReachMetres)
	for attempt := range attempts {
		a, err := g.arrange(ctx, f, standing, attempt)
		if errors.Is(err, errDegenerate) {
			continue
		}
		if err != nil {
			return nil, err
		}
		a.absorb(standing, o.LeastShare)
		a.thin()
		return a.division(id), nil
	}
	return nil, fmt.Errorf("land %d can't be divided: %w", id, errDegenerate)
}

// attempts is how often a mesh is laid anew where a border meets a corner of the land too exactly to tell the sides apart.
const attempts = 5

var errDegenerate = errors.New("a border runs exactly through a corner of the land")

// ground is a land in a plane, in metres, with its points.
type ground struct {
	plane
	land   region
	points []xy
	part   []int
	parts  int
	area   float64 // of the land, m²
}

func survey(land gis.Shape, points []Point, parts int) (*ground, error) {
	if len(land.Polygons) == 0 {
		return nil, errors.New("a land without polygons can't be divided")
	}
	g := &ground{parts: parts}
	g.plane = planeOf(land)
	for _, polygon := range land.Polygons {
		for i, ring := range polygon {
			g.land = append(g.land, g.ring(ring, i == 0))
		}
	}
	slices.SortFunc(g.land, func(a, b ring) int { return slices.CompareFunc(a.degrees, b.degrees, byPlace) })
	for _, r := range g.land {
		g.area += r.area()
	}
	for i, p := range points {
		if p.Part < 0 || p.Part >= parts {
			return nil, fmt.Errorf("point %d is of part %d; there are %d", i, p.Part, parts)
		}
		g.points = append(g.points, g.toPlane(p.At))
		g.part = append(g.part, p.Part)
	}
	return g, nil
}

// outside names every point as a conflict outside the land.
func (g *ground) outside() []Conflict {
	all := make([]Conflict, len(g.points))
	for i := range all {
		all[i] = Conflict{Point: i, Lies: -1, Metres: math.Inf(1)}
	}
	return all
}
