package sync_test

import (
	"compress/gzip"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const opened = "    protocol: open\n    records: data\n    url: "

var whole = json200(`{"data":` + threeVisits + `}`)

// TestFaultsThatPass: what passes by itself is asked for again, and the run ends with all there is, once.
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	stalled := func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"data":[`))
		w.(http.Flusher).Flush()
		<-r.Context().Done() // until the other side gives up
	}
	for name, c := range map[string]struct {
		fault http.HandlerFunc
		top   string
	}{
		"cut":             {cut(`{"data":[` + visit(1, "01/07/2025") + `,`), ""},
		"slow":            {stalled, "limits: {time: 3s}\n"},
		"429":             {says(http.StatusTooManyRequests, "application/json", `{}`, "Retry-After", "0"), ""},
		"503, a date":     {says(http.StatusServiceUnavailable, "text/html", "<html>", "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"), ""},
		"500":             {says(http.StatusInternalServerError, "text/plain", "NullReferenceException"), ""},
		"502 page":        {says(http.StatusBadGateway, "text/html", "<html><body>Bad Gateway</body></html>"), ""},
		"a page with 200": {says(http.StatusOK, "text/html", "<!DOCTYPE html><html><body>Bảo trì</body></html>"), ""},
		"half of it":      {json200(`{"data":[` + visit(1, "01/07/2025") + `,{"maLuot":"V2","ho":`), ""},
		"half of XML":     {says(http.StatusOK, "application/xml", `<data><maLuot>V1</maLuot><ho><ma>H1</ma>`), ""},
		"garbage":         {says(http.StatusOK, "application/json", "\x00\x01\x02"), ""},
		"nothing":         {json200(""), ""},
		"two answers":     {json200(`{"data":[]}{"data":[]}`), ""},
		"windows-1258":    {json200("{\"data\":[{\"maLuot\":\"\xd0\xe0\"}]}"), ""},
		"throttled":       {json200(`{"fault":{"code":900800,"message":"Message throttled out","description":"You have exceeded your quota"}}`), ""},
		"suspended":       {says(http.StatusOK, "application/xml", `<am:fault xmlns:am="http://wso2.org/apimanager"><am:code>303001</am:code><am:message>Runtime Error</am:message></am:fault>`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t, c.fault, c.fault, whole)
			o := once(t, settings(t, c.top, opened+g.URL), t.TempDir())
			o.wants(t, threeRows)
			if n := len(g.asked()); n != 3 && c.top == "" || strings.Count(o.log, "asked again later") != n-1 {
				t.Errorf("asked %d times\n%s", n, o.log)
			}
		})
	}
}

// TestFaultInPlaceOfTheRecords: where the answer itself is the records, a gateway's fault is no record.
func TestFaultInPlaceOfTheRecords(t *testing.T) {
	t.Parallel()
	g := newGateway(t, json200("["+visit(1, "01/07/2025")+"]"), json200(`{"code":"900800","message":"Message throttled out","description":"quota"}`), json200("["+visit(2, "02/07/2025")+"]"), json200("[]"))
	o := once(t, settings(t, "", "    protocol: open\n    url: "+g.URL+"\n    pages: {by: page, parameter: p}"), t.TempDir())
	o.wants(t, row1+row2)
	if !strings.Contains(o.log, "900800") || len(g.asked()) != 4 {
		t.Errorf("asked %d times\n%s", len(g.asked()), o.log)
	}
}

// TestRetryAfterIsWaitedFor, however short the waits are that nobody asked for.
func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	g := newGateway(t, says(http.StatusTooManyRequests, "application/json", `{}`, "Retry-After", "1"), whole)
	s, err := load(t, "retry: {attempts: 2, first: 1ms, longest: 3ms}\nsources:\n  - name: luot\n"+opened+g.URL+"\n    bundle: {province: \"96\"}"+visitColumns)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	o := once(t, s, t.TempDir())
	o.wants(t, threeRows)
	if time.Since(began) < time.Second {
		t.Errorf("asked again after %s", time.Since(began))
	}
}

// TestRetryAfterThatIsTooLong ends the run, and what has come stands; the source is not asked before, by no run of whatever program.
func TestRetryAfterThatIsTooLong(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"429, a day": says(http.StatusTooManyRequests, "application/json", `{}`, "Retry-After", "86400"),
		"503, a date": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", time.Now().Add(24*time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	} {
		g := newGateway(t, json200("["+visit(1, "01/07/2025")+"]"), fault, json200("["+visit(2, "02/07/2025")+"]"), json200("[]"))
		s, data := settings(t, "resumeWithin: 48h\n", "    protocol: open\n    url: "+g.URL+"\n    pages: {by: page, parameter: p}"), t.TempDir()
		for range 2 {
			o := once(t, s, data)
			o.fails(t, "Retry-After", "2026-11-27")
		}
		if n := len(g.asked()); n != 2 {
			t.Errorf("%s: asked %d times", name, n)
		}
		if _, err := s.Sweep(data, noon.Add(12*time.Hour)); err != nil {
			t.Error(err)
		}
		if _, err := s.Begin(s.Sources[0], data, noon.Add(23*time.Hour), nil); err == nil || !strings.Contains(err.Error(), "Retry-After") {
			t.Errorf("%s: an hour too early: %v", name, err)
		}
		run, err := s.Begin(s.Sources[0], data, noon.Add(25*time.Hour), nil)
		if err != nil {
			t.Fatal(err)
		}
		if run.Resumed() != 1 {
			t.Errorf("%s: %d pages resumed", name, run.Resumed())
		}
		if err = errors.Join(run.Fetch(t.Context()), run.End(false)); err != nil || run.Records() != 2 {
			t.Errorf("%s: %v, %d records", name, err, run.Records())
		}
	}
	// A login that wants to be left alone is no other.
	token := newGateway(t, says(http.StatusTooManyRequests, "application/json", `{}`, "Retry-After", "3600"))
	s, data := settings(t, "", "    protocol: wso2\n    url: "+token.URL+"\n    token: {url: "+token.URL+"/token, id: i, secret: "+secret(t, "s3cret")+"}"), t.TempDir()
	for range 2 {
		o := once(t, s, data)
		o.fails(t, "Retry-After", "13:00")
	}
	if n := len(token.asked()); n != 1 {
		t.Errorf("the login was asked %d times", n)
	}
}

// bomb answers with 20 kB that unpack to 20 MB.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	_, _ = z.Write(make([]byte, 20<<20)) // the other side has enough before
	_ = z.Close()
}

// TestFaultsThatStay end the run at once, with a reason, and nothing is made of what was sent.
func TestFaultsThatStay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		top    string
		why    string
		asked  int
	}{
		"always 500":      {says(http.StatusInternalServerError, "", ""), "", "HTTP 500", 4},
		"401, no login":   {says(http.StatusUnauthorized, "", ""), "", "HTTP 401", 1},
		"403":             {says(http.StatusForbidden, "", ""), "", "HTTP 403", 1},
		"404":             {says(http.StatusNotFound, "", ""), "", "HTTP 404", 1},
		"fault":           {json200(`{"fault":{"code":900908,"message":"Resource forbidden"}}`), "", "900908", 1},
		"SOAP fault":      {says(http.StatusOK, "text/xml", `<s:Envelope xmlns:s="x"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>DS Fault</faultstring></s:Fault></s:Body></s:Envelope>`), "", "DS Fault", 1},
		"renamed":         {json200(`{"items":` + threeVisits + `}`), "", "it has: items", 1},
		"renamed field":   {json200(`{"data":[{"ma_luot":"V1","ho":{"ma":"H1"},"ngay":"01/07/2025","ketQua":"Vắng nhà"}]}`), "", "no record has the field maLuot", 1},
		"too long":        {whole, "limits: {answerBytes: 100}\n", "limits.answerBytes", 1},
		"a long record":   {json200(`{"data":[{"maLuot":"` + strings.Repeat("x", 200_000) + `"}]}`), "limits: {recordBytes: 1000}\n", "limits.recordBytes", 1},
		"a gzip bomb":     {bomb, "limits: {answerBytes: 1000000}\n", "limits.answerBytes", 1},
		"without an end":  {json200(strings.Repeat("[", 1000)), "", "more than 64 deep", 1},
		"a billion laugh": {says(http.StatusOK, "text/xml", `<!DOCTYPE l [<!ENTITY a "lol">]><data>&a;</data>`), "", "entities", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t, c.answer)
			o := once(t, settings(t, c.top, opened+g.URL), t.TempDir())
			o.fails(t, c.why)
			if len(g.asked()) != c.asked || o.rows != nil {
				t.Errorf("asked %d times, rows %v", len(g.asked()), o.rows)
			}
		})
	}
}

// TestAnswersThatCantBeUsed are kept for who mends the settings: the last one alone, its beginning, without secrets, as long as others.
func TestAnswersThatCantBeUsed(t *testing.T) {
	t.Parallel()
	g := newGateway(t, json200(`{"items":[],"first":1}`), func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"items":[],"seen":%q,"more":"%s%s"}`, r.Header.Get("X-Key"), strings.Repeat("x", 1<<20-59), r.Header.Get("X-Key"))
	}, says(http.StatusBadGateway, "text/html", "<p>later"))
	s, data := settings(t, "keepDays: 3\n", "    headers: {X-Key: "+secret(t, "a key that is repeated")+"}\n"+opened+g.URL), t.TempDir()
	file := filepath.Join(data, "luot", "answers", "unusable")
	for _, want := range []string{`{"items":[],"first":1}`, `{"items":[],"seen":"•••"`, "<p>later"} {
		o := once(t, s, data)
		if o.err == nil || !strings.HasPrefix(want, "<") && !strings.Contains(o.err.Error(), file) {
			t.Errorf("%v; want %s", o.err, file)
		}
		text, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(text), want) || strings.Contains(string(text), "a key") || len(text) > 1<<20 {
			t.Errorf("%v: %d bytes, %.200s", err, len(text), text)
		}
	}
	if left, err := filepath.Glob(filepath.Join(data, "luot", "answers", ".*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if n, err := s.Sweep(data, time.Now().AddDate(0, 0, 2)); err != nil || n != 1 { // the run that broke off
		t.Errorf("%d are removed: %v", n, err)
	}
	if n, err := s.Sweep(data, time.Now().AddDate(0, 0, 4)); err != nil || n != 1 {
		t.Errorf("%d are removed: %v", n, err)
	}
}

// TestRedirects are followed within the same scheme, host and port alone, and not in circles; nobody else sees what proves who asks.
func TestRedirects(t *testing.T) {
	t.Parallel()
	to := func(address string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, status) }
	}
	source := func(g *gateway) string {
		return "    headers: {X-Key: " + secret(t, "do not carry") + "}\n" + opened + g.URL
	}
	g := newGateway(t, to("/v2", http.StatusFound), whole)
	o := once(t, settings(t, "", source(g)), t.TempDir())
	o.wants(t, threeRows)
	if r := g.asked()[1]; r.path != "/v2" || r.header.Get("X-Key") != "do not carry" {
		t.Errorf("%+v", r)
	}
	other := newGateway(t, whole)
	g = newGateway(t, to(other.URL+"/steal", http.StatusTemporaryRedirect))
	o = once(t, settings(t, "", source(g)), t.TempDir())
	o.fails(t, "redirects")
	g = newGateway(t, to("/again", http.StatusMovedPermanently))
	o = once(t, settings(t, "", source(g)), t.TempDir())
	o.fails(t, "in a circle")
	if n := len(g.asked()); n != 6 {
		t.Errorf("asked %d times", n)
	}
	g = newGateway(t, to("/v2", http.StatusTemporaryRedirect))
	o = once(t, settings(t, "", "    method: POST\n"+source(g)), t.TempDir())
	o.fails(t, "not sent again elsewhere")
	if len(other.asked()) > 0 {
		t.Errorf("another host was asked: %+v", other.asked())
	}
}

// TestCertificatesAreVerified: by the system's authorities and a file's, for the host's own name; no setting takes that away.
func TestCertificatesAreVerified(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(whole)
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	o := once(t, settings(t, "", opened+server.URL), t.TempDir())
	o.fails(t, "certificate")
	o = once(t, settings(t, "", opened+server.URL+"\n    ca: "+ca), t.TempDir())
	o.wants(t, threeRows)
	o = once(t, settings(t, "", opened+strings.Replace(server.URL, "127.0.0.1", "localhost", 1)+"\n    ca: "+ca), t.TempDir())
	o.fails(t, "certificate")
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if word := "Insecure" + "SkipVerify"; strings.Contains(string(text), word) {
			t.Errorf("%s has %s", file, word)
		}
	}
}

