package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph"
	"vunglom/lgsp"
	"vunglom/web"
)

// The callers of the matrix hold their roles in one commune, and ask about it, about another one, and about everything.
const (
	ours, theirs = "32041", "32044"
	matrixDay    = "2025-09-30"
)

// roles is an authenticator whose tokens are the names of roles, which hold in our commune (and, of the importer, in the
// province); with "+" before it, everywhere.
type roles struct{}

func (roles) Caller(_ context.Context, authorization string) (access.Caller, error) {
	name, is := strings.CutPrefix(authorization, "Bearer ")
	if !is {
		return access.Caller{}, nil
	}
	role := access.Role(strings.TrimPrefix(name, "+"))
	if !slices.Contains(access.Roles(), role) {
		return access.Caller{}, &access.Refusal{Code: access.Unauthenticated, Message: "no role"}
	}
	grant := access.Grant{Role: role, Everywhere: strings.HasPrefix(name, "+"), Units: []access.Unit{{Level: "commune", Code: ours}}}
	if role == access.Importer || role == access.Admin {
		grant.Units = append(grant.Units, access.Unit{Level: "province", Code: "91"}) // not the one that is loaded
	}
	return access.Caller{Issuer: "test", Subject: name, Client: name, Grants: []access.Grant{grant}}, nil
}

// entryQueries ask every entry point about a commune, $C; about everything where a part in « » is left out.
var entryQueries = map[string]string{
	"node":                 `node(id: "$UNIT") {id}`,
	"nodes":                `nodes(ids: ["$UNIT"]) {id}`,
	"adminUnit":            `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {fullName ancestors {fullName} children {totalCount}}`,
	"adminUnits":           `adminUnits(«within: $R,» level: COMMUNE, asOf: "$D") {totalCount nodes {geometry(zoom: 8)}}`,
	"locate":               `locate(position: {longitude: 105.1, latitude: 9.1}, asOf: "$D") {commune {fullName}}`,
	"search":               `search(text: "an" «, within: $R», asOf: "$D") {unit {fullName}}`,
	"me":                   `me {signedIn roles grants {right everywhere units(asOf: "$D") {fullName rights}}}`,
	"datasets":             `datasets {province snapshot publishedFrom publishedTo}`,
	"services":             `services {code}`,
	"nearestTeams":         `nearestTeams(position: {longitude: 105.1, latitude: 9.1}, asOf: "$D") {distanceMetres team {name base memberCount unit {fullName}}}`,
	"nearestServicePoints": `nearestServicePoints(position: {longitude: 105.1, latitude: 9.1}, asOf: "$D") {name}`,
	"reports":              `reports(«unit: $R,» asOf: "$D") {totalCount nodes {value unit {fullName}}}`,
	"coverageMap":          `coverageMap(input: {level: HAMLET, «within: $R,» asOf: "$D"}) {unitCount integrity {total} legend {count}}`,
	"coverageTrend":        `coverageTrend(unit: $R, from: "2025-07-31", to: "$D") {guided}`,
	"decomposition":        `decomposition(unit: $R, from: "2025-07-31", to: "$D") {realHouseholds}`,
	"reconciliation":       `reconciliation(unit: $R, asOf: "$D") {computed}`,
	"coverageGaps":         `coverageGaps(«filter: {within: $R},» asOf: "$D") {totalCount nodes {gapHouseholds coverage {share} explanations {sentenceVi} unit {coverage(asOf: "$D") {guided}}}}`,
	"gapAreas":             `gapAreas(«within: $R,» asOf: "$D") {households areas(first: 3) {households}}`,
	"dataQuality":          `dataQuality(«within: $R,» asOf: "$D", kinds: ["hole", "unregistered"]) {count}`,
	"whatIf":               `whatIf(unit: $R, asOf: "$D", teams: []) {guided}`,
	"planTeams":            `planTeams(input: {«within: $R,» asOf: "$D", teams: 1}) {covered}`,
	"minimumTeams":         `minimumTeams(input: {«within: $R,» asOf: "$D", teams: 50}, share: 0.1) {covered}`,
	"auditLog":             `auditLog(first: 1) {totalCount}`,
	"challenges":           `challenges(«within: $R,» first: 2) {totalCount nodes {kind evidence history {words} corrections {field}}}`,
	"addresses":            `addresses(«within: $R,» asOf: "$D", first: 2) {totalCount nodes {code position status}}`,
}

