package web_test

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// drawsMaps lets Chromium draw WebGL without a graphics card.
var drawsMaps = []chromedp.ExecAllocatorOption{chromedp.Flag("disable-gpu", false), chromedp.Flag("use-angle", "swiftshader"),
	chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("ignore-gpu-blocklist", true)}

// appBuilt skips a test of the dashboard where it has not been built.
func appBuilt(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("app/dist/index.html"); err != nil {
		t.Skip("the dashboard has not been built: make build")
	}
}

// TestAppMap opens the map as a person would, in both languages, wide and narrow: its legend, its table and its cards say the same, a unit
// is chosen and gone into, the day moves by keyboard, and the browser has nothing to complain about.
func TestAppMap(t *testing.T) {
	t.Parallel()
	appBuilt(t)
	h, _ := loaded(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	for name, c := range map[string]struct {
		language, none string
		width, height  int64
	}{
		"vi wide":   {"vi", "Không có dữ liệu", 1440, 900},
		"en narrow": {"en", "No data", 390, 844},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, wrong := browser(t, server.URL, drawsMaps...)
			var legend, path, table, chosen, address, moved string
			var counted, rows, starts int
			err := chromedp.Run(ctx, log.Enable(), network.Enable(), chromedp.EmulateViewport(c.width, c.height),
				chromedp.Navigate(server.URL+"/?asOf=2024-09-30&lang="+c.language),
				chromedp.WaitVisible(`.map[data-drawn="true"]`),
				chromedp.WaitReady(".legend ul li:nth-child(3)"),
				chromedp.Evaluate(`document.querySelector(".legend").open = true; document.querySelector(".legend ul").innerText`, &legend),
				chromedp.Evaluate(`[...document.querySelectorAll(".legend > ul:first-of-type li b")].reduce((sum, one) => sum + Number(one.textContent), 0)`, &counted),
				chromedp.Evaluate(`document.querySelector(".legend").open = false; performance.getEntriesByType("resource").filter((one) => one.name.includes("operationName=Start")).length`, &starts),
				chromedp.Text(".path", &path),
				chromedp.Click(".over > button"),
				chromedp.WaitVisible(".table tbody tr th"),
				chromedp.Evaluate(`Number(document.querySelector(".table table").getAttribute("aria-rowcount")) - 1`, &rows),
				chromedp.Text(".table tbody", &table),
				chromedp.Click(".table tbody tr:first-of-type th .link"),
				chromedp.Click(".over > button"),
				chromedp.WaitVisible(".chosen .primary"),
				chromedp.Text(".chosen", &chosen),
				chromedp.Click(".chosen .primary"),
				chromedp.WaitVisible(".path li:nth-child(3)"), // province, district, commune
				chromedp.WaitVisible(`.map[data-drawn="true"]`),
				chromedp.Evaluate("location.search", &address),
				chromedp.Focus(`.day input[type="range"]`),
				chromedp.KeyEvent(kb.ArrowLeft),
				chromedp.Poll(`location.search.includes("asOf=2024-09-29")`, nil),
				chromedp.Evaluate("location.search", &moved),
			)
			if err != nil {
				t.Fatalf("%v; %q", err, wrong())
			}
			if !strings.Contains(path, "tỉnh Cà Mau") || !strings.Contains(legend, c.none) || counted != 101 || rows != counted {
				t.Errorf("the path %q, the legend %q with %d units, the table with %d rows", path, legend, counted, rows)
			}
			if starts != 1 {
				t.Errorf("what is loaded was asked for %d times", starts)
			}
			if said := strings.Split(strings.TrimLeft(chosen, "×\n "), "\n"); !strings.Contains(table, said[0]) {
				t.Errorf("the card says %q, the table %q", chosen, table)
			}
			if !strings.Contains(address, "within=COMMUNE:") || !strings.Contains(moved, "classesAsOf=2024-09-30") {
				t.Errorf("the address was %s, then %s", address, moved)
			}
			if len(wrong()) > 0 {
				t.Errorf("the browser complains: %q", wrong())
			}
		})
	}
}
