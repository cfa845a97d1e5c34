package db_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tidwall/geodesic"

	"vunglom/db"
)

// shift6960 takes geocentric VN-2000 to WGS 84 by EPSG:6960 as published, in the coordinate frame convention.
const shift6960 = `+step +proj=cart +ellps=WGS84 +step +proj=helmert +convention=coordinate_frame +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 ` +
	`+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +step +inv +proj=cart +ellps=WGS84`

// frames are how PROJ writes the reference systems of the province's files; empty: on WGS 84, without a shift.
var frames = map[int]struct {
	projection string
	vn2000     bool
}{
	4326:  {"", false},
	4756:  {"", true},
	9207:  {"+proj=tmerc +lat_0=0 +lon_0=104.5 +k=0.9999 +x_0=500000 +y_0=0", true},
	9209:  {"+proj=tmerc +lat_0=0 +lon_0=105.5 +k=0.9999 +x_0=500000 +y_0=0", true},
	9210:  {"+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0", true},
	5897:  {"+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0", true},
	5899:  {"+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +y_0=0", true},
	3405:  {"+proj=utm +zone=48", true},
	32648: {"+proj=utm +zone=48", false},
}

// inFrame lets PROJ's cct take longitudes and latitudes to a reference system, with a micrometre's digits.
func inFrame(t *testing.T, srid int, points [][2]float64) [][2]float64 {
	t.Helper()
	f := frames[srid]
	pipeline := "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
	if f.vn2000 {
		// from WGS 84 back to VN-2000: the published steps in reverse
		pipeline += "+step +proj=cart +ellps=WGS84 +step +inv " + strings.TrimPrefix(strings.Split(shift6960, "+step +proj=helmert")[1], "") + ""
		pipeline = strings.Replace(pipeline, "+step +inv  +convention", "+step +inv +proj=helmert +convention", 1)
	}
	decimals := "12"
	if f.projection == "" {
		pipeline += " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
	} else {
		pipeline += " +step " + f.projection + " +ellps=WGS84"
		decimals = "6"
	}
	var input strings.Builder
	for _, p := range points {
		fmt.Fprintf(&input, "%.12f %.12f 0 0\n", p[0], p[1])
	}
	args := append([]string{"-d", decimals}, strings.Fields(pipeline)...)
	var out [][2]float64
	for _, line := range strings.Split(strings.TrimSpace(tool(t, input.String(), "cct", args...)), "\n") {
		cells := strings.Fields(line)
		x, xerr := strconv.ParseFloat(cells[0], 64)
		y, yerr := strconv.ParseFloat(cells[1], 64)
		if xerr != nil || yerr != nil {
			t.Fatalf("cct says %q", line)
		}
		out = append(out, [2]float64{x, y})
	}
	return out
}

// metres is the geodesic distance on the ellipsoid.
func metres(a, b [2]float64) float64 {
	var d float64
	geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0], &d, nil, nil)
	return d
}

// framed is a bundle of points and one polygon in a reference system.
func framed(srid int, points [][2]float64, digits int) map[string]string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	var addresses, ring strings.Builder
	for i, p := range points {
		fmt.Fprintf(&addresses, "local,P%d,%s,%s,household\n", i, number(p[0]), number(p[1]))
	}
	for _, p := range append(points[:4:4], points[0]) {
		fmt.Fprintf(&ring, ",%s %s", number(p[0]), number(p[1]))
	}
	return map[string]string{
		"bundle.json":        fmt.Sprintf(`{"province": "96", "as_of": "2024-09-30", "source": "test", "srid": %d}`, srid),
		"units.csv":          "level,code,name,kind,parent_level,parent_code,valid_from,geometry\nprovince,96,Cà Mau,tinh,,,2000-01-01,\ncommune,C1,Một,xa,province,96,2000-01-01,\"POLYGON((" + ring.String()[1:] + "))\"\n",
		"addresses.csv":      "scheme,code,lon,lat,kind\n" + addresses.String(),
		"service_points.csv": fmt.Sprintf("code,kind,name,lon,lat\nS,one_stop,Một cửa,%s,%s\n", number(points[0][0]), number(points[0][1])),
		"teams.csv":          fmt.Sprintf("code,name,level,kind,unit_code,established_on,lon,lat\nT,Tổ,commune,cnscd,C1,2022-01-01,%s,%s\n", number(points[1][0]), number(points[1][1])),
	}
}

