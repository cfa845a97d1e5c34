package db

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"vunglom/gis"
)

// mapRow is a row of coverage_map but for its geometry, which is copied straight from the wire into the answer. The
// columns of a feature are null where the map has none. It is read into again and again: a place in memory for each number of each unit
// would take longer than the numbers.
type mapRow struct {
	total, sumOfUnits, unassigned int
	snapshot                      string
	code, name, fullName, parent  pgtype.Text
	synthetic                     pgtype.Bool
	share, shareLow, shareHigh    pgtype.Float8
	guided, gapHouseholds         pgtype.Int4
	addresses, teams, members     pgtype.Int4
	perMember, serviceShare       pgtype.Float8
	remote                        pgtype.Bool
	index                         pgtype.Float8
	apportioned                   pgtype.Float8
	derived                       pgtype.Bool
}

// columns are where a row is read into. The order is that of coverage_map.sql.
func (r *mapRow) columns() []any {
	return []any{&r.total, &r.sumOfUnits, &r.unassigned, &r.snapshot, &r.code, &r.name, &r.fullName, &r.parent, nil, &r.synthetic,
		&r.share, &r.shareLow, &r.shareHigh, &r.guided, &r.gapHouseholds, &r.addresses, &r.teams, &r.members, &r.perMember, &r.serviceShare,
		&r.remote, &r.index, &r.apportioned, &r.derived, nil}
}

// value is what the measure shows of the row, if anything.
func (r *mapRow) value(m Measure) pgtype.Float8 {
	gap := pgtype.Float8{Float64: float64(r.gapHouseholds.Int32), Valid: r.gapHouseholds.Valid}
	switch m {
	case MeasureShare:
		return r.share
	case MeasureGapHouseholds:
		return gap
	case MeasurePriority:
		if r.index.Valid {
			gap.Float64 *= 1 + r.index.Float64
		}
		return gap
	case MeasureRemoteness:
		return r.index
	case MeasureHouseholdsPerMember:
		return r.perMember
	}
	return r.serviceShare
}

// drawings are where features are written before it is known how long they are; a map is copied out of one, once.
var drawings = sync.Pool{New: func() any { return new([]byte) }}

// draw writes the features of the rows as they come into one buffer, then the class of each where its place was kept:
// classes are known only when every value is.
func (q *MapQuery) draw(rows pgx.Rows) (CoverageMap, error) {
	defer rows.Close()
	m := CoverageMap{Day: q.Day, Boundaries: orDay(q.Boundaries, q.Day)}
	drawing := drawings.Get().(*[]byte)
	defer drawings.Put(drawing)
	b := append((*drawing)[:0], `{"type":"FeatureCollection","features":[`...)
	var values []float64
	var places []int // of each value's class
	var r mapRow
	columns := r.columns()
	for rows.Next() {
		if err := rows.Scan(columns...); err != nil {
			return CoverageMap{}, err
		}
		m.Integrity = Integrity{r.total, r.sumOfUnits, r.unassigned, r.total == r.sumOfUnits+r.unassigned}
		m.Snapshot = snapshotOf(r.snapshot)
		if !r.code.Valid {
			continue
		}
		if m.UnitCount > 0 {
			b = append(b, ',')
		}
		m.UnitCount++
		m.Synthetic = m.Synthetic || r.synthetic.Bool
		value := r.value(q.Measure)
		raw := rows.RawValues()
		var place int
		b, place = r.appendFeature(b, value, raw[len(raw)-1])
		*drawing = b
		if value.Valid {
			values = append(values, value.Float64)
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
	m.Features = append(append(make([]byte, 0, len(b)+2), b...), `]}`...)
	return m, nil
}

// maxProperties is about how many bytes a feature takes beside its geometry.
const maxProperties = 1 << 10

// appendFeature writes one feature and returns where its class belongs: four bytes that say null.
func (r *mapRow) appendFeature(b []byte, value pgtype.Float8, geometry []byte) ([]byte, int) {
	if need := len(geometry) + maxProperties; cap(b)-len(b) < need {
		b = slices.Grow(b, len(b)+need) // append grows what is large by a quarter: a map would be copied five times over
	}
	b = appendText(append(b, `{"type":"Feature","id":`...), textOf(&r.code))
	b = append(b, `,"geometry":`...)
	if geometry == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, geometry...)
	}
	b = appendText(append(b, `,"properties":{"code":`...), textOf(&r.code))
	b = appendText(append(b, `,"name":`...), textOf(&r.name))
	b = appendText(append(b, `,"fullName":`...), textOf(&r.fullName))
	b = appendText(append(b, `,"parentCode":`...), textOf(&r.parent))
	b = appendNumber(append(b, `,"value":`...), numberOf(&value))
	b = append(b, `,"class":`...)
	place := len(b)
	b = appendNumber(append(b, `null,"share":`...), numberOf(&r.share))
	b = appendNumber(append(b, `,"shareLow":`...), numberOf(&r.shareLow))
	b = appendNumber(append(b, `,"shareHigh":`...), numberOf(&r.shareHigh))
	b = appendWhole(append(b, `,"guided":`...), r.guided)
	b = appendWhole(append(b, `,"gapHouseholds":`...), r.gapHouseholds)
	b = appendWhole(append(b, `,"addresses":`...), r.addresses)
	b = appendWhole(append(b, `,"teams":`...), r.teams)
	b = appendWhole(append(b, `,"members":`...), r.members)
	if b = append(b, `,"remote":`...); !r.remote.Valid { // not published
		b = append(b, "null"...)
	} else {
		b = strconv.AppendBool(b, r.remote.Bool)
	}
	b = appendNumber(append(b, `,"index":`...), numberOf(&r.index))
	if r.apportioned.Valid {
		b = appendNumber(append(b, `,"apportioned":`...), numberOf(&r.apportioned))
	}
	if r.derived.Bool { // said where it is so only: most maps have none
		b = append(b, `,"derived":true`...)
	}
	return append(b, `}}`...), place
}

// textOf and numberOf are what a column has; nil: null.
func textOf(v *pgtype.Text) *string {
	if !v.Valid {
		return nil
	}
	return &v.String
}

func numberOf(v *pgtype.Float8) *float64 {
	if !v.Valid {
		return nil
	}
	return &v.Float64
}

func appendWhole(b []byte, v pgtype.Int4) []byte {
	if !v.Valid {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(v.Int32), 10)
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
