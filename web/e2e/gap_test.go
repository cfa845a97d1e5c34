package e2e

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"vunglom/web/browsertest"
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

// walkGapsOnMap: what the list's row is at is marked on the map and the other way round; a row brings the map to its hamlet; and only what
// the map looks at can be listed.
func walkGapsOnMap(v *visit) {
	seen := v.look(105.15, 9.18, 10.5, "panel=gaps&level=HAMLET&layers=&gapsInView=true")
	v.closeLegend()
	west, north := seen.ground(0, 0)
	east, south := seen.ground(seen.width, seen.height)
	some := v.demo.gaps(v.T, map[string]any{"minGapHouseholds": 1, "bbox": map[string]any{"west": west, "south": south, "east": east, "north": north}})
	if all := v.demo.gaps(v.T, map[string]any{"minGapHouseholds": 1}); some.TotalCount == 0 || some.TotalCount >= all.TotalCount {
		v.Fatalf("%d of %d gaps are in view", some.TotalCount, all.TotalCount)
	}
	v.gapRows(some)
	if !v.phone() { // where no pointer moves without a touch, nothing is pointed at
		first := some.Nodes[0].Unit.Code
		at := v.Spot(".gaps [data-index='0'] .households")
		v.PointAt(browsertest.Point{X: seen.left + seen.width - 20, Y: 20})
		v.drawn()
		before := v.picture()
		v.PointAt(at)
		v.Eventually(func() error {
			if n := differing(before, v.picture(), seen); n < 30 {
				return fmt.Errorf("%d pixels of the map mark the list's row of %s", n, first)
			}
			return nil
		})
		v.PointAt(v.spot(seen, "hamlet", lastDay, first))
		v.Until(`document.querySelector(".gaps [data-index='0']").classList.contains('pointed')`)
	}
	one := some.Nodes[0].Unit
	v.ClickAt(v.Spot(".gaps [data-index='0'] .fly button"))
	v.Eventually(func() error {
		if at := v.query().Get("at"); at == "" || strings.HasPrefix(at, "105.15,9.18,") {
			return fmt.Errorf("the map has not moved: %s", at)
		}
		return nil
	})
	v.drawn()
	// The map that has come to the hamlet lists it still.
	v.Until(`[...document.querySelectorAll('.gaps .name .link')].some((link) => link.innerText === %s)`, one.FullName)
}

// differing counts the pixels of the map that two pictures have otherwise.
func differing(one, two image.Image, of camera) (n int) {
	for y := int(of.top); y < int(of.top+of.height); y++ {
		for x := int(of.left); x < int(of.left+of.width); x++ {
			if !colourAt(one, x, y).near(colourAt(two, x, y), 24) {
				n++
			}
		}
	}
	return n
}
