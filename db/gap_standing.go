package db

import "time"

// standing is what the reasons of a gap are made of: what a hamlet has on a day, and what it would have after an action.
type standing struct {
	teams, members     int
	addresses          int
	households         int // on the register
	guided, reachable  int // of these; reachable is guided + attempted + notVisited
	lastVisitOn        *time.Time
	teamDistance       *float64 // metres, at the last refresh of remoteness
	visitable, unknown int      // attempted + notVisited; unknown
}

func (g *Gap) standing() standing {
	c := g.Coverage
	s := standing{teams: c.Teams, members: c.Members, addresses: c.Addresses, lastVisitOn: c.LastVisitOn}
	if c.Unknown != nil {
		s.unknown = *c.Unknown
	}
	if c.Basis == BasisRegister {
		s.guided, s.visitable = *c.Guided, *c.Attempted+*c.NotVisited
		s.reachable = s.guided + s.visitable
		s.households = s.reachable + *c.Ineligible
	}
	if g.Remoteness != nil {
		s.teamDistance = g.Remoteness.TeamDistanceMetres
	}
	return s
}

// share and householdsPerMember are NaN where the contract has null, so that they are neither below nor above anything.
func (s standing) share() float64               { return float64(s.guided) / float64(s.reachable) }
func (s standing) householdsPerMember() float64 { return float64(s.reachable) / float64(s.members) }

// reasons says, in the words of gap_page.sql, which of the reasons hold.
func (s standing) reasons(f GapFilter, day time.Time) (reasons []Reason) {
	holds := map[Reason]bool{
		ReasonNoTeam:        s.teams == 0,
		ReasonNotRegistered: s.addresses > 0 && s.households == 0,
		ReasonNeverVisited:  s.households > 0 && s.lastVisitOn == nil,
		ReasonBelowTarget:   s.reachable > 0 && s.share() < f.Target,
		ReasonOutOfReach:    s.teamDistance != nil && *s.teamDistance > f.TeamReachMetres,
		ReasonOverloaded:    s.members > 0 && s.householdsPerMember() > f.MaxHouseholdsPerMember,
		ReasonStale:         s.lastVisitOn != nil && !s.lastVisitOn.After(monthsAfter(day, -f.StaleAfterMonths)),
	}
	for _, r := range allReasons {
		if holds[r] {
			reasons = append(reasons, r)
		}
	}
	return reasons
}

// has tells whether a gap has a reason.
func (g *Gap) has(r Reason) bool {
	for _, reason := range g.Reasons {
		if reason == r {
			return true
		}
	}
	return false
}

// monthsSince counts the whole calendar months from a day to another: the most that, gone back, do not pass the first.
func monthsSince(from, to time.Time) int {
	n := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	for n > 0 && monthsAfter(to, -n).Before(from) {
		n--
	}
	return n
}
