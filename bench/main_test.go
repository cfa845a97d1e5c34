package bench

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// day is the day that every question is asked about: the one of the published figures.
const day = "2024-09-30"

// scale is the size of the demo province beside the published one.
var scale = 1.0

func TestMain(m *testing.M) {
	if text := os.Getenv("VUNGLOM_BENCH_SCALE"); text != "" {
		value, err := strconv.ParseFloat(text, 64)
		if err != nil || value <= 0 {
			fmt.Fprintln(os.Stderr, "VUNGLOM_BENCH_SCALE is the size of the province, such as 0.05, not", text)
			os.Exit(2)
		}
		scale = value
	}
	code := m.Run()
	if code == 0 {
		printTables(os.Stdout)
	}
	os.Exit(code)
}

// BenchmarkProvince imports the demo province and then asks it. The parts share the
// province; -bench 'Province/map' measures one of them alone.
func BenchmarkProvince(b *testing.B) {
	began := time.Now()
	p := newProvince(b)
	b.Run("import", func(b *testing.B) { benchImport(b, p) })
	b.Run("memory", func(b *testing.B) { benchMemory(b, p) })
	b.Run("reimport", func(b *testing.B) { benchReimport(b, p) })
	b.Run("map", func(b *testing.B) { benchMap(b, p) })
	b.Run("gaps", func(b *testing.B) { benchGaps(b, p) })
	b.Run("teamwork", func(b *testing.B) { benchTeamwork(b, p) })
	b.Run("areas", func(b *testing.B) { benchAreas(b, p) })
	b.Run("export", func(b *testing.B) { benchExport(b, p) })
	b.Run("why", func(b *testing.B) { benchWhy(b, p) })
	b.Run("time", func(b *testing.B) { benchTime(b, p) })
	b.Run("derive", func(b *testing.B) { benchDerive(b, p) })
	b.Run("plan", func(b *testing.B) { benchPlan(b, p) })
	b.Run("tiles", func(b *testing.B) { benchTiles(b, p) })
	b.Run("dashboard", func(b *testing.B) { benchDashboard(b, p) })
	b.Run("rate", func(b *testing.B) { benchRate(b, p) })
	b.Run("writes", func(b *testing.B) { benchWrites(b, p) })
	describe(p, time.Since(began))
}
