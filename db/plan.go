package db

import (
	"context"
	"errors"
	"math"
	"time"

	"vunglom/plan"
)

// PlanDemand is which households a plan is for.
type PlanDemand string

// The demands.
const (
	DemandGapHouseholds PlanDemand = "GAP_HOUSEHOLDS" // attempted, not visited or unknown
	DemandAllHouseholds PlanDemand = "ALL_HOUSEHOLDS" // those and the guided ones: all but the ineligible
)

// PlanCandidates is where new teams may stand.
type PlanCandidates string

// The candidates.
const (
	CandidatesHamlets       PlanCandidates = "HAMLETS"        // the label points of hamlets
	CandidatesServicePoints PlanCandidates = "SERVICE_POINTS" // of every kind
	CandidatesAddresses     PlanCandidates = "ADDRESSES"      // of every kind, one a cell of a sixth of the reach
)

// Bounds of what may be planned.
const (
	maxPlanTeams  = 200
	maxPlanReach  = 100_000 // metres
	maxPlanMonths = 1200
	plansAtOnce   = 2 // a plan takes a processor and up to half a gigabyte while it is made
)

// PlanQuery asks where new teams should stand. The zero values are not the API's defaults: see DefaultPlanQuery.
type PlanQuery struct {
	Within       *Ref
	Box          *Box
	Day          time.Time
	Teams        int     // new ones, 1 to 200
	ReachMetres  float64 // geodesic, over 0 to 100,000
	Capacity     *int    // households that one new team can serve, 1 or more; nil: unlimited
	Demand       PlanDemand
	Candidates   PlanCandidates
	KeepExisting bool // what active teams' bases reach is covered before the first site
	CrossBorders bool // sites and teams outside Within and Box count too
	Months       *int // for which the cost is; nil: those of the settings
}

// DefaultPlanQuery returns the API's defaults for so many teams on a day.
func DefaultPlanQuery(teams int, day time.Time) PlanQuery {
	return PlanQuery{Day: day, Teams: teams, ReachMetres: 3000, Demand: DemandGapHouseholds, Candidates: CandidatesHamlets, KeepExisting: true, CrossBorders: true}
}

// TeamCost is what a new team costs, in đồng: the province's council decides such sums.
type TeamCost struct {
	SetUp  float64 // once
	Month  float64 // every month
	Months int     // for which a plan is reckoned where it does not say
}

// TeamPlan is where new teams should stand, and how much better any other choice could be.
type TeamPlan struct {
	Day               time.Time
	Snapshot          string
	Synthetic         bool          // any data loaded are generated
	Sites             []PlannedSite // in the order in which they should be founded; those that gain nothing are left out
	Demand            int           // households with a located address inside the area
	Unplaced          int           // without one; none where a box was asked for
	CoveredByExisting int
	Covered           int // by existing and new teams together
	UpperBound        int // no choice of so many candidates covers more
	OptimalityGap     float64
	TeamsLowerBound   *int // of MinimumTeams only: no fewer new teams can do
	Months            int  // for which the cost is; 0: no cost is known
	Cost              *float64
	CostPerHousehold  *float64 // Cost / households gained; nil: no cost is known, or nothing is gained
}

// PlannedSite is where a new team should stand.
type PlannedSite struct {
	Position     Position
	Hamlet       *Unit // that it lies in on the day; nil: in none
	Commune      *Unit
	Gained       int // households that it adds to those before it
	CoveredSoFar int // by existing teams and the sites up to it
}

func (q *PlanQuery) check() error {
	switch {
	case q.Teams < 1 || q.Teams > maxPlanTeams:
		return badInput("teams là %[1]d; phải từ 1 đến %[2]d", "teams is %[1]d; it must be 1 to %[2]d", q.Teams, maxPlanTeams)
	case !(q.ReachMetres > 0 && q.ReachMetres <= maxPlanReach):
		return badInput("reachMetres là %g; phải lớn hơn 0, nhiều nhất 100.000", "reachMetres is %g; it must be over 0, 100,000 at most", q.ReachMetres)
	case q.Capacity != nil && (*q.Capacity < 1 || *q.Capacity > math.MaxInt32):
		return badInput("capacity là %d; phải từ 1, hoặc bỏ nó nếu không giới hạn", "capacity is %d; it must be 1 or more, or left out where there is no limit", *q.Capacity)
	case q.Months != nil && (*q.Months < 1 || *q.Months > maxPlanMonths):
		return badInput("months là %d; phải từ 1 đến 1.200", "months is %d; it must be 1 to 1,200", *q.Months)
	case q.Demand != DemandGapHouseholds && q.Demand != DemandAllHouseholds:
		return badInput("không có demand %q", "there is no demand %q", string(q.Demand))
	}
	if _, known := candidateStatements[q.Candidates]; !known {
		return badInput("không có candidates %q", "there are no candidates %q", string(q.Candidates))
	}
	return nil
}

