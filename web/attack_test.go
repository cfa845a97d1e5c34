package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"vunglom/disclosure"
	"vunglom/disclosure/attacker"
	"vunglom/graph"
	"vunglom/web"
)

// The columns of what is published of households, and what follows from it.
var attackColumns = []string{"guided", "attempted", "notVisited", "ineligible", "unknown", "addresses"}

// attackedUnit is a unit on a day with the figures that were answered, null left out.
type attackedUnit struct {
	id, level, code, parent string
	figures                 map[string]int
}

func (u *attackedUnit) name() string { return u.level + " " + u.code }

// TestNobodyWorksOutWhatIsHidden plays the attacker: asks, without a token, for everything about every unit on every month end, by units, maps,
// trends and tiles, on both sides of the reform, and works out what each count can be, with what must be true of counts besides. Of no
// count under the base are there fewer than three possibilities. The same attacker finds counts where they are exact, or left out where they are small.
func TestNobodyWorksOutWhatIsHidden(t *testing.T) {
	t.Parallel()
	d, _ := demoed(t)
	everybody := web.New(web.Options{DB: d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), GraphQL: graph.NewHandler(d, graph.Options{RequestID: web.RequestID})})
	signedIn, _ := served(d)
	published, err := d.Publications(t.Context())
	if err != nil || len(published) != 1 || published[0].First == nil {
		t.Fatalf("%+v, %v", published, err)
	}
	base := published[0].Base
	if base != disclosure.DefaultBase {
		t.Fatalf("the base is %d", base)
	}
	var days []string
	for day := *published[0].First; !day.After(*published[0].Last); day = day.AddDate(0, 0, 1) {
		if day.AddDate(0, 0, 1).Day() == 1 {
			days = append(days, day.Format(time.DateOnly))
		}
	}
	told, exact := map[string][]attackedUnit{}, map[string][]attackedUnit{}
	for _, day := range days {
		told[day] = attackUnits(t, everybody, day)
		exact[day] = attackUnits(t, signedIn, day)
		if len(told[day]) != len(exact[day]) || len(told[day]) < 20 {
			t.Fatalf("%s: %d units and %d", day, len(told[day]), len(exact[day]))
		}
	}
	for _, day := range []string{days[0], days[len(days)/2], "2025-06-30", "2025-07-31", days[len(days)-1]} {
		attackElsewhere(t, everybody, day, told[day])
	}
	attackTrends(t, everybody, told, days)

	// The attacker knows how it was rounded: a figure stands for everything less than the base away.
	k := attackKnowledge(told, days, func(figure int) (int, int) { return max(figure-base+1, 0), figure + base - 1 })
	low, high := k.Bounds()
	hidden, fewest := 0, attacker.Infinity
	for _, day := range days {
		for _, truth := range exact[day] {
			for column, n := range attackTruth(&truth) {
				count := k.Count(attackName(day, truth.name(), column))
				if n < low[count] || n > high[count] {
					t.Fatalf("the attacker is wrong: %s is %d, not %d to %d", k.Name(count), n, low[count], high[count])
				}
				if n < base {
					hidden++
					fewest = min(fewest, high[count]-low[count]+1)
					if high[count]-low[count] < 2 {
						t.Errorf("%s is found: %d to %d", k.Name(count), low[count], high[count])
					}
				}
			}
		}
	}
	t.Logf("%d counts, %d of them under %d: at least %d possibilities each", k.Counts(), hidden, base, fewest)
	if hidden < 1000 {
		t.Errorf("only %d counts are under the base", hidden)
	}
	t.Run("by all that is known at once", func(t *testing.T) {
		for _, two := range [][]string{{"2025-06-30", "2025-07-31"}, days[len(days)-2:]} {
			attackExactly(t, told, exact, two, base)
		}
	})
	t.Run("exact counts are found", func(t *testing.T) {
		k := attackKnowledge(exact, days, func(figure int) (int, int) { return figure, figure })
		low, high := k.Bounds()
		for count := range k.Counts() {
			if low[count] != high[count] {
				t.Fatalf("%s is %d to %d", k.Name(count), low[count], high[count])
			}
		}
	})
	t.Run("counts that are only left out are found", func(t *testing.T) {
		k := attackKnowledge(exact, days, func(figure int) (int, int) { // what is under the base is said to be, and what is 0
			if figure > 0 && figure < base {
				return 1, base - 1
			}
			return figure, figure
		})
		low, high := k.Bounds()
		found := 0
		for _, day := range days {
			for _, truth := range exact[day] {
				for column, n := range attackTruth(&truth) {
					if count := k.Count(attackName(day, truth.name(), column)); n > 0 && n < base && low[count] == high[count] {
						found++
					}
				}
			}
		}
		t.Logf("%d counts of 1 to %d are found", found, base-1)
		if found == 0 {
			t.Error("nothing that is left out is found: this attacker finds nothing")
		}
	})
}

