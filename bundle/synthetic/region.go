package synthetic

import (
	"math"
	"sort"
)

// commune is an old or a new commune of the drawn province.
type commune struct {
	unit
	cells  []int // its cells
	fromBL bool  // a new commune none of whose predecessors was of this province
}

// cell is the ground that one succession moved: part of one old and of one new commune.
// Hamlets divide it.
type cell struct {
	old, mid, new int // indexes of communes: before 2024-12-01, until 2025-07-01, since
	areaShare     float64
	people        float64
	urban         bool
	sites         []int32
	hamlets       []int
	x, y          float64 // middle, km
}

// land is the province divided: communes of all times, cells, and which site is whose.
type land struct {
	*mesh
	facts   *facts
	oddness float64   // how much likelier oddities are than in the full province
	before  []commune // on 2024-09-30: 101
	between []commune // from 2024-12-01 to 2025-07-01: 100
	after   []commune // since 2025-07-01: 64
	cells   []cell
	cellOf  []int32 // per site; -1: sea, or a commune without cells
	newOf   []int32 // per site: the new commune, -1: sea
	atom    []int32 // per site: hamlet, or hamlets + new commune without hamlets; -1: sea
	hamlets []hamlet
	nextTo  []int32 // per hamlet: a touching one; made by besides
}

// validOn says whether a unit exists on a day.
func (u *unit) validOn(d int64) bool { return u.from <= d && (u.to == 0 || d < u.to) }

// communesOn returns the communes of one day.
func (f *facts) communesOn(d int64) []commune {
	var list []commune
	for _, u := range f.units {
		if u.level == "commune" && u.validOn(d) {
			list = append(list, commune{unit: u})
		}
	}
	return list
}

func indexOf(list []commune, code string) int {
	for i := range list {
		if list[i].code == code {
			return i
		}
	}
	return -1
}

// newLand lists communes and cells; the ground is divided by draw.
func newLand(f *facts) *land {
	l := &land{facts: f, before: f.communesOn(figureDay), between: f.communesOn(mergeDay), after: f.communesOn(reformDay)}
	merged := map[string]string{} // old code → code after 2024-12-01
	for i := range l.before {
		merged[l.before[i].code] = l.before[i].code
	}
	for _, s := range f.successions {
		if s.level == "commune" && s.on == mergeDay {
			merged[s.from] = s.to
		}
	}
	for _, s := range f.successions {
		if s.level != "commune" || s.on != reformDay {
			continue
		}
		for i := range l.before {
			if merged[l.before[i].code] != s.from {
				continue
			}
			c := cell{old: i, mid: indexOf(l.between, s.from), new: indexOf(l.after, s.to)}
			c.urban = l.before[i].kind != "xa"
			c.areaShare = 1
			switch o := l.before[i]; {
			case o.kind == "phuong" && len(o.name) <= 2:
				c.areaShare = 0.16
			case o.kind == "phuong":
				c.areaShare = 0.35
			case o.kind == "thi_tran":
				c.areaShare = 0.5
			}
			if s.extent == "part" {
				c.areaShare *= 0.55
			}
			id := len(l.cells)
			l.cells = append(l.cells, c)
			l.before[c.old].cells = append(l.before[c.old].cells, id)
			l.between[c.mid].cells = append(l.between[c.mid].cells, id)
			l.after[c.new].cells = append(l.after[c.new].cells, id)
		}
	}
	for i := range l.after {
		l.after[i].fromBL = len(l.after[i].cells) == 0
	}
	return l
}

// draw divides the land into new communes round their representative points, and these
// into cells.
func (l *land) draw(seed uint64, siteAreaKm2 float64) {
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
	l.newOf, l.cellOf, l.atom = filled(n), filled(n), filled(n)
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
			l.cells[c].sites = append(l.cells[c].sites, i)
		}
	}
	for i := range l.cells {
		c := &l.cells[i]
		k := 0.0
		for _, s := range c.sites {
			if l.isle[s] < 0 {
				c.x, c.y, k = c.x+l.x[s], c.y+l.y[s], k+1
			}
		}
		c.x, c.y = c.x/k, c.y/k
	}
}

func filled(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

func (l *land) cellNamed(old, new string) int {
	for i, c := range l.cells {
		if l.before[c.old].code == old && l.after[c.new].code == new {
			return i
		}
	}
	return -1
}

// dropSpecks turns bits of land that hang together with neither the mainland nor an
// island into sea, and ponds inside the mainland into land.
func (m *mesh) dropSpecks() {
	m.keepLargest(true)
	m.keepLargest(false)
	m.landSites = m.landSites[:0]
	for i, ok := range m.land {
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
		if seen[i] || m.land[i] != land || m.isle[i] >= 0 {
			continue
		}
		seen[i] = true
		piece := []int32{int32(i)}
		for k := 0; k < len(piece); k++ {
			for _, n := range m.neighbours(piece[k]) {
				if !seen[n] && m.land[n] == land && m.isle[n] < 0 {
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
			m.land[s] = !land
		}
	}
}