// TestFrames imports the same points in every reference system: each lands within a centimetre of where PROJ took it from.
func TestFrames(t *testing.T) {
	t.Parallel()
	for srid := range frames {
		t.Run(fmt.Sprint(srid), func(t *testing.T) {
			t.Parallel()
			west := map[int]float64{5899: 106.9}[srid]
			if west == 0 {
				west = 104.7
			}
			points := [][2]float64{{west, 8.6}, {west + 0.9, 8.7}, {west + 0.8, 9.6}, {west + 0.1, 9.5}, {west + 0.4, 9.177}, {west + 0.45, 9.0000001}}
			l := newLanding(t)
			digits := 4
			if frames[srid].projection == "" {
				digits = 9
			}
			if r := l.land(t, framed(srid, inFrame(t, srid, points), digits), db.ImportOptions{}); r.Rejected() > 0 {
				t.Fatalf("%+v", r.Problems)
			}
			for i, want := range points {
				near(t, l, fmt.Sprintf("point %d", i), fmt.Sprintf(`select ST_X(position) || ' ' || ST_Y(position) from address where code = 'P%d'`, i), want)
			}
			near(t, l, "service point", `select ST_X(position) || ' ' || ST_Y(position) from service_point`, points[0])
			near(t, l, "team", `select ST_X(position) || ' ' || ST_Y(position) from team`, points[1])
			for i := range 4 {
				near(t, l, "vertex", fmt.Sprintf(`select ST_X(p) || ' ' || ST_Y(p) from (select ST_PointN(ST_ExteriorRing(ST_GeometryN(geometry, 1)), %d) as p from polygon) v`, i+1), points[i])
			}
		})
	}
}

func near(t *testing.T, l *landing, what, statement string, want [2]float64) {
	t.Helper()
	var got [2]float64
	if _, err := fmt.Sscan(texts(t, l.sql, statement)[0], &got[0], &got[1]); err != nil {
		t.Fatal(err)
	}
	if d := metres(got, want); math.IsNaN(d) || d >= 0.01 {
		t.Errorf("%s is %.4f m from where it was", what, d)
	}
}

// TestSwappedMetres gives northings first, as files on VN-2000 often do.
func TestSwappedMetres(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	files := framed(9207, [][2]float64{{560000, 1010000}, {570000, 1010000}, {570000, 1020000}, {560000, 1020000}, {565000, 1015000}}, 3)
	files["addresses.csv"] += "local,N,1015000,565000,household\nlocal,D,105.1,9.1,household\nlocal,X,1e300,5,household\nlocal,Y,-5000000,90000000,household\n"
	files["units.csv"] += `commune,C2,Hai,xa,province,96,2000-01-01,"POLYGON((1010000 560000,1010000 570000,1020000 570000,1010000 560000))"` + "\n" +
		`commune,C3,Ba,xa,province,96,2000-01-01,"POLYGON((105 9,105.1 9,105.1 9.1,105 9))"` + "\n"
	r := l.land(t, files, db.ImportOptions{})
	for _, want := range []struct {
		file string
		line int64
		code string
	}{{"units.csv", 4, "swapped_axes"}, {"units.csv", 5, "outside_vietnam"}, {"addresses.csv", 7, "swapped_axes"}, {"addresses.csv", 8, "outside_vietnam"},
		{"addresses.csv", 9, "outside_vietnam"}, {"addresses.csv", 10, "outside_vietnam"}} {
		found := false
		for _, p := range problems(r, want.code) {
			found = found || p.File == want.file && p.Line == want.line && !p.Kept
		}
		if !found {
			t.Errorf("%+v is not reported: %+v", want, r.Problems)
		}
	}
	if r.Rejected() != 6 {
		t.Errorf("%d rows rejected, want 6: %+v", r.Rejected(), r.Problems)
	}
}

// TestOfficialPolygons imports the real communes, and those of Cà Mau until 2025, where they are at hand.
func TestOfficialPolygons(t *testing.T) {
	t.Parallel()
	for _, province := range []string{"ca-mau", "can-tho"} {
		t.Run(province, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join("..", "..", "shared", "data", province)
			if _, err := os.Stat(filepath.Join(source, "bundle.json")); err != nil {
				t.Skipf("%s is not here", source)
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
				t.Fatal(err)
			}
			if former := filepath.Join(dir, "units_until_2025-06-30.csv"); province == "ca-mau" {
				if err := os.Rename(former, filepath.Join(dir, "units.csv")); err != nil {
					t.Fatal(err)
				}
			}
			l := newLanding(t)
			r := l.landDir(t, dir, db.ImportOptions{})
			codes := map[string]int{}
			for _, p := range r.Problems {
				codes[p.Code]++
				if p.Code == "overlap" || p.Code == "hole" || p.Code == "self_intersection" {
					t.Logf("%s:%d %s", p.File, p.Line, p.Message)
				}
			}
			t.Log(codes)
			units, successions := r.Tables[0], r.Tables[1]
			if units.Rejected > 0 || units.Inserted == 0 {
				t.Errorf("units: %+v", units.Count)
			}
			if successions.Read > 0 && (successions.Inserted < 100 || len(problems(r, "reference")) != int(successions.Rejected)) {
				t.Errorf("successions, of which only those of the former neighbour are of units that the bundle lacks: %+v", successions.Count)
			}
			before := content(t, l.sql)
			l.landDir(t, dir, db.ImportOptions{})
			sameContent(t, "the same again", before, content(t, l.sql))
		})
	}
}
