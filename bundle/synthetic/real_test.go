package synthetic

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"vunglom/bundle"
)

// realData returns the folder of real polygons beside the project, or skips.
func realData(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
		if p := filepath.Join(d, "shared", "data", name); exists(p) {
			return p
		}
	}
	t.Skipf("no ../shared/data/%s beside the repository: real polygons are not part of it", name)
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// checkHamletsTile checks that hamlets use each other's borders and their commune's.
func checkHamletsTile(t *testing.T, dir, d string) (hamlets int) {
	t.Helper()
	children := map[string][]*feature{}
	for _, u := range readUnits(t, dir) {
		if u.Properties.Level == "hamlet" && u.on(d) {
			children[u.Properties.ParentCode] = append(children[u.Properties.ParentCode], u)
			hamlets++
		}
	}
	for _, u := range readUnits(t, dir) {
		list := children[u.Properties.Code]
		if u.Properties.Level != "commune" || !u.on(d) || list == nil {
			continue
		}
		left := map[edge]int{}
		for e, k := range edges(t, list) {
			if k > 1 {
				t.Errorf("commune %s: two hamlets overlap along %v", u.Properties.Code, e)
			}
			left[e] = k
		}
		for e := range left {
			if left[edge{e.to, e.from}] > 0 {
				delete(left, edge{e.to, e.from})
				delete(left, e)
			}
		}
		given := edges(t, []*feature{u})
		for e := range left {
			if given[e] == 0 && given[edge{e.to, e.from}] == 0 {
				t.Errorf("commune %s: its hamlets have a border %v of their own", u.Properties.Code, e)
				break
			}
		}
	}
	return hamlets
}

// checkReads reads every table back and checks that no row is rejected.
func checkReads(t *testing.T, dir string) {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, table := range bundle.Tables {
		if _, err := b.Rows(t.Context(), table, func(*bundle.Row) error { return nil }, func(p bundle.Problem) {
			if !p.Kept {
				t.Errorf("%s line %d: %s", p.File, p.Line, p.Message)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRealPolygonsWithHistory(t *testing.T) {
	t.Parallel()
	o, of := Options{Units: realData(t, "ca-mau"), Scale: 1}, func(n int) int { return n }
	if raceDetector { // the figures of scale 1 hold without it
		o.Scale, of = 0.2, func(n int) int { return int(math.Round(float64(n) * 0.2)) }
	}
	dir := generated(t, o)
	hamlets := checkHamletsTile(t, dir, "2026-10-31")
	c := counted(t, dir, "2024-09-30")
	for _, f := range []struct {
		name      string
		got, want int
	}{{"districts", c.districts, 9}, {"communes", c.communes, 101}, {"hamlets", hamlets, of(883)}, {"addresses", c.addresses, of(318821)},
		{"guided", c.guided, of(215316)}, {"members", c.members, of(4529)}} {
		if f.got != f.want {
			t.Errorf("%s: got %d, want %d", f.name, f.got, f.want)
		}
	}
	for _, u := range readUnits(t, dir) {
		if u.Geometry == nil && u.Properties.Level != "province" {
			t.Errorf("%s %s of %s has no polygon", u.Properties.Level, u.Properties.Code, u.Properties.From)
		}
	}
	checkReads(t, dir)
}

func TestRealPolygonsWithoutHistory(t *testing.T) {
	t.Parallel()
	data := realData(t, "can-tho")
	o := Options{Units: filepath.Join(data, "units.geojsonl.gz"), Scale: 0.1}
	if raceDetector { // nothing asked for here depends on the scale
		o.Scale = 0.02
	}
	dir := generated(t, o)
	checkHamletsTile(t, dir, "2025-07-01")
	checkReads(t, dir)
	l, communes := newLocator(t, dir, "2025-07-01"), 0
	for _, u := range readUnits(t, dir) {
		if u.Properties.Level == "commune" {
			communes++
		}
		if u.Properties.From < "2025-07-01" {
			t.Errorf("%s %s begins on %s, before the units of the file", u.Properties.Level, u.Properties.Code, u.Properties.From)
		}
	}
	if communes != 103 {
		t.Errorf("%d communes, want 103", communes)
	}
	astray, all := 0, 0
	for _, r := range readTable(t, dir, "addresses") {
		if r.get("scheme") == "dia_chi_so" {
			all++
			if l.at(number(t, r.get("lon")), number(t, r.get("lat"))) == "" {
				astray++
			}
		}
	}
	if all == 0 || astray > 0 {
		t.Errorf("%d of %d digital addresses lie in no hamlet", astray, all)
	}
	for _, r := range readTable(t, dir, "visits") {
		if r.get("visited_on") < "2025-07-01" || r.get("visited_on") > "2026-10-31" || r.get("team_code") == "" {
			t.Fatalf("visit %s of team %q is on %s", r.get("code"), r.get("team_code"), r.get("visited_on"))
		}
	}
}
