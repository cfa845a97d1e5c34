package gis

import (
	"math"
	"slices"
	"strconv"

	"github.com/tidwall/geodesic"
)

// plane is the azimuthal equidistant projection about a point: distances from it are geodesic metres. Between two
// other points they are off by a share of (d/R)²/6 at most, d being how far out these lie: 4 mm in 3 km, 10 km out.
type plane struct{ lon, lat float64 }

func (p plane) to(point [2]float64) [2]float64 {
	var metres, azimuth float64
	geodesic.WGS84.Inverse(p.lat, p.lon, point[1], point[0], &metres, &azimuth, nil)
	sin, cos := math.Sincos(azimuth * math.Pi / 180)
	return [2]float64{metres * sin, metres * cos}
}

func (p plane) from(xy [2]float64) [2]float64 {
	var lat, lon float64
	geodesic.WGS84.Direct(p.lat, p.lon, math.Atan2(xy[0], xy[1])*180/math.Pi, math.Hypot(xy[0], xy[1]), &lat, &lon, nil)
	return [2]float64{lon, lat}
}

func (p plane) all(points [][2]float64) (xy [][2]float64, extent float64) {
	xy = make([][2]float64, len(points))
	for i, point := range points {
		xy[i] = p.to(point)
		extent = max(extent, math.Hypot(xy[i][0], xy[i][1]))
	}
	return xy, extent
}

// Round7 rounds a longitude and latitude to the 7 decimals, about a centimetre, with which positions are answered.
func Round7(p [2]float64) [2]float64 {
	return [2]float64{round7(p[0]), round7(p[1])}
}

func round7(degrees float64) float64 { return math.Round(degrees*1e7) / 1e7 }

// AppendDegrees writes degrees rounded as Round7 does.
func AppendDegrees(b []byte, degrees float64) []byte {
	return strconv.AppendFloat(b, round7(degrees), 'f', -1, 64)
}

// Middle returns the place, among points of longitude and latitude, of the one nearest to their geometric median: the
// spot with the least sum of distances, by Weiszfeld's iteration (1937). Of no points it is -1.
func Middle(points [][2]float64) int {
	if len(points) == 0 {
		return -1
	}
	xy, _ := plane{points[0][0], points[0][1]}.all(points)
	var at [2]float64
	for _, p := range xy {
		at[0], at[1] = at[0]+p[0]/float64(len(xy)), at[1]+p[1]/float64(len(xy))
	}
	for range 50 {
		var x, y, weight float64
		for _, p := range xy {
			w := 1 / max(0.01, math.Hypot(p[0]-at[0], p[1]-at[1])) // a point that it stands on must not hold it
			x, y, weight = x+w*p[0], y+w*p[1], weight+w
		}
		next := [2]float64{x / weight, y / weight}
		moved := math.Hypot(next[0]-at[0], next[1]-at[1])
		if at = next; moved < 0.1 {
			break
		}
	}
	middle, least := 0, math.Inf(1)
	for i, p := range xy {
		if d := math.Hypot(p[0]-at[0], p[1]-at[1]); d < least {
			middle, least = i, d
		}
	}
	return middle
}

// Busiest returns the place, among points of longitude and latitude, of the first from which the most are within a reach in
// metres; -1 of no points. Distances are chords, 1 mm shorter than geodesics in 10 km.
func Busiest(points [][2]float64, reach float64) (busiest int) {
	at := make([][3]float64, len(points))
	for i, p := range points {
		at[i] = geocentric(p[0], p[1])
	}
	busiest, most := -1, 0
	for i, p := range at {
		n := 0
		for _, q := range at {
			x, y, z := p[0]-q[0], p[1]-q[1], p[2]-q[2]
			if x*x+y*y+z*z <= reach*reach {
				n++
			}
		}
		if n > most {
			busiest, most = i, n
		}
	}
	return busiest
}

// Densest returns a spot with as many of the points (longitude, latitude) as can be found within a geodesic reach in
// metres, and how many that are. The spot is rounded as Round7 does; of no points, or where none is found, within is 0.
//
// A circle that holds the most can be moved until a point lies on its edge, so all circles through a point are swept,
// for each point (Chazelle and Lee 1986): n² log n.
func Densest(points [][2]float64, reach float64) (at [2]float64, within int) {
	if len(points) == 0 {
		return at, 0
	}
	p := plane{points[0][0], points[0][1]}
	xy, extent := p.all(points)
	spot, _ := sweep(xy, reach-slack(extent, reach))
	at = Round7(p.from(spot))
	for _, q := range points {
		if DistanceMetres(q, at) <= reach {
			within++
		}
	}
	return at, within
}

// DensestBound returns a number of points that no spot has more of within a reach in metres. It is what Densest finds,
// but where a point lies within centimetres of the edge.
func DensestBound(points [][2]float64, reach float64) int {
	if len(points) == 0 {
		return 0
	}
	xy, extent := plane{points[0][0], points[0][1]}.all(points)
	_, most := sweep(xy, reach+slack(extent, reach))
	return most
}

// slack is what a distance in the plane, and a rounded position, may be off: metres.
func slack(extent, reach float64) float64 {
	far := (extent + reach) / 6_356_752
	return 0.02 + reach*far*far
}

// sweep returns a centre whose disc of that radius holds the most points of a plane, and how many that are. On the circle
// of centres about a point, others come into reach and go out of it again, each at an angle.
func sweep(xy [][2]float64, radius float64) (at [2]float64, most int) {
	var in, out []float64
	for _, p := range xy {
		always, wrapped := 0, 0 // at the same spot, it among them; in reach where the turn begins
		in, out = in[:0], out[:0]
		for _, q := range xy {
			dx, dy := q[0]-p[0], q[1]-p[1]
			d := dx*dx + dy*dy
			if d == 0 {
				always++
				continue
			}
			if radius <= 0 || d > 4*radius*radius {
				continue
			}
			towards, half := math.Atan2(dy, dx), math.Acos(min(1, math.Sqrt(d)/(2*radius)))
			from, to := angle(towards-half), angle(towards+half)
			if from > to {
				wrapped++
			}
			in, out = append(in, from), append(out, to)
		}
		if always+len(in) <= most {
			continue
		}
		if len(in) == 0 {
			at, most = p, always
			continue
		}
		slices.Sort(in)
		slices.Sort(out)
		next := 0
		for i, from := range in { // the count grows only here; who comes in before another goes out meets it
			for next < len(out) && out[next] < from {
				next++
			}
			count := always + wrapped + i + 1 - next
			if count <= most {
				continue
			}
			to := min(in[0], out[0]) + 2*math.Pi
			if next < len(out) {
				to = out[next]
			}
			if i+1 < len(in) {
				to = min(to, in[i+1])
			}
			sin, cos := math.Sincos((from + to) / 2)
			at, most = [2]float64{p[0] + radius*cos, p[1] + radius*sin}, count
		}
	}
	return at, most
}

// angle brings an angle that is less than a turn off into [0, 2π).
func angle(a float64) float64 {
	if a < 0 {
		a += 2 * math.Pi
	}
	return a
}
