package bundle

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sameFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestCopy(t *testing.T) {
	bad := "\"v\"\"2\",h,t,\"31/12/2024\n\",guided\n"
	b := open(t, folder(t, map[string]string{
		"visits.csv.gz":  gzipped(t, "\ufeffcode,household_code,team_code,visited_on,outcome\r\nv1,h,t,2024-01-01,guided\r\n"+bad+"v3\xff,h,t,2024-01-01,guided\n\"v4,h\nv5,h,t,x,guided"),
		"units.geojson":  "{\"features\": [\n{\"type\": \"Feature\",\n \"properties\": {\"level\": \"x\"}},\n{}]}",
		"units.geojsonl": "{}\nnonsense\n",
	}))
	rejects := filepath.Join(t.TempDir(), "a", "b")
	lines := map[string]*Lines{"units.geojson": linesOf(1, 2), "units.geojsonl": linesOf(1, 2)}
	for _, p := range readAll(t, b, TableNamed("visits")).problems {
		if lines[p.File] == nil {
			lines[p.File] = new(Lines)
		}
		lines[p.File].Add(p.Line)
	}
	for _, table := range []*Table{TableNamed("visits"), TableNamed("units")} {
		if err := b.Copy(t.Context(), table, lines, rejects); err != nil {
			t.Fatal(err)
		}
	}
	sameFile(t, filepath.Join(rejects, "visits.csv"), "code,household_code,team_code,visited_on,outcome\n"+bad+"v3\xff,h,t,2024-01-01,guided\n\"v4,h\nv5,h,t,x,guided\n")
	sameFile(t, filepath.Join(rejects, "units.geojsonl.geojsonl"), "{}\nnonsense\n")
	sameFile(t, filepath.Join(rejects, "units.geojsonl"), "{\"type\": \"Feature\", \"properties\": {\"level\": \"x\"}}\n{}\n")
}
