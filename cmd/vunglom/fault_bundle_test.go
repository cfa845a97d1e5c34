package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vunglom/db/dbtest"
)

// trap is a bundle made to do harm.
type trap struct {
	lay  func(t *testing.T, folder string) (path string) // writes it
	code int                                             // with which the import ends
	says string
}

const (
	smallMeta    = `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`
	unitHeader   = "level,code,name,kind,parent_level,parent_code,valid_from,geometry\n"
	visitHeader  = "code,household_code,team_code,visited_on,outcome\n"
	placedHeader = "scheme,code,lon,lat,kind\n"
)

// inFolder lays a bundle of files with a text each.
func inFolder(files map[string]string) func(*testing.T, string) string {
	return func(t *testing.T, folder string) string {
		for name, text := range files {
			writeText(t, filepath.Join(folder, name), text)
		}
		writeText(t, filepath.Join(folder, "bundle.json"), smallMeta)
		return folder
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sparse lays a file that begins with a text and is 10 GB of NUL from there on, none of which stands on the disk.
func sparse(name, text string) func(*testing.T, string) string {
	return func(t *testing.T, folder string) string {
		inFolder(map[string]string{name: text})(t, folder)
		if err := os.Truncate(filepath.Join(folder, name), 10<<30); err != nil {
			t.Fatal(err)
		}
		return folder
	}
}

// repeated lays a gzip file of a text and 10 GB of the letter a: a packed piece of them, many times over.
func repeated(name, text string) func(*testing.T, string) string {
	return func(t *testing.T, folder string) string {
		pack := func(text []byte) []byte {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, _ = w.Write(text)
			_ = w.Close()
			return packed.Bytes()
		}
		piece := pack(bytes.Repeat([]byte("a"), 64<<20))
		inFolder(nil)(t, folder)
		writeText(t, filepath.Join(folder, name), string(pack([]byte(text)))+strings.Repeat(string(piece), 160))
		return folder
	}
}

// forged lays a zip in which a file says that it unpacks to so many bytes, and unpacks to more.
func forged(name string, says uint64, unpacks int, more map[string]string) func(*testing.T, string) string {
	return func(t *testing.T, folder string) string {
		path := filepath.Join(folder, "bundle.zip")
		if filepath.Ext(name) == ".xml" {
			inFolder(nil)(t, folder)
			path = filepath.Join(folder, "tables.xlsx")
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z := zip.NewWriter(f)
		for name, text := range more {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(w, text)
		}
		var packed bytes.Buffer
		deflate, _ := flate.NewWriter(&packed, flate.BestSpeed)
		_, _ = io.WriteString(deflate, visitHeader)
		zeros := make([]byte, 1<<20)
		for range unpacks >> 20 {
			_, _ = deflate.Write(zeros)
		}
		_ = deflate.Close()
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: says, CompressedSize64: uint64(packed.Len())})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(packed.Bytes())
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".xml" {
			return folder
		}
		return path
	}
}

// square is a polygon as well-known binary in hexadecimal digits, with one coordinate replaced.
func square(odd float64) string {
	b := binary.LittleEndian.AppendUint32([]byte{1}, 3)
	b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, 1), 5)
	for _, c := range []float64{105, 9, 105.01, 9, 105.01, odd, 105, 9.01, 105, 9} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c))
	}
	return hex.EncodeToString(b)
}

// circle is a ring of so many points.
func circle(points int) string {
	var b strings.Builder
	for i := range points {
		a := 2 * math.Pi * float64(i) / float64(points)
		fmt.Fprintf(&b, "[%.9f,%.9f],", 105.015+.014*math.Cos(a), 9.005+.005*math.Sin(a))
	}
	return "[" + b.String() + fmt.Sprintf("[%.9f,%.9f]]", 105.029, 9.005)
}

