package bench

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"vunglom/gis"
)

//go:embed map.sql
var mapSQL string

// limitMap is the most that a map over HTTP may take beside SQL that returns the same bytes.
const limitMap = 1.25

// roundsOfQuestion is how often each side of a question is timed. The first few rounds,
// in which PostgreSQL still chooses its plans, are left out.
const roundsOfQuestion, warmUp = 41, 8

const mapQuery = `query ($input: CoverageMapInput!) {
  coverageMap(input: $input) {
    unitCount
    legend { index lower upper count color }
    integrity { total sumOfUnits unassigned holds }
    features
  }
}`

// benchMap measures the map of all hamlets against one statement that makes the same
// FeatureCollection, byte by byte.
func benchMap(b *testing.B, p *province) {
	conn, s := p.asked(b), serve(b, p)
	nine := 9.0
	for _, detail := range []struct {
		name string
		zoom *float64
	}{{"full", nil}, {"zoom9", &nine}} {
		b.Run(detail.name, func(b *testing.B) {
			input := map[string]any{"level": "HAMLET", "asOf": day, "measure": "SHARE"}
			if detail.zoom != nil {
				input["zoom"] = *detail.zoom
			}
			body := question(b, mapQuery, map[string]any{"input": input})
			var answer, features bytes.Buffer
			ours := func() time.Duration {
				return timed(func() {
					if err := s.ask(body, &answer); err != nil {
						b.Fatal(err)
					}
				})
			}
			base := func() time.Duration {
				return timed(func() {
					rows, err := conn.Query(b.Context(), mapSQL, "96", day, gis.Band(detail.zoom))
					if err != nil {
						b.Fatal(err)
					}
					features.Reset()
					for rows.Next() {
						features.Write(rows.RawValues()[0])
					}
					if rows.Close(); rows.Err() != nil {
						b.Fatal(rows.Err())
					}
				})
			}
			for range warmUp {
				ours()
				base()
			}
			units := sameMap(b, answer.Bytes(), features.Bytes())
			t := byTurns(b, roundsOfQuestion, ours, base)
			b.ReportMetric(float64(answer.Len())/1e6, "MB")
			row("Questions over HTTP against hand-written SQL", questionColumns,
				fmt.Sprintf("`coverageMap`, %d hamlets, %s, %.2f MB", units, detail.name, float64(answer.Len())/1e6),
				milliseconds(median(t.ours)), milliseconds(median(t.base)), against(t.ratio(), limitMap))
		})
	}
}

var questionColumns = []string{"question", "HTTP", "SQL", "ratio"}

// sameMap stops the benchmark unless the answer holds the statement's bytes and as many
// features as it says; it returns how many.
func sameMap(b *testing.B, answer, features []byte) int {
	b.Helper()
	if !bytes.Contains(answer, features) {
		at := bytes.Index(answer, []byte(`{"type":"FeatureCollection"`))
		ours := answer[max(at, 0):]
		n := 0
		for n < min(len(ours), len(features)) && ours[n] == features[n] {
			n++
		}
		from := max(0, n-60)
		b.Fatalf("the answers differ at byte %d:\nHTTP %.200s\nSQL  %.200s", n, ours[from:], features[from:])
	}
	var read struct {
		Data struct {
			CoverageMap struct {
				UnitCount int
				Integrity struct{ Holds bool }
				Features  struct{ Features []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		b.Fatal(err)
	}
	m := read.Data.CoverageMap
	if m.UnitCount == 0 || m.UnitCount != len(m.Features.Features) || !m.Integrity.Holds || scale == 1 && m.UnitCount != 883 {
		b.Fatalf("the map says %d units, has %d, integrity %v", m.UnitCount, len(m.Features.Features), m.Integrity.Holds)
	}
	return m.UnitCount
}
