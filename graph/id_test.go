package graph

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"vunglom/db"
)

func TestIDsAreStable(t *testing.T) {
	t.Parallel()
	unit := &db.Unit{Province: "96", Level: db.LevelCommune, Code: "32002", ValidFrom: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}
	for got, want := range map[string]string{
		unitID(unit): "dW5pdDo5Njpjb21tdW5lOjMyMDAyOjIwMjUtMDctMDE",
		teamID(db.TeamKey{Province: "96", Code: "T001"}):                                                                                  "dGVhbTo5NjpUMDAx",
		addressID(db.AddressKey{Province: "96", Scheme: "dia_chi_so", Code: "0000000011"}):                                                "YWRkcmVzczo5NjpkaWFfY2hpX3NvOjAwMDAwMDAwMTE",
		reportID(db.ReportKey{Province: "96", Level: db.LevelProvince, UnitCode: "96", Measure: "m", AsOf: unit.ValidFrom, Source: "Sở"}): "cmVwb3J0Ojk2OlsicHJvdmluY2UiLCI5NiIsIm0iLCIyMDI1LTA3LTAxIiwiU-G7nyJd",
	} {
		if got != want {
			t.Errorf("the id is %s, and was %s", got, want)
		}
	}
}

// TestIDsComeBack: whatever a code holds, colons too.
func TestIDsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 }), 1, 40, 120).Draw(t, "code") // no code that is stored has a NUL
		from := time.Date(rapid.IntRange(1, 9999).Draw(t, "year"), 7, 1, 0, 0, 0, 0, time.UTC)
		level := rapid.SampledFrom([]db.Level{db.LevelProvince, db.LevelDistrict, db.LevelCommune, db.LevelHamlet}).Draw(t, "level")
		unit := db.Unit{Province: "96", Level: level, Code: code, ValidFrom: from}
		team := db.TeamKey{Province: "96", Code: code}
		address := db.AddressKey{Province: "96", Scheme: "local", Code: code}
		report := db.ReportKey{Province: "96", Level: level, UnitCode: code, Measure: "m" + code, AsOf: from, Source: code + ":"}
		for id, want := range map[string]any{
			unitID(&unit):      db.Identity{Province: "96", Level: level, Code: code, ValidFrom: from},
			teamID(team):       team,
			addressID(address): address,
			reportID(report):   report,
		} {
			if got, err := parseID(id); err != nil || got != want {
				t.Errorf("%s: %v, %v; want %v", id, got, err, want)
			}
		}
	})
}

func TestBadIDs(t *testing.T) {
	t.Parallel()
	for _, plain := range []string{"", ":", "unit", "unit:96", "unit:96:commune", "unit:96:commune:1", "unit:96:ward:1:2025-07-01", "unit:96:commune::2025-07-01",
		"unit:96:commune:1:2025-07-32", "unit::commune:1:2025-07-01", "team:96", "team:96:", "team::1", "address:96:local", "address:96::1", "address:96:local:", "house:96:1",
		"report:96", "report:96:[]", `report:96:["ward","1","m","2025-07-01","s"]`, `report:96:["commune","1","m","2025-07-32","s"]`,
		`report:96:["commune", "1","m","2025-07-01","s"]`, `report:96:["commune","1\u0000","m","2025-07-01","s"]`, `report:96:["commune","1","m","2025-07-01","s","t"]`,
		"team:96:\x00", "team:96:\xff", "unit:96:hamlet:a\x00b:2025-07-01", "address:96:local:\xc3"} {
		if got, err := parseID(encodeID(plain)); err == nil {
			t.Errorf("%q is %v", plain, got)
		}
	}
	for _, id := range []string{"dGVhbTo5NjpUMDAx=", "dGVhbTo5NjpUMDA+", "dGVhbTo5NjpUMDB", "d\nGVhbTo5NjpUMDAx", "được"} {
		if got, err := parseID(id); err == nil {
			t.Errorf("%q is %v", id, got)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("dW5pdDo5Njpjb21tdW5lOjMyMDAyOjIwMjUtMDctMDE")
	f.Add("dGVhbTo5NjpUMDAx")
	f.Fuzz(func(t *testing.T, id string) {
		parsed, err := parseID(id)
		if err != nil {
			return
		}
		switch key := parsed.(type) { // what can be read is what would be written
		case db.Identity:
			if again := unitID(&db.Unit{Province: key.Province, Level: key.Level, Code: key.Code, ValidFrom: key.ValidFrom}); again != id {
				t.Errorf("%s became %s", id, again)
			}
		case db.TeamKey:
			if again := teamID(key); again != id {
				t.Errorf("%s became %s", id, again)
			}
		case db.ReportKey:
			if again := reportID(key); again != id {
				t.Errorf("%s became %s", id, again)
			}
		case db.AddressKey:
			if again := addressID(key); again != id {
				t.Errorf("%s became %s", id, again)
			}
		}
	})
}

// FuzzParseChallengeID reads any text as the id of a challenge: what can be read is what would be written, and names a province and a number that the
// database can compare.
func FuzzParseChallengeID(f *testing.F) {
	f.Add(challengeID(db.ChallengeKey{Province: "96", ID: 12}))
	for _, plain := range []string{"challenge:96:0", "challenge:96:-1", "challenge:96:+1", "challenge:96:01", "challenge:96:9223372036854775808", "challenge::1", "challenge:9\x006:1", "challenge:96:1:2", "team:96:1", "challenge:\xff:1"} {
		f.Add(encodeID(plain))
	}
	f.Add("Y2hhbGxlbmdl\nOjk2OjE")
	f.Fuzz(func(t *testing.T, id string) {
		key, err := parseChallengeID(id)
		if err != nil {
			if key != (db.ChallengeKey{}) {
				t.Errorf("%q is %+v, %v", id, key, err)
			}
			return
		}
		if again := challengeID(key); again != id || key.ID < 1 || key.Province == "" || !utf8.ValidString(key.Province) || strings.ContainsRune(key.Province, 0) {
			t.Errorf("%q is %+v, and written %s", id, key, again)
		}
	})
}