// attackUnits asks about every unit valid on a day.
func attackUnits(t *testing.T, h http.Handler, day string) []attackedUnit {
	t.Helper()
	var units []attackedUnit
	after := "null"
	for {
		page := answer(t, h, fmt.Sprintf(`{adminUnits(asOf: %q, first: 1000, after: %s) {pageInfo {hasNextPage endCursor} nodes {id level code parent {level code}
			coverage {asOf boundariesAsOf basis guided attempted notVisited ineligible unknown addresses share shareLow shareHigh gapHouseholds lastVisitOn apportioned}}}}`, day, after))["adminUnits"].(map[string]any)
		for _, n := range page["nodes"].([]any) {
			unit := n.(map[string]any)
			u := attackedUnit{id: unit["id"].(string), level: unit["level"].(string), code: unit["code"].(string), figures: map[string]int{}}
			if parent, has := unit["parent"].(map[string]any); has {
				u.parent = parent["level"].(string) + " " + parent["code"].(string)
			}
			c := unit["coverage"].(map[string]any)
			if c["asOf"] != day || c["boundariesAsOf"] != day {
				t.Fatalf("%s on %s is answered as of %v on the boundaries of %v", u.name(), day, c["asOf"], c["boundariesAsOf"])
			}
			for _, column := range attackColumns {
				if figure, known := c[column].(float64); known {
					u.figures[column] = int(figure)
				}
			}
			if c["basis"] != "REGISTER" { // nobody on the register that is told of
				for _, column := range attackColumns[:4] {
					u.figures[column] = 0
				}
			}
			units = append(units, u)
		}
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			return units
		}
		cursor, _ := json.Marshal(info["endCursor"])
		after = string(cursor)
	}
}

