package synthetic

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// record is a row of a written table.
type record struct{ header, cells []string }

// get returns the cell of a column.
func (r record) get(column string) string { return r.cells[slices.Index(r.header, column)] }

// generated writes a bundle and returns its folder.
func generated(t *testing.T, o Options) string {
	t.Helper()
	o.Out = t.TempDir()
	if err := Generate(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return o.Out
}

// readTable reads a written CSV with nothing of this project; those of the full province,
// which many tests look at, once.
func readTable(t *testing.T, dir, name string) []record {
	t.Helper()
	if dir != fullDir {
		return parsedTable(t, dir, name)
	}
	if tablesOfFull[name] == nil {
		tablesOfFull[name] = parsedTable(t, dir, name)
	}
	return tablesOfFull[name]
}

// tablesOfFull keeps what was read. Only tests that don't run beside others use it.
var tablesOfFull = map[string][]record{}

func parsedTable(t *testing.T, dir, name string) []record {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := make([]record, 0, len(rows)-1)
	for _, r := range rows[1:] {
		list = append(list, record{rows[0], r})
	}
	return list
}

// feature is a unit as written.
type feature struct {
	Properties struct {
		Level, Code, Name, Kind string
		ParentCode              string  `json:"parent_code"`
		From                    string  `json:"valid_from"`
		To                      *string `json:"valid_to"`
	}
	Geometry *struct {
		Type        string
		Coordinates json.RawMessage
	}
	parts [][][][2]float64 // the coordinates, once rings has read them
}

func readUnits(t *testing.T, dir string) []*feature {
	t.Helper()
	if list, ok := unitsOf.Load(dir); ok {
		return list.([]*feature)
	}
	f, err := os.Open(filepath.Join(dir, "units.geojsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []*feature
	for d := json.NewDecoder(f); d.More(); {
		u := new(feature)
		if err := d.Decode(u); err != nil {
			t.Fatal(err)
		}
		list = append(list, u)
	}
	unitsOf.Store(dir, list)
	return list
}

// unitsOf keeps what was read: many tests look at the same units.
var unitsOf sync.Map

func (f *feature) on(d string) bool {
	return f.Properties.From <= d && (f.Properties.To == nil || d < *f.Properties.To)
}

// on says whether a row's half-open period covers a day; an empty end is open.
func (r record) on(from, to, d string) bool {
	return r.get(from) <= d && (r.get(to) == "" || d < r.get(to))
}

// full is the province at scale 1 from seed 1, and fifth one of a fifth from another seed;
// each is made once for all tests.
var (
	full  = sync.OnceValues(func() (string, error) { return shared(Options{}, &fullDir) })
	fifth = sync.OnceValues(func() (string, error) { return shared(Options{Scale: 0.2, Seed: 11}, &fifthDir) })
)

// shared writes a bundle that outlives the test that wants it first.
func shared(o Options, at *string) (string, error) {
	dir, err := os.MkdirTemp("", "synthetic")
	if err != nil {
		return "", err
	}
	*at, o.Out = dir, dir
	return dir, Generate(noDeadline, o)
}

func fullProvince(t *testing.T) string  { t.Helper(); return made(t, full) }
func fifthProvince(t *testing.T) string { t.Helper(); return made(t, fifth) }

func made(t *testing.T, province func() (string, error)) string {
	t.Helper()
	dir, err := province()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// largeProvince is the full province, for tests of what holds at any scale. Under the race
// detector it is a fifth of it: these tests would take minutes, and the figures of scale 1
// are not theirs.
func largeProvince(t *testing.T) string {
	t.Helper()
	if raceDetector {
		return fifthProvince(t)
	}
	return fullProvince(t)
}

// count is what a plain count over the rows finds for one day.
type count struct {
	districts, communes, hamlets, teams, taskForces, members, addresses int
	register, guided, attempted, ineligible, notVisited                 int
	adopted                                                             map[string]int
}

// counted counts the rows of a bundle for a day.
func counted(t *testing.T, dir, d string) count {
	t.Helper()
	c := count{adopted: map[string]int{}}
	for _, u := range readUnits(t, dir) {
		if u.on(d) {
			switch u.Properties.Level {
			case "district":
				c.districts++
			case "commune":
				c.communes++
			case "hamlet":
				c.hamlets++
			}
		}
	}
	team := map[string]bool{}
	for _, r := range readTable(t, dir, "teams") {
		if !r.on("established_on", "dissolved_on", d) {
			continue
		}
		switch r.get("kind") {
		case "cnscd":
			c.teams++
			team[r.get("code")] = true
		case "de_an_06":
			c.taskForces++
		}
	}
	for _, r := range readTable(t, dir, "members") {
		if team[r.get("team_code")] && r.on("joined_on", "left_on", d) {
			c.members++
		}
	}
	for _, r := range readTable(t, dir, "addresses") {
		if r.get("surveyed_on") <= d {
			if r.get("scheme") != "dia_chi_so" || r.get("kind") != "household" {
				t.Fatalf("address %s of scheme %s and kind %s was surveyed before %s", r.get("code"), r.get("scheme"), r.get("kind"), d)
			}
			c.addresses++
		}
	}
	type latest struct {
		day, code, outcome string
		guided             bool
	}
	last := map[string]latest{}
	for _, r := range readTable(t, dir, "visits") {
		if r.get("visited_on") > d {
			continue
		}
		v := last[r.get("household_code")]
		if r.get("visited_on") > v.day || r.get("visited_on") == v.day && r.get("code") > v.code {
			v.day, v.code, v.outcome = r.get("visited_on"), r.get("code"), r.get("outcome")
		}
		v.guided = v.guided || r.get("outcome") == "guided"
		last[r.get("household_code")] = v
	}
	register := map[string]bool{}
	for _, r := range readTable(t, dir, "households") {
		if !r.on("registered_on", "ended_on", d) {
			continue
		}
		register[r.get("code")] = true
		c.register++
		switch v := last[r.get("code")]; {
		case v.guided:
			c.guided++
		case v.outcome == "ineligible":
			c.ineligible++
		case v.day != "":
			c.attempted++
		default:
			c.notVisited++
		}
	}
	seen := map[[2]string]bool{}
	for _, r := range readTable(t, dir, "adoptions") {
		key := [2]string{r.get("household_code"), r.get("service_code")}
		if register[r.get("household_code")] && r.on("adopted_on", "ended_on", d) && !seen[key] {
			seen[key] = true
			c.adopted[r.get("service_code")]++
		}
	}
	return c
}

func TestPublishedFigures(t *testing.T) {
	c := counted(t, fullProvince(t), "2024-09-30")
	for _, f := range []struct {
		name      string
		got, want int
	}{
		{"districts", c.districts, 9}, {"communes", c.communes, 101}, {"hamlets", c.hamlets, 883}, {"teams", c.teams, 883},
		{"members", c.members, 4529}, {"digital addresses", c.addresses, 318821}, {"task forces", c.taskForces, 995},
		{"online public services", c.adopted["online_public_service"], 181943}, {"e-commerce", c.adopted["e_commerce"], 6442},
		{"e-payment", c.adopted["e_payment"], 144196}, {"guided", c.guided, 215316}, {"on the register", c.register, 311386},
		{"ineligible", c.ineligible, 1402},
	} {
		if f.got != f.want {
			t.Errorf("%s: got %d, want %d", f.name, f.got, f.want)
		}
	}
	for _, base := range []int{c.register, c.guided + c.attempted + c.notVisited} {
		if share := float64(c.guided) / float64(base); share < 0.69 || share >= 0.70 {
			t.Errorf("%d of %d households are guided, %.4f: want at least 0.69 and under 0.70", c.guided, base, share)
		}
	}
	t.Logf("%+v", c)
}

func TestHistory(t *testing.T) {
	dir := fullProvince(t)
	for _, h := range []struct {
		day                           string
		districts, communes, hamlets_ int
	}{{"2022-01-01", 9, 101, 883}, {"2024-11-30", 9, 101, 883}, {"2024-12-01", 9, 100, 883}, {"2025-06-30", 9, 100, 883}, {"2025-07-01", 0, 64, 883}, {"2026-10-31", 0, 64, 883}} {
		var got [3]int
		for _, u := range readUnits(t, dir) {
			if u.on(h.day) {
				switch u.Properties.Level {
				case "district":
					got[0]++
				case "commune":
					got[1]++
				case "hamlet":
					got[2]++
				}
			}
		}
		if want := [3]int{h.districts, h.communes, h.hamlets_}; got != want {
			t.Errorf("on %s there are %v districts, communes and hamlets, want %v", h.day, got, want)
		}
	}
}

// TestPilot checks the published number of teams at the end of 2022 and the communes they are in.
func TestPilot(t *testing.T) {
	dir := fullProvince(t)
	commune := map[string]string{}
	for _, u := range readUnits(t, dir) {
		if u.Properties.Level == "hamlet" && u.on("2022-12-31") {
			commune[u.Properties.Code] = u.Properties.ParentCode
		}
	}
	teams, communes := 0, map[string]bool{}
	for _, r := range readTable(t, dir, "teams") {
		if r.get("kind") == "cnscd" && r.on("established_on", "dissolved_on", "2022-12-31") {
			teams++
			communes[commune[r.get("unit_code")]] = true
		}
	}
	if teams != 364 || len(communes) != 48 {
		t.Errorf("at the end of 2022 there are %d teams in %d communes, want 364 in 48", teams, len(communes))
	}
	c := counted(t, dir, "2022-12-31")
	if c.guided < 70600 || c.guided > 74000 {
		t.Errorf("%d households are guided by the end of 2022, want little more than 70,600", c.guided)
	}
	t.Logf("%+v", c)
}
