package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedData finds the real data beside the project, or skips the test.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		data := filepath.Join(filepath.Dir(dir), "shared", "data")
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			if _, err := os.Stat(data); err != nil {
				t.Skipf("the real data are not at %s", data)
			}
			return data
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("the module's root was not found")
	return ""
}

// TestPublishedBundles reads the official communes of two provinces.
func TestPublishedBundles(t *testing.T) {
	data := sharedData(t)
	for province, want := range map[string]struct {
		code               string
		units, successions int
	}{
		"ca-mau":  {"96", 65, 190},
		"can-tho": {"92", 104, 0},
	} {
		t.Run(province, func(t *testing.T) {
			b := open(t, filepath.Join(data, province))
			units, successions := readAll(t, b, TableNamed("units")), readAll(t, b, TableNamed("successions"))
			if b.Meta.Province != want.code || len(units.rows) != want.units || len(successions.rows) != want.successions {
				t.Errorf("province %s, %d units, %d successions", b.Meta.Province, len(units.rows), len(successions.rows))
			}
			for _, g := range []got{units, successions} {
				if g.err != nil || len(g.problems) > 0 {
					t.Error(g.err, g.problems)
				}
			}
			drawn := 0
			for _, r := range units.rows {
				if r.cell(TableNamed("units"), "geometry").Known {
					drawn++
				}
			}
			if drawn != want.units-1 {
				t.Errorf("%d of %d units have a polygon", drawn, want.units)
			}
		})
	}
}