// fieldQueries ask the fields that find out by themselves where they are about, of a commune or of what lies in it.
var fieldQueries = map[string]string{
	"AdminUnit.coverage":       `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {coverage {guided teamsByLevel {teams}}}`,
	"Coverage.services":        `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {coverage {services {share}}}`,
	"Coverage.topics":          `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {coverage {topics {households}}}`,
	"AdminUnit.remoteness":     `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {children(first: 3) {nodes {remoteness {index}}}}`,
	"AdminUnit.derivedFrom":    `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {derivedFrom}`,
	"Succession.households":    `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {predecessors {households unit {fullName}}}`,
	"Succession.addresses":     `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {predecessors {addresses}}`,
	"Team.roles":               `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {roles {members}}}}`,
	"Team.organizations":       `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {organizations {members}}}}`,
	"Team.membersTrained":      `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {membersTrained}}}`,
	"Team.membersUntrained":    `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {membersUntrained}}}`,
	"Team.visitCount":          `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {visitCount}}}`,
	"Team.householdsGuided":    `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {householdsGuided}}}`,
	"Team.topics":              `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {topics {households}}}}`,
	"Team.householdsServed":    `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {householdsServed}}}`,
	"Team.householdsPerMember": `adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {teams(first: 2) {nodes {householdsPerMember}}}`,
	"Address.status":           `node(id: "$ADDRESS") {... on Address {status}}`,
	"QualityCheck.cases":       `dataQuality(within: $R, asOf: "$D", kinds: "hole") {cases {totalCount}}`,
	"QualityCheck.units":       `dataQuality(within: $R, asOf: "$D", kinds: "challenge_open") {units(level: HAMLET) {totalCount}}`,
}

// matrix is the served program and what the queries are about.
type matrix struct {
	h   http.Handler
	db  *db.DB
	ids map[string]string // by commune: its id, with ADDRESS before it that of an address in it
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	d, _ := demoed(t)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	m := &matrix{db: d, ids: map[string]string{}, h: web.New(web.Options{DB: d, Callers: roles{}, Log: log, TileCacheBytes: 1 << 20,
		GraphQL: graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID})})}
	for _, code := range []string{ours, theirs} {
		var a struct {
			Data struct {
				AdminUnit struct{ ID string }
				Addresses struct{ Nodes []struct{ ID string } }
			}
		}
		query := m.about(`{adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {id} addresses(within: $R, asOf: "$D", first: 1) {nodes {id}}}`, code)
		_, body := m.ask(t, "+admin", query)
		if err := json.Unmarshal([]byte(body), &a); err != nil || len(a.Data.Addresses.Nodes) == 0 {
			t.Fatalf("%v: %s", err, body)
		}
		m.ids[code], m.ids["ADDRESS"+code] = a.Data.AdminUnit.ID, a.Data.Addresses.Nodes[0].ID
	}
	return m
}

var narrows = regexp.MustCompile(`«.*?»`)

// about writes a query about a commune; "": about everything.
func (m *matrix) about(query, code string) string {
	if code == "" {
		query = narrows.ReplaceAllString(query, "")
	}
	return strings.NewReplacer("«", "", "»", "", "$C", code, "$D", matrixDay, "$R", fmt.Sprintf(`{level: COMMUNE, code: %q}`, code),
		"$UNIT", m.ids[code], "$ADDRESS", m.ids["ADDRESS"+code]).Replace(query)
}

// ask sends a query as somebody with a role and returns the code of the first error, "": there is none.
func (m *matrix) ask(t *testing.T, role, query string) (code, body string) {
	t.Helper()
	text, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return m.send(t, role, http.MethodPost, "/graphql", string(text))
}

func (m *matrix) send(t *testing.T, role, method, path, text string) (code, body string) {
	t.Helper()
	header := []string{"Content-Type", "application/json"}
	if role != string(access.Public) {
		header = append(header, "Authorization", "Bearer "+role)
	}
	w := do(t, m.h, method, path, text, header...)
	body = w.Body.String()
	var a struct {
		Code   string // of a problem
		Errors []struct {
			Extensions struct{ Code string }
			Message    string
		}
	}
	if strings.HasPrefix(strings.TrimSpace(body), "{") {
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			t.Fatalf("%s: %v\n%s", path, err, body)
		}
	}
	if code = a.Code; code == "" && len(a.Errors) > 0 {
		code = a.Errors[0].Extensions.Code
	}
	if code == "" {
		if w.Code >= 400 {
			t.Errorf("%s %s as %s: %d without an error: %s", method, path, role, w.Code, body)
		}
		return "", body
	}
	if status := map[string]int{access.Unauthenticated: 401, access.Forbidden: 403}[code]; path != "/graphql" && status != 0 && w.Code != status {
		t.Errorf("%s as %s: %d for %s", path, role, w.Code, code)
	}
	if code == access.Unauthenticated && w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("%s as %s: 401 without WWW-Authenticate", path, role)
	}
	return code, body
}

