package graph

import (
	"cmp"
	"slices"
	"strings"

	"vunglom/access"
)

// rule is what a field needs. The zero rule is nobody's: a field without one is refused.
type rule struct {
	right access.Right
	where where
}

// where is how the units are found in which a right has to hold. A field has it unless it can be reached only through one
// that needs as much already.
type where struct {
	unit     string   // the argument with the UnitRef, or a path into it: "input.within"
	days     []string // the arguments with the day on which that is looked up, the first that is given; none given: today
	both     bool     // on all of these days, which have to be given, not on the first
	whole    bool     // instead: it is about everything
	province string   // instead: the argument with a province's code
	itself   string   // instead: the resolver asks about what it answers, this in words
}

func open(r access.Right) rule { return rule{right: r} }

// in is the rule of a question about a unit.
func in(r access.Right, unit string, days ...string) rule {
	return rule{r, where{unit: unit, days: days}}
}

// of is the rule of a field that is about the units of what it belongs to.
func of(r access.Right, itself string) rule { return rule{r, where{itself: itself}} }

// What fields are about that have no argument to say so, in the words of docs/access.md.
const (
	itsUnit   = "the unit, on the day of the boundaries (`boundariesAsOf`, else `asOf`, else the unit's own day)"
	ownUnit   = "the unit, on its own day"
	written   = "the province `province`, or each household: the units that it lives in today; of one elsewhere an item is rejected"
	disputed  = "the units that the address or household lies in today; of a household to open with record too"
	teamsUnit = "the team's unit, or all units that it serves, on `asOf`, else the team's own day"
)

