package authtest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"vunglom/auth"
)

// Claims are the keys of an issuer whose tokens say themselves what their bearer is and where.
const Claims = "roles: {claim: roles}, units: {claim: units}"

// Callers reads a settings file, as a province writes one, that takes the tokens of providers, and returns who tells by it who is there.
// Keys stand beside each issuer's name in it, as YAML does within braces: Claims, for one.
func Callers(t testing.TB, keys string, providers ...*Provider) (*auth.Settings, *auth.OIDC) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "auth.yaml")
	// Clocks are the same here, so that a token which has run out is seen to have.
	text := "clockSkew: 0s\nissuers:\n"
	for _, p := range providers {
		text += fmt.Sprintf("- {issuer: %q, audience: [%s], dashboard: {clientId: %s}, %s}\n", p.Issuer, Audience, p.known.Dashboard, keys)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := auth.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	callers, err := auth.New(settings, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return settings, callers
}
