package auth_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/auth"
	"vunglom/auth/authtest"
)

// known are the people and systems of the tests' provider.
var known = authtest.Known{
	Dashboard: "dashboard",
	Accounts: map[string]map[string]any{
		"lan":  {"roles": []string{"can-bo-xa"}, "units": []string{"COMMUNE:32041"}},
		"minh": {"realm_access": map[string]any{"roles": []string{"uma", "ke-hoach"}}, "units": []string{"SO-KHCN", "gõ sai"}},
		"hoa":  {},
	},
	Systems: map[string]authtest.System{
		"lgsp":  {Secret: "a secret of the platform"},
		"stray": {Secret: "another secret"},
		"tax":   {Secret: "a secret without a name", Nameless: true},
		"own":   {Secret: "its claims say all", Claims: map[string]any{"roles": []string{"nen-tang"}, "units": []string{"COMMUNE:32041"}}},
	},
}

const settings = `
clockSkew: 2m
issuers:
  - issuer: ISSUER
    audience: [vunglom, other-name]
    dashboard: {clientId: dashboard}
    roles: {claim: ROLES, values: {can-bo-xa: officer, ke-hoach: planner, nen-tang: platform}, default: viewer}
    units: {claim: units, values: {SO-KHCN: ["PROVINCE:96"]}}
    systems: {lgsp: {role: platform, units: ["PROVINCE:96", "PROVINCE:91"]}, tax: {role: platform, units: ["DISTRICT:972"]}}
`

// load reads settings for a provider.
func load(t *testing.T, text string) (*auth.Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "auth.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return auth.Load(file)
}

// door is an authenticator whose clock can be set.
type door struct {
	*auth.OIDC
	now time.Time
}

func open(t *testing.T, p *authtest.Provider, roles string) *door {
	t.Helper()
	s, err := load(t, strings.NewReplacer("ISSUER", p.Issuer, "ROLES", roles).Replace(settings))
	if err != nil {
		t.Fatal(err)
	}
	d := &door{now: time.Now()}
	if d.OIDC, err = auth.New(s, auth.Options{Now: func() time.Time { return d.now }}); err != nil {
		t.Fatal(err)
	}
	return d
}

