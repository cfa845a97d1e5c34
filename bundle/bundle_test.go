package bundle

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const metaText = `{"province": "96", "as_of": "2024-09-30", "source": "a test"}`

// folder writes a bundle of the given files, and bundle.json if none is given.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if _, ok := files[MetaFile]; !ok {
		write(t, filepath.Join(dir, MetaFile), metaText)
	}
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	return dir
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// zipped packs files, in the order given, into a zip.
func zipped(t testing.TB, files ...[2]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bundle.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(out)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *Bundle {
	t.Helper()
	b, err := Open(path)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return b
}

// got is what a reading of a table gave.
type got struct {
	rows     []Row
	problems []Problem
	read     int64
	err      error
}

// readAll reads a table and checks what must hold of every reading: a row is visited or
// rejected, never both, and the count says so.
func readAll(t testing.TB, b *Bundle, table *Table) got {
	t.Helper()
	var g got
	rejected := int64(0)
	g.read, g.err = b.Rows(context.Background(), table, func(r *Row) error {
		row := *r
		row.Values = append([]Value(nil), r.Values...)
		for i := range row.Values {
			row.Values[i].Bytes = append([]byte(nil), row.Values[i].Bytes...)
		}
		g.rows = append(g.rows, row)
		return nil
	}, func(p Problem) {
		if p.Code == "" || p.Message == "" || p.File == "" {
			t.Errorf("a problem says too little: %+v", p)
		}
		if !p.Kept {
			rejected++
		}
		g.problems = append(g.problems, p)
	})
	if g.err == nil && g.read != int64(len(g.rows))+rejected {
		t.Errorf("read %d, but visited %d and rejected %d", g.read, len(g.rows), rejected)
	}
	return g
}

// readFile reads one table that stands in one file.
func readFile(t testing.TB, name, content string) got {
	t.Helper()
	table, _, _ := partOf(&entry{name: name})
	if table == nil {
		t.Fatalf("%s belongs to no table", name)
	}
	return readAll(t, open(t, folder(t, map[string]string{name: content})), table)
}

// cell returns a row's value in a column.
func (r *Row) cell(table *Table, column string) Value { return r.Values[table.Index(column)] }

func TestOpen(t *testing.T) {
	t.Run("folder", func(t *testing.T) {
		b := open(t, folder(t, map[string]string{
			MetaFile:          "\ufeff" + `{"province": " 96 ", "as_of": "2024-09-30", "source": "s", "licence": "MIT", "srid": 9207, "synthetic": true, "note": 1}`,
			"visits.csv":      "",
			"units.geojsonl":  "",
			"Units.CSV.gz":    "",
			"visits.geojson":  "",
			"read me.txt":     "",
			"addresses.zip":   "",
			"teams.geojson":   "",
			"visits_2023.csv": "",
		}))
		want := Meta{Province: "96", AsOf: 19996, Source: "s", Licence: "MIT", SRID: 9207, Synthetic: true}
		if diff := cmp.Diff(want, b.Meta); diff != "" {
			t.Error(diff)
		}
		if got := b.Meta.AsOfTime().Format("2006-01-02"); got != "2024-09-30" {
			t.Errorf("as of %s", got)
		}
		if diff := cmp.Diff([]string{"Units.CSV.gz", "units.geojsonl"}, b.Files(TableNamed("units"))); diff != "" {
			t.Error(diff)
		}
		var unknown []string
		for _, p := range b.Unknown() {
			unknown = append(unknown, p.Code+" "+p.File+" "+p.Column)
			if !p.Kept {
				t.Errorf("%+v is not kept", p)
			}
		}
		if diff := cmp.Diff([]string{"unknown_key bundle.json note", "unknown_file read me.txt ", "unknown_file visits.geojson ", "unknown_file visits_2023.csv "}, unknown); diff != "" {
			t.Error(diff)
		}
		if b.Has(TableNamed("members")) || !b.Has(TableNamed("teams")) {
			t.Error("Has is wrong")
		}
	})
	t.Run("default srid", func(t *testing.T) {
		if b := open(t, folder(t, nil)); b.Meta.SRID != 4326 || b.Meta.Synthetic {
			t.Errorf("%+v", b.Meta)
		}
	})
	for _, top := range []string{"", "bundle/", "Cà Mau/"} {
		t.Run("zip "+top, func(t *testing.T) {
			b := open(t, zipped(t, [2]string{top + "services.csv", "code,name_vi,name_en,counted_in\nvneid,VNeID,VNeID,person\n"},
				[2]string{top + MetaFile, metaText}, [2]string{"__MACOSX/._x", ""}))
			g := readAll(t, b, TableNamed("services"))
			if len(g.rows) != 1 || g.err != nil || len(b.Unknown()) != 1 {
				t.Errorf("%+v, unknown %v", g, b.Unknown())
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	meta := func(s string) string { return folder(t, map[string]string{MetaFile: s}) }
	for name, c := range map[string]struct{ path, want string }{
		"absent":      {filepath.Join(t.TempDir(), "no"), "no: does not exist; give a folder"},
		"no meta":     {t.TempDir(), "holds no bundle.json; add one"},
		"no json":     {meta("{"), "bundle.json: is not a JSON object"},
		"array":       {meta("[]"), "is not a JSON object"},
		"no province": {meta(`{"as_of": "2024-09-30", "source": "s"}`), "province is missing; write the province's code"},
		"number":      {meta(`{"province": 96, "as_of": "2024-09-30", "source": "s"}`), `province is "96"; write it as text in quotes`},
		"nul":         {meta(`{"province": "96", "as_of": "2024-09-30", "source": "a\u0000b"}`), "write it without the NUL character"},
		"bad as_of":   {meta(`{"province": "96", "as_of": "30/09/2024", "source": "s"}`), `as_of is "30/09/2024"; write the day`},
		"no source":   {meta(`{"province": "96", "as_of": "2024-09-30"}`), "source is missing"},
		"bad srid":    {meta(`{"province": "96", "as_of": "2024-09-30", "source": "s", "srid": "4326"}`), "EPSG number without quotes"},
		"zero srid":   {meta(`{"province": "96", "as_of": "2024-09-30", "source": "s", "srid": 0}`), "write the EPSG number"},
		"no zip":      {filepath.Join(folder(t, nil), MetaFile), "neither a folder nor a zip"},
		"climbs":      {zipped(t, [2]string{MetaFile, metaText}, [2]string{"../evil.csv", ""}), "points outside the zip"},
		"absolute":    {zipped(t, [2]string{MetaFile, metaText}, [2]string{"/etc/evil", ""}), "points outside the zip"},
		"backslash":   {zipped(t, [2]string{MetaFile, metaText}, [2]string{`a\evil`, ""}), "points outside the zip"},
		"twice":       {zipped(t, [2]string{MetaFile, metaText}, [2]string{"units.csv", ""}, [2]string{"Units.csv", ""}), "twice"},
		"deep":        {zipped(t, [2]string{"a/b/" + MetaFile, metaText}), "holds no bundle.json"},
		"bad xlsx":    {folder(t, map[string]string{workbook: "x"}), "tables.xlsx: is no workbook"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Open(c.path)
			var failure *FileError
			if !errors.As(err, &failure) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a FileError with %q", err, c.want)
			}
			if b != nil {
				t.Error("a bundle came with the error")
			}
		})
	}
}

func TestZipBomb(t *testing.T) {
	path := zipped(t, [2]string{MetaFile, metaText}, [2]string{"visits.csv", strings.Repeat("\x00", ratioFrom+1)})
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "refused as a trap") {
		t.Errorf("got %v", err)
	}
}

func TestRowsStops(t *testing.T) {
	b := open(t, folder(t, map[string]string{"services.csv": "code,name_vi,name_en,counted_in\na,A,A,person\nb,B,B,person\n"}))
	services := TableNamed("services")
	stop := errors.New("stop")
	n, err := b.Rows(t.Context(), services, func(*Row) error { return stop }, func(Problem) {})
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("visit's error: read %d, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Rows(ctx, services, func(*Row) error { return nil }, func(Problem) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestMemoryIsFlat streams a file that is much larger than what may be held of it.
func TestMemoryIsFlat(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(dir, Meta{Province: "96", Source: "a test"})
	if err != nil {
		t.Fatal(err)
	}
	visits := TableNamed("visits")
	tw, err := w.Table(visits, false)
	if err != nil {
		t.Fatal(err)
	}
	const rows = 300_000
	for i := range int64(rows) {
		code := string(appendDay(nil, i)) + "-visit-of-a-household"
		if err := tw.Write([]Value{known(code), known(code), known("T1"), {Known: true, Integer: 19000 + i%1000}, known("guided"), known("a;b")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(tw.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	b := open(t, dir)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, most := 0, uint64(0)
	_, err = b.Rows(t.Context(), visits, func(*Row) error {
		if n++; n%50_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
		return nil
	}, func(p Problem) { t.Error(p) })
	if err != nil || n != rows {
		t.Fatalf("read %d rows: %v", n, err)
	}
	if limit := before.HeapAlloc + 4<<20; most > limit {
		t.Errorf("the heap grew to %d bytes over a file of %d, from %d", most, b.Size(visits), before.HeapAlloc)
	}
}

func known(s string) Value { return Value{Known: true, Text: s} }
