package db

import (
	"encoding/json"
	"math"
	"strconv"
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
		b = append(appendDegrees(b, s.Position.Longitude), ',')
		b = append(appendDegrees(b, s.Position.Latitude), "]}"...)
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
	code, full := []byte("null"), []byte("null")
	if u != nil {
		code, _ = json.Marshal(u.Code) // a text can always be written
		full, _ = json.Marshal(u.FullName)
	}
	b = append(append(append(b, `,"`...), name...), `Code":`...)
	b = append(append(b, code...), `,"`...)
	b = append(append(b, name...), `":`...)
	return append(b, full...)
}

// appendDegrees appends at most 7 decimals, which is about a centimetre.
func appendDegrees(b []byte, degrees float64) []byte {
	return strconv.AppendFloat(b, math.Round(degrees*1e7)/1e7, 'f', -1, 64)
}
