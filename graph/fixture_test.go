package graph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/graph"
)

// The fixture is a province of 20 communes in a grid, each of 10 hamlets side by side:
//
//   - province 96; districts 961 (western communes) and 962 (eastern), until 2025-07-01;
//   - communes 31001 … 31020, hamlets H-001 … H-200; commune C has hamlets 10·(C−1)+1 … 10·C;
//   - hamlet h has 4 household addresses and 3 households, of which h mod 4 were guided;
//   - a team of two in each hamlet whose number is no multiple of 10.
const (
	fixtureCommunes = 20
	fixtureHamlets  = 200
	fixtureDay      = "2024-09-30"
)

// fixtureNow is the clock of the tests: 2026-10-31 in Vietnam.
var fixtureNow = time.Date(2026, 10, 30, 20, 0, 0, 0, time.UTC)

// table collects a CSV file.
type table struct{ strings.Builder }

func (t *table) row(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func square(west, south, east, north float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]]}`, west, south, east, north)
}

// communeBox returns the square of a commune, 0 to 19; 5 columns of 0.1°.
func communeBox(c int) (west, south, east, north float64) {
	west, south = 105+float64(c%5)/10, 9+float64(c/5)/10
	return west, south, west + .1, south + .1
}

// hamletPoint returns a point inside a hamlet, 0 to 199, that moves with k.
func hamletPoint(h, k int) (lon, lat float64) {
	west, south, _, _ := communeBox(h / 10)
	return west + float64(h%10)/100 + .005, south + .02 + float64(k)/100
}

func fixtureUnits() string {
	var t table
	unit := func(level, code, name, kind, parentLevel, parent, from, to, geometry string) {
		t.row(`{"type":"Feature","properties":{"level":%q,"code":%q,"name":%q,"kind":%q,"parent_level":%q,"parent_code":%q,"valid_from":%q,"valid_to":%q},"geometry":%s}`,
			level, code, name, kind, parentLevel, parent, from, to, geometry)
	}
	unit("province", "96", "Cà Mau", "tinh", "", "", "2020-01-01", "", square(105, 9, 105.5, 9.4))
	unit("district", "961", "Đầm Dơi", "huyen", "province", "96", "2020-01-01", "2025-07-01", "null")
	unit("district", "962", "Năm Căn", "huyen", "province", "96", "2020-01-01", "2025-07-01", "null")
	for c := range fixtureCommunes {
		code, district := fmt.Sprint(31001+c), "961"
		if c%5 >= 3 {
			district = "962"
		}
		shape := square(communeBox(c))
		unit("commune", code, fmt.Sprintf("Khánh An %d", c+1), "xa", "district", district, "2020-01-01", "2025-07-01", shape)
		unit("commune", code, fmt.Sprintf("Tân Ân %d", c+1), "xa", "province", "96", "2025-07-01", "", shape)
	}
	for h := range fixtureHamlets {
		west, south, _, north := communeBox(h / 10)
		west += float64(h%10) / 100
		code := fmt.Sprintf("H-%03d", h+1)
		unit("hamlet", code, fmt.Sprintf("Ấp %d", h+1), "ap", "commune", fmt.Sprint(31001+h/10), "2020-01-01", "", square(west, south, west+.01, north))
	}
	return t.String()
}

// fixtureFiles returns the files of the bundle, by name.
func fixtureFiles() map[string]string {
	files := map[string]*table{}
	file := func(name, header string) *table {
		files[name] = &table{}
		files[name].row(header)
		return files[name]
	}
	addresses := file("addresses.csv", "scheme,code,lon,lat,kind")
	households := file("households.csv", "code,address_scheme,address_code,registered_on,ended_on")
	visits := file("visits.csv", "code,household_code,team_code,visited_on,outcome,topics")
	teams := file("teams.csv", "code,name,level,kind,unit_code,established_on,dissolved_on")
	members := file("members.csv", "code,team_code,role,organization,joined_on,left_on,trained_on")
	adoptions := file("adoptions.csv", "household_code,service_code,adopted_on,ended_on")
	for h := range fixtureHamlets {
		n := h + 1
		if n%10 != 0 {
			teams.row("T%03d,Tổ ấp %d,hamlet,cnscd,H-%03d,2022-01-01,", n, n, n)
			members.row("M%03dA,T%03d,lead,Đoàn Thanh niên,2022-01-01,,2022-02-01", n, n)
			members.row("M%03dB,T%03d,member,,2022-01-01,2026-01-01,2025-03-01", n, n)
		}
		for k := range 4 {
			lon, lat := hamletPoint(h, k)
			addresses.row("dia_chi_so,%09d%d,%.6f,%.6f,household", n, k, lon, lat)
		}
		for k := range 3 {
			code := fmt.Sprintf("HH%03d-%d", n, k)
			households.row("%s,dia_chi_so,%09d%d,2022-01-01,", code, n, k)
			if k < n%4 {
				visits.row("V%s,%s,T001,2023-03-0%d,guided,vneid;dich_vu_cong", code, code, k+1)
				adoptions.row("%s,dvc,2023-03-10,", code)
			}
		}
	}
	addresses.row("local,TRU-SO,105.051000,9.051000,agency")
	services := file("services.csv", "code,name_vi,name_en,counted_in")
	services.row("dvc,Dịch vụ công trực tuyến,Online public services,household")
	services.row("vssid,Tài khoản vnCare,vnCare accounts,account")
	points := file("service_points.csv", "code,kind,name,lon,lat,opened_on,closed_on")
	points.row("SP1,one_stop,Bộ phận một cửa,105.05,9.05,2020-01-01,")
	designations := file("designations.csv", "level,code,scheme,value,decision,valid_from,valid_to")
	designations.row("hamlet,H-150,khu_vuc,III,861/QĐ-TTg,2021-06-04,")
	reports := file("reports.csv", "level,unit_code,measure,value,qualifier,as_of,share,source")
	reports.row("province,96,households_guided,100,gte,2022-12-31,0.53,báo cáo")
	reports.row("province,96,households_guided,300,gte,2024-06-30,,báo cáo") // 300 are
	reports.row("province,96,cnscd_teams,181,eq,2024-06-30,,báo cáo")        // 180 are
	reports.row("province,96,vssid,7,approx,2024-06-30,,báo cáo")
	reports.row("hamlet,H-003,cnscd_teams,1,eq,2024-06-30,,báo cáo")

	all := map[string]string{
		"bundle.json":    `{"province": "96", "as_of": "2026-10-31", "source": "kiểm thử", "licence": "CC0-1.0", "synthetic": true}`,
		"units.geojsonl": fixtureUnits(),
	}
	for name, t := range files {
		all[name] = t.String()
	}
	return all
}

// imported returns a pool on a database of the test's own that holds the fixture.
func imported(t testing.TB) *db.DB {
	t.Helper()
	d := dbtest.New(t)
	importFiles(t, d, fixtureFiles())
	return d
}

// importFiles imports a bundle of files, of which no row may be rejected.
func importFiles(t testing.TB, d *db.DB, files map[string]string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := bundle.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	report, err := d.Import(t.Context(), b, db.ImportOptions{Now: fixtureNow})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range report.Tables {
		if table.Rejected > 0 {
			t.Fatalf("%s: %d rows rejected: %+v", table.Name, table.Rejected, report.Problems)
		}
	}
}

// options are those of a handler whose clock stands.
func options() graph.Options {
	return graph.Options{Now: func() time.Time { return fixtureNow }, RequestID: func(ctx context.Context) string { return "test" }}
}
