package web_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"vunglom/bundle"
	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/export"
)

// loaded is a small demo province in a database of the test's own, served.
func loaded(t *testing.T) (h http.Handler, raw *sql.DB) {
	t.Helper()
	url := dbtest.URL(t)
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	folder := filepath.Join(t.TempDir(), "demo")
	if err := synthetic.Generate(t.Context(), synthetic.Options{Out: folder, Scale: 0.02}); err != nil {
		t.Fatal(err)
	}
	importFolder(t, d, folder)
	h, _ = served(d)
	return h, dbtest.SQL(t, url)
}

func importFolder(t *testing.T, d *db.DB, folder string) {
	t.Helper()
	b, err := bundle.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := d.Import(t.Context(), b, db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
}

// sheet is a file's rows, cell by the name of its column, all as text; "" is unknown.
type sheet []map[string]string

// exported gets a file as CSV with the API's names.
func exported(t *testing.T, h http.Handler, name string, arguments url.Values) sheet {
	t.Helper()
	arguments = maps.Clone(arguments)
	arguments.Set("headers", "name")
	w := get(t, h, "/export/"+name+".csv?"+arguments.Encode())
	if w.Code != http.StatusOK {
		t.Fatalf("%s?%s: %d %s", name, arguments.Encode(), w.Code, w.Body)
	}
	return readCSV(t, w.Body.Bytes())
}

func readCSV(t *testing.T, text []byte) (rows sheet) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// answer asks the API and returns what `data` holds.
func answer(t *testing.T, h http.Handler, query string) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	w := do(t, h, http.MethodPost, "/graphql", string(body), "Content-Type", "application/json")
	var a struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Errors != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return a.Data
}

// shown writes a value of an answer as a cell of a CSV with the API's names.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// compareCells compares columns with the fields of the same names.
func compareCells(t *testing.T, what string, row map[string]string, object map[string]any, names ...string) {
	t.Helper()
	for _, name := range names {
		got, there := row[name]
		if !there {
			t.Fatalf("%s: no column %s", what, name)
		}
		if got != shown(object[name]) {
			t.Errorf("%s: %s is %q in the file, %v in the API", what, name, got, object[name])
		}
	}
}

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

