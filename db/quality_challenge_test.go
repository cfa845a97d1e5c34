package db_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

// wchallenge is what is disputed of an address or a household, and what became of it on a day in Vietnam ("": nothing).
type wchallenge struct {
	number    int64
	address   *waddress
	household *whousehold
	opened    string
	resolved  string
	accepted  bool
}

// dispute opens challenges of every sort on any day, and resolves some later. Those that are accepted dispute what is so already, which
// corrects nothing: all else is counted as if nobody had.
func (f *flawed) dispute(t *testing.T, r *rand.Rand) {
	t.Helper()
	at := func(day string) time.Time { // the first or the last second of a day in Vietnam
		return parse(day).Add(-7 * time.Hour).Add(time.Duration(r.IntN(2)) * (24*time.Hour - time.Second))
	}
	for range 60 {
		c := wchallenge{opened: date(r, "2022-06-01", "2026-10-01")}
		o := db.Disputing{Province: "96", Kind: db.NotAHouse, Evidence: "đã đến xem", Now: at(c.opened)}
		var nothing bool // is corrected
		if r.IntN(2) == 0 {
			c.address = f.addresses[r.IntN(len(f.addresses))]
			o.AddressScheme, o.AddressCode = c.address.scheme(), c.address.code
			nothing = c.address.kind != "household"
			if nothing {
				o.Kind, o.Point = db.WrongPlace, &db.Position{Longitude: 105, Latitude: 9}
			}
		} else {
			c.household = f.households[r.IntN(len(f.households))]
			o.Kind, o.HouseholdCode = db.NobodyLivesThere, c.household.code
			nothing = c.household.ended != "" && c.household.ended <= c.opened
		}
		done, err := f.d.OpenChallenge(t.Context(), o)
		if err != nil || done.Outcome != db.Inserted {
			if done != nil && done.Outcome == db.Unchanged {
				continue
			}
			t.Fatalf("%+v: %v %+v", o, err, done)
		}
		c.number = done.ID
		if r.IntN(3) > 0 {
			c.resolved, c.accepted = date(r, c.opened, "2026-10-31"), nothing && o.Kind == db.NobodyLivesThere
			done, err := f.d.ResolveChallenge(t.Context(), db.Resolving{ChallengeKey: db.ChallengeKey{Province: "96", ID: c.number}, Accept: c.accepted, Reason: "đã xem lại", Now: at(c.resolved)})
			if err != nil || done.Outcome != db.Updated {
				t.Fatalf("%+v: %v %+v", o, err, done)
			}
		}
		f.disputed = append(f.disputed, c)
	}
}

// where returns the units that what a challenge is about lies in on a day.
func (f flawed) where(c wchallenge, day string) []*wunit {
	if c.household != nil {
		return f.homeBefore(c.household, day)
	}
	commune, hamlet := f.locate(c.address.x, c.address.y, day)
	lies := f.chain(commune, day)
	if hamlet != nil {
		lies = append(lies, hamlet)
	}
	return lies // one that lies in no commune is in no unit, whatever it declares
}

// was returns what had become of a challenge by the end of a day; "": it was yet to be opened.
func (c wchallenge) was(day string) string {
	switch {
	case c.opened > day:
		return ""
	case c.resolved == "" || c.resolved > day:
		return "open"
	case c.accepted:
		return "accepted"
	}
	return "rejected"
}

