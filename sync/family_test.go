package sync_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vunglom/auth/authtest"
)

// secret writes a secret into a file and returns how settings name it.
func secret(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return "{file: " + file + "}"
}

var threeVisits = "[" + visit(1, "01/07/2025") + "," + visit(2, "2025-07-01T18:00:00Z") + "," + visit(3, "3/7/2025") + "]"

const threeRows = row1 + row2 + row3

const xmlVisits = `<?xml version="1.0" encoding="UTF-8"?><objects xmlns="http://ws.wso2.org/dataservice" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<object><maLuot>V1</maLuot><ho><ma>H1</ma></ho><ngay>01/07/2025</ngay><ketQua>Đã hướng dẫn</ketQua><ghiChu xsi:nil="true"/></object>
<object><maLuot>V2</maLuot><ho><ma>H2</ma></ho><ngay>02/07/2025</ngay><ketQua>Ðã hướng dẫn</ketQua></object></objects>`

// TestEnvelopes: whatever stands around the records, the same visits come out.
func TestEnvelopes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ records, answer, rows string }{
		"bare array":             {"", threeVisits, threeRows},
		"data service":           {"objects.object", `{"objects":{"object":` + threeVisits + `}}`, threeRows},
		"one object for a list":  {"objects.object", `{"objects":{"object":` + visit(1, "01/07/2025") + `}}`, row1},
		"one object and no list": {"", visit(1, "01/07/2025"), row1},
		"none":                   {"objects.object", `{"objects":{}}`, ""},
		"none, as a text":        {"objects.object", `{"objects":""}`, ""},
		"none, as null":          {"result", `{"result":null}`, ""},
		"XML":                    {"objects.object", xmlVisits, row1 + row2},
		"XML, none":              {"objects.object", `<objects xmlns="http://ws.wso2.org/dataservice"/>`, ""},
		"data":                   {"data.items", `{"data":{"total":3,"items":` + threeVisits + `},"message":"ok"}`, threeRows},
		"a fault that is none":   {"data", `{"fault":null,"data":` + threeVisits + `}`, threeRows},
		"byte order mark":        {"", "\ufeff" + threeVisits, threeRows},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t, json200(c.answer))
			o := once(t, settings(t, "", "    protocol: open\n    url: "+g.URL+"/v1\n    records: "+c.records), t.TempDir())
			o.wants(t, c.rows)
		})
	}
}

// TestWSO2 signs in with a real OAuth2 server (oidc-provider, client_credentials), by Basic, and again when the token
// is no longer good.
func TestWSO2(t *testing.T) {
	t.Parallel()
	const password = "a secret of the platform"
	p := authtest.Start(t, authtest.Known{Dashboard: "d", Systems: map[string]authtest.System{"lgsp": {Secret: password}}})
	expired := says(http.StatusUnauthorized, "application/json", `{"fault":{"code":900903,"message":"Access Token Expired","description":"…"}}`)
	expiredXML := says(http.StatusUnauthorized, "application/xml", `<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>900901</ams:code><ams:message>Invalid Credentials</ams:message></ams:fault>`)
	g := newGateway(t, expired, json200("["+visit(1, "01/07/2025")+"]"), expiredXML, json200("["+visit(2, "02/07/2025")+"]"), json200("[]"))
	o := once(t, settings(t, "", "    protocol: wso2\n    url: "+g.URL+"/ctx/v1/luot\n    pages: {by: page, parameter: trang}\n    token: {url: "+p.Issuer+"/token, id: lgsp, in: basic, secret: "+secret(t, password)+"}"), t.TempDir())
	o.wants(t, row1+row2)
	tokens := map[string]bool{}
	var pages []string
	for _, r := range g.asked() {
		tokens[r.header.Get("Authorization")] = true
		pages = append(pages, r.query)
	}
	if len(tokens) != 3 || strings.Join(pages, " ") != "trang=1 trang=1 trang=2 trang=2 trang=3" {
		t.Errorf("%d tokens, pages %v", len(tokens), pages)
	}
	for token := range tokens {
		if !strings.HasPrefix(token, "Bearer ") || strings.Contains(o.log, strings.TrimPrefix(token, "Bearer ")) {
			t.Errorf("token %q, log %s", token, o.log)
		}
	}
}

