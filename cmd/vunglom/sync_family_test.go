package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/auth/authtest"
	"vunglom/db/dbtest"
)

// TestSyncFamilies syncs a source of each protocol family, from signing in to what is stored: households in XML behind a real OAuth2
// server, visits behind access keys, reports behind a session, counters in an envelope that says success. One that fails does not
// keep the others from landing.
func TestSyncFamilies(t *testing.T) {
	t.Parallel()
	provider := authtest.Start(t, authtest.Known{Dashboard: "d", Systems: map[string]authtest.System{"lgsp": {Secret: "the-client-secret"}}})
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer := map[string]string{
			"/ho":    `<objects xmlns="http://ws.wso2.org/dataservice"><object><MaHo>X1</MaHo><MaXa>32244</MaXa><SoNhanKhau>1.004</SoNhanKhau><NgayLap>01/07/2024</NgayLap></object></objects>`,
			"/lai":   `<objects xmlns="http://ws.wso2.org/dataservice"><object><MaHo>X1</MaHo><MaXa>32244</MaXa><NgayLap>01/07/2024</NgayLap></object></objects>`, // without a field that is optional
			"/luot":  `{"data":{"items":[{"id":"X1","ho":"X1","ngay":"2024-07-01T18:00:00Z","kq":"Ðã hướng dẫn"}]}}`,
			"/login": `{"session":"the-session-of-the-day","error_code":0}`,
			"/bao":   `{"error_code":0,"result":[{"xa":"32244","so_ho":"1.729","ty_le":"75,4%","ngay":"30/09/2024"}]}`,
			"/mot":   `{"StatusCode":200,"Status":"OK","ResultObject":{"Ma":"P1","Ten":"Bộ phận một cửa","ToaDo":[105.01,8.67]}}`,
			"/sai":   `{"StatusCode":500,"Status":"Lỗi","ResultObject":null}`,
		}[r.URL.Path]
		proved := map[string]bool{
			"/ho":    len(r.Header.Get("Authorization")) > 100, // a token of the provider's
			"/luot":  r.Header.Get("lgspaccesstoken") != "" && r.Method == http.MethodPost,
			"/login": string(body) == `{"password":"the-password","username":"vunglom"}`,
			"/bao":   string(body) == `{"session":"the-session-of-the-day"}` && r.URL.RawQuery == "dstcode=H12",
			"/lai":   true, "/mot": true, "/sai": true,
		}[r.URL.Path]
		if !proved {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(gateway.Close)
	const meta = `bundle: {province: "96", asOf: "2024-09-30", source: test, synthetic: true}`
	file := filepath.Join(t.TempDir(), "sync.yaml")
	text := strings.NewReplacer("GATEWAY", gateway.URL, "ISSUER", provider.Issuer, "META", meta).Replace(`
retry: {attempts: 2, first: 1ms, longest: 2ms}
sources:
  - {name: sai, protocol: open, url: GATEWAY/sai, records: ResultObject, success: {field: StatusCode, values: ["200"], message: Status}, META, table: services, columns: {code: a, name_vi: b, name_en: c, counted_in: d}}
  - name: ho
    protocol: wso2
    url: GATEWAY/ho
    token: {url: ISSUER/token, id: lgsp, secret: {env: CLIENT_SECRET}}
    records: objects.object
    META
    table: households
    columns: {code: MaHo, commune_code: MaXa, persons: {field: SoNhanKhau, number: local}, registered_on: {field: NgayLap, date: dd/MM/yyyy}}
    scope: {field: MaXa, codes: ["32244"]}
  - name: lai
    protocol: open
    url: GATEWAY/lai
    records: objects.object
    META
    table: households
    columns: {code: MaHo, commune_code: MaXa, persons: {field: SoNhanKhau, number: local, optional: true}, registered_on: {field: NgayLap, date: dd/MM/yyyy}}
  - name: luot
    protocol: access-key
    url: GATEWAY/luot
    accessKey: {accessKey: {env: ACCESS_KEY}, secretKey: {env: SECRET_KEY}}
    records: data.items
    META
    table: visits
    columns: {code: id, household_code: ho, team_code: {constant: T1}, visited_on: {field: ngay, date: rfc3339}, outcome: {field: kq, codes: {Đã hướng dẫn: guided}}}
  - name: bao-cao
    protocol: session
    url: GATEWAY/bao
    query: {dstcode: H12}
    session: {url: GATEWAY/login, body: {username: vunglom, password: {env: PASSWORD}}, success: {field: error_code, values: ["0"]}}
    success: {field: error_code, values: ["0"]}
    records: result
    META
    table: reports
    columns: {level: {constant: commune}, unit_code: xa, measure: {constant: households_guided}, value: {field: so_ho, number: local}, qualifier: {constant: gte}, share: {field: ty_le, number: local}, as_of: {field: ngay, date: dd/MM/yyyy}, source: {constant: báo cáo}}
  - {name: mot-cua, protocol: open, url: GATEWAY/mot, records: ResultObject, success: {field: StatusCode, values: ["200"]}, META, table: service_points, columns: {code: Ma, kind: {constant: one_stop}, name: Ten, lon: ToaDo.0, lat: ToaDo.1}}
`)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	url := dbtest.URL(t)
	secrets := []string{"CLIENT_SECRET=the-client-secret", "ACCESS_KEY=the-access-key", "SECRET_KEY=the-secret-key", "PASSWORD=the-password"}
	settings := append([]string{"DATABASE_URL=" + url, "VUNGLOM_DATA_DIR=" + t.TempDir(), "VUNGLOM_LOG_LEVEL=debug"}, secrets...)
	succeed(t, settings, "import", "../../docs/example")
	reports := t.TempDir()
	code, stdout, stderr := outcome(t, program(t, settings, "sync", "--settings", file, "--once", "--report", reports))
	if code != exitFailure || !strings.Contains(stderr, "sai: ") || !strings.Contains(stderr, "Lỗi") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	for source, table := range map[string]string{"ho": "households", "luot": "visits", "bao-cao": "reports", "mot-cua": "service_points"} {
		var report struct {
			Tables map[string]map[string]int
			Failed string
		}
		written, err := os.ReadFile(filepath.Join(reports, source+".json"))
		if err != nil || json.Unmarshal(written, &report) != nil || report.Tables[table]["inserted"] != 1 || report.Failed != "" {
			t.Errorf("%s: %v %s\n%s%s", source, err, written, stdout, stderr)
		}
	}
	var stored string
	if err := dbtest.SQL(t, url).QueryRowContext(t.Context(), `select concat_ws(' ', h.persons, h.registered_on, v.visited_on, v.outcome, r.value, r.share, r.qualifier, p.name)
		from household h, visit v, report r, service_point p where h.code = 'X1' and v.code = 'X1' and r.unit_code = '32244' and p.code = 'P1'`).Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if want := "1004 2024-07-01 2024-07-02 guided 1729 0.754 gte Bộ phận một cửa"; stored != want {
		t.Errorf("%q is stored, want %q", stored, want)
	}
	succeed(t, settings, "verify")
	for _, secret := range append(secrets, "=the-session-of-the-day", "=eyJ") {
		if _, word, _ := strings.Cut(secret, "="); strings.Contains(fmt.Sprint(stdout, stderr), word) {
			t.Errorf("%s is told", word)
		}
	}
}

// TestSyncKeepsToItsUnits: what a source sends of households elsewhere is rejected by where they lie in the store, whatever unit it names
// itself, and what lies in its units lands.
func TestSyncKeepsToItsUnits(t *testing.T) {
	t.Parallel()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, map[string]string{
			"/ho":    `[{"ma":"N1","ap":"A1","dc":null},{"ma":"N2","ap":"A2"},{"ma":"H4","ap":"A1"},{"ma":"N3","ap":"A1","luoc":"dia_chi_so","dc":"9600000003"}]`,
			"/truoc": `[{"id":"V3","ho":"H3"}]`,
			// V3 is a visit to H3, who lives elsewhere: it can't be taken to H1.
			"/luot": `[{"id":"N1","ho":"H1"},{"id":"N2","ho":"H3"},{"id":"V3","ho":"H1"},{"id":"N4","ho":"nobody"},{"id":"N5","ho":"N1"}]`,
		}[r.URL.Path])
	}))
	t.Cleanup(gateway.Close)
	file := filepath.Join(t.TempDir(), "sync.yaml")
	text := strings.NewReplacer("GATEWAY", gateway.URL, "META", `bundle: {province: "96", asOf: "2024-09-30", source: test, synthetic: true}`).Replace(`
sources:
  - {name: truoc, protocol: open, url: GATEWAY/truoc, META, table: visits, columns: {code: id, household_code: ho, team_code: {constant: T1}, visited_on: {constant: "2024-08-20"}, outcome: {constant: guided}}}
  - {name: ho, protocol: open, url: GATEWAY/ho, META, table: households, scope: {units: ["HAMLET:96/A1"]}, columns: {code: ma, hamlet_code: ap, address_scheme: {field: luoc, optional: true}, address_code: {field: dc, optional: true}, registered_on: {constant: "2024-01-01"}}}
  - {name: luot, protocol: open, url: GATEWAY/luot, META, table: visits, scope: {units: ["HAMLET:96/A1"]}, columns: {code: id, household_code: ho, team_code: {constant: T1}, visited_on: {constant: "2024-08-20"}, outcome: {constant: guided}}}
`)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url, "VUNGLOM_DATA_DIR=" + t.TempDir()}
	succeed(t, settings, "import", "../../docs/example")
	reports := t.TempDir()
	said := succeed(t, settings, "sync", "--settings", file, "--once", "--report", reports)
	for source, want := range map[string][]string{"ho": {"N2", "H4", "9600000003"}, "luot": {"H3", "V3", "nobody"}} {
		var report struct {
			Tables   map[string]map[string]int
			Problems []struct{ Code, Message string }
		}
		written, err := os.ReadFile(filepath.Join(reports, source+".json"))
		if err != nil || json.Unmarshal(written, &report) != nil {
			t.Fatal(err, string(written))
		}
		for _, word := range want {
			found := false
			for _, p := range report.Problems {
				found = found || p.Code == "out_of_scope" && strings.Contains(p.Message, word)
			}
			if !found {
				t.Errorf("%s: %s is not out of scope: %s", source, word, written)
			}
		}
	}
	var stored string
	if err := dbtest.SQL(t, url).QueryRowContext(t.Context(), `select concat_ws(' ', (select string_agg(code, ',' order by code) from household where code like 'N%'),
		(select hamlet_code from household where code = 'H4'), (select string_agg(code, ',' order by code) from visit where code like 'N%'), (select household_code from visit where code = 'V3'))`).Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if want := "N1 A2 N1,N5 H3"; stored != want {
		t.Errorf("%q is stored, want %q\n%s", stored, want, said)
	}
	succeed(t, settings, "verify")
}
