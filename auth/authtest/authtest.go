// Package authtest starts a real OpenID provider for tests, and signs people and systems in with it.
package authtest

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"vunglom/nodetest"
)

// Known is what a provider knows. Every claim stands in the tokens as it stands here.
type Known struct {
	Accounts  map[string]map[string]any `json:"accounts,omitempty"` // people, by the name they sign in with
	Systems   map[string]System         `json:"systems,omitempty"`  // by client id
	Dashboard string                    `json:"dashboard"`
	TTL       int                       `json:"ttl,omitempty"` // of tokens, in seconds; default 300
}

// System is a client that is no person.
type System struct {
	Secret   string         `json:"secret"`
	Claims   map[string]any `json:"claims"`
	Nameless bool           `json:"nameless,omitempty"` // its tokens have no sub
}

// Provider is an OpenID provider that runs on loopback until its test has ended.
type Provider struct {
	Issuer string

	known  Known
	orders io.Writer
	lines  *bufio.Scanner
}

// Audience is who tokens are meant for, unless they are asked for another resource.
const Audience = "vunglom"

// folder returns where the provider is, with its packages.
func folder(t testing.TB) string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	home := filepath.Join(filepath.Dir(file), "provider")
	nodetest.Install(t, home)
	return home
}

// Start starts a provider.
func Start(t testing.TB, known Known) *Provider {
	t.Helper()
	home := folder(t)
	node := exec.Command("node", "provider.mjs") // it ends with its input
	node.Dir, node.Stderr = home, os.Stderr
	orders, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatalf("%v: Node.js 18 or later is needed", err)
	}
	t.Cleanup(func() { _ = orders.Close(); _ = node.Wait() })
	p := &Provider{known: known, orders: orders, lines: bufio.NewScanner(out)}
	said, err := json.Marshal(known)
	if err != nil {
		t.Fatal(err)
	}
	p.Issuer = p.say(t, string(said))
	return p
}

// say writes a line and returns the one that answers it.
func (p *Provider) say(t testing.TB, line string) string {
	t.Helper()
	if _, err := fmt.Fprintln(p.orders, line); err != nil {
		t.Fatal(err)
	}
	if !p.lines.Scan() {
		t.Fatalf("the provider ended: %v", p.lines.Err())
	}
	return p.lines.Text()
}

// Rotate has a new key sign from now on; what the old one has signed still holds.
func (p *Provider) Rotate(t testing.TB) { t.Helper(); p.say(t, "rotate") }

// Withdraw leaves a new key alone.
func (p *Provider) Withdraw(t testing.TB) { t.Helper(); p.say(t, "withdraw") }

// Stop lets nobody answer.
func (p *Provider) Stop(t testing.TB) { t.Helper(); p.say(t, "stop") }

// Restart lets somebody answer again, with the same keys.
func (p *Provider) Restart(t testing.TB) { t.Helper(); p.say(t, "start") }

// System returns a token that a system got by its secret (client_credentials). Resource is what it is for; empty: this program.
func (p *Provider) System(t testing.TB, id, resource string) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}}
	if resource != "" {
		form.Set("resource", resource)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.Issuer+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(id, p.known.Systems[id].Secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return token(t, http.DefaultClient, r)
}

// Person returns the access token of somebody who signed in as the dashboard does: authorization code and PKCE, on the provider's own pages.
func (p *Provider) Person(t testing.TB, name string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	const back = "http://127.0.0.1:9/"
	var code string
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			code = r.URL.Query().Get("code")
			return http.ErrUseLastResponse
		}
		return nil
	}}
	secret := rand.Text() + rand.Text() // at least 43 characters
	challenge := sha256.Sum256([]byte(secret))
	query := url.Values{"client_id": {p.known.Dashboard}, "response_type": {"code"}, "scope": {"openid profile"}, "redirect_uri": {back}, "state": {"s"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}}
	at := visit(t, browser, http.MethodGet, p.Issuer+"/auth?"+query.Encode(), nil)
	for _, page := range []url.Values{{"prompt": {"login"}, "login": {name}, "password": {"x"}}, {"prompt": {"consent"}}} {
		if code == "" {
			at = visit(t, browser, http.MethodPost, at, page)
		}
	}
	if code == "" {
		t.Fatalf("%s could not sign in: the last page is %s", name, at)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}, "client_id": {p.known.Dashboard}, "code_verifier": {secret}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.Issuer+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return token(t, browser, r)
}

// visit opens a page and returns where that led.
func visit(t testing.TB, browser *http.Client, method, address string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); response.StatusCode >= 400 {
		t.Fatalf("%s: %s\n%s", address, response.Status, body)
	}
	return response.Request.URL.String()
}

func token(t testing.TB, client *http.Client, r *http.Request) string {
	t.Helper()
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&answer); err != nil || answer.Token == "" {
		t.Fatalf("no token: %s\n%s", response.Status, body)
	}
	return answer.Token
}