// testExportFormats reads every file in every format by another program or library: the same rows, in the same order.
func testExportFormats(t *testing.T, h http.Handler, _ *sql.DB) {
	for name, arguments := range map[string]string{
		"coverage": "level=HAMLET&asOf=2024-09-30", "gaps": "asOf=2024-09-30", "addresses": "asOf=2024-09-30&within=DISTRICT:972", "gap-areas": "asOf=2024-09-30&distanceMetres=800",
		"quality": "asOf=2024-09-30", "plan": "asOf=2024-09-30",
	} {
		want := readCSV(t, get(t, h, "/export/"+name+".csv?headers=name&"+arguments).Body.Bytes())
		layer := strings.ReplaceAll(name, "-", "_")
		for _, format := range []string{"xlsx", "geojson", "gpkg"} {
			w := get(t, h, "/export/"+name+"."+format+"?headers=name&"+arguments)
			if w.Code != http.StatusOK {
				t.Fatalf("%s.%s: %d %s", name, format, w.Code, w.Body)
			}
			path := filepath.Join(t.TempDir(), name+"."+format)
			if err := os.WriteFile(path, w.Body.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			var got [][]string
			switch format {
			case "xlsx":
				f, err := excelize.OpenFile(path)
				if err != nil {
					t.Fatal(err)
				}
				got, err = f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				f.Close()
			default:
				got = ogrRows(t, path, layer)
			}
			if len(got) != len(want)+1 || len(want) == 0 {
				t.Fatalf("%s.%s: %d rows, want %d", name, format, len(got)-1, len(want))
			}
			for i, row := range want {
				for j, column := range got[0] {
					cell := ""
					if j < len(got[i+1]) {
						cell = got[i+1][j]
					}
					if !sameCell(cell, row[column]) {
						t.Errorf("%s.%s, row %d: %s is %q, want %q", name, format, i, column, cell, row[column])
					}
				}
			}
		}
	}
}

// sameCell compares two programs' ways of writing a value.
func sameCell(got, want string) bool {
	want = strings.TrimPrefix(want, "'") // against formulas, in CSV alone
	if got == want {
		return true
	}
	switch want {
	case "true":
		return got == "1" || got == "TRUE"
	case "false":
		return got == "0" || got == "FALSE"
	}
	a, errA := strconv.ParseFloat(got, 64)
	b, errB := strconv.ParseFloat(want, 64)
	if errA == nil && errB == nil {
		return a == b || max(a-b, b-a) <= 1e-12*max(a, -a, 1e-9)
	}
	if errA == nil && len(want) == len("2006-01-02") { // a workbook counts days
		day, err := excelize.ExcelDateToTime(a, false)
		return err == nil && day.Format("2006-01-02") == want
	}
	return strings.ReplaceAll(got, "/", "-") == want
}

// ogrRows has GDAL read a layer and write it as CSV.
func ogrRows(t *testing.T, path, layer string) [][]string {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed: .ci/install test")
	}
	out := filepath.Join(t.TempDir(), "out.csv")
	if text, err := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "CSV", "-lco", "STRING_QUOTING=IF_NEEDED", out, path, layer).CombinedOutput(); err != nil || len(text) > 0 {
		t.Fatalf("ogr2ogr: %v %s", err, text)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func testExportRefused(t *testing.T, h http.Handler, _ *sql.DB) {
	for path, want := range map[string]struct {
		status int
		code   string
		holds  string
	}{
		"coverage.csv?level=VILLAGE":                   {400, "BAD_INPUT", "level"},
		"coverage.csv?colour=red":                      {400, "BAD_INPUT", "asOf, bbox"},
		"coverage.csv?asOf=30/09/2024":                 {400, "BAD_INPUT", "2024-09-30"},
		"coverage.csv?asOf=2024-09-30&asOf=2024-10-01": {400, "BAD_INPUT", "asOf"},
		"coverage.csv?classes=12":                      {400, "BAD_INPUT", "classes"},
		"coverage.csv?zoom=-1":                         {400, "BAD_INPUT", "zoom"},
		"coverage.csv?measure=SERVICE_SHARE":           {400, "BAD_INPUT", "service"},
		"coverage.csv?lang=fr":                         {400, "BAD_INPUT", "vi, en"},
		"coverage.csv?within=COMMUNE":                  {400, "BAD_INPUT", "COMMUNE:32041"},
		"coverage.csv?within=COMMUNE:99999":            {404, "NOT_FOUND", "99999"},
		"coverage.csv?bbox=1,2,3":                      {400, "BAD_INPUT", "bbox"},
		"coverage.csv?bbox=105,9,104,10":               {400, "BAD_INPUT", "bbox"},
		"coverage.csv?bbox=NaN,9,104,10":               {400, "BAD_INPUT", "NaN"},
		"coverage.pdf":                                 {404, "NOT_FOUND", "csv, xlsx, geojson, gpkg"},
		"coverage":                                     {404, "NOT_FOUND", "csv, xlsx, geojson, gpkg"},
		"households.csv":                               {404, "NOT_FOUND", "addresses, coverage"},
		"gaps.xlsx?target=1.5":                         {400, "BAD_INPUT", "target"},
		"gaps.gpkg?reasons=LAZY":                       {400, "BAD_INPUT", "NO_TEAM"},
		"gaps.gpkg?minGapHouseholds=ten":               {400, "BAD_INPUT", "minGapHouseholds"},
		"gaps.csv?within=DISTRICT:972&asOf=2025-07-01": {404, "NOT_FOUND", "972"},
		"addresses.geojson?status=DEAD":                {400, "BAD_INPUT", "GUIDED"},
		"addresses.csv?within=%00":                     {400, "BAD_INPUT", "within"},
		"plan.csv?teams=0":                             {400, "BAD_INPUT", "teams"},
		"plan.csv?capacity=many":                       {400, "BAD_INPUT", "capacity"},
		"plan.csv?demand=NONE":                         {400, "BAD_INPUT", "GAP_HOUSEHOLDS"},
		"plan.csv?share=1&teams=1&reachMetres=1":       {400, "BAD_INPUT", "share"},
		"quality.csv?kinds=ugly":                       {400, "BAD_INPUT", "kinds"},
		"quality.csv?bbox=104,8,105,9":                 {400, "BAD_INPUT", "bbox"},
		"gap-areas.csv?distanceMetres=0":               {400, "BAD_INPUT", "distanceMetres"},
		"addresses.csv?within=HAMLET:nowhere%27%3B--":  {404, "NOT_FOUND", "nowhere"},
		"addresses.csv?bbox=104,8,1e400,10":            {400, "BAD_INPUT", "bbox"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := do(t, h, method, "/export/"+path, "")
			if w.Code != want.status || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || w.Header().Get("ETag") != "" || w.Header().Get("Content-Disposition") != "" {
				t.Errorf("%s %s: %d %v", method, path, w.Code, w.Header())
			}
			if method == http.MethodHead {
				continue
			}
			var a struct {
				Errors []struct {
					Message    string
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != want.code ||
				!strings.Contains(a.Errors[0].Message, want.holds) || !strings.Contains(a.Errors[0].Message, " / ") {
				t.Errorf("%s: %s", path, w.Body)
			}
		}
	}
	if w := do(t, h, http.MethodPost, "/export/coverage.csv", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// testExportKept looks at what browsers and caches go by.
func testExportKept(t *testing.T, h http.Handler, _ *sql.DB) {
	page := get(t, h, "/").Body.String()
	for _, name := range export.Names() {
		if !strings.Contains(page, `href="/export/`+name+`.xlsx"`) {
			t.Errorf("the first page does not lead to %s", name)
		}
	}
	for format, kind := range map[string]string{"csv": "text/csv; charset=utf-8; header=present", "geojson": "application/geo+json",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "gpkg": "application/geopackage+sqlite3"} {
		path := "/export/gaps." + format + "?asOf=2024-09-30"
		w := get(t, h, path)
		header := w.Header()
		if header.Get("Content-Type") != kind || header.Get("Cache-Control") != "private, no-cache" || header.Get("X-Snapshot") != "96-1" || header.Get("X-As-Of") != "2024-09-30" ||
			header.Get("Content-Disposition") != `attachment; filename="gaps_2024-09-30_96-1.`+format+`"` {
			t.Errorf("%s: %v", format, header)
		}
		head := do(t, h, http.MethodHead, path, "")
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("ETag") != header.Get("ETag") || head.Header().Get("Content-Type") != kind {
			t.Errorf("HEAD %s: %d, %d bytes, %v", format, head.Code, head.Body.Len(), head.Header())
		}
		again := get(t, h, path, "If-None-Match", `"other", `+header.Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != header.Get("ETag") {
			t.Errorf("%s again: %d, %d bytes", format, again.Code, again.Body.Len())
		}
		for _, other := range []string{"/export/gaps." + format + "?asOf=2024-09-29", path + "&target=0.5", path + "&lang=en", path + "&headers=name"} {
			if w := get(t, h, other, "If-None-Match", header.Get("ETag")); w.Code != http.StatusOK {
				t.Errorf("%s: %d for another file's tag", other, w.Code)
			}
		}
		packed := get(t, h, path, "Accept-Encoding", "gzip")
		if compressed := packed.Header().Get("Content-Encoding") == "gzip"; compressed != (format == "csv" || format == "geojson") {
			t.Errorf("%s is compressed: %v", format, compressed)
		} else if compressed {
			r, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(r); err != nil || !bytes.Equal(text, w.Body.Bytes()) {
				t.Errorf("%s compressed is another file: %v", format, err)
			}
		}
	}
}

// TestExportBreaksOff: what fails after the first byte is a broken connection, never a file that looks whole; what is
// made before it is sent, an error.
func TestExportBreaksOff(t *testing.T) {
	t.Parallel()
	h, raw := loaded(t)
	// The last address in the list has no coordinates: reading it fails.
	if _, err := raw.ExecContext(t.Context(), "update address set position = 'SRID=4326;POINT EMPTY' where (scheme, code) = (select scheme, code from address order by scheme desc, code desc limit 1)"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	for _, format := range []string{"csv", "geojson", "xlsx", "gpkg"} {
		for _, encoding := range []string{"identity", "gzip"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/export/addresses."+format+"?asOf=2024-09-30", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", encoding)
			response, err := http.DefaultTransport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if format == "xlsx" || format == "gpkg" {
				if response.StatusCode != http.StatusInternalServerError || err != nil || encoding == "identity" && !bytes.Contains(body, []byte(`"code":"INTERNAL"`)) {
					t.Errorf("%s %s: %d, %v, %.100s", format, encoding, response.StatusCode, err, body)
				}
				continue
			}
			if response.StatusCode != http.StatusOK || err == nil || len(body) == 0 {
				t.Errorf("%s %s: %d, %d bytes, error %v; it looks whole", format, encoding, response.StatusCode, len(body), err)
			}
		}
	}
}

// TestExportIsOfTheNewSnapshot: after an import the tag is another, and so is the file.
func TestExportIsOfTheNewSnapshot(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	h, _ := served(d)
	path := "/export/addresses.csv?asOf=2024-09-30"
	empty := get(t, h, path)
	if empty.Code != http.StatusOK || empty.Header().Get("X-Snapshot") != "0" {
		t.Fatalf("nothing loaded: %d %v", empty.Code, empty.Header())
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bundle.json":   `{"province": "96", "as_of": "2024-09-30", "source": "test"}`,
		"units.csv":     "level,code,name,kind,valid_from\nprovince,96,Cà Mau,tinh,2000-01-01\n",
		"addresses.csv": "scheme,code,lon,lat,kind\nlocal,-1+1,105.1,9.1,household\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	importFolder(t, d, folder)
	w := get(t, h, path, "If-None-Match", empty.Header().Get("ETag"))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `,"'-1+1",`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
