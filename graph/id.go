package graph

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"vunglom/db"
	"vunglom/graph/scalar"
)

// A global id is base64url of a kind and what identifies the thing across re-imports:
//
//	unit:PROVINCE:LEVEL:CODE:VALID_FROM    team:PROVINCE:CODE    address:PROVINCE:SCHEME:CODE
//	challenge:PROVINCE:NUMBER
//	report:PROVINCE:["LEVEL","CODE","MEASURE","AS_OF","SOURCE"]
//
// Only a code can hold a colon, and it can be told from its neighbours; what can hold anything stands in a JSON list.

var idEncoding = base64.RawURLEncoding.Strict()

func unitID(u *db.Unit) string { return identityID(u.Identity()) }

func identityID(u db.Identity) string {
	return encodeID("unit:" + u.Province + ":" + string(u.Level) + ":" + u.Code + ":" + u.ValidFrom.Format("2006-01-02"))
}

func teamID(key db.TeamKey) string { return encodeID("team:" + key.Province + ":" + key.Code) }

func addressID(key db.AddressKey) string {
	return encodeID("address:" + key.Province + ":" + key.Scheme + ":" + key.Code)
}

func challengeID(key db.ChallengeKey) string {
	return encodeID("challenge:" + key.Province + ":" + strconv.FormatInt(key.ID, 10))
}

// parseChallengeID reads the id of a challenge, which is no Node: who may not see it may open it again.
func parseChallengeID(id string) (db.ChallengeKey, error) {
	plain, err := idEncoding.DecodeString(id)
	if err != nil {
		return db.ChallengeKey{}, errBadID
	}
	kind, rest, _ := strings.Cut(string(plain), ":")
	province, number, _ := strings.Cut(rest, ":")
	key := db.ChallengeKey{Province: province}
	key.ID, err = strconv.ParseInt(number, 10, 64)
	if err != nil || kind != "challenge" || key.ID < 1 || checkCode(province) != nil || challengeID(key) != id {
		return db.ChallengeKey{}, errBadID
	}
	return key, nil
}

func reportID(key db.ReportKey) string {
	rest, err := json.Marshal([]string{string(key.Level), key.UnitCode, key.Measure, key.AsOf.Format("2006-01-02"), key.Source})
	if err != nil {
		panic("graph: report id: " + err.Error()) // strings always encode
	}
	return encodeID("report:" + key.Province + ":" + string(rest))
}

func encodeID(plain string) string { return idEncoding.EncodeToString([]byte(plain)) }

// parseID returns what a global id names: a db.Identity, a db.TeamKey, a db.AddressKey or a
// db.ReportKey.
// An id that this program never made is BAD_INPUT.
func parseID(id string) (any, error) {
	plain, err := idEncoding.DecodeString(id)
	if err != nil || encodeID(string(plain)) != id || // the decoder passes over line ends
		!utf8.Valid(plain) || bytes.ContainsRune(plain, 0) { // nothing stored is named so
		return nil, errBadID
	}
	kind, rest, _ := strings.Cut(string(plain), ":")
	province, rest, found := strings.Cut(rest, ":")
	if !found || province == "" {
		return nil, errBadID
	}
	switch kind {
	case "team":
		if rest != "" {
			return db.TeamKey{Province: province, Code: rest}, nil
		}
	case "address":
		if scheme, code, found := strings.Cut(rest, ":"); found && scheme != "" && code != "" {
			return db.AddressKey{Province: province, Scheme: scheme, Code: code}, nil
		}
	case "unit":
		return parseUnitID(province, rest)
	case "report":
		return parseReportID(id, province, rest)
	}
	return nil, errBadID
}

func parseUnitID(province, rest string) (any, error) {
	level, rest, _ := strings.Cut(rest, ":")
	end := strings.LastIndexByte(rest, ':')
	if end < 1 || levelFromDB(db.Level(level)) == "" {
		return nil, errBadID
	}
	from, err := scalar.ParseDate(rest[end+1:])
	if err != nil {
		return nil, errBadID
	}
	return db.Identity{Province: province, Level: db.Level(level), Code: rest[:end], ValidFrom: from}, nil
}

func parseReportID(id, province, rest string) (any, error) {
	var parts []string
	if json.Unmarshal([]byte(rest), &parts) != nil || len(parts) != 5 || levelFromDB(db.Level(parts[0])) == "" {
		return nil, errBadID
	}
	asOf, err := scalar.ParseDate(parts[3])
	key := db.ReportKey{Province: province, Level: db.Level(parts[0]), UnitCode: parts[1], Measure: parts[2], AsOf: asOf, Source: parts[4]}
	if err != nil || reportID(key) != id { // JSON can be written in several ways
		return nil, errBadID
	}
	for _, part := range parts {
		if strings.ContainsRune(part, 0) {
			return nil, errBadID
		}
	}
	return key, nil
}

var errBadID = badInput("id không phải do API này cấp: hãy dùng giá trị của một trường id",
	"this is not an id of this API: use the value of an id field")