// TestTokenThatRunsOut: a real server's token, with the secret in the form. One that is about to run out is no longer shown to the source,
// which is therefore never asked in vain.
func TestTokenThatRunsOut(t *testing.T) {
	t.Parallel()
	const password, ttl = "a secret of the platform", 12 // the library takes a token for run out ten seconds before
	p := authtest.Start(t, authtest.Known{Dashboard: "d", TTL: ttl, Systems: map[string]authtest.System{"lgsp": {Secret: password}}})
	left := func(r *http.Request) time.Duration { // until the token that was shown runs out
		var claims struct{ Exp int64 }
		parts := strings.Split(r.Header.Get("Authorization"), ".")
		if len(parts) != 3 {
			t.Errorf("no token: %q", r.Header.Get("Authorization"))
			return 0
		}
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil || json.Unmarshal(text, &claims) != nil {
			t.Errorf("%v %s", err, text)
		}
		return time.Until(time.Unix(claims.Exp, 0))
	}
	page := func(body string, hold bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			is := left(r)
			if is <= 0 {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			if hold {
				time.Sleep(is - 8*time.Second) // it says when in whole seconds, and the program counts from when it came
			}
			_, _ = io.WriteString(w, body)
		}
	}
	g := newGateway(t, page("["+visit(1, "01/07/2025")+"]", true), page("["+visit(2, "02/07/2025")+"]", false), page("[]", false))
	source := "    protocol: wso2\n    url: " + g.URL + "\n    pages: {by: page, parameter: trang}\n    token: {url: " + p.Issuer + "/token, id: lgsp, secret: " + secret(t, password) + ", in: body}"
	o := once(t, settings(t, "", source), t.TempDir())
	o.wants(t, row1+row2)
	if r := g.asked(); len(r) != 3 || r[0].header.Get("Authorization") == r[1].header.Get("Authorization") {
		t.Errorf("asked %d times, with the token that had run out", len(r))
	}
}

// TestWhatItIsCalled: what an answer is, not what it is called, says how it is read.
func TestWhatItIsCalled(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "text/html; charset=utf-8", "application/xml", "", "nonsense;;"} {
		token := newGateway(t, says(http.StatusOK, kind, `{"access_token":"abcdef","token_type":"Bearer","expires_in":"3600"}`))
		for _, answer := range []string{`{"objects":{"object":` + threeVisits + `}}`, xmlVisits} {
			g := newGateway(t, says(http.StatusOK, kind, answer))
			o := once(t, settings(t, "", "    protocol: wso2\n    records: objects.object\n    url: "+g.URL+"\n    token: {url: "+token.URL+", id: i, secret: "+secret(t, "s3cret")+"}"), t.TempDir())
			want := threeRows
			if answer == xmlVisits {
				want = row1 + row2
			}
			o.wants(t, want)
		}
		token = newGateway(t, says(http.StatusUnauthorized, kind, `{"error":"invalid_client","error_description":"nobody"}`))
		o := once(t, settings(t, "", "    protocol: wso2\n    url: "+token.URL+"\n    token: {url: "+token.URL+", id: i, secret: "+secret(t, "s3cret")+"}"), t.TempDir())
		o.fails(t, "invalid_client", "nobody")
	}
	token := newGateway(t, says(http.StatusOK, "text/plain", "access_token=abcdef&token_type=bearer")) // a form is one
	g := newGateway(t, json200(threeVisits))
	o := once(t, settings(t, "", "    protocol: wso2\n    url: "+g.URL+"\n    token: {url: "+token.URL+", id: i, secret: "+secret(t, "s3cret")+"}"), t.TempDir())
	o.wants(t, threeRows)
}

// TestTokenRefused: it is said why, without the secret, whatever the HTTP status, and the source is not asked.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	const password = "a secret of the platform"
	for status, answer := range map[int]string{
		http.StatusOK:           `{"error":"invalid_client","error_description":"not a secret of the platform"}`,
		http.StatusUnauthorized: `{"error":"invalid_client","error_description":"not a secret of the platform"}`,
	} {
		token := newGateway(t, says(status, "application/json", answer))
		g := newGateway(t, json200(threeVisits))
		o := once(t, settings(t, "", "    protocol: wso2\n    url: "+g.URL+"\n    token: {url: "+token.URL+", id: lgsp, secret: "+secret(t, password)+"}"), t.TempDir())
		o.fails(t, "token.url", "invalid_client", "not •••")
		if strings.Contains(o.err.Error()+o.log, password) || len(g.asked()) > 0 || len(token.asked()) != 1 {
			t.Errorf("%d: %v %v", status, o.err, g.asked())
		}
	}
}

