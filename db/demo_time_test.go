package db_test

import (
	"encoding/json"
	"slices"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestDemoThroughBothChanges draws the demo province, whose communes changed on 2024-12-01 and 2025-07-01, on the boundaries of
// the days around both changes, and compares the sums.
func TestDemoThroughBothChanges(t *testing.T) {
	t.Parallel()
	d := newSynthetic(t)
	days := []string{"2024-09-30", "2024-11-30", "2024-12-01", "2025-06-30", "2025-07-01", "2026-10-31"}
	for _, day := range days {
		var total, addresses [3]int
		for n, boundaries := range days {
			for i, level := range []db.Level{db.LevelProvince, db.LevelCommune, db.LevelHamlet} {
				m, err := d.CoverageMap(t.Context(), db.MapQuery{Level: level, Day: parse(day), Boundaries: parse(boundaries), Measure: db.MeasureShare, Classification: "QUANTILE", Classes: 5})
				if err != nil {
					t.Fatal(err)
				}
				var features struct{ Features []feature }
				if err := json.Unmarshal(m.Features, &features); err != nil {
					t.Fatal(err)
				}
				sum := 0
				for _, f := range features.Features {
					sum += f.Properties.Addresses
				}
				if n == 0 {
					total[i], addresses[i] = m.Integrity.Total, sum
				}
				if !m.Integrity.Holds || m.Integrity.Total != total[i] || total[i] == 0 || sum == 0 || (level == db.LevelProvince && sum != addresses[i]) {
					t.Errorf("%s on the %ss of %s: %+v, %d addresses; on those of %s %d households, %d addresses", day, level, boundaries, m.Integrity, sum, days[0], total[i], addresses[i])
				}
			}
		}
	}
	// Through the reform every household of an old commune is in one of its successors, or in none at all.
	page, err := d.Units(t.Context(), db.UnitFilter{Level: db.LevelCommune}, parse("2025-06-30"), db.PageArgs{First: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var keys []db.Key
	var eve []db.OnBoundaries
	for i := range page.Items {
		key := page.Items[i].Key()
		keys = append(keys, key)
		eve = append(eve, db.OnBoundaries{OnDay: db.OnDay{Key: key, Day: parse("2025-07-01")}, Boundaries: parse("2025-06-30")})
	}
	had, err := d.CoverageOn(t.Context(), eve)
	if err != nil {
		t.Fatal(err)
	}
	successors, err := d.Successors(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	split, passed, all := 0, 0, 0
	for i, key := range keys {
		households, addresses, n := 0, 0, 0
		for _, s := range successors[key] {
			if s.EffectiveOn.Equal(parse("2025-07-01")) {
				households, addresses, n = households+s.Households, addresses+s.Addresses, n+1
			}
		}
		c := had[eve[i]]
		registered := 0
		if c.Basis == db.BasisRegister {
			registered = *c.Guided + *c.Attempted + *c.NotVisited + *c.Ineligible
		}
		if households > registered || addresses > c.Addresses {
			t.Errorf("%s had %d households at %d addresses, and passed on %d at %d", page.Items[i].FullName, registered, c.Addresses, households, addresses)
		}
		passed, all = passed+households, all+registered
		if n > 1 {
			split++
		}
	}
	m, err := d.CoverageMap(t.Context(), db.MapQuery{Level: db.LevelCommune, Day: parse("2025-07-01"), Measure: db.MeasureShare, Classification: "QUANTILE", Classes: 5})
	if err != nil {
		t.Fatal(err)
	}
	if passed != m.Integrity.SumOfUnits || split < 10 {
		t.Errorf("%d of %d households passed to new communes, which have %d; %d communes were split", passed, all, m.Integrity.SumOfUnits, split)
	}
}

// TestSplitInSix cuts a commune into six: with a register the parts hold what lies in them, with reports alone each gets
// its share of the household addresses; either way the parts make the whole, and the whole is made of the parts again.
func TestSplitInSix(t *testing.T) {
	t.Parallel()
	bundle := map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2025-12-31", "source": "six", "synthetic": true}`,
		"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\nprovince,96,Cà Mau,tinh,,,2004-01-01,,\n" +
			"commune,32000,Cũ,xa,province,96,2004-01-01,2025-07-01,\"POLYGON((105 9,105.06 9,105.06 9.01,105 9.01,105 9))\"\n",
		"successions.csv": "from_level,from_code,to_level,to_code,effective_on,extent,decision\n",
		"addresses.csv":   "scheme,code,lon,lat,kind\n",
		"households.csv":  "code,address_scheme,address_code,registered_on\n",
		"visits.csv":      "code,household_code,team_code,visited_on,outcome\n",
		"teams.csv":       "code,name,level,kind,unit_code,established_on\nT1,Tổ,commune,cnscd,32000,2022-01-01\n",
	}
	in := func(i int) string { return string(rune('0' + i)) }
	// Of 21 household addresses the parts have 1, 2, 3, 4, 5, 6; in each part one household is guided, the others never visited.
	for i := 1; i <= 6; i++ {
		west, east := "105.0"+in(i-1), "105.0"+in(i)
		bundle["units.csv"] += "commune,3200" + in(i) + ",Mới " + in(i) + ",xa,province,96,2025-07-01,,\"POLYGON((" + west + " 9," + east + " 9," + east + " 9.01," + west + " 9.01," + west + " 9))\"\n"
		bundle["successions.csv"] += "commune,32000,commune,3200" + in(i) + ",2025-07-01,part,NQ 1\n"
		for j := range i {
			code := in(i) + in(j)
			bundle["addresses.csv"] += "local,A" + code + ",105.0" + in(i-1) + "5,9.00" + in(j+1) + ",household\n"
			bundle["households.csv"] += "H" + code + ",local,A" + code + ",2023-01-01\n"
		}
		bundle["visits.csv"] += "V" + in(i) + ",H" + in(i) + "0,T1,2024-05-05,guided\n"
	}
	reported := map[string]string{}
	for name, text := range bundle {
		if name != "households.csv" && name != "visits.csv" {
			reported[name] = text
		}
	}
	reported["reports.csv"] = "level,unit_code,measure,value,qualifier,as_of,base,share,source\ncommune,32000,households_guided,100,gte,2024-06-30,hộ,0.5,Sở\n"
	for i := 1; i <= 6; i++ {
		reported["reports.csv"] += "commune,3200" + in(i) + ",households_guided," + in(i) + "1,gte,2025-09-30,hộ,0.6,Sở\n"
	}
	figures := func(files map[string]string, day string, boundaries string, codes ...string) (guided []int, of []*float64) {
		d := dbtest.New(t)
		if _, err := importDir(t, d, write(t, files), db.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			unit, err := d.UnitByRef(t.Context(), db.Ref{Level: db.LevelCommune, Code: code}, parse(boundaries))
			if err != nil {
				t.Fatal(err)
			}
			on := db.OnBoundaries{OnDay: db.OnDay{Key: unit.Key(), Day: parse(day)}, Boundaries: parse(boundaries)}
			found, err := d.CoverageOn(t.Context(), []db.OnBoundaries{on})
			if err != nil {
				t.Fatal(err)
			}
			c := found[on]
			if c.Guided == nil {
				t.Fatalf("%s on the boundaries of %s: %s is unknown: %+v", day, boundaries, code, c)
			}
			guided, of = append(guided, *c.Guided), append(of, c.Apportioned)
		}
		return guided, of
	}
	parts := []string{"32001", "32002", "32003", "32004", "32005", "32006"}
	if got, of := figures(bundle, "2024-12-31", "2025-07-01", parts...); !slices.Equal(got, []int{1, 1, 1, 1, 1, 1}) || of[0] != nil {
		t.Errorf("from the register each part has one household guided, not %v, %v", got, of)
	}
	if got, _ := figures(bundle, "2025-12-31", "2025-06-30", "32000"); !slices.Equal(got, []int{6}) {
		t.Errorf("from the register the whole has six, not %v", got)
	}
	// 100 by 1/21 … 6/21: 4.76, 9.52, 14.29, 19.05, 23.81, 28.57. The largest remainders are those of the fifth, the first and the sixth.
	got, of := figures(reported, "2024-12-31", "2025-07-01", parts...)
	if !slices.Equal(got, []int{5, 9, 14, 19, 24, 29}) {
		t.Errorf("of the 100 reported the parts have %v", got)
	}
	for i, share := range of {
		if share == nil || *share != float64(i+1)/21 {
			t.Errorf("part %d is apportioned %v", i+1, share)
		}
	}
	if got, of := figures(reported, "2025-12-31", "2025-06-30", "32000"); !slices.Equal(got, []int{11 + 21 + 31 + 41 + 51 + 61}) || of[0] == nil || *of[0] != 1 {
		t.Errorf("the whole has %v of the parts' reports, %v", got, of)
	}
}
