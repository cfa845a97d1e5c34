package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
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
		"quality": testExportQuality, "plan": testExportPlan, "scope": testExportScope,
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
