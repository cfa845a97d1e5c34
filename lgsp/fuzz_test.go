package lgsp

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/outbound"
)

// FuzzLGSPSettings reads any file of settings, webhooks included: it is refused with a sentence that names the file, or all codes are as the
// pattern has them and whoever is told of changes may read them, over https.
func FuzzLGSPSettings(f *testing.F) {
	f.Setenv("SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	for _, text := range []string{
		"agency: 000.00.00.H12\nconsumers:\n  lgsp: {agency: 000.01.32.H12}\n",
		"consumers:\n  lgsp:\n    webhook: {url: \"https://a.example.vn/hook\", secrets: [{env: SECRET}], units: [\"COMMUNE:32041\"], kinds: [COVERAGE]}\nwebhookRetry: {first: 1s}\n",
		"consumers: {stray: {webhook: {url: https://a.vn, secrets: [{env: SECRET}]}}}", "agencyPattern: '['", "agencyPattern: '.*'\nagency: x", "agency: 1", "a: &a [*a]", "\xff", "",
	} {
		f.Add(text)
	}
	file := filepath.Join(f.TempDir(), "lgsp.yaml")
	system := func(client string) access.Caller {
		caller := access.Caller{Issuer: "i", Subject: client, Client: client, System: true}
		if client == "lgsp" {
			caller.Grants = []access.Grant{{Role: access.Platform, Units: []access.Unit{{Level: "province", Code: "96"}}}}
		}
		return caller
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Load(file, system)
		if err != nil {
			if !strings.Contains(err.Error(), file) || len(err.Error()) < len(file)+10 {
				t.Errorf("%q: %v", text, err)
			}
			if strings.Contains(err.Error(), "whsec_MDEy") {
				t.Errorf("%v tells the secret", err)
			}
			return
		}
		pattern := regexp.MustCompile(s.AgencyPattern)
		codes := []string{s.Agency}
		for client, consumer := range s.Consumers {
			codes = append(codes, consumer.Agency)
			if w := consumer.Webhook; w != nil {
				if _, ok := outbound.Address(w.URL); !ok || client != "lgsp" || len(w.Secrets) == 0 {
					t.Errorf("%q: %s is told at %q", text, client, w.URL)
				}
			}
		}
		for _, code := range codes {
			if code != "" && !pattern.MatchString(code) {
				t.Errorf("%q: the code %q is taken", text, code)
			}
		}
	})
}
