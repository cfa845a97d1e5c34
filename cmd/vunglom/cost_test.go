package main

import (
	"testing"

	"vunglom/db"
)

func TestCostIsGivenWhole(t *testing.T) {
	t.Parallel()
	five, none, less := 5e6, 0.0, -1.0
	for name, c := range map[string]struct {
		planning
		want   *db.TeamCost
		refuse bool
	}{
		"neither":     {planning: planning{nil, nil, 12}},
		"both":        {planning: planning{&five, &none, 24}, want: &db.TeamCost{SetUp: 5e6, Months: 24}},
		"one":         {planning: planning{&five, nil, 12}, refuse: true},
		"the other":   {planning: planning{nil, &five, 12}, refuse: true},
		"less than 0": {planning: planning{&five, &less, 12}, refuse: true},
		"no months":   {planning: planning{&five, &five, 0}, refuse: true},
	} {
		got, err := c.cost()
		if (err != nil) != c.refuse || (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