// TestTokenInTheBody: id and secret stand in the form, where a gateway wants them there.
func TestTokenInTheBody(t *testing.T) {
	t.Parallel()
	token := newGateway(t, json200(`{"access_token":"abcdef","token_type":"Bearer","expires_in":3600}`))
	g := newGateway(t, json200(threeVisits))
	o := once(t, settings(t, "", "    protocol: wso2\n    url: "+g.URL+"\n    token: {url: "+token.URL+"/token, id: my-id, in: body, secret: "+secret(t, "p+s&s")+"}"), t.TempDir())
	o.wants(t, threeRows)
	if r := token.asked()[0]; r.body != "client_id=my-id&client_secret=p%2Bs%26s&grant_type=client_credentials" || r.header.Get("Authorization") != "" || r.method != http.MethodPost {
		t.Errorf("%+v", r)
	}
	if r := g.asked()[0]; r.header.Get("Authorization") != "Bearer abcdef" || r.method != http.MethodGet {
		t.Errorf("%+v", r)
	}
}

// TestAccessKey: the header is base64 of the keys' JSON, instead of a bearer and beside one.
func TestAccessKey(t *testing.T) {
	t.Parallel()
	keys := "    accessKey: {HEADERaccessKey: " + secret(t, "an access key") + ", secretKey: " + secret(t, "a secret key") + ", appName: vunglom, partnerCode: 000.00.01.H12, partnerCodeCus: 000.00.02.H12}\n"
	want := base64.StdEncoding.EncodeToString([]byte(`{"AccessKey":"an access key","SecretKey":"a secret key","AppName":"vunglom","PartnerCode":"000.00.01.H12","PartnerCodeCus":"000.00.02.H12"}`))
	g := newGateway(t, json200(`{"data":{"items":`+threeVisits+`}}`))
	o := once(t, settings(t, "", strings.Replace(keys, "HEADER", "", 1)+"    protocol: access-key\n    url: "+g.URL+"\n    records: data.items\n    body: {tuNgay: 01/07/2025}"), t.TempDir())
	o.wants(t, threeRows)
	if r := g.asked()[0]; r.header.Get("lgspaccesstoken") != want || r.method != http.MethodPost || r.body != `{"tuNgay":"01/07/2025"}` || r.header.Get("Authorization") != "" {
		t.Errorf("%+v", r)
	}
	token := newGateway(t, json200(`{"access_token":"abcdef","token_type":"Bearer"}`))
	o = once(t, settings(t, "", strings.Replace(keys, "HEADER", "header: X-Keys, ", 1)+"    protocol: access-key\n    url: "+g.URL+"\n    records: data.items\n    token: {url: "+token.URL+", id: i, secret: "+secret(t, "s3cret")+"}"), t.TempDir())
	o.wants(t, threeRows)
	if r := g.asked()[1]; r.header.Get("X-Keys") != want || r.header.Get("Authorization") != "Bearer abcdef" || r.body != "{}" {
		t.Errorf("%+v", r)
	}
}

// TestSuccessInTheBody: what the body says is believed, whatever the HTTP status.
func TestSuccessInTheBody(t *testing.T) {
	t.Parallel()
	const status = "    protocol: open\n    records: ResultObject\n    success: {field: StatusCode, values: [\"200\"], message: Status}\n    url: "
	good := `{"ResultObject":` + threeVisits + `,"StatusCode":200,"Status":"OK"}`
	g := newGateway(t, says(http.StatusInternalServerError, "application/json", good))
	o := once(t, settings(t, "", status+g.URL), t.TempDir())
	o.wants(t, threeRows)

	g = newGateway(t, json200(`{"StatusCode":500,"Status":"Không có quyền","ResultObject":`+threeVisits+`}`))
	o = once(t, settings(t, "", status+g.URL), t.TempDir())
	o.fails(t, "StatusCode", "500", "Không có quyền")
	if len(g.asked()) != 1 {
		t.Errorf("a final failure was asked for %d times", len(g.asked()))
	}
	g = newGateway(t, says(http.StatusServiceUnavailable, "application/json", `{"StatusCode":503,"Status":"bận"}`), json200(good))
	o = once(t, settings(t, "", status+g.URL), t.TempDir())
	o.wants(t, threeRows)
	g = newGateway(t, json200(`{"ResultObject":[]}`))
	o = once(t, settings(t, "", status+g.URL), t.TempDir())
	o.fails(t, "StatusCode", "success.field")
}