// traps are all of them. They are no variable: the program that the tests run is made of this file too.
func traps() map[string]trap {
	return map[string]trap{
		"a zip bomb that says so": {forged("visits.csv", 10<<30, 8<<20, map[string]string{"bundle.json": smallMeta}), exitFailure, "trap"},
		"a zip bomb that lies":    {forged("visits.csv", 1000, 300<<20, map[string]string{"bundle.json": smallMeta}), exitFailure, "visits.csv"},
		"a workbook that is a bomb": {forged("xl/worksheets/sheet1.xml", 4<<30-1, 8<<20, map[string]string{
			"xl/workbook.xml": `<workbook><sheets><sheet name="visits" sheetId="1" r:id="rId1" xmlns:r="r"/></sheets></workbook>`}), exitFailure, "trap"},
		"paths that climb out":            {forged("../../visits.csv", 1000, 0, map[string]string{"bundle.json": smallMeta}), exitFailure, "outside the zip"},
		"a CSV line of 10 GB":             {sparse("visits.csv", visitHeader+"V,"), exitFailure, "longer than"},
		"a header of 10 GB":               {sparse("visits.csv", "code,"), exitFailure, "longer than"},
		"a packed CSV line of 10 GB":      {repeated("visits.csv.gz", visitHeader+"V,"), exitFailure, "longer than"},
		"a quoted CSV field of 10 GB":     {repeated("visits.csv.gz", visitHeader+`V,"`), exitFailure, "longer than"},
		"a GeoJSON line of 10 GB":         {sparse("units.geojsonl", `{"type":"Feature","properties":{"name":"`), exitFailure, "longer than"},
		"a packed GeoJSON text of 10 GB":  {repeated("units.geojson.gz", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"`), exitFailure, "longer than"},
		"a GeoJSON member of 10 GB":       {repeated("units.geojson.gz", `{"type":"FeatureCollection","name":"`), exitFailure, "longer than"},
		"bundle.json of 10 GB":            {sparse("bundle.json", smallMeta), exitFailure, "bundle.json"},
		"a CSV of 5,000 columns":          {inFolder(map[string]string{"visits.csv": strings.TrimSpace(visitHeader) + manyColumns(4995) + "\n" + strings.Repeat("V1,N1,T,2024-01-01,guided"+strings.Repeat(",", 4995)+"\n", 500)}), 0, ""},
		"a GeoJSON of 5,000 properties":   {inFolder(map[string]string{"units.geojsonl": `{"type":"Feature","properties":{"level":"hamlet"` + manyProperties(5000) + `}}`}), exitFailure, "properties"},
		"coordinates that are no numbers": {inFolder(map[string]string{"addresses.csv": placedHeader + "local,X1,NaN,9,household\nlocal,X2,105,Inf,household\nlocal,X3,-inf,1e999,household\nlocal,X4,infinity,nan,household\n"}), 0, "bad_number"},
		"polygons that are not finite": {inFolder(map[string]string{"units.csv": unitHeader +
			"hamlet,H0,0,ap,commune,32001,2004-08-31," + square(math.NaN()) + "\n" +
			"hamlet,H1,1,ap,commune,32001,2004-08-31," + square(math.Inf(1)) + "\n" +
			`hamlet,H2,2,ap,commune,32001,2004-08-31,"POLYGON((105 9,NaN 9,105.01 9.01,105 9))"` + "\n"}), 0, "finite"},
	}
}

func manyColumns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",column%d", i)
	}
	return b.String()
}

