package synthetic

import (
	"math"
	"sort"
)

// figures are the totals that the province reproduces on 2024-09-30.
type figures struct {
	pilotTeams                       int64 // in 48 communes, at the end of 2022
	hamlets, members                 int64
	addresses                        int64 // of scheme dia_chi_so, all of kind household
	register                         int64 // households on the register that day
	guided, ineligible               int64 // of them
	publicService, commerce, payment int64 // households on the register with a current adoption
}

// asPublished is what was published for Cà Mau: 364 teams in 2022; 883 teams, 4,529 members, 318,821 digital addresses, 181,943 households
// with online public services, 6,442 with e-commerce, 144,196 with e-payment, "more than
// 215,000 households guided, more than 69 %". The register and the ineligible are chosen so that
// the share is between 69 and 70 % with and without the ineligible in the denominator.
var asPublished = figures{pilotTeams: 364, hamlets: 883, members: 4529, addresses: 318821, register: 311386, guided: 215316, ineligible: 1402,
	publicService: 181943, commerce: 6442, payment: 144196}

// scaled returns the figures of a province of another size.
func (f figures) scaled(scale float64) figures {
	for _, v := range []*int64{&f.pilotTeams, &f.hamlets, &f.members, &f.addresses, &f.register, &f.guided, &f.ineligible, &f.publicService, &f.commerce, &f.payment} {
		*v = int64(math.Round(float64(*v) * scale))
	}
	return f
}

// quota is a hamlet's part of the figures.
type quota struct {
	addresses, register                       int64
	guided, ineligible, attempted, notVisited int64
	publicService, commerce, payment          int64
	members                                   int64
	firstAddress                              int64 // the running number of its first address
}

// apportion gives every hamlet its part of the figures. Its story must be told already:
// who was never visited by that day can't have been guided.
func (l *land) apportion(f figures) {
	n := len(l.hamlets)
	f.members = max(f.members, 3*int64(n)) // a small province's teams still have three
	weight, limit := make([]float64, n), make([]int64, n)
	pick := func(total int64, w func(h *hamlet, luck float64) float64, most func(h *hamlet) int64, salt int, into func(h *hamlet, v int64)) {
		for i := range l.hamlets {
			h := &l.hamlets[i]
			weight[i], limit[i] = w(h, unitHash(l.seed, i, salt)), most(h)
			if limit[i] <= 0 {
				weight[i] = 0
			}
		}
		for i, v := range shares(total, weight, limit) {
			into(&l.hamlets[i], v)
		}
	}
	const none = math.MaxInt64
	floor := min(6, f.addresses/int64(2*n))
	pick(f.addresses-floor*int64(n), func(h *hamlet, _ float64) float64 { return h.people },
		func(h *hamlet) int64 { return none }, 1, func(h *hamlet, v int64) { h.addresses = v + floor })
	pick(f.register, func(h *hamlet, luck float64) float64 { return float64(h.addresses) * (0.95 + 0.1*luck) },
		func(h *hamlet) int64 {
			if h.lateRegister {
				return 0
			}
			return max(1, h.addresses*108/100)
		}, 2, func(h *hamlet, v int64) { h.register = v })
	pick(f.ineligible, func(h *hamlet, luck float64) float64 { return float64(h.register) * luck },
		func(h *hamlet) int64 {
			if h.unvisitedThen {
				return 0
			}
			return h.register / 12
		}, 3, func(h *hamlet, v int64) { h.ineligible = v })
	pick(f.guided, func(h *hamlet, luck float64) float64 { return float64(h.register) * h.zeal },
		func(h *hamlet) int64 {
			if h.unvisitedThen {
				return 0
			}
			return h.register*96/100 - h.ineligible
		}, 4, func(h *hamlet, v int64) { h.guided = v })
	for i := range l.hamlets {
		h := &l.hamlets[i]
		rest := h.register - h.guided - h.ineligible
		if !h.unvisitedThen {
			h.attempted = int64(float64(rest) * (0.3 + 0.4*unitHash(l.seed, i, 5)))
		}
		h.notVisited = rest - h.attempted
	}
	most := func(h *hamlet) int64 { return h.guided }
	pick(f.publicService, func(h *hamlet, luck float64) float64 { return float64(h.guided) * (0.8 + 0.3*luck) }, most, 6,
		func(h *hamlet, v int64) { h.publicService = v })
	pick(f.payment, func(h *hamlet, luck float64) float64 {
		w := float64(h.guided) * (0.7 + 0.5*luck)
		if h.built {
			w *= 1.3
		}
		return w
	}, most, 7, func(h *hamlet, v int64) { h.payment = v })
	pick(f.commerce, func(h *hamlet, luck float64) float64 {
		w := float64(h.guided) * (0.3 + luck)
		if h.built {
			w *= 3
		}
		return w
	}, most, 8, func(h *hamlet, v int64) { h.commerce = v })
	pick(f.members-2*int64(n), func(h *hamlet, luck float64) float64 { return 0.3 + 2*luck + float64(h.register)/300 },
		func(h *hamlet) int64 { return 9 }, 9, func(h *hamlet, v int64) { h.members = v + 2 })
	sum := int64(0)
	for i := range l.hamlets {
		l.hamlets[i].firstAddress = sum
		sum += l.hamlets[i].addresses
	}
}

// ranked lists the hamlets in an order that looks random.
func (l *land) ranked(salt int) []int {
	order := make([]int, len(l.hamlets))
	luck := make([]float64, len(l.hamlets))
	for i := range order {
		order[i] = i
		luck[i] = unitHash(l.seed, i, salt)
	}
	sort.SliceStable(order, func(a, b int) bool { return luck[order[a]] < luck[order[b]] })
	return order
}
