package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"vunglom/web/browsertest"
)

// notes lets a page keep what stands somewhere, however shortly.
const notes = `((selector) => {
	window.noted = []
	new MutationObserver(() => {
		const text = document.querySelector(selector)?.innerText
		if (text && !noted.includes(text)) noted.push(text)
	}).observe(document.body, { childList: true, subtree: true, characterData: true })
})(%s)`

// testFirstImport: before anything is loaded the page says what to do; an import is followed, and when it has landed the map is there.
func testFirstImport(t *testing.T, d *demo, folder string) {
	v := &visit{t, newWords(t, "vi"), d.browser.Tab(t, d.URL, browsertest.Wide), d, browsertest.Wide}
	v.Open("/")
	v.says("main.message", v.say("broken.empty"), "vunglom import", "vunglom demo")
	v.Eval(nil, axe(t)+";void 0")
	v.violations("nothing loaded")
	v.Eval(nil, notes, ".import [role=status]")
	d.land(t, folder)
	v.drawn()
	v.Until(`noted.some((text) => text.includes(%s))`, v.say("live.RUNNING", "province", province))
	v.says(".path", "tỉnh Cà Mau")
}

// testLive: what an import changes is changed on a page that is open, without a reload: neither the page nor its code is asked for again.
func testLive(t *testing.T, d *demo) {
	v := &visit{t, newWords(t, "vi"), d.browser.Tab(t, d.URL, browsertest.Wide), d, browsertest.Wide}
	v.open("")
	v.says(".state", v.say("live.connected"))
	v.Eval(nil, `void (window.stays = true)`)
	v.Eval(nil, notes, ".import [role=status]")
	guided := func() (n float64) {
		var answer struct {
			AdminUnit struct{ Coverage struct{ Guided float64 } }
		}
		d.ask(t, &answer, `query ($code: String!, $day: Date!) { adminUnit(level: PROVINCE, code: $code, asOf: $day) { coverage(asOf: $day) { guided } } }`, map[string]any{"code": province, "day": lastDay})
		return answer.AdminUnit.Coverage.Guided
	}
	was := guided()
	v.says("#panel-content", v.number(was, 0))
	asked := len(d.Asked())
	// A visit to a household that nobody had been at.
	var household, team string
	err := d.rows.QueryRowContext(t.Context(), `select h.code, min(t.code) from household h join team t on t.province = h.province
		where h.province = $1 and h.ended_on is null and h.address_code is not null and not exists (select from visit v where v.province = h.province and v.household_code = h.code)
		group by h.code order by h.code limit 1`, province).Scan(&household, &team)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"bundle.json": fmt.Sprintf(`{"province": %q, "as_of": %q, "source": "test", "synthetic": true}`, province, lastDay),
		"visits.csv":  fmt.Sprintf("code,household_code,team_code,visited_on,outcome\nE2E,%s,%s,%s,guided\n", household, team, lastDay),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.land(t, folder)
	is := guided()
	if is != was+1 {
		t.Fatalf("%v households guided, then %v", was, is)
	}
	v.says("#panel-content", v.number(is, 0))
	v.Until(`noted.some((text) => text.includes(%s))`, v.say("live.LANDED", "province", province))
	v.legend(d.coverageMap(t, map[string]any{"asOf": lastDay, "measure": "SHARE"}), v.share)
	v.Until(`window.stays`)
	v.drawn()
	for _, request := range d.Asked()[asked:] {
		if path := request.Path(); path == "/" || strings.HasPrefix(path, "/assets/") || path == "/app.json" {
			t.Errorf("asked for again: %s", request.URL)
		}
	}
}

// testOffline: without a network the page says so, keeps what it shows, and is back by itself.
func testOffline(t *testing.T, d *demo) {
	t.Parallel()
	v := &visit{t, newWords(t, "en"), d.browser.Tab(t, d.URL, browsertest.Phone), d, browsertest.Phone}
	v.open("")
	v.says(".state", v.say("live.connected"))
	v.Forgive(func(complaint string) bool { return strings.Contains(complaint, "ERR_INTERNET_DISCONNECTED") })
	offline := func(is bool) { v.Do(network.EmulateNetworkConditions(is, 0, -1, -1)) }
	offline(true)
	v.Until(`document.querySelector('.state.offline')`)
	before, _, _ := strings.Cut(v.say("live.offline"), "{{")
	v.says(".state", before)
	v.Until(`document.querySelector('.legend li')`)
	offline(false)
	v.says(".state", v.say("live.connected"))
}

// testNoMap: a browser that cannot draw the map shows the table that says the same.
func testNoMap(t *testing.T, d *demo) {
	t.Parallel()
	for _, language := range []string{"vi", "en"} {
		v := &visit{t, newWords(t, language), d.browser.Tab(t, d.URL, browsertest.Phone), d, browsertest.Phone}
		v.Before(`HTMLCanvasElement.prototype.getContext = ((real) => function (kind, ...more) { return kind.startsWith('webgl') ? null : real.call(this, kind, ...more) })(HTMLCanvasElement.prototype.getContext)`)
		v.Open("/?lang=" + language)
		v.says(".over", v.say("broken.noMap"))
		v.Until(`document.querySelector('.table tbody tr')`)
		v.Eval(nil, axe(t)+";void 0")
		v.violations("no map")
	}
}
