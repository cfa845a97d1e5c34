package plan

import (
	"math"
	"slices"

	"vunglom/gis"
)

// csr is a list of lists of numbers, one after another: list i is items[starts[i]:starts[i+1]].
type csr struct {
	starts []int32
	items  []int32
}

func (c *csr) of(i int32) []int32 { return c.items[c.starts[i]:c.starts[i+1]] }
func (c *csr) lists() int         { return len(c.starts) - 1 }

// turned returns, for each of n numbers, the lists that it is in, ascending.
func (c *csr) turned(n int) csr {
	t := csr{make([]int32, n+1), make([]int32, len(c.items))}
	for _, item := range c.items {
		t.starts[item+1]++
	}
	for i := range n {
		t.starts[i+1] += t.starts[i]
	}
	next := slices.Clone(t.starts[:n])
	for i := range int32(c.lists()) {
		for _, item := range c.of(i) {
			t.items[next[item]] = i
			next[item]++
		}
	}
	return t
}

// sites is a set of places to be found by distance: they are sorted by rows of cells, no side of which is shorter than the reach.
type sites struct {
	reach gis.Reach

	at       [][2]float64 // degrees, in the order of the cells
	spot     [][3]float64 // the same, geocentric metres
	original []int32      // their places in the caller's list

	south, west   float64 // of the first cell, degrees
	height, width float64 // of a cell, degrees
	rows, columns int
	first         []int32 // of each cell, and one more
}

// newSites indexes points that are asked about within a reach in metres, by points no further from the equator than them and
// others.
func newSites(points, others [][2]float64, reach float64) *sites {
	s := &sites{reach: gis.NewReach(reach)}
	s.south, s.west = math.Inf(1), math.Inf(1)
	north, east, steepest := math.Inf(-1), math.Inf(-1), 0.0
	for _, p := range points {
		s.west, east = math.Min(s.west, p[0]), math.Max(east, p[0])
		s.south, north = math.Min(s.south, p[1]), math.Max(north, p[1])
		steepest = math.Max(steepest, math.Abs(p[1]))
	}
	for _, p := range others {
		steepest = math.Max(steepest, math.Abs(p[1]))
	}
	// A degree of longitude shrinks with the cosine from 111,319 m.
	s.height = reach/gis.ShortestDegree + 1e-9
	s.width = reach/(111_319*math.Max(0.01, math.Cos(math.Min(89, steepest+s.height)*math.Pi/180))) + 1e-9
	if len(points) == 0 {
		s.south, s.west, s.first = 0, 0, []int32{0}
		return s
	}
	s.height, s.width = math.Max(s.height, (north-s.south)/1000), math.Max(s.width, (east-s.west)/1000)
	s.rows, s.columns = int((north-s.south)/s.height)+1, int((east-s.west)/s.width)+1
	s.sort(points)
	return s
}

func (s *sites) sort(points [][2]float64) {
	cells := make([]int32, len(points))
	for i, p := range points {
		cells[i] = int32(s.row(p[1])*s.columns + s.column(p[0]))
		s.original = append(s.original, int32(i))
	}
	slices.SortStableFunc(s.original, func(a, b int32) int { return int(cells[a]) - int(cells[b]) })
	s.first = make([]int32, s.rows*s.columns+1)
	for _, c := range cells {
		s.first[c+1]++
	}
	for c := range s.rows * s.columns {
		s.first[c+1] += s.first[c]
	}
	for _, i := range s.original {
		s.at = append(s.at, points[i])
		s.spot = append(s.spot, gis.Geocentric(points[i]))
	}
}

func (s *sites) row(latitude float64) int     { return int(math.Floor((latitude - s.south) / s.height)) }
func (s *sites) column(longitude float64) int { return int(math.Floor((longitude - s.west) / s.width)) }

// within appends the sites within reach of a place, ascending in the order of the cells.
func (s *sites) within(place [2]float64, found []int32) []int32 {
	row, column, from := s.row(place[1]), s.column(place[0]), gis.Geocentric(place)
	for r := max(0, row-1); r <= min(s.rows-1, row+1); r++ {
		low, high := max(0, column-1), min(s.columns-1, column+1)
		if low > high {
			break
		}
		for i := s.first[r*s.columns+low]; i < s.first[r*s.columns+high+1]; i++ {
			x, y, z := s.spot[i][0]-from[0], s.spot[i][1]-from[1], s.spot[i][2]-from[2]
			if s.reach.Within(x*x+y*y+z*z, &s.at[i], &place) {
				found = append(found, i)
			}
		}
	}
	return found
}
