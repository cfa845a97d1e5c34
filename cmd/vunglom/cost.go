package main

import (
	"errors"

	"vunglom/db"
)

// planning is the flags that serve and demo share about plans. What a team costs is decided by the province's council, so
// there is no default.
type planning struct {
	TeamSetupCost *float64 `env:"VUNGLOM_TEAM_SETUP_COST" placeholder:"ĐỒNG" help:"Chi phí lập một tổ mới; HĐND tỉnh quyết định. · What it costs to set up a team."`
	TeamMonthCost *float64 `env:"VUNGLOM_TEAM_MONTH_COST" placeholder:"ĐỒNG" help:"Chi phí một tổ mỗi tháng. · What a team costs a month."`
	PlanMonths    int      `env:"VUNGLOM_PLAN_MONTHS" default:"12" placeholder:"N" help:"Số tháng tính chi phí. · Months that a plan's cost is reckoned for."`
}

// cost returns what a team costs; nil where the settings do not say. One sum without the other is an error: what is not
// known is not 0.
func (p planning) cost() (*db.TeamCost, error) {
	if p.PlanMonths < 1 || p.PlanMonths > 1200 {
		return nil, errors.New("--plan-months phải từ 1 đến 1.200 · --plan-months must be 1 to 1,200")
	}
	if p.TeamSetupCost == nil && p.TeamMonthCost == nil {
		return nil, nil
	}
	if p.TeamSetupCost == nil || p.TeamMonthCost == nil {
		return nil, errors.New("hãy cho cả --team-setup-cost và --team-month-cost (0 nếu không tốn gì) · give both --team-setup-cost and --team-month-cost (0 where there is none)")
	}
	if !(*p.TeamSetupCost >= 0 && *p.TeamMonthCost >= 0) {
		return nil, errors.New("chi phí phải từ 0 · costs must be 0 or more")
	}
	return &db.TeamCost{SetUp: *p.TeamSetupCost, Month: *p.TeamMonthCost, Months: p.PlanMonths}, nil
}
