package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	challengePage       = query("challenge_page")
	challengeCount      = query("challenge_count")
	challengeHistory    = query("challenge_history")
	challengeCorrection = query("challenge_correction")
)

// ChallengeKind is what is disputed of an address or a household.
type ChallengeKind string

// The kinds of challenges.
const (
	NotAHouse        ChallengeKind = "not_a_house"        // an address where no house is
	NobodyLivesThere ChallengeKind = "nobody_lives_there" // a household that is not there, or all of an address
	WrongPlace       ChallengeKind = "wrong_place"        // an address that lies elsewhere
	AlreadyGuided    ChallengeKind = "already_guided"     // a household that a team has guided, of which no visit tells
	Duplicate        ChallengeKind = "duplicate"          // an address or a household that is there twice
)

// ChallengeStatus is how far a challenge is.
type ChallengeStatus string

// The statuses of a challenge.
const (
	ChallengeOpen     ChallengeStatus = "open"
	ChallengeAccepted ChallengeStatus = "accepted" // and the correction is written
	ChallengeRejected ChallengeStatus = "rejected"
)

// ChallengeKey identifies a challenge.
type ChallengeKey struct {
	Province string
	ID       int64
}

// By is who did something, as the issuer of the token names that person or system.
type By struct {
	Issuer, Subject *string // as the audit log has callers
	System          bool
}

// Challenge is a dispute about an address or a household.
type Challenge struct {
	ChallengeKey
	Kind          ChallengeKind
	AddressScheme *string // what is disputed: an address
	AddressCode   *string
	HouseholdCode *string // or a household
	OtherScheme   *string // of a duplicate: the address that stays
	OtherCode     *string // or the household that stays
	TeamCode      *string // of AlreadyGuided: who came
	Day           *time.Time
	Evidence      *string  // nil: taken out
	Longitude     *float64 // degrees; of WrongPlace the better point, else where the evidence was taken
	Latitude      *float64
	Status        ChallengeStatus
	OpenedAt      time.Time
	By
	UnitID *int64 // the smallest unit that it is about today; nil: it lies in none

	Unit        *Unit           `db:"-"`
	History     []ChallengeStep `db:"-"`
	Corrections []Correction    `db:"-"`
}

// ChallengeStep is a step of a challenge's history.
type ChallengeStep struct {
	Action string // opened, amended, accepted, rejected
	At     time.Time
	By
	Words *string // the evidence as it was then, or the reason; nil: none, or taken out
}

// Correction is what an accepted challenge changed: a field of a row.
type Correction struct {
	What   string  // address, household or visit
	Scheme *string // of an address
	Code   string
	Field  string  // kind, position (longitude and latitude), surveyed_on, ended_on, address (scheme/code), outcome
	Former *string // what stood there; nil: nothing
	Became *string
}

// ChallengeFilter narrows a list of challenges.
type ChallengeFilter struct {
	Within *Ref            // on today's boundaries
	Status ChallengeStatus // empty: any
	Kind   ChallengeKind   // empty: any
}

// challengeList names lists of challenges in their cursors.
const challengeList = "challenge"

// Challenges returns a page of challenges, in the order in which they were opened, with their history. Its total is a statement of its
// own, which page.SkipTotal leaves out. Errors: BAD_INPUT for the page, and those of UnitByRef for Within.
func (d *DB) Challenges(ctx context.Context, filter ChallengeFilter, today time.Time, page PageArgs) (Page[Challenge], error) {
	var answer Page[Challenge]
	var province string
	var id int64
	if err := page.start(challengeList, &province, &id); err != nil {
		return answer, err
	}
	args := pgx.StrictNamedArgs{"status": filter.Status, "kind": filter.Kind}
	if err := d.addWithin(ctx, args, filter.Within, today); err != nil {
		return answer, err
	}
	r := reading{"challenges", map[string]any{"status": filter.Status, "kind": filter.Kind}}.addUnit(filter.Within)
	err := d.readPersons(ctx, r, func(d *DB) (int, error) {
		if !page.SkipTotal {
			counted, err := ask[struct{ Challenges int }](ctx, d, challengeCount, args)
			if err != nil {
				return 0, err
			}
			answer.Total = counted[0].Challenges
		}
		args["after_province"], args["after_id"], args["take"] = province, id, page.First+1
		var err error
		if answer.Items, err = ask[Challenge](ctx, d, challengePage, args); err != nil {
			return 0, err
		}
		if answer.More = len(answer.Items) > page.First; answer.More {
			answer.Items = answer.Items[:page.First]
		}
		return len(answer.Items), d.addHistory(ctx, answer.Items)
	})
	if err != nil {
		return Page[Challenge]{}, err
	}
	var keys []Key
	for _, c := range answer.Items {
		answer.Cursors = append(answer.Cursors, cursor(challengeList, c.Province, c.ID))
		if c.UnitID != nil {
			keys = append(keys, Key{c.Province, *c.UnitID})
		}
	}
	units, err := d.UnitsByID(ctx, keys)
	for i := range answer.Items {
		c := &answer.Items[i]
		if c.UnitID == nil {
			continue
		}
		if unit, known := units[Key{c.Province, *c.UnitID}]; known {
			c.Unit = &unit
		}
	}
	return answer, err
}

// addHistory reads the steps and corrections of challenges.
func (d *DB) addHistory(ctx context.Context, challenges []Challenge) error {
	provinces, ids, at := make([]string, len(challenges)), make([]int64, len(challenges)), map[ChallengeKey]*Challenge{}
	for i := range challenges {
		c := &challenges[i]
		provinces[i], ids[i], at[c.ChallengeKey] = c.Province, c.ID, c
	}
	args := pgx.StrictNamedArgs{"provinces": provinces, "ids": ids}
	steps, err := ask[struct {
		Province    string
		ChallengeID int64
		ChallengeStep
	}](ctx, d, challengeHistory, args)
	if err != nil {
		return err
	}
	for _, s := range steps {
		c := at[ChallengeKey{s.Province, s.ChallengeID}]
		c.History = append(c.History, s.ChallengeStep)
	}
	corrections, err := ask[struct {
		Province    string
		ChallengeID int64
		Correction
	}](ctx, d, challengeCorrection, args)
	for _, r := range corrections {
		c := at[ChallengeKey{r.Province, r.ChallengeID}]
		c.Corrections = append(c.Corrections, r.Correction)
	}
	return err
}
