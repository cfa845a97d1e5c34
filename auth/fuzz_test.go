package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vunglom/access"
)

// away is an issuer that is never there.
type away struct{}

func (away) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("not there") }

// FuzzAuthorization sends any Authorization header to a server whose issuer is away: nobody is let in, what is there is never taken for
// nothing, only a token that names the issuer has it asked for, and no refusal repeats what was sent.
func FuzzAuthorization(f *testing.F) {
	for _, header := range []string{"", "Bearer", "bearer  x", "Basic bGFuOng=", "Bearer a.b.c", "Bearer a.eyJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0In0.c",
		"Bearer a.eyJpc3MiOjF9.", "Bearer .eyJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0Iiwic3ViIjoiYSJ9.", "Bearer a.eyJJU1MiOiJodHRwczovL2lzc3Vlci50ZXN0In0.c.d"} {
		f.Add(header)
	}
	const name = "https://issuer.test"
	o, err := New(&Settings{Issuers: []Issuer{{Issuer: name, Audience: []string{"vunglom"}, Roles: RoleClaim{Default: access.Admin}, Units: UnitClaim{Default: []string{everywhere}}}}}, Options{Client: away{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header string) {
		caller, err := o.Caller(context.Background(), header)
		if caller.SignedIn() || len(caller.Grants) > 0 {
			t.Fatalf("%q is let in: %+v", header, caller)
		}
		var refusal *access.Refusal
		if (err == nil) != (header == "") || err != nil && !errors.As(err, &refusal) {
			t.Fatalf("%q: %v", header, err)
		}
		if err == nil {
			return
		}
		_, token, _ := strings.Cut(header, " ")
		token = strings.TrimSpace(token)
		if from := issuerOf(token); refusal.Code == access.Unanswered != (from == name && strings.EqualFold(header[:min(7, len(header))], "Bearer ")) {
			t.Errorf("%q says it is of %q: %v", header, from, err)
		}
		if issuerOf(token) != "" && strings.Count(token, ".") != 2 {
			t.Errorf("%q has no three parts", token)
		}
		if len(token) > 20 && strings.Contains(refusal.Message, token) {
			t.Errorf("%v repeats the token", err)
		}
	})
}

// FuzzClaims reads any claims by any names: what is read stands in them, no caller gains a role that the settings don't name, or a unit that
// is none, and the name as a whole comes before a path.
func FuzzClaims(f *testing.F) {
	f.Add(`{"realm_access":{"roles":["can-bo","x"]},"units":"COMMUNE:32041 PROVINCE:96"}`, "realm_access.roles", "units")
	f.Add(`{"https://a.vn/roles":["can-bo"],"https://a":{"vn/roles":["*"]}}`, "https://a.vn/roles", "https://a.vn/roles")
	f.Add(`{"a":{"b":{"c":"HAMLET:96/H1"},"b.c":["can-bo",1,null,{}]},"a.b":{"c":"*"}}`, "a.b.c", "a.b")
	f.Add(`{"":{"":"can-bo"},".":["*"]}`, ".", "..")
	f.Add(`{"azp":"lgsp","client_id":7,"units":{"a":1}}`, "azp", "units")
	i := Issuer{Issuer: "https://issuer.test", Systems: map[string]System{"lgsp": {Role: access.Platform}}}
	f.Fuzz(func(t *testing.T, text, roles, units string) {
		var claims map[string]any
		if json.Unmarshal([]byte(text), &claims) != nil {
			return
		}
		i.Roles = RoleClaim{Claim: roles, Values: map[string]access.Role{"can-bo": access.Officer, "x": access.Planner}, Default: access.Viewer}
		i.Units = UnitClaim{Claim: units}
		stands := words(claims)
		for _, name := range []string{roles, units} {
			values := valuesOf(claims, name)
			for _, value := range values {
				if !stands[value] {
					t.Errorf("%q of %s holds %q", name, text, value)
				}
			}
			if whole, is := claims[name]; is && name != "" && !slices.Equal(values, valuesOf(map[string]any{"n": whole}, "n")) {
				t.Errorf("%q of %s is %q", name, text, values)
			}
		}
		caller, unread := i.callerOf("an", claims)
		if caller.Issuer != i.Issuer || caller.Subject != "an" || len(caller.Grants) == 0 {
			t.Fatalf("%s makes %+v", text, caller)
		}
		for _, grant := range caller.Grants {
			if !slices.Contains([]access.Role{access.Officer, access.Planner, access.Viewer, access.Platform}, grant.Role) || (grant.Role == access.Platform) != caller.System ||
				grant.Role == access.Officer && !stands["can-bo"] || grant.Everywhere && !stands[everywhere] {
				t.Errorf("%s gives %+v", text, grant)
			}
			for _, unit := range grant.Units {
				if again, err := ReadUnit(unit.Level + ":" + unit.Code); err != nil || again != unit {
					t.Errorf("%s holds in %+v", text, unit)
				}
			}
		}
		for _, word := range unread {
			if _, err := ReadUnit(word); err == nil || word == everywhere {
				t.Errorf("%q is a unit, and not read", word)
			}
		}
	})
}

// words are all texts in claims, and their words.
func words(value any) map[string]bool {
	all := map[string]bool{}
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case string:
			all[value] = true
			for _, word := range strings.Fields(value) {
				all[word] = true
			}
		case []any:
			for _, one := range value {
				walk(one)
			}
		case map[string]any:
			for _, one := range value {
				walk(one)
			}
		}
	}
	walk(value)
	return all
}

