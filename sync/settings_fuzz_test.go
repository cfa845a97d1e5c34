package sync

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/outbound"
)

// FuzzSyncSettings reads any file of settings: it is refused with a sentence that names the file, or each source is asked over https (http on
// this machine) for a table that there is, within limits.
func FuzzSyncSettings(f *testing.F) {
	const good = `keepDays: 7
sources:
  - name: luot
    protocol: wso2
    url: https://lgsp.example.org/luot/v1
    schedule: "30 2 * * *"
    token: {url: "https://lgsp.example.org/token", id: vunglom, secret: {env: LGSP_SECRET}}
    bundle: {province: "96"}
    table: visits
    columns: {code: ma, household_code: ho, team_code: {constant: T1}, visited_on: {field: ngay, date: dd/MM/yyyy}, outcome: {field: kq, codes: {"1": guided}}}
`
	for _, text := range []string{good, strings.Replace(good, "wso2", "open", 1), strings.Replace(good, "{env: LGSP_SECRET}", "SECRET", 1), "sources: []", "a: &a [*a]", "sources: [{name: a, url: http://a.vn}]", "limits: {run: 1e9}", "\xff", ""} {
		f.Add(text)
	}
	file := filepath.Join(f.TempDir(), "sync.yaml")
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
		names := map[string]bool{}
		for _, source := range s.Sources {
			if _, ok := outbound.Address(source.URL); !ok || source.Name == "" || names[source.Name] || source.Table == "" || source.Bundle.Province == "" || len(source.Columns) == 0 {
				t.Errorf("%q is taken: %+v", text, source)
			}
			names[source.Name] = true
		}
		if s.KeepDays < 0 || len(s.Sources) == 0 || s.Retry.Attempts < 1 {
			t.Errorf("%q is taken: %+v", text, s)
		}
	})
}
