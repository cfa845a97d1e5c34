package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"vunglom/db/dbtest"
	"vunglom/web/browsertest"
)

// TestGraphiQLAnswers opens GraphiQL in a browser and sends the first example: it works from
// our own files, under our own policy.
func TestGraphiQLAnswers(t *testing.T) {
	t.Parallel()
	h, _ := served(dbtest.New(t))
	tab := browsertest.Start(t).Tab(t, browsertest.Serve(t, h).URL, browsertest.Wide)
	tab.Open("/graphiql")
	tab.Do(chromedp.WaitVisible(".graphiql-execute-button"), chromedp.Click(".graphiql-execute-button"))
	tab.Until(`document.querySelector('.result-window')?.innerText.includes('totalCount')`)
	tab.Do(chromedp.Click(`button[aria-label="Show Documentation Explorer"]`))
	tab.Until(`document.querySelector('.graphiql-doc-explorer-content')?.innerText.includes('Query')`)
}
