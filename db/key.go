package db

import "time"

// Level is a level of administration, as bundles write it.
type Level string

// The levels, from the widest to the narrowest.
const (
	LevelProvince Level = "province"
	LevelDistrict Level = "district"
	LevelCommune  Level = "commune"
	LevelHamlet   Level = "hamlet"
)

// rank orders levels from the widest (0); a word that is no level comes last.
func (l Level) rank() int {
	switch l {
	case LevelProvince:
		return 0
	case LevelDistrict:
		return 1
	case LevelCommune:
		return 2
	case LevelHamlet:
		return 3
	}
	return 4
}

// inVietnamese is the level's name for a reader.
func (l Level) inVietnamese() string {
	switch l {
	case LevelProvince:
		return "tỉnh"
	case LevelDistrict:
		return "huyện"
	case LevelCommune:
		return "xã"
	case LevelHamlet:
		return "ấp, khóm"
	}
	return string(l)
}

// Key identifies one unit of one time: a (level, code, valid_from) of one province's bundles.
type Key struct {
	Province string // the code of the bundle's province
	ID       int64
}

// OnDay is a unit and the day about which something is asked. Day is UTC midnight.
type OnDay struct {
	Key
	Day time.Time
}

// Ref names a unit as people do. Code is the unit's code, or "PROVINCE/CODE" where two provinces use the same code
// (hamlet codes are the bundle's own).
type Ref struct {
	Level Level
	Code  string
}

// Position is a point in WGS 84, in degrees.
type Position struct{ Longitude, Latitude float64 }

// Box is an envelope in WGS 84, in degrees, borders included.
type Box struct{ West, South, East, North float64 }