// FuzzAuthSettings reads any file of settings: it is refused with a sentence that names the file, or lets nobody in by plain HTTP, by a token
// for anybody, or with a role or a unit that there is not.
func FuzzAuthSettings(f *testing.F) {
	for _, text := range []string{
		`{"issuers": [{"issuer": "https://id.example.vn", "audience": ["vunglom"], "roles": {"claim": "roles", "values": {"a": "viewer"}, "default": "public"}, "units": {"claim": "units", "values": {"b": ["*"]}, "default": ["COMMUNE:1"]}, "systems": {"c": {"role": "admin", "units": ["HAMLET:96/H1"]}}, "dashboard": {"clientId": "d"}}]}`,
		"clockSkew: 2m\nrequirePurpose: true\nissuers:\n  - issuer: http://127.0.0.1:9\n    audience: [a, b]\n    dashboard: {clientId: d, scopes: [openid], connect: [https://x.vn]}\n",
		"issuers:\n  - &a {issuer: https://a.vn, audience: [x]}\n  - {<<: *a, issuer: https://b.vn}\n", "issuers: []", "a: &a [*a]", "issuers: [{issuer: http://a.vn}]", "\xff", "",
	} {
		f.Add(text)
	}
	file := filepath.Join(f.TempDir(), "auth.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Load(file)
		if err != nil {
			if !strings.Contains(err.Error(), file) || len(err.Error()) < len(file)+10 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		o, err := New(s, Options{})
		if err != nil || o.skew < 0 || o.skew > mostSkew || len(s.Issuers) == 0 || len(o.issuers) != len(s.Issuers) {
			t.Fatalf("%q: %+v, %v", text, s, err)
		}
		for _, i := range s.Issuers {
			if checkAddress(i.Issuer) != nil || strings.HasPrefix(i.Issuer, "http://") && !strings.Contains(i.Issuer, "127.") && !strings.Contains(strings.ToLower(i.Issuer), "localhost") && !strings.Contains(i.Issuer, "::") && !strings.Contains(i.Issuer, "[0:") ||
				len(i.Audience) == 0 || slices.Contains(i.Audience, "") {
				t.Errorf("%q is taken: %+v", text, i)
			}
			if caller, _ := i.callerOf("an", nil); len(caller.Grants) > 0 && !slices.Contains(access.Roles(), caller.Grants[0].Role) {
				t.Errorf("%q gives %+v", text, caller)
			}
		}
	})
}
