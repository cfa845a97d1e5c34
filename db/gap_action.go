package db

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// ActionKind is what can be done about a gap.
type ActionKind string

// The kinds, in the order in which actions are listed.
const (
	ActionEstablishTeam      ActionKind = "ESTABLISH_TEAM"
	ActionRegisterHouseholds ActionKind = "REGISTER_HOUSEHOLDS"
	ActionVisitHouseholds    ActionKind = "VISIT_HOUSEHOLDS"
	ActionAddBase            ActionKind = "ADD_BASE"
	ActionAddMembers         ActionKind = "ADD_MEMBERS"
)

// Action is the smallest change of its kind that removes a reason of a gap.
type Action struct {
	Kind       ActionKind
	Closes     []Reason // the gap's reasons that this action alone removes
	Creates    []Reason // those that it alone brings about
	Quantity   int      // teams, households, bases or members
	Least      int      // no smaller quantity can do; less than Quantity only where several bases are needed
	Positions  []Position
	Households int   // gap households that it is about
	Members    *int  // members that the new team needs, or that are to be added
	Team       *Team // of those that serve the hamlet, the one with the fewest members, for them to join
	SentenceVi string
	SentenceEn string
}

// mostOf is the largest quantity that is still advice.
const mostOf = math.MaxInt32

// Actions lists what would remove the reasons of a gap: for each the smallest change, and each change once. A reason that
// no change can remove under the filter (a load of 0, visits stale on their own day, a reach of metres, or one that takes
// more than mostBases) has none.
// It fails only where its time is out.
func (g *Gap) Actions(ctx context.Context, f GapFilter, day time.Time, e *GapEvidence) ([]Action, error) {
	now := g.standing()
	site, err := e.reach(ctx, f.TeamReachMetres, g.has(ReasonOutOfReach))
	if err != nil {
		return nil, err
	}
	var actions []Action
	add := func(a Action, after standing) {
		before, then := now.reasons(f, day), after.reasons(f, day)
		a.Closes, a.Creates = without(before, then), without(then, before)
		same := func(o Action) bool { return o.Kind == a.Kind && o.Quantity == a.Quantity }
		if len(a.Closes) > 0 && !slices.ContainsFunc(actions, same) {
			g.say(&a, f, now)
			actions = append(actions, a)
		}
	}
	for _, kind := range []struct {
		reason Reason
		plan   func()
	}{
		{ReasonNoTeam, func() { add(g.establish(f, now, site)) }},
		{ReasonNotRegistered, func() { add(g.register(now)) }},
		{ReasonNeverVisited, func() { add(g.visit(1, now, day)) }},
		{ReasonStale, func() { add(g.visit(1, now, day)) }},
		{ReasonBelowTarget, func() {
			n := int(math.Ceil(f.Target*float64(now.reachable))) - now.guided
			n = leastThat(n, func(n int) bool { return float64(now.guided+n)/float64(now.reachable) >= f.Target })
			add(g.visit(n, now, day))
		}},
		{ReasonOutOfReach, func() {
			closed := func(a Action) bool { return slices.Contains(a.Closes, ReasonOutOfReach) } // by the base of a new team
			if len(site.bases) > 0 && !slices.ContainsFunc(actions, closed) {
				add(g.base(now, site))
			}
		}},
		{ReasonOverloaded, func() {
			if n, possible := membersFor(now, f.MaxHouseholdsPerMember); possible {
				after := now
				after.members += n
				add(Action{Kind: ActionAddMembers, Quantity: n, Least: n, Households: g.GapHouseholds, Members: &n, Team: e.understaff}, after)
			}
		}},
	} {
		if g.has(kind.reason) {
			kind.plan()
		}
	}
	return actions, nil
}

// establish is a new team that serves the hamlet, with as many members as it needs, based at the site where there is one.
func (g *Gap) establish(f GapFilter, now standing, site reachPlan) (Action, standing) {
	after := now
	after.teams++
	n, possible := membersFor(now, f.MaxHouseholdsPerMember)
	if !possible || n == 0 {
		n = 1
	}
	after.members += n
	a := Action{Kind: ActionEstablishTeam, Quantity: 1, Least: 1, Households: g.GapHouseholds, Members: &n}
	if site.first != nil {
		a.Positions, after.teamDistance = []Position{{site.first[0], site.first[1]}}, &site.firstDistance
	}
	return a, after
}

// register puts a household on the register; it is then one that was never visited.
func (g *Gap) register(now standing) (Action, standing) {
	after := now
	after.households++
	after.reachable++
	return Action{Kind: ActionRegisterHouseholds, Quantity: 1, Least: 1, Households: now.unknown}, after
}

