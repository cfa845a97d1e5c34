package db_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// small is a province of one district, two communes that become one, and three hamlets side by side, each 0.01° wide.
// Hamlet H3 of the second commune has no household on the register.
var small = map[string]string{
	"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`,
	"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry
province,96,Cà Mau,tinh,,,2004-08-31,2025-07-01,
province,96,Cà Mau,tinh,,,2025-07-01,,
district,964,Cà Mau,thanh_pho,province,96,2004-08-31,2025-07-01,
commune,31999,9,phuong,district,964,2004-08-31,2025-07-01,"POLYGON((105 9,105.02 9,105.02 9.01,105 9.01,105 9))"
commune,32002,4,phuong,district,964,2004-08-31,2025-07-01,"POLYGON((105.02 9,105.03 9,105.03 9.01,105.02 9.01,105.02 9))"
commune,32002,An Xuyên,phuong,province,96,2025-07-01,,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))"
hamlet,H1,1,khom,commune,31999,2004-08-31,2025-07-01,"POLYGON((105 9,105.01 9,105.01 9.01,105 9.01,105 9))"
hamlet,H2,2,khom,commune,31999,2004-08-31,2025-07-01,"POLYGON((105.01 9,105.02 9,105.02 9.01,105.01 9.01,105.01 9))"
hamlet,H3,3,khom,commune,32002,2004-08-31,2025-07-01,"POLYGON((105.02 9,105.03 9,105.03 9.01,105.02 9.01,105.02 9))"
hamlet,H1,1,khom,commune,32002,2025-07-01,,"POLYGON((105 9,105.01 9,105.01 9.01,105 9.01,105 9))"
hamlet,H2,2,khom,commune,32002,2025-07-01,,"POLYGON((105.01 9,105.02 9,105.02 9.01,105.01 9.01,105.01 9))"
hamlet,H3,3,khom,commune,32002,2025-07-01,,"POLYGON((105.02 9,105.03 9,105.03 9.01,105.02 9.01,105.02 9))"
`,
	"successions.csv": `from_level,from_code,to_level,to_code,effective_on,extent,decision
commune,31999,commune,32002,2025-07-01,whole,NQ 1655
commune,32002,commune,32002,2025-07-01,whole,NQ 1655
`,
	"designations.csv": `level,code,scheme,value,decision,valid_from,valid_to
hamlet,H3,trang_song,1,,2022-01-01,
`,
	"addresses.csv": `scheme,code,lon,lat,kind,commune_code,hamlet_code,surveyed_on
dia_chi_so,9600000001,105.001,9.001,household,31999,H1,2023-01-01
dia_chi_so,9600000002,105.002,9.002,household,31999,H2,2023-01-01
dia_chi_so,9600000003,105.011,9.003,household,,,2023-01-01
dia_chi_so,9600000004,105.021,9.004,household,,,2023-01-01
dia_chi_so,9600000005,105.022,9.004,business,,,2023-01-01
dia_chi_so,9600000006,105.5,9.004,household,,,2023-01-01
dia_chi_so,9600000007,105.02,9.005,household,,,2023-01-01
`,
	"service_points.csv": `code,kind,name,commune_code,lon,lat,opened_on,closed_on
S1,one_stop,Một cửa phường 9,31999,105.0,9.0,2010-01-01,
`,
	"services.csv": `code,name_vi,name_en,counted_in
online,Dịch vụ công trực tuyến,Online public services,household
`,
	"teams.csv": `code,name,level,kind,unit_code,established_on,dissolved_on,lon,lat
T1,Tổ khóm 1,hamlet,cnscd,H1,2022-05-01,,105.005,9.005
T2,Tổ phường 9,commune,cnscd,31999,2022-05-01,,,
`,
	"team_service.csv": `team_code,level,unit_code,from_on,to_on
T1,hamlet,H2,2023-01-01,2024-01-01
`,
	"members.csv": `code,team_code,role,joined_on,left_on
M1,T1,lead,2022-05-01,
M2,T1,member,2022-05-01,2024-01-01
M3,T2,lead,2022-05-01,
`,
	"households.csv": `code,address_scheme,address_code,commune_code,hamlet_code,persons,registered_on,ended_on
A,dia_chi_so,9600000001,,,4,2022-06-01,
B,dia_chi_so,9600000002,,,4,2022-06-01,2024-05-01
C,dia_chi_so,9600000003,,,4,2022-06-01,
D,,,31999,H2,4,2022-06-01,
E,,,,,4,2022-06-01,
F,dia_chi_so,9600000006,31999,H1,2,2022-06-01,
`,
	"visits.csv": `code,household_code,team_code,visited_on,outcome,topics
V1,A,T1,2022-07-01,not_home,
V2,A,T1,2023-07-01,guided,smartphone;e_payment
V3,B,T1,2022-08-01,guided,
V4,C,T1,2022-05-15,declined,
V5,D,T1,2023-02-01,ineligible,
`,
	"adoptions.csv": `household_code,service_code,adopted_on,ended_on
A,online,2023-08-01,
A,online,2024-08-01,
B,online,2022-07-01,
`,
	"reports.csv": `level,unit_code,measure,value,qualifier,as_of,share,source
province,96,households_guided,215000,gte,2024-09-01,0.69,Sở TTTT
`,
}

// write makes a bundle's folder of its files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func importDir(t *testing.T, d *db.DB, dir string, o db.ImportOptions) (*db.Report, error) {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if o.Now.IsZero() {
		o.Now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	}
	return d.Import(context.Background(), b, o)
}

func TestImportSmall(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	r, err := importDir(t, d, write(t, small), db.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	verified(t, d)
	out, _ := json.MarshalIndent(r, "", " ")
	t.Log(string(out))
}

// verified fails the test where what is stored breaks a rule.
func verified(t *testing.T, d *db.DB) {
	t.Helper()
	breaches, err := d.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range breaches {
		t.Errorf("%s: %s (%s)", b.Rule, b.Detail, b.Says)
	}
}
