package lgsp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/lgsp"
)

func load(t *testing.T, text string) (lgsp.Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lgsp.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return lgsp.Load(file)
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
	if _, err := lgsp.Load("/nowhere.yaml"); err == nil || !strings.Contains(err.Error(), "--lgsp-settings") {
		t.Errorf("no file: %v", err)
	}
	for _, text := range []string{"agency: 000.00.00.H12", "agencyPattern: '^H[0-9]+$'\nagency: H12", `{"consumers": {"a": {"agency": "0A0.1B.00.G09"}}}`} {
		if _, err := load(t, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
