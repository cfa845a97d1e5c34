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

// open opens the dashboard with a query string, in the visit's language, and waits for its map.
func (v *visit) open(query string) {
	v.Helper()
	v.Open("/?" + strings.TrimSuffix("lang="+v.language+"&"+query, "&"))
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

// both takes a walk in both languages and on both screens: every other walk with the languages changed about.
func both(t *testing.T, d *demo, number int, walk func(*visit)) {
	t.Helper()
	screens := []browsertest.Screen{browsertest.Wide, browsertest.Phone}
	for i, language := range []string{"vi", "en"} {
		screen := screens[(i+number)%2]
		t.Run(fmt.Sprint(language, " ", screen.Width), func(t *testing.T) {
			t.Parallel()
			walk(&visit{t, newWords(t, language), d.browser.Tab(t, d.URL, screen), d, screen})
		})
	}
}

// back and forward press the browser's own buttons.
var back, forward = step(-1), step(1)

func step(by int) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf("history.go(%d)", by), nil)
}
