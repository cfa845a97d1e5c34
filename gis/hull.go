package gis

import (
	"context"
	"math"
)

const (
	// hullReach is how far around its points a hull reaches, in parts of the distance that
	// links them: more than half, so that the hull of a cluster hangs together; less than one,
	// so that it holds no point of another.
	hullReach = 0.6
	// hullNodes is how many nodes of the grid that hulls are traced on lie along the distance.
	hullNodes = 8
	// hullSmoothing is how far leaving out vertices may move a hull's border, in parts of the distance.
	hullSmoothing = 0.1
	// hullLeastHole is the least area of a hole, in squares of the distance. A hole that holds
	// a point of another cluster holds 0.4 of the distance around it, which is 0.5 such squares.
	hullLeastHole = 0.4
)

// Hulls draws the outline of each cluster that Link made of points (longitude, latitude in
// degrees) within a distance in metres: all that lies within about 0.6 of the distance of any
// of its points and nearer to them than to those of other clusters. So a hull follows what
// it encloses, along a canal as around a pond, instead of bridging what lies between. Every
// hull is one valid polygon, which may have holes, with all its cluster's points inside; no
// hull holds a point of another cluster, and no two overlap. Shape.ID is the cluster's number,
// decimals what its coordinates need.
//
// Points of cluster -1 are in no hull, and are not drawn.
func Hulls(ctx context.Context, points [][2]float64, cluster []int32, clusters int, metres float64,
	emit func(s Shape, decimals int) error) error {
	if clusters == 0 {
		return ctx.Err()
	}
	f := newField(points, cluster, metres)
	for i, p := range points {
		if cluster[i] >= 0 {
			f.spread(p, cluster[i])
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	shapes := f.trace(clusters)
	if err := ctx.Err(); err != nil {
		return err
	}
	const equator = 2 * math.Pi * semiMajorMetres
	pixel := metres * hullSmoothing / errorPixels // on the ground; the map's is wider by the cosine
	zoom := int(math.Ceil(math.Log2(equator / tileSize / pixel)))
	return Generalise(ctx, shapes, []int{min(max(zoom, 0), 30)}, func(_ int, s Shape, decimals int) error { return emit(s, decimals) })
}

// field is, at the nodes of a grid over the points, the nearest point's distance and cluster.
// Blocks of nodes are there only where a point is near.
type field struct {
	metres        float64
	width, height float64 // between nodes, degrees; no more than the same number of metres
	blocks        map[[2]int32]*block
	order         [][2]int32 // of blocks, as they came
}

const blockSide = 32

type block [blockSide * blockSide]node

type node struct {
	squared float32 // distance in units of the reach, squared; only where cluster is set
	cluster int32   // from 1; 0: nothing is near
}

func newField(points [][2]float64, cluster []int32, metres float64) *field {
	low := 90.0
	for i, p := range points {
		if cluster[i] >= 0 {
			low = min(low, math.Abs(p[1]))
		}
	}
	step := metres / hullNodes
	return &field{metres: metres, width: step / (longestDegree * parallel(low)), height: step / longestDegree, blocks: map[[2]int32]*block{}}
}

// spread writes a point into all nodes that are nearer to it than to any point before, and
// near enough to matter: those within the hull's reach and the ones next to them.
func (f *field) spread(p [2]float64, cluster int32) {
	kx, ky := metresPerDegree(p[1])
	reach := hullReach * f.metres
	kx, ky = kx/reach, ky/reach
	const most = 1 + 1.5/hullNodes/hullReach
	low, high := int32(math.Ceil(p[1]/f.height-most/ky/f.height)), int32(math.Floor(p[1]/f.height+most/ky/f.height))
	for y := low; y <= high; y++ {
		dy := (float64(y)*f.height - p[1]) * ky
		half := math.Sqrt(max(most*most-dy*dy, 0)) / kx / f.width
		from, to := int32(math.Ceil(p[0]/f.width-half)), int32(math.Floor(p[0]/f.width+half))
		for x := from; x <= to; {
			b := f.block(x, y)
			row := b[(y&(blockSide-1))*blockSide:][:blockSide]
			for next := min(to+1, x|(blockSide-1)+1); x < next; x++ {
				dx := (float64(x)*f.width - p[0]) * kx
				n, squared := &row[x&(blockSide-1)], float32(dx*dx+dy*dy)
				if n.cluster == 0 || squared < n.squared {
					*n = node{squared, cluster + 1}
				}
			}
		}
	}
}

func (f *field) block(x, y int32) *block {
	at := [2]int32{x >> 5, y >> 5}
	b := f.blocks[at]
	if b == nil {
		b = new(block)
		f.blocks[at] = b
		f.order = append(f.order, at)
	}
	return b
}

func (f *field) node(x, y int32) node {
	if b := f.blocks[[2]int32{x >> 5, y >> 5}]; b != nil {
		return b[(y&(blockSide-1))*blockSide+x&(blockSide-1)]
	}
	return node{}
}

// metresPerDegree is how long a degree of longitude and one of latitude are at a latitude.
func metresPerDegree(latitude float64) (longitude, latitudinal float64) {
	const e2 = flattening * (2 - flattening)
	sin, cos := math.Sincos(latitude * math.Pi / 180)
	w := 1 - e2*sin*sin
	const degree = semiMajorMetres * math.Pi / 180
	return degree * cos / math.Sqrt(w), degree * (1 - e2) / (w * math.Sqrt(w))
}
