package db

import (
	"context"
	"slices"
	"time"
)

// WhatIfTeam is a supposed team of kind cnscd, active on the day.
type WhatIfTeam struct {
	Base    Position // coverage does not depend on it
	Members int
	Serves  []Ref
}

// WhatIfVisit is supposed visits on the day, each of which guides another household of a unit.
type WhatIfVisit struct {
	Unit       Ref
	Households int
}

// What one question may suppose at most: units named by teams and visits, and members of a team.
const mostSupposed, mostMembers = 1000, 1_000_000

// WhatIf returns a unit and the coverage that it would have on a day, were there those teams and visits too. Nothing is
// stored.
//
// A team counts where a unit that it serves is the unit or lies in it. The unit of a visit must be the unit or lie in it; the
// households that are guided are on the register and not yet guided, those never visited first. More than are left, once
// narrower units have had theirs, is BAD_INPUT with how many are left.
// Errors: BAD_INPUT also for numbers; those of UnitByRef for every unit named.
func (d *DB) WhatIf(ctx context.Context, unit Ref, day time.Time, teams []WhatIfTeam, visits []WhatIfVisit) (Unit, Coverage, error) {
	refs, err := supposedRefs(unit, teams, visits)
	if err != nil {
		return Unit{}, Coverage{}, err
	}
	var about seated
	var c Coverage
	err = d.Hold(ctx, func(d *DB) error {
		named, err := d.unitsByRefs(ctx, refs, day)
		if err != nil {
			return err
		}
		about = named[0]
		where, served := named[1:1+len(visits)], named[1+len(visits):]
		asked := []OnDay{{about.Key(), day}}
		for i := range where {
			if !where[i].in(&about.Unit) {
				return badInput("visits: %[1]s không thuộc %[2]s: hãy hỏi về đơn vị chứa nó, hoặc bỏ nó",
					"visits: %[1]s does not lie in %[2]s: ask about a unit that holds it, or leave it out", where[i].FullName, about.FullName)
			}
			if on := (OnDay{where[i].Key(), day}); !slices.Contains(asked, on) {
				asked = append(asked, on)
			}
		}
		now, err := d.Coverage(ctx, asked)
		if err != nil {
			return err
		}
		c = now[asked[0]]
		if err := c.supposeVisits(where, visits, now, day); err != nil {
			return err
		}
		for _, t := range teams {
			c.supposeTeam(t, &about.Unit, served[:len(t.Serves)])
			served = served[len(t.Serves):]
		}
		c.work()
		return nil
	})
	return about.Unit, c, err
}

// supposedRefs lists the units named: the one asked about, those of visits, those that teams serve.
func supposedRefs(unit Ref, teams []WhatIfTeam, visits []WhatIfVisit) ([]Ref, error) {
	refs := []Ref{unit}
	for _, v := range visits {
		if v.Households < 1 {
			return nil, badInput("visits: households là %d; phải từ 1", "visits: households is %d; it must be 1 or more", v.Households)
		}
		refs = append(refs, v.Unit)
	}
	for _, t := range teams {
		if err := t.Base.check(); err != nil {
			return nil, err
		}
		if t.Members < 0 || t.Members > mostMembers {
			return nil, badInput("teams: members là %d; phải từ 0 đến 1.000.000", "teams: members is %d; it must be 0 to 1,000,000", t.Members)
		}
		if len(t.Serves) == 0 {
			return nil, badInput("teams: serves trống: hãy ghi đơn vị mà tổ phục vụ", "teams: serves is empty: name the units that the team serves")
		}
		refs = append(refs, t.Serves...)
	}
	if len(refs) > 1+mostSupposed {
		return nil, badInput("teams và visits nêu %d đơn vị; nhiều nhất là 1.000", "teams and visits name %d units; 1,000 at most", len(refs)-1)
	}
	return refs, nil
}

// supposeVisits guides households of units, the narrowest first, so that a wider one gets what those have left.
func (c *Coverage) supposeVisits(where []seated, visits []WhatIfVisit, now map[OnDay]Coverage, day time.Time) error {
	order := make([]int, len(visits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return where[b].Level.rank() - where[a].Level.rank() })
	type taken struct{ notVisited, attempted int }
	took := make([]taken, len(visits))
	for n, i := range order {
		in := now[OnDay{where[i].Key(), day}]
		var left taken
		if in.Basis == BasisRegister {
			left = taken{*in.NotVisited, *in.Attempted}
		}
		for _, before := range order[:n] {
			if where[before].in(&where[i].Unit) {
				left.notVisited -= took[before].notVisited
				left.attempted -= took[before].attempted
			}
		}
		households := visits[i].Households
		if most := left.notVisited + left.attempted; households > most {
			return badInput("visits: vào ngày %[3]s %[1]s chỉ còn %[4]d hộ trong sổ đăng ký chưa được hướng dẫn, không phải %[2]d",
				"visits: of the households on the register, %[1]s has %[4]d left to be guided on %[3]s, not %[2]d",
				where[i].FullName, households, day.Format(time.DateOnly), most)
		}
		took[i].notVisited = min(households, left.notVisited)
		took[i].attempted = households - took[i].notVisited
	}
	for i, t := range took {
		*c.Guided += visits[i].Households
		*c.NotVisited -= t.notVisited
		*c.Attempted -= t.attempted
		c.LastVisitOn = &day
	}
	return nil
}

// supposeTeam counts a team where it serves the unit or one that lies in it.
func (c *Coverage) supposeTeam(t WhatIfTeam, unit *Unit, served []seated) {
	if slices.ContainsFunc(served, func(s seated) bool { return s.in(unit) }) {
		c.Teams++
		c.Members += t.Members
	}
}

// work works the shares out anew, as figure_of_unit.sql does.
func (c *Coverage) work() {
	if c.Basis != BasisRegister {
		return
	}
	ratio := func(part, of int) *float64 {
		if of == 0 {
			return nil
		}
		share := float64(part) / float64(of)
		return &share
	}
	left := *c.Attempted + *c.NotVisited
	gap, reachable := left+*c.Unknown, *c.Guided+left
	c.Share, c.ShareLow, c.ShareHigh = ratio(*c.Guided, reachable), ratio(*c.Guided, reachable+*c.Unknown), ratio(*c.Guided+*c.Unknown, reachable+*c.Unknown)
	c.GapHouseholds, c.HouseholdsPerMember = &gap, ratio(reachable, c.Members)
}
