// Package access says who asks and what that person or system may see. It is the one policy of GraphQL, tiles, exports,
// subscriptions and the database: each of them asks a Caller, none has rules of its own about roles.
package access

import (
	"context"
	"slices"
	"time"
)

// Role is what a person or a system is to this program.
type Role string

// The roles. Whoever has shown no token is Public.
const (
	Public   Role = "public"   // anybody
	Viewer   Role = "viewer"   // reads exact figures
	Planner  Role = "planner"  // decides where teams go
	Officer  Role = "officer"  // works with the households of the own units
	Importer Role = "importer" // brings in bundles of the own province
	Platform Role = "platform" // another system, through the province's integration platform
	Admin    Role = "admin"    // everything, and the audit log
)

// Right is a kind of answer. Every field, route and tile layer needs one.
type Right string

// The rights, from what everybody has.
const (
	Open       Right = "open"       // what tells nothing of a province: health, the schema, the pages themselves
	Published  Right = "published"  // names, borders, teams and service points, and figures no household can be told from
	Aggregates Right = "aggregates" // exact figures of units
	Decisions  Right = "decisions"  // gaps, plans, data quality, files
	Persons    Right = "persons"    // rows of households and addresses
	Record     Right = "record"     // writing households, visits and adoptions
	Import     Right = "import"     // bringing in a bundle, and writing rows of whatever else one holds
	Dispute    Right = "dispute"    // disputing what is said of an address or a household
	Resolve    Right = "resolve"    // accepting or rejecting what was disputed
	Audit      Right = "audit"      // the log of who read rows of persons
	Erasure    Right = "erasure"    // taking a household out for good, and what hides households in figures for everybody: for whoever answers for a province's personal data
)

// rights are what each role has.
var rights = map[Role][]Right{
	Public:   {Open, Published},
	Viewer:   {Open, Published, Aggregates},
	Planner:  {Open, Published, Aggregates, Decisions},
	Officer:  {Open, Published, Aggregates, Persons, Record, Dispute, Resolve},
	Importer: {Open, Published, Record, Import, Dispute},
	Platform: {Open, Published, Aggregates, Decisions, Dispute},
	Admin:    {Open, Published, Aggregates, Decisions, Persons, Record, Import, Dispute, Resolve, Audit, Erasure},
}

// Roles returns every role, from the one with the fewest rights.
func Roles() []Role {
	return []Role{Public, Viewer, Planner, Officer, Importer, Platform, Admin}
}

// Rights returns every right, from the one that everybody has.
func Rights() []Right {
	return []Right{Open, Published, Aggregates, Decisions, Persons, Record, Import, Dispute, Resolve, Audit, Erasure}
}

// Has tells whether a role has a right, in the units it holds for. A role that does not exist has none.
func (r Role) Has(right Right) bool { return slices.Contains(rights[r], right) }

// Roles returns the roles that have a right.
func (right Right) Roles() []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool { return !r.Has(right) })
}

// Scoped tells whether a right holds in units. What everybody has holds everywhere.
func (right Right) Scoped() bool { return !Public.Has(right) }

// Implies tells whether whoever has a right has the other one too, in the same units.
func (right Right) Implies(other Right) bool {
	return !slices.ContainsFunc(right.Roles(), func(r Role) bool { return !r.Has(other) })
}

// Unit names an administrative unit as a UnitRef does: a level (province, district, commune, hamlet) and a code. It
// stands for itself and all below it, on the day asked about.
type Unit struct{ Level, Code string }

// Grant is a role and where it holds.
type Grant struct {
	Role       Role
	Everywhere bool   // in every province and unit
	Units      []Unit // where not everywhere
}

// Caller is who asks. The zero Caller is anybody: it has what Public has, and nothing else.
type Caller struct {
	Issuer  string // who vouches for the caller; empty: nobody
	Subject string // the caller's name at the issuer
	Client  string // the program that it asks through, as the issuer knows it; empty: not said
	System  bool   // no person: another agency's system
	Purpose string // why rows of persons are read, as the caller says; for the audit log
	Grants  []Grant

	PurposeNeeded bool // rows of persons are read by who says why, and by nobody else

	Until time.Time // when what vouches for the caller runs out; zero: never
}

// SignedIn tells whether anybody vouches for the caller.
func (c Caller) SignedIn() bool { return c.Issuer != "" }

// May tells whether the caller has a right somewhere.
func (c Caller) May(right Right) bool {
	everywhere, units := c.Scope(right)
	return everywhere || len(units) > 0
}

// Scope returns where the caller has a right: everywhere, or in these units and all below them.
func (c Caller) Scope(right Right) (everywhere bool, units []Unit) {
	if Public.Has(right) {
		return true, nil
	}
	for _, g := range c.Grants {
		if !g.Role.Has(right) {
			continue
		}
		if g.Everywhere {
			return true, nil
		}
		for _, u := range g.Units {
			if !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
	}
	return false, units
}

// Local is who uses the program on its own machine, or runs its commands there: everything may be seen. It is the caller
// of every request under --auth none.
func Local() Caller {
	return Caller{Issuer: "local", Subject: "local", Grants: []Grant{{Role: Admin, Everywhere: true}}}
}

// Authenticator says who a request's Authorization belongs to, as those of package auth do. A *Refusal says why nobody.
type Authenticator interface {
	Caller(ctx context.Context, authorization string) (Caller, error)
}

type callerKey struct{}

// With returns a context of a request of the caller.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From returns the caller whose request a context belongs to; anybody where none was set, so that a forgotten With shows
// too little and never too much.
func From(ctx context.Context) Caller {
	c, _ := Named(ctx)
	return c
}

// Named is From, and tells whether a caller was set.
func Named(ctx context.Context) (c Caller, named bool) {
	c, named = ctx.Value(callerKey{}).(Caller)
	return c, named
}

// Lasting returns a context that ends with what vouches for its caller.
func Lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	if until := From(ctx).Until; !until.IsZero() {
		return context.WithDeadline(ctx, until)
	}
	return context.WithCancel(ctx)
}
