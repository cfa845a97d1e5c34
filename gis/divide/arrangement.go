package divide

import (
	"context"
	"math"

	"vunglom/gis"
)

// arrangement is a land cut up by borders: corners, and between them stretches with a part on either side. Stretches meet
// at corners only.
type arrangement struct {
	*ground
	at       []xy
	degrees  [][2]float64
	fixed    []bool // corners that the land came with
	segments []segment
	size     []float64 // of each part, metres
}

// arrange lays the mesh, runs the borders through it and cuts them off at the land's edge.
func (g *ground) arrange(ctx context.Context, f *field, standing []int, attempt int) (*arrangement, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := f.lay(standing, attempt)
	at, segments := m.borders()
	a := &arrangement{ground: g, size: f.size}
	for _, p := range at {
		a.corner(p, g.toDegrees(p), false)
	}
	c := &clip{arrangement: a, mesh: m, borders: segments, cuts: make([][]cut, len(segments))}
	return a, c.run()
}

func (a *arrangement) corner(at xy, degrees [2]float64, fixed bool) int32 {
	a.at, a.degrees, a.fixed = append(a.at, at), append(a.degrees, degrees), append(a.fixed, fixed)
	return int32(len(a.at) - 1)
}

// division reads the parts off, and which points lie in the part they say.
func (a *arrangement) division(id int64) *Division {
	d := &Division{Parts: make([]gis.Shape, a.parts), Support: make([]int, a.parts)}
	regions := a.regions()
	for part := range d.Parts {
		d.Parts[part].ID = int64(part)
		for _, piece := range regions[part] {
			d.Parts[part].Polygons = append(d.Parts[part].Polygons, piece.degrees())
		}
	}
	for i, p := range a.points {
		lies, metres := outside, math.Inf(1)
		for part, pieces := range regions {
			for _, piece := range pieces {
				if piece.holds(p) {
					lies = part
				}
			}
		}
		if lies != a.part[i] {
			for _, piece := range regions[a.part[i]] {
				metres = min(metres, piece.distance(p))
			}
		}
		if lies == a.part[i] || metres == 0 { // a border belongs to both its sides
			d.Support[a.part[i]]++
			continue
		}
		d.Conflicts = append(d.Conflicts, Conflict{i, lies, metres})
	}
	return d
}
