package synthetic

import (
	"math"

	"vunglom/gis/delaunay"
)

// mesh is a fine subdivision of land and near sea into Voronoi cells of scattered sites.
// Every unit of every level is a set of sites, so neighbours share their borders exactly.
type mesh struct {
	salt    uint64    // for what looks random but isn't drawn
	spacing float64   // between neighbouring sites, km
	x, y    []float64 // sites, km
	dry     []bool    // a site on land
	isle    []int8    // the island a site lies on, -1: mainland or sea

	tri, half []int32   // Delaunay triangulation
	vx, vy    []float64 // per triangle: its circumcentre, a corner of Voronoi cells

	first []int32 // neighbours of site i: near[first[i]:first[i+1]]
	near  []int32

	grid         []int32 // bucket heads for nearest; chain follows
	chain        []int32
	gridW, gridH int
	gridX, gridY float64
	siteAreaKm2  float64
	landSites    []int32 // mainland and islands
}

func dist2(ax, ay, bx, by float64) float64 { return (ax-bx)*(ax-bx) + (ay-by)*(ay-by) }

// newMesh scatters sites over everything near land and joins them. isLand tells land from
// sea, isNear says where sites are wanted at all (land and a margin of two sites).
func newMesh(seed uint64, siteAreaKm2 float64, box [4]float64, isLand, isNear func(x, y float64) bool) *mesh {
	m := &mesh{salt: seed, siteAreaKm2: siteAreaKm2}
	m.spacing = math.Sqrt(siteAreaKm2 * 2 / math.Sqrt(3))
	r := stream(seed, forMesh, 0)
	rowHeight := m.spacing * math.Sqrt(3) / 2
	for row, y := 0, box[1]; y < box[3]; row, y = row+1, y+rowHeight {
		x := box[0]
		if row%2 == 1 {
			x += m.spacing / 2
		}
		for ; x < box[2]; x += m.spacing {
			px, py := x+m.spacing*0.62*(r.Float64()-0.5), y+m.spacing*0.62*(r.Float64()-0.5)
			if !isNear(px, py) {
				continue
			}
			m.x, m.y = append(m.x, px), append(m.y, py)
			m.dry = append(m.dry, isLand(px, py))
			m.isle = append(m.isle, int8(islandAt(px, py, 0)))
		}
	}
	m.tri, m.half = delaunay.Triangulate(m.x, m.y)
	m.vx, m.vy = make([]float64, len(m.tri)/3), make([]float64, len(m.tri)/3)
	for t := range m.vx {
		a, b, c := m.tri[3*t], m.tri[3*t+1], m.tri[3*t+2]
		m.vx[t], m.vy[t] = delaunay.Circumcentre(m.x[a], m.y[a], m.x[b], m.y[b], m.x[c], m.y[c])
	}
	m.join()
	m.bucket(box)
	for i, ok := range m.dry {
		if ok {
			m.landSites = append(m.landSites, int32(i))
		}
	}
	return m
}

// join lists every site's neighbours.
func (m *mesh) join() {
	m.first = make([]int32, len(m.x)+1)
	for e, a := range m.tri {
		if m.half[e] >= 0 {
			m.first[a+1]++
		}
	}
	for i := range m.x {
		m.first[i+1] += m.first[i]
	}
	m.near = make([]int32, m.first[len(m.x)])
	at := append([]int32(nil), m.first...)
	for e, a := range m.tri {
		if m.half[e] >= 0 {
			m.near[at[a]] = m.tri[nextEdge(int32(e))]
			at[a]++
		}
	}
}

func nextEdge(e int32) int32 {
	if e%3 == 2 {
		return e - 2
	}
	return e + 1
}

// neighbours lists the sites whose cells touch site i's.
func (m *mesh) neighbours(i int32) []int32 { return m.near[m.first[i]:m.first[i+1]] }

func (m *mesh) bucket(box [4]float64) {
	m.gridX, m.gridY = box[0]-2*m.spacing, box[1]-2*m.spacing
	m.gridW = int((box[2]-box[0])/m.spacing) + 6
	m.gridH = int((box[3]-box[1])/m.spacing) + 6
	m.grid = make([]int32, m.gridW*m.gridH)
	for i := range m.grid {
		m.grid[i] = -1
	}
	m.chain = make([]int32, len(m.x))
	for i := range m.x {
		b := m.slot(m.x[i], m.y[i])
		m.chain[i], m.grid[b] = m.grid[b], int32(i)
	}
}

func (m *mesh) slot(x, y float64) int {
	i := min(m.gridW-1, max(0, int((x-m.gridX)/m.spacing)))
	j := min(m.gridH-1, max(0, int((y-m.gridY)/m.spacing)))
	return j*m.gridW + i
}

// siteAt returns the site whose cell holds the point, or -1 far from every site.
func (m *mesh) siteAt(x, y float64) int32 {
	i, j := int((x-m.gridX)/m.spacing), int((y-m.gridY)/m.spacing)
	best, at := math.Inf(1), int32(-1)
	for v := max(0, j-1); v <= min(m.gridH-1, j+1); v++ {
		for u := max(0, i-1); u <= min(m.gridW-1, i+1); u++ {
			for s := m.grid[v*m.gridW+u]; s >= 0; s = m.chain[s] {
				if d := dist2(x, y, m.x[s], m.y[s]); d < best {
					best, at = d, s
				}
			}
		}
	}
	return at
}

// wellInside says whether a point of site s lies so far from the cells of other atoms
// that no drawn border can pass it by: borders move at most `sway` of the way to a site.
func (m *mesh) wellInside(s int32, x, y float64, atom []int32) bool {
	for _, n := range m.neighbours(s) {
		if atom[n] == atom[s] {
			continue
		}
		dx, dy := m.x[n]-m.x[s], m.y[n]-m.y[s]
		if ((x-m.x[s])*dx+(y-m.y[s])*dy)*2 > (1-sway-0.03)*(dx*dx+dy*dy) {
			return false
		}
	}
	return true
}
