package e2e

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/chromedp/kb"

	"vunglom/web/browsertest"
)

// Where the map looks to see the whole province: on a phone from further away.
const middleLongitude, middleLatitude = 105.15, 9.0

func (v *visit) whole() float64 {
	if v.phone() {
		return 7.6
	}
	return 8.7
}

// walkChoropleth: every unit has the colour of its class, which is the API's; units without data are hatched, in no class's colour; and
// the legend counts both.
func walkChoropleth(v *visit) {
	answered := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"})
	if answered.none() == 0 || len(answered.Legend) < 3 {
		v.Fatalf("nothing to see: %d units without data, %d classes", answered.none(), len(answered.Legend))
	}
	seen := v.look(middleLongitude, middleLatitude, v.whole(), "")
	v.legend(answered, v.share)
	v.painted(seen, "commune", lastDay, answered)
}

// painted waits until the units of a map are painted as the API classes them: of the points inside each that are of any class's
// colour nearly all are of its own, and of one without data none is. Names and borders are drawn over some, borders generalised.
func (v *visit) painted(seen camera, level, day string, answered answeredMap) {
	v.Helper()
	inside := v.demo.inside(v.T, level, day)
	var codes []string
	var places []place
	for _, f := range answered.Figures {
		for _, p := range inside[f.Code] {
			if x, y := seen.pixel(p.longitude, p.latitude); seen.inside(x, y) {
				codes, places = append(codes, f.Code), append(places, p)
			}
		}
	}
	v.Eventually(func() error {
		own, others, hatched := map[string]int{}, map[string]int{}, map[string]int{}
		for i, is := range v.colours(seen, places) {
			code := codes[i]
			switch class, painted := answered.classOf(is); {
			case painted && answered.of(code).Class != nil && class == *answered.of(code).Class:
				own[code]++
			case painted:
				others[code]++
			case is.grey():
				hatched[code]++
			}
		}
		units, without := 0, 0
		for _, code := range slices.Compact(slices.Clone(codes)) {
			f := answered.of(code)
			if f.Class != nil && own[code] <= 4*others[code] || f.Class == nil && (others[code]*5 > hatched[code]) {
				return fmt.Errorf("%s: inside are %d points of its class's colour, %d of others', %d hatched", f.FullName, own[code], others[code], hatched[code])
			}
			if units++; f.Class == nil {
				without++
			}
		}
		if units*2 < len(answered.Figures) || answered.none() > 1 && without == 0 {
			return fmt.Errorf("only %d of %d units are in sight, %d of them without data", units, len(answered.Figures), without)
		}
		return nil
	})
}

// classOf is the class whose colour something is; the fill lets a little of the ground through.
func (m answeredMap) classOf(is colour) (int, bool) {
	for i, c := range m.Legend {
		if is.near(c.Color, 16) {
			return i, true
		}
	}
	return 0, false
}

// grey tells whether a colour is one of the hatch of no data: no class is grey.
func (c colour) grey() bool { return c[0] > 0x90 && c.near(colour{c[0], c[0], c[0]}, 14) }

// spot is a place in the window where a unit is drawn, and nothing lies over the map.
func (v *visit) spot(seen camera, level, day, code string) browsertest.Point {
	v.Helper()
	for _, p := range v.demo.inside(v.T, level, day)[code] {
		x, y := seen.pixel(p.longitude, p.latitude)
		if !seen.inside(x, y) {
			continue
		}
		at := browsertest.Point{X: seen.left + x, Y: seen.top + y}
		var free bool
		v.Eval(&free, `[[0, 0], [9, 0], [-9, 0], [0, 9], [0, -9]].every(([x, y]) => document.elementFromPoint(%s + x, %s + y)?.closest('.map canvas'))`, at.X, at.Y)
		if free {
			return at
		}
	}
	v.Fatalf("%s %s is nowhere in sight", level, code)
	return browsertest.Point{}
}

// walkCard: a card follows the pointer and tells of the unit under it what the API tells.
func walkCard(v *visit) {
	seen := v.look(middleLongitude, middleLatitude, v.whole(), "")
	v.closeLegend()
	f := v.pick(seen)
	v.PointAt(v.spot(seen, "commune", lastDay, f.Code))
	v.says(".card.hover", v.lines(f)...)
	v.PointAt(browsertest.Point{X: seen.left + 30, Y: seen.top + seen.height - 8})
	v.Until(`!document.querySelector('.card.hover')`)
}