// rules are what the fields need: of a type, and of fields for which that does not hold. Every field of Query, Mutation and
// Subscription has its own.
var rules = map[string]rule{
	"Query.node":                 {access.Published, where{itself: "an address: the units that it lies in today, with persons; elsewhere it is answered as if there were none"}},
	"Query.nodes":                {access.Published, where{itself: "an address: the units that it lies in today, with persons; elsewhere it is answered as if there were none"}},
	"Query.adminUnit":            open(access.Published),
	"Query.adminUnits":           open(access.Published),
	"Query.locate":               open(access.Published),
	"Query.search":               open(access.Published),
	"Query.me":                   open(access.Published),
	"Query.datasets":             open(access.Published),
	"Query.services":             open(access.Published),
	"Query.nearestTeams":         open(access.Published),
	"Query.nearestServicePoints": open(access.Published),
	"Query.reports":              open(access.Published),
	"Query.coverageMap":          {access.Published, where{itself: "exact figures: `input.within` on `input.boundariesAsOf`, else `input.asOf`, with aggregates; else published ones"}},
	"Query.coverageTrend":        {access.Published, where{itself: "exact figures: `unit` on `boundariesAsOf`, else `to`, with aggregates; else published ones"}},
	"Query.decomposition":        {access.Aggregates, where{unit: "unit", days: []string{"from", "to"}, both: true}},
	"Query.reconciliation":       in(access.Aggregates, "unit", "asOf"),
	"Query.coverageGaps":         in(access.Decisions, "filter.within", "boundariesAsOf", "asOf"),
	"Query.gapAreas":             in(access.Decisions, "within", "asOf"),
	"Query.dataQuality":          in(access.Decisions, "within", "asOf"),
	"Query.whatIf":               in(access.Decisions, "unit", "asOf"),
	"Query.planTeams":            in(access.Decisions, "input.within", "input.asOf"),
	"Query.minimumTeams":         in(access.Decisions, "input.within", "input.asOf"),
	"Query.addresses":            in(access.Persons, "within", "asOf"),
	"Query.challenges":           in(access.Persons, "within"),

	"Query.auditLog": {access.Audit, where{whole: true}},

	"Query.importJob":  of(access.Import, "the province that the bundle is of; one elsewhere is answered as if there were none"),
	"Query.importJobs": {access.Import, where{province: "province"}},

	"Mutation.importBundle":       of(access.Import, "the province that the bundle names, which is looked at before anything else of it"),
	"Mutation.cancelImport":       of(access.Import, "the province that the bundle is of; one elsewhere is answered as if there were none"),
	"Mutation.eraseHousehold":     {access.Erasure, where{province: "province"}},
	"Mutation.openChallenge":      of(access.Dispute, disputed),
	"Mutation.resolveChallenge":   of(access.Resolve, disputed),
	"Mutation.recordVisits":       of(access.Record, written),
	"Mutation.registerHouseholds": of(access.Record, written),
	"Mutation.endHouseholds":      of(access.Record, written),
	"Mutation.recordAdoptions":    of(access.Record, written),
	"Mutation.upsertTeams":        {access.Import, where{province: "province"}},
	"Mutation.upsertMembers":      {access.Import, where{province: "province"}},
	"Mutation.submitReports":      {access.Import, where{province: "province"}},
	"Mutation.upsertAddresses":    {access.Import, where{province: "province"}},

	"Subscription.snapshotChanged": open(access.Published),
	"Subscription.importProgress":  {access.Import, where{province: "province"}},

	"Node":     open(access.Published),
	"PageInfo": open(access.Published),

	"Caller":       open(access.Published),
	"Grant":        open(access.Published),
	"WriteResult":  open(access.Published),
	"WrittenItem":  open(access.Published),
	"WriteProblem": open(access.Published),

	"Dataset":        open(access.Published),
	"SnapshotChange": open(access.Published),
	"ChangedUnit":    open(access.Published),
	"ImportProgress": open(access.Import),

	"ImportJob":               open(access.Import),
	"ImportJobEdge":           open(access.Import),
	"ImportJobConnection":     open(access.Import),
	"ImportReport":            open(access.Import),
	"ImportedTable":           open(access.Import),
	"ImportProblem":           open(access.Import),
	"ImportProblemConnection": open(access.Import),

	"AdminUnit":             open(access.Published),
	"AdminUnit.derivedFrom": of(access.Aggregates, ownUnit),
	"AdminUnit.coverage":    of(access.Published, "exact figures: "+itsUnit+", with aggregates; else published ones"),
	"AdminUnit.remoteness":  of(access.Aggregates, ownUnit),
	"AdminUnitEdge":         open(access.Published),
	"AdminUnitConnection":   open(access.Published),
	"Succession":            open(access.Published),
	"Succession.households": of(access.Aggregates, "the unit whose `predecessors` or `successors` it is of, on its own day"),
	"Succession.addresses":  of(access.Aggregates, "the unit whose `predecessors` or `successors` it is of, on its own day"),
	"Designation":           open(access.Published),
	"Location":              open(access.Published),
	"SearchHit":             open(access.Published),

	"Team":                     open(access.Published),
	"Team.roles":               of(access.Aggregates, teamsUnit),
	"Team.organizations":       of(access.Aggregates, teamsUnit),
	"Team.membersTrained":      of(access.Aggregates, teamsUnit),
	"Team.membersUntrained":    of(access.Aggregates, teamsUnit),
	"Team.visitCount":          of(access.Aggregates, teamsUnit),
	"Team.householdsGuided":    of(access.Aggregates, teamsUnit),
	"Team.topics":              of(access.Aggregates, teamsUnit),
	"Team.householdsServed":    of(access.Aggregates, teamsUnit),
	"Team.householdsPerMember": of(access.Aggregates, teamsUnit),
	"TeamRole":                 open(access.Aggregates),
	"TeamOrganization":         open(access.Aggregates),
	"TeamEdge":                 open(access.Published),
	"TeamConnection":           open(access.Published),
	"TeamDistance":             open(access.Published),
	"ServicePointDistance":     open(access.Published),
	"Service":                  open(access.Published),

	"Address":           open(access.Persons),
	"Address.status":    of(access.Persons, "the units that the address lies in on `asOf`, else on the day it was asked for"),
	"AddressEdge":       open(access.Persons),
	"AddressConnection": open(access.Persons),

	"AuditEntry":           open(access.Audit),
	"AuditEntryEdge":       open(access.Audit),
	"AuditEntryConnection": open(access.Audit),

	"Coverage":          open(access.Published),
	"Coverage.services": of(access.Aggregates, itsUnit),
	"Coverage.topics":   of(access.Aggregates, itsUnit),
	"Decomposition":     open(access.Aggregates),
	"ServiceUptake":     open(access.Aggregates),
	"TopicUptake":       open(access.Aggregates),
	"TeamCount":         open(access.Published),
	"Remoteness":        open(access.Aggregates),
	"CoverageMap":       open(access.Published),
	"LegendClass":       open(access.Published),
	"Integrity":         open(access.Published),

	"GapAreas":              open(access.Decisions),
	"GapArea":               open(access.Decisions),
	"CoverageGap":           open(access.Decisions),
	"CoverageGapEdge":       open(access.Decisions),
	"CoverageGapConnection": open(access.Decisions),
	"GapExplanation":        open(access.Decisions),
	"GapAction":             open(access.Decisions),
	"TeamPlan":              open(access.Decisions),
	"PlannedSite":           open(access.Decisions),

	"ChallengeResult":     open(access.Dispute),
	"Challenge":           open(access.Persons),
	"ChallengeStep":       open(access.Persons),
	"Correction":          open(access.Persons),
	"ChallengeEdge":       open(access.Persons),
	"ChallengeConnection": open(access.Persons),

	"HouseholdErasure": open(access.Erasure),

	"Report":           open(access.Published),
	"ReportEdge":       open(access.Published),
	"ReportConnection": open(access.Published),
	"Reconciliation":   open(access.Aggregates),

	"QualityCheck":          open(access.Decisions),
	"QualityCheck.cases":    of(access.Decisions, "`within` of `dataQuality` on its day, with persons too for kinds whose cases are addresses, households, visits, members or challenges"),
	"QualityCheck.units":    of(access.Decisions, "`within` of `dataQuality` on its day"),
	"QualityUnit":           open(access.Decisions),
	"QualityUnitEdge":       open(access.Decisions),
	"QualityUnitConnection": open(access.Decisions),
	"QualityCase":           open(access.Decisions),
	"QualityCaseEdge":       open(access.Decisions),
	"QualityCaseConnection": open(access.Decisions),
}

