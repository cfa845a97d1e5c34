package gis

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// checkpoint is a place in a reference system on VN-2000 and on WGS 84, as PROJ computes it
// from the published parameters (testdata/checkpoint.sh).
type checkpoint struct {
	srid           int
	x, y, lon, lat float64
}

func checkpoints(tb testing.TB) []checkpoint {
	tb.Helper()
	file, err := os.Open("testdata/checkpoint.csv")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var all []checkpoint
	for _, row := range rows[1:] {
		var c checkpoint
		if c.srid, err = strconv.Atoi(row[0]); err != nil {
			tb.Fatal(err)
		}
		for i, x := range []*float64{&c.x, &c.y, &c.lon, &c.lat} {
			if *x, err = strconv.ParseFloat(row[i+1], 64); err != nil {
				tb.Fatal(err)
			}
		}
		all = append(all, c)
	}
	return all
}

// TestProjText gives every pinned definition to PROJ and compares with the check points.
func TestProjText(t *testing.T) {
	t.Parallel()
	cs2cs, err := exec.LookPath("cs2cs")
	if err != nil {
		t.Skip("cs2cs (Debian: proj-bin) is not installed")
	}
	zones := map[int][]checkpoint{}
	for _, c := range checkpoints(t) {
		zones[c.srid] = append(zones[c.srid], c)
	}
	if want := len(tm3Meridian) + 3; len(zones) != want {
		t.Errorf("check points in %d reference systems, want %d", len(zones), want)
	}
	for srid, places := range zones {
		text, pinned := ProjText(srid)
		if !pinned {
			t.Errorf("EPSG:%d is not pinned", srid)
			continue
		}
		var in strings.Builder
		for _, c := range places {
			fmt.Fprintf(&in, "%.9f %.9f\n", c.x, c.y)
		}
		command := exec.CommandContext(t.Context(), cs2cs, "-f", "%.12f", text, "+to", "+proj=longlat", "+datum=WGS84", "+no_defs")
		command.Stdin = strings.NewReader(in.String())
		out, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
		if len(lines) != len(places) {
			t.Fatalf("EPSG:%d: %s", srid, out)
		}
		for i, c := range places {
			var lon, lat float64
			if _, err := fmt.Sscan(string(lines[i]), &lon, &lat); err != nil {
				t.Fatal(err)
			}
			if d := DistanceMetres([2]float64{lon, lat}, [2]float64{c.lon, c.lat}); !(d < 0.01) {
				t.Errorf("EPSG:%d: %v, %v is %.4f m off", srid, c.x, c.y, d)
			}
			if !InVietnam(c.lon, c.lat) {
				t.Errorf("EPSG:%d: %v, %v is not in Vietnam", srid, c.lon, c.lat)
			}
		}
	}
}

func TestProjTextLeavesOthers(t *testing.T) {
	t.Parallel()
	for _, srid := range []int{0, 4326, 3857, 32648, 6956, 9204, 9219} {
		if text, pinned := ProjText(srid); pinned || text != "" {
			t.Errorf("EPSG:%d is pinned to %s", srid, text)
		}
	}
}

func TestInVietnam(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lon, lat float64
		want     bool
	}{{105.15, 9.18, true}, {102, 6, true}, {118, 24, true}, {9.18, 105.15, false}, {101.99, 10, false}, {105, 24.01, false}} {
		if InVietnam(c.lon, c.lat) != c.want {
			t.Errorf("%v, %v: want %v", c.lon, c.lat, c.want)
		}
	}
}
