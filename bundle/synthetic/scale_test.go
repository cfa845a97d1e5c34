package synthetic

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// sums hashes every file of a folder.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		list[f.Name()] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return list
}

func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Scale: 0.02}, {Scale: 0.02, Compress: true}} {
		if o.Compress && raceDetector {
			continue // the same bytes, packed: nothing new to watch
		}
		a, b := sums(t, generated(t, o)), sums(t, generated(t, o))
		for name, s := range a {
			if b[name] != s {
				t.Errorf("%s differs from one run to the next (compressed: %v)", name, o.Compress)
			}
		}
		if o.Compress {
			continue
		}
		o.Seed = 2
		c := sums(t, generated(t, o))
		for name, s := range c {
			if a[name] == s && (name == "addresses.csv" || name == "units.geojsonl") {
				t.Errorf("%s is the same for another seed", name)
			}
		}
	}
}

func TestFiguresScale(t *testing.T) {
	t.Parallel()
	for _, p := range []struct {
		Options
		dir string
	}{{Options{Scale: 0.01}, ""}, {Options{Scale: 0.03, Seed: 5}, ""}, {Options{Scale: 0.2}, fifthProvince(t)}} {
		o, dir := p.Options, p.dir
		if o.Scale == 0.03 && raceDetector {
			continue // between the other two
		}
		if dir == "" {
			dir = generated(t, o)
		}
		c := counted(t, dir, "2024-09-30")
		of := func(n int) int { return int(math.Round(float64(n) * o.Scale)) }
		for _, f := range []struct {
			name      string
			got, want int
		}{
			{"districts", c.districts, 9}, {"communes", c.communes, 101}, {"teams", c.teams, c.hamlets},
			{"digital addresses", c.addresses, of(318821)}, {"guided", c.guided, of(215316)}, {"on the register", c.register, of(311386)},
			{"online public services", c.adopted["online_public_service"], of(181943)}, {"e-payment", c.adopted["e_payment"], of(144196)},
			{"e-commerce", c.adopted["e_commerce"], of(6442)}, {"members", c.members, max(of(4529), 3*c.hamlets)},
		} {
			if f.got != f.want {
				t.Errorf("scale %g: %s: got %d, want %d", o.Scale, f.name, f.got, f.want)
			}
		}
		if least := of(883); c.hamlets < least || c.hamlets < 101 || least > 150 && c.hamlets != least {
			t.Errorf("scale %g: %d hamlets, want %d or one a cell", o.Scale, c.hamlets, least)
		}
		units := readUnits(t, dir)
		checkCover(t, units, "2024-09-30")
		checkCover(t, units, "2026-10-31")
		checkSlivers(t, units)
	}
}

func TestRefusesWhatItCannotDo(t *testing.T) {
	for _, scale := range []float64{-1, 0.001, 11, math.NaN()} {
		if err := Generate(t.Context(), Options{Out: t.TempDir(), Scale: scale}); err == nil {
			t.Errorf("scale %g was taken", scale)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if err := Generate(ctx, Options{Out: dir, Scale: 0.01}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled generation returned %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "bundle.json")); err == nil {
		t.Error("a cancelled generation left a bundle.json")
	}
}