// attackElsewhere asks for the same figures by other ways: no way may tell another figure, which would be a second draw.
func attackElsewhere(t *testing.T, h http.Handler, day string, units []attackedUnit) {
	t.Helper()
	for _, level := range []string{"PROVINCE", "DISTRICT", "COMMUNE", "HAMLET"} {
		byCode := map[string]attackedUnit{}
		for _, u := range units {
			if u.level == level {
				byCode[u.code] = u
			}
		}
		if len(byCode) == 0 {
			continue
		}
		same := func(way string, properties map[string]any) {
			u := byCode[properties["code"].(string)]
			for property, column := range map[string]string{"guided": "guided", "attempted": "attempted", "notVisited": "notVisited", "ineligible": "ineligible", "addresses": "addresses"} {
				if figure, has := properties[property].(float64); has && int(figure) != u.figures[column] {
					t.Errorf("%s on %s: %s is %v by %s, %d by the unit", u.name(), day, property, figure, way, u.figures[column])
				}
			}
			gap, reachable := u.figures["attempted"]+u.figures["notVisited"]+u.figures["unknown"], u.figures["guided"]+u.figures["attempted"]+u.figures["notVisited"]
			if figure, has := properties["gapHouseholds"].(float64); has && int(figure) != gap {
				t.Errorf("%s on %s: gapHouseholds are %v by %s, %d by the unit", u.name(), day, figure, way, gap)
			}
			if share, has := properties["share"].(float64); has && (reachable < 2*disclosure.DefaultBase || share != float64(u.figures["guided"])/float64(reachable)) {
				t.Errorf("%s on %s: the share is %v by %s, of published %d", u.name(), day, share, way, reachable)
			}
			for _, property := range []string{"index", "remote", "lastVisitOn", "priority", "reasons", "gap", "serviceShare"} {
				if properties[property] != nil {
					t.Errorf("%s on %s: %s tells %s: %v", u.name(), day, way, property, properties[property])
				}
			}
		}
		for _, measure := range []string{"SHARE", "GAP_HOUSEHOLDS", "HOUSEHOLDS_PER_MEMBER"} {
			drawn := answer(t, h, fmt.Sprintf(`{coverageMap(input: {level: %s, asOf: %q, measure: %s, classes: 9, zoom: 4}) {asOf features legend {lower upper count} integrity {total sumOfUnits unassigned holds}}}`, level, day, measure))["coverageMap"].(map[string]any)
			features := drawn["features"].(map[string]any)["features"].([]any)
			if len(features) != len(byCode) || drawn["asOf"] != day {
				t.Errorf("%s on %s: %d features of %v", level, day, len(features), drawn["asOf"])
			}
			var values []float64
			for _, f := range features {
				properties := f.(map[string]any)["properties"].(map[string]any)
				same("map", properties)
				value, has := properties["value"].(float64)
				if !has {
					continue
				}
				values = append(values, value)
				if by := map[string]string{"SHARE": "share", "GAP_HOUSEHOLDS": "gapHouseholds"}[measure]; by != "" && properties[by] != properties["value"] {
					t.Errorf("%v on %s is drawn by %v, not by its %s", properties["code"], day, value, by)
				}
			}
			legendTellsNoMore(t, level+" "+measure+" on "+day, drawn["legend"].([]any), values)
		}
		for _, f := range tiled(t, h, "units", tileAt(105, 9, 6), url.Values{"asOf": {day}, "level": {level}, "figures": {"published"}})["units"] {
			same("tile", f.Properties)
		}
	}
}

// legendTellsNoMore fails the test where a legend is not made of the values drawn beside it: each bound is one of them, and each count is of them.
func legendTellsNoMore(t *testing.T, what string, legend []any, values []float64) {
	t.Helper()
	if (len(legend) == 0) != (len(values) == 0) {
		t.Errorf("%s: %d classes of %d values", what, len(legend), len(values))
	}
	for i, c := range legend {
		class := c.(map[string]any)
		lower, upper, in := class["lower"].(float64), class["upper"].(float64), 0
		for _, v := range values {
			if lower <= v && (v < upper || i == len(legend)-1 && v == upper) {
				in++
			}
		}
		if !slices.Contains(values, lower) || !slices.Contains(values, upper) || float64(in) != class["count"] {
			t.Errorf("%s: a class of %v from %v to %v, %d of the values drawn", what, class["count"], lower, upper, in)
		}
	}
}

// attackTrends asks for the trends of some units.
func attackTrends(t *testing.T, h http.Handler, told map[string][]attackedUnit, days []string) {
	t.Helper()
	last := days[len(days)-1]
	points := 0
	for i, u := range told[last] {
		if u.level == "HAMLET" && i%7 > 0 {
			continue
		}
		for _, p := range answer(t, h, fmt.Sprintf(`{coverageTrend(unit: {level: %s, code: %q}, from: %q, to: %q) {asOf basis guided attempted notVisited ineligible unknown addresses}}`, u.level, u.code, days[0], last))["coverageTrend"].([]any) {
			point := p.(map[string]any)
			on := told[point["asOf"].(string)]
			i := slices.IndexFunc(on, func(other attackedUnit) bool { return other.id == u.id })
			if i < 0 {
				t.Errorf("the trend of %s has %v, when it was not there", u.name(), point["asOf"])
				continue
			}
			points++
			for _, column := range attackColumns {
				if figure, has := point[column].(float64); has && int(figure) != on[i].figures[column] {
					t.Errorf("the trend of %s tells %v %s on %v, the unit %d", u.name(), figure, column, point["asOf"], on[i].figures[column])
				}
			}
		}
	}
	if points < len(days) {
		t.Errorf("trends of %d points", points)
	}
}

