package bundle

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ogr runs ogr2ogr, the program most of these files come from.
func ogr(t testing.TB, args ...string) {
	t.Helper()
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed (apt install gdal-bin)")
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
}

// TestFormatsOfOGR reads files that ogr2ogr writes.
func TestFormatsOfOGR(t *testing.T) {
	units, addresses := TableNamed("units"), TableNamed("addresses")
	wantUnits, wantAddresses := wantRows(t, units, unitsCSV), wantRows(t, addresses, addressesCSV)
	source := t.TempDir()
	from := map[*Table]string{units: filepath.Join(source, "units.geojsonl"), addresses: filepath.Join(source, "addresses.geojsonl")}
	write(t, from[units], asGeoJSON(t, wantUnits))
	write(t, from[addresses], addressesGeoJSON)
	for name, c := range map[string]struct {
		file string
		args []string
	}{
		"geopackage":       {"NAME.gpkg", []string{"-f", "GPKG", "-nln", "NAME"}},
		"geopackage layer": {"NAME.gpkg", []string{"-f", "GPKG", "-nln", "Lớp 1"}},
		"geopackage z":     {"NAME.gpkg", []string{"-f", "GPKG", "-nln", "x", "-dim", "XYZ"}},
		"geojson":          {"NAME.geojson", []string{"-f", "GeoJSON"}},
		"geojson lines":    {"NAME.geojsonl", []string{"-f", "GeoJSONSeq", "-lco", "RS=YES"}},
		"shapefile":        {"NAME.zip", []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-nln", "NAME"}},
		"shapefile z":      {"NAME.zip", []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", "-nln", "NAME", "-dim", "XYZ"}},
	} {
		for table, want := range map[*Table][]Row{units: wantUnits, addresses: wantAddresses} {
			t.Run(name+" "+table.Name, func(t *testing.T) {
				dir := folder(t, nil)
				file := filepath.Join(dir, strings.ReplaceAll(c.file, "NAME", table.Name))
				target := strings.TrimSuffix(file, ".zip")
				if target != file {
					target = file + ".shz" // what GDAL calls a zipped Shapefile
				}
				args := []string{}
				for _, a := range c.args {
					args = append(args, strings.ReplaceAll(a, "NAME", table.Name))
				}
				ogr(t, append(args, target, from[table])...)
				if target != file {
					if err := os.Rename(target, file); err != nil {
						t.Fatal(err)
					}
				}
				g := readAll(t, open(t, dir), table)
				if g.err != nil {
					t.Fatal(g.err)
				}
				for _, p := range g.problems {
					if p.Code != "unknown_column" || p.Column != "id" {
						t.Errorf("%+v", p)
					}
				}
				sameRows(t, table, want, g.rows)
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				packed, err := Open(zipped(t, [2]string{MetaFile, metaText}, [2]string{filepath.Base(file), string(data)}))
				if err != nil {
					t.Fatal(err)
				}
				in := readAll(t, packed, table)
				if in.err != nil {
					t.Fatal(in.err)
				}
				sameRows(t, table, want, in.rows)
				temp := packed.store.temp
				if err := packed.Close(); err != nil {
					t.Fatal(err)
				}
				if _, err := os.Stat(temp); temp != "" && !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%s is still there: %v", temp, err)
				}
			})
		}
	}
}

func TestGeoPackageOfAnotherSRID(t *testing.T) {
	dir := folder(t, map[string]string{"source.geojsonl": addressesGeoJSON})
	ogr(t, "-f", "GPKG", "-t_srs", "EPSG:32648", filepath.Join(dir, "addresses.gpkg"), filepath.Join(dir, "source.geojsonl"))
	g := readAll(t, open(t, dir), TableNamed("addresses"))
	var failure *FileError
	if !errors.As(g.err, &failure) || failure.Value != "32648" || !strings.Contains(failure.Message, `put "srid": 32648 into bundle.json`) {
		t.Errorf("got %v", g.err)
	}
}

func TestShapefileOfAnotherEncoding(t *testing.T) {
	dir := folder(t, map[string]string{"source.csv": "level,code,name,kind,valid_from,WKT\nhamlet,001,Ấp Tân Hòa Đông,ap,2020-01-01,\"POLYGON ((105 9,105 10,106 10,105 9))\"\n"})
	target := filepath.Join(dir, "units.shz")
	ogr(t, "-f", "ESRI Shapefile", "-lco", "ENCODING=CP1258", "-nln", "units", target, filepath.Join(dir, "source.csv"))
	if err := os.Rename(target, filepath.Join(dir, "units.zip")); err != nil {
		t.Fatal(err)
	}
	g := readAll(t, open(t, dir), TableNamed("units"))
	if g.err != nil || len(g.rows) != 1 {
		t.Fatalf("%+v", g)
	}
	t.Logf("%+q %v", g.rows[0].Values[2].Text, g.problems)
}
