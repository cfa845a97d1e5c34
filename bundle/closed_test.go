package bundle

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"
)

// TestDamagedBehindTheLastRow cuts the end off the compressed table of a Shapefile, whose rows all come before it: only closing it tells,
// and what it tells names the file.
func TestDamagedBehindTheLastRow(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "source.geojsonl"), unitFeature)
	ogr(t, "-f", "ESRI Shapefile", "-nln", "units", filepath.Join(dir, "units.shp"), filepath.Join(dir, "source.geojsonl"))

	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, ext := range []string{".shp", ".dbf"} {
		data, err := os.ReadFile(filepath.Join(dir, "units"+ext))
		if err != nil {
			t.Fatal(err)
		}
		var stream bytes.Buffer
		deflate, err := flate.NewWriter(&stream, flate.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := deflate.Write(data); err != nil {
			t.Fatal(err)
		}
		end := deflate.Close
		if ext == ".dbf" {
			end = deflate.Flush
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if ext == ".dbf" {
			stream.Truncate(stream.Len() - 4) // all that was written, and an empty block that is cut
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: "units" + ext, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(data),
			CompressedSize64: uint64(stream.Len()), UncompressedSize64: uint64(len(data))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(stream.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}

	b, err := Open(folder(t, map[string]string{"units.zip": packed.String()}))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	units := TableNamed("units")
	var failure *FileError
	if g := readAll(t, b, units); len(g.rows) != 1 || !errors.As(g.err, &failure) || failure.File != "units.zip" {
		t.Errorf("%d rows, then %v, which should name units.zip", len(g.rows), g.err)
	}
	rejected := new(Lines)
	rejected.Add(1)
	if err := b.Copy(t.Context(), units, map[string]*Lines{"units.zip": rejected}, t.TempDir()); !errors.As(err, &failure) || failure.File != "units.zip" {
		t.Errorf("copied with %v, which should name units.zip", err)
	}
}
