package db

import (
	"context"
	"math"

	"vunglom/gis"
)

// mostBases is how many bases for one hamlet are still advice. Each further one means looking over all its addresses again.
const mostBases = 8

// reachPlan is where bases would bring a hamlet within reach: the median distance of its points to the nearest base, the
// existing ones counted, falls to the reach or below.
type reachPlan struct {
	first         *[2]float64 // where a base helps most; nil: the hamlet has no place
	firstDistance float64     // the median distance with that base, metres
	bases         [][2]float64
	distance      float64 // the median distance with all of them
	least         int     // fewer can't do
}

// reach plans bases. One in the middle of the hamlet's addresses is enough nearly always; else one near the address, or near
// the spot, from which the most are within reach; else up to mostBases, one after the other where the most are left; else none.
// Each is in the middle of a square (see squareOf), from which the distances are: an address's own position is for who reads persons.
func (e *GapEvidence) reach(ctx context.Context, metres float64, needed bool) (plan reachPlan, err error) {
	if len(e.points) == 0 {
		return plan, nil
	}
	middle := siteNear(e.points[gis.Middle(e.points)])
	plan.put(e.with(e.near, middle), middle)
	if !needed || plan.distance <= metres {
		return plan, nil
	}
	near, beyond := e.near, e.beyond(e.near, metres)
	plan = reachPlan{}
	if i := gis.Busiest(beyond, metres); i >= 0 {
		at := siteNear(beyond[i])
		if with := e.with(near, at); gis.Median(with) <= metres {
			plan.put(with, at)
			return plan, nil
		}
	}
	for left := beyond; plan.bases == nil || plan.distance > metres; left = e.beyond(near, metres) {
		if err := ctx.Err(); err != nil {
			return plan, err
		}
		at, within := gis.Densest(left, metres)
		at = siteNear(at)
		near = e.with(near, at)
		if len(e.beyond(near, metres)) == len(left) { // the reach is too short for middles of squares
			plan.bases = nil
			return plan, nil
		}
		plan.put(near, at)
		more := max(1, e.lacking(e.beyond(near, metres)))
		if plan.distance > metres && more > (mostBases-len(plan.bases))*within { // no later base serves more than this one does
			plan.bases = nil
			return plan, nil
		}
	}
	if len(plan.bases) > 1 {
		most := gis.DensestBound(beyond, metres)
		plan.least = max(1, (e.lacking(beyond)+most-1)/most)
	}
	return plan, nil
}

// siteNear is the middle of the square of a position.
func siteNear(at [2]float64) [2]float64 { return gis.Round7(squareOf(at, squareDegrees)) }

// lacking returns how many more points must come within reach, with those beyond it: half must be, the middle one too.
func (e *GapEvidence) lacking(beyond [][2]float64) int {
	return (len(e.points)+1)/2 - (len(e.points) - len(beyond))
}

// put adds a base, with the distances to the nearest once it is there.
func (p *reachPlan) put(near []float64, at [2]float64) {
	p.bases, p.distance, p.least = append(p.bases, at), gis.Median(near), 1
	if len(p.bases) == 1 {
		p.first, p.firstDistance = &at, p.distance
	}
}

// beyond returns the points that no base is within reach of; near is nil where there is no base.
func (e *GapEvidence) beyond(near []float64, metres float64) (points [][2]float64) {
	for i, p := range e.points {
		if near == nil || near[i] > metres {
			points = append(points, p)
		}
	}
	return points
}

// with returns the distances to the nearest base once there is one more; near is nil where it is the first.
func (e *GapEvidence) with(near []float64, base [2]float64) []float64 {
	with := make([]float64, len(e.points))
	for i, p := range e.points {
		with[i] = gis.DistanceMetres(base, p)
		if near != nil {
			with[i] = math.Min(with[i], near[i])
		}
	}
	return with
}
