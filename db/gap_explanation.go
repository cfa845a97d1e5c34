package db

import (
	"fmt"
	"time"
)

// Explanation says why a gap has one of its reasons: what was found, what it was held against, and who and what is
// concerned. What does not belong to the reason is nil.
type Explanation struct {
	Reason         Reason
	Value          float64 // what was found, in Unit
	Threshold      float64 // what the reason holds it against
	Unit           string  // teams, households, share, metres, householdsPerMember or months
	Team           *Team
	DistanceMetres *float64 // the median distance of the hamlet's household addresses to the nearest team
	LastVisitOn    *time.Time
	Households     *int
	Members        *int
	SentenceVi     string
	SentenceEn     string
}

// Explanations explains a gap's reasons, in their order, by the thresholds it was found with.
func (g *Gap) Explanations(f GapFilter, day time.Time, e *GapEvidence) []Explanation {
	answer := make([]Explanation, len(g.Reasons))
	for i, r := range g.Reasons {
		answer[i] = g.explain(r, f, day, e)
		answer[i].Reason = r
	}
	return answer
}

func (g *Gap) explain(r Reason, f GapFilter, day time.Time, e *GapEvidence) Explanation {
	s, name := g.standing(), g.Unit.FullName
	switch r {
	case ReasonNoTeam:
		x := Explanation{Value: 0, Threshold: 1, Unit: "teams", Households: &g.GapHouseholds,
			SentenceVi: capital(name) + " chưa có tổ nào phục vụ", SentenceEn: "No team serves " + name}
		if n := e.onDay; n != nil {
			metres := number(n.DistanceMetres, 0)
			x.Team, x.DistanceMetres = &n.Team, &n.DistanceMetres
			x.SentenceVi += fmt.Sprintf("; gần nhất là %s, cách %s m", n.Team.Name, metres.vi)
			x.SentenceEn += fmt.Sprintf("; the nearest is %s, %s m away", n.Team.Name, metres.en)
		}
		x.SentenceVi, x.SentenceEn = x.SentenceVi+".", x.SentenceEn+"."
		return x
	case ReasonNotRegistered:
		n := whole(s.addresses)
		return Explanation{Value: 0, Threshold: 1, Unit: "households", Households: &s.addresses,
			SentenceVi: fmt.Sprintf("%s có %s địa chỉ hộ gia đình nhưng chưa hộ nào có trong sổ đăng ký.", capital(name), n.vi),
			SentenceEn: fmt.Sprintf("%s has %s household %s but no household on the register.", capital(name), n.en, plural(s.addresses, "address", "addresses"))}
	case ReasonNeverVisited:
		n := whole(s.households)
		x := Explanation{Value: 0, Threshold: 1, Unit: "households", Households: &s.households,
			SentenceVi: fmt.Sprintf("%s có %s hộ trong sổ đăng ký nhưng chưa hộ nào được đến thăm.", capital(name), n.vi),
			SentenceEn: fmt.Sprintf("None of the %s households on the register in %s has ever been visited.", n.en, name)}
		if s.households == 1 {
			x.SentenceEn = fmt.Sprintf("The one household on the register in %s has never been visited.", name)
		}
		return x
	case ReasonBelowTarget:
		share, target := compared(100*s.share(), 100*f.Target, 1)
		guided, all := whole(s.guided), whole(s.reachable)
		return Explanation{Value: s.share(), Threshold: f.Target, Unit: "share", Households: &s.guided,
			SentenceVi: fmt.Sprintf("%s mới hướng dẫn được %s trên %s hộ (%s%%), dưới mục tiêu %s%%.", capital(name), guided.vi, all.vi, share.vi, target.vi),
			SentenceEn: fmt.Sprintf("%s of %s %s in %s %s been guided (%s%%), below the target of %s%%.", guided.en, all.en,
				plural(s.reachable, "household", "households"), name, plural(s.guided, "has", "have"), share.en, target.en)}
	case ReasonOutOfReach:
		metres, reach := compared(*s.teamDistance, f.TeamReachMetres, 0)
		x := Explanation{Value: *s.teamDistance, Threshold: f.TeamReachMetres, Unit: "metres", DistanceMetres: s.teamDistance,
			SentenceVi: fmt.Sprintf("Từ %s đến tổ gần nhất là %s m, quá tầm %s m", name, metres.vi, reach.vi),
			SentenceEn: fmt.Sprintf("From %s it is %s m to the nearest team, beyond the reach of %s m", name, metres.en, reach.en)}
		if n := e.atRefresh; n != nil {
			x.Team = &n.Team
			x.SentenceVi += "; đó là " + n.Team.Name
			x.SentenceEn += "; that is " + n.Team.Name
		}
		x.SentenceVi, x.SentenceEn = x.SentenceVi+".", x.SentenceEn+"."
		return x
	case ReasonOverloaded:
		load, most := compared(s.householdsPerMember(), f.MaxHouseholdsPerMember, 1)
		households, members := whole(s.reachable), whole(s.members)
		return Explanation{Value: s.householdsPerMember(), Threshold: f.MaxHouseholdsPerMember, Unit: "householdsPerMember",
			Team: e.understaff, Households: &s.reachable, Members: &s.members,
			SentenceVi: fmt.Sprintf("Mỗi thành viên của các tổ phục vụ %s phụ trách %s hộ (%s hộ, %s thành viên), quá mức %s hộ.", name, load.vi, households.vi, members.vi, most.vi),
			SentenceEn: fmt.Sprintf("Each member of the teams that serve %s has %s households to look after (%s %s, %s %s), more than %s.", name, load.en,
				households.en, plural(s.reachable, "household", "households"), members.en, plural(s.members, "member", "members"), most.en)}
	}
	since := monthsSince(*s.lastVisitOn, day)
	last, on, months := dateWords(*s.lastVisitOn), dateWords(day), whole(f.StaleAfterMonths)
	return Explanation{Value: float64(since), Threshold: float64(f.StaleAfterMonths), Unit: "months", LastVisitOn: s.lastVisitOn,
		SentenceVi: fmt.Sprintf("Lần đến thăm cuối ở %s là ngày %s, tính đến ngày %s đã %s tháng (hạn là %s tháng).", name, last.vi, on.vi, whole(since).vi, months.vi),
		SentenceEn: fmt.Sprintf("The last visit in %s was on %s, which by %s was %s %s ago (the limit is %s).", name, last.en, on.en,
			whole(since).en, plural(since, "month", "months"), months.en)}
}
