package db

import (
	"context"
	"slices"
	"time"

	"math"
)

var gapPage = query("gap_page")

// Reason is why a hamlet is a gap.
type Reason string

// The reasons, in the order in which they are listed.
const (
	ReasonNoTeam        Reason = "NO_TEAM"
	ReasonNotRegistered Reason = "NOT_REGISTERED"
	ReasonNeverVisited  Reason = "NEVER_VISITED"
	ReasonBelowTarget   Reason = "BELOW_TARGET"
	ReasonOutOfReach    Reason = "OUT_OF_REACH"
	ReasonOverloaded    Reason = "OVERLOADED"
	ReasonStale         Reason = "STALE"
)

var allReasons = []Reason{ReasonNoTeam, ReasonNotRegistered, ReasonNeverVisited, ReasonBelowTarget, ReasonOutOfReach, ReasonOverloaded, ReasonStale}

// GapFilter says what counts as a gap. The zero values are not the API's defaults: see DefaultGapFilter.
type GapFilter struct {
	Within                 *Ref
	Box                    *Box
	RemoteOnly             bool
	Reasons                []Reason // any of them; none: all
	MinGapHouseholds       int
	Target                 float64 // a share, 0 to 1
	TeamReachMetres        float64
	MaxHouseholdsPerMember float64
	StaleAfterMonths       int
	Boundaries             time.Time // the day whose hamlets they are, and whose unit Within is; zero: the day asked about
}

// DefaultGapFilter returns the defaults of core.graphql.
func DefaultGapFilter() GapFilter {
	return GapFilter{MinGapHouseholds: 1, Target: 0.7, TeamReachMetres: 3000, MaxHouseholdsPerMember: 50, StaleAfterMonths: 6}
}

// Gap is a hamlet that the teams do not reach, and why.
type Gap struct {
	Unit          Unit
	Coverage      Coverage
	Remoteness    *Remoteness // nil: nothing is known
	GapHouseholds int
	Reasons       []Reason
	Priority      float64 // gapHouseholds × (1 + remoteness index)
}

// check returns what is wrong with the thresholds.
func (f *GapFilter) check() error {
	switch {
	case f.MinGapHouseholds < 0 || f.MinGapHouseholds > math.MaxInt32:
		return badInput("minGapHouseholds là %d; phải từ 0", "minGapHouseholds is %d; it must be 0 or more", f.MinGapHouseholds)
	case !(f.Target >= 0 && f.Target <= 1):
		return badInput("target là %g; phải từ 0 đến 1", "target is %g; it must be 0 to 1", f.Target)
	case !(f.TeamReachMetres >= 0):
		return badInput("teamReachMetres là %g; phải từ 0", "teamReachMetres is %g; it must be 0 or more", f.TeamReachMetres)
	case !(f.MaxHouseholdsPerMember >= 0):
		return badInput("maxHouseholdsPerMember là %g; phải từ 0", "maxHouseholdsPerMember is %g; it must be 0 or more", f.MaxHouseholdsPerMember)
	case f.StaleAfterMonths < 0 || f.StaleAfterMonths > 1200:
		return badInput("staleAfterMonths là %d; phải từ 0 đến 1.200", "staleAfterMonths is %d; it must be 0 to 1,200", f.StaleAfterMonths)
	}
	for _, r := range f.Reasons {
		if !slices.Contains(allReasons, r) {
			return badInput("không có lý do %q", "there is no reason %q", string(r))
		}
	}
	return nil
}

// gapRow is a row of gap_page. Remoteness's columns are null together.
type gapRow struct {
	Unit
	Basis                 Basis
	Guided                *int
	Attempted             *int
	NotVisited            *int
	Ineligible            *int
	Unknown               *int
	Share                 *float64
	ShareLow              *float64
	ShareHigh             *float64
	GapHouseholds         *int
	Addresses             int
	Teams                 int
	Members               int
	HouseholdsPerMember   *float64
	LastVisitOn           *time.Time
	Index                 *float64
	Remote                *bool
	ServiceDistanceMetres *float64
	TeamDistanceMetres    *float64
	AddressesPerKm2       *float64
	Designated            *bool
	ComputedAt            *time.Time
	Apportioned           *float64
	Note                  *string
	Priority              float64
	Reasons               []Reason
}

func (r *gapRow) gap() Gap {
	g := Gap{
		Unit: r.Unit,
		Coverage: Coverage{
			Basis: r.Basis, Guided: r.Guided, Attempted: r.Attempted, NotVisited: r.NotVisited, Ineligible: r.Ineligible,
			Unknown: r.Unknown, Share: r.Share, ShareLow: r.ShareLow, ShareHigh: r.ShareHigh, GapHouseholds: r.GapHouseholds,
			Addresses: r.Addresses, Teams: r.Teams, Members: r.Members, HouseholdsPerMember: r.HouseholdsPerMember, LastVisitOn: r.LastVisitOn,
			Apportioned: r.Apportioned, Note: r.Note,
		},
		GapHouseholds: *r.GapHouseholds, Reasons: r.Reasons, Priority: r.Priority,
	}
	if r.Index != nil {
		g.Remoteness = &Remoteness{
			Index: *r.Index, Remote: *r.Remote, ServiceDistanceMetres: r.ServiceDistanceMetres, TeamDistanceMetres: r.TeamDistanceMetres,
			AddressesPerKm2: r.AddressesPerKm2, Designated: *r.Designated, ComputedAt: *r.ComputedAt,
		}
	}
	return g
}

// gapList names lists of gaps in their cursors.
const gapList = "gap"

// Gaps returns a page of the gaps of a day, by priority descending, then code; all of it in one statement.
// Errors: BAD_INPUT for the page, the box or a threshold, and those of UnitByRef for Within.
func (d *DB) Gaps(ctx context.Context, filter GapFilter, day time.Time, page PageArgs) (Page[Gap], error) {
	priority := math.MaxFloat64
	var code, province string
	if err := page.start(gapList, &priority, &code, &province); err != nil {
		return Page[Gap]{}, err
	}
	if err := filter.check(); err != nil {
		return Page[Gap]{}, err
	}
	reasons := filter.Reasons
	if len(reasons) == 0 {
		reasons = allReasons
	}
	args := map[string]any{
		"reasons": reasons, "remote_only": filter.RemoteOnly, "target": filter.Target,
		"team_reach_metres": filter.TeamReachMetres, "max_households_per_member": filter.MaxHouseholdsPerMember,
		"stale_after_months": filter.StaleAfterMonths, "min_gap_households": filter.MinGapHouseholds,
		"after_priority": priority, "after_code": code, "after_province": province, "take": page.First + 1,
	}
	if err := addBox(args, filter.Box); err != nil {
		return Page[Gap]{}, err
	}
	if err := d.addScope(ctx, args, LevelHamlet, filter.Within, day, filter.Boundaries); err != nil {
		return Page[Gap]{}, err
	}
	pages, err := askPages(ctx, d, gapPage, args, 1, page.First, func(r *gapRow) string {
		return cursor(gapList, r.Priority, r.Code, r.Province)
	})
	if err != nil {
		return Page[Gap]{}, err
	}
	rows := pages[0]
	answer := Page[Gap]{Items: make([]Gap, len(rows.Items)), Cursors: rows.Cursors, More: rows.More, Total: rows.Total}
	for i := range rows.Items {
		answer.Items[i] = rows.Items[i].gap()
	}
	return answer, nil
}
