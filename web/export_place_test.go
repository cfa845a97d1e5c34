package web_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func testExportAddresses(t *testing.T, h http.Handler, raw *sql.DB) {
	var total int
	if err := raw.QueryRowContext(t.Context(), "select count(*) from address").Scan(&total); err != nil {
		t.Fatal(err)
	}
	all := exported(t, h, "addresses", url.Values{"asOf": {"2024-09-30"}})
	if len(all) != total {
		t.Errorf("%d addresses in the file, %d stored", len(all), total)
	}
	for _, within := range []string{"32041", "32005"} {
		var got, want []string
		for _, row := range exported(t, h, "addresses", url.Values{"asOf": {"2024-09-30"}, "within": {"COMMUNE:" + within}, "status": {"NOT_VISITED,UNKNOWN"}}) {
			got = append(got, strings.Join([]string{row["scheme"], row["code"], row["kind"], row["status"], row["communeCode"], row["hamletCode"], row["longitude"], row["latitude"]}, " "))
		}
		after := "null"
		for {
			page := answer(t, h, fmt.Sprintf(`{addresses(within: {level: COMMUNE, code: %q}, status: [NOT_VISITED, UNKNOWN], asOf: "2024-09-30", first: 50, after: %s)
				{pageInfo {hasNextPage endCursor} nodes {scheme code kind status position commune {code} hamlet {code}}}}`, within, after))["addresses"].(map[string]any)
			for _, n := range page["nodes"].([]any) {
				a := n.(map[string]any)
				at := a["position"].(map[string]any)["coordinates"].([]any)
				code := func(unit any) string {
					if unit == nil {
						return ""
					}
					return unit.(map[string]any)["code"].(string)
				}
				want = append(want, strings.Join([]string{shown(a["scheme"]), shown(a["code"]), shown(a["kind"]), shown(a["status"]), code(a["commune"]), code(a["hamlet"]), shown(at[0]), shown(at[1])}, " "))
			}
			info := page["pageInfo"].(map[string]any)
			if info["hasNextPage"] != true {
				break
			}
			after = strconv.Quote(info["endCursor"].(string))
		}
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: %d addresses in the file, %d in the API", within, len(got), len(want))
		}
	}
}

func testExportGapAreas(t *testing.T, h http.Handler, _ *sql.DB) {
	rows := exported(t, h, "gap-areas", url.Values{"asOf": {"2024-09-30"}, "distanceMetres": {"800"}, "minHouseholds": {"3"}})
	a := answer(t, h, `{gapAreas(asOf: "2024-09-30", distanceMetres: 800, minHouseholds: 3) {households scattered areas {id households hamlets {code}
		nearestTeam {distanceMetres team {code}} nearestServicePoint {distanceMetres code}}}}`)["gapAreas"].(map[string]any)
	areas := a["areas"].([]any)
	if len(areas) != len(rows) || len(rows) == 0 {
		t.Fatalf("%d rows, %d areas", len(rows), len(areas))
	}
	for i, one := range areas {
		area := one.(map[string]any)
		id := area["id"].(string)
		if strings.HasPrefix(id, "-") {
			id = "'" + id // an id is a text too: a spreadsheet must not take it for a formula
		}
		if rows[i]["id"] != id {
			t.Errorf("area %d is %s, want %s", i, rows[i]["id"], id)
		}
		compareCells(t, "gap areas", rows[i], area, "households")
		var codes []string
		for _, u := range area["hamlets"].([]any) {
			codes = append(codes, u.(map[string]any)["code"].(string))
		}
		team, point := area["nearestTeam"].(map[string]any), area["nearestServicePoint"].(map[string]any)
		if rows[i]["hamletCodes"] != strings.Join(codes, "; ") || rows[i]["nearestTeamMetres"] != shown(team["distanceMetres"]) ||
			rows[i]["nearestTeamCode"] != team["team"].(map[string]any)["code"] || rows[i]["nearestServicePointCode"] != point["code"] ||
			rows[i]["nearestServicePointMetres"] != shown(point["distanceMetres"]) {
			t.Errorf("area %d: %v, want %v", i, rows[i], area)
		}
	}
}

