package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// whyFields are what a page of gaps is asked for besides, to be explained and closed.
const whyFields = `explanations { reason value threshold unit team { code name } distanceMetres lastVisitOn households members sentenceVi sentenceEn }
      actions { kind closes creates quantity least position households members team { code name } sentenceVi sentenceEn }`

var whyColumns = []string{"page of 50 gaps", "with explanations and actions", "without", "ratio"}

// benchWhy measures a page of gaps with explanations and actions against the same page without: one of the worst gaps, and one of those
// whose household addresses have to be read, because no team serves them or none is in reach.
func benchWhy(b *testing.B, p *province) {
	p.asked(b)
	s := serve(b, p)
	for _, c := range []struct{ name, filter string }{
		{"the worst", `{}`},
		{"without a team or out of reach", `{reasons: [NO_TEAM, OUT_OF_REACH]}`},
		{"out of a reach of 800 m", `{reasons: [OUT_OF_REACH], teamReachMetres: 800}`},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			plain := strings.Replace(gapQuery, "coverageGaps(", "coverageGaps(filter: "+c.filter+", ", 1)
			full := strings.Replace(plain, "gapHouseholds priority reasons", "gapHouseholds priority reasons "+whyFields, 1)
			var answer bytes.Buffer
			ask := func(query string) func() time.Duration {
				body := question(b, query, map[string]any{"day": day})
				return func() time.Duration {
					return timed(func() {
						if err := s.ask(body, &answer); err != nil {
							b.Fatal(err)
						}
					})
				}
			}
			ours, base := ask(full), ask(plain)
			for range warmUp {
				base()
				ours()
			}
			gaps := explained(b, answer.Bytes())
			t := byTurns(b, roundsOfQuestion, ours, base)
			row("Why a gap is one, and what closes it", whyColumns, fmt.Sprintf("%s, %d", c.name, gaps),
				milliseconds(median(t.ours)), milliseconds(median(t.base)), against(t.ratio(), 0))
		})
	}
}

// explained stops the benchmark unless every reason is explained and every gap has an action; it returns how many gaps there are.
func explained(b *testing.B, answer []byte) int {
	b.Helper()
	var read struct {
		Data struct {
			CoverageGaps struct {
				Nodes []struct {
					Reasons      []string
					Explanations []struct{ Reason string }
					Actions      []struct{ Closes []string }
				}
			}
		}
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		b.Fatal(err)
	}
	for i, g := range read.Data.CoverageGaps.Nodes {
		if len(g.Reasons) == 0 || len(g.Explanations) != len(g.Reasons) || len(g.Actions) == 0 {
			b.Fatalf("gap %d is %+v", i, g)
		}
	}
	return len(read.Data.CoverageGaps.Nodes)
}
