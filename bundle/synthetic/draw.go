package synthetic

import (
	"math"
	"sort"
)

// drawn is ground without real polygons: a mesh of sites, and whose each site is.
type drawn struct {
	*land
	*mesh
	cellOf    []int32   // per site; -1: sea, or a commune without cells
	newOf     []int32   // per site: the new commune, -1: sea
	atom      []int32   // per site: its hamlet; -1: sea, or a commune without cells
	cellSites [][]int32 // per cell
	sites     [][]int32 // per hamlet
	label     []int32   // room for partitions
}

// draw divides the land into new communes round their representative points, and these
// into cells.
func (land *land) draw(siteAreaKm2 float64) {
	seed, l := land.seed, &drawn{land: land}
	land.ground = l
	s := newShore(outline)
	onIsland := func(x, y float64, margin float64) bool { return islandAt(x, y, margin) >= 0 }
	isLand := func(x, y float64) bool {
		if onIsland(x, y, 0) {
			return true
		}
		wx, wy := warp(seed+77, x, y, 0.55)
		return s.inside(wx, wy) && !onIsland(x, y, 0.8)
	}
	spacing := math.Sqrt(siteAreaKm2 * 1.155)
	isNear := func(x, y float64) bool {
		return s.inside(x, y) || s.near(x, y, 2+3*spacing) || onIsland(x, y, 3*spacing+0.3)
	}
	l.mesh = newMesh(seed, siteAreaKm2, [4]float64{-62, -74, 92, 69}, isLand, isNear)
	l.dropSpecks()
	n := len(l.x)
	l.newOf, l.cellOf, l.atom, l.label = filled(n), filled(n), filled(n), make([]int32, n)
	l.cellSites = make([][]int32, len(l.cells))
	var mainland []int32
	for _, i := range l.landSites {
		if l.isle[i] < 0 {
			mainland = append(mainland, i)
		}
	}
	seeds := make([]seedPoint, len(l.after))
	for i, c := range l.after {
		seeds[i].x, seeds[i].y = toPlane(c.lon, c.lat)
		seeds[i].target, seeds[i].fixed = c.areaKm2, true
	}
	l.partition(mainland, seeds, 60, 0.9, l.newOf)
	l.divide(mainland)
	for _, i := range l.landSites {
		if k := l.isle[i]; k >= 0 {
			l.cellOf[i] = int32(l.cellNamed(islands[k].old, islands[k].new))
			l.newOf[i] = int32(l.cells[l.cellOf[i]].new)
		}
	}
	for _, i := range l.landSites {
		if c := l.cellOf[i]; c >= 0 {
			l.cellSites[c] = append(l.cellSites[c], i)
		}
	}
	for i := range l.cells {
		c := &l.cells[i]
		k := 0.0
		c.areaKm2 = float64(len(l.cellSites[i])) * siteAreaKm2
		for _, s := range l.cellSites[i] {
			if l.isle[s] < 0 {
				c.x, c.y, k = c.x+l.x[s], c.y+l.y[s], k+1
			}
		}
		c.x, c.y = c.x/k, c.y/k
	}
}

// dropSpecks turns bits of land that hang together with neither the mainland nor an
// island into sea, and ponds inside the mainland into land.
func (m *mesh) dropSpecks() {
	m.keepLargest(true)
	m.keepLargest(false)
	m.landSites = m.landSites[:0]
	for i, ok := range m.dry {
		if ok {
			m.landSites = append(m.landSites, int32(i))
		}
	}
}

// keepLargest keeps the largest piece of mainland (or of sea) and flips all others.
func (m *mesh) keepLargest(land bool) {
	seen := make([]bool, len(m.x))
	var pieces [][]int32
	for i := range m.x {
		if seen[i] || m.dry[i] != land || m.isle[i] >= 0 {
			continue
		}
		seen[i] = true
		piece := []int32{int32(i)}
		for k := 0; k < len(piece); k++ {
			for _, n := range m.neighbours(piece[k]) {
				if !seen[n] && m.dry[n] == land && m.isle[n] < 0 {
					seen[n] = true
					piece = append(piece, n)
				}
			}
		}
		pieces = append(pieces, piece)
	}
	sort.SliceStable(pieces, func(i, j int) bool { return len(pieces[i]) > len(pieces[j]) })
	for _, p := range pieces[min(1, len(pieces)):] {
		for _, s := range p {
			m.dry[s] = !land
		}
	}
}
