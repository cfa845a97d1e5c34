package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/bundle"
	"vunglom/db"
)

// dirty is a province in which everything is wrong that the contract names, next to enough that is right. Commune 00001
// is 0.02° wide and tiled by H1 and H2; 00002 overlaps it by 0.001°; nothing covers the province's last 0.01°.
var dirty = map[string]string{
	"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true, "licence": "CC0"}`,
	"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,population,geometry\n" +
		`province,96,Cà Mau,tinh,,,2004-08-31,,,"POLYGON((105 9,105.04 9,105.04 9.01,105 9.01,105 9))"` + "\n" + // 2
		`commune,00001,Một,xa,province,96,2004-08-31,,12,"POLYGON((105 9,105.02 9,105.02 9.01,105 9.01,105 9))"` + "\n" +
		`commune,00002,Hai,xa,province,96,2004-08-31,,,"POLYGON((105.019 9,105.03 9,105.03 9.01,105.019 9.01,105.019 9))"` + "\n" +
		"hamlet,H1,Ta\u0302n Hu\u031bo\u031b\u0300ng,ap,commune,00001,2004-08-31,,," + `"POLYGON((105 9,105.01 9,105.01 9.01,105 9.01,105 9))"` + "\n" + // 5
		"hamlet,H2,Thu\u01a1\u0300ng,ap,commune,00001,2004-08-31,,," + `"POLYGON((105.01 9,105.02 9,105.02 9.01,105.01 9.01))"` + "\n" +
		`hamlet,H3,Ba,ap,commune,00002,2004-08-31,,,"POLYGON((105.02 9,105.03 9.01,105.03 9,105.02 9.01,105.02 9))"` + "\n" +
		`hamlet,H4,Khóm  4,ap,commune,00002,2004-08-31,,,` + "\n" +
		"hamlet,H5,\u00d0ầm D\u01a1i,ap,commune,00002,2004-08-31,,,\n" +
		"hamlet,H6,Ấp\u00a06,ap,commune,00002,2004-08-31,,,\n" + // 10
		`hamlet,H1,Tân,ap,commune,00001,2004-08-31,,,` + "\n" +
		`hamlet,H7,Bảy,ap,commune,00009,2004-08-31,,,` + "\n" +
		`hamlet,H8,Tám,ap,hamlet,H2,2004-08-31,,,` + "\n" +
		`commune,00001,Một,xa,province,96,2020-01-01,,,` + "\n" +
		`hamlet,H9,Chín,ap,commune,00001,2020-01-01,2019-12-31,,` + "\n" + // 15
		`hamlet,H10,Mười,ap,commune,00001,2004-08-31,,,"POLYGON((9 105,9 105.01,9.01 105.01,9.01 105,9 105))"` + "\n" +
		`hamlet,H11,x,ap,commune,00001,2004-08-31,,,"POLYGON((101 9,101.01 9,101.01 9.01,101 9.01,101 9))"` + "\n" +
		`hamlet,H12,x,ap,commune,00001,2004-08-31,,,"POLYGON((105 9,105.5 9.5,106 10,105 9))"` + "\n" +
		`hamlet,H13,x,ap,commune,00001,2024-13-01,,,` + "\n" +
		`hamlet,H14,x,ap,commune,00001,2004-08-31,,,"POLYGON((105 9,105.01"` + "\n" + // 20
		`village,H15,x,ap,commune,00001,2004-08-31,,,` + "\n" +
		`hamlet,H16,,ap,commune,00001,2004-08-31,,,` + "\n" +
		`hamlet,H17,x,ap,commune,00001,2004-08-31,,-3,` + "\n" +
		`hamlet,H18,x,ap,commune,00001` + "\n" +
		"hamlet,H19,T\xe2n,ap,commune,00001,2004-08-31,,,\n" + // 25
		`hamlet,H20,x,ap,commune,00001,2004-08-31,,,"POINT(105 9)"` + "\n" +
		`hamlet,H21,x,ap,commune,,2004-08-31,,,` + "\n" +
		`hamlet,H22,x,ap,commune,00001,2020-01-01,2020-01-01,,` + "\n",
	"successions.csv": `from_level,from_code,to_level,to_code,effective_on,extent,decision
commune,00001,commune,00002,2024-01-01,part,
commune,00008,commune,00002,2024-01-01,part,
commune,00001,commune,00008,2024-01-01,part,
commune,00001,commune,00002,2024-01-01,part,NQ 1
commune,00001,commune,00002,2024-01-01,half,
commune,00001,commune,00002,2004-08-31,part,
`,
	"designations.csv": `level,code,scheme,value,decision,valid_from,valid_to
hamlet,H1,khu_vuc,III,,2022-01-01,
hamlet,H99,khu_vuc,III,,2022-01-01,
hamlet,H1,khu_vuc,III,QĐ 861,2022-01-01,
hamlet,H1,xa_dao,1,,2022-01-01,2021-01-01
hamlet,H1,khu_vuc,III,,1999-01-01,
`,
	"addresses.csv": `scheme,code,lon,lat,kind,commune_code,hamlet_code,label,surveyed_on
dia_chi_so,1,105.001,9.001,household,00001,H1,,2023-01-01
dia_chi_so,2,105.011,9.001,household,00002,H1,Nhà  hai,2023-01-01
dia_chi_so,3,105.5,9.5,household,,,,
dia_chi_so,4,9.001,105.001,household,,,,
dia_chi_so,5,90.5,9.5,household,,,,
dia_chi_so,1,105.002,9.001,household,,,,
dia_chi_so,6,105.001,9.001,household,00077,,,
dia_chi_so,7,105.001,9.001,household,,H77,,
dia_chi_so,8,105.001,9.001,house,,,,
dia_chi_so,9,"105,001",9.001,household,,,,
dia_chi_so,10,105.001,,household,,,,
local,1,105.002,9.002,business,,,,
dia_chi_so,11,105.001,9.001,household,,,,31/12/2023
dia_chi_so,12,105.001,9.003,household,00001,Tân Hường,,2023-01-01
dia_chi_so,13,105.001,9.004,household,00002,Tân Hường,,2023-01-01
dia_chi_so,14,105.001,9.005,household,,Tân Hường,,2023-01-01
`,
	"service_points.csv": `code,kind,name,commune_code,lon,lat,opened_on,closed_on
S1,one_stop,Một cửa,00001,105.0,9.0,2010-01-01,
S2,one_stop,Một cửa,00077,105.0,9.0,2010-01-01,
S3,one_stop,Một cửa,,9.0,105.0,,
S4,one_stop,Một cửa,,105.0,29.0,,
S5,one_stop,Một cửa,,105.0,9.0,2010-01-01,2009-01-01
S1,one_stop,Khác,,105.0,9.0,,
`,
	"services.csv": `code,name_vi,name_en,counted_in
online,Dịch vụ công,Online,household
online,Khác,Other,household
other,Khác,Other,people
`,
	"targets.csv": `measure,level,code,share,due_on,source
guided,,,0.8,2025-12-31,
guided,province,,0.9,2025-12-31,
guided,commune,00077,0.8,2025-12-31,
fishing,,,0.8,2025-12-31,
guided,,,1.8,2025-12-31,
guided,,,0.8,2025-12-31,again
guided,,00001,0.8,2025-12-31,
`,
	"teams.csv": `code,name,level,kind,unit_code,established_on,dissolved_on,lon,lat
T1,Tổ 1,hamlet,cnscd,H1,2022-05-01,,105.005,9.005
T2,Tổ 2,hamlet,cnscd,H77,2022-05-01,,,
T3,Tổ 3,hamlet,cnscd,H1,2022-05-01,2022-04-01,,
T4,Tổ 4,hamlet,cnscd,H1,2022-05-01,,105,
T5,Tổ 5,hamlet,cnscd,H1,2022-05-01,,9.005,105.005
T1,Tổ 1,hamlet,cnscd,H1,2022-05-01,,,
T6,Tổ 6,hamlet,cnscd,H1,1999-05-01,,,
T7,Tổ 7,hamlet,cnscd,H1,2022-05-01,2022-05-01,,
`,
	"team_service.csv": `team_code,level,unit_code,from_on,to_on
T1,hamlet,H2,2023-01-01,
T9,hamlet,H2,2023-01-01,
T1,hamlet,H77,2023-01-01,
T1,hamlet,H2,2023-01-01,2024-01-01
T1,hamlet,H3,2023-01-01,2022-01-01
`,
	"members.csv": `code,team_code,role,joined_on,left_on
M1,T1,lead,2022-05-01,
M2,T2,member,2022-05-01,
M3,T1,boss,2022-05-01,
M4,T1,member,2022-05-01,2022-04-01
M1,T1,member,2022-05-01,
`,
	"households.csv": `code,address_scheme,address_code,commune_code,hamlet_code,persons,registered_on,ended_on
A,dia_chi_so,1,,,4,2022-06-01,
B,dia_chi_so,2,,,4,2022-06-01,2024-05-01
C,,,00001,H2,4,2022-06-01,
D,,,,,4,2022-06-01,
E,dia_chi_so,99,,,4,2022-06-01,
F,dia_chi_so,4,,,4,2022-06-01,
G,,,00077,,4,2022-06-01,
H,,,,H77,4,2022-06-01,
I,,,00001,H2,4,2022-06-01,2022-05-01
A,,,,,4,2022-06-01,
J,,,00001,H2,nhiều,2022-06-01,
K,dia_chi_so,,,,4,2022-06-01,
L,,,00001,ấp thuờng,4,2022-06-01,
`,
	"visits.csv": `code,household_code,team_code,visited_on,outcome,topics
V1,A,T1,2022-07-01,guided,
V2,Z,T1,2022-07-01,guided,
V3,A,T9,2022-07-01,guided,
V4,A,T1,2022-07-01,refused,
V5,A,T1,,guided,
V1,B,T1,2022-07-01,guided,
V6,E,T1,2022-07-01,guided,
V7,B,T1,2022-02-30,guided,
`,
	"adoptions.csv": `household_code,service_code,adopted_on,ended_on
A,online,2023-08-01,
A,online,2022-06-30,2022-08-01
B,online,2022-07-01,
Z,online,2022-07-01,
A,fishing,2022-07-01,
A,online,2023-08-01,2024-01-01
A,online,2024-02-01,2024-01-01
`,
	"reports.csv": `level,unit_code,measure,value,qualifier,as_of,share,source
province,96,households_guided,215000,gte,2024-09-01,0.69,Sở TTTT
province,97,households_guided,215000,gte,2024-09-01,0.69,Sở TTTT
province,96,households_guided,many,gte,2024-09-01,0.69,Sở
province,96,households_guided,215000,about,2024-09-01,0.69,Sở
province,96,households_guided,1,eq,2024-09-01,,Sở TTTT
`,
	"notes.txt": "read me\n",
}

