package bench

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed area.sql
var areaSQL string

// limitAreas is the most that linking and drawing all gap households of the province may take beside the reading of
// them: what a person waits for.
const limitAreas = 3

// roundsOfAreas is how often each side is timed: a round takes seconds.
const roundsOfAreas = 7

const (
	areaQuery    = `query ($day: Date!) { gapAreas(asOf: $day) { households scattered unplaced areas(first: 1) { households } features } }`
	qualityQuery = `query ($day: Date!) { dataQuality(asOf: $day) { kind count outOf } }`
)

var areaColumns = []string{"question", "HTTP", "memory", "SQL that reads the same households", "ratio"}

// benchAreas measures the areas of the whole province, drawn, against the statement that reads the households they are
// made of, and how long the state of the data takes.
func benchAreas(b *testing.B, p *province) {
	conn, s := p.asked(b), serve(b, p)
	body, quality := question(b, areaQuery, map[string]any{"day": day}), question(b, qualityQuery, map[string]any{"day": day})
	var answer bytes.Buffer
	ask := func(body []byte) func() time.Duration {
		return func() time.Duration {
			return timed(func() {
				if err := s.ask(body, &answer); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
	households := 0
	base := func() time.Duration {
		return timed(func() {
			var err error
			households, err = readGapHouseholds(b, conn)
			must(b, err)
		})
	}
	ours := ask(body)
	ours()
	base()
	areas := sameHouseholds(b, answer.Bytes(), households)
	heap := heapOf(func() { ours() })
	t := byTurns(b, roundsOfAreas, ours, base)
	row("Gap areas and the state of the data", areaColumns, fmt.Sprintf("`gapAreas`, 300 m: %d households, %d areas, drawn", households, areas),
		milliseconds(median(t.ours)), fmt.Sprintf("%.0f MB", heap), milliseconds(median(t.base)), against(t.ratio(), limitAreas))
	checks := ask(quality)
	checks()
	heap = heapOf(func() { checks() })
	var took []time.Duration
	for range roundsOfAreas {
		took = append(took, checks())
	}
	b.ReportMetric(milli(median(took)), "quality-ms")
	row("Gap areas and the state of the data", areaColumns, "`dataQuality`, all checks", milliseconds(median(took)), fmt.Sprintf("%.0f MB", heap), "", "")
}

func readGapHouseholds(b *testing.B, conn *pgx.Conn) (int, error) {
	rows, err := conn.Query(b.Context(), areaSQL, "96", day)
	if err != nil {
		return 0, err
	}
	n := 0
	var longitude, latitude *float64
	_, err = pgx.ForEachRow(rows, []any{&longitude, &latitude}, func() error {
		n++
		return nil
	})
	return n, err
}

// sameHouseholds stops the benchmark unless both count as many gap households; it returns how many areas they make.
func sameHouseholds(b *testing.B, answer []byte, want int) int {
	b.Helper()
	var read struct {
		Data struct {
			GapAreas struct {
				Households, Scattered, Unplaced int
				Features                        struct {
					Features []struct {
						Properties struct{ Households int }
					}
				}
			}
		}
	}
	must(b, json.Unmarshal(answer, &read))
	got := read.Data.GapAreas
	sum := got.Scattered + got.Unplaced
	for _, f := range got.Features.Features {
		sum += f.Properties.Households
	}
	if got.Households != want || sum != want || want == 0 {
		b.Fatalf("HTTP has %d gap households, %d in its parts; SQL has %d", got.Households, sum, want)
	}
	return len(got.Features.Features)
}

// heapOf returns how much the heap grew at most while something was done, in MB, as far as looking every few milliseconds tells.
func heapOf(do func()) float64 {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		most := before.HeapAlloc
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(done)
	return float64(<-peak-before.HeapAlloc) / 1e6
}
