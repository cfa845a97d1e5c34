package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"vunglom/web/browsertest"
)

// axe is axe-core, which knows the rules of WCAG that a program can check.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../app/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal("axe-core is not installed: make build, then try again; make test does both")
	}
	return string(source)
}

// walkAccess: axe-core finds no violation on any view.
func walkAccess(v *visit) {
	source := axe(v.T)
	v.open("")
	v.Eval(nil, source+";void 0")
	v.openLegend()
	v.violations("the map with its legend")
	v.closeLegend()
	// Every panel, of a unit that is chosen.
	var panels []string
	v.Eval(&panels, `[...document.querySelectorAll('[role=tab]')].map((one) => one.innerText.trim())`)
	unit := v.pick(v.cameraAt(middleLongitude, middleLatitude, v.whole()))
	v.choose(unit.FullName)
	v.violations("a chosen unit")
	for _, panel := range panels {
		v.Click("tab", panel)
		v.loaded()
		v.violations("the panel " + panel)
	}
	for _, tool := range []string{"menu.open", "export.label"} {
		v.ClickAt(v.Spot(`.tool[title="` + v.say(tool) + `"]`))
		v.violations("what opens by " + v.say(tool))
		v.ClickAt(v.Spot(`.tool[title="` + v.say(tool) + `"]`))
	}
	v.Press("/")
	v.Until(`document.activeElement.computedName === %s`, v.say("search.label"))
	v.Press("dam doi")
	v.Until(`document.querySelector('.search [role=option]')`)
	v.violations("what was found")
	v.Press(kb.Escape)
	v.Until(`document.querySelector('.search .card').hidden`)
	v.Click("button", v.say("map.showTable"))
	v.There("button", v.say("map.showMap"))
	v.Until(`document.querySelector('.table tbody tr')`)
	v.violations("the table")
}

// violations runs axe-core, which has to be there, on what is shown. And all of it fits the window: what is long scrolls inside.
func (v *visit) violations(view string) {
	v.Helper()
	var violations []string
	v.Eval(&violations, `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) =>
		violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary + ' ' + node.html.slice(0, 200))))`)
	for _, violation := range violations {
		v.Errorf("%s: %s", view, violation)
	}
	var over [2]float64
	v.Eval(&over, `[document.scrollingElement.scrollWidth - innerWidth, document.scrollingElement.scrollHeight - innerHeight]`)
	if over[0] > 0 || over[1] > 0 {
		v.Errorf("%s: the page is %v pixels wider and %v longer than the window", view, over[0], over[1])
	}
}

// choose chooses a unit in the table, and goes back to the map.
func (v *visit) choose(fullName string) {
	v.Helper()
	v.Click("button", v.say("map.showTable"))
	v.Until(`document.querySelector('.table tbody tr')`)
	v.Until(`(() => {
		const one = [...document.querySelectorAll('.table .link')].find((one) => one.innerText === %s)
		if (!one) document.querySelector('.table').scrollBy(0, 300)
		one?.click()
		return one
	})()`, fullName)
	v.Click("button", v.say("map.showMap"))
	v.drawn()
	v.says(".chosen", fullName)
}

// loaded waits until nothing of the panel is still on its way.
func (v *visit) loaded() {
	v.Helper()
	v.Until(`document.querySelector('#panel-content')?.innerText.trim() && !document.querySelector('#panel-content [aria-busy="true"], #panel-content[aria-busy="true"]')`)
}

// walkKeyboard: on every view the tabulator reaches everything that can be used, in one round, and each is seen to have been reached.
func walkKeyboard(v *visit) {
	unit := v.pick(v.cameraOfAll())
	for _, view := range []string{"", "panel=gaps", "panel=plan", "panel=unit&unit=COMMUNE:" + unit.Code, "table=true"} {
		v.open(view)
		v.openLegend()
		v.loaded()
		v.tabs(view)
	}
}

func (v *visit) tabs(view string) {
	v.Helper()
	var within int
	v.Eval(&within, `(() => {
		const usable = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')].filter((one) =>
			one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert]') && one.getClientRects().length > 0)
		window.toReach = new Set(usable)
		document.activeElement?.blur()
		return usable.length
	})()`)
	if within < 10 {
		v.Fatalf("%s: only %d things can be used", view, within)
	}
	var left []string
	for range within + 300 { // a list has more rows by the time its end is reached
		v.Tab.Tab()
		v.Eval(&left, `(() => {
			const one = document.activeElement
			const marked = (part) => { const style = getComputedStyle(part); return style.outlineStyle !== 'none' || style.boxShadow !== 'none' }
			if (one !== document.body && !marked(one) && !marked(one.parentElement)) throw new Error('one cannot see that this has the focus: ' + one.outerHTML.slice(0, 200))
			toReach.delete(one)
			return [...toReach].map((one) => one.outerHTML.slice(0, 120))
		})()`)
		if len(left) == 0 {
			break
		}
	}
	if len(left) > 0 {
		v.Errorf("%s: not reached by the tabulator: %q", view, left)
	}
}

// testStill: for whoever asked their system for less motion nothing moves but in steps.
func testStill(t *testing.T, d *demo) {
	t.Parallel()
	screen := browsertest.Wide
	screen.Still = true
	v := &visit{t, newWords(t, "vi"), d.browser.Tab(t, d.URL, screen), d, screen}
	v.look(middleLongitude, middleLatitude, v.whole(), "")
	// The map is nearer at once, not little by little.
	var query string
	v.Eval(&query, `(document.querySelector('.maplibregl-ctrl-zoom-in').click(), new Promise(requestAnimationFrame).then(() => location.search))`)
	if nearer := fmt.Sprintf(",%.2f", v.whole()+1); !strings.Contains(query, nearer) {
		t.Errorf("after a step nearer the address is %s, without %s", query, nearer)
	}
	v.drawn()
	var moving []string
	v.Eval(&moving, `[...document.querySelectorAll('*')].filter((one) => {
		const style = getComputedStyle(one)
		const lasts = (times) => times.split(',').some((time) => parseFloat(time) > 0.01)
		return (style.animationName !== 'none' && lasts(style.animationDuration)) || (lasts(style.transitionDuration) && !one.closest('.maplibregl-ctrl'))
	}).map((one) => one.outerHTML.slice(0, 120))`)
	if len(moving) > 0 {
		t.Errorf("these move: %q", moving)
	}
}
