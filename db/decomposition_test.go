package db_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// registered tells whether a unit's share is one of households on the register.
func registered(c *wcount, day string) bool {
	f := c.coverage(day)
	return f.Basis == db.BasisRegister && f.Share != nil
}

// TestSharesAddUp: the parts of a change of shares add up to the last bit, and hardly a share moves for it.
func TestSharesAddUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 53))
	moved := 0
	const triples = 2_000_000
	for range triples {
		var shares [3]float64
		for i := range shares {
			of := 1 + r.IntN(1<<(1+r.IntN(20)))
			shares[i] = float64(r.IntN(of+1)) / float64(of)
		}
		got := db.AddingUp(shares)
		real := got[2] - got[1]
		rest := got[2] - got[0] - real
		if real+rest != got[2]-got[0] || math.Abs(rest-(got[1]-got[0])) > 0x1p-53 {
			t.Fatalf("%v: %v and %v don't add up in %v", shares, real, rest, got)
		}
		for i := range shares {
			if math.Abs(got[i]-shares[i]) > 0x1p-54 {
				t.Fatalf("%v became %v", shares, got)
			}
		}
		if got != shares {
			moved++
		}
	}
	if moved == 0 {
		t.Error("every one added up by itself: nothing was tried")
	}
	t.Logf("%d of %d moved", moved, triples)
}

// TestSharesOfReportsAreNotSubtracted: a report's share is of a base of its own.
func TestSharesOfReportsAreNotSubtracted(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if _, err := importDir(t, d, write(t, map[string]string{
		"bundle.json":    `{"province": "96", "as_of": "2025-12-31", "source": "bases", "synthetic": true}`,
		"units.csv":      "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\nprovince,96,Cà Mau,tinh,,,2004-01-01,,\ncommune,32001,Xã,xa,province,96,2004-01-01,,\"POLYGON((105 9,105.1 9,105.1 9.1,105 9.1,105 9))\"\n",
		"addresses.csv":  "scheme,code,lon,lat,kind\nlocal,A1,105.05,9.05,household\n",
		"households.csv": "code,address_scheme,address_code,registered_on\nH1,local,A1,2023-01-01\n",
		"teams.csv":      "code,name,level,kind,unit_code,established_on\nT1,Tổ,commune,cnscd,32001,2022-01-01\n",
		"visits.csv":     "code,household_code,team_code,visited_on,outcome\nV1,H1,T1,2023-05-05,guided\n",
		"reports.csv":    "level,unit_code,measure,value,qualifier,as_of,base,share,source\ncommune,32001,households_guided,50,gte,2022-06-30,các hộ thí điểm,0.5,Sở\n",
	}), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	a, err := d.Decomposition(t.Context(), db.Ref{Level: db.LevelCommune, Code: "32001"}, parse("2022-12-31"), parse("2024-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	if a.From.Basis != db.BasisReport || *a.From.Share != 0.5 || a.To.Basis != db.BasisRegister || *a.To.Share != 1 {
		t.Fatalf("from %v to %v", shown(a.From), shown(a.To))
	}
	if a.RealShare != nil || a.RestructuringShare != nil || a.RealHouseholds != 1 || a.RestructuringHouseholds != 0 {
		t.Errorf("%+v", a)
	}
}
