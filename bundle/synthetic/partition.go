package synthetic

import "math"

// seedPoint is where a part of a region begins to grow.
type seedPoint struct {
	x, y   float64
	target float64 // the share of the region's area it shall get
	fixed  bool    // it stays; others move to the middle of their part
}

// partition divides sites among seeds: a power diagram whose weights are turned until
// areas meet the targets, on ground that is warped a little. label receives the seed's
// index for every site of the list. Parts come out in one piece.
func (m *mesh) partition(sites []int32, seeds []seedPoint, rounds int, strength float64, label []int32) {
	k := len(seeds)
	if k == 1 {
		for _, s := range sites {
			label[s] = 0
		}
		return
	}
	px, py := make([]float64, len(sites)), make([]float64, len(sites))
	for i, s := range sites {
		px[i], py[i] = warp(m.salt, m.x[s], m.y[s], strength)
	}
	sum := 0.0
	for _, s := range seeds {
		sum += s.target
	}
	area := float64(len(sites)) * m.siteAreaKm2
	weight, count := make([]float64, k), make([]float64, k)
	mx, my := make([]float64, k), make([]float64, k)
	step := max(1, len(sites)/(200*k)) // a sample steers; the last round takes all
	for round := 0; ; round++ {
		last := round == rounds
		if last {
			step = 1
		}
		clear(count)
		clear(mx)
		clear(my)
		for i := 0; i < len(sites); i += step {
			best, at := math.Inf(1), 0
			for j := range seeds {
				if d := dist2(px[i], py[i], seeds[j].x, seeds[j].y) - weight[j]; d < best {
					best, at = d, j
				}
			}
			count[at]++
			mx[at] += px[i]
			my[at] += py[i]
			if last {
				label[sites[i]] = int32(at)
			}
		}
		if last {
			break
		}
		for j := range seeds {
			got, want := count[j]*float64(step)*m.siteAreaKm2, area*seeds[j].target/sum
			weight[j] += 0.3 * (want - got)
			if !seeds[j].fixed && count[j] > 0 && round < rounds*2/3 {
				seeds[j].x += 0.5 * (mx[j]/count[j] - seeds[j].x)
				seeds[j].y += 0.5 * (my[j]/count[j] - seeds[j].y)
			}
		}
	}
	m.seize(sites, seeds, label, px, py)
	m.mend(sites, label)
}

// seize gives every seed that went empty the nearest site.
func (m *mesh) seize(sites []int32, seeds []seedPoint, label []int32, px, py []float64) {
	count := make([]int, len(seeds))
	for _, s := range sites {
		count[label[s]]++
	}
	for j := range seeds {
		if count[j] > 0 {
			continue
		}
		best, at := math.Inf(1), int32(-1)
		for i, s := range sites {
			if d := dist2(px[i], py[i], seeds[j].x, seeds[j].y); d < best && count[label[s]] > 1 {
				best, at = d, s
			}
		}
		if at >= 0 {
			count[label[at]]--
			label[at] = int32(j)
			count[j]++
		}
	}
}

// mend leaves every label its largest piece and hands the others to their surroundings.
// A piece that touches no other label of these sites stays as it is.
func (m *mesh) mend(sites []int32, label []int32) {
	member := make(map[int32]bool, len(sites))
	for _, s := range sites {
		member[s] = true
	}
	piece := make(map[int32]int32, len(sites))
	var size []int
	largest := map[int32]int32{}
	var stack []int32
	for _, s := range sites {
		if _, seen := piece[s]; seen {
			continue
		}
		id := int32(len(size))
		size = append(size, 0)
		piece[s] = id
		stack = append(stack[:0], s)
		for len(stack) > 0 {
			a := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			size[id]++
			for _, n := range m.neighbours(a) {
				if _, seen := piece[n]; member[n] && !seen && label[n] == label[a] {
					piece[n] = id
					stack = append(stack, n)
				}
			}
		}
		if at, ok := largest[label[s]]; !ok || size[id] > size[at] {
			largest[label[s]] = id
		}
	}
	var loose []int32
	for _, s := range sites {
		if largest[label[s]] != piece[s] {
			loose = append(loose, s)
		}
	}
	for len(loose) > 0 {
		var still []int32
		moved := map[int32]int32{}
		for _, s := range loose {
			votes, best := map[int32]int{}, int32(-1)
			for _, n := range m.neighbours(s) {
				if member[n] && largest[label[n]] == piece[n] {
					votes[label[n]]++
					if best < 0 || votes[label[n]] > votes[best] {
						best = label[n]
					}
				}
			}
			if best < 0 {
				still = append(still, s)
			} else {
				moved[s] = best
			}
		}
		if len(moved) == 0 {
			return
		}
		for s, l := range moved {
			label[s], piece[s] = l, largest[l]
		}
		loose = still
	}
}