func testExportPlan(t *testing.T, h http.Handler, _ *sql.DB) {
	for _, c := range []struct{ arguments, ask string }{
		{"teams=5&asOf=2024-09-30", `planTeams(input: {teams: 5, asOf: "2024-09-30"})`},
		{"teams=4&asOf=2025-07-01&within=COMMUNE:32041&reachMetres=1500&capacity=50&demand=ALL_HOUSEHOLDS&candidates=ADDRESSES&keepExisting=false&crossBorders=false",
			`planTeams(input: {teams: 4, asOf: "2025-07-01", within: {level: COMMUNE, code: "32041"}, reachMetres: 1500, capacity: 50, demand: ALL_HOUSEHOLDS, candidates: ADDRESSES, keepExisting: false, crossBorders: false})`},
		{"teams=150&share=0.5&asOf=2024-09-30", `minimumTeams(share: 0.5, input: {teams: 150, asOf: "2024-09-30"})`},
	} {
		arguments, err := url.ParseQuery(c.arguments)
		if err != nil {
			t.Fatal(err)
		}
		rows := exported(t, h, "plan", arguments)
		name, _, _ := strings.Cut(c.ask, "(")
		p := answer(t, h, "{"+c.ask+"{demand unplaced coveredByExisting covered upperBound optimalityGap sites {order gained coveredSoFar position hamlet {code fullName} commune {code}}}}")[name].(map[string]any)
		sites := p["sites"].([]any)
		if len(rows) != len(sites) || len(rows) == 0 && name == "planTeams" {
			t.Fatalf("%s: %d rows, %d sites", c.arguments, len(rows), len(sites))
		}
		for i, one := range sites {
			site := one.(map[string]any)
			compareCells(t, c.arguments, rows[i], site, "order", "gained", "coveredSoFar")
			at := site["position"].(map[string]any)["coordinates"].([]any)
			hamlet, _ := site["hamlet"].(map[string]any)
			if rows[i]["longitude"] != shown(at[0]) || rows[i]["latitude"] != shown(at[1]) || rows[i]["hamletCode"] != shown(hamlet["code"]) || rows[i]["hamletName"] != shown(hamlet["fullName"]) {
				t.Errorf("%s: site %v, want %v", c.arguments, rows[i], site)
			}
		}
		var says map[string]any
		if err := json.Unmarshal(get(t, h, "/export/plan.geojson?"+c.arguments).Body.Bytes(), &says); err != nil {
			t.Fatal(err)
		}
		for _, figure := range []string{"demand", "unplaced", "coveredByExisting", "covered", "upperBound", "optimalityGap"} {
			if says[figure] != p[figure] {
				t.Errorf("%s: %s is %v in the file, %v in the API", c.arguments, figure, says[figure], p[figure])
			}
		}
	}
}

func testExportQuality(t *testing.T, h http.Handler, _ *sql.DB) {
	rows := exported(t, h, "quality", url.Values{"asOf": {"2024-09-30"}, "staleAfterMonths": {"3"}})
	counted := map[string]int{}
	for _, row := range rows {
		counted[row["kind"]]++
		if row["table"] == "households" && row["longitude"] != "" {
			t.Errorf("a household has a position: %v", row)
		}
	}
	checks := answer(t, h, `{dataQuality(asOf: "2024-09-30", staleAfterMonths: 3) {kind count cases(first: 200) {nodes {table identity detailVi position unit {code fullName}}}}}`)["dataQuality"].([]any)
	at, found := 0, 0
	for _, one := range checks {
		check := one.(map[string]any)
		kind, count := check["kind"].(string), int(check["count"].(float64))
		if counted[kind] != count {
			t.Errorf("%s: %d rows, %d cases", kind, counted[kind], count)
		}
		for i, c := range check["cases"].(map[string]any)["nodes"].([]any) {
			row, object := rows[at+i], c.(map[string]any)
			compareCells(t, kind, row, object, "table", "identity")
			if row["kind"] != kind || row["detail"] != object["detailVi"] || row["detail"] == "" {
				t.Errorf("%s: %v, want %v", kind, row, object)
			}
			if unit, ok := object["unit"].(map[string]any); ok {
				compareCells(t, kind, row, unit, "code", "fullName")
			}
			if p, ok := object["position"].(map[string]any); ok && row["longitude"] != shown(p["coordinates"].([]any)[0]) {
				t.Errorf("%s lies at %s, want %v", row["identity"], row["longitude"], p)
			}
		}
		if at += count; count > 0 {
			found++
		}
	}
	if at != len(rows) || found < 4 {
		t.Errorf("%d rows, %d cases of %d kinds", len(rows), at, found)
	}
	if one := exported(t, h, "quality", url.Values{"asOf": {"2024-09-30"}, "kinds": {"no_address"}}); len(one) != counted["no_address"] {
		t.Errorf("%d of the kind asked for, want %d", len(one), counted["no_address"])
	}
}

