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

var coverageFields = []string{"basis", "guided", "attempted", "notVisited", "ineligible", "unknown", "share", "shareLow", "shareHigh", "gapHouseholds",
	"addresses", "teams", "members", "householdsPerMember", "lastVisitOn", "apportioned", "note"}

// TestExport asks for every file as a planner would, and holds it against the API's own answers and plain counts.
func TestExport(t *testing.T) {
	t.Parallel()
	h, raw := loaded(t)
	for name, test := range map[string]func(*testing.T, http.Handler, *sql.DB){
		"coverage": testExportCoverage, "gaps": testExportGaps, "addresses": testExportAddresses, "gap areas": testExportGapAreas,
		"quality": testExportQuality, "plan": testExportPlan,
		"formats": testExportFormats, "refused": testExportRefused, "kept": testExportKept,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h, raw)
		})
	}
}

func testExportCoverage(t *testing.T, h http.Handler, raw *sql.DB) {
	for _, c := range []struct{ arguments, input string }{
		{"level=PROVINCE&asOf=2024-09-30", `level: PROVINCE, asOf: "2024-09-30"`},
		{"level=district&asOf=2024-09-30&measure=GAP_HOUSEHOLDS&classes=3", `level: DISTRICT, asOf: "2024-09-30", measure: GAP_HOUSEHOLDS, classes: 3`},
		{"level=COMMUNE&asOf=2024-09-30&bbox=104.8,8.6,105.1,9.0", `level: COMMUNE, asOf: "2024-09-30", bbox: {west: 104.8, south: 8.6, east: 105.1, north: 9.0}`},
		{"level=COMMUNE&asOf=2025-07-01&measure=PRIORITY&classification=JENKS", `level: COMMUNE, asOf: "2025-07-01", measure: PRIORITY, classification: JENKS`},
		{"level=COMMUNE&asOf=2024-09-30&boundariesAsOf=2025-07-01", `level: COMMUNE, asOf: "2024-09-30", boundariesAsOf: "2025-07-01"`},
		{"level=DISTRICT&asOf=2026-01-01&boundariesAsOf=2024-09-30", `level: DISTRICT, asOf: "2026-01-01", boundariesAsOf: "2024-09-30"`},
		{"level=HAMLET&asOf=2024-09-30&remoteOnly=true", `level: HAMLET, asOf: "2024-09-30", remoteOnly: true`},
		{`level=HAMLET&asOf=2022-12-31&within={"level":"DISTRICT","code":"972"}&measure=SERVICE_SHARE&service=online_public_service`,
			`level: HAMLET, asOf: "2022-12-31", within: {level: DISTRICT, code: "972"}, measure: SERVICE_SHARE, service: "online_public_service"`},
	} {
		arguments, err := url.ParseQuery(c.arguments)
		if err != nil {
			t.Fatal(err)
		}
		rows := exported(t, h, "coverage", arguments)
		m := answer(t, h, "{coverageMap(input: {"+c.input+"}) {features snapshot}}")["coverageMap"].(map[string]any)
		features := m["features"].(map[string]any)["features"].([]any)
		if len(rows) != len(features) || len(rows) == 0 {
			t.Fatalf("%s: %d rows, %d features", c.arguments, len(rows), len(features))
		}
		for i, f := range features {
			p := f.(map[string]any)["properties"].(map[string]any)
			compareCells(t, c.arguments, rows[i], p, "code", "name", "fullName", "parentCode", "value", "class", "share", "shareLow", "shareHigh",
				"guided", "gapHouseholds", "addresses", "teams", "members", "remote", "index")
			if rows[i]["asOf"] != arguments.Get("asOf") || rows[i]["snapshot"] != m["snapshot"] || rows[i]["synthetic"] != "true" {
				t.Errorf("the row says it is of %s, %s, %s", rows[i]["asOf"], rows[i]["snapshot"], rows[i]["synthetic"])
			}
			if i%9 == 0 {
				boundaries := rows[i]["boundariesAsOf"]
				unit := answer(t, h, fmt.Sprintf(`{adminUnit(level: %s, code: %q, asOf: %q) {areaKm2 coverage(asOf: %q, boundariesAsOf: %[3]q) {services {service {code} households} %[5]s}
					remoteness {serviceDistanceMetres teamDistanceMetres addressesPerKm2 designated}}}`,
					rows[i]["level"], rows[i]["code"], boundaries, rows[i]["asOf"], strings.Join(coverageFields, " ")))["adminUnit"].(map[string]any)
				compareCells(t, c.arguments, rows[i], unit["coverage"].(map[string]any), coverageFields...)
				compareCells(t, c.arguments, rows[i], unit, "areaKm2")
				services := unit["coverage"].(map[string]any)["services"].([]any)
				for _, one := range services {
					s := one.(map[string]any)
					if code := s["service"].(map[string]any)["code"].(string); rows[i]["services_"+code] != shown(s["households"]) {
						t.Errorf("%s: %s uses %s in %s households, want %v", c.arguments, rows[i]["code"], code, rows[i]["services_"+code], s["households"])
					}
				}
				if len(services) < 5 {
					t.Errorf("%d services", len(services))
				}
				if r, ok := unit["remoteness"].(map[string]any); ok {
					compareCells(t, c.arguments, rows[i], r, "serviceDistanceMetres", "teamDistanceMetres", "addressesPerKm2", "designated")
				}
			}
		}
	}
	// The province's guided households, counted over the raw visits.
	var guided string
	err := raw.QueryRowContext(t.Context(), `select count(distinct h.code)::text from household h join visit v on v.household_code = h.code
		where v.outcome = 'guided' and v.visited_on <= '2024-09-30' and h.registered_on <= '2024-09-30' and coalesce(h.ended_on, 'infinity') > '2024-09-30'`).Scan(&guided)
	if err != nil {
		t.Fatal(err)
	}
	if got := exported(t, h, "coverage", url.Values{"level": {"PROVINCE"}, "asOf": {"2024-09-30"}})[0]["guided"]; got != guided {
		t.Errorf("%s guided, %s by the visits", got, guided)
	}
}

