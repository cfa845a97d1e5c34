package db

import (
	"context"
	"time"

	"vunglom/access"
)

var (
	successionOfUnit = query("succession_of_unit")
	successionPlain  = query("succession_plain")
)

// Succession is one passing of people or land from a unit to another on a day. Households are those on the register on that
// day, Addresses those of kind household, that lay in the one on the eve and lie in the other on the day. Where two were declared between a pair on
// one day, the one that brings people has them, the other 0. Who may see no figures is told 0.
type Succession struct {
	Unit        Unit // the other one
	EffectiveOn time.Time
	Extent      string  // whole, part, area_only or population_only
	Decision    *string // nil: not recorded
	Households  int
	Addresses   int
}

// Successors returns what became of each unit, by day, then level and code; all in one statement. Where no succession is
// declared, a unit that ends is continued by the one of the same level, code and name that begins on that day. A unit
// that nothing followed is absent.
func (d *DB) Successors(ctx context.Context, keys []Key) (map[Key][]Succession, error) {
	return d.successions(ctx, keys, true)
}

// Predecessors returns whence each unit came, as Successors does.
func (d *DB) Predecessors(ctx context.Context, keys []Key) (map[Key][]Succession, error) {
	return d.successions(ctx, keys, false)
}

func (d *DB) successions(ctx context.Context, keys []Key, forward bool) (map[Key][]Succession, error) {
	type row struct {
		Asked           int
		EffectiveOn     time.Time
		Extent          string
		Decision        *string
		MovedHouseholds int // a unit has Households of its own
		MovedAddresses  int
		Unit
	}
	args := keyArgs(keys)
	args["forward"] = forward
	statement := successionOfUnit
	if !d.asks(ctx).May(access.Aggregates) {
		statement = successionPlain
	}
	found, err := ask[row](ctx, d, statement, args)
	if err != nil {
		return nil, err
	}
	answer := make(map[Key][]Succession, len(keys))
	for _, r := range found {
		asked := keys[r.Asked-1]
		answer[asked] = append(answer[asked], Succession{r.Unit, r.EffectiveOn, r.Extent, r.Decision, r.MovedHouseholds, r.MovedAddresses})
	}
	return answer, nil
}
