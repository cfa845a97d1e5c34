package db

import (
	"strconv"

	"vunglom/gis"
)

// Features is the plan's sites as one GeoJSON FeatureCollection: a Point each, its id the order in which it should be founded, with the
// properties order, gained, coveredSoFar, hamletCode, hamlet, communeCode and commune (full names; null: in none).
func (a *TeamPlan) Features() []byte {
	b := []byte(`{"type":"FeatureCollection","features":[`)
	for i := range a.Sites {
		s := &a.Sites[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"type":"Feature","id":`...)
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = append(b, `,"geometry":{"type":"Point","coordinates":[`...)
		b = append(gis.AppendDegrees(b, s.Position.Longitude), ',')
		b = append(gis.AppendDegrees(b, s.Position.Latitude), "]}"...)
		b = append(b, `,"properties":{"order":`...)
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = append(b, `,"gained":`...)
		b = strconv.AppendInt(b, int64(s.Gained), 10)
		b = append(b, `,"coveredSoFar":`...)
		b = strconv.AppendInt(b, int64(s.CoveredSoFar), 10)
		b = appendNamed(b, "hamlet", s.Hamlet)
		b = appendNamed(b, "commune", s.Commune)
		b = append(b, "}}"...)
	}
	return append(b, "]}"...)
}

// appendNamed appends a unit's code and full name as two properties.
func appendNamed(b []byte, name string, u *Unit) []byte {
	var code, full *string
	if u != nil {
		code, full = &u.Code, &u.FullName
	}
	b = append(append(append(b, `,"`...), name...), `Code":`...)
	b = append(append(appendText(b, code), `,"`...), name...)
	return appendText(append(b, `":`...), full)
}
