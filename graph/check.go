package graph

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"vunglom/db"
	"vunglom/graph/model"
)

// Bounds of what may be asked (contract, Pages and Map).
const (
	maxFirst     = 1000
	maxIDs       = 1000
	maxTextRunes = 200
	maxCodeBytes = 700 // PROVINCE/CODE: 100, 1 and the 500 of a bundle's codes
	maxZoom      = 24
	maxTeams     = 200 // of a plan
	minClasses   = 2
	maxClasses   = 9
)

// day returns the day asked about, or else the one given.
func day(asOf *time.Time, otherwise time.Time) time.Time {
	if asOf != nil {
		return *asOf
	}
	return otherwise
}

// checkFirst returns how many items are asked for; nil (an explicit null) is the default.
func checkFirst(first *int, otherwise int) (int, error) {
	if first == nil {
		return otherwise, nil
	}
	if *first < 1 || *first > maxFirst {
		return 0, badInput("first phải từ 1 đến 1.000, không phải %d", "first must be 1 to 1,000, not %d", *first)
	}
	return *first, nil
}

func within(value, low, high float64) bool { return value >= low && value <= high } // false for NaN

// swapped tells whether a longitude and a latitude are ones of Vietnam the other way round (contract: 102–118 and 6–24).
func swapped(longitude, latitude float64) bool {
	return within(longitude, 6, 24) && within(latitude, 102, 118)
}

func checkPosition(p model.Position) (db.Position, error) {
	if swapped(p.Longitude, p.Latitude) {
		return db.Position{}, badInput("position đổi chỗ hai toạ độ: longitude là kinh độ (%[2]g), latitude là vĩ độ (%[1]g)",
			"position has its coordinates swapped: longitude is %[2]g and latitude %[1]g, in degrees", p.Longitude, p.Latitude)
	}
	if !within(p.Longitude, -180, 180) || !within(p.Latitude, -90, 90) {
		return db.Position{}, badInput("position nằm ngoài trái đất: longitude từ -180 đến 180, latitude từ -90 đến 90 (độ)",
			"position is off the earth: longitude is -180 to 180 and latitude -90 to 90, in degrees")
	}
	return db.Position{Longitude: p.Longitude, Latitude: p.Latitude}, nil
}

func checkBox(b *model.BoundingBox) (*db.Box, error) {
	if b == nil {
		return nil, nil
	}
	if swapped(b.West, b.South) && swapped(b.East, b.North) {
		return nil, badInput("bbox đổi chỗ kinh độ và vĩ độ: west và east là kinh độ, south và north là vĩ độ",
			"bbox has its coordinates swapped: west and east are longitudes, south and north latitudes")
	}
	if !within(b.West, -180, 180) || !within(b.East, -180, 180) || !within(b.South, -90, 90) || !within(b.North, -90, 90) {
		return nil, badInput("bbox nằm ngoài trái đất: west và east từ -180 đến 180, south và north từ -90 đến 90 (độ)",
			"bbox is off the earth: west and east are -180 to 180, south and north -90 to 90, in degrees")
	}
	if b.West >= b.East || b.South >= b.North {
		return nil, badInput("bbox rỗng: west phải nhỏ hơn east và south nhỏ hơn north",
			"bbox is empty: west must be less than east, and south less than north")
	}
	return &db.Box{West: b.West, South: b.South, East: b.East, North: b.North}, nil
}

func checkCode(code string) error {
	if code == "" || len(code) > maxCodeBytes || !utf8.ValidString(code) || strings.ContainsRune(code, 0) {
		return badInput("code phải là một mã, như \"96\" hoặc \"32002\"", "code must be a unit's code, like \"96\" or \"32002\"")
	}
	return nil
}

func checkRef(ref *model.UnitRef) (*db.Ref, error) {
	if ref == nil {
		return nil, nil
	}
	if err := checkCode(ref.Code); err != nil {
		return nil, err
	}
	return &db.Ref{Level: levelToDB(ref.Level), Code: ref.Code}, nil
}

func checkZoom(zoom *float64) error {
	if zoom != nil && !within(*zoom, 0, maxZoom) {
		return badInput("zoom phải từ 0 đến %d", "zoom must be 0 to %d", maxZoom)
	}
	return nil
}

func checkText(name, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", badInput("%[1]s trống: hãy viết một tên", "%[1]s is empty: write a name", name)
	case !utf8.ValidString(text), strings.ContainsRune(text, 0):
		return "", badInput("%[1]s phải là UTF-8", "%[1]s must be UTF-8", name)
	case utf8.RuneCountInString(text) > maxTextRunes:
		return "", badInput("%[1]s dài quá %[2]d ký tự", "%[1]s is longer than %[2]d characters", name, maxTextRunes)
	}
	return text, nil
}

// checkLeast refuses a threshold that is no number or below its least value.
func checkLeast(name string, value, least float64) error {
	if math.IsNaN(value) || math.IsInf(value, 0) || value < least {
		return badInput("%[1]s phải ít nhất là %[2]g", "%[1]s must be at least %[2]g", name, least)
	}
	return nil
}
