package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"vunglom/auth/authtest"
	"vunglom/db/dbtest"
)

// TestNothingOfPersonsIsTold: whatever is imported and asked, well or badly, by whom ever, no code of a household, address, visit or member, no label of
// an address, no subject and no token of the test's data is in what the program writes: its log at level debug, its spans, its figures, the body of
// any answer but those to who may see persons, and there never a token. What the asker wrote himself a refusal may repeat to him.
func TestNothingOfPersonsIsTold(t *testing.T) {
	t.Parallel()
	const household, address, house, visit = "HOKHAU7731", "DIACHI8842", "SONHA9953", "THAM6614"
	const member = "THANHVIEN5505"
	folder := province(t, 3, 30, 60, "guided")
	for _, file := range []string{"addresses.csv", "households.csv", "visits.csv"} { // codes that are nowhere by chance
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		text = regexp.MustCompile(`(^|[\n,])([ANV])([0-9]+),`).ReplaceAll(text, []byte("${1}MA${2}X${3}Z,")) // a comma is of one field alone
		text = regexp.MustCompile(`,([ANV])([0-9]+),`).ReplaceAll(text, []byte(",MA${1}X${2}Z,"))
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	add := func(file, rows string) {
		f, err := os.OpenFile(filepath.Join(folder, file), os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(rows); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(folder, "addresses.csv"))
	if err != nil {
		t.Fatal(err)
	}
	labelled := strings.ReplaceAll(string(text), ",household\n", ",household,\n")
	labelled = strings.Replace(labelled, "lon,lat,kind\n", "lon,lat,kind,label\n", 1)
	if err := os.WriteFile(filepath.Join(folder, "addresses.csv"), []byte(labelled), 0o600); err != nil {
		t.Fatal(err)
	}
	add("addresses.csv", "local,"+address+",105.005,9.005,household,"+house+"\nlocal,"+address+"X,900,9.005,household,"+house+"\n")
	add("households.csv", household+",local,"+address+",2022-06-01\n"+household+"X,local,"+address+"Y,2022-06-01\n"+household+"Z,local,"+address+",yesterday\n")
	if err := os.WriteFile(filepath.Join(folder, "members.csv"), []byte("code,team_code,role,joined_on\n"+member+",T,member,2022-01-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	add("visits.csv", visit+","+household+",T,2023-01-01,guided\n"+visit+"X,"+household+"Q,T,2023-01-01,guided\n"+visit+"Y,"+household+",T,2023-01-01,"+house+"\n")

	people := authtest.Known{Dashboard: "dashboard",
		Accounts: map[string]map[string]any{"chilan7741": {"roles": []string{"admin"}, "units": []string{"*"}}, "anhminh7742": {"roles": []string{"planner"}, "units": []string{"COMMUNE:32001"}}}}
	brief := people
	brief.TTL = 1
	lasting, short := authtest.Start(t, people), authtest.Start(t, brief)
	file := filepath.Join(t.TempDir(), "auth.yaml")
	settings := "clockSkew: 0s\nissuers:\n"
	for _, p := range []*authtest.Provider{lasting, short} {
		settings += fmt.Sprintf("  - {issuer: %q, audience: [vunglom], dashboard: {clientId: dashboard}, roles: {claim: roles}, units: {claim: units}}\n", p.Issuer)
	}
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	traces := receive(t)
	database := dbtest.URL(t)
	env := []string{"DATABASE_URL=" + database, "VUNGLOM_LOG_LEVEL=debug", "VUNGLOM_ERASURE_KEY=" + filepath.Join(t.TempDir(), "erasure.key"), "OTEL_EXPORTER_OTLP_ENDPOINT=" + traces.URL}
	code, report, importLog := outcome(t, program(t, env, "import", folder))
	if code != 0 || !strings.Contains(report, household) { // the importer is told of his own rows, on the standard output alone
		t.Fatalf("import: %d\n%s\n%s", code, report, importLog)
	}
	persons := stored(t, database, `select code from household union select code from address union select label from address where label is not null
		union select code from visit union select code from member`)
	if len(persons) < 120 || !slices.Contains(persons, household) || !slices.Contains(persons, house) || !slices.Contains(persons, member) {
		t.Fatalf("codes and labels of persons: %q", persons)
	}
	s := serve(t, env, "--auth=oidc", "--auth-settings="+file)
	good, other, expired := lasting.Person(t, "chilan7741"), lasting.Person(t, "anhminh7742"), short.Person(t, "chilan7741")
	malformed := good[:len(good)-12] + "AAAAAAAAAAAA"
	type answer struct{ token, asked, text string }
	var answers []answer
	send := func(token, method, path, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, s.address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Purpose", "a test")
		}
		response, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var all bytes.Buffer
		if _, err := all.ReadFrom(response.Body); err != nil {
			t.Fatal(err)
		}
		var header strings.Builder
		if err := response.Header.Write(&header); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer{token, path + body, header.String() + all.String()})
		return response.StatusCode, all.String()
	}
	await(t, "a token has run out", func() bool { status, _ := send(expired, http.MethodGet, "/healthz", ""); return status == 401 })

	if status, text := send(good, http.MethodGet, "/export/addresses.csv?asOf=2024-09-30", ""); status != 200 || !strings.Contains(text, address) {
		t.Errorf("who may see addresses: %d %.300s", status, text)
	}
	documents := []string{
		`{"query":"query($c: String!) {addresses(within: {level: COMMUNE, code: $c}, first: 5) {nodes {code}}}","variables":{"c":"CODE"}}`,
		`{"query":"query($c: Int!) {adminUnits(first: $c) {totalCount}}","variables":{"c":"CODE"}}`,
		`{"query":"{addresses(first: 100) {nodes {code status}}}"}`,
		`{"query":"{CODE {a}}"}`, `{"query":"{adminUnit(level: CODE, code: \"CODE\") {name}}"}`, `{"query":"{\"CODE"}`, `{"query":"CODE`,
		`{"query":"{dataQuality(asOf: \"CODE\") {kind}}"}`, `{"query":"{node(id: \"CODE\") {id}}"}`, `{"query":"{search(text: \"CODE\") {score}}"}`,
		`{"query":"mutation {eraseHousehold(province: \"96\", household: \"CODE\") {__typename}}"}`,
		`{"query":"mutation($c: String!) {registerHouseholds(province: \"96\", mode: EACH, households: [{code: $c, registeredOn: \"2024-01-01\"}, {code: $c, registeredOn: $c}]) {rejected items {outcome problems {value}}}}","variables":{"c":"CODE"}}`,
		`{"query":"mutation($c: String!) {openChallenge(province: \"96\", challenge: {kind: NOBODY_LIVES_THERE, householdCode: $c, evidence: $c}) {outcome problems {value}}}","variables":{"c":"CODE"}}`,
		`{"query":"mutation($c: ID!) {resolveChallenge(id: $c, decision: REJECT, reason: "x") {outcome}}","variables":{"c":"CODE"}}`,
		`{"query":"mutation($c: String!) {recordVisits(province: \"96\", mode: EACH, visits: [{code: $c, householdCode: $c, teamCode: $c, visitedOn: \"2024-01-01\", outcome: \"guided\"}]) {rejected items {outcome problems {value}}}}","variables":{"c":"CODE"}}`,
	}
	codes := []string{household, address, house, visit}
	for _, token := range []string{good, other, expired, malformed, household, ""} {
		asked := codes
		if token != good {
			asked = codes[:1]
		}
		for _, code := range asked {
			for _, document := range documents {
				_, text := send(token, http.MethodPost, "/graphql", strings.ReplaceAll(document, "CODE", code))
				if token == good && code == household && strings.Contains(document, "mutation") && !strings.Contains(document, "$c: ID!") && strings.Contains(text, `"errors"`) {
					t.Errorf("not carried out: %s", text)
				}
			}
			q := url.QueryEscape(code)
			for _, path := range []string{"/graphql?query=" + q, "/graphql?query=%7B__typename%7D&variables=" + q, "/export/addresses.csv?within=COMMUNE:" + q, "/export/" + q + ".csv",
				"/export/quality.csv?asOf=2024-09-30", "/export/addresses.csv?asOf=" + q, "/tiles/addresses/9/405/242.mvt?within=COMMUNE:" + q, "/tiles/" + q + "/9/405/242.mvt", "/tiles/units/9/405/" + q + ".mvt",
				"/" + q, "/lgsp/v1/" + q, "/lgsp/v1/coverage?within=COMMUNE:" + q, "/assets/" + q} {
				send(token, http.MethodGet, path, "")
			}
		}
		if status, text := send(token, http.MethodPost, "/graphql", `{"query":"{addresses(first: 100) {nodes {code}}}"}`); token != good && strings.Contains(text, address) {
			t.Errorf("others are told an address: %d %s", status, text)
		}
		conn, _, err := websocket.Dial(t.Context(), strings.Replace(s.address, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"connection_init","payload":{"Authorization":"Bearer `+token+`"}}`))
		_, said, err := conn.Read(t.Context()) // whatever it says, it has been taken
		answers = append(answers, answer{token, "connection_init", string(said) + fmt.Sprint(err)})
		_ = conn.CloseNow()
	}
	status, figures := send(good, http.MethodGet, "/metrics", "")
	if status != 200 || !strings.Contains(figures, "vunglom_http_requests_total") {
		t.Errorf("figures: %d", status)
	}
	s.stop(t) // with it the last spans are sent
	traces.mu.Lock()
	defer traces.mu.Unlock()
	if len(traces.spans) < 100 || !strings.Contains(s.log.String(), "route=/export") || !strings.Contains(s.log.String(), "status=401") {
		t.Fatalf("%d spans, and the log:\n%.2000s", len(traces.spans), s.log)
	}
	subjects := stored(t, database, "select distinct subject from audit_log where subject <> 'local'")
	if len(subjects) == 0 {
		t.Fatal("nobody is in the audit log")
	}
	var parts []string // of tokens
	for _, token := range []string{good, other, expired, malformed} {
		parts = append(parts, strings.Split(token, ".")[1], strings.Split(token, ".")[2])
	}
	holds := func(where, text string, secrets []string) {
		for _, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s holds %q: …%s…", where, secret, text[max(0, at-300):min(len(text), at+100)])
			}
		}
	}
	for where, text := range map[string]string{"the import's log": importLog, "the log": s.log.String(), "the spans": traces.raw.String(), "the figures": figures} {
		holds(where, text, slices.Concat(persons, codes, subjects, parts))
	}
	told := 0
	for _, a := range answers {
		holds("the answer to "+a.asked, a.text, parts)
		if a.token == good { // an administrator may see persons
			told++
			continue
		}
		holds("the answer to "+a.asked, a.text, slices.DeleteFunc(slices.Clone(persons), func(secret string) bool { return strings.Contains(a.asked, secret) || a.token == secret }))
	}
	if told < 100 || len(answers)-told < 100 {
		t.Errorf("%d answers, %d of them to an administrator", len(answers), told)
	}
}

// stored reads one column of texts.
func stored(t *testing.T, url, question string) (texts []string) {
	rows, err := dbtest.SQL(t, url).QueryContext(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}
