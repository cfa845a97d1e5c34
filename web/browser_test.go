package web_test

import (
	"context"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"vunglom/db/dbtest"
)

// browser returns the context of a tab of the distribution's Chromium, and what went wrong in
// it: messages of the console and requests to anywhere but the server under test.
func browser(t *testing.T, server string, more ...chromedp.ExecAllocatorOption) (context.Context, func() []string) {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on this machine: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(1400, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	options = append(options, more...)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits until it is gone; a context that ended before is no matter
	var mu sync.Mutex
	var wrong []string
	note := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		wrong = append(wrong, text)
	}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError {
				note(e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			note(e.ExceptionDetails.Error())
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, server) && !strings.HasPrefix(e.Request.URL, "data:") && !strings.HasPrefix(e.Request.URL, "blob:") {
				note("a request to " + e.Request.URL)
			}
		}
	})
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return wrong
	}
}

// TestGraphiQLAnswers opens GraphiQL in a browser and sends the first example: it works from
// our own files, under our own policy.
func TestGraphiQLAnswers(t *testing.T) {
	t.Parallel()
	h, _ := served(dbtest.New(t))
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	ctx, wrong := browser(t, server.URL)
	var answer, docs string
	err := chromedp.Run(ctx,
		log.Enable(), network.Enable(),
		chromedp.Navigate(server.URL+"/graphiql"),
		chromedp.WaitVisible(".graphiql-execute-button"),
		chromedp.Click(".graphiql-execute-button"),
		chromedp.WaitVisible(".result-window .cm-property"),
		chromedp.Text(".result-window", &answer),
		chromedp.Click(`button[aria-label="Show Documentation Explorer"]`),
		chromedp.WaitVisible(".graphiql-doc-explorer-content"),
		chromedp.Text(".graphiql-doc-explorer-content", &docs),
	)
	if err != nil {
		t.Fatalf("%v; %q", err, wrong())
	}
	if !strings.Contains(answer, "totalCount") || !strings.Contains(docs, "Query") {
		t.Errorf("the answer: %s\nthe documentation: %s", answer, docs)
	}
	if len(wrong()) > 0 {
		t.Errorf("the browser complains: %q", wrong())
	}
}