func manyProperties(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"property%d":1`, i)
	}
	return b.String()
}

// TestImportTraps imports bundles made to fill a disk or a memory, to write where they must not, or to break a computation. Each
// is refused or lands, says why, takes no more memory than an import may, and leaves the data whole and no file behind.
func TestImportTraps(t *testing.T) {
	t.Parallel()
	if !memoryIsMeasured {
		t.Skip("the race detector takes memory of its own; make test runs it without")
	}
	if testing.Short() {
		t.Skip("reads long lines")
	}
	url := dbtest.URL(t)
	succeed(t, []string{"DATABASE_URL=" + url}, "import", province(t, 3, 300, 600, "guided"))
	for name, trap := range traps() {
		t.Run(name, func(t *testing.T) { trap.spring(t, url) })
	}
}

// TestImportOfAMillionPoints imports a polygon as long as a coast in a survey's full detail: it lands.
func TestImportOfAMillionPoints(t *testing.T) {
	t.Parallel()
	if !memoryIsMeasured {
		t.Skip("the race detector takes memory of its own; make test runs it without")
	}
	if testing.Short() {
		t.Skip("checks a million points several times")
	}
	url := dbtest.URL(t)
	succeed(t, []string{"DATABASE_URL=" + url}, "import", province(t, 3, 300, 600, "guided"))
	trap{lay: inFolder(map[string]string{"units.geojsonl": `{"type":"Feature","properties":{"level":"hamlet","code":"H0","name":"0","kind":"ap",` +
		`"parent_level":"commune","parent_code":"32001","valid_from":"2004-08-31"},"geometry":{"type":"Polygon","coordinates":[` + circle(1_000_000) + `]}}`})}.spring(t, url)
	if points := number(t, url, "select max(st_npoints(geometry)) from polygon"); points < 900_000 { // some lie on their neighbours
		t.Errorf("%d points are stored", points)
	}
}

// spring imports a trap into a province.
func (trap trap) spring(t *testing.T, url string) {
	t.Helper()
	temporary := t.TempDir()
	settings := []string{"DATABASE_URL=" + url, "TMPDIR=" + temporary}
	path := trap.lay(t, t.TempDir())
	before := digest(t, url)
	began := time.Now()
	cmd := program(t, settings, "import", path)
	code, out, errs := outcome(t, cmd)
	if code != trap.code || !strings.Contains(out+errs, trap.says) {
		t.Errorf("exit code %d, want %d and %q:\n%s%s", code, trap.code, trap.says, out, errs)
	}
	if len(out+errs) > 64<<10 {
		t.Errorf("it said %d bytes", len(out+errs))
	}
	t.Logf("at most %d MB, %v", cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss>>10, time.Since(began).Round(time.Millisecond))
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("temporary files were left: %v, %v", left, err)
	}
	if code != 0 && digest(t, url) != before {
		t.Error("it failed and left something")
	}
	succeed(t, settings, "verify")
}

// TestImportOfABrokenFile cuts a bundle short and spoils bytes of it where a seed says. What can't be read is refused and said;
// nothing of it lands.
func TestImportOfABrokenFile(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	url := dbtest.URL(t)
	settings := []string{"DATABASE_URL=" + url}
	succeed(t, settings, "import", province(t, 3, 300, 600, "guided"))
	folder := province(t, 3, 300, 900, "declined")
	var whole bytes.Buffer
	z := zip.NewWriter(&whole)
	if err := z.AddFS(os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bundle.zip")
	before := digest(t, url)
	for round := range 8 {
		spoilt := bytes.Clone(whole.Bytes())
		at := 100 + random.IntN(len(spoilt)-100)
		how := "cut"
		if round%2 == 0 {
			spoilt = spoilt[:at]
		} else {
			how = "spoilt"
			for i := at; i < min(at+16, len(spoilt)); i++ {
				spoilt[i] ^= byte(1 + random.IntN(255))
			}
		}
		writeText(t, path, string(spoilt))
		code, out, errs := outcome(t, program(t, settings, "import", "--strict", path))
		after := digest(t, url)
		switch {
		case code == 0 && how == "spoilt": // what was hit has no meaning, such as a time in the zip's list
			before = after
		case code != exitFailure || !strings.Contains(errs, "vunglom: "):
			t.Errorf("%s at %d of %d: exit code %d\n%s%s", how, at, whole.Len(), code, out, errs)
		case after != before:
			t.Errorf("%s at %d of %d it failed and left %s instead of %s", how, at, whole.Len(), after, before)
		}
		succeed(t, settings, "verify")
	}
	writeText(t, path, whole.String())
	succeed(t, settings, "import", path)
	succeed(t, settings, "verify")
}