// wanted is the code with which a caller's question has to be refused; "": it is answered. The right is what the rule says.
func wanted(role access.Role, right access.Right, about string) string {
	switch {
	case !role.Has(right) && role == access.Public:
		return access.Unauthenticated
	case !role.Has(right):
		return access.Forbidden
	case right.Scoped() && about != ours:
		return access.Forbidden
	}
	return ""
}

// TestMatrix asks the running handler what each role may see.
func TestMatrix(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for name, test := range map[string]func(*testing.T, *matrix){
		"everything": testEverythingAsEveryRole, "routes": testRoutesNeedTheirRight, "cases of persons": testCasesOfPersons, "rights are told": testRightsAreTold, "subscriptions": testSubscriptionsNeedTheirRight, "mutations": testMutationsNeedTheirRight, "writes": testWritesNeedTheirRight, "uploads": testUploadsNeedTheirRight, "purposes": testPurposes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, m)
		})
	}
}

// testEverythingAsEveryRole asks, as every role, for everything that there is to ask for: in the caller's commune, in another one, and
// everywhere; and once as each role that holds everywhere.
func testEverythingAsEveryRole(t *testing.T, m *matrix) {
	asked := map[string]bool{}
	check := func(role access.Role, name string, right access.Right, about string, ask func(role string) (string, string)) {
		asked[name] = true
		if code, body := ask(string(role)); code != wanted(role, right, about) {
			t.Errorf("%s as %s about %q: %q, want %q: %.400s", name, role, about, code, wanted(role, right, about), body)
		}
		if about == theirs && role != access.Public {
			if code, body := ask("+" + string(role)); code != wanted(role, right, ours) {
				t.Errorf("%s as %s everywhere: %q, want %q: %.400s", name, role, code, wanted(role, right, ours), body)
			}
		}
	}
	for _, rule := range graph.Rules() {
		queries := entryQueries
		name, entry := strings.CutPrefix(rule.Name, "Query.")
		if !entry {
			queries = fieldQueries
		}
		if strings.HasPrefix(rule.Name, "Query.importJob") { // see testUploadsNeedTheirRight
			continue
		}
		query, known := queries[name]
		if !known {
			if strings.HasPrefix(rule.Name, "Query.") || strings.Contains(rule.Name, ".") && !strings.HasPrefix(rule.Name, "Subscription.") && !strings.HasPrefix(rule.Name, "Mutation.") {
				t.Errorf("%s is asked by no query of the matrix", rule.Name)
			}
			continue
		}
		right := rule.Right
		for _, role := range access.Roles() {
			for _, about := range []string{ours, theirs, ""} {
				if about == "" && !strings.Contains(query, "«") || about == ours && rule.Where == "everywhere" {
					continue
				}
				ask := func(as string) (string, string) { return m.ask(t, as, "{"+m.about(query, about)+"}") }
				if rule.Name == "Address.status" && about == theirs && role.Has(right) { // an address elsewhere is as if there were none
					if code, body := ask(string(role)); code != "" || !strings.Contains(body, `"node":null`) {
						t.Errorf("an address elsewhere as %s: %s %s", role, code, body)
					}
					continue
				}
				check(role, rule.Name, right, about, ask)
			}
		}
	}
	for _, rule := range web.Rules(web.Options{DB: m.db, Log: slog.Default()}) {
		path, served := strings.CutPrefix(rule.Name, "/")
		if !served || strings.Contains(path, " ") || rule.Name == "/" || rule.Name == "/graphql" || rule.Name == lgsp.Root {
			continue
		}
		for _, role := range access.Roles() {
			for _, about := range []string{ours, theirs, ""} {
				if rule.Name == "/export/quality" { // its kinds decide; see testCasesOfPersons
					continue
				}
				for _, form := range forms(rule.Name, about) {
					check(role, rule.Name, rule.Right, about, func(as string) (string, string) { return m.send(t, as, http.MethodGet, form, "") })
				}
			}
		}
	}
	t.Logf("%d things to ask for", len(asked))
}