// taken is the caller of a token that is good.
func (d *door) taken(t *testing.T, token string) access.Caller {
	t.Helper()
	c, err := d.Caller(t.Context(), "Bearer "+token)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused wants a token to be refused, with a code and words of the reason, and without a word of the token.
func (d *door) refused(t *testing.T, authorization, code, why string) {
	t.Helper()
	c, err := d.Caller(t.Context(), authorization)
	var refusal *access.Refusal
	if !errors.As(err, &refusal) || refusal.Code != code || !strings.Contains(refusal.Message, why) || c.SignedIn() {
		t.Errorf("%v, %v; want %s: %s", c, err, code, why)
	}
	if _, token, _ := strings.Cut(authorization, " "); len(token) > 20 && err != nil && strings.Contains(err.Error(), token[len(token)-20:]) {
		t.Errorf("the token is in the error: %v", err)
	}
}

// TestPeopleAndSystems sign in with a real provider, and are what its claims and the settings say.
func TestPeopleAndSystems(t *testing.T) {
	t.Parallel()
	p := authtest.Start(t, known)
	d, path := open(t, p, "roles"), open(t, p, "realm_access.roles")
	for name, c := range map[string]struct {
		door  *door
		token string
		want  string
	}{
		"officer of a commune":        {d, p.Person(t, "lan"), `{"Role":"officer","Everywhere":false,"Units":[{"Level":"commune","Code":"32041"}]}`},
		"own table, a path of claims": {path, p.Person(t, "minh"), `{"Role":"planner","Everywhere":false,"Units":[{"Level":"province","Code":"96"}]}`},
		"nothing said":                {d, p.Person(t, "hoa"), `{"Role":"viewer","Everywhere":false,"Units":null}`},
		"system":                      {d, p.System(t, "lgsp", ""), `{"Role":"platform","Everywhere":false,"Units":[{"Level":"province","Code":"96"},{"Level":"province","Code":"91"}]}`},
		"no sub":                      {d, p.System(t, "tax", ""), `{"Role":"platform","Everywhere":false,"Units":[{"Level":"district","Code":"972"}]}`},
		"by its claims":               {d, p.System(t, "own", ""), `{"Role":"platform","Everywhere":false,"Units":[{"Level":"commune","Code":"32041"}]}`},
		"nothing said of it":          {d, p.System(t, "stray", ""), `{"Role":"viewer","Everywhere":false,"Units":null}`},
		"ES256":                       {d, p.System(t, "lgsp", "urn:vunglom:es256"), `{"Role":"platform","Everywhere":false,"Units":[{"Level":"province","Code":"96"},{"Level":"province","Code":"91"}]}`},
	} {
		caller := c.door.taken(t, c.token)
		grants, err := json.Marshal(caller.Grants)
		if err != nil || string(grants) != "["+c.want+"]" || caller.Issuer != p.Issuer || caller.Subject == "" || caller.Until.IsZero() {
			t.Errorf("%s: %+v", name, caller)
		}
		if system := strings.Contains(c.want, "platform") && caller.Client != "own"; caller.System != system {
			t.Errorf("%s: a system: %v", name, caller.System)
		}
	}
	if c := d.taken(t, p.System(t, "tax", "")); c.Subject != "tax" || c.Client != "tax" {
		t.Errorf("who has no name but the client's: %+v", c)
	}
	if c := d.taken(t, p.System(t, "lgsp", "")); c.Client != "lgsp" {
		t.Errorf("a system's client: %+v", c)
	}
	if c := d.taken(t, p.Person(t, "hoa")); c.May(access.Aggregates) {
		t.Error("a role without a unit holds somewhere")
	}
	if c, err := d.Caller(t.Context(), ""); err != nil || c.SignedIn() {
		t.Errorf("nobody: %+v, %v", c, err)
	}
}

// TestEachIssuerHasItsOwnSettings: of two real providers each one's tokens are taken by its own audience, claims, tables and systems, and no
// token gains what the other's are given.
func TestEachIssuerHasItsOwnSettings(t *testing.T) {
	t.Parallel()
	who := authtest.Known{Dashboard: "dashboard",
		Accounts: map[string]map[string]any{"lan": {"roles": []string{"can-bo"}, "groups": []string{"ke-hoach"}, "units": []string{"COMMUNE:32041"}, "area": []string{"SO-KHCN"}}},
		Systems:  map[string]authtest.System{"lgsp": {Secret: "a secret"}}}
	first, second := authtest.Start(t, who), authtest.Start(t, who)
	s, err := load(t, strings.NewReplacer("FIRST", first.Issuer, "SECOND", second.Issuer).Replace(`
issuers:
  - issuer: FIRST
    audience: [vunglom]
    roles: {claim: roles, values: {can-bo: officer, ke-hoach: admin}}
    units: {claim: units}
    systems: {lgsp: {role: platform, units: ["PROVINCE:96"]}}
  - issuer: SECOND
    audience: [other]
    roles: {claim: groups, values: {can-bo: admin, ke-hoach: planner}, default: viewer}
    units: {claim: area, values: {SO-KHCN: ["PROVINCE:91"]}}
    systems: {lgsp: {role: viewer, units: ["DISTRICT:972"]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	o, err := auth.New(s, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := &door{OIDC: o, now: time.Now()}
	for _, c := range []struct {
		of          *authtest.Provider
		token, want string
	}{
		{first, first.Person(t, "lan"), `[{"Role":"officer","Everywhere":false,"Units":[{"Level":"commune","Code":"32041"}]}]`},
		{first, first.System(t, "lgsp", ""), `[{"Role":"platform","Everywhere":false,"Units":[{"Level":"province","Code":"96"}]}]`},
		{second, second.System(t, "lgsp", "urn:other"), `[{"Role":"viewer","Everywhere":false,"Units":[{"Level":"district","Code":"972"}]}]`},
	} {
		caller := d.taken(t, c.token)
		if grants, err := json.Marshal(caller.Grants); err != nil || string(grants) != c.want || caller.Issuer != c.of.Issuer {
			t.Errorf("%+v, want %s of %s", caller, c.want, c.of.Issuer)
		}
	}
	const no = access.Unauthenticated
	d.refused(t, "Bearer "+first.System(t, "lgsp", "urn:other"), no, "not meant for this server")
	d.refused(t, "Bearer "+second.System(t, "lgsp", ""), no, "not meant for this server")
	d.refused(t, "Bearer "+second.Person(t, "lan"), no, "not meant for this server")
	one, two := strings.Split(first.System(t, "lgsp", ""), "."), strings.Split(second.System(t, "lgsp", "urn:other"), ".")
	d.refused(t, "Bearer "+one[0]+"."+one[1]+"."+two[2], no, "its signature") // what the first says, which the second has signed
	d.refused(t, "Bearer "+two[0]+"."+one[1]+"."+two[2], no, "its signature")
	d.refused(t, "Bearer "+one[0]+"."+two[1]+"."+one[2], no, "its signature")

	// Each one's people, where both are meant for this server: what one calls an administrator is none at the other.
	for i := range s.Issuers {
		s.Issuers[i].Audience = []string{"vunglom"}
	}
	if o, err = auth.New(s, auth.Options{}); err != nil {
		t.Fatal(err)
	}
	d = &door{OIDC: o, now: time.Now()}
	if caller := d.taken(t, second.Person(t, "lan")); len(caller.Grants) != 1 || caller.Grants[0].Role != access.Planner || caller.Grants[0].Units[0] != (access.Unit{Level: "province", Code: "91"}) {
		t.Errorf("%+v", caller)
	}
	if caller := d.taken(t, first.Person(t, "lan")); caller.Subject != d.taken(t, second.Person(t, "lan")).Subject || caller.Grants[0].Role != access.Officer {
		t.Errorf("%+v", caller)
	}
}

// TestTokensThatAreNotGood are refused, never taken for none.
func TestTokensThatAreNotGood(t *testing.T) {
	t.Parallel()
	p, other := authtest.Start(t, known), authtest.Start(t, known)
	d := open(t, p, "roles")
	good := p.System(t, "lgsp", "")
	d.taken(t, good)
	part := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	elsewhere := strings.Split(other.System(t, "lgsp", ""), ".")
	const no = access.Unauthenticated
	for authorization, why := range map[string]string{
		"Bearer":                   "send Authorization: Bearer",
		"Basic bGFuOng=":           "send Authorization: Bearer",
		"Bearer x":                 "no issuer that is set",
		"Bearer a.b.c":             "no issuer that is set",
		"Bearer " + good + " more": "its signature",
		"Bearer " + p.System(t, "lgsp", "urn:other"):                                                      "not meant for this server",
		"Bearer " + p.System(t, "lgsp", "urn:vunglom:hs256"):                                              "its signature",
		"Bearer " + strings.Join(elsewhere, "."):                                                          "no issuer that is set",
		"Bearer " + elsewhere[0] + "." + part[1] + "." + elsewhere[2]:                                     "its signature",
		"Bearer " + encode([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + part[1] + ".":                 "its signature",
		"Bearer " + part[0] + "." + part[1] + ".":                                                         "its signature",
		"Bearer " + part[0] + "." + encode([]byte(`{"iss":"`+p.Issuer+`","sub":"root"}`)) + "." + part[2]: "its signature",
	} {
		d.refused(t, authorization, no, why)
	}
	var claims struct{ Exp, Iat int64 }
	payload, err := base64.RawURLEncoding.DecodeString(part[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		t.Fatal(err)
	}
	skew := 2 * time.Minute
	expiry, issued := time.Unix(claims.Exp, 0), time.Unix(claims.Iat, 0)
	d.now = expiry.Add(skew - time.Second)
	if c := d.taken(t, good); !c.Until.Equal(expiry.Add(skew)) {
		t.Errorf("it runs out at %s, not %s", c.Until, expiry.Add(skew))
	}
	d.now = expiry.Add(skew)
	d.refused(t, "Bearer "+good, no, "it has run out")
	d.now = issued.Add(-skew)
	d.taken(t, good)
	d.now = issued.Add(-skew - time.Second)
	d.refused(t, "Bearer "+good, no, "not good yet")
}

// TestKeysTurn: a new key is taken at once, one that is withdrawn is forgotten within the hour.
func TestKeysTurn(t *testing.T) {
	t.Parallel()
	p := authtest.Start(t, known)
	d := open(t, p, "roles")
	first := p.System(t, "lgsp", "")
	d.taken(t, first)
	p.Rotate(t)
	second := p.System(t, "lgsp", "")
	d.taken(t, second)
	d.taken(t, first)
	p.Withdraw(t)
	third := p.System(t, "lgsp", "")
	d.taken(t, third)
	d.refused(t, "Bearer "+second, access.Unauthenticated, "its signature")
	p.Withdraw(t) // and no new one shows it
	d.now = d.now.Add(time.Hour)
	if c, err := d.Caller(t.Context(), "Bearer "+third); err == nil {
		t.Errorf("a withdrawn key still opens: %+v", c)
	}
}

// TestIssuerDown: the program starts without its issuer, says so to whoever brings a token, and goes on when it is back.
func TestIssuerDown(t *testing.T) {
	t.Parallel()
	p := authtest.Start(t, known)
	token := p.System(t, "lgsp", "")
	p.Stop(t)
	d := open(t, p, "roles")
	d.refused(t, "Bearer "+token, access.Unanswered, "does not answer")
	if c, err := d.Caller(t.Context(), ""); err != nil || c.SignedIn() {
		t.Errorf("who brings none is nobody all the same: %+v, %v", c, err)
	}
	p.Restart(t)
	d.now = d.now.Add(time.Second) // it is not asked more often
	d.taken(t, token)
	p.Rotate(t)
	next := p.System(t, "lgsp", "")
	p.Stop(t)
	d.taken(t, token) // its key is known
	d.refused(t, "Bearer "+next, access.Unanswered, "does not answer")
	p.Restart(t)
	d.taken(t, next)
}

// slow lets requests to an issuer wait until they may go.
type slow struct{ begun, may chan struct{} }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case s.begun <- struct{}{}:
	default:
	}
	<-s.may
	return http.DefaultTransport.RoundTrip(r)
}

// TestNobodyWaitsForAnIssuerLongerThanHeLikes: while it is asked, whoever leaves is let go at once, and another may wait on.
func TestNobodyWaitsForAnIssuerLongerThanHeLikes(t *testing.T) {
	t.Parallel()
	p := authtest.Start(t, known)
	token := p.System(t, "lgsp", "")
	s, err := load(t, strings.NewReplacer("ISSUER", p.Issuer, "ROLES", "roles").Replace(settings))
	if err != nil {
		t.Fatal(err)
	}
	wire := slow{make(chan struct{}, 1), make(chan struct{})}
	o, err := auth.New(s, auth.Options{Client: wire})
	if err != nil {
		t.Fatal(err)
	}
	waits := make(chan error)
	go func() {
		_, err := o.Caller(t.Context(), "Bearer "+token)
		waits <- err
	}()
	<-wire.begun
	gone, leave := context.WithCancel(t.Context())
	leave()
	var refusal *access.Refusal
	if _, err := o.Caller(gone, "Bearer "+token); !errors.As(err, &refusal) || refusal.Code != access.Unanswered {
		t.Errorf("who has left: %v", err)
	}
	close(wire.may)
	if err := <-waits; err != nil {
		t.Errorf("who has waited: %v", err)
	}
}

// TestSettingsThatAreWrong: each says the file, the key, the value, and what to do.
func TestSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	const good = `{"issuers": [{"issuer": "https://id.example.vn", "audience": ["vunglom"], "roles": {"claim": "roles", "values": {"a": "viewer"}, "default": "public"}, "units": {"claim": "units", "values": {"b": ["*"]}, "default": ["COMMUNE:1"]}, "systems": {"c": {"role": "admin", "units": ["HAMLET:96/H1"]}}, "dashboard": {"clientId": "d"}}]}`
	if _, err := load(t, good); err != nil {
		t.Fatalf("JSON: %v", err)
	}
	for change, want := range map[string][]string{
		`"issuers"→"issuer"`:                                  {"issuer", "docs/access.md"},
		`https://id→http://id`:                                {"issuers[0].issuer", "http://id.example.vn", "https://"},
		`["vunglom"]→[]`:                                      {"issuers[0].audience", "aud"},
		`"a": "viewer"→"a": "boss"`:                           {"issuers[0].roles.values.a", "boss", "one of: public, viewer"},
		`"default": "public"→"default": "king"`:               {"issuers[0].roles.default", "king"},
		`{"claim": "roles", →{`:                               {"issuers[0].roles.claim"},
		`["*"]→["96"]`:                                        {"issuers[0].units.values.b", "96", "PROVINCE:96"},
		`"COMMUNE:1"→"HAMLET:H1"`:                             {"issuers[0].units.default", "HAMLET:H1", "HAMLET:96/H-001"},
		`"admin"→"root"`:                                      {"issuers[0].systems.c.role", "root"},
		`"clientId": "d"→"clientId": ""`:                      {"issuers[0].dashboard.clientId"},
		`"clientId": "d"→"clientId": "d", "scopes": ["mail"]`: {"issuers[0].dashboard.scopes", "mail", "openid"},
		`{"issuers"→{"clockSkew": "1 hour", "issuers"`:        {"clockSkew", "1 hour", "30s"},
		`{"issuers"→{"clockSkew": "1h", "issuers"`:            {"clockSkew", "1h", "10m"},
	} {
		from, to, _ := strings.Cut(change, "→")
		text := strings.Replace(good, from, to, 1)
		if text == good {
			t.Fatalf("%s changes nothing", change)
		}
		_, err := load(t, text)
		for _, word := range append(want, "auth.yaml") {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", change, err, word)
			}
		}
	}
	if _, err := auth.Load("/nowhere.yaml"); err == nil || !strings.Contains(err.Error(), "--auth-settings") {
		t.Errorf("no file: %v", err)
	}
}

// TestSystemsBeforeTheyAsk: what a system is when it asks is known before where the settings name its role and its units, and is no more than
// they name.
func TestSystemsBeforeTheyAsk(t *testing.T) {
	t.Parallel()
	s, err := load(t, `{"issuers": [
		{"issuer": "https://a.example.vn", "audience": ["vunglom"], "roles": {"default": "admin"}, "units": {"default": ["*"]},
			"systems": {"whole": {"role": "platform", "units": ["*"]}, "part": {"role": "platform", "units": ["PROVINCE:96"]}, "claims": {}, "role": {"role": "platform"}, "units": {"units": ["*"]}}},
		{"issuer": "https://b.example.vn", "audience": ["vunglom"], "systems": {"part": {"role": "viewer", "units": ["COMMUNE:1"]}}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	for client, want := range map[string]string{"whole": "true []", "part": "false [{province 96} {commune 1}]", "claims": "false []", "role": "false []", "units": "false []", "unknown": "false []"} {
		everywhere, units := s.System(client).Scope(access.Aggregates)
		if got := fmt.Sprint(everywhere, units); got != want {
			t.Errorf("%s: %s, want %s", client, got, want)
		}
	}
}
