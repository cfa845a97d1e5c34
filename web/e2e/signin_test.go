package e2e

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vunglom/auth/authtest"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
	"vunglom/web/browsertest"
)

// ownUnit is where the roles hold that do not hold in the whole province.
const ownUnit = "COMMUNE:32041"

// TestSignIn walks through the dashboard of a program that asks who is there: as everybody, and as people who sign in with a real
// OpenID provider. The dashboard never asks for what is refused.
func TestSignIn(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	d := newFilled(t, browser)
	first, second := newProvider(t, 3600), newProvider(t, 12)
	lasting, brief, either := newSignedIn(t, d, first), newSignedIn(t, d, second), newSignedIn(t, d, first, second)
	type signedWalk struct {
		name, language string
		screen         browsertest.Screen
		on             *signedIn
		walk           func(*visit, *signedIn)
	}
	// One after another, because each is held to all that its server was asked, and the end of a token needs the provider's.
	for tokens, walks := range map[string][]signedWalk{"lasting": {
		{"everybody", "vi", browsertest.Wide, lasting, walkPublic},
		{"everybody", "en", browsertest.Phone, lasting, walkPublic},
		{"viewer", "vi", browsertest.Phone, lasting, walkViewer},
		{"planner", "en", browsertest.Wide, lasting, walkPlanner},
		{"officer", "vi", browsertest.Wide, lasting, walkOfficer},
	}, "brief": {
		{"either", "vi", browsertest.Phone, either, walkEither},
		{"expiry", "en", browsertest.Wide, brief, walkExpiry},
	}} {
		t.Run(tokens+" tokens", func(t *testing.T) {
			t.Parallel()
			for _, one := range walks {
				t.Run(one.name+" "+one.language, func(t *testing.T) { one.on.walk(t, one.language, one.screen, one.walk) })
			}
		})
	}
}

// walk takes a walk, in which nothing may be asked for that is refused.
func (s *signedIn) walk(t *testing.T, language string, screen browsertest.Screen, walk func(*visit, *signedIn)) {
	t.Helper()
	tab := s.browser.Tab(t, s.URL, screen)
	tab.Forgive(func(complaint string) bool { return visits(s.provider, complaint) })
	walk(&visit{t, newWords(t, language), tab, s.demo, screen}, s)
	for _, refused := range s.refused() {
		t.Errorf("the dashboard asked for what is refused: %s", refused)
	}
}

// signedIn is the demo province, served by a program that asks who is there.
type signedIn struct {
	*demo
	providers []*authtest.Provider
	provider  *authtest.Provider // the one that is signed in with, unless a walk chooses: the last

	mu  sync.Mutex
	not []string
}

// newProvider starts a provider whose tokens are good for so many seconds: as long as the walks take, or so few that they run out within one.
func newProvider(t *testing.T, ttl int) *authtest.Provider {
	t.Helper()
	claims := func(role string, units ...string) map[string]any {
		return map[string]any{"name": "Tài khoản " + role, "roles": []string{role}, "units": units}
	}
	return authtest.Start(t, authtest.Known{Dashboard: "dashboard", TTL: ttl, Accounts: map[string]map[string]any{
		"viewer": claims("viewer", "PROVINCE:96"), "planner": claims("planner", ownUnit), "officer": claims("officer", ownUnit)}})
}

// newSignedIn serves what is loaded to people who sign in with one of the providers.
func newSignedIn(t *testing.T, loaded *demo, providers ...*authtest.Provider) *signedIn {
	t.Helper()
	s := &signedIn{demo: &demo{browser: loaded.browser, store: loaded.store}, providers: providers, provider: providers[len(providers)-1]}
	settings, callers := authtest.Callers(t, authtest.Claims, providers...)
	trusted, err := graph.ReadTrusted(web.AppDocuments())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	until, stop := context.WithCancel(t.Context())
	api := graph.NewHandler(s.store, graph.Options{Log: log, RequestID: web.RequestID, Until: until, Trusted: trusted, Callers: callers})
	s.Server = browsertest.Serve(t, web.New(web.Options{DB: s.store, Callers: callers, GraphQL: s.watched(api), Log: log, TileCacheBytes: 64 << 20,
		SignIns: settings.SignIns(), Origins: settings.Origins(), Subscriptions: api.Subscriptions}))
	t.Cleanup(stop) // subscriptions end before the server waits for them
	return s
}