// pick is a unit with data that is well in sight.
func (v *visit) pick(seen camera) figure {
	v.Helper()
	answered := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"})
	inside := v.demo.inside(v.T, "commune", lastDay)
	best, nearest := figure{}, 1e9
	for _, f := range answered.Figures {
		if f.Value == nil {
			continue
		}
		for _, p := range inside[f.Code][:1] {
			x, y := seen.pixel(p.longitude, p.latitude)
			if away := max(x-seen.width/2, seen.width/2-x) + max(y-seen.height/2, seen.height/2-y); away < nearest {
				best, nearest = f, away
			}
		}
	}
	return best
}

// lines is what a card says of a unit.
func (v *visit) lines(f figure) []string {
	said := []string{f.FullName, v.share(*f.Value) + " " + v.say("measure.SHARE"), v.say("card.gap", "households", v.number(*f.GapHouseholds, 0)),
		v.say("card.teams", "teams", v.number(f.Teams, 0), "members", v.number(f.Members, 0), "addresses", v.number(f.Addresses, 0))}
	if f.ShareLow != nil {
		said = append(said, v.say("card.bounds", "low", v.share(*f.ShareLow), "high", v.share(*f.ShareHigh)))
	}
	return said
}

// walkDrill: a click chooses a unit, its card's button goes into it, the units above lead back, and so does the browser's own button.
func walkDrill(v *visit) {
	seen := v.look(middleLongitude, middleLatitude, v.whole(), "")
	v.closeLegend()
	f := v.pick(seen)
	v.ClickAt(v.spot(seen, "commune", lastDay, f.Code))
	v.at("unit", "COMMUNE:"+f.Code, "panel", "unit")
	v.says(".card.chosen", v.lines(f)...)
	v.Click("button", v.say("card.enter"))
	v.at("within", "COMMUNE:"+f.Code)
	v.says(".path", f.FullName)
	// Inside, the classes are those of all hamlets of the province: a colour means what it meant outside.
	hamlets := map[string]any{"asOf": lastDay, "measure": "SHARE", "level": "HAMLET"}
	classes := v.demo.coverageMap(v.T, hamlets)
	hamlets["within"] = map[string]string{"level": "COMMUNE", "code": f.Code}
	v.legendLines(v.counted(classes, v.demo.coverageMap(v.T, hamlets), false))
	v.drawn()
	v.Do(back)
	v.at("within", "")
	v.says(".path", "tỉnh Cà Mau")
	v.Do(forward)
	v.at("within", "COMMUNE:"+f.Code)
	v.ClickAt(v.Spot(".path li button"))
	v.at("within", "", "unit", "")
	v.drawn()
	v.legend(v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"}), v.share)
}

// walkAddresses: near enough, each address is a dot with the mark of its household's status.
func walkAddresses(v *visit) {
	var page struct {
		Addresses struct {
			Nodes []struct {
				Kind     string
				Status   *string
				Position struct{ Coordinates [2]float64 }
			}
		}
	}
	v.demo.ask(v.T, &page, `query ($day: Date!) { addresses(first: 1000, asOf: $day, bbox: {west: 105.13, south: 9.16, east: 105.17, north: 9.20}) {
		nodes { kind status(asOf: $day) position } } }`, map[string]any{"day": lastDay})
	fills := map[string]colour{"GUIDED": hex(v.T, "#0072b2"), "NOT_VISITED": hex(v.T, "#d55e00"), "ATTEMPTED": hex(v.T, "#ffffff"), "UNKNOWN": hex(v.T, "#ffffff"), "INELIGIBLE": hex(v.T, "#9aa7ae")}
	seen := v.look(105.15, 9.18, 14.5, "")
	places, statuses := []place{}, []string{}
	for _, n := range page.Addresses.Nodes {
		p := place{n.Position.Coordinates[0], n.Position.Coordinates[1]}
		if x, y := seen.pixel(p.longitude, p.latitude); n.Status != nil && seen.inside(x, y) {
			places, statuses = append(places, p), append(statuses, *n.Status)
		}
	}
	v.Eventually(func() error {
		right, all := map[string]int{}, map[string]int{}
		for i, is := range v.colours(seen, places) {
			if is == unseen {
				continue
			}
			all[statuses[i]]++
			if is.near(fills[statuses[i]], 24) {
				right[statuses[i]]++
			}
		}
		if all["GUIDED"] == 0 || len(all) < 3 {
			return fmt.Errorf("there is too little in sight: %v", all)
		}
		for status, n := range all {
			if right[status]*2 < n {
				return fmt.Errorf("%d of %d dots of %s have its colour", right[status], n, status)
			}
		}
		return nil
	})
	// The legend takes them off the map.
	v.openLegend()
	for _, status := range []string{"GUIDED", "ATTEMPTED", "NOT_VISITED", "UNKNOWN", "INELIGIBLE"} {
		v.says(".legend .statuses", v.say("status."+status))
	}
	v.Click("checkbox", v.say("layer.addresses"))
	v.closeLegend()
	v.drawn()
	v.Eventually(func() error {
		for i, is := range v.colours(seen, places) {
			if is.near(fills["GUIDED"], 12) && statuses[i] == "GUIDED" {
				return fmt.Errorf("a dot is still there")
			}
		}
		return nil
	})
}

// walkPoints: teams and service points come onto the map where the legend is told so, with their signs.
func walkPoints(v *visit) {
	v.look(105.15, 9.18, 12, "layers=")
	signs := map[string]colour{"teams": hex(v.T, "#7a1f6b"), "service_points": hex(v.T, "#8a1c1c")}
	count := func(c colour) (n int) {
		picture := v.picture()
		for y := range picture.Bounds().Dy() {
			for x := range picture.Bounds().Dx() {
				if colourAt(picture, x, y).near(c, 10) {
					n++
				}
			}
		}
		return n
	}
	v.closeLegend() // which has the signs too
	for _, layer := range []string{"teams", "service_points"} {
		if n := count(signs[layer]); n > 0 {
			v.Errorf("%d pixels of %s are there before they are asked for", n, layer)
		}
		v.openLegend()
		v.Click("checkbox", v.say("layer."+layer))
		v.closeLegend()
		v.Eventually(func() error {
			if n := count(signs[layer]); n < 20 {
				return fmt.Errorf("%d pixels of %s", n, layer)
			}
			return nil
		})
	}
	v.at("layers", "teams,service_points")
}

// walkRemote: only remote units are coloured and counted.
func walkRemote(v *visit) {
	v.open("level=HAMLET")
	v.openLegend()
	v.Click("checkbox", v.say("legend.remoteOnly"))
	v.at("remoteOnly", "true")
	all := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE", "level": "HAMLET"})
	remote := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE", "level": "HAMLET", "remoteOnly": true})
	if remote.UnitCount == 0 || remote.UnitCount >= all.UnitCount {
		v.Fatalf("%d of %d hamlets are remote", remote.UnitCount, all.UnitCount)
	}
	v.drawn()
	v.Until(`[...document.querySelectorAll('.legend ul:first-of-type b')].reduce((sum, one) => sum + Number(one.textContent), 0) === %s`, remote.UnitCount)
}

// walkDay: the slider moves the day by keyboard, the figures follow, and the classes stay what they were.
func walkDay(v *visit) {
	v.open("asOf=2026-06-30")
	was := v.demo.coverageMap(v.T, map[string]any{"asOf": "2026-06-30", "measure": "SHARE"})
	v.legend(was, v.share)
	v.Until(`(() => { const slider = document.querySelector('.day input[type=range]'); slider?.focus(); return document.activeElement === slider })()`)
	v.Press(kb.ArrowLeft)
	v.at("asOf", "2026-06-29", "classesAsOf", "2026-06-30")
	v.says(".day", v.day(v.T, "2026-06-29"))
	is := v.demo.coverageMap(v.T, map[string]any{"asOf": "2026-06-29", "measure": "SHARE"})
	v.legendLines(v.counted(was, is, true))
	// Home is the first day with data.
	v.Press(kb.Home)
	v.at("asOf", "2022-04-01", "classesAsOf", "2026-06-30")
	v.legendLines(v.counted(was, v.demo.coverageMap(v.T, map[string]any{"asOf": "2022-04-01", "measure": "SHARE"}), true))
	v.drawn()
}

// counted is the legend of figures in the classes of others. Those of another day are open at both ends.
func (v *visit) counted(classes, figures answeredMap, open bool) (lines []string) {
	counts := make([]int, len(classes.Legend))
	for _, f := range figures.Figures {
		if f.Value == nil {
			continue
		}
		in := 0
		for i, c := range classes.Legend {
			if *f.Value >= c.Lower {
				in = i
			}
		}
		counts[in]++
	}
	for i, c := range classes.Legend {
		text := v.share(c.Lower) + " – " + v.share(c.Upper)
		switch {
		case open && i == 0:
			text = v.say("legend.under", "upper", v.share(c.Upper))
		case open && i == len(classes.Legend)-1:
			text = v.say("legend.from", "lower", v.share(c.Lower))
		}
		lines = append(lines, fmt.Sprintf("%s\t%d", text, counts[i]))
	}
	return append(lines, fmt.Sprintf("%s\t%d", v.say("data.none"), figures.none()))
}

// walkPlay: play moves the day by itself from where it is, month by month, and stops.
func walkPlay(v *visit) {
	v.open("asOf=2026-03-15")
	v.There("slider", v.say("day.label"))
	v.Click("button", v.say("day.play"))
	v.Until(`new URLSearchParams(location.search).get('asOf') > '2026-03-15'`)
	v.Click("button", v.say("day.stop"))
	v.There("button", v.say("day.play"))
	day := v.query().Get("asOf")
	if !strings.HasPrefix(day, "2026-0") && day != "" {
		v.Errorf("play went to %s", day)
	}
	v.drawn()
	v.Until(`new URLSearchParams(location.search).has('classesAsOf')`)
}

// walkBoundaries: the map is on boundaries before the merger, with the figures of today carried over to them, and back.
func walkBoundaries(v *visit) {
	v.open("")
	v.openLegend()
	v.Choose(v.say("legend.boundaries"), v.say("legend.since", "day", v.day(v.T, "2024-12-01")))
	v.at("boundariesAsOf", "2024-12-01")
	was := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "boundariesAsOf": "2024-12-01", "measure": "SHARE"})
	is := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"})
	if was.UnitCount == is.UnitCount {
		v.Fatalf("%d communes before and after", was.UnitCount)
	}
	v.legend(was, v.share)
	v.drawn()
	v.Choose(v.say("legend.level"), v.say("level.DISTRICT"))
	v.legend(v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "boundariesAsOf": "2024-12-01", "measure": "SHARE", "level": "DISTRICT"}), v.share)
	v.drawn()
	v.Choose(v.say("legend.level"), v.say("level.COMMUNE"))
	v.Choose(v.say("legend.boundaries"), v.say("legend.ofTheDay"))
	v.at("boundariesAsOf", "")
	v.legend(is, v.share)
	v.drawn()
}