// testExportScope: each file holds what the API answers within a unit and in a box, and less than of everything.
func testExportScope(t *testing.T, h http.Handler, _ *sql.DB) {
	const unit = `within: {level: COMMUNE, code: "32041"}`
	box := answer(t, h, `{adminUnit(level: COMMUNE, code: "32005", asOf: "2024-09-30") {bbox}}`)["adminUnit"].(map[string]any)["bbox"].([]any)
	rectangle := fmt.Sprintf("bbox: {west: %v, south: %v, east: %v, north: %v}", box...)
	inBox := fmt.Sprintf("%v,%v,%v,%v", box...)
	for name, c := range map[string]struct {
		arguments string // of the file, beside its scope
		query     string // of the API; %s is the scope
		column    string // of the file, which names its rows
		path      []string
	}{
		"coverage":  {"level=HAMLET", `{coverageMap(input: {level: HAMLET, asOf: "2024-09-30", %s}) {features}}`, "code", []string{"coverageMap", "features", "features", "id"}},
		"gaps":      {"target=0.9", `{coverageGaps(filter: {target: 0.9, %s}, asOf: "2024-09-30", first: 1000) {nodes {unit {code}}}}`, "code", []string{"coverageGaps", "nodes", "unit", "code"}},
		"addresses": {"status=GUIDED", `{addresses(%s, status: GUIDED, asOf: "2024-09-30", first: 1000) {nodes {code}}}`, "code", []string{"addresses", "nodes", "code"}},
		"gap-areas": {"distanceMetres=800&minHouseholds=2", `{gapAreas(%s, asOf: "2024-09-30", distanceMetres: 800, minHouseholds: 2) {areas {id}}}`, "id", []string{"gapAreas", "areas", "id"}},
		"plan": {"teams=60&reachMetres=500&keepExisting=false&crossBorders=false", `{planTeams(input: {%s, asOf: "2024-09-30", teams: 60, reachMetres: 500, keepExisting: false, crossBorders: false}) {sites {hamlet {code}}}}`,
			"hamletCode", []string{"planTeams", "sites", "hamlet", "code"}},
		"quality": {"kinds=unregistered", `{dataQuality(%s, asOf: "2024-09-30", kinds: ["unregistered"]) {cases(first: 1000) {nodes {identity}}}}`, "identity", []string{"dataQuality", "cases", "nodes", "identity"}},
	} {
		given, err := url.ParseQuery("asOf=2024-09-30&" + c.arguments)
		if err != nil {
			t.Fatal(err)
		}
		names := func(scope, value string) (names []string) {
			given.Del("within")
			given.Del("bbox")
			if scope != "" {
				given.Set(scope, value)
			}
			for _, row := range exported(t, h, name, given) {
				names = append(names, row[c.column])
			}
			return names
		}
		all := names("", "")
		for _, s := range []struct{ argument, value, asked string }{{"within", "COMMUNE:32041", unit}, {"bbox", inBox, rectangle}} {
			if name == "quality" && s.argument == "bbox" {
				continue // it takes none
			}
			got, want := names(s.argument, s.value), leaves(answer(t, h, fmt.Sprintf(c.query, s.asked)), c.path)
			if !slices.Equal(got, want) || len(got) == 0 || len(got) >= len(all) {
				t.Errorf("%s, %s: %d rows of %d, the API has %d: %.200v %.200v", name, s.argument, len(got), len(all), len(want), got, want)
			}
		}
	}
	// Borders are generalised for the zoom.
	full, far := get(t, h, "/export/gaps.geojson?asOf=2024-09-30").Body.Len(), get(t, h, "/export/gaps.geojson?asOf=2024-09-30&zoom=5").Body.Len()
	if far >= full {
		t.Errorf("gaps for zoom 5 take %d bytes, in full detail %d", far, full)
	}
}

// leaves are the values at the end of a path through objects, and through every item of the lists on it.
func leaves(at any, path []string) (found []string) {
	if list, ok := at.([]any); ok {
		for _, one := range list {
			found = append(found, leaves(one, path)...)
		}
		return found
	}
	if len(path) == 0 {
		return []string{shown(at)}
	}
	return leaves(at.(map[string]any)[path[0]], path[1:])
}