// TestSecretsAreToldToNobody: a gateway that repeats what it was sent does not bring it into an error, a log, or what is kept.
func TestSecretsAreToldToNobody(t *testing.T) {
	t.Parallel()
	const password, key = `pass"word+1/=`, "the key of the platform"
	token := newGateway(t, json200(`{"access_token":"bearer-of-the-day","token_type":"Bearer"}`))
	g := newGateway(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(map[string]any{"fault": map[string]any{"code": 101503, "message": fmt.Sprint(r.Header, " ", key, " ", password)}})
	})
	data := t.TempDir()
	s := settings(t, "", "    protocol: access-key\n    accessKey: {accessKey: "+secret(t, key)+", secretKey: "+secret(t, password)+"}\n    token: {url: "+token.URL+", id: i, secret: "+secret(t, password)+"}\n    url: "+g.URL)
	o := once(t, s, data)
	o.fails(t, "101503", "•••")
	told := o.err.Error() + o.log
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			var text []byte
			text, err = os.ReadFile(path)
			told += string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// What stands in the settings themselves is hidden too where it is long enough to be a secret, and so are the secrets of a body, and the
	// half of one where a value is cut off.
	login := newGateway(t, json200(`{"session":"the-session-of-the-day","error_code":0}`))
	g2 := newGateway(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]any{"fault": map[string]any{"code": 101503, "message": fmt.Sprint(r.Header, string(body), " word-of-a-file a-plain-user")}})
	})
	o = once(t, settings(t, "", "    protocol: session\n    session: {url: "+login.URL+", body: {user: a-plain-user}}\n    success: {field: ok, values: [\"1\"]}\n    headers: {X-Partner: plainpartner77, Authorization: "+secret(t, "Bearer word-of-a-file")+"}\n    body: {auth: [{apiKey: "+secret(t, "a key in a body")+"}]}\n    url: "+g2.URL), t.TempDir())
	o.fails(t, "101503", "•••")
	told += o.err.Error() + o.log
	g3 := newGateway(t, json200("["+strings.Replace(visit(1, "01/07/2025"), "V1", strings.Repeat("x", 285)+"a key in a record", 1)+","+strings.Replace(visit(1, "x"), `"x"`, `"`+strings.Repeat("x", 285)+`a key in a record"`, 1)+"]"))
	o = once(t, settings(t, "", "    protocol: open\n    headers: {X-Key: "+secret(t, "a key in a record")+"}\n    url: "+g3.URL), t.TempDir())
	if o.err != nil || len(o.problems) == 0 {
		t.Error(o.err)
	}
	for _, p := range o.problems {
		told += p.Value + p.Message
	}
	if r := g2.asked()[0]; !strings.Contains(r.body, `"auth":[{"apiKey":"a key in a body"}]`) || r.header.Get("Authorization") != "Bearer word-of-a-file" {
		t.Errorf("%+v", r)
	}
	sent := g.asked()[0].header.Get("lgspaccesstoken")
	words := []string{password, `pass\"word`, key, "bearer-of-the-day", "plainpartner77", "word-of-a-file", "a key in a", "a-plain-user", "the-session"}
	for i := 0; i+24 <= len(sent); i++ {
		words = append(words, sent[i:i+24])
	}
	if len(words) < 100 {
		t.Fatalf("the header is %q", sent)
	}
	for _, word := range words {
		if word == "" || strings.Contains(told, word) {
			t.Errorf("%q is told: %s", word, told)
		}
	}
}
