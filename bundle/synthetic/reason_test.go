package synthetic

import (
	"math"
	"slices"
	"strconv"
	"testing"
)

// locator finds hamlets by the polygons as written.
type locator struct {
	codes []string
	boxes [][4]float64
	rings [][][][2]float64
	tiles map[[2]int][]int // hundredths of a degree → the hamlets whose box is there
}

func newLocator(t *testing.T, dir, d string) *locator {
	t.Helper()
	l := &locator{tiles: map[[2]int][]int{}}
	units := readUnits(t, dir)
	for i := range units {
		u := units[i]
		if u.Properties.Level != "hamlet" || !u.on(d) {
			continue
		}
		var rings [][][2]float64
		box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
		for _, part := range u.rings(t) {
			rings = append(rings, part...)
		}
		for _, r := range rings {
			for _, p := range r {
				box = [4]float64{min(box[0], p[0]), min(box[1], p[1]), max(box[2], p[0]), max(box[3], p[1])}
			}
		}
		for x := int(box[0] * 100); x <= int(box[2]*100); x++ {
			for y := int(box[1] * 100); y <= int(box[3]*100); y++ {
				l.tiles[[2]int{x, y}] = append(l.tiles[[2]int{x, y}], len(l.codes))
			}
		}
		l.codes, l.boxes, l.rings = append(l.codes, u.Properties.Code), append(l.boxes, box), append(l.rings, rings)
	}
	return l
}

// at returns the code of the hamlet that holds a point, "" if none does.
func (l *locator) at(x, y float64) string {
	if all := l.all(x, y); len(all) > 0 {
		return all[0]
	}
	return ""
}

