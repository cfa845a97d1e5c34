package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"vunglom/web/browsertest"
)

// visit is one person's use of the dashboard: a tab, a language, a screen.
type visit struct {
	*testing.T
	words
	*browsertest.Tab
	demo   *demo
	screen browsertest.Screen
}

// phone tells whether the screen is narrow.
func (v *visit) phone() bool { return v.screen.Width < 600 }

// open goes to the dashboard with a query string, in the visit's language, and waits for its map. Where the page is there already it is
// gone to as by the browser's back button, without loading all of it again; what is open closes, and the legend is as at the beginning.
func (v *visit) open(query string) {
	v.Helper()
	path := "/?" + strings.TrimSuffix("lang="+v.language+"&"+query, "&")
	var there bool
	v.Eval(&there, `(async (path) => {
		const legend = document.querySelector('.legend')
		if (!legend) return false
		for (const one of document.querySelectorAll('.menu[open]')) one.open = false
		if (legend.open !== innerWidth > 768) legend.querySelector('summary').click()
		history.pushState(null, '', path)
		dispatchEvent(new PopStateEvent('popstate'))
		await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
		return true
	})(%s)`, path)
	if !there {
		v.Open(path)
	}
	v.drawn()
}

// drawn waits until all that was asked for is there and the map has drawn it.
func (v *visit) drawn() {
	v.Helper()
	v.Until(`document.querySelector('.stage[aria-busy="false"] .map[data-drawn="true"]') && document.querySelector('.legend li')
		&& document.querySelector('.day input[type=range]')`)
}

// at waits until the address says something: name and value by turns. An empty value: it is not there.
func (v *visit) at(pairs ...string) {
	v.Helper()
	v.Eventually(func() error {
		query := v.query()
		for i := 0; i < len(pairs); i += 2 {
			if got := query.Get(pairs[i]); got != pairs[i+1] {
				return fmt.Errorf("%s is %q in the address, not %q: %v", pairs[i], got, pairs[i+1], query)
			}
		}
		return nil
	})
}

func (v *visit) query() url.Values {
	v.Helper()
	var text string
	v.Eval(&text, `location.search.slice(1)`)
	query, err := url.ParseQuery(text)
	if err != nil {
		v.Fatal(err)
	}
	return query
}

// says waits until what a selector finds holds texts.
func (v *visit) says(selector string, texts ...string) {
	v.Helper()
	v.Eventually(func() error {
		said := v.said(selector)
		for _, text := range texts {
			if !strings.Contains(said, text) {
				return fmt.Errorf("%s says %q, not %q", selector, said, text)
			}
		}
		return nil
	})
}

// said is the text of what a selector finds, its spaces plain ones, one by one; empty where it finds nothing.
func (v *visit) said(selector string) string {
	v.Helper()
	var text string
	v.Eval(&text, `document.querySelector(%s)?.innerText.replace(/\s+/g, ' ') ?? ''`, selector)
	return text
}

// openLegend opens the legend where it is closed, as it is on a phone.
func (v *visit) openLegend() {
	v.Helper()
	v.fold(true)
}

// closeLegend takes it out of the map's way.
func (v *visit) closeLegend() {
	v.Helper()
	v.fold(false)
}

func (v *visit) fold(open bool) {
	v.Helper()
	var is bool
	v.Eval(&is, `document.querySelector('.legend').open`)
	if is != open {
		v.ClickAt(v.Spot(".legend summary"))
		v.Until(`document.querySelector('.legend').open === %s`, open)
	}
}

// walk is one of the ways through the dashboard.
type walk struct {
	name string
	walk func(*visit)
}

// everybody takes walks in both languages and on both screens: every other walk with the languages changed about. Each of the four
// people takes theirs one after another in one tab, as whoever uses the dashboard does; after one that failed in a tab of its own.
func everybody(t *testing.T, d *demo, walks []walk) {
	t.Helper()
	screens := []browsertest.Screen{browsertest.Wide, browsertest.Phone}
	for person := range 4 {
		language, screen, first := []string{"vi", "en"}[person%2], screens[(person+person/2)%2], person/2
		t.Run(fmt.Sprint(language, " ", screen.Width), func(t *testing.T) {
			t.Parallel()
			var tab *browsertest.Tab
			for number := first; number < len(walks); number += 2 {
				if tab == nil {
					tab = d.browser.Tab(t, d.URL, screen)
				}
				if !t.Run(walks[number].name, func(t *testing.T) {
					walks[number].walk(&visit{t, newWords(t, language), tab.For(t), d, screen})
				}) {
					tab = nil
				}
			}
		})
	}
}

// back and forward press the browser's own buttons.
var back, forward = step(-1), step(1)

func step(by int) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf("history.go(%d)", by), nil)
}