// attackTruth are the true counts of a unit, by the names that attackKnowledge gives them.
func attackTruth(u *attackedUnit) map[string]int {
	counts := map[string]int{}
	for _, column := range attackColumns[:5] {
		counts[column] = u.figures[column]
	}
	counts["occupied"] = u.figures["addresses"] - u.figures["unknown"]
	counts["addresses"] = u.figures["addresses"]
	return counts
}

func attackName(day, unit, column string) string { return day + " " + unit + " " + column }

// attackKnowledge is what follows from figures, by what a figure may stand for: about each unit's counts, that units are made up of their
// parts and of what is in no part, that whoever lives at an address is on the register, and that addresses do not change from day to day.
func attackKnowledge(figures map[string][]attackedUnit, days []string, stands func(figure int) (low, high int)) *attacker.Knowledge {
	k := &attacker.Knowledge{}
	before := map[string]int{} // of each hamlet on the day before, its addresses
	for _, day := range days {
		parts := map[string][]string{}
		now := map[string]int{}
		for _, u := range figures[day] {
			if u.parent != "" {
				parts[u.parent] = append(parts[u.parent], u.name())
			}
		}
		for _, u := range figures[day] {
			counts := map[string]int{}
			for _, column := range []string{"guided", "attempted", "notVisited", "ineligible", "unknown", "occupied", "addresses"} {
				counts[column] = k.Count(attackName(day, u.name(), column))
			}
			tell := func(sum int, of ...string) {
				low, high := stands(sum)
				var which []int
				for _, column := range of {
					which = append(which, counts[column])
				}
				k.Learn(low, high, which)
			}
			for column, figure := range attackTruth(&u) {
				tell(figure, column)
			}
			tell(u.figures["guided"]+u.figures["attempted"]+u.figures["notVisited"], "guided", "attempted", "notVisited")
			k.Learn(0, 0, []int{counts["unknown"], counts["occupied"]}, counts["addresses"])
			k.Learn(0, attacker.Infinity, []int{counts["guided"], counts["attempted"], counts["notVisited"], counts["ineligible"]}, counts["occupied"])
			if parts[u.name()] == nil {
				now[u.id] = counts["addresses"]
				if earlier, known := before[u.id]; known {
					k.Learn(0, 0, []int{earlier}, counts["addresses"])
				}
				continue
			}
			for column, whole := range counts {
				sum := []int{k.Count(attackName(day, u.name()+" rest", column))}
				for _, part := range parts[u.name()] {
					sum = append(sum, k.Count(attackName(day, part, column)))
				}
				k.Learn(0, 0, sum, whole)
			}
		}
		before = now
	}
	return k
}

// attackExactly asks a solver about some of the counts under the base, by all that two days tell together.
func attackExactly(t *testing.T, told, exact map[string][]attackedUnit, days []string, base int) {
	t.Helper()
	k := attackKnowledge(told, days, func(figure int) (int, int) { return max(figure-base+1, 0), figure + base - 1 })
	asked, most := 0, 5
	for _, day := range days {
		for i, truth := range exact[day] {
			counts := attackTruth(&truth)
			for _, column := range slices.Sorted(maps.Keys(counts)) {
				n := counts[column]
				if n >= base || n == 0 || asked >= most || i%5 > 0 {
					continue
				}
				asked++
				count := k.Count(attackName(day, truth.name(), column))
				low, high, err := k.Exact(t.Context(), t.TempDir(), count)
				if err != nil {
					t.Fatal(err)
				}
				if n < low || n > high {
					t.Fatalf("the attacker is wrong: %s is %d, not %d to %d", k.Name(count), n, low, high)
				}
				if high-low < 2 {
					t.Errorf("%s is found: %d to %d", k.Name(count), low, high)
				}
			}
		}
	}
	t.Logf("%v: %d counts tried", days, asked)
	if asked < most {
		t.Errorf("%v: only %d counts tried", days, asked)
	}
}
