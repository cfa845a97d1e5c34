package db_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/db"
)

// found is a gap with how it was found and what is said about it.
type found struct {
	gap     db.Gap
	filter  db.GapFilter
	day     string
	actions []db.Action
}

// gaps lists the gaps of a day with their explanations and actions, and checks what can be checked without a change.
func (w *trial) gaps(t *testing.T, filter db.GapFilter, day string) (all []found) {
	t.Helper()
	page, err := w.reader.Gaps(t.Context(), filter, parse(day), db.PageArgs{First: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var gaps []*db.Gap
	for i := range page.Items {
		gaps = append(gaps, &page.Items[i])
	}
	ctx, statements := db.CountStatements(t.Context())
	evidence, err := w.reader.GapEvidence(ctx, gaps, parse(day), filter.Boundaries)
	if err != nil {
		t.Fatal(err)
	}
	if n := statements.Load(); n > 3 {
		t.Errorf("evidence about %d gaps took %d statements", len(gaps), n)
	}
	for _, g := range gaps {
		e := evidence[g.Unit.Key()]
		actions, err := g.Actions(t.Context(), filter, parse(day), e)
		if err != nil {
			t.Fatal(err)
		}
		f := found{*g, filter, day, actions}
		closed := map[db.Reason]bool{}
		for _, a := range f.actions {
			for _, r := range a.Closes {
				closed[r] = true
			}
			if a.Quantity < 1 || a.Least < 1 || a.Least > a.Quantity || len(a.Closes) == 0 ||
				!strings.Contains(a.SentenceVi, g.Unit.FullName) || !strings.Contains(a.SentenceEn, g.Unit.FullName) {
				t.Errorf("%s on %s: %+v", g.Unit.Code, day, a)
			}
			about := g.GapHouseholds
			switch c := g.Coverage; a.Kind {
			case db.ActionVisitHouseholds:
				if about = 0; c.Basis == db.BasisRegister {
					about = *c.Attempted + *c.NotVisited
				}
			case db.ActionRegisterHouseholds:
				about = *c.Unknown
			}
			if a.Households != about {
				t.Errorf("%s on %s: %s is about %d households, want %d", g.Unit.Code, day, a.Kind, a.Households, about)
			}
			if (a.Team != nil) != (a.Kind == db.ActionAddMembers) {
				t.Errorf("%s on %s: %s is of team %+v", g.Unit.Code, day, a.Kind, a.Team)
			} else if a.Team != nil && filter.Boundaries.IsZero() {
				w.fewestMembers(t, g, a.Team, day)
			}
		}
		for _, r := range g.Reasons {
			if !closed[r] {
				t.Errorf("%s on %s: nothing closes %s of %v: %+v", g.Unit.Code, day, r, g.Reasons, f.actions)
			}
		}
		explanations := g.Explanations(filter, parse(day), e)
		explained(t, g, filter, day, explanations)
		for _, x := range explanations {
			if x.Reason == db.ReasonOverloaded && filter.Boundaries.IsZero() {
				w.fewestMembers(t, g, x.Team, day)
			}
			if x.DistanceMetres != nil && filter.Boundaries.IsZero() {
				w.measured(t, g, x, day)
			}
		}
		all = append(all, f)
	}
	return all
}

// fewestMembers counts over the raw rows: of the community teams of the hamlet on the day, or that are sent there, none has fewer members.
func (w *trial) fewestMembers(t *testing.T, g *db.Gap, team *db.Team, day string) {
	t.Helper()
	var want string
	err := w.rows.QueryRowContext(t.Context(), `
		select t.code from team t
		where t.kind = 'cnscd' and t.active @> $2::date and exists (
			select from team_period p where p.team_code = t.code and p.unit_id = $1 and p.period @> $2::date)
		order by (select count(*) from member m where m.team_code = t.code and m.joined @> $2::date), t.code limit 1`, g.Unit.ID, day).Scan(&want)
	if err != nil || team.Code != want {
		t.Errorf("%s on %s: the team with the fewest members is %s, not %s: %v", g.Unit.Code, day, want, team.Code, err)
	}
}

// explained checks that each reason is explained by a figure that is on the wrong side of its threshold, and that the
// evidence is the coverage's and the remoteness's own.
func explained(t *testing.T, g *db.Gap, f db.GapFilter, day string, explanations []db.Explanation) {
	t.Helper()
	c := g.Coverage
	var reasons []db.Reason
	for _, x := range explanations {
		reasons = append(reasons, x.Reason)
		holds, name := false, g.Unit.FullName
		switch x.Reason {
		case db.ReasonNoTeam:
			holds = x.Value == 0 && x.Threshold == 1 && c.Teams == 0 && *x.Households == g.GapHouseholds && (x.Team == nil) == (x.DistanceMetres == nil) &&
				(x.Team == nil || (x.Team.Kind == "cnscd" && !x.Team.EstablishedOn.After(parse(day)) && (x.Team.DissolvedOn == nil || x.Team.DissolvedOn.After(parse(day)))))
		case db.ReasonNotRegistered:
			holds = x.Value == 0 && x.Threshold == 1 && *x.Households == c.Addresses && c.Basis != db.BasisRegister
		case db.ReasonNeverVisited:
			holds = x.Value == 0 && x.Threshold == 1 && *x.Households == *c.Guided+*c.Attempted+*c.NotVisited+*c.Ineligible
		case db.ReasonBelowTarget:
			holds = x.Value == *c.Share && x.Threshold == f.Target && x.Value < x.Threshold && *x.Households == *c.Guided
		case db.ReasonOutOfReach:
			holds = x.Value == *g.Remoteness.TeamDistanceMetres && *x.DistanceMetres == x.Value && x.Threshold == f.TeamReachMetres && x.Value > x.Threshold && x.Team != nil
		case db.ReasonOverloaded:
			holds = x.Value == *c.HouseholdsPerMember && x.Threshold == f.MaxHouseholdsPerMember && x.Value > x.Threshold &&
				*x.Members == c.Members && *x.Households == *c.Guided+*c.Attempted+*c.NotVisited && x.Team != nil
		case db.ReasonStale:
			months := int(x.Value)
			holds = x.LastVisitOn.Equal(*c.LastVisitOn) && x.Threshold == float64(f.StaleAfterMonths) && x.Value >= x.Threshold &&
				!x.LastVisitOn.After(monthsBefore(parse(day), months)) && x.LastVisitOn.After(monthsBefore(parse(day), months+1))
		}
		capital := strings.ToUpper(name[:1]) + name[1:] // a kind, whose first letter may be ấ
		vi, en := strings.ReplaceAll(x.SentenceVi, "Ấp", "ấp"), strings.ReplaceAll(x.SentenceEn, "Ấp", "ấp")
		plain := strings.ReplaceAll(name, "Ấp", "ấp")
		if !holds || !strings.Contains(vi, plain) && !strings.Contains(vi, capital) || !strings.Contains(en, plain) && !strings.Contains(en, capital) {
			t.Errorf("%s on %s: %+v of %+v", g.Unit.Code, day, x, c)
		}
	}
	if !slices.Equal(reasons, g.Reasons) {
		t.Errorf("%s on %s: explained are %v of %v", g.Unit.Code, day, reasons, g.Reasons)
	}
}

// measured compares the team and the distance of an explanation with what PostGIS finds over the raw rows, the hamlet's
// household addresses on the day its remoteness speaks of.
func (w *trial) measured(t *testing.T, g *db.Gap, x db.Explanation, day string) {
	t.Helper()
	if x.Reason == db.ReasonOutOfReach {
		day = trialToday
	}
	var metres float64
	var team string
	err := w.rows.QueryRowContext(t.Context(), `
		with point as (
			select a.scheme, a.code, a.position
			from unit u
			join place_period i on i.hamlet_id = u.id and i.period @> least($3::date, upper(u.valid) - 1)
			join address a on a.place_id = i.place_id and a.kind = 'household'
			where u.id = $1
		), here as (
			select * from point
			union all
			select '', '', p.label from unit u join polygon p on p.id = u.drawn_id where u.id = $1 and not exists (select from point)
		), near as (
			select distinct on (h.scheme, h.code) t.code as team, st_distance(h.position::geography, t.base::geography) as metres
			from here h join team t on t.kind = 'cnscd' and t.active @> $2::date and t.base is not null
			order by h.scheme, h.code, metres, t.code
		)
		select percentile_cont(0.5) within group (order by metres), (select team from near group by team order by count(*) desc, team limit 1)
		from near`, g.Unit.ID, day, trialToday).Scan(&metres, &team)
	if err != nil || math.Abs(metres-*x.DistanceMetres) > 0.001 || team != x.Team.Code {
		t.Errorf("%s: the nearest team is %s, %v m away, by PostGIS; explained by %s, %v m: %v", g.Unit.Code, team, metres, x.Team.Code, *x.DistanceMetres, err)
	}
}

// try carries out an action and sees exactly those reasons go that it closes, and those come that it creates; and with one less
// it sees one of them stay.
func (w *trial) try(t *testing.T, f found, a db.Action) {
	full := deed{}
	members := 0
	if a.Members != nil {
		members = *a.Members
	}
	w.do(t, full, f, a, a.Quantity, members)
	want := slices.DeleteFunc(slices.Concat(f.gap.Reasons, a.Creates), func(r db.Reason) bool { return slices.Contains(a.Closes, r) })
	if got := w.after(t, f, full); !sameReasons(got, want) {
		t.Errorf("%v before, %+v: %v after, want %v", f.gap.Reasons, a, got, want)
	}
	if a.Quantity > 1 {
		less := deed{}
		w.do(t, less, f, a, a.Quantity-1, members)
		if got := w.after(t, f, less); !slices.ContainsFunc(a.Closes, func(r db.Reason) bool { return slices.Contains(got, r) }) {
			t.Errorf("%v before, one less than %+v: %v after", f.gap.Reasons, a, got)
		}
	}
	if a.Kind == db.ActionEstablishTeam && members > 1 && !slices.Contains(a.Creates, db.ReasonOverloaded) {
		less := deed{}
		w.do(t, less, f, a, 1, members-1)
		if got := w.after(t, f, less); !slices.Contains(got, db.ReasonOverloaded) {
			t.Errorf("a member less than %+v: %v after", a, got)
		}
	}
}

func sameReasons(a, b []db.Reason) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// tryAll tries up to so many actions of every sort: kind, reasons closed and created, one or several; and for as many gaps of
// every sort all their actions together, after which none of the reasons is left.
func (w *trial) tryAll(t *testing.T, gaps []found, each int) {
	t.Helper()
	sort := func(a db.Action) string {
		return fmt.Sprint(a.Kind, a.Closes, a.Creates, min(a.Quantity, 2), len(a.Positions) > 0)
	}
	tried, kinds, reasons := map[string]int{}, map[db.ActionKind]int{}, map[db.Reason]int{}
	for _, f := range gaps {
		for _, a := range f.actions {
			if tried[sort(a)]++; tried[sort(a)] > each {
				continue
			}
			kinds[a.Kind]++
			for _, r := range a.Closes {
				reasons[r]++
			}
			t.Run(fmt.Sprintf("%s_%s_%s_%d", f.day, f.gap.Unit.Code, a.Kind, a.Quantity), func(t *testing.T) { w.try(t, f, a) })
		}
		sorts := fmt.Sprint("all", f.gap.Reasons)
		if tried[sorts]++; tried[sorts] > each || len(f.actions) < 2 {
			continue
		}
		t.Run(fmt.Sprintf("%s_%s_all", f.day, f.gap.Unit.Code), func(t *testing.T) {
			d := deed{}
			most := slices.MaxFunc(f.actions, func(a, b db.Action) int { return cmp.Compare(visits(a), visits(b)) })
			for _, a := range f.actions {
				if visits(a) == 0 || a.Quantity == most.Quantity { // who is guided is guided once
					w.do(t, d, f, a, a.Quantity, membersOf(a))
				}
			}
			got := w.after(t, f, d)
			if slices.ContainsFunc(got, func(r db.Reason) bool { return slices.Contains(f.gap.Reasons, r) }) {
				t.Errorf("%v before, %v after all of %+v", f.gap.Reasons, got, f.actions)
			}
		})
	}
	t.Logf("tried, by kind %v, by reason %v, of %d sorts", kinds, reasons, len(tried))
	if len(kinds) != 5 || len(reasons) != 7 {
		t.Errorf("tried are only %v and %v", slices.Collect(maps.Keys(kinds)), slices.Collect(maps.Keys(reasons)))
	}
}

func visits(a db.Action) int {
	if a.Kind == db.ActionVisitHouseholds {
		return a.Quantity
	}
	return 0
}

func membersOf(a db.Action) int {
	if a.Members == nil {
		return 0
	}
	return *a.Members
}

// TestActionsCloseTheirReasons tries the actions of a random province's gaps by importing them.
func TestActionsCloseTheirReasons(t *testing.T) {
	t.Parallel()
	w := newTrial(t, write(t, newWorld(21, 6, 10).bundle(t)))
	filters := []db.GapFilter{db.DefaultGapFilter(), db.DefaultGapFilter(), db.DefaultGapFilter()}
	filters[0].MaxHouseholdsPerMember = 3
	filters[1].TeamReachMetres, filters[1].Target, filters[1].MaxHouseholdsPerMember, filters[1].MinGapHouseholds = 300, 0.9, 0.7, 0
	filters[2].TeamReachMetres, filters[2].StaleAfterMonths, filters[2].MaxHouseholdsPerMember = 1100, 1, 2
	var gaps []found
	for _, day := range []string{"2022-06-01", "2024-09-30", splitDay, "2025-09-10", "2026-11-01"} {
		for _, f := range filters {
			gaps = append(gaps, w.gaps(t, f, day)...)
		}
	}
	// On other boundaries the reasons are made of the same figures, and are explained and closed as they are on a day's own.
	for _, day := range []string{"2024-09-30", "2025-09-10"} {
		for _, boundaries := range []string{"2024-09-30", splitDay, "2026-11-01"} {
			f := filters[1]
			f.Boundaries = parse(boundaries)
			if len(w.gaps(t, f, day)) == 0 {
				t.Errorf("no gaps on %s on the boundaries of %s", day, boundaries)
			}
		}
	}
	w.tryAll(t, gaps, 1)
}

// TestActionsOfTheDemoProvince tries those of the generated province, made small.
func TestActionsOfTheDemoProvince(t *testing.T) {
	t.Parallel()
	w := newTrialOf(t, syntheticURL(t))
	strict := db.DefaultGapFilter()
	strict.TeamReachMetres, strict.MaxHouseholdsPerMember = 1500, 1
	var gaps []found
	for _, day := range []string{"2024-09-30", "2026-10-31"} {
		gaps = append(gaps, slices.Concat(w.gaps(t, db.DefaultGapFilter(), day), w.gaps(t, strict, day))...)
	}
	w.tryAll(t, gaps, 1)
}

// TestActionsThatNothingIs: by thresholds that nothing can meet the reason has no action, and the others still have theirs.
func TestActionsThatNothingIs(t *testing.T) {
	t.Parallel()
	w := newTrial(t, write(t, newWorld(22, 4, 8).bundle(t)))
	f := db.DefaultGapFilter()
	f.TeamReachMetres, f.MaxHouseholdsPerMember, f.StaleAfterMonths = 0, 0, 0
	hopeless := []db.Reason{db.ReasonOutOfReach, db.ReasonOverloaded, db.ReasonStale}
	page, err := w.reader.Gaps(t.Context(), f, parse("2025-01-01"), db.PageArgs{First: 1000})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[db.Reason]bool{}
	for i := range page.Items {
		g := &page.Items[i]
		evidence, err := w.reader.GapEvidence(t.Context(), []*db.Gap{g}, parse("2025-01-01"), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		actions, err := g.Actions(t.Context(), f, parse("2025-01-01"), evidence[g.Unit.Key()])
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range g.Reasons {
			seen[r] = true
			closed := slices.ContainsFunc(actions, func(a db.Action) bool { return slices.Contains(a.Closes, r) })
			// A base of 7 decimals can stand on an address of 3, so that a reach of 0 m is met here.
			if closed == slices.Contains(hopeless, r) && r != db.ReasonOutOfReach {
				t.Errorf("%s of %v: closed is %v by %+v", r, g.Reasons, closed, actions)
			}
		}
	}
	if len(seen) != 7 {
		t.Errorf("seen are only %v", seen)
	}
}