// TestChallengesOfEachUnit compares what was disputed in each unit of a level, page by page, with a plain count and with what is asked of the unit
// alone: with what lies in none, the units have as much as the unit above.
func TestChallengesOfEachUnit(t *testing.T) {
	t.Parallel()
	f := loadFlawed(t, 43)
	met, unassigned := 0, 0
	for _, day := range f.days {
		for _, level := range []db.Level{db.LevelProvince, db.LevelDistrict, db.LevelCommune, db.LevelHamlet} {
			type counts struct{ Open, Accepted, Rejected int }
			want, whole, none := map[string]counts{}, counts{}, counts{}
			add := func(to *counts, was string) {
				switch was {
				case "open":
					to.Open++
				case "accepted":
					to.Accepted++
				case "rejected":
					to.Rejected++
				}
			}
			for _, c := range f.disputed {
				was := c.was(day)
				if was == "" {
					continue
				}
				add(&whole, was)
				in := f.where(c, day)
				i := slices.IndexFunc(in, func(u *wunit) bool { return u.level == string(level) })
				if i < 0 {
					add(&none, was)
					continue
				}
				of := want[in[i].code]
				add(&of, was)
				want[in[i].code] = of
			}
			got, sum, q := map[string]counts{}, none, db.QualityQuery{Day: parse(day)}
			for page := (db.PageArgs{First: 2}); ; {
				answer, err := f.d.QualityUnits(t.Context(), q, level, page)
				if err != nil {
					t.Fatal(err)
				}
				if answer.Total != len(want) {
					t.Errorf("%s on %s: %d units, want %d", level, day, answer.Total, len(want))
				}
				for _, u := range answer.Items {
					got[u.Code] = counts{u.Open, u.Accepted, u.Rejected}
					sum.Open, sum.Accepted, sum.Rejected = sum.Open+u.Open, sum.Accepted+u.Accepted, sum.Rejected+u.Rejected
					alone := db.QualityQuery{Day: q.Day, Within: &db.Ref{Level: level, Code: u.Code}, Kinds: []string{"challenge_open", "challenge_accepted", "challenge_rejected"}}
					checks, err := f.d.Quality(t.Context(), alone)
					if err != nil {
						t.Fatal(err)
					}
					for _, c := range checks {
						if count, outOf, is := u.Of(c.Kind); level != db.LevelProvince && (!is || c.Count != count || c.OutOf != outOf || (c.Share == nil) != (outOf == 0)) {
							t.Errorf("%s of %s %s on %s: %d of %d beside others, alone %+v", c.Kind, level, u.Code, day, count, outOf, c)
						}
					}
				}
				if !answer.More {
					break
				}
				page.After = answer.Cursors[len(answer.Cursors)-1]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s on %s:\n%s", level, day, diff)
			}
			if sum != whole {
				t.Errorf("%s on %s: %+v with what lies in none, of %+v", level, day, sum, whole)
			}
			met, unassigned = met+len(got), unassigned+none.Open+none.Accepted+none.Rejected
		}
	}
	if met < 30 || unassigned == 0 {
		t.Errorf("%d units, %d in none: nothing was shown", met, unassigned)
	}
	within := db.QualityQuery{Day: parse("2026-11-01"), Within: &db.Ref{Level: db.LevelCommune, Code: commune(2, 0)}}
	inside, err := f.d.QualityUnits(t.Context(), within, db.LevelHamlet, db.PageArgs{First: 100})
	if err != nil || len(inside.Items) == 0 {
		t.Fatalf("%v %+v", err, inside)
	}
	for _, u := range inside.Items {
		if chain := f.chain(f.unitOn("hamlet", u.Code, "2026-11-01"), "2026-11-01"); !slices.ContainsFunc(chain, func(above *wunit) bool { return above.code == commune(2, 0) }) {
			t.Errorf("%s lies elsewhere", u.Code)
		}
	}
	for name, ask := range map[string]func() error{
		"level": func() error {
			_, err := f.d.QualityUnits(t.Context(), within, "ward", db.PageArgs{First: 1})
			return err
		},
		"first": func() error {
			_, err := f.d.QualityUnits(t.Context(), within, db.LevelHamlet, db.PageArgs{})
			return err
		},
		"cursor": func() error {
			_, err := f.d.QualityUnits(t.Context(), within, db.LevelHamlet, db.PageArgs{First: 1, After: "x"})
			return err
		},
	} {
		var e *db.Error
		if err := ask(); !errors.As(err, &e) || e.Code != db.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}
