package db_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/bundle"
	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestExportComesBackUnchanged imports a province, exports it, and imports that: nothing may
// be new or different, neither in the same database nor, exported once more, in another.
func TestExportComesBackUnchanged(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]func(*testing.T) string{"synthetic": syntheticBundle, "VN-2000": projectedBundle} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, other := dbtest.New(t), dbtest.New(t)
			original := importFolder(t, d, source(t))
			province := "96"
			out := filepath.Join(t.TempDir(), "out")
			if err := d.Export(t.Context(), province, out, nil); err != nil {
				t.Fatal(err)
			}
			again := importFolder(t, d, out)
			for i, c := range again.Tables {
				first := original.Tables[i]
				if c.Read != first.Read-first.Rejected || c.Unchanged != c.Read {
					t.Errorf("%s: %+v came back as %+v", c.Name, first.Count, c.Count)
				}
			}
			importFolder(t, other, out)
			second := filepath.Join(t.TempDir(), "second")
			if err := other.Export(t.Context(), province, second, nil); err != nil {
				t.Fatal(err)
			}
			compareFolders(t, out, second)
		})
	}
}

func TestExportOfAnUnknownProvince(t *testing.T) {
	t.Parallel()
	err := dbtest.New(t).Export(t.Context(), "00", filepath.Join(t.TempDir(), "out"), nil)
	if !db.IsNotFound(err) {
		t.Fatalf("got %v", err)
	}
}

func syntheticBundle(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "synthetic")
	if err := synthetic.Generate(t.Context(), synthetic.Options{Out: folder, Scale: 0.01}); err != nil {
		t.Fatal(err)
	}
	return folder
}

// projectedBundle is in metres of Cà Mau's TM-3 zone and crosses itself, so that what is stored
// has been transformed and repaired and needs all its digits.
func projectedBundle(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "srid": 9207}`,
		"units.geojsonl": `{"type":"Feature","properties":{"level":"province","code":"96","name":"Cà Mau","kind":"tinh","valid_from":"2000-01-01"},"geometry":null}
{"type":"Feature","properties":{"level":"commune","code":"32001","name":"Một, \"Hai\"","kind":"xa","parent_level":"province","parent_code":"96","valid_from":"2000-01-01","valid_to":"2030-01-01"},"geometry":{"type":"Polygon","coordinates":[[[560000,1010000],[561000.123,1011000.456],[561000,1010000],[560000,1011000],[560000,1010000]]]}}
`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func importFolder(t *testing.T, d *db.DB, folder string) *db.Report {
	t.Helper()
	b, err := bundle.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	report, err := d.Import(t.Context(), b, db.ImportOptions{})
	if closing := b.Close(); err != nil || closing != nil {
		t.Fatal(err, closing)
	}
	if n := report.Rejected(); n > 0 {
		t.Fatalf("%d rows rejected: %+v", n, report.Problems[0])
	}
	return report
}

func compareFolders(t *testing.T, a, b string) {
	t.Helper()
	files, err := os.ReadDir(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		want, err := os.ReadFile(filepath.Join(a, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(b, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s differs: %.2000s", file.Name(), diff)
		}
	}
}