// all returns the codes of all hamlets that hold a point: overlapping ones both do.
func (l *locator) all(x, y float64) (codes []string) {
	for _, i := range l.tiles[[2]int{int(x * 100), int(y * 100)}] {
		b := l.boxes[i]
		if x < b[0] || y < b[1] || x > b[2] || y > b[3] {
			continue
		}
		in := false
		for _, r := range l.rings[i] {
			for k := 1; k < len(r); k++ {
				p, q := r[k-1], r[k]
				if (p[1] > y) != (q[1] > y) && x < (q[0]-p[0])*(y-p[1])/(q[1]-p[1])+p[0] {
					in = !in
				}
			}
		}
		if in {
			codes = append(codes, l.codes[i])
		}
	}
	return codes
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// tally is what a plain count finds in one hamlet.
type tally struct {
	addresses, unknown, guided, attempted, notVisited, ineligible, members int
	teams                                                                  int
	last                                                                   string
	metres                                                                 []float64
}

func (h *tally) register() int { return h.guided + h.attempted + h.notVisited + h.ineligible }

// tallied counts a bundle by hamlet for a day, with the warnings it should raise.
func tallied(t *testing.T, dir, d, stale string) (byHamlet map[string]*tally, reasons, warnings map[string]int) {
	t.Helper()
	l := newLocator(t, dir, d)
	byHamlet, reasons, warnings = map[string]*tally{}, map[string]int{}, map[string]int{}
	for _, c := range l.codes {
		byHamlet[c] = &tally{}
	}
	// teams and their bases; the label point of a hamlet is near enough its box's middle
	var bases [][2]float64
	team := map[string][]string{}
	middle := map[string][2]float64{}
	for i, c := range l.codes {
		middle[c] = [2]float64{(l.boxes[i][0] + l.boxes[i][2]) / 2, (l.boxes[i][1] + l.boxes[i][3]) / 2}
	}
	for _, r := range readTable(t, dir, "teams") {
		if r.get("kind") != "cnscd" || !r.on("established_on", "dissolved_on", d) {
			continue
		}
		team[r.get("code")] = append(team[r.get("code")], r.get("unit_code"))
		byHamlet[r.get("unit_code")].teams++
		if r.get("lon") != "" {
			bases = append(bases, [2]float64{number(t, r.get("lon")), number(t, r.get("lat"))})
		} else {
			bases = append(bases, middle[r.get("unit_code")])
		}
	}
	for _, r := range readTable(t, dir, "team_service") {
		if r.get("level") == "hamlet" && r.on("from_on", "to_on", d) && team[r.get("team_code")] != nil {
			team[r.get("team_code")] = append(team[r.get("team_code")], r.get("unit_code"))
			byHamlet[r.get("unit_code")].teams++
		}
	}
	for _, r := range readTable(t, dir, "members") {
		if r.on("joined_on", "left_on", d) {
			for _, h := range team[r.get("team_code")] {
				byHamlet[h].members++
			}
		}
	}
	place, occupied := map[string]string{}, map[string]int{}
	for _, r := range readTable(t, dir, "addresses") {
		x, y := number(t, r.get("lon")), number(t, r.get("lat"))
		h := l.at(x, y)
		place[r.get("scheme")+r.get("code")] = h
		if h == "" {
			if r.get("scheme") == "dia_chi_so" {
				t.Fatalf("digital address %s lies in no hamlet", r.get("code"))
			}
			warnings["address in no polygon"]++
			continue
		}
		if r.get("hamlet_code") != "" && r.get("hamlet_code") != h {
			warnings["address declares another hamlet"]++
		}
		if r.get("kind") != "household" {
			continue
		}
		byHamlet[h].addresses++
		if byHamlet[h].addresses%15 != 1 { // a sample gives the median well enough
			continue
		}
		near := math.Inf(1)
		for _, b := range bases {
			near = min(near, math.Hypot((b[0]-x)*kmPerLon, (b[1]-y)*kmPerLat)*1000)
		}
		byHamlet[h].metres = append(byHamlet[h].metres, near)
	}
	home, first, last, outcome, guided := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]bool{}
	for _, r := range readTable(t, dir, "visits") {
		c := r.get("household_code")
		if first[c] == "" || r.get("visited_on") < first[c] {
			first[c] = r.get("visited_on")
		}
		if r.get("visited_on") <= d {
			if r.get("visited_on") >= last[c] {
				last[c], outcome[c] = r.get("visited_on"), r.get("outcome")
			}
			guided[c] = guided[c] || r.get("outcome") == "guided"
		}
	}
	for _, r := range readTable(t, dir, "households") {
		key := r.get("address_scheme") + r.get("address_code")
		h := place[key]
		switch {
		case key == "":
			warnings["household without address"]++
			h = r.get("hamlet_code")
			if h == "" {
				warnings["household unassigned or in a commune only"]++
			}
		case r.get("hamlet_code") != "" && r.get("hamlet_code") != h:
			warnings["household declares another hamlet"]++
		case r.get("commune_code") != "":
			warnings["household declares another commune"]++
		}
		home[r.get("code")] = h
		if !r.on("registered_on", "ended_on", d) {
			continue
		}
		occupied[key]++
		if h == "" {
			continue
		}
		c := r.get("code")
		m := byHamlet[h]
		m.last = max(m.last, last[c])
		switch {
		case guided[c]:
			m.guided++
		case outcome[c] == "ineligible":
			m.ineligible++
		case last[c] != "":
			m.attempted++
		default:
			m.notVisited++
		}
	}
	for _, r := range readTable(t, dir, "addresses") {
		key := r.get("scheme") + r.get("code")
		switch {
		case r.get("kind") != "household":
		case occupied[key] == 0:
			byHamlet[place[key]].unknown++
		case occupied[key] > 1:
			warnings["two households at one address"]++
		}
	}
	for _, r := range readTable(t, dir, "adoptions") {
		if f := first[r.get("household_code")]; f == "" || r.get("adopted_on") < f {
			warnings["adoption before any visit"]++
		}
	}
	for _, h := range byHamlet {
		visited := h.guided + h.attempted + h.notVisited
		if h.attempted+h.notVisited+h.unknown == 0 {
			continue
		}
		for reason, is := range map[string]bool{
			"NO_TEAM":        h.teams == 0,
			"NOT_REGISTERED": h.addresses > 0 && h.register() == 0,
			"NEVER_VISITED":  h.register() > 0 && h.last == "",
			"BELOW_TARGET":   visited > 0 && float64(h.guided) < 0.7*float64(visited),
			"OUT_OF_REACH":   median(h.metres) > 3000,
			"OVERLOADED":     h.members > 0 && visited > 50*h.members,
			"STALE":          h.last != "" && h.last <= stale,
		} {
			if is {
				reasons[reason]++
			}
		}
	}
	return byHamlet, reasons, warnings
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func TestEveryReasonAndWarningOccurs(t *testing.T) {
	for name, dir := range map[string]string{"large": largeProvince(t), "0.05": generated(t, Options{Scale: 0.05, Seed: 7})} {
		checkSlivers(t, readUnits(t, dir))
		for _, day := range [][2]string{{"2024-09-30", "2024-03-30"}, {"2026-11-22", "2026-05-22"}} {
			byHamlet, reasons, warnings := tallied(t, dir, day[0], day[1])
			for _, r := range []string{"NO_TEAM", "NOT_REGISTERED", "NEVER_VISITED", "BELOW_TARGET", "OUT_OF_REACH", "OVERLOADED", "STALE"} {
				if r == "NO_TEAM" && day[0] == "2024-09-30" {
					if reasons[r] != 0 {
						t.Errorf("scale %s: %d hamlets have no team on %s, though all %d had one", name, reasons[r], day[0], len(byHamlet))
					}
					continue
				}
				if reasons[r] == 0 {
					t.Errorf("scale %s: no hamlet is %s on %s", name, r, day[0])
				}
			}
			for _, w := range []string{"address in no polygon", "address declares another hamlet", "household without address", "household unassigned or in a commune only",
				"household declares another hamlet", "household declares another commune", "two households at one address", "adoption before any visit"} {
				if warnings[w] == 0 {
					t.Errorf("scale %s: no %s", name, w)
				}
			}
			t.Log(name, day[0], len(byHamlet), reasons, warnings)
		}
	}
}
