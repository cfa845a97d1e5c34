package synthetic

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"vunglom/bundle"
)

// TestHiddenHamlets checks that hiding hamlets takes their polygons and most declarations, and nothing else.
func TestHiddenHamlets(t *testing.T) {
	t.Parallel()
	shown, hidden := t.TempDir(), t.TempDir()
	options := Options{Scale: 0.05, Out: shown}
	if err := Generate(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	options.Out, options.Hide = hidden, &Hidden{Declare: 0.3, Misdeclare: 0.1}
	if err := Generate(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	for _, table := range bundle.Tables {
		if table.Name == "addresses" || table.Name == "units" {
			continue
		}
		was, err := os.ReadFile(filepath.Join(shown, table.Name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		is, err := os.ReadFile(filepath.Join(hidden, table.Name+".csv"))
		if err != nil || !bytes.Equal(was, is) {
			t.Errorf("%s differs (%v)", table.Name, err)
		}
	}
	units := readUnits(t, shown)
	for i, u := range readUnits(t, hidden) {
		o := units[i]
		if u.Properties.Level != o.Properties.Level || u.Properties.Code != o.Properties.Code || u.Properties.From != o.Properties.From {
			t.Fatalf("unit %+v, hidden %+v", o.Properties, u.Properties)
		}
		if (u.Geometry == nil) != (u.Properties.Level == "hamlet" || o.Geometry == nil) {
			t.Fatalf("unit %+v: polygon %v, hidden %v", u.Properties, o.Geometry != nil, u.Geometry != nil)
		}
	}
	l := newLocator(t, shown, "2024-09-30")
	declared, wrong, far := 0.0, 0.0, 0.0
	addresses := parsedTable(t, hidden, "addresses")
	for i, a := range parsedTable(t, shown, "addresses") {
		h := addresses[i]
		if a.get("code") != h.get("code") || a.get("lon") != h.get("lon") || a.get("lat") != h.get("lat") || a.get("kind") != h.get("kind") || h.get("commune_code") != "" {
			t.Fatalf("address %v became %v", a.cells, h.cells)
		}
		if h.get("hamlet_code") == "" {
			continue
		}
		declared++
		if truth := l.at(number(t, h.get("lon")), number(t, h.get("lat"))); truth != h.get("hamlet_code") {
			wrong++
			if truth[:5] != h.get("hamlet_code")[:5] {
				far++
			}
		}
	}
	if share := declared / float64(len(addresses)); math.Abs(share-0.3) > 0.01 {
		t.Errorf("%.3f of the addresses declare", share)
	}
	if share := wrong / declared; math.Abs(share-0.1) > 0.02 {
		t.Errorf("%.3f of those are wrong", share)
	}
	if far == 0 || far == wrong {
		t.Errorf("of %g wrong ones %g name a hamlet of another commune", wrong, far)
	}
	for _, h := range []*Hidden{{Declare: 1.1}, {Declare: 0.5, Misdeclare: -0.1}, {Declare: math.NaN()}} {
		options.Hide = h
		if Generate(t.Context(), options) == nil {
			t.Errorf("%+v was taken", *h)
		}
	}
}
