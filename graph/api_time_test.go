package graph_test

import (
	"strings"
	"testing"

	"vunglom/db/dbtest"
	"vunglom/graph"
)

// TestTime asks about a commune that a reform gives half of the one beside it, under the same code, and counts by hand: four
// households in the west, four in the middle and one in the east; eight more in the west come after the reform.
func TestTime(t *testing.T) {
	t.Parallel()
	var households, visits strings.Builder
	for _, row := range strings.Fields("A1 A2 A3 A4 B1 B2 B3 B4 C1") {
		households.WriteString("H" + row + ",local," + row + ",2023-01-01\n")
	}
	for _, row := range strings.Fields("D1 D2 D3 D4 D5 D6 D7 D8") {
		households.WriteString("H" + row + ",local,A" + row[1:] + ",2025-09-01\n")
	}
	for _, row := range strings.Fields("A1,2023-05-01 B1,2024-02-01 B2,2024-02-02 A2,2025-10-01 A3,2025-10-02") {
		household, day, _ := strings.Cut(row, ",")
		visits.WriteString("V" + household + ",H" + household + ",T1," + day + ",guided\n")
	}
	box := func(west, east string) string {
		return `"POLYGON((` + west + " 9," + east + " 9," + east + " 9.01," + west + " 9.01," + west + ` 9))"` + "\n"
	}
	d := dbtest.New(t)
	importFiles(t, d, map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2025-12-31", "source": "kiểm thử", "synthetic": true}`,
		"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\nprovince,96,Cà Mau,tinh,,,2020-01-01,,\n" +
			"commune,31001,Cũ,xa,province,96,2020-01-01,2025-07-01," + box("105", "105.02") +
			"commune,31002,Bên,xa,province,96,2020-01-01,2025-07-01," + box("105.02", "105.04") +
			"commune,31001,Mới,xa,province,96,2025-07-01,," + box("105", "105.03") +
			"commune,31003,Đông,xa,province,96,2025-07-01,," + box("105.03", "105.04"),
		"successions.csv": "from_level,from_code,to_level,to_code,effective_on,extent,decision\n" +
			"commune,31001,commune,31001,2025-07-01,whole,NQ 1\ncommune,31002,commune,31001,2025-07-01,part,NQ 2\ncommune,31002,commune,31003,2025-07-01,part,\n",
		"addresses.csv": "scheme,code,lon,lat,kind\nlocal,A1,105.001,9.001,household\nlocal,A2,105.002,9.002,household\nlocal,A3,105.003,9.003,household\n" +
			"local,A4,105.004,9.004,household\nlocal,A5,105.005,9.005,agency\nlocal,A6,105.006,9.006,agency\nlocal,A7,105.007,9.007,agency\nlocal,A8,105.008,9.008,agency\n" +
			"local,B1,105.021,9.001,household\nlocal,B2,105.022,9.002,household\nlocal,B3,105.023,9.003,household\nlocal,B4,105.024,9.004,household\n" +
			"local,C1,105.035,9.005,household\n",
		"households.csv": "code,address_scheme,address_code,registered_on\n" + households.String(),
		"teams.csv":      "code,name,level,kind,unit_code,established_on\nT1,Tổ,commune,cnscd,31001,2022-01-01\n",
		"visits.csv":     "code,household_code,team_code,visited_on,outcome\n" + visits.String(),
	})
	h := graph.NewHandler(d, options())
	type object = map[string]any
	each := func(a answer, want []object, path ...any) {
		t.Helper()
		if list := a.list(t, path...); len(list) != len(want) {
			t.Fatalf("%v has %d items, not %d: %v", path, len(list), len(want), list)
		}
		for i, fields := range want {
			for field, value := range fields {
				at := append(append([]any{}, path...), i)
				for step := range strings.SplitSeq(field, ".") {
					at = append(at, step)
				}
				expect(t, a, value, at...)
			}
		}
	}

	const passed = `{effectiveOn extent decision households addresses unit {name coverage {asOf boundariesAsOf guided}}}`
	a := answered(t, h, `{now: adminUnit(level: COMMUNE, code: "31001", asOf: "2025-12-31") {predecessors `+passed+`}
		then: adminUnit(level: COMMUNE, code: "31002", asOf: "2024-06-30") {successors `+passed+`}}`, nil)
	each(a, []object{ // as they were on the eve
		{"effectiveOn": "2025-07-01", "extent": "whole", "decision": "NQ 1", "households": 4.0, "addresses": 4.0, "unit.name": "Cũ",
			"unit.coverage.asOf": "2025-06-30", "unit.coverage.boundariesAsOf": "2025-06-30", "unit.coverage.guided": 1.0},
		{"effectiveOn": "2025-07-01", "extent": "part", "decision": "NQ 2", "households": 4.0, "addresses": 4.0, "unit.name": "Bên",
			"unit.coverage.asOf": "2025-06-30", "unit.coverage.guided": 2.0},
	}, "now", "predecessors")
	each(a, []object{ // as they are on the day
		{"effectiveOn": "2025-07-01", "extent": "part", "decision": "NQ 2", "households": 4.0, "addresses": 4.0, "unit.name": "Mới",
			"unit.coverage.asOf": "2025-07-01", "unit.coverage.guided": 3.0},
		{"effectiveOn": "2025-07-01", "extent": "part", "decision": nil, "households": 1.0, "addresses": 1.0, "unit.name": "Đông",
			"unit.coverage.asOf": "2025-07-01", "unit.coverage.guided": 0.0},
	}, "then", "successors")

	a = answered(t, h, `query ($unit: UnitRef!) {
		new: coverageTrend(unit: $unit, from: "2023-06-30", to: "2025-06-30", step: YEAR, boundariesAsOf: "2025-07-01") {asOf boundariesAsOf guided notVisited share}
		old: coverageTrend(unit: $unit, from: "2023-06-30", to: "2025-06-30", step: YEAR) {asOf boundariesAsOf guided notVisited share}
		decomposition(unit: $unit, from: "2024-06-30", to: "2025-12-31") {
			from {asOf boundariesAsOf guided share} fromOnBoundariesOfTo {asOf boundariesAsOf guided share} to {asOf boundariesAsOf guided share}
			realHouseholds restructuringHouseholds realShare restructuringShare
		}
	}`, object{"unit": object{"level": "COMMUNE", "code": "31001"}})
	each(a, []object{
		{"asOf": "2023-06-30", "boundariesAsOf": "2025-07-01", "guided": 1.0, "notVisited": 7.0, "share": 0.125},
		{"asOf": "2024-06-30", "boundariesAsOf": "2025-07-01", "guided": 3.0, "notVisited": 5.0, "share": 0.375},
		{"asOf": "2025-06-30", "boundariesAsOf": "2025-07-01", "guided": 3.0, "notVisited": 5.0, "share": 0.375},
	}, "new")
	each(a, []object{
		{"asOf": "2023-06-30", "boundariesAsOf": "2025-06-30", "guided": 1.0, "notVisited": 3.0, "share": 0.25},
		{"asOf": "2024-06-30", "boundariesAsOf": "2025-06-30", "guided": 1.0, "notVisited": 3.0, "share": 0.25},
		{"asOf": "2025-06-30", "boundariesAsOf": "2025-06-30", "guided": 1.0, "notVisited": 3.0, "share": 0.25},
	}, "old")
	for part, want := range map[string]object{
		"from":                 {"asOf": "2024-06-30", "boundariesAsOf": "2024-06-30", "guided": 1.0, "share": 0.25},
		"fromOnBoundariesOfTo": {"asOf": "2024-06-30", "boundariesAsOf": "2025-12-31", "guided": 3.0, "share": 0.375},
		"to":                   {"asOf": "2025-12-31", "boundariesAsOf": "2025-12-31", "guided": 5.0, "share": 0.3125},
	} {
		for field, value := range want {
			expect(t, a, value, "decomposition", part, field)
		}
	}
	for field, value := range (object{"realHouseholds": 8.0, "restructuringHouseholds": 4.0, "realShare": -0.0625, "restructuringShare": 0.125}) {
		expect(t, a, value, "decomposition", field)
	}
}
