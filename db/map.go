package db

import (
	"context"
	"time"
)

// Measure is what a map shows.
type Measure string

// The measures (contract, Map).
const (
	MeasureShare               Measure = "SHARE"
	MeasureGapHouseholds       Measure = "GAP_HOUSEHOLDS"
	MeasurePriority            Measure = "PRIORITY"
	MeasureRemoteness          Measure = "REMOTENESS"
	MeasureHouseholdsPerMember Measure = "HOUSEHOLDS_PER_MEMBER"
	MeasureServiceShare        Measure = "SERVICE_SHARE"
)

// MapQuery asks for a map of the units of a level.
type MapQuery struct {
	Level          Level
	Within         *Ref
	Box            *Box
	Day            time.Time
	Measure        Measure
	Service        string   // a service's code with MeasureServiceShare; else ""
	Zoom           *float64 // a web-map zoom to generalise for; nil: full detail
	Classification string   // QUANTILE, EQUAL_INTERVAL or JENKS
	Classes        int      // 2 to 9
	RemoteOnly     bool
}

// Legend is one class of a map: values from Lower on to Upper, which only the last class includes.
type Legend struct {
	Index       int
	Lower       float64
	Upper       float64
	LowerClosed bool
	UpperClosed bool
	Count       int
	Color       string // "#rrggbb"
}

// Integrity compares a map's units with what they should add up to, in households on the register.
type Integrity struct {
	Total      int // in Within, or of everything
	SumOfUnits int
	Unassigned int // in Within, but in none of the units
	Holds      bool
}

// CoverageMap is a map: a GeoJSON FeatureCollection, by code, and how to colour it.
type CoverageMap struct {
	Day       time.Time
	Snapshot  string
	Synthetic bool // any of the units shown comes from a synthetic bundle
	UnitCount int
	Legend    []Legend
	Features  []byte // one JSON object, sent as it is
	Integrity Integrity
}

// CoverageMap draws a map (contract, Map). It reads roll-ups only: no household, visit or address.
// Errors: BAD_INPUT for arguments outside their bounds, and those of UnitByRef for Within.
func (d *DB) CoverageMap(ctx context.Context, q MapQuery) (CoverageMap, error) {
	return CoverageMap{}, nil
}