// newFilled is the demo province in a database, not served yet.
func newFilled(t *testing.T, browser *browsertest.Browser) *demo {
	t.Helper()
	store, err := dbtest.Open(t.Context(), dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	d := &demo{browser: browser, store: store}
	d.land(t, generate(t))
	return d
}

// watched notes answers of the API that refuse something, whatever their status. What comes over a WebSocket the tab looks at itself.
func (s *signedIn) watched(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			api.ServeHTTP(w, r)
			return
		}
		watching := &watcher{ResponseWriter: w}
		api.ServeHTTP(watching, r)
		for _, code := range []string{"UNAUTHENTICATED", "FORBIDDEN"} {
			if text := watching.said.String(); strings.Contains(text, code) {
				s.mu.Lock()
				s.not = append(s.not, r.URL.RawQuery+" "+text)
				s.mu.Unlock()
			}
		}
	})
}

// refused returns what was asked for in vain since it was called last.
func (s *signedIn) refused() (list []string) {
	s.mu.Lock()
	list, s.not = s.not, nil
	s.mu.Unlock()
	for _, r := range s.Asked() {
		if r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden {
			list = append(list, fmt.Sprint(r.Status, " ", r.URL))
		}
	}
	return list
}

type watcher struct {
	http.ResponseWriter
	said bytes.Buffer
}