// forms are the paths of a kind of tile (a tile and its description), of a list for other systems or of a file, about a commune.
func forms(name, about string) []string {
	query := "asOf=" + matrixDay
	if about != "" {
		query += "&within=COMMUNE:" + about
	}
	switch name {
	case lgsp.Root + "openapi.json", lgsp.Root + "services":
		return []string{name}
	case lgsp.Root + "reports":
		return []string{name + "?" + strings.Replace(query, "within", "unit", 1)}
	case lgsp.Root + "changes":
		_, within, _ := strings.Cut(query, "&")
		return []string{name + "?" + within}
	case lgsp.Root + "teams":
		if about == "" {
			query += "&within=COMMUNE:" + ours
		}
	}
	if strings.HasPrefix(name, lgsp.Root) {
		return []string{name + "?" + query}
	}
	base, own, _ := strings.Cut(name, "?")
	if own != "" {
		query += "&" + own
	}
	if file, is := strings.CutPrefix(base, "/export/"); is {
		if file == "plan" {
			query += "&teams=1"
		}
		return []string{base + ".csv?" + query}
	}
	return []string{base + ".json?" + query, base + "/9/405/242.mvt?" + query}
}

// testRoutesNeedTheirRight: what is no tile and no file is open, but for /metrics, which is the administrator's.
func testRoutesNeedTheirRight(t *testing.T, m *matrix) {
	for _, role := range access.Roles() {
		for _, path := range []string{"/", "/app.json", "/healthz", "/readyz", "/graphiql", "/graphiql/start.js", "/graphql?query=%7B__typename%7D"} {
			if code, body := m.send(t, string(role), http.MethodGet, path, ""); code != "" {
				t.Errorf("%s as %s: %s %s", path, role, code, body)
			}
		}
		want := access.Forbidden
		if role == access.Public {
			want = access.Unauthenticated
		}
		if code, _ := m.send(t, string(role), http.MethodGet, "/metrics", ""); code != want {
			t.Errorf("/metrics as %s in one commune: %q", role, code)
		}
		if role == access.Admin {
			want = ""
		}
		if code, _ := m.send(t, "+"+string(role), http.MethodGet, "/metrics", ""); role != access.Public && code != want {
			t.Errorf("/metrics as %s everywhere: %q", role, code)
		}
	}
}

// testCasesOfPersons: the state of the data is the planner's; cases that are households, addresses or people are not.
func testCasesOfPersons(t *testing.T, m *matrix) {
	const query = `{dataQuality(within: {level: COMMUNE, code: "32041"}, asOf: "2025-09-30", kinds: ["hole", "unregistered"]) {kind cases {nodes {identity}}}}`
	for role, want := range map[string]string{"planner": access.Forbidden, "officer": access.Forbidden, "admin": ""} {
		if code, body := m.ask(t, role, query); code != want {
			t.Errorf("as %s: %q %s", role, code, body)
		}
		if code, body := m.send(t, role, http.MethodGet, "/export/quality.csv?asOf=2025-09-30&within=COMMUNE:32041", ""); code != want {
			t.Errorf("the file as %s: %q %.300s", role, code, body)
		}
	}
	if code, body := m.send(t, "planner", http.MethodGet, "/export/quality.csv?asOf=2025-09-30&within=COMMUNE:32041&kinds=hole,overlap", ""); code != "" {
		t.Errorf("cases of units: %q %.300s", code, body)
	}
}

// mutations ask for each change in a province, $P. Whoever may is told what else is wrong: nobody has said why.
var mutations = map[string]string{
	"eraseHousehold": `eraseHousehold(province: "$P", household: "NOBODY") {already}`,
}

