package webhook_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/webhook"
	"vunglom/webhook/webhooktest"
)

// land imports a province of one hamlet with so many households reported, which is a change each time that they are others.
func land(t *testing.T, d *db.DB, reported string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`,
		"units.csv":   "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\nprovince,96,Cà Mau,tinh,,,2004-08-31,,\n",
		"reports.csv": "level,unit_code,measure,value,qualifier,as_of,share,source\nprovince,96,households_guided," + reported + ",gte,2024-09-01,0.69,test\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := bundle.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := d.Import(t.Context(), b, db.ImportOptions{Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

// run tells systems of changes until the test ends or stop is called.
func run(t *testing.T, d *db.DB, systems map[string]*webhook.Settings, retry webhook.Retry) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	teller := webhook.Teller{DB: d, Systems: systems, Retry: retry}
	ended := make(chan struct{})
	go func() { defer close(ended); teller.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return stop
}

// await waits until something holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}

// state is what has become of the system; the zero one, before it is registered.
func state(t *testing.T, d *db.DB) db.WebhookState {
	t.Helper()
	states, err := d.WebhookStates(t.Context())
	if err != nil || len(states) > 1 {
		t.Fatal(states, err)
	}
	return append(states, db.WebhookState{})[0]
}

// TestWebhooksAreTakenByStandardWebhooks: each change is told to a system that verifies messages by the public library, through a change of
// the secret; one signed by another secret is refused, and sent until it is taken.
func TestWebhooksAreTakenByStandardWebhooks(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	old, fresh := webhooktest.Secret(), webhooktest.Secret()
	address, says := webhooktest.Start(t, old)
	land(t, d, "1")
	last := ""
	taken := func(retold bool) {
		t.Helper()
		h := next(t, says)
		if h.Refused != "" || !strings.HasPrefix(h.ID, "msg_") || (h.Cursor == last) != retold {
			t.Errorf("%+v after %s", h, last)
		}
		last = h.Cursor
		await(t, "it is noted", func() bool { return state(t, d).Standing() == db.WebhookTold })
	}
	told := func(secrets ...string) (stop func()) {
		s, retry, err := systems(t, address, "", secrets...)
		if err != nil {
			t.Fatal(err)
		}
		return run(t, d, s, retry)
	}
	stop := told(old)
	taken(false)
	land(t, d, "2")
	taken(false)
	stop()
	stop = told(fresh, old) // while the system changes to the new one
	land(t, d, "3")
	taken(false)
	stop()
	stop = told(fresh)
	land(t, d, "4")
	if h := next(t, says); h.Refused == "" {
		t.Errorf("what another secret signed was taken: %+v", h)
	}
	await(t, "it is noted", func() bool { s := state(t, d); return s.Standing() == db.WebhookFailing && s.Failure == "HTTP 400" })
	stop()
	for len(says) > 0 {
		<-says
	}
	told(old)
	taken(false)
	if s := state(t, d); s.Delivered != 4 || s.Failed == 0 {
		t.Errorf("%+v", s)
	}
}

// TestWebhookSecretIsChangedWithoutARestart: the file of a secret is read for each message. While it holds two, either verifies; while it
// holds none that is good, nothing is sent, and why not is told without what stands there.
func TestWebhookSecretIsChangedWithoutARestart(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	old, fresh := webhooktest.Secret(), webhooktest.Secret()
	address, says := webhooktest.Start(t, old)
	s, retry, err := systems(t, address, "", old)
	if err != nil {
		t.Fatal(err)
	}
	file := s["thue"].Secrets[0].File
	hold := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	land(t, d, "1")
	run(t, d, s, retry)
	taken := func() {
		t.Helper()
		if h := next(t, says); h.Refused != "" {
			t.Errorf("%+v", h)
		}
		await(t, "it is noted", func() bool { return state(t, d).Standing() == db.WebhookTold })
	}
	taken()
	hold(fresh + " " + old + "\n") // the system has the old one still
	land(t, d, "2")
	taken()
	hold(fresh + "\n")
	land(t, d, "3")
	if h := next(t, says); h.Refused == "" {
		t.Errorf("what another secret signed was taken: %+v", h)
	}
	hold("hemlig\n")
	await(t, "the secret is found to be none", func() bool { return strings.Contains(state(t, d).Failure, "whsec_") })
	if why := state(t, d).Failure; strings.Contains(why, "hemlig") {
		t.Error(why)
	}
	for len(says) > 0 {
		<-says
	}
	hold(old + "\n")
	taken()
}

// TestWebhooksOutliveFaults: whatever a system does instead of taking a message, it is sent again, until it is taken, with the same id.
func TestWebhooksOutliveFaults(t *testing.T) {
	t.Parallel()
	secret := webhooktest.Secret()
	address, says := webhooktest.Start(t, secret)
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	consumer := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: to.Scheme, Host: to.Host})
	stray := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("a redirect was followed: %s", r.URL) }))
	t.Cleanup(stray.Close)
	hijacked := func(said string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = conn.Write([]byte(said))
			_ = conn.Close()
		}
	}
	for name, fault := range map[string]http.HandlerFunc{
		"500":          answer(500),
		"404":          answer(404),
		"401":          answer(401),
		"cut":          hijacked(""),
		"half":         hijacked("HTTP/1.1 200 O"),
		"garbage":      hijacked("\x00\x01\x02 garbage\r\n\r\n"),
		"endless head": hijacked("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n"),
		"slow": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // without it the server does not see that the other side is gone
			<-r.Context().Done()
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, stray.URL, http.StatusTemporaryRedirect)
		},
		"see other": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, stray.URL, http.StatusSeeOther) },
		"taken but the answer lost": func(_ http.ResponseWriter, r *http.Request) {
			consumer.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := dbtest.New(t)
			land(t, d, "1")
			var mu sync.Mutex
			var ids []string
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				ids = append(ids, r.Header.Get("webhook-id"))
				faulty := len(ids) <= 2
				mu.Unlock()
				if faulty {
					fault(w, r)
					return
				}
				consumer.ServeHTTP(w, r)
			}))
			defer front.Close()
			s, retry, err := systems(t, front.URL, "", secret)
			if err != nil {
				t.Fatal(err)
			}
			stop := run(t, d, s, retry)
			await(t, "it is taken", func() bool { return state(t, d).Standing() == db.WebhookTold && state(t, d).Delivered == 1 })
			stop()
			if s := state(t, d); s.Failed != 2 || s.Attempts != 0 || s.Failure != "" {
				t.Errorf("%+v", s)
			}
			if len(ids) != 3 || slices.ContainsFunc(ids, func(id string) bool { return id != ids[0] || id == "" }) {
				t.Errorf("ids %q", ids)
			}
			for h := next(t, says); ; h = next(t, says) {
				if h.ID != ids[0] || h.Refused != "" {
					t.Errorf("%+v", h)
				}
				if len(says) == 0 {
					break
				}
			}
		})
	}
}

// TestWebhooksEnd: a system that says so is told no more, until somebody resumes it; what happened meanwhile is told then.
func TestWebhooksEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	land(t, d, "1")
	var gone atomic.Bool
	var asked atomic.Int32
	gone.Store(true)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1); gone.Load() {
			w.WriteHeader(http.StatusGone)
		}
	}))
	defer front.Close()
	s, retry, err := systems(t, front.URL, "", webhooktest.Secret())
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, d, s, retry)
	await(t, "it is gone", func() bool { return state(t, d).Standing() == db.WebhookGone })
	stop()
	land(t, d, "2")
	gone.Store(false)
	stop = run(t, d, s, retry) // a program that begins does not begin anew with it
	if m, wait, err := d.ClaimWebhook(t.Context(), "thue", time.Minute); m != nil || wait != 0 || err != nil {
		t.Errorf("%+v %s %v", m, wait, err)
	}
	stop()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if found, err := d.ResumeWebhook(t.Context(), "thue"); err != nil || !found {
		t.Fatal(found, err)
	}
	run(t, d, s, retry)
	await(t, "it is told", func() bool { return state(t, d).Standing() == db.WebhookTold })
}

// TestWebhooksWaitAsTheyAreAsked: Retry-After is waited for.
func TestWebhooksWaitAsTheyAreAsked(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	land(t, d, "1")
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer front.Close()
	s, retry, err := systems(t, front.URL, "", webhooktest.Secret())
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, d, s, retry)
	await(t, "it failed", func() bool { return state(t, d).Failure == "HTTP 429" })
	stop()
	if m, wait, err := d.ClaimWebhook(t.Context(), "thue", time.Minute); m != nil || wait < 50*time.Minute || wait > time.Hour || err != nil {
		t.Errorf("%+v %s %v", m, wait, err)
	}
}

// TestWebhooksUnderWayAreFinished: told to stop, the program waits for what it has sent, and notes it.
func TestWebhooksUnderWayAreFinished(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	land(t, d, "1")
	came, answers := make(chan struct{}), make(chan struct{})
	front := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(came); <-answers }))
	defer front.Close()
	s, retry, err := systems(t, front.URL, "", webhooktest.Secret())
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, d, s, retry)
	next(t, came)
	time.AfterFunc(50*time.Millisecond, func() { close(answers) })
	stop()
	if got := state(t, d); got.Standing() != db.WebhookTold || got.Delivered != 1 {
		t.Errorf("%+v", got)
	}
}

// TestWebhooksGoToWhomTheyAreFor: certificates are verified, by a setting's authorities too; neither this machine nor its segment of the
// network is reached by a name that does not say so.
func TestWebhooksGoToWhomTheyAreFor(t *testing.T) {
	t.Parallel()
	front := httptest.NewTLSServer(answer(http.StatusNoContent))
	t.Cleanup(front.Close)
	front.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, address, more, want string }{
		{"no authority", front.URL, "", "certificate"},
		{"its authority", front.URL, ", ca: " + ca, ""},
		{"the segment of the network", "https://169.254.169.254/latest", "", "segment"},
		{"nowhere", "https://0.0.0.0/", "", "segment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := dbtest.New(t)
			land(t, d, "1")
			s, retry, err := systems(t, c.address, c.more, webhooktest.Secret())
			if err != nil {
				t.Fatal(err)
			}
			stop := run(t, d, s, retry)
			await(t, "there is an answer", func() bool { return state(t, d).Delivered+state(t, d).Failed > 0 })
			stop()
			if got := state(t, d); (got.Delivered > 0) != (c.want == "") || !strings.Contains(got.Failure, c.want) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestWebhookSettingsThatAreWrong: each says the key, the value and what to do, and never a secret.
func TestWebhookSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	good, short := webhooktest.Secret(), "whsec_c2hvcnQ="
	const address = "https://thue.example.vn/told"
	for _, c := range []struct {
		name, address, more string
		secrets             []string
		words               []string
	}{
		{"http", "http://thue.example.vn/told", "", []string{good}, []string{"consumers.thue.webhook.url", "thue.example.vn", "https://"}},
		{"a password", "https://thue:hemlig@thue.example.vn/told", "", []string{good}, []string{"webhook.url", "https://"}},
		{"a query", address + "?token=hemlig", "", []string{good}, []string{"webhook.url"}},
		{"no secret", address, "", nil, []string{"webhook.secrets", "env"}},
		{"three", address, "", []string{good, good, good}, []string{"webhook.secrets", "3"}},
		{"short", address, "", []string{good, short}, []string{"webhook.secrets[1]", "openssl rand"}},
		{"no prefix", address, "", []string{strings.TrimPrefix(good, "whsec_")}, []string{"webhook.secrets[0]", "whsec_"}},
		{"empty", address, "", []string{""}, []string{"webhook.secrets[0]"}},
		{"a unit", address, ", units: [32001]", []string{good}, []string{"webhook.units", "32001", "COMMUNE:32041"}},
		{"a kind", address, ", kinds: [GAPS]", []string{good}, []string{"webhook.kinds", "GAPS", "COVERAGE"}},
		{"no such file", address, ", ca: /nowhere.pem", []string{good}, []string{"webhook.ca", "/nowhere.pem"}},
		{"another key", address, ", token: hemlig", []string{good}, []string{"docs/lgsp.md", "token"}},
		{"written here", address, "}}, than: {webhook: {url: 'https://b', secrets: [hemlig]", []string{good}, []string{"env"}},
	} {
		_, _, err := systems(t, c.address, c.more, c.secrets...)
		if err == nil {
			t.Errorf("%s: taken", c.name)
			continue
		}
		for _, word := range append(c.words, "lgsp.yaml") {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", c.name, err, word)
			}
		}
		for _, secret := range []string{"hemlig", strings.TrimPrefix(good, "whsec_"), strings.TrimPrefix(short, "whsec_")} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: %v tells a secret", c.name, err)
			}
		}
	}
	if _, _, err := systems(t, address, ", units: ['COMMUNE:32041', 'HAMLET:96/H1'], kinds: [REPORT]", good, webhooktest.Secret()); err != nil {
		t.Error(err)
	}
}

// TestWebhookSecretsAreToldToNobody: neither the secret nor what is made of it stands in the log or the state, whatever a system answers.
func TestWebhookSecretsAreToldToNobody(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	d := dbtest.New(t)
	land(t, d, "1")
	secret := webhooktest.Secret()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // one that repeats it where errors repeat what came
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_, _ = conn.Write([]byte(secret + " " + secret + "\r\n\r\n"))
			_ = conn.Close()
		}
	}))
	defer front.Close()
	s, retry, err := systems(t, front.URL+"/hemlig", "", secret)
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, d, s, retry)
	await(t, "it failed", func() bool { return state(t, d).Failed > 0 })
	stop()
	if said := log.String() + state(t, d).Failure; !strings.Contains(said, "thue") || strings.Contains(said, secret[10:]) || strings.Contains(said, "hemlig") {
		t.Errorf("%s", said)
	}
}

// TestTheDocumentedScriptVerifiesMessages runs verify.sh as docs/lgsp.md has it over a message that was sent: it takes it as it came, also where two secrets signed it, and
// no other body, secret, id or timestamp.
func TestTheDocumentedScriptVerifiesMessages(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl")
	}
	document, err := os.ReadFile("../docs/lgsp.md")
	if err != nil {
		t.Fatal(err)
	}
	_, script, found := strings.Cut(string(document), "```sh\n# verify.sh ")
	script, _, ends := strings.Cut("# verify.sh "+script, "```")
	if !found || !ends {
		t.Fatal("the document has no verify.sh")
	}
	type message struct {
		header http.Header
		body   string
	}
	came := make(chan message, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		came <- message{r.Header, string(body)}
	}))
	defer server.Close()
	d := dbtest.New(t)
	land(t, d, "1")
	old, fresh := webhooktest.Secret(), webhooktest.Secret()
	s, retry, err := systems(t, server.URL, "", fresh, old)
	if err != nil {
		t.Fatal(err)
	}
	run(t, d, s, retry)
	m := next(t, came)
	id, at, signatures := m.header.Get("webhook-id"), m.header.Get("webhook-timestamp"), m.header.Get("webhook-signature")
	takes := func(body string, arguments ...string) bool {
		sh := exec.CommandContext(t.Context(), "sh", append([]string{"-c", script, "verify.sh"}, arguments...)...)
		sh.Stdin = strings.NewReader(body)
		out, err := sh.CombinedOutput()
		if len(out) > 0 {
			t.Errorf("it says %s", out)
		}
		return err == nil
	}
	for _, secret := range []string{old, fresh} {
		if !takes(m.body, secret, id, at, signatures) {
			t.Errorf("it refuses %+v", m)
		}
	}
	for name, taken := range map[string]bool{
		"another body":      takes(m.body+" ", old, id, at, signatures),
		"another secret":    takes(m.body, webhooktest.Secret(), id, at, signatures),
		"another id":        takes(m.body, old, id+"x", at, signatures),
		"another timestamp": takes(m.body, old, id, at+"0", signatures),
		"no signature":      takes(m.body, old, id, at, ""),
	} {
		if taken {
			t.Errorf("it takes %s", name)
		}
	}
}
