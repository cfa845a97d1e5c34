package synthetic

import (
	"math"
	"sort"
)

// The heart of Cà Mau city, round which its wards lie.
const cityLon, cityLat = 105.155, 9.182

// divide cuts every new commune into its cells. The parts of an old commune that was
// split begin where the new communes meet, so that the old one hangs together; the
// others spread over what is left.
func (l *drawn) divide(mainland []int32) {
	byNew := make([][]int32, len(l.after))
	for _, s := range mainland {
		byNew[l.newOf[s]] = append(byNew[l.newOf[s]], s)
	}
	meeting := l.meetings(byNew)
	label := make([]int32, len(l.x))
	for i := range l.after {
		c := &l.after[i]
		if c.fromBL {
			continue
		}
		cx, cy := l.middle(byNew[i])
		radius := math.Sqrt(float64(len(byNew[i])) * l.siteAreaKm2 / math.Pi)
		r := stream(l.land.seed, forPartition, uint64(i))
		turn := r.Float64() * 2 * math.Pi
		seeds := make([]seedPoint, len(c.cells))
		for k, id := range c.cells {
			seeds[k].target = l.cells[id].areaShare
			old := &l.before[l.cells[id].old]
			if at, split := meeting[id]; split {
				// a little way in from the border, where its other part begins
				dx, dy := cx-at[0], cy-at[1]
				d := math.Max(0.1, math.Hypot(dx, dy))
				in := math.Min(0.45*d, 0.5*radius*math.Sqrt(seeds[k].target))
				seeds[k].x, seeds[k].y, seeds[k].fixed = at[0]+dx/d*in, at[1]+dy/d*in, true
				continue
			}
			a := turn + 2*math.Pi*float64(k)/float64(len(c.cells))
			d := 0.55 * radius
			if old.kind != "xa" {
				d = 0.15 * radius // towns lie amid their communes
			}
			seeds[k].x, seeds[k].y = cx+d*math.Cos(a), cy+d*math.Sin(a)
			if old.kind == "phuong" { // wards gather about the heart of the city
				ox, oy := toPlane(cityLon, cityLat)
				away := math.Max(0.1, math.Hypot(ox-cx, oy-cy))
				in := math.Min(away, 0.85*radius)
				side := 0.9 * (unitHash(l.land.seed, id, 31) - 0.5) * radius
				seeds[k].x, seeds[k].y = cx+((ox-cx)*in-(oy-cy)*side)/away, cy+((oy-cy)*in+(ox-cx)*side)/away
				seeds[k].fixed = true
			}
		}
		l.partition(byNew[i], seeds, 60, 0.7, label)
		for _, s := range byNew[i] {
			l.cellOf[s] = int32(c.cells[label[s]])
		}
	}
}

func (l *drawn) middle(sites []int32) (x, y float64) {
	for _, s := range sites {
		x += l.x[s] / float64(len(sites))
		y += l.y[s] / float64(len(sites))
	}
	return x, y
}

// meetings finds, for each cell of an old commune that was split, the point near which
// the new communes that share it meet.
func (l *drawn) meetings(byNew [][]int32) map[int][2]float64 {
	groups := map[[3]int][]int{} // the new communes that share an old one → the old communes
	for i := range l.before {
		if cells := l.before[i].cells; len(cells) > 1 && len(cells) <= 3 {
			key := [3]int{-1, -1, -1}
			for k, id := range cells {
				key[k] = l.cells[id].new
			}
			sort.Ints(key[:])
			groups[key] = append(groups[key], i)
		}
	}
	keys := make([][3]int, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		for k := range 3 {
			if keys[i][k] != keys[j][k] {
				return keys[i][k] < keys[j][k]
			}
		}
		return false
	})
	at := map[int][2]float64{}
	for _, key := range keys {
		var shared []int
		for _, n := range key {
			if n >= 0 {
				shared = append(shared, n)
			}
		}
		line := l.closest(shared, byNew)
		for k, old := range groups[key] {
			p := line[(2*k+1)*len(line)/(2*len(groups[key]))]
			for _, id := range l.before[old].cells {
				at[id] = [2]float64{l.x[p], l.y[p]}
			}
		}
	}
	return at
}

// closest lists the sites that are nearest to all the given new communes together: those
// along their common border, in order along it, or the one place amid three.
func (l *drawn) closest(shared []int, byNew [][]int32) []int32 {
	total := make([]int, len(l.x))
	far := make([]int, len(l.x))
	for _, n := range shared {
		steps := l.stepsFrom(byNew[n])
		for i, d := range steps {
			total[i] += d
			far[i] = max(far[i], d)
		}
	}
	best := math.MaxInt
	for i := range total {
		if l.newOf[i] >= 0 {
			best = min(best, total[i])
		}
	}
	var line []int32
	for i := range total {
		if l.newOf[i] >= 0 && total[i] == best {
			line = append(line, int32(i))
		}
	}
	if len(shared) > 2 {
		return line[len(line)/2 : len(line)/2+1]
	}
	// along the border: by the direction across the line between the two middles
	ax, ay := l.middle(byNew[shared[0]])
	bx, by := l.middle(byNew[shared[1]])
	sort.SliceStable(line, func(i, j int) bool {
		p, q := line[i], line[j]
		return (l.y[p]-ay)*(bx-ax)-(l.x[p]-ax)*(by-ay) < (l.y[q]-ay)*(bx-ax)-(l.x[q]-ax)*(by-ay)
	})
	return line
}

// stepsFrom counts the steps over land from a set of sites to every site.
func (l *drawn) stepsFrom(sites []int32) []int {
	steps := make([]int, len(l.x))
	for i := range steps {
		steps[i] = math.MaxInt32
	}
	queue := append([]int32(nil), sites...)
	for _, s := range sites {
		steps[s] = 0
	}
	for k := 0; k < len(queue); k++ {
		for _, n := range l.neighbours(queue[k]) {
			if l.dry[n] && steps[n] == math.MaxInt32 {
				steps[n] = steps[queue[k]] + 1
				queue = append(queue, n)
			}
		}
	}
	return steps
}