// testMutationsNeedTheirRight asks for every change as every role: in the province of the callers (of the administrator's), in another
// one, and as one who holds the role everywhere.
func testMutationsNeedTheirRight(t *testing.T, m *matrix) {
	for _, rule := range graph.Rules() {
		name, is := strings.CutPrefix(rule.Name, "Mutation.")
		if !is {
			continue
		}
		query, known := mutations[name]
		if writeQueries[name] != "" || name == "importBundle" || name == "cancelImport" { // see testUploadsNeedTheirRight
			continue
		}
		if !known {
			t.Errorf("%s is asked by no query of the matrix", rule.Name)
			continue
		}
		for _, role := range access.Roles() {
			refused := access.Forbidden
			if role == access.Public {
				refused = access.Unauthenticated
			}
			for _, province := range []string{"91", "96"} {
				query := "mutation {" + strings.ReplaceAll(query, "$P", province) + "}"
				for _, who := range []string{string(role), "+" + string(role)} {
					want := refused
					if role.Has(rule.Right) && (province == "91" || who[0] == '+') {
						want = "BAD_INPUT"
					}
					if role == access.Public && who[0] == '+' {
						continue
					}
					if code, body := m.ask(t, who, query); code != want {
						t.Errorf("%s as %s in %s: %q, want %q: %s", rule.Name, who, province, code, want, body)
					}
				}
			}
		}
	}
}

