package plan

import (
	"context"
	"slices"
)

// minimum looks for the fewest sites that serve so many households, and for the least number that could.
func (g *ground) minimum(ctx context.Context, need int64) (*run, int, error) {
	if need <= 0 {
		return &run{}, 0, nil
	}
	first := newSearch(ctx, g.in, g.at, need)
	first.start()
	enough := &first.run
	if enough.best.served < need {
		most, err := g.run(ctx, g.in, 0) // if it does not do either, it tells how far off
		if err != nil {
			return nil, 0, err
		}
		if enough = most; most.best.served < need {
			return nil, 0, &OutOfReachError{Covered: g.existing + most.best.served, UpperBound: g.existing + most.upper, Demand: g.demand}
		}
	}
	fewest, high, err := g.narrow(ctx, need, &enough.best)
	if err != nil {
		return nil, 0, err
	}
	best, err := g.run(ctx, g.in.choosing(high), 0) // as much as can be with that number
	if err != nil {
		return nil, 0, err
	}
	if best.best.served < need {
		sites := g.in.first(enough.best.sites, high)
		best.best = choice{sites, g.in.served(sites)}
	}
	return best, fewest, nil
}

// narrow tries numbers between the least that could serve enough and the one that is known to, from just below that one. It
// leaves in enough what serves enough with the fewest sites found.
func (g *ground) narrow(ctx context.Context, need int64, enough *choice) (fewest, high int, err error) {
	fewest, high = 1, g.in.prefix(enough.sites, need)
	for low, tried := fewest, high-1; low < high; tried = low + (high-low)/2 {
		tried = max(tried, low)
		found, err := g.run(ctx, g.in.choosing(tried), need)
		if err != nil {
			return 0, 0, err
		}
		fewest = max(fewest, found.fewest)
		if found.best.served >= need {
			*enough, high = found.best, g.in.prefix(found.best.sites, need)
			low = max(low, fewest)
			continue
		}
		if found.upper < need {
			fewest = max(fewest, tried+1)
		}
		low = max(tried+1, fewest)
	}
	return fewest, high, nil
}

// prefix is how many of the sites, in the order in which they should be founded, serve so many households.
func (in *instance) prefix(sites []int32, need int64) int {
	for i, step := range in.order(sites) {
		if need -= step.gained; need <= 0 {
			return i + 1
		}
	}
	return len(sites)
}

// first returns so many of the sites, the first in that order.
func (in *instance) first(sites []int32, number int) []int32 {
	var kept []int32
	for _, step := range in.order(sites) {
		if len(kept) < number {
			kept = append(kept, step.site)
		}
	}
	slices.Sort(kept)
	return kept
}
