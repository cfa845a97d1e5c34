package db

import (
	"context"
	"time"
)

var remotenessOfUnit = query("remoteness_of_unit")

// Remoteness is how far a unit is from help, as of the last refresh (contract, Figures).
type Remoteness struct {
	Index                 float64 // 0 to 1
	Remote                bool
	ServiceDistanceMetres *float64
	TeamDistanceMetres    *float64
	AddressesPerKm2       *float64
	Designated            bool
	ComputedAt            time.Time
}

// Remoteness returns how remote units are. A unit of which nothing is known is absent.
func (d *DB) Remoteness(ctx context.Context, keys []Key) (map[Key]Remoteness, error) {
	type row struct {
		Province string
		UnitID   int64
		Remoteness
	}
	found, err := ask[row](ctx, d, remotenessOfUnit, keyArgs(keys))
	if err != nil {
		return nil, err
	}
	answer := make(map[Key]Remoteness, len(found))
	for _, r := range found {
		answer[Key{r.Province, r.UnitID}] = r.Remoteness
	}
	return answer, nil
}
