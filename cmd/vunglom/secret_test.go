package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"vunglom/auth/authtest"
	"vunglom/db/dbtest"
)

// TestNothingOfPersonsIsTold: whatever is imported and asked, well or badly, by whom ever, no household's code, no address and no
// token is in what the program writes: its log at level debug, its spans, its figures.
func TestNothingOfPersonsIsTold(t *testing.T) {
	t.Parallel()
	const household, address, house, visit = "HOKHAU7731", "DIACHI8842", "SONHA9953", "THAM6614"
	folder := province(t, 3, 30, 60, "guided")
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
	add("visits.csv", visit+","+household+",T,2023-01-01,guided\n"+visit+"X,"+household+"Q,T,2023-01-01,guided\n"+visit+"Y,"+household+",T,2023-01-01,"+house+"\n")

	people := authtest.Known{Dashboard: "dashboard",
		Accounts: map[string]map[string]any{"lan": {"roles": []string{"admin"}, "units": []string{"*"}}, "minh": {"roles": []string{"planner"}, "units": []string{"COMMUNE:32001"}}}}
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
	env := []string{"DATABASE_URL=" + dbtest.URL(t), "VUNGLOM_LOG_LEVEL=debug", "VUNGLOM_ERASURE_KEY=" + filepath.Join(t.TempDir(), "erasure.key"), "OTEL_EXPORTER_OTLP_ENDPOINT=" + traces.URL}
	code, report, importLog := outcome(t, program(t, env, "import", folder))
	if code != 0 || !strings.Contains(report, household) { // the importer is told of his own rows, on the standard output alone
		t.Fatalf("import: %d\n%s\n%s", code, report, importLog)
	}
	s := serve(t, env, "--auth=oidc", "--auth-settings="+file)
	good, other, expired := lasting.Person(t, "lan"), lasting.Person(t, "minh"), short.Person(t, "lan")
	malformed := good[:len(good)-12] + "AAAAAAAAAAAA"
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
		_, _, _ = conn.Read(t.Context()) // whatever it says, it has been taken
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
	secrets := codes
	for _, token := range []string{good, other, expired, malformed} {
		secrets = append(secrets, strings.Split(token, ".")[1], strings.Split(token, ".")[2])
	}
	for where, text := range map[string]string{"the import's log": importLog, "the log": s.log.String(), "the spans": traces.raw.String(), "the figures": figures} {
		for _, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s holds %q: …%s…", where, secret, text[max(0, at-300):min(len(text), at+100)])
			}
		}
	}
}
