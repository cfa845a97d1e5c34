package lgsp

import (
	"context"

	"vunglom/argument"
	"vunglom/db"
)

// figures are a unit's, as GraphQL's Coverage has them.
type figures struct {
	Basis               db.Basis `json:"basis"`
	Guided              *int     `json:"guided"`
	Attempted           *int     `json:"attempted"`
	NotVisited          *int     `json:"notVisited"`
	Ineligible          *int     `json:"ineligible"`
	Unknown             *int     `json:"unknown"`
	Share               *float64 `json:"share"`
	ShareLow            *float64 `json:"shareLow"`
	ShareHigh           *float64 `json:"shareHigh"`
	GapHouseholds       *int     `json:"gapHouseholds"`
	Addresses           int      `json:"addresses"`
	Teams               int      `json:"teams"`
	Members             int      `json:"members"`
	HouseholdsPerMember *float64 `json:"householdsPerMember"`
	LastVisitOn         *string  `json:"lastVisitOn"`
	Apportioned         *float64 `json:"apportioned"`
	Note                *string  `json:"note"`
}

func figuresOf(c *db.Coverage) figures {
	if c.Basis == "" {
		c.Basis = db.BasisNone
	}
	return figures{c.Basis, c.Guided, c.Attempted, c.NotVisited, c.Ineligible, c.Unknown, c.Share, c.ShareLow, c.ShareHigh, c.GapHouseholds,
		c.Addresses, c.Teams, c.Members, c.HouseholdsPerMember, optionalDate(c.LastVisitOn), c.Apportioned, c.Note}
}

// uptake is how many households use a service.
type uptake struct {
	Service    string   `json:"service"`
	Households int      `json:"households"`
	Share      *float64 `json:"share"`
}

// coverage is how far the teams have got in a unit.
type coverage struct {
	Unit     unitName `json:"unit"`
	Coverage figures  `json:"coverage"`
	Services []uptake `json:"services"`
}

// readCoverage is `AdminUnit.coverage` of a list of units, which the query `adminUnits` gives.
func readCoverage(a *argument.Reader) question {
	filter := db.UnitFilter{Level: a.Level("level", "COMMUNE"), Within: a.Ref("within")}
	q := question{within: filter.Within, day: a.Day("asOf"), boundaries: a.Boundaries(), page: readPage(a)}
	q.ask = func(ctx context.Context, held *db.DB) (list, error) {
		page, err := held.Units(ctx, filter, q.where(), q.page)
		if err != nil {
			return list{}, err
		}
		asked := make([]db.OnBoundaries, len(page.Items))
		for i := range page.Items {
			asked[i] = db.OnBoundaries{OnDay: db.OnDay{Key: page.Items[i].Key(), Day: q.day}, Boundaries: q.where()}
		}
		covered, err := held.CoverageOn(ctx, asked)
		if err != nil {
			return list{}, err
		}
		used, err := held.ServiceUptakesOn(ctx, asked)
		i := -1
		return listOf(&page, func(u *db.Unit) coverage {
			i++
			c := covered[asked[i]]
			item := coverage{nameOf(u), figuresOf(&c), []uptake{}}
			for _, s := range used[asked[i]] {
				item.Services = append(item.Services, uptake{s.Service.Code, s.Households, s.Share})
			}
			return item
		}), err
	}
	return q
}
