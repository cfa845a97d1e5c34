package gis

import (
	"cmp"
	"math"
	"slices"
)

// longestDegree is the longest degree of latitude, in metres, rounded up.
const longestDegree = 111_695.0

// Link puts points (longitude, latitude in degrees) into clusters by single linkage: two
// points at most that many metres apart, by geodesic on the WGS 84 ellipsoid, are in one
// cluster, and so is what hangs together by a chain of such pairs. It returns each point's
// cluster, numbered from 0 in the order of their first points, and how many there are.
//
// Points are put into cells so small that all of a cell are within reach of each other; what
// remains is whether two cells have a pair within reach, which Reach tells without approximation.
//
// Points must be finite and within 85 degrees of the equator, metres at least 0.01;
// longitudes do not wrap around.
func Link(points [][2]float64, metres float64) (cluster []int32, clusters int) {
	l := newLinker(points, metres)
	for _, o := range l.offsets() {
		l.join(o)
	}
	cluster = make([]int32, len(points))
	for c := range l.cells {
		for _, s := range l.at[l.begin[c]:l.begin[c+1]] {
			cluster[s.index] = l.root(int32(c))
		}
	}
	number := make([]int32, len(l.cells)) // of a root's cluster, from 1
	for i, root := range cluster {
		if number[root] == 0 {
			clusters++
			number[root] = int32(clusters)
		}
		cluster[i] = number[root] - 1
	}
	return cluster, clusters
}

// linker is points in cells, those of a cell together in a k-d tree, and which cells hang together.
type linker struct {
	points        [][2]float64
	metres        float64
	reach         Reach
	width, height float64 // of a cell, degrees
	highest       float64 // the cosine of the latitude farthest from the equator that a geodesic within reach meets
	at            []spot
	cells         [][2]int32 // column, row; in order
	begin         []int32    // cell → its first spot; one more than there are cells
	number        map[[2]int32]int32
	parent        []int32 // of a cell among those that hang together; a root is its own
}

func newLinker(points [][2]float64, metres float64) *linker {
	l := &linker{points: points, metres: metres, reach: NewReach(metres)}
	low, high := 90.0, 0.0 // latitudes, whichever side of the equator
	for _, p := range points {
		low, high = min(low, math.Abs(p[1])), max(high, math.Abs(p[1]))
	}
	side := max(metres, 0.01) / math.Sqrt2 * 0.999 // the diagonal is within reach
	l.height = side / longestDegree
	l.width = side / (longestDegree * parallel(low))
	l.highest = parallel(min(high+metres/ShortestDegree, 89))

	home := make([][2]int32, len(points))
	order := make([]int32, len(points))
	for i, p := range points {
		home[i] = [2]int32{int32(math.Floor(p[0] / l.width)), int32(math.Floor(p[1] / l.height))}
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(home[a][1], home[b][1]), cmp.Compare(home[a][0], home[b][0]), cmp.Compare(a, b))
	})
	l.at = make([]spot, len(points))
	l.number = map[[2]int32]int32{}
	for i, p := range order {
		l.at[i] = spot{geocentric(points[p][0], points[p][1]), int(p)}
		if i == 0 || home[p] != home[order[i-1]] {
			l.number[home[p]] = int32(len(l.cells))
			l.parent = append(l.parent, int32(len(l.cells)))
			l.cells = append(l.cells, home[p])
			l.begin = append(l.begin, int32(i))
		}
	}
	l.begin = append(l.begin, int32(len(points)))
	for c := range l.cells {
		plant(l.at[l.begin[c]:l.begin[c+1]], 0)
	}
	return l
}

// parallel is how long a degree of longitude is at a latitude beside one at the equator; on
// the ellipsoid (1 − e² sin²)^-½ times the cosine.
func parallel(latitude float64) float64 {
	const e2 = flattening * (2 - flattening)
	sin, cos := math.Sincos(latitude * math.Pi / 180)
	return cos / math.Sqrt(1-e2*sin*sin)
}

// offsets lists the cells around one, half of them (the others have it around themselves),
// that may have a point within reach of it, the nearest first: most cells hang together by
// near ones, and then the far ones need not be looked at.
func (l *linker) offsets() [][2]int32 {
	rows := int32(math.Ceil(l.metres / ShortestDegree / l.height))
	columns := int32(math.Ceil(l.metres / (111_319 * l.highest) / l.width))
	var around [][2]int32
	for y := int32(0); y <= rows; y++ {
		for x := -columns; x <= columns; x++ {
			if y > 0 || x > 0 {
				around = append(around, [2]int32{x, y})
			}
		}
	}
	slices.SortStableFunc(around, func(a, b [2]int32) int {
		return cmp.Compare(a[0]*a[0]+a[1]*a[1], b[0]*b[0]+b[1]*b[1])
	})
	return around
}

// join puts every cell together with its neighbour at an offset where they have a pair within reach.
func (l *linker) join(offset [2]int32) {
	for c, at := range l.cells {
		n, known := l.number[[2]int32{at[0] + offset[0], at[1] + offset[1]}]
		if !known {
			continue
		}
		a, b := l.root(int32(c)), l.root(n)
		if a != b && l.linked(int32(c), n) {
			l.parent[max(a, b)] = min(a, b)
		}
	}
}

func (l *linker) root(c int32) int32 {
	for l.parent[c] != c {
		l.parent[c] = l.parent[l.parent[c]]
		c = l.parent[c]
	}
	return c
}

// linked tells whether two cells have a pair within reach: every point of the one with fewer
// is looked for in the other's tree.
func (l *linker) linked(a, b int32) bool {
	few, many := l.at[l.begin[a]:l.begin[a+1]], l.at[l.begin[b]:l.begin[b+1]]
	if len(few) > len(many) {
		few, many = many, few
	}
	for i := range few {
		if l.reaches(&few[i], many, 0) {
			return true
		}
	}
	return false
}

// reaches tells whether any of the points of a tree is within reach of one.
func (l *linker) reaches(from *spot, at []spot, axis int) bool {
	if len(at) <= leafPoints {
		for i := range at {
			if l.within(from, &at[i]) {
				return true
			}
		}
		return false
	}
	middle := len(at) / 2
	if l.within(from, &at[middle]) {
		return true
	}
	off := from.at[axis] - at[middle].at[axis]
	near, far := at[:middle], at[middle+1:]
	if off > 0 {
		near, far = far, near
	}
	axis = (axis + 1) % 3
	return l.reaches(from, near, axis) || off*off <= l.reach.maybe && l.reaches(from, far, axis)
}

func (l *linker) within(a, b *spot) bool {
	x, y, z := a.at[0]-b.at[0], a.at[1]-b.at[1], a.at[2]-b.at[2]
	return l.reach.Within(x*x+y*y+z*z, &l.points[a.index], &l.points[b.index])
}
