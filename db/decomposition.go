package db

import (
	"context"
	"math"
	"time"
)

// Decomposition says how much of a unit's change between two days is real, and how much is that its boundaries changed.
//
// The middle is the first day's figures on the last day's boundaries: Real is the change from there to the last day, on one
// and the same ground; Restructuring is that from the first day's own boundaries to there, on one and the same day.
// (Seen from the last day's ground, which is the one that goes on. The other way round would measure the change on ground
// that is the unit's no more.)
type Decomposition struct {
	From, Middle, To        Coverage
	FromUnit, ToUnit        Unit // by the same level and code; where there was none on a day, the other day's
	RealHouseholds          int  // on the register
	RestructuringHouseholds int
	RealShare               *float64 // nil where one of the shares is not of the register, or the unit was not there on both days
	RestructuringShare      *float64
}

// registered is how many households of a coverage are on the register.
func (c *Coverage) registered() int {
	if c.Basis != BasisRegister {
		return 0
	}
	return *c.Guided + *c.Attempted + *c.NotVisited + *c.Ineligible
}

// Decomposition compares the unit of a level and code on two days. A code may be another unit on the other day; where it is
// none, nothing lay in it that day, and all that it had or has is restructuring.
// Errors: BAD_INPUT for days out of order; NOT_FOUND where the code is no unit on either day.
func (d *DB) Decomposition(ctx context.Context, ref Ref, from, to time.Time) (Decomposition, error) {
	if err := inOrder(from, to); err != nil {
		return Decomposition{}, err
	}
	then, thenErr := d.UnitByRef(ctx, ref, from)
	if thenErr != nil && !IsNotFound(thenErr) {
		return Decomposition{}, thenErr
	}
	now, err := d.UnitByRef(ctx, ref, to)
	stood := err == nil && thenErr == nil
	switch {
	case IsNotFound(err) && thenErr == nil:
		now = then
	case err != nil:
		return Decomposition{}, err
	case thenErr != nil:
		then = now
	}
	first := OnBoundaries{OnDay{then.Key(), from}, from}
	middle := OnBoundaries{OnDay{now.Key(), from}, to}
	last := OnBoundaries{OnDay{now.Key(), to}, to}
	found, err := d.CoverageOn(ctx, []OnBoundaries{first, middle, last})
	if err != nil {
		return Decomposition{}, err
	}
	a := Decomposition{From: found[first], Middle: found[middle], To: found[last], FromUnit: then, ToUnit: now}
	a.RealHouseholds = a.To.registered() - a.Middle.registered()
	a.RestructuringHouseholds = a.Middle.registered() - a.From.registered()
	if stood && a.From.shared() && a.Middle.shared() && a.To.shared() {
		shares := addingUp([3]float64{*a.From.Share, *a.Middle.Share, *a.To.Share})
		real := shares[2] - shares[1]
		rest := shares[2] - shares[0] - real
		a.From.Share, a.Middle.Share, a.To.Share, a.RealShare, a.RestructuringShare = &shares[0], &shares[1], &shares[2], &real, &rest
	}
	return a, nil
}

// shared tells whether a coverage has a share of households on the register: reports' shares are of bases of their own.
func (c *Coverage) shared() bool { return c.Basis == BasisRegister && c.Share != nil }

// addingUp returns shares, 0 to 1, whose differences add up as floating-point numbers: as they are where theirs do, else the
// nearest multiples of 2^-53, of which every sum and difference up to 1 is exact.
func addingUp(shares [3]float64) [3]float64 {
	real, whole := shares[2]-shares[1], shares[2]-shares[0]
	if real+(whole-real) == whole {
		return shares
	}
	for i, share := range shares {
		shares[i] = math.RoundToEven(share*(1<<53)) / (1 << 53)
	}
	return shares
}
