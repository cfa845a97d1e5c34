package db

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

var (
	scopeOfRef  = query("scope_of_ref")
	scopeOfUnit = query("scope_of_unit")
)

// RefOnDay is a unit as people name it, and the day on which it is looked up.
type RefOnDay struct {
	Ref
	Day time.Time
}

// CheckScope refuses, as an access.Refusal, what the caller of the context may not ask about: refs that name a unit outside of
// where the caller has a right. What names no unit passes, because the question about it says so. What is for the refusal: the
// name of what is asked.
func (d *DB) CheckScope(ctx context.Context, right access.Right, what string, refs ...RefOnDay) error {
	caller := d.asks(ctx)
	everywhere, granted := caller.Scope(right)
	if everywhere || len(refs) == 0 {
		return nil
	}
	args := grantedArgs(granted)
	n := len(refs)
	levels, codes, provinces, short, days := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, r := range refs {
		levels[i], codes[i], days[i] = string(r.Level), r.Code, r.Day
		provinces[i], short[i], _ = strings.Cut(r.Code, "/")
	}
	args["levels"], args["codes"], args["provinces"], args["codes_in_province"], args["days"] = levels, codes, provinces, short, days
	found, err := ask[struct {
		Asked  int
		Inside bool
	}](ctx, d, scopeOfRef, args)
	if err != nil {
		return err
	}
	for _, f := range found {
		if !f.Inside {
			r := refs[f.Asked-1]
			return caller.RefuseScope(right, what+" {level: "+strings.ToUpper(string(r.Level))+", code: \""+r.Code+"\"} ("+r.Day.Format(time.DateOnly)+")")
		}
	}
	return nil
}

// CheckAbout refuses a question about a unit on a day to callers who have not the right there; nil: it is about everything, which
// the argument within would narrow.
func (d *DB) CheckAbout(ctx context.Context, right access.Right, what string, within *Ref, day time.Time) error {
	caller := d.asks(ctx)
	if err := caller.Refuse(right, what); err != nil {
		return err
	}
	if everywhere, _ := caller.Scope(right); everywhere {
		return nil
	}
	if within == nil {
		return caller.RefuseWhole(right, what, "within")
	}
	return d.CheckScope(ctx, right, what, RefOnDay{Ref: *within, Day: day})
}

// InScope tells of each unit whether the caller of the context has a right in it on its day, in one statement; outside of the
// unit's validity its nearest day counts. A unit that there is not is in no scope.
func (d *DB) InScope(ctx context.Context, right access.Right, units []OnDay) (map[OnDay]bool, error) {
	everywhere, granted := d.asks(ctx).Scope(right)
	inside := make(map[OnDay]bool, len(units))
	if everywhere {
		for _, u := range units {
			inside[u] = true
		}
		return inside, nil
	}
	if len(granted) == 0 {
		return inside, nil
	}
	args := onDayArgs(units)
	for name, value := range grantedArgs(granted) {
		args[name] = value
	}
	found, err := ask[struct{ Asked int }](ctx, d, scopeOfUnit, args)
	for _, f := range found {
		inside[units[f.Asked-1]] = true
	}
	return inside, err
}

// grantedArgs are the units in which a caller has a right, as statements take them.
func grantedArgs(granted []access.Unit) pgx.StrictNamedArgs {
	n := len(granted)
	levels, codes, provinces, short := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, u := range granted {
		levels[i], codes[i] = u.Level, u.Code
		provinces[i], short[i], _ = strings.Cut(u.Code, "/")
	}
	return pgx.StrictNamedArgs{"granted_levels": levels, "granted_codes": codes, "granted_provinces": provinces, "granted_codes_in_province": short}
}