func (w *watcher) Write(p []byte) (int, error) {
	if w.said.Len() < 1<<16 {
		w.said.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

func (w *watcher) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// visits tells whether a complaint is only that a page of a provider's, or what it needs, is asked for.
func visits(p *authtest.Provider, complaint string) bool {
	return strings.Contains(complaint, "fonts.googleapis.com") || strings.Contains(complaint, p.Issuer+"/favicon.ico") || strings.HasPrefix(complaint, "a request to "+p.Issuer+"/")
}

// enter signs in on the provider's own pages, and comes back to the view that was left.
func (s *signedIn) enter(v *visit, name string) {
	v.Helper()
	before := v.query()
	v.ClickAt(v.Spot(`.tool[title="` + v.say("access.signIn") + `"]`))
	s.login(v, name, before)
}

// login is enter from the provider's first page on.
func (s *signedIn) login(v *visit, name string, before url.Values) {
	v.Helper()
	v.Until(`location.origin === %s && document.querySelector('input[name=login]')`, s.provider.Issuer)
	v.Do(chromedp.SendKeys(`input[name=login]`, name, chromedp.ByQuery), chromedp.SendKeys(`input[name=password]`, "x"+kb.Enter, chromedp.ByQuery))
	s.through(v)
	s.back(v, before)
	v.listens()
}

// listens waits until the dashboard has been let in to subscribe: what is refused then is among the complaints of the tab.
func (v *visit) listens() {
	v.Helper()
	v.Until(`document.querySelector('.state.connected')`)
}

// through agrees to what the provider still asks, until somebody is signed in.
func (s *signedIn) through(v *visit) {
	v.Helper()
	v.Until(`document.querySelector(%s) || document.querySelector('[name=prompt][value=consent]')?.form.requestSubmit()`, `.tool[title="`+v.say("access.account")+`"]`)
}

// back waits until the dashboard is there again, with the view that was left.
func (s *signedIn) back(v *visit, before url.Values) {
	v.Helper()
	v.Until(`location.origin === %s`, v.origin())
	v.drawn()
	if after := v.query(); after.Encode() != before.Encode() {
		v.Errorf("the view was %v and is %v", before, after)
	}
}

func (v *visit) origin() string { return v.demo.URL }

// logout signs out where the account is open, and on the provider's own page.
func (s *signedIn) logout(v *visit) {
	v.Helper()
	v.Click("button", v.say("access.signOut"))
	v.Until(`location.origin === %s && document.querySelector('button[name=logout]')`, s.provider.Issuer)
	v.Eval(nil, `document.querySelector('button[name=logout]').click()`)
}

// account opens what is said of who is signed in, reads it, and closes it.
func (v *visit) account(texts ...string) {
	v.Helper()
	selector := `.tool[title="` + v.say("access.account") + `"]`
	v.ClickAt(v.Spot(selector))
	v.says(".popover .account", texts...)
	v.ClickAt(v.Spot(selector))
}

// hasTabs waits until the panel has these tabs.
func (v *visit) hasTabs(names ...string) {
	v.Helper()
	for i, name := range names {
		names[i] = v.say("panel." + name)
	}
	v.Until(`[...document.querySelectorAll('[role=tab]')].map((one) => one.innerText.trim()).join() === %s`, strings.Join(names, ","))
}

// walkPublic: everybody sees the map of what is published, on month ends, and is told where the rest is.
func walkPublic(v *visit, s *signedIn) {
	v.open("asOf=2025-09-15&measure=PRIORITY&layers=teams,addresses&remoteOnly=true&boundariesAsOf=2024-01-01")
	v.listens()
	v.keep("public")
	v.openLegend()
	v.says(".legend", v.say("access.published"), v.say("measure.SHARE"))
	v.checked("the map of everybody")
	v.keep("public-legend")
	v.closeLegend()
	v.hasTabs("overview", "unit")
	v.says(".overview", v.day(v.T, "2025-08-31"))
	v.Do(chromedp.Focus(`.day input[type=range]`, chromedp.ByQuery))
	v.Press(kb.ArrowLeft)
	v.at("asOf", "2025-07-31")
	v.drawn()
	v.Until(`!document.querySelector('[role=alert]')`)
	v.open("panel=gaps&planned=true")
	v.hasTabs("overview", "gaps", "unit")
	v.says(".not-here", v.say("access.decisions"), v.say("access.signIn"))
	v.checked("what is not everybody's")
	v.keep("public-gaps")
	v.open("panel=unit&unit=" + ownUnit + "&within=" + ownUnit)
	v.says(".unit", v.say("access.unit"))
	v.checked("a unit as everybody sees it")
	v.keep("public-unit")
	var tiles int
	for _, r := range s.Asked() {
		if strings.HasPrefix(r.URL, "/tiles/units/") && r.Status == http.StatusOK {
			tiles++
		}
		if strings.HasPrefix(r.URL, "/tiles/units/") && !strings.Contains(r.URL, "figures=published") {
			v.Errorf("everybody's map asks for %s", r.URL)
		}
	}
	if tiles == 0 {
		v.Error("no tile was answered")
	}
}

// walkViewer: exact figures on any day, through the round to the provider and a reload; then out again.
func walkViewer(v *visit, s *signedIn) {
	v.open("asOf=2025-09-15&measure=PRIORITY")
	s.enter(v, "viewer")
	v.account("Tài khoản viewer", v.say("roleOf.VIEWER"), "Cà Mau")
	v.onlyInTab()
	v.keep("viewer")
	v.says(".overview", v.day(v.T, "2025-09-15"))
	v.hasTabs("overview", "unit")
	v.openLegend()
	v.says(".legend", v.say("measure.PRIORITY"))
	v.closeLegend()
	v.Do(chromedp.Reload())
	v.drawn()
	v.account("Tài khoản viewer")
	v.onlyInTab()
	v.open("panel=plan")
	v.says(".not-here", v.say("access.decisions"), v.say("access.signInAnew"))
	v.checked("plans, to a viewer")
	v.keep("viewer-plan")
	v.open("asOf=2025-09-15&measure=PRIORITY")
	before := v.query()
	v.ClickAt(v.Spot(`.tool[title="` + v.say("access.account") + `"]`))
	v.checked("the account")
	v.keep("viewer-account")
	s.logout(v)
	s.back(v, before)
	v.says(".overview", v.day(v.T, "2025-08-31"))
	v.There("button", v.say("access.signIn"))
	var kept int
	v.Eval(&kept, `sessionStorage.length + localStorage.length`)
	if kept != 0 || len(v.cookies()) != 0 {
		v.Errorf("after signing out %d things are kept, cookies %q", kept, v.cookies())
	}
}

// onlyInTab looks for what outlives the tab, or goes along without being asked: nothing of who is signed in may.
func (v *visit) onlyInTab() {
	v.Helper()
	var kept int
	v.Eval(&kept, `localStorage.length`)
	if cookies := v.cookies(); kept != 0 || cookies != "" {
		v.Errorf("while signed in %d things are kept beyond the tab, cookies %q", kept, cookies)
	}
}

func (v *visit) cookies() (text string) {
	v.Eval(&text, `document.cookie`)
	return text
}

// walkPlanner: gaps, plans and files of the own commune; of the province what everybody sees.
func walkPlanner(v *visit, s *signedIn) {
	folder := v.TempDir()
	v.Downloads(folder)
	v.open("panel=gaps")
	s.enter(v, "planner")
	v.hasTabs("overview", "gaps", "unit", "plan")
	v.says(".not-here", v.say("access.elsewhere"))
	v.keep("planner-province")
	v.ClickAt(v.Spot(".not-here li button"))
	v.at("within", ownUnit)
	v.Until(`document.querySelector('.gaps [role=row] .name')`)
	v.drawn()
	v.keep("planner")
	v.ClickAt(v.Spot(`.tool[title="` + v.say("export.label") + `"]`))
	v.keep("planner-files")
	v.Do(chromedp.Click(`.popover a[href^="/export/gaps.csv"]`, chromedp.ByQuery))
	v.Eventually(func() error {
		found, err := filepath.Glob(filepath.Join(folder, "*.csv"))
		if err == nil && len(found) != 1 {
			err = fmt.Errorf("%d files were saved", len(found))
		}
		return err
	})
	v.Do(chromedp.Click(`.popover a[href^="/export/quality.csv"]`, chromedp.ByQuery))
	v.Eventually(func() error {
		found, err := filepath.Glob(filepath.Join(folder, "*.csv"))
		if err == nil && len(found) != 2 {
			err = fmt.Errorf("%d files were saved", len(found))
		}
		return err
	})
	v.Press(kb.Escape)
	v.Click("tab", v.say("panel.plan"))
	v.Click("button", v.say("plan.ask"))
	v.Until(`document.querySelector('.plan .result')`)
	// A link to a plan for elsewhere says who may, and leads to the own units.
	v.open("panel=plan&planned=true&planWithin=PROVINCE:96&within=" + ownUnit)
	v.says(".plan .problem", v.say("access.elsewhere"), v.say("access.signInAnew"))
	v.checked("a plan that is not one's own")
	v.keep("planner-elsewhere")
	v.ClickAt(v.Spot(".plan .not-here li button"))
	v.at("planned", "", "planWithin", "", "within", ownUnit)
	v.Until(`!document.querySelector('.plan .problem')`)
	v.open("panel=unit&unit=" + ownUnit + "&within=" + ownUnit)
	v.Until(`document.querySelector('.unit .history, .unit h3')`)
	v.loaded()
	v.keep("planner-unit")
}

// walkOfficer: the households of the own commune, once it is said why, and no plans.
func walkOfficer(v *visit, s *signedIn) {
	v.open("")
	s.enter(v, "officer")
	v.hasTabs("overview", "unit")
	v.ClickAt(v.Spot(`.tool[title="` + v.say("access.account") + `"]`))
	v.ClickAt(v.Spot(".account li button"))
	v.at("within", ownUnit)
	v.says(".over .purpose", v.say("access.purposeAsk"))
	v.drawn()
	v.keep("officer-purpose")
	for _, r := range s.Asked() {
		if strings.HasPrefix(r.URL, "/tiles/addresses/") {
			v.Errorf("%s was asked for before it was said why", r.URL)
		}
	}
	v.Click("textbox", v.say("access.purposeAsk"))
	v.Do(chromedp.SendKeys(".over .purpose input", "rà soát hộ ở xã", chromedp.ByQuery))
	v.Click("button", v.say("access.purposeSay"))
	v.drawn()
	v.Eventually(func() error {
		for _, r := range s.Asked() {
			if strings.HasPrefix(r.URL, "/tiles/addresses/") && strings.Contains(r.URL, "within="+ownUnit) && r.Status == http.StatusOK {
				return nil
			}
		}
		return fmt.Errorf("no tile of the own addresses was answered")
	})
	var said struct {
		AuditLog struct {
			Nodes []struct{ Purpose, Entry string }
		}
	}
	lookUp := demo{api: graph.NewHandler(s.store, graph.Options{})}
	lookUp.ask(v.T, &said, `{auditLog(first: 100) {nodes {purpose entry}}}`, nil)
	if n := len(said.AuditLog.Nodes); n == 0 || said.AuditLog.Nodes[0].Purpose != "rà soát hộ ở xã" {
		v.Errorf("the log says %+v", said.AuditLog.Nodes)
	}
	v.drawn()
	v.keep("officer")
	v.Click("tab", v.say("panel.unit"))
	v.loaded()
}

// walkExpiry: a token is renewed unseen; where it can't be, the view stays, and one can sign in again from there.
func walkExpiry(v *visit, s *signedIn) {
	v.open("asOf=2025-09-15&within=" + ownUnit)
	s.enter(v, "viewer")
	var first int64
	v.Eval(&first, tokenEnd)
	v.Until(tokenEnd+` > %s && Date.now() / 1000 > %s`, first, first)
	v.says(".overview", v.day(v.T, "2025-09-15"))
	v.Forgive(func(complaint string) bool {
		return visits(s.provider, complaint) || strings.Contains(complaint, s.provider.Issuer)
	})
	s.provider.Stop(v)
	before := v.query()
	v.says(".notice", v.say("access.expired"), v.say("access.signIn"))
	v.says(".overview", v.day(v.T, "2025-08-31"))
	v.drawn()
	v.checked("the end of a token")
	v.keep("expired")
	s.provider.Restart(v)
	v.ClickAt(v.Spot(".notice .primary"))
	s.through(v) // a renewal that was cut off may have used up what was agreed to
	s.back(v, before)
	v.says(".overview", v.day(v.T, "2025-09-15"))
}

// walkEither: where people sign in with one provider or another, everything goes to the one that was chosen, to the end of signing out.
func walkEither(v *visit, s *signedIn) {
	first, second := s.providers[0], s.providers[1]
	choose := func(name string) { v.ClickAt(v.Where("button", v.say("access.signInWith", "name", name))) }
	v.open("asOf=2025-09-15&within=" + ownUnit)
	before := v.query()
	open := func() {
		v.Until(`document.querySelector('.menu[open] .account') || document.querySelector(%s)?.click()`, `.tool[title="`+v.say("access.signIn")+`"]`)
	}
	// Who turns back on the way to one, and then goes to the other, gets there.
	v.Forgive(func(complaint string) bool {
		return visits(first, complaint) || visits(second, complaint) || strings.Contains(complaint, "Page entered Back-Forward Cache")
	})
	open()
	v.checked("a choice of providers")
	v.keep("either")
	choose(strings.TrimPrefix(first.Issuer, "http://"))
	v.Until(`location.origin === %s && document.querySelector('input[name=login]')`, first.Issuer)
	v.Eval(nil, `history.back()`)
	v.Until(`location.origin === %s`, v.origin())
	v.drawn()                                                                   // the page that was left, as it was: browsers keep it
	v.Forgive(func(complaint string) bool { return visits(second, complaint) }) // the first is asked for nothing from here on
	open()
	choose(strings.TrimPrefix(second.Issuer, "http://"))
	s.login(v, "viewer", before)
	v.account("Tài khoản viewer", v.say("access.by", "issuer", strings.TrimPrefix(second.Issuer, "http://")))
	v.tokenOf(second)
	var until int64
	v.Eval(&until, tokenEnd)
	v.Until(tokenEnd+` > %s`, until) // renewed
	v.tokenOf(second)
	v.says(".overview", v.day(v.T, "2025-09-15"))
	v.ClickAt(v.Spot(`.tool[title="` + v.say("access.account") + `"]`))
	s.logout(v)
	s.back(v, before)
	var kept int
	v.Eval(&kept, `sessionStorage.length + localStorage.length`)
	if kept != 0 {
		v.Errorf("after signing out %d things are kept", kept)
	}
	// Nothing of the one is left for the other.
	v.Forgive(func(complaint string) bool { return visits(first, complaint) })
	open()
	choose(strings.TrimPrefix(first.Issuer, "http://"))
	(&signedIn{demo: s.demo, provider: first}).login(v, "planner", before)
	v.account("Tài khoản planner", v.say("access.by", "issuer", strings.TrimPrefix(first.Issuer, "http://")))
	v.tokenOf(first)
}

// tokenEnd is when the token that is kept runs out, in seconds since 1970.
const tokenEnd = `Number(JSON.parse(Object.entries(sessionStorage).find(([name]) => name.startsWith('oidc.user'))[1]).expires_at)`

// tokenOf looks whether the one token that is kept is of a provider.
func (v *visit) tokenOf(p *authtest.Provider) {
	v.Helper()
	var issuers []string
	v.Eval(&issuers, `Object.entries(sessionStorage).filter(([name]) => name.startsWith('oidc.user'))
		.map(([, kept]) => JSON.parse(atob(JSON.parse(kept).access_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).iss)`)
	if len(issuers) != 1 || issuers[0] != p.Issuer {
		v.Errorf("tokens of %q are kept, not one of %s", issuers, p.Issuer)
	}
}

// checked is violations on a page that axe-core has not been brought to.
func (v *visit) checked(view string) {
	v.Helper()
	v.Eval(nil, axe(v.T)+";void 0")
	v.violations(view)
}

// keep leaves a picture among the artifacts: go test -artifacts keeps them.
func (v *visit) keep(name string) {
	v.Helper()
	if err := os.WriteFile(filepath.Join(v.ArtifactDir(), name+"-"+v.language+".png"), v.Picture(), 0o600); err != nil {
		v.Fatal(err)
	}
}
