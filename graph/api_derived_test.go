package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/gis/divide"
	"vunglom/graph"
)

// TestDerived asks for a drawn hamlet, two that are derived beside it and one that nobody declares: before, and after.
func TestDerived(t *testing.T) {
	t.Parallel()
	var addresses table
	addresses.row("scheme,code,lon,lat,kind,hamlet_code")
	for i := range 40 { // the western half of what is not drawn declares H2, the eastern H3; one of the east H2
		declares := "H2"
		if i >= 20 && i != 38 {
			declares = "H3"
		}
		addresses.row("local,%d,%.6f,%.6f,household,%s", i, 105.01+0.0005*(float64(i)+.5), 9.001+0.008*float64(i*7%20)/20, declares)
	}
	d := dbtest.New(t)
	importFiles(t, d, map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "kiểm thử", "synthetic": true}`,
		"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,geometry
province,96,Cà Mau,tinh,,,2020-01-01,
commune,31001,Khánh An,xa,province,96,2020-01-01,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))"
hamlet,H1,1,ap,commune,31001,2020-01-01,"POLYGON((105 9,105.01 9,105.01 9.01,105 9.01,105 9))"
hamlet,H2,2,ap,commune,31001,2020-01-01,
hamlet,H3,3,ap,commune,31001,2020-01-01,
hamlet,H4,4,ap,commune,31001,2020-01-01,
`,
		"addresses.csv": addresses.String(),
	})
	h := graph.NewHandler(d, options())
	// said lists what the API says of each unit: drawn, derived and from how many addresses, or without a polygon.
	said := func() string {
		a := answered(t, h, `{adminUnits(asOf: "2024-09-30") {nodes {code derived derivedFrom bbox}}}`, nil)
		var units []string
		for i := range a.list(t, "adminUnits", "nodes") {
			unit := a.at(t, "adminUnits", "nodes", i).(map[string]any)
			units = append(units, fmt.Sprint(unit["code"], " ", unit["derived"], " ", unit["derivedFrom"], " ", unit["bbox"] != nil))
		}
		return strings.Join(units, ", ")
	}
	const others = "31001 false <nil> true, H1 false <nil> true, "
	if got, want := said(), "96 false <nil> false, "+others+"H2 false <nil> false, H3 false <nil> false, H4 false <nil> false"; got != want {
		t.Errorf("before: %s; want %s", got, want)
	}
	if _, err := d.DeriveHamlets(t.Context(), db.DeriveOptions{Province: "96", Now: fixtureNow, Rule: divide.Default}); err != nil {
		t.Fatal(err)
	}
	if got, want := said(), "96 false <nil> false, "+others+"H2 true 20 true, H3 true 19 true, H4 false <nil> false"; got != want {
		t.Errorf("after: %s; want %s", got, want)
	}
	a := answered(t, h, `{locate(position: {longitude: 105.0125, latitude: 9.005}, asOf: "2024-09-30") {hamlet {code derived derivedFrom}}
		drawn: locate(position: {longitude: 105.005, latitude: 9.005}, asOf: "2024-09-30") {hamlet {code derived derivedFrom}}}`, nil)
	expect(t, a, "H2", "locate", "hamlet", "code")
	expect(t, a, true, "locate", "hamlet", "derived")
	expect(t, a, 20.0, "locate", "hamlet", "derivedFrom")
	expect(t, a, "H1", "drawn", "hamlet", "code")
	expect(t, a, false, "drawn", "hamlet", "derived")
	expect(t, a, nil, "drawn", "hamlet", "derivedFrom")
}
