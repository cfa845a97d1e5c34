package db

import (
	"context"
	"time"
)

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

// Gaps returns a page of the gaps of a day, by priority descending, then code; all of it in one statement.
// Errors: BAD_INPUT for the page, the box or a threshold, and those of UnitByRef for Within.
func (d *DB) Gaps(ctx context.Context, filter GapFilter, day time.Time, page PageArgs) (Page[Gap], error) {
	return Page[Gap]{}, nil
}