// testSubscriptionsNeedTheirRight: over server-sent events, before the first of them.
func testSubscriptionsNeedTheirRight(t *testing.T, m *matrix) {
	server := httptest.NewServer(m.h)
	defer server.Close()
	for _, role := range access.Roles() {
		for query, right := range map[string]access.Right{
			`subscription {snapshotChanged {province}}`:             access.Published,
			`subscription {importProgress(province: "91") {state}}`: access.Import,
			`subscription {importProgress(province: "96") {state}}`: "",
			`subscription {importProgress {state}}`:                 "",
		} {
			text, err := json.Marshal(map[string]string{"query": query})
			if err != nil {
				t.Fatal(err)
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/graphql", strings.NewReader(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "text/event-stream")
			if role != access.Public {
				r.Header.Set("Authorization", "Bearer "+string(role))
			}
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			begins := response.StatusCode == http.StatusOK && strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream")
			_ = response.Body.Close()
			if begins != role.Has(right) {
				t.Errorf("%s as %s: %d %s", query, role, response.StatusCode, response.Header.Get("Content-Type"))
			}
		}
	}
}

// writeQueries write an item that is rejected by each mutation, so that the demo stays what it is.
var writeQueries = map[string]string{
	"recordVisits":       `recordVisits(province: "96", mode: EACH, visits: {code: "MV", householdCode: "nobody", teamCode: "none", visitedOn: "2025-09-01", outcome: "guided"}) {rejected}`,
	"registerHouseholds": `registerHouseholds(province: "96", mode: EACH, households: {code: "MH", addressScheme: "local", addressCode: "nowhere", registeredOn: "2025-09-01"}) {rejected}`,
	"endHouseholds":      `endHouseholds(province: "96", mode: EACH, households: {code: "nobody", endedOn: "2025-09-01"}) {rejected}`,
	"recordAdoptions":    `recordAdoptions(province: "96", mode: EACH, adoptions: {householdCode: "nobody", serviceCode: "none", adoptedOn: "2025-09-01"}) {rejected}`,
	"upsertTeams":        `upsertTeams(province: "96", mode: EACH, teams: {code: "MT", name: "x", level: HAMLET, kind: "cnscd", unitCode: "nowhere", establishedOn: "2025-09-01"}) {rejected}`,
	"upsertMembers":      `upsertMembers(province: "96", mode: EACH, members: {code: "MM", teamCode: "none", role: "lead", joinedOn: "2025-09-01"}) {rejected}`,
	"submitReports":      `submitReports(province: "96", mode: EACH, reports: {level: HAMLET, unitCode: "nowhere", measure: "x", value: 1, qualifier: EQ, asOf: "2025-09-01", source: "x"}) {rejected}`,
	"openChallenge":      `openChallenge(province: "96", challenge: {kind: NOT_A_HOUSE, addressScheme: "local", addressCode: "nowhere", evidence: "x"}) {outcome}`,
	"resolveChallenge":   `resolveChallenge(id: "Y2hhbGxlbmdlOjk2OjE", decision: REJECT) {outcome}`, // challenge 1 of province 96, without a reason
	"upsertAddresses":    `upsertAddresses(province: "96", mode: EACH, addresses: {scheme: "local", code: "MA", lon: 9, lat: 105, kind: "household"}) {rejected}`,
}

// rejectedOne is in the answer to a write of one item that was rejected.
var rejectedOne = regexp.MustCompile(`"rejected":1|"outcome":"REJECTED"`)

// testWritesNeedTheirRight: households are written by who may do so in a commune; what is the province's needs the province.
func testWritesNeedTheirRight(t *testing.T, m *matrix) {
	for _, rule := range graph.Rules() {
		name, is := strings.CutPrefix(rule.Name, "Mutation.")
		if !is {
			continue
		}
		query, known := writeQueries[name]
		if !known { // see mutations
			continue
		}
		for _, role := range access.Roles() {
			want := wanted(role, rule.Right, ours)
			if code, body := m.ask(t, "+"+string(role), "mutation {"+query+"}"); role != access.Public && (code != want || want == "" && !rejectedOne.MatchString(body)) {
				t.Errorf("%s as %s everywhere: %q, want %q: %.400s", name, role, code, want, body)
			}
			if want == "" && rule.Right == access.Import { // that of another province is not enough
				want = access.Forbidden
			}
			if code, body := m.ask(t, string(role), "mutation {"+query+"}"); code != want || want == "" && !rejectedOne.MatchString(body) {
				t.Errorf("%s as %s: %q, want %q: %.400s", name, role, code, want, body)
			}
		}
	}
}

// testUploadsNeedTheirRight sends a bundle of each of two provinces as every role, and asks for it: who holds the role in one of them
// (the importer and the administrator of the matrix, in 91) is refused the other, and is not told that there is such a bundle.
func testUploadsNeedTheirRight(t *testing.T, m *matrix) {
	upload := func(role, province string) (code, id string) {
		var file bytes.Buffer
		z := zip.NewWriter(&file)
		w, err := z.Create("bundle.json")
		if err == nil {
			_, err = fmt.Fprintf(w, `{"province": %q, "as_of": "2025-09-30", "source": "ma trận"}`, province)
		}
		if err = errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		err = errors.Join(form.WriteField("operations", `{"query": "mutation ($f: Upload!) {importBundle(upload: $f, dryRun: true) {id}}", "variables": {"f": null}}`), form.WriteField("map", `{"0": ["variables.f"]}`))
		part, perr := form.CreateFormFile("0", "b.zip")
		if err = errors.Join(err, perr); err != nil {
			t.Fatal(err)
		}
		_, err = part.Write(file.Bytes())
		if err = errors.Join(err, form.Close()); err != nil {
			t.Fatal(err)
		}
		header := []string{"Content-Type", form.FormDataContentType(), "GraphQL-Preflight", "1"}
		if role != string(access.Public) {
			header = append(header, "Authorization", "Bearer "+role)
		}
		answer := do(t, m.h, http.MethodPost, "/graphql", body.String(), header...)
		var a struct {
			Data   struct{ ImportBundle struct{ ID string } }
			Errors []struct{ Extensions struct{ Code string } }
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &a); err != nil {
			t.Fatalf("%v: %s", err, answer.Body)
		}
		if len(a.Errors) > 0 {
			code = a.Errors[0].Extensions.Code
		}
		return code, a.Data.ImportBundle.ID
	}
	_, foreign := upload("+admin", "96")
	for _, role := range access.Roles() {
		for _, province := range []string{"91", "96"} {
			for _, who := range []string{string(role), "+" + string(role)} {
				if role == access.Public && who[0] == '+' {
					continue
				}
				may := role.Has(access.Import) && (province == "91" || who[0] == '+')
				want, hidden := "", ""
				switch {
				case may:
				case role == access.Public:
					want, hidden = access.Unauthenticated, access.Unauthenticated
				case role.Has(access.Import):
					want, hidden = access.Forbidden, "NOT_FOUND"
				default:
					want, hidden = access.Forbidden, access.Forbidden
				}
				code, id := upload(who, province)
				if code != want {
					t.Errorf("importBundle as %s in %s: %q, want %q", who, province, code, want)
				}
				if !may {
					id = foreign
				}
				if province == "91" && !may && role.Has(access.Import) {
					continue
				}
				if code, body := m.ask(t, who, `{importJobs(province: "`+province+`", first: 1) {nodes {id}}}`); code != want {
					t.Errorf("importJobs as %s in %s: %q, want %q: %s", who, province, code, want, body)
				}
				for _, query := range []string{`{importJob(id: "` + id + `") {state}}`, `mutation {cancelImport(id: "` + id + `") {state}}`} {
					if code, body := m.ask(t, who, query); code != hidden {
						t.Errorf("%s as %s in %s: %q, want %q: %s", query, who, province, code, hidden, body)
					}
				}
			}
		}
	}
}