func TestDirtyBundle(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	rejects := filepath.Join(t.TempDir(), "rejects")
	r := l.land(t, dirty, db.ImportOptions{RejectsDir: rejects})
	for i := range max(len(r.Problems), len(dirtyProblems)) {
		if i >= len(r.Problems) || i >= len(dirtyProblems) {
			t.Fatalf("%d problems, want %d: %+v", len(r.Problems), len(dirtyProblems), r.Problems[min(i, len(r.Problems)):])
		}
		got, want := r.Problems[i], dirtyProblems[i]
		if got.File != want.file || got.Line != want.line || got.Column != want.column || got.Value != want.value || got.Code != want.code || got.Kept != want.kept {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if !strings.Contains(got.Message, want.remedy) {
			t.Errorf("%s:%d: %q does not say %q", got.File, got.Line, got.Message, want.remedy)
		}
		if got.Code == "duplicate" && !strings.Contains(got.Message, fmt.Sprintf("%s line ", got.File)) {
			t.Errorf("%s:%d: %q does not name the line that stands", got.File, got.Line, got.Message)
		}
	}
	for _, c := range r.Tables {
		if c.Count != dirtyCounts[c.Name] {
			t.Errorf("%s: %+v, want %+v", c.Name, c.Count, dirtyCounts[c.Name])
		}
	}
	compareRejects(t, rejects)
}

// compareRejects looks for each rejected line, as it was and under its file's header, and for nothing else.
func compareRejects(t *testing.T, dir string) {
	t.Helper()
	want := map[string][]string{}
	for _, p := range dirtyProblems {
		lines := strings.Split(dirty[p.file], "\n")
		if p.kept {
			continue
		}
		if want[p.file] == nil {
			want[p.file] = lines[:1]
		}
		want[p.file] = append(want[p.file][:len(want[p.file]):len(want[p.file])], lines[p.line-1])
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(want) {
		t.Errorf("%d files of rejects, want %d", len(files), len(want))
	}
	for name, lines := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(strings.Join(lines, "\n")+"\n", string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestDirtyRowsThatLanded holds what was repaired to its repaired form.
func TestDirtyRowsThatLanded(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, dirty, db.ImportOptions{})
	for statement, want := range map[string]string{
		`select name from unit where code = 'H1'`: "Tân Hường",
		`select name from unit where code = 'H2'`: "Thuờng",
		`select name from unit where code = 'H4'`: "Khóm 4",
		`select name from unit where code = 'H5'`: "Đầm Dơi",
		`select name from unit where code = 'H6'`: "Ấp 6",
		`select ST_AsText(ST_Normalize(geometry)) from polygon p join unit u on u.polygon_id = p.id where u.code = 'H3'`:                                         "MULTIPOLYGON(((105.025 9.005,105.03 9.01,105.03 9,105.025 9.005)),((105.02 9,105.02 9.01,105.025 9.005,105.02 9)))",
		`select ST_Equals(geometry, ST_MakeEnvelope(105.01, 9, 105.02, 9.01, 4326))::text from polygon p join unit u on u.polygon_id = p.id where u.code = 'H2'`: "true",
		`select population::text from unit where code = '00001'`:                                                                                                 "12",
		`select count(population)::text from unit`:                                                                                                               "1",
		`select string_agg(code, ' ' order by code) from household`:                                                                                              "A B C D L",
		`select string_agg(household_code || adopted_on, ' ' order by household_code, adopted_on) from adoption`:                                                 "A2022-06-30 A2023-08-01 B2022-07-01",
		`select u.code from address a join place_period p using (place_id) join unit u on u.id = p.hamlet_id where a.code = '2'`:                                 "H2",
		`select hamlet_code from address where code = '12' union all select hamlet_code from household where code = 'L'`:                                         "H1; H2",
	} {
		if got := strings.Join(texts(t, l.sql, statement), "; "); got != want {
			t.Errorf("%s: %q, want %q", statement, got, want)
		}
	}
}

// TestBundleFails names everything for which a bundle fails as a whole.
func TestBundleFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes map[string]string
		says    []string
	}{
		"unknown srid":            {map[string]string{"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "srid": 2}`}, []string{"bundle.json", "2", "EPSG"}},
		"missing required column": {map[string]string{"visits.csv": "code,household_code,visited_on,outcome\nV9,A,2023-01-01,guided\n"}, []string{"visits.csv", "team_code"}},
		"missing column, no row":  {map[string]string{"visits.csv": "code,household_code,visited_on,outcome\n"}, []string{"visits.csv", "team_code"}},
		"not a workbook":          {map[string]string{"tables.xlsx": "hello"}, []string{"tables.xlsx"}},
		"not gzip":                {map[string]string{"visits.csv": "", "visits.csv.gz": "hello"}, []string{"visits.csv.gz", "gzip"}},
		"not a GeoPackage":        {map[string]string{"units.csv": "", "units.gpkg": "hello"}, []string{"units.gpkg"}},
		"not a Shapefile":         {map[string]string{"units.csv": "", "units.zip": "hello"}, []string{"units.zip"}},
		"a column twice":          {map[string]string{"services.csv": "code,code,name_vi,name_en,counted_in\n"}, []string{"services.csv", "code"}},
		"an empty file":           {map[string]string{"services.csv": " "}, []string{"services.csv"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLanding(t)
			l.land(t, only(small, "units.csv"), db.ImportOptions{})
			before := content(t, l.sql)
			b, err := bundle.Open(write(t, edited(small, test.changes)))
			if err == nil {
				var r *db.Report
				r, err = l.Import(t.Context(), b, db.ImportOptions{})
				if closing := b.Close(); closing != nil {
					t.Fatal(closing)
				}
				if err != nil && (r == nil || r.Failed == "" || r.Snapshot != "") {
					t.Errorf("the report does not say that the bundle failed: %+v", r)
				}
			}
			if err == nil {
				t.Fatal("the bundle landed")
			}
			for _, says := range test.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("%q does not say %q", err, says)
				}
			}
			sameContent(t, "after a bundle that failed", before, content(t, l.sql))
		})
	}
}
