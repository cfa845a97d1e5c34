package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// gaps is the API's list of gaps from the first, and how many there are.
type gaps struct {
	TotalCount int
	Nodes      []struct {
		GapHouseholds float64
		Reasons       []string
		Unit          struct{ Code, FullName string }
	}
}

func (d *demo) gaps(t *testing.T, filter map[string]any) gaps {
	t.Helper()
	var answer struct{ CoverageGaps gaps }
	d.ask(t, &answer, `query ($filter: GapFilter!, $day: Date!) { coverageGaps(filter: $filter, asOf: $day, first: 200) { totalCount nodes { gapHouseholds reasons unit { code fullName } } } }`,
		map[string]any{"filter": filter, "day": lastDay})
	return answer.CoverageGaps
}

// walkGaps: the list is the API's, in its order, filtered as it filters, to the last of its rows, and a row leads to the unit.
func walkGaps(v *visit) {
	filter := map[string]any{"minGapHouseholds": 1}
	all := v.demo.gaps(v.T, filter)
	v.open("panel=gaps")
	v.gapRows(all)
	if all.TotalCount < 50 {
		v.Fatalf("only %d gaps", all.TotalCount)
	}
	// By keyboard to the last one, which had not been loaded.
	v.Until(`(() => { const row = document.querySelector('.gaps [role=row][tabindex="0"]'); row?.focus(); return document.activeElement === row })()`)
	v.Press(kb.End)
	v.Until(`document.activeElement.getAttribute('aria-rowindex') === %s && document.activeElement.getAttribute('aria-busy') !== 'true'`, fmt.Sprint(all.TotalCount))
	v.Press(kb.Home)
	v.Until(`document.activeElement.getAttribute('aria-rowindex') === '1'`)
	// Filtered by a reason.
	filter["reasons"] = []string{"NO_TEAM"}
	some := v.demo.gaps(v.T, filter)
	if some.TotalCount == 0 || some.TotalCount == all.TotalCount {
		v.Fatalf("%d of %d gaps have no team", some.TotalCount, all.TotalCount)
	}
	var open bool
	v.Eval(&open, `document.querySelector('.gaps .filters').open`)
	if !open {
		v.ClickAt(v.Spot(".gaps .filters summary"))
	}
	v.ClickAt(v.Spot(".gaps .chips button:has(.NO_TEAM)"))
	v.at("reasons", "NO_TEAM")
	v.gapRows(some)
	// The unit of the first.
	v.ClickAt(v.Spot(".gaps [data-index='0'] .name .link"))
	v.at("unit", "HAMLET:"+some.Nodes[0].Unit.Code, "panel", "unit")
}

// gapRows waits until the list counts the gaps and begins with the API's first ones.
func (v *visit) gapRows(g gaps) {
	v.Helper()
	v.Eventually(func() error {
		var said struct {
			Count string
			Rows  [][]string
		}
		v.Eval(&said, `({
			Count: document.querySelector('.gaps [role=grid]')?.getAttribute('aria-rowcount') ?? '',
			Rows: [...document.querySelectorAll('.gaps:not([aria-busy="true"]) [role=row]')].filter((row) => row.querySelector('.name')).sort((a, b) => a.dataset.index - b.dataset.index)
				.map((row) => [row.dataset.index, row.querySelector('.name .link').innerText, row.querySelector('.households b').innerText])
		})`)
		if said.Count != fmt.Sprint(g.TotalCount) || len(said.Rows) < min(3, g.TotalCount) {
			return fmt.Errorf("the list counts %s gaps and shows %d of %d", said.Count, len(said.Rows), g.TotalCount)
		}
		for _, row := range said.Rows {
			var index int
			if _, err := fmt.Sscan(row[0], &index); err != nil || index >= len(g.Nodes) {
				continue
			}
			want := g.Nodes[index]
			if row[1] != want.Unit.FullName || row[2] != v.number(want.GapHouseholds, 0) {
				return fmt.Errorf("row %d says %s, the API %s with %v", index, strings.Join(row, " "), want.Unit.FullName, want.GapHouseholds)
			}
		}
		return nil
	})
}
