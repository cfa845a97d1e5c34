package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDoors: the program does not open what it should not, says why and what to do, and what is open on every start.
func TestDoors(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "auth.yaml")
	if err := os.WriteFile(file, []byte("issuers: [{issuer: https://id.example.vn, audience: [vunglom], roles: {claim: roles}}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		doors
		listen string
		wrong  string // a part of what is said; "": nothing is wrong
		warned string
	}{
		"this machine":           {doors{Auth: "none"}, "127.0.0.1:8080", "", "No sign-in"},
		"this machine, IPv6":     {doors{Auth: "none"}, "[::1]:8080", "", "No sign-in"},
		"every address":          {doors{Auth: "none"}, "0.0.0.0:8080", "--insecure-listen", ""},
		"every address, no host": {doors{Auth: "none"}, ":8080", "--auth oidc", ""},
		"told to":                {doors{Auth: "none", InsecureListen: true}, ":8080", "", "WARNING"},
		"figures":                {doors{Auth: "none", MetricsListen: "127.0.0.1:9090"}, "127.0.0.1:8080", "", "No sign-in"},
		"figures for all":        {doors{Auth: "none", MetricsListen: ":9090"}, "127.0.0.1:8080", "--metrics-listen :9090", ""},
		"figures, told to":       {doors{Auth: "none", MetricsListen: ":9090", InsecureListen: true}, ":8080", "", "WARNING"},
		"figures under oidc":     {doors{Auth: "oidc", AuthSettings: file, MetricsListen: ":9090"}, ":8080", "", ""},
		"oidc":                   {doors{Auth: "oidc", AuthSettings: file}, ":8080", "", ""},
		"oidc without settings":  {doors{Auth: "oidc"}, ":8080", "--auth-settings FILE", ""},
		"settings without oidc":  {doors{Auth: "none", AuthSettings: file}, "127.0.0.1:8080", "goes with --auth oidc", ""},
		"settings not there":     {doors{Auth: "oidc", AuthSettings: file + "x"}, ":8080", file + "x", ""},
	} {
		err := c.check(c.listen)
		if err == nil {
			_, err = c.options("")
		}
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v; want %q", name, err, c.wrong)
		}
		var said bytes.Buffer
		if c.warn(&said); c.wrong == "" && !strings.Contains(said.String(), c.warned) || c.warned == "" && c.wrong == "" && said.Len() > 0 {
			t.Errorf("%s: it says %q", name, &said)
		}
	}
}
