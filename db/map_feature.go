package db

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

// mapRow is a row of coverage_map but for its geometry, which is copied straight from the wire into the answer. The
// columns of a feature are null where the map has none.
type mapRow struct {
	total, sumOfUnits, unassigned int
	snapshot                      string
	code, name, fullName, parent  *string
	synthetic                     *bool
	share, shareLow, shareHigh    *float64
	guided, gapHouseholds         *int
	addresses, teams, members     *int
	perMember, serviceShare       *float64
	remote                        *bool
	index                         *float64
	apportioned                   *float64
	derived                       *bool
}

// scan reads the row. The order is that of coverage_map.sql.
func (r *mapRow) scan(rows pgx.Rows) error {
	return rows.Scan(&r.total, &r.sumOfUnits, &r.unassigned, &r.snapshot, &r.code, &r.name, &r.fullName, &r.parent, nil, &r.synthetic,
		&r.share, &r.shareLow, &r.shareHigh, &r.guided, &r.gapHouseholds, &r.addresses, &r.teams, &r.members, &r.perMember, &r.serviceShare,
		&r.remote, &r.index, &r.apportioned, &r.derived, nil)
}

// value is what the measure shows of the row; nil: no data.
func (r *mapRow) value(m Measure) *float64 {
	switch m {
	case MeasureShare:
		return r.share
	case MeasureGapHouseholds:
		if r.gapHouseholds == nil {
			return nil
		}
		v := float64(*r.gapHouseholds)
		return &v
	case MeasurePriority:
		if r.gapHouseholds == nil {
			return nil
		}
		v := float64(*r.gapHouseholds)
		if r.index != nil {
			v *= 1 + *r.index
		}
		return &v
	case MeasureRemoteness:
		return r.index
	case MeasureHouseholdsPerMember:
		return r.perMember
	}
	return r.serviceShare
}

// draw writes the features of the rows as they come into one buffer, then the class of each where its place was kept:
// classes are known only when every value is.
func (q *MapQuery) draw(rows pgx.Rows) (CoverageMap, error) {
	defer rows.Close()
	m := CoverageMap{Day: q.Day, Boundaries: orDay(q.Boundaries, q.Day)}
	b := append(make([]byte, 0, 1<<16), `{"type":"FeatureCollection","features":[`...)
	var values []float64
	var places []int // of each value's class
	for rows.Next() {
		var r mapRow
		if err := r.scan(rows); err != nil {
			return CoverageMap{}, err
		}
		m.Integrity = Integrity{r.total, r.sumOfUnits, r.unassigned, r.total == r.sumOfUnits+r.unassigned}
		m.Snapshot = snapshotOf(r.snapshot)
		if r.code == nil {
			continue
		}
		if m.UnitCount > 0 {
			b = append(b, ',')
		}
		m.UnitCount++
		m.Synthetic = m.Synthetic || *r.synthetic
		value := r.value(q.Measure)
		raw := rows.RawValues()
		var place int
		b, place = r.appendFeature(b, value, raw[len(raw)-1])
		if value != nil {
			values = append(values, *value)
			places = append(places, place)
		}
	}
	if err := rows.Err(); err != nil {
		return CoverageMap{}, err
	}
	classes := gis.Classify(values, classifications[q.Classification], q.Classes)
	for i, place := range places {
		copy(b[place:], "   ") // white space: the place is as wide as null
		b[place+3] = '0' + byte(gis.ClassOf(classes, values[i]))
	}
	m.Legend = legendOf(classes)
	m.Features = append(b, `]}`...)
	return m, nil
}

// maxProperties is about how many bytes a feature takes beside its geometry.
const maxProperties = 1 << 10

// appendFeature writes one feature and returns where its class belongs: four bytes that say null.
func (r *mapRow) appendFeature(b []byte, value *float64, geometry []byte) ([]byte, int) {
	if need := len(geometry) + maxProperties; cap(b)-len(b) < need {
		b = slices.Grow(b, len(b)+need) // append grows what is large by a quarter: a map would be copied five times over
	}
	b = appendText(append(b, `{"type":"Feature","id":`...), r.code)
	b = append(b, `,"geometry":`...)
	if geometry == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, geometry...)
	}
	b = appendText(append(b, `,"properties":{"code":`...), r.code)
	b = appendText(append(b, `,"name":`...), r.name)
	b = appendText(append(b, `,"fullName":`...), r.fullName)
	b = appendText(append(b, `,"parentCode":`...), r.parent)
	b = appendNumber(append(b, `,"value":`...), value)
	b = append(b, `,"class":`...)
	place := len(b)
	b = appendNumber(append(b, `null,"share":`...), r.share)
	b = appendNumber(append(b, `,"shareLow":`...), r.shareLow)
	b = appendNumber(append(b, `,"shareHigh":`...), r.shareHigh)
	b = appendCount(append(b, `,"guided":`...), r.guided)
	b = appendCount(append(b, `,"gapHouseholds":`...), r.gapHouseholds)
	b = appendCount(append(b, `,"addresses":`...), r.addresses)
	b = appendCount(append(b, `,"teams":`...), r.teams)
	b = appendCount(append(b, `,"members":`...), r.members)
	if b = append(b, `,"remote":`...); r.remote == nil { // not published
		b = append(b, "null"...)
	} else {
		b = strconv.AppendBool(b, *r.remote)
	}
	b = appendNumber(append(b, `,"index":`...), r.index)
	if r.apportioned != nil {
		b = appendNumber(append(b, `,"apportioned":`...), r.apportioned)
	}
	if *r.derived { // said where it is so only: most maps have none
		b = append(b, `,"derived":true`...)
	}
	return append(b, `}}`...), place
}

func appendNumber(b []byte, v *float64) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	if a := math.Abs(*v); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(b, *v, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, *v, 'f', -1, 64)
}

func appendCount(b []byte, v *int) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(*v), 10)
}

// appendText writes a JSON string. Most names need no escape; the others are the library's work.
func appendText(b []byte, s *string) []byte {
	if s == nil {
		return append(b, "null"...)
	}
	for i := range len(*s) {
		if c := (*s)[i]; c < ' ' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(*s)
			if err != nil {
				return append(b, "null"...) // a string always encodes
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, *s...)
	return append(b, '"')
}
