package lgsp

import (
	"context"

	"vunglom/argument"
	"vunglom/db"
)

// gap is a hamlet that the teams do not reach, and why.
type gap struct {
	Unit          unit        `json:"unit"`
	GapHouseholds int         `json:"gapHouseholds"`
	Priority      float64     `json:"priority"`
	Reasons       []db.Reason `json:"reasons"`
	Coverage      figures     `json:"coverage"`
	Remoteness    *remoteness `json:"remoteness"`
}

// remoteness is how far a unit is from help.
type remoteness struct {
	Index                 float64  `json:"index"`
	Remote                bool     `json:"remote"`
	ServiceDistanceMetres *float64 `json:"serviceDistanceMetres"`
	TeamDistanceMetres    *float64 `json:"teamDistanceMetres"`
	AddressesPerKm2       *float64 `json:"addressesPerKm2"`
	Designated            bool     `json:"designated"`
}

func remotenessOf(r *db.Remoteness) *remoteness {
	if r == nil {
		return nil
	}
	return &remoteness{r.Index, r.Remote, r.ServiceDistanceMetres, r.TeamDistanceMetres, r.AddressesPerKm2, r.Designated}
}

// readGaps is the query `coverageGaps`.
func readGaps(a *argument.Reader) question {
	filter := a.GapFilter()
	q := question{within: filter.Within, day: a.Day("asOf"), boundaries: filter.Boundaries, page: readPage(a)}
	q.ask = func(ctx context.Context, held *db.DB) (list, error) {
		page, err := held.Gaps(ctx, filter, q.day, q.page)
		if err != nil {
			return list{}, err
		}
		units := make([]*db.Unit, len(page.Items))
		for i := range page.Items {
			units[i] = &page.Items[i].Unit
		}
		made, err := placed(ctx, held, units, q.where())
		i := -1
		return listOf(&page, func(g *db.Gap) gap {
			i++
			return gap{made[i], g.GapHouseholds, g.Priority, g.Reasons, figuresOf(&g.Coverage), remotenessOf(g.Remoteness)}
		}), err
	}
	return q
}