// walkTable: the table says of every unit what the API says, in the order of its column, and the map's units can be chosen there.
func walkTable(v *visit) {
	answered := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"})
	v.open("")
	v.closeLegend()
	v.Click("button", v.say("map.showTable"))
	v.at("table", "true")
	v.Eventually(func() error {
		var rows [][]string
		v.Eval(&rows, `(() => {
			const box = document.querySelector('.table')
			if (box) box.style.cssText = 'flex: none; height: 6000px; max-height: none' // so that every row is there
			return [...document.querySelectorAll('.table tbody tr:not([aria-hidden])')].map((row) => [row.querySelector('.link').innerText, row.children[1].innerText.replace(/\u00a0/g, ' ')])
		})()`)
		if len(rows) != answered.UnitCount {
			return fmt.Errorf("%d rows of %d", len(rows), answered.UnitCount)
		}
		seen := map[string]string{}
		for _, row := range rows {
			seen[row[0]] = row[1]
		}
		for _, f := range answered.Figures {
			want := v.say("data.none")
			if f.Value != nil {
				want = v.share(*f.Value)
			}
			if seen[f.FullName] != want {
				return fmt.Errorf("the table says %q of %s, the API %q", seen[f.FullName], f.FullName, want)
			}
		}
		return nil
	})
	v.Eval(nil, `void (document.querySelector('.table').style.cssText = '')`)
	v.Until(`document.querySelectorAll('.table th[aria-sort="ascending"]').length === 1`)
	v.Click("button", v.say("measure.SHARE"))
	v.Until(`document.querySelectorAll('.table th')[1].ariaSort !== 'none'`)
	v.Click("button", v.say("map.showMap"))
	v.at("table", "")
	v.drawn()
}

// walkMeasure: another measure has the classes and counts of the API, written in its own unit.
func walkMeasure(v *visit) {
	v.open("")
	v.openLegend()
	for measure, digits := range map[string]int{"GAP_HOUSEHOLDS": 0, "REMOTENESS": 2, "HOUSEHOLDS_PER_MEMBER": 1} {
		v.Choose(v.say("legend.measure"), v.say("measure."+measure))
		v.at("measure", measure)
		v.legend(v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": measure}), func(value float64) string { return v.number(value, digits) })
		v.drawn()
	}
}

// walkLanguage: one button turns everything into the other language, in the address too, and the document says so.
func walkLanguage(v *visit) {
	other := newWords(v.T, map[string]string{"vi": "en", "en": "vi"}[v.language])
	v.open("")
	if v.phone() { // there it is in the menu
		v.ClickAt(v.Spot(`.tool[title="` + v.say("menu.open") + `"]`))
	}
	v.Click("button", v.say("app.language"))
	v.at("lang", map[string]string{"vi": "", "en": "en"}[other.language])
	v.Until(`document.documentElement.lang === %s`, other.language)
	v.says("header", other.say("data.synthetic"))
	v.There("button", other.say("map.showTable"))
	v.There("slider", other.say("day.label"))
}
