// Package browsertest gives a test the distribution's Chromium, and holds every page that a test opens to what all pages of
// the program have to hold to: nothing in the console is an error, no request fails, none goes to another host, and the
// Content-Security-Policy is kept. A test waits for the thing itself, for as long as a slow machine may need.
package browsertest

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long a test waits for what is sure to come. Machines that test are slow and shared.
const Patience = 3 * time.Minute

// Browser is one Chromium, whose tabs know nothing of each other.
type Browser struct {
	ctx context.Context
}

// Start starts a browser that ends with the test. Maps are drawn in software: machines that test have no graphics card.
// More flags may be given, as chromedp.Flag.
func Start(tb testing.TB, flags ...chromedp.ExecAllocatorOption) *Browser {
	tb.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		tb.Fatal("no chromium on this machine: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.WindowSize(1440, 900), chromedp.WSURLReadTimeout(Patience),
		// Pages themselves are painted and put together without that card's stand-in, which takes twice as long for them.
		chromedp.Flag("disable-gpu-rasterization", true), chromedp.Flag("disable-gpu-compositing", true),
		chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("ignore-gpu-blocklist", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("enable-blink-features", "ComputedAccessibilityInfo"), // roles and names as a screen reader gets them
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel := chromedp.NewExecAllocator(context.WithoutCancel(tb.Context()), append(options, flags...)...)
	tb.Cleanup(cancel)
	ctx, _ = chromedp.NewContext(ctx)
	tb.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits until it is gone
	if err := chromedp.Run(ctx); err != nil {
		tb.Fatalf("browsertest: %v", err)
	}
	return &Browser{ctx}
}