// PlanTeams chooses where q.Teams new teams should stand so that the most households are within reach of a team. Distances
// are geodesics on the WGS 84 ellipsoid, straight, not by road or water. The same data have the same answer. What is read is
// of one state of the data. A few plans at most are made at once, the others wait.
// Errors: BAD_INPUT for what the query asks, TOO_COSTLY where too many households have too many candidates within reach,
// those of UnitByRef for Within, and the context's.
func (d *DB) PlanTeams(ctx context.Context, q PlanQuery) (*TeamPlan, error) {
	return d.plan(ctx, q, plan.Solve)
}

// MinimumTeams chooses as few sites as it finds, q.Teams at most, so that the share (0 to 1) of the demand is within reach of a
// team, and tells the least number that could do. Errors: those of PlanTeams; BAD_INPUT too where q.Teams do not suffice.
func (d *DB) MinimumTeams(ctx context.Context, q PlanQuery, share float64) (*TeamPlan, error) {
	if !(share >= 0 && share <= 1) {
		return nil, badInput("share là %g; phải từ 0 đến 1", "share is %g; it must be 0 to 1", share)
	}
	answer, err := d.plan(ctx, q, func(ctx context.Context, p *plan.Problem) (*plan.Solution, error) { return plan.Minimum(ctx, p, share) })
	var short *plan.OutOfReachError
	if errors.As(err, &short) {
		most := float64(short.UpperBound) / float64(short.Demand)
		return nil, badInput("%[1]d tổ mới chỉ phủ được %.4[2]f (%[3]d trên %[4]d hộ), không cách đặt nào quá %.4[5]f: hãy giảm share, tăng teams, reachMetres hoặc capacity, hoặc chọn candidates khác",
			"%[1]d new teams bring a share of %.4[2]f within reach (%[3]d of %[4]d households), and no choice more than %.4[5]f: lower share, or raise teams, reachMetres or capacity, or choose other candidates",
			q.Teams, float64(short.Covered)/float64(short.Demand), short.Covered, short.Demand, most)
	}
	return answer, err
}

func (d *DB) plan(ctx context.Context, q PlanQuery, solve func(context.Context, *plan.Problem) (*plan.Solution, error)) (*TeamPlan, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	select {
	case d.plans <- struct{}{}:
		defer func() { <-d.plans }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	answer, problem, err := d.planProblem(ctx, &q)
	if err != nil {
		return nil, err
	}
	solution, err := solve(ctx, problem)
	if errors.Is(err, plan.ErrTooManyPairs) {
		return nil, &Error{Code: CodeTooCostly, Message: "quá nhiều hộ có quá nhiều chỗ trong tầm: hãy giảm reachMetres, chọn vùng nhỏ hơn, hoặc candidates khác" +
			" / too many households have too many sites within reach: lower reachMetres, ask for a smaller area, or for other candidates"}
	}
	if err != nil {
		return nil, err
	}
	answer.fill(problem, solution)
	answer.reckon(d.TeamCost, q.Months)
	return answer, d.placeSites(ctx, answer)
}

// fill takes over what was solved.
func (a *TeamPlan) fill(p *plan.Problem, s *plan.Solution) {
	a.Demand, a.CoveredByExisting, a.Covered = int(s.Demand), int(s.CoveredByExisting), int(s.Covered)
	a.UpperBound, a.OptimalityGap = int(s.UpperBound), s.Gap()
	if s.Minimum {
		a.TeamsLowerBound = &s.Fewest
	}
	a.Sites = make([]PlannedSite, len(s.Sites))
	for i, site := range s.Sites {
		at := p.Candidates[site.Candidate]
		a.Sites[i] = PlannedSite{Position: Position{at[0], at[1]}, Gained: int(site.Gained), CoveredSoFar: int(site.CoveredSoFar)}
	}
}

// reckon adds up the cost: each team's setting up and its months.
func (a *TeamPlan) reckon(cost *TeamCost, months *int) {
	if cost == nil {
		return
	}
	if a.Months = cost.Months; months != nil {
		a.Months = *months
	}
	sum := float64(len(a.Sites)) * (cost.SetUp + float64(a.Months)*cost.Month)
	a.Cost = &sum
	if gained := a.Covered - a.CoveredByExisting; gained > 0 {
		each := sum / float64(gained)
		a.CostPerHousehold = &each
	}
}
