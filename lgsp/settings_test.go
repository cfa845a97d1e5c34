package lgsp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/lgsp"
)

// systems are what the tests' clients are: one reads changes, one reads what everybody does, of others nothing is known.
func systems(client string) access.Caller {
	switch client {
	case "reads":
		return access.Caller{Client: client, Grants: []access.Grant{{Role: access.Platform, Units: []access.Unit{{Level: "commune", Code: "32041"}}}}}
	case "nowhere":
		return access.Caller{Client: client, Grants: []access.Grant{{Role: access.Platform}}}
	case "anybody":
		return access.Caller{Client: client, Grants: []access.Grant{{Role: access.Importer, Everywhere: true}}}
	}
	return access.Caller{Client: client}
}

func load(t *testing.T, text string) (lgsp.Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lgsp.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return lgsp.Load(file, systems)
}

// TestSettingsThatAreWrong: each says the file, the key, the value, and what to do.
func TestSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	for text, words := range map[string][]string{
		"agency: H12":                           {"agency", "H12", "000.00.00.H12"},
		"agency: 000.00.00.h12":                 {"agency", "000.00.00.h12"},
		"consumers: {a: {agency: 0.0.0.H1}}":    {"consumers.a.agency", "0.0.0.H1"},
		"agencyPattern: '('":                    {"agencyPattern", "RE2"},
		"agencies: H12":                         {"agencies", "docs/lgsp.md"},
		"agencyPattern: '^[0-9]+$'\nagency: H1": {"agency", "H1", "^[0-9]+$"},
	} {
		_, err := load(t, text)
		for _, word := range append(words, "lgsp.yaml") {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", text, err, word)
			}
		}
	}
	if _, err := lgsp.Load("/nowhere.yaml", systems); err == nil || !strings.Contains(err.Error(), "--lgsp-settings") {
		t.Errorf("no file: %v", err)
	}
	for _, text := range []string{"agency: 000.00.00.H12", "agencyPattern: '^H[0-9]+$'\nagency: H12", `{"consumers": {"a": {"agency": "0A0.1B.00.G09"}}}`} {
		if _, err := load(t, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestWebhooksAreOfWhoMayReadChanges: a client is told of none that may not read them, or of which that is not known before it asks.
func TestWebhooksAreOfWhoMayReadChanges(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
	for client, taken := range map[string]bool{"reads": true, "nowhere": false, "anybody": false, "unknown": false} {
		_, err := load(t, "consumers: {"+client+": {webhook: {url: 'https://thue.example.vn', secrets: [{env: WEBHOOK_SECRET}]}}}")
		if (err == nil) != taken {
			t.Errorf("%s: %v", client, err)
		}
		for _, word := range []string{"lgsp.yaml", "consumers." + client + ".webhook", "systems", "--auth-settings"} {
			if err != nil && !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", client, err, word)
			}
		}
	}
}