// ruleOf returns what a field of a type needs.
func ruleOf(typeName, field string) rule {
	if r, known := rules[typeName+"."+field]; known {
		return r
	}
	if slices.Contains(entries, typeName) {
		return rule{} // each by itself
	}
	return rules[typeName]
}

// entries are the types whose fields are what can be asked for first.
var entries = []string{"Query", "Mutation", "Subscription"}

// FieldRule is what a field, or all other fields of a type, need; for documents and tests.
type FieldRule struct {
	Name  string // Type.field, or Type
	Right access.Right
	Where string // how it is found out where the right has to hold, in words; empty: by the field it is reached through, or nowhere
}

// Rules lists what there is to ask for and what it needs, entry points first.
func Rules() []FieldRule {
	var list []FieldRule
	for name, r := range rules {
		list = append(list, FieldRule{name, r.right, r.where.words()})
	}
	rank := func(name string) int {
		typeName, _, _ := strings.Cut(name, ".")
		if i := slices.Index(entries, typeName); i >= 0 {
			return i
		}
		return len(entries)
	}
	slices.SortFunc(list, func(a, b FieldRule) int {
		return cmp.Or(cmp.Compare(rank(a.Name), rank(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// words says where a right has to hold.
func (w where) words() string {
	switch {
	case w.whole:
		return "everywhere"
	case w.province != "":
		return "the province `" + w.province + "`"
	case w.unit == "":
		return w.itself
	case len(w.days) == 0:
		return "`" + w.unit + "` today"
	case w.both:
		return "`" + w.unit + "` on `" + strings.Join(w.days, "` and on `") + "`"
	}
	return "`" + w.unit + "` on `" + strings.Join(w.days, "`, else `") + "`, else today" // as daysAt has it
}
