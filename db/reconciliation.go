package db

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	measureOfUnit   = query("measure_of_unit")
	serviceRecorded = query("service_recorded")
)

// Verdict says how a reported figure and a computed one stand to each other.
type Verdict string

// The verdicts.
const (
	VerdictConsistent   Verdict = "CONSISTENT"
	VerdictDiffers      Verdict = "DIFFERS"
	VerdictOnlyReported Verdict = "ONLY_REPORTED"
	VerdictOnlyComputed Verdict = "ONLY_COMPUTED"
)

// approximately is how far from a reported figure, as a part of it, what it calls "about" may be.
const approximately = 0.05

// Reconciliation is a figure published about a unit beside what the register gives under the same name on the same day.
type Reconciliation struct {
	Measure    string
	Day        time.Time // the report's own day; without a report, the day asked about
	Report     *PublishedReport
	Computed   *float64 // nil: the register gives no such figure
	Difference *float64 // computed less reported; nil where one is missing
	Status     Verdict
}

// Reconciliation compares, by measure, the latest figures published about a unit by a day with what the register gives on
// the day that each speaks of (never another day, and never another measure), and adds what the register gives on
// the day asked about and nobody reported. Errors: those of UnitByRef.
func (d *DB) Reconciliation(ctx context.Context, ref Ref, day time.Time) ([]Reconciliation, error) {
	unit, err := d.UnitByRef(ctx, ref, day)
	if err != nil {
		return nil, err
	}
	reports, err := ask[PublishedReport](ctx, d, reportLatestOfUnit, pgx.StrictNamedArgs{"province": unit.Province, "id": unit.ID, "day": day})
	if err != nil {
		return nil, err
	}
	days := []OnDay{{unit.Key(), day}}
	for _, r := range reports {
		if on := (OnDay{unit.Key(), r.AsOf}); !slices.Contains(days, on) {
			days = append(days, on)
		}
	}
	computed, err := d.computed(ctx, unit.Province, days)
	if err != nil {
		return nil, err
	}
	var answer []Reconciliation
	reported := map[string]bool{}
	for i := range reports {
		r := &reports[i]
		reported[r.Measure] = true
		answer = append(answer, reconcile(r, computed[OnDay{unit.Key(), r.AsOf}][r.Measure]))
	}
	for measure, value := range computed[days[0]] {
		if !reported[measure] {
			answer = append(answer, Reconciliation{Measure: measure, Day: day, Computed: value, Status: VerdictOnlyComputed})
		}
	}
	slices.SortStableFunc(answer, func(a, b Reconciliation) int { return cmp.Compare(a.Measure, b.Measure) })
	return answer, nil
}

// reconcile puts a report beside a computed figure (nil: there is none).
func reconcile(r *PublishedReport, computed *float64) Reconciliation {
	answer := Reconciliation{Measure: r.Measure, Day: r.AsOf, Report: r, Computed: computed, Status: VerdictOnlyReported}
	if computed == nil {
		return answer
	}
	difference := *computed - r.Value
	answer.Difference, answer.Status = &difference, VerdictDiffers
	holds := false
	switch r.Qualifier {
	case "eq":
		holds = difference == 0
	case "gte":
		holds = difference >= 0
	case "lte":
		holds = difference <= 0
	case "approx":
		holds = math.Abs(difference) <= approximately*math.Abs(r.Value)
	}
	if holds {
		answer.Status = VerdictConsistent
	}
	return answer
}

// computed returns, for each unit of a province on its day, what the register gives under the names of reported measures.
// A figure that nothing is recorded of is absent: it is unknown, not 0.
func (d *DB) computed(ctx context.Context, province string, units []OnDay) (map[OnDay]map[string]*float64, error) {
	coverages, err := d.Coverage(ctx, units)
	if err != nil {
		return nil, err
	}
	uptakes, err := d.ServiceUptakes(ctx, units)
	if err != nil {
		return nil, err
	}
	services, err := ask[struct{ Code string }](ctx, d, serviceRecorded, pgx.StrictNamedArgs{"province": province})
	if err != nil {
		return nil, err
	}
	type row struct {
		Asked   int
		Measure string
		Value   float64
	}
	recorded, err := ask[row](ctx, d, measureOfUnit, onDayArgs(units))
	if err != nil {
		return nil, err
	}
	answer := make(map[OnDay]map[string]*float64, len(units))
	for _, unit := range units {
		figures, c := map[string]*float64{}, coverages[unit]
		count := func(measure string, households int) {
			value := float64(households)
			figures[measure] = &value
		}
		if c.Basis == BasisRegister {
			count("households", *c.Guided+*c.Attempted+*c.NotVisited+*c.Ineligible)
			count("households_guided", *c.Guided)
			for _, u := range uptakes[unit] {
				if u.Service.CountedIn == "household" && slices.Contains(services, struct{ Code string }{u.Service.Code}) {
					count(u.Service.Code, u.Households)
				}
			}
		}
		if c.Addresses > 0 {
			count("household_addresses", c.Addresses)
		}
		answer[unit] = figures
	}
	for i := range recorded {
		r := &recorded[i]
		unit := units[r.Asked-1]
		if isUnitCount(r.Measure) && coverages[unit].Basis != BasisRegister {
			continue // the units that reports happen to name are not all there are
		}
		answer[unit][r.Measure] = &r.Value
	}
	return answer, nil
}

// isUnitCount tells whether a measure counts units as such.
func isUnitCount(measure string) bool {
	return measure == "districts" || measure == "communes" || measure == "hamlets"
}