func testExportGaps(t *testing.T, h http.Handler, _ *sql.DB) {
	for _, c := range []struct{ arguments, filter string }{
		{"asOf=2024-09-30", ""},
		{"asOf=2024-09-30&boundariesAsOf=2025-07-01", `boundariesAsOf: "2025-07-01", `},
		{"asOf=2024-09-30&reasons=NO_TEAM,out_of_reach&target=0.5&teamReachMetres=2000&remoteOnly=false",
			`filter: {reasons: [NO_TEAM, OUT_OF_REACH], target: 0.5, teamReachMetres: 2000}, `},
		{"asOf=2025-07-01&minGapHouseholds=5&staleAfterMonths=3&maxHouseholdsPerMember=10&within=PROVINCE:96&lang=en",
			`filter: {minGapHouseholds: 5, staleAfterMonths: 3, maxHouseholdsPerMember: 10, within: {level: PROVINCE, code: "96"}}, `},
	} {
		arguments, err := url.ParseQuery(c.arguments)
		if err != nil {
			t.Fatal(err)
		}
		sentence := "sentenceVi"
		if arguments.Get("lang") == "en" {
			sentence = "sentenceEn"
		}
		rows := exported(t, h, "gaps", arguments)
		page := answer(t, h, fmt.Sprintf(`{coverageGaps(%s asOf: %q, first: 1000) {totalCount nodes {priority reasons unit {code fullName parent {code}}
			explanations {%[3]s} actions {%[3]s} coverage {%[4]s} remoteness {index remote teamDistanceMetres}}}}`,
			c.filter, arguments.Get("asOf"), sentence, strings.Join(coverageFields, " ")))["coverageGaps"].(map[string]any)
		nodes := page["nodes"].([]any)
		if len(rows) != len(nodes) || float64(len(rows)) != page["totalCount"] || len(rows) == 0 {
			t.Fatalf("%s: %d rows, %d gaps of %v", c.arguments, len(rows), len(nodes), page["totalCount"])
		}
		for i, n := range nodes {
			node := n.(map[string]any)
			unit := node["unit"].(map[string]any)
			compareCells(t, c.arguments, rows[i], unit, "code", "fullName")
			compareCells(t, c.arguments, rows[i], node["coverage"].(map[string]any), coverageFields...)
			compareCells(t, c.arguments, rows[i], node, "priority")
			if rows[i]["communeCode"] != unit["parent"].(map[string]any)["code"] {
				t.Errorf("%s lies in %s", rows[i]["code"], rows[i]["communeCode"])
			}
			join := func(list any, field string) string {
				var texts []string
				for _, one := range list.([]any) {
					if object, ok := one.(map[string]any); ok {
						one = object[field]
					}
					texts = append(texts, one.(string))
				}
				return strings.Join(texts, map[bool]string{true: "; ", false: " "}[field == ""])
			}
			if rows[i]["reasons"] != join(node["reasons"], "") || rows[i]["explanations"] != join(node["explanations"], sentence) || rows[i]["actions"] != join(node["actions"], sentence) {
				t.Errorf("%s: %q %q %q, want %v", rows[i]["code"], rows[i]["reasons"], rows[i]["explanations"], rows[i]["actions"], node)
			}
		}
	}
}

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
