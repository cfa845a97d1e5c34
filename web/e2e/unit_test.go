package e2e

import (
	"strings"
)

// walkUnit: the panel of a hamlet that is a gap says why, and what would close it, in the API's sentences of the language; its coverage with
// its bounds; its history as a chart.
func walkUnit(v *visit) {
	var answer struct {
		CoverageGaps struct {
			Nodes []struct {
				Unit         struct{ Code, FullName string }
				Coverage     struct{ Share, ShareLow, ShareHigh, Guided *float64 }
				Explanations []struct{ SentenceVi, SentenceEn string }
				Actions      []struct{ SentenceVi, SentenceEn string }
			}
		}
	}
	v.demo.ask(v.T, &answer, `query ($day: Date!) { coverageGaps(filter: {reasons: [BELOW_TARGET]}, asOf: $day, first: 1) { nodes { unit { code fullName }
		coverage { share shareLow shareHigh guided } explanations { sentenceVi sentenceEn } actions { sentenceVi sentenceEn } } } }`, map[string]any{"day": lastDay})
	if len(answer.CoverageGaps.Nodes) == 0 {
		v.Fatal("no hamlet is below the target")
	}
	gap := answer.CoverageGaps.Nodes[0]
	v.open("level=HAMLET&panel=unit&unit=HAMLET:" + gap.Unit.Code)
	v.loaded()
	want := []string{gap.Unit.FullName, v.share(*gap.Coverage.Share), v.say("card.bounds", "low", v.share(*gap.Coverage.ShareLow), "high", v.share(*gap.Coverage.ShareHigh)),
		v.say("unit.why"), v.say("unit.what"), v.say("status.GUIDED")}
	if len(gap.Explanations) == 0 || len(gap.Actions) == 0 {
		v.Fatalf("%s has %d explanations and %d actions", gap.Unit.FullName, len(gap.Explanations), len(gap.Actions))
	}
	for _, one := range append(gap.Explanations, gap.Actions...) {
		sentence := one.SentenceVi
		if v.language == "en" {
			sentence = one.SentenceEn
		}
		want = append(want, strings.Join(strings.Fields(sentence), " "))
	}
	v.says("#panel-content", want...)
	v.says("#panel-content", v.say("unit.history"))
	v.Until(`document.querySelector('#panel-content section svg')`)
	v.Eval(nil, axe(v.T)+";void 0")
	v.violations("a hamlet that is a gap")
}