// visit guides so many households on the day, those yet to be guided first.
func (g *Gap) visit(n int, now standing, day time.Time) (Action, standing) {
	after := now
	after.guided += min(n, now.visitable)
	after.lastVisitOn = &day
	return Action{Kind: ActionVisitHouseholds, Quantity: n, Least: n, Households: now.visitable}, after
}

// base is bases of teams that need not serve the hamlet.
func (g *Gap) base(now standing, site reachPlan) (Action, standing) {
	after := now
	after.teamDistance = &site.distance
	a := Action{Kind: ActionAddBase, Quantity: len(site.bases), Least: site.least, Households: g.GapHouseholds}
	for _, b := range site.bases {
		a.Positions = append(a.Positions, Position{b[0], b[1]})
	}
	return a, after
}

// membersFor returns the fewest members to add so that none has more households than the most allowed.
func membersFor(s standing, most float64) (n int, possible bool) {
	wanted := math.Ceil(float64(s.reachable)/most) - float64(s.members)
	if s.reachable > 0 && !(wanted < mostOf) {
		return 0, false
	}
	if s.reachable == 0 {
		return 0, true
	}
	return leastThat(int(wanted), func(n int) bool { return float64(s.reachable)/float64(s.members+n) <= most }), true
}

// leastThat corrects a quantity, computed in real numbers, to the least that does in floating-point numbers.
func leastThat(n int, does func(int) bool) int {
	for n = max(n, 1); !does(n); n++ {
	}
	for n > 1 && does(n-1) {
		n--
	}
	return n
}

// without returns the reasons that are not among others.
func without(reasons, others []Reason) (left []Reason) {
	for _, r := range reasons {
		if !slices.Contains(others, r) {
			left = append(left, r)
		}
	}
	return left
}

// say writes the sentences of an action.
func (g *Gap) say(a *Action, f GapFilter, now standing) {
	name, n, of := g.Unit.FullName, whole(a.Quantity), whole(a.Households)
	households := func(n int) string { return plural(n, "household", "households") }
	switch a.Kind {
	case ActionEstablishTeam:
		members := whole(*a.Members)
		a.SentenceVi = fmt.Sprintf("Lập một tổ phục vụ %s, có ít nhất %s thành viên.", name, members.vi)
		a.SentenceEn = fmt.Sprintf("Establish a team that serves %s, with at least %s %s.", name, members.en, plural(*a.Members, "member", "members"))
	case ActionRegisterHouseholds:
		a.SentenceVi = fmt.Sprintf("Đưa ít nhất %s trong %s địa chỉ hộ chưa đăng ký ở %s vào sổ đăng ký.", n.vi, of.vi, name)
		a.SentenceEn = fmt.Sprintf("Put at least %s of the %s unregistered household %s in %s on the register.", n.en, of.en,
			plural(a.Households, "address", "addresses"), name)
	case ActionVisitHouseholds:
		if a.Quantity > a.Households { // all that can be guided are
			a.SentenceVi = fmt.Sprintf("Đến thăm lại ít nhất %s hộ ở %s.", n.vi, name)
			a.SentenceEn = fmt.Sprintf("Visit at least %s %s in %s again.", n.en, households(a.Quantity), name)
			return
		}
		a.SentenceVi = fmt.Sprintf("Hướng dẫn ít nhất %s trong %s hộ chưa được hướng dẫn ở %s.", n.vi, of.vi, name)
		a.SentenceEn = fmt.Sprintf("Guide at least %s of the %s %s in %s yet to be guided.", n.en, of.en, households(a.Households), name)
	case ActionAddBase:
		reach := number(f.TeamReachMetres, 3)
		a.SentenceVi = fmt.Sprintf("Đặt thêm %s điểm trực của tổ để %s nằm trong tầm %s m.", n.vi, name, reach.vi)
		a.SentenceEn = fmt.Sprintf("Add %s team %s to bring %s within the reach of %s m.", n.en, plural(a.Quantity, "base", "bases"), name, reach.en)
	case ActionAddMembers:
		a.SentenceVi = fmt.Sprintf("Thêm %s thành viên cho các tổ phục vụ %s, đang có %s.", n.vi, name, whole(now.members).vi)
		a.SentenceEn = fmt.Sprintf("Add %s %s to the teams that serve %s, which have %s.", n.en, plural(a.Quantity, "member", "members"), name, whole(now.members).en)
	}
}
