package synthetic

import (
	"math"
	"math/rand/v2"
)

// What a stream of random numbers is for. Every unit draws from streams of its own, so
// that the order in which units are made changes nothing.
const (
	forMesh = iota + 1
	forPartition
	forHamlet
	forSettlement
	forTeam
	forHousehold
	forPlan
	forExtra
	forHidden
)

// stream returns the random numbers of one purpose and one unit.
func stream(seed, purpose, unit uint64) *rand.Rand {
	return rand.New(rand.NewPCG(mix(seed, purpose, 0x9e3779b97f4a7c15), mix(unit, purpose, seed)))
}

// mix hashes three numbers (the finalizer of splitmix64 over their combination).
func mix(a, b, c uint64) uint64 {
	h := a*0xbf58476d1ce4e5b9 ^ (b+0x632be59bd9b4e019)*0x94d049bb133111eb ^ (c+0xd6e8feb86659fd93)*0x9e3779b97f4a7c15
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}

// unitHash returns a number in [0, 1) that depends on nothing but its arguments.
func unitHash(seed uint64, i, j int) float64 {
	return float64(mix(seed, uint64(int64(i)), uint64(int64(j)))>>11) / (1 << 53)
}

// noise2 is smooth value noise in [-1, 1] over the plane; features are about 1 wide.
func noise2(seed uint64, x, y float64) float64 {
	i, j := math.Floor(x), math.Floor(y)
	u, v := smooth(x-i), smooth(y-j)
	a, b := int(i), int(j)
	low := unitHash(seed, a, b)*(1-u) + unitHash(seed, a+1, b)*u
	high := unitHash(seed, a, b+1)*(1-u) + unitHash(seed, a+1, b+1)*u
	return 2*(low*(1-v)+high*v) - 1
}

func smooth(t float64) float64 { return t * t * (3 - 2*t) }

// between draws a whole number of [low, high].
func between(r *rand.Rand, low, high int64) int64 {
	if high <= low {
		return low
	}
	return low + r.Int64N(high-low+1)
}

// shares splits total over the weights by largest remainder: the parts are whole, at
// most their limit (nil: none), and sum to total where the limits allow it.
func shares(total int64, weight []float64, limit []int64) []int64 {
	part := make([]int64, len(weight))
	for left := total; left > 0; {
		sum, open := 0.0, 0
		for i, w := range weight {
			if w > 0 && (limit == nil || part[i] < limit[i]) {
				sum += w
				open++
			}
		}
		if open == 0 {
			break
		}
		given := int64(0)
		rest := make([]float64, len(weight))
		for i, w := range weight {
			rest[i] = -1
			if w <= 0 || limit != nil && part[i] >= limit[i] {
				continue
			}
			want := float64(left) * w / sum
			n := int64(want)
			if limit != nil {
				n = min(n, limit[i]-part[i])
			}
			part[i] += n
			given += n
			if limit == nil || part[i] < limit[i] {
				rest[i] = want - math.Floor(want)
			}
		}
		left -= given
		if left >= int64(open) && given > 0 {
			continue // limits cut much off: share what is left anew
		}
		for ; left > 0; left-- {
			best := -1
			for i, x := range rest {
				if x >= 0 && (best < 0 || x > rest[best]) {
					best = i
				}
			}
			if best < 0 {
				break
			}
			part[best]++
			rest[best] = -1
		}
	}
	return part
}
