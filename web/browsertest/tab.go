package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Screen is what a page is shown on.
type Screen struct {
	Width, Height int64
	Still         bool // the person asked their system for less motion
}

// The screens that pages are tried on.
var (
	Wide  = Screen{Width: 1440, Height: 900}
	Phone = Screen{Width: 390, Height: 844}
)

// Tab is a page of a browser, with storage and a cache of its own, as a test uses it.
type Tab struct {
	tb testing.TB
	*window
}

// window is what of a tab is the browser's.
type window struct {
	ctx    context.Context
	origin string
	screen Screen
	own    cdp.BrowserContextID

	mu      sync.Mutex
	wrong   []string
	forgive func(string) bool
}

// Tab opens a tab on what is served at an origin, such as "http://127.0.0.1:8080". When the test ends, it fails where anything
// went wrong in the tab that was not forgiven.
func (b *Browser) Tab(tb testing.TB, origin string, screen Screen) *Tab {
	tb.Helper()
	t := &Tab{tb, &window{origin: origin, screen: screen, forgive: func(string) bool { return false }}}
	id := t.open(b)
	t.ctx, _ = chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	chromedp.ListenTarget(t.ctx, t.listen)
	if err := chromedp.Run(t.ctx); err != nil { // the tab ends with the context of the first run: one without a deadline
		tb.Fatalf("browsertest: %v", err)
	}
	still := "no-preference"
	if screen.Still {
		still = "reduce"
	}
	t.Do(log.Enable(), network.Enable(), runtime.Enable(),
		emulation.SetDeviceMetricsOverride(screen.Width, screen.Height, 1, screen.Width < 600),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: still}}))
	tb.Cleanup(func() {
		if tb.Failed() {
			t.keepPicture()
		}
		_ = chromedp.Cancel(t.ctx)
		for _, wrong := range t.complaints() {
			tb.Errorf("the page complains: %s", wrong)
		}
	})
	return t
}

// For is the same tab as a test uses it that is a part of the one which opened it, and which takes what the page complains of.
func (t *Tab) For(tb testing.TB) *Tab { return &Tab{tb, t.window} }

// open opens a window whose storage and cache are its own.
func (t *Tab) open(b *Browser) (id target.ID) {
	t.tb.Helper()
	err := chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		ctx = cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		t.own, err = target.CreateBrowserContext().WithDisposeOnDetach(true).Do(ctx)
		if err != nil {
			return err
		}
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(t.own).WithNewWindow(true).Do(ctx)
		return err
	}))
	if err != nil {
		t.tb.Fatalf("browsertest: %v", err)
	}
	return id
}

// Forgive names complaints that the test brings about itself.
func (t *window) Forgive(is func(complaint string) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgive = is
}

func (t *window) complaints() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wrong
}

func (t *window) note(format string, args ...any) {
	complaint := fmt.Sprintf(format, args...)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.forgive(complaint) {
		t.wrong = append(t.wrong, complaint)
	}
}

func (t *window) listen(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded: // what fails to load, and what the policy forbids, is told here
		if e.Entry.Level == log.LevelError {
			t.note("%s %s", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
			var said []string
			for _, argument := range e.Args {
				said = append(said, string(argument.Value)+argument.Description)
			}
			t.note("console: %s", strings.Join(said, " "))
		}
	case *runtime.EventExceptionThrown:
		t.note("%s", e.ExceptionDetails.Error())
	case *network.EventWebSocketFrameReceived:
		for _, refusal := range []string{"UNAUTHENTICATED", "FORBIDDEN"} {
			if strings.Contains(e.Response.PayloadData, refusal) {
				t.note("a subscription is refused: %s", e.Response.PayloadData)
			}
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, t.origin) && !strings.HasPrefix(e.Request.URL, "data:") && !strings.HasPrefix(e.Request.URL, "blob:"+t.origin) {
			t.note("a request to %s", e.Request.URL)
		}
	}
}

// Do carries out actions of chromedp.
func (t *Tab) Do(actions ...chromedp.Action) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, Patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.tb.Fatalf("browsertest: %v; the page: %q", err, t.complaints())
	}
}

// Before has every page that is opened from now on carry out JavaScript before its own.
func (t *Tab) Before(script string) {
	t.tb.Helper()
	t.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// Downloads puts what is downloaded into a folder.
func (t *Tab) Downloads(folder string) {
	t.tb.Helper()
	t.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		ctx = cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		return browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithBrowserContextID(t.own).WithDownloadPath(folder).Do(ctx)
	}))
}

// Open goes to a path with its query.
func (t *Tab) Open(path string) {
	t.tb.Helper()
	t.Do(chromedp.Navigate(t.origin + path))
}

// Eval carries out JavaScript that returns a value or the promise of one, and reads that from its JSON. Arguments are handed
// over as the values of %s, in JSON.
func (t *Tab) Eval(into any, script string, arguments ...any) {
	t.tb.Helper()
	if err := t.eval(into, script, arguments...); err != nil {
		t.tb.Fatalf("browsertest: %v\nin %s\nthe page: %q", err, script, t.complaints())
	}
}

func (t *Tab) eval(into any, script string, arguments ...any) error {
	texts := make([]any, len(arguments))
	for i, argument := range arguments {
		text, err := json.Marshal(argument)
		if err != nil {
			return err
		}
		texts[i] = string(text)
	}
	if len(texts) > 0 {
		script = fmt.Sprintf(script, texts...)
	}
	ctx, cancel := context.WithTimeout(t.ctx, Patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate(script, into, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
}

// Until waits until JavaScript gives true.
func (t *Tab) Until(script string, arguments ...any) {
	t.tb.Helper()
	t.Eventually(func() error {
		var is bool
		if err := t.eval(&is, "!!("+script+")", arguments...); err != nil {
			return err
		}
		if !is {
			return fmt.Errorf("not so: "+script, arguments...)
		}
		return nil
	})
}

// Eventually waits until a check passes, and fails the test with its last error when that takes too long.
func (t *Tab) Eventually(check func() error) {
	t.tb.Helper()
	began := time.Now()
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Since(began) > Patience {
			t.tb.Fatalf("still after %v: %v\nthe page: %q", Patience, err, t.complaints())
		}
		time.Sleep(50 * time.Millisecond) // between two looks
	}
}

// Picture is what the tab shows, as a PNG.
func (t *Tab) Picture() []byte {
	t.tb.Helper()
	var png []byte
	t.Do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		png, err = page.CaptureScreenshot().WithOptimizeForSpeed(true).Do(ctx)
		return err
	}))
	return png
}

// keepPicture leaves what a failed test saw among its artifacts: go test -artifacts keeps them.
func (t *Tab) keepPicture() {
	ctx, cancel := context.WithTimeout(t.ctx, 10*time.Second)
	defer cancel()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.CaptureScreenshot(&png)); err != nil {
		return // the tab may be gone
	}
	if err := os.WriteFile(filepath.Join(t.tb.ArtifactDir(), "failed.png"), png, 0o600); err != nil {
		t.tb.Log(err)
	}
}
