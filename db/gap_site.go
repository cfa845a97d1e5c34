package db

import (
	"math"

	"vunglom/gis"
)

// reachPlan is where bases would bring a hamlet within reach: the median distance of its points to the nearest base, the
// existing ones counted, falls to the reach or below.
type reachPlan struct {
	first         *[2]float64 // where a base helps most; nil: the hamlet has no place
	firstDistance float64     // the median distance with that base, metres
	bases         [][2]float64
	distance      float64 // the median distance with all of them
	least         int     // fewer can't do
}

// reach plans bases. One in the middle of the hamlet's addresses is enough nearly always; where it isn't, or another
// base covers more, they are put where they bring the most points within reach, one after the other.
func (e *GapEvidence) reach(metres float64, needed bool) (plan reachPlan) {
	if len(e.points) == 0 {
		return plan
	}
	middle := gis.Round7(e.points[gis.Middle(e.points)])
	near := e.with(e.near, middle)
	plan.first, plan.firstDistance = &middle, gis.Median(near)
	if !needed || plan.firstDistance <= metres {
		plan.bases, plan.distance, plan.least = [][2]float64{middle}, plan.firstDistance, 1
		return plan
	}
	if near = e.near; near == nil { // the last team went while the query ran
		near = e.with(nil, [2]float64{-105, -9})
	}
	for {
		var beyond [][2]float64
		for i, p := range e.points {
			if !(near[i] <= metres) {
				beyond = append(beyond, p)
			}
		}
		at, within, atMost := gis.Densest(beyond, metres)
		if within == 0 { // the reach is too short for positions of 7 decimals
			plan.bases = nil
			return plan
		}
		if plan.least == 0 { // at least half of the points must be within reach
			lacking := (len(e.points)+1)/2 - (len(e.points) - len(beyond))
			plan.least = max(1, (lacking+atMost-1)/atMost)
			first := e.with(near, at)
			plan.first, plan.firstDistance = &at, gis.Median(first)
		}
		plan.bases, near = append(plan.bases, at), e.with(near, at)
		if plan.distance = gis.Median(near); plan.distance <= metres {
			return plan
		}
	}
}

// with returns the distances to the nearest base once there is one more.
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