// TestFailuresThatNobodyNamed: what looks like a failure in the body is none of no records, and says which setting tells.
func TestFailuresThatNobodyNamed(t *testing.T) {
	t.Parallel()
	for answer, name := range map[string]string{
		`{"error_code":5,"result":null}`:                      "error_code",
		`{"StatusCode":500,"result":[]}`:                      "StatusCode",
		`{"Status":false,"result":[]}`:                        "Status",
		`{"success":"false","result":[]}`:                     "success",
		`<r><errorCode>-1</errorCode><result/></r>`:           "r.errorCode",
		`{"error_code":0,"Status":true,"result":[]}`:          "",
		`{"StatusCode":"200","Status":"OK","result":null}`:    "",
		`{"result":[],"statusOf":false,"a":{"status":false}}`: "",
	} {
		records := "result"
		if strings.HasPrefix(answer, "<") {
			records = "r.result"
		}
		g := newGateway(t, json200(answer))
		o := once(t, settings(t, "", "    protocol: open\n    records: "+records+"\n    url: "+g.URL), t.TempDir())
		if name == "" {
			o.wants(t, "")
		} else {
			o.fails(t, "success: {field: "+name+",", "looks like a failure")
		}
	}
	login := newGateway(t, json200(`{"session":"a-session","error_code":7,"error_message":"no"}`), json200(`{"session":"a-session","error_code":0}`))
	g := newGateway(t, json200(`{"error_code":5,"error_message":"not yours","result":null}`))
	for _, why := range []string{"session.url", "not yours"} {
		o := once(t, settings(t, "", "    protocol: session\n    records: result\n    session: {url: "+login.URL+"}\n    url: "+g.URL), t.TempDir())
		o.fails(t, "error_code", why)
	}
}

// TestSession signs in, carries the session in each body and the destination in query and header, and signs in again once it is over.
func TestSession(t *testing.T) {
	t.Parallel()
	login := newGateway(t, json200(`{"menu":[`+strings.Repeat(`"một mục",`, 300)+`""],"session":"first-session","error_code":0}`), json200(`{"session":"second-session","error_code":0}`))
	const over = `{"error_code":"-2","error_message":"phiên first-session hết hạn"}`
	g := newGateway(t, json200(`{"error_code":0,"result":[`+visit(1, "01/07/2025")+`]}`), json200(over), json200(`{"error_code":"0","result":[`+visit(2, "02/07/2025")+`]}`), json200(`{"error_code":"0","result":[]}`))
	source := "    protocol: session\n    url: " + g.URL + "\n    records: result\n    query: {dstcode: 000.00.01.H12}\n    headers: {X-Destination: H12}\n" +
		"    pages: {by: offset, parameter: batDau, sizeParameter: soLuong, size: 50}\n" +
		"    success: {field: error_code, values: [\"0\"], expired: [\"-2\"], message: error_message}\n" +
		"    session:\n      url: " + login.URL + "/login\n      headers: {X-Login: \"yes\"}\n      body: {username: vunglom, password: " + secret(t, "a password") + "}\n      success: {field: error_code, values: [\"0\"]}"
	o := once(t, settings(t, "", source), t.TempDir())
	o.wants(t, row1+row2)
	if r := login.asked(); len(r) != 2 || r[0].body != `{"password":"a password","username":"vunglom"}` || r[0].method != http.MethodPost || r[0].header.Get("X-Destination") != "" || r[0].header.Get("X-Login") != "yes" {
		t.Errorf("%+v", r)
	}
	var bodies []string
	for _, r := range g.asked() {
		bodies = append(bodies, r.body)
		if r.query != "dstcode=000.00.01.H12" || r.header.Get("X-Destination") != "H12" {
			t.Errorf("%+v", r)
		}
	}
	if got := strings.Join(bodies, "\n"); got != `{"batDau":0,"session":"first-session","soLuong":50}
{"batDau":1,"session":"first-session","soLuong":50}
{"batDau":1,"session":"second-session","soLuong":50}
{"batDau":2,"session":"second-session","soLuong":50}` {
		t.Error(got)
	}
	refused := newGateway(t, json200(`{"session":null,"error_code":101,"error_message":"sai: a password"}`))
	o = once(t, settings(t, "", strings.Replace(source, login.URL, refused.URL, 1)), t.TempDir())
	o.fails(t, "session.url", "101")
	if strings.Contains(o.err.Error()+o.log, "a password") || len(refused.asked()) != 1 {
		t.Errorf("%v, asked %d times", o.err, len(refused.asked()))
	}
}
