package bench

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed gap.sql
var gapSQL string

// limitGaps is the most that a page of gaps over HTTP may take beside its SQL.
const limitGaps = 1.5

const gapQuery = `query ($day: Date!) {
  coverageGaps(asOf: $day, first: 50) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      gapHouseholds priority reasons
      unit { id level code name fullName kind validFrom validTo }
      coverage {
        basis guided attempted notVisited ineligible unknown share shareLow shareHigh gapHouseholds
        addresses teams members householdsPerMember lastVisitOn
      }
      remoteness { index remote serviceDistanceMetres teamDistanceMetres addressesPerKm2 designated computedAt }
    }
  }
}`

// gap is a row of gap.sql.
type gap struct {
	total, id                                                int64
	level, code, name, fullName, kind, basis                 string
	validFrom, validTo, lastVisitOn, computedAt              *time.Time
	guided, attempted, notVisited, ineligible, unknown, gap  *int
	addresses, teams, members                                int
	share, shareLow, shareHigh, perMember                    *float64
	index, serviceDistanceMetres, teamDistanceMetres, perKm2 *float64
	remote, designated                                       *bool
	priority                                                 float64
	reasons                                                  []string
}

// benchGaps measures the first 50 gaps against the statement that finds them, scanned.
func benchGaps(b *testing.B, p *province) {
	conn, s := p.asked(b), serve(b, p)
	body := question(b, gapQuery, map[string]any{"day": day})
	var answer bytes.Buffer
	var gaps []gap
	ours := func() time.Duration {
		return timed(func() {
			if err := s.ask(body, &answer); err != nil {
				b.Fatal(err)
			}
		})
	}
	base := func() time.Duration {
		return timed(func() {
			var err error
			if gaps, err = readGaps(b, conn, gaps[:0]); err != nil {
				b.Fatal(err)
			}
		})
	}
	for range warmUp {
		ours()
		base()
	}
	total := sameGaps(b, answer.Bytes(), gaps)
	t := byTurns(b, roundsOfQuestion, ours, base)
	row("Questions over HTTP against hand-written SQL", questionColumns, fmt.Sprintf("`coverageGaps`, first 50 of %d", total),
		milliseconds(median(t.ours)), milliseconds(median(t.base)), against(t.ratio(), limitGaps))
}

func readGaps(b *testing.B, conn *pgx.Conn, into []gap) ([]gap, error) {
	rows, err := conn.Query(b.Context(), gapSQL, "96", day, 50)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var g gap
		err := rows.Scan(&g.total, &g.id, &g.level, &g.code, &g.name, &g.fullName, &g.kind, &g.validFrom, &g.validTo,
			&g.basis, &g.guided, &g.attempted, &g.notVisited, &g.ineligible, &g.unknown, &g.share, &g.shareLow, &g.shareHigh,
			&g.gap, &g.addresses, &g.teams, &g.members, &g.perMember, &g.lastVisitOn,
			&g.index, &g.remote, &g.serviceDistanceMetres, &g.teamDistanceMetres, &g.perKm2, &g.designated, &g.computedAt,
			&g.priority, &g.reasons)
		if err != nil {
			return nil, err
		}
		into = append(into, g)
	}
	return into, rows.Err()
}

// sameGaps stops the benchmark unless both found the same gaps with the same figures; it
// returns how many there are beyond the page too.
func sameGaps(b *testing.B, answer []byte, want []gap) int {
	b.Helper()
	var read struct {
		Data struct {
			CoverageGaps struct {
				TotalCount int
				Nodes      []struct {
					GapHouseholds int
					Priority      float64
					Reasons       []string
					Unit          struct{ Code, FullName string }
					Coverage      struct {
						Basis                     string
						Guided, Unknown           *int
						Share                     *float64
						Addresses, Teams, Members int
					}
					Remoteness *struct{ Index float64 }
				}
			}
		}
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		b.Fatal(err)
	}
	got := read.Data.CoverageGaps
	if len(want) == 0 || len(got.Nodes) != len(want) || got.TotalCount != int(want[0].total) {
		b.Fatalf("HTTP has %d of %d gaps, SQL %d of %d", len(got.Nodes), got.TotalCount, len(want), want[0].total)
	}
	for i, g := range got.Nodes {
		w, c := &want[i], &g.Coverage
		if g.Unit.Code != w.code || g.Unit.FullName != w.fullName || g.GapHouseholds != *w.gap || g.Priority != w.priority || !slices.Equal(g.Reasons, w.reasons) ||
			c.Basis != w.basis || !equal(c.Guided, w.guided) || !equal(c.Unknown, w.unknown) || !equal(c.Share, w.share) ||
			c.Addresses != w.addresses || c.Teams != w.teams || c.Members != w.members ||
			(g.Remoteness == nil) != (w.index == nil) || w.index != nil && g.Remoteness.Index != *w.index {
			b.Fatalf("gap %d is %+v over HTTP, %+v by SQL", i, g, *w)
		}
	}
	return got.TotalCount
}

// equal compares two figures, either of which may be unknown.
func equal[T comparable](x, y *T) bool {
	return x == nil && y == nil || x != nil && y != nil && *x == *y
}
