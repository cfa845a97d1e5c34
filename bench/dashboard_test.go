package bench

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"vunglom/auth"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
	"vunglom/web/browsertest"
)

// benchDashboard counts what the dashboard asks for, in a browser that has seen nothing yet: requests, and bytes over the line.
func benchDashboard(b *testing.B, p *province) {
	if _, err := os.Stat("../web/app/dist/index.html"); err != nil {
		b.Fatal("the dashboard has not been built: make build, then try again; make bench does both")
	}
	p.asked(b) // it is imported by now
	d, err := dbtest.Open(b.Context(), p.url)
	must(b, err)
	b.Cleanup(d.Close)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	api := graph.NewHandler(d, graph.Options{Log: log, RequestID: web.RequestID})
	server := browsertest.Serve(b, web.New(web.Options{DB: d, Callers: auth.Local{}, GraphQL: api, Log: log, TileCacheBytes: 64 << 20, Subscriptions: api.Subscriptions}))
	tab := browsertest.Start(b).Tab(b, server.URL, browsertest.Wide)
	drawn := func() {
		b.Helper()
		tab.Until(`document.querySelector('.stage[aria-busy="false"] .map[data-drawn="true"]') && document.querySelector('.legend li')
			&& document.querySelector('.day input[type=range]')`)
	}
	asked := 0
	count := func(step string) {
		b.Helper()
		drawn()
		all := server.Asked()
		var bytes, code int64
		for _, r := range all[asked:] {
			bytes += r.Bytes
			if r.Path() == "/" || len(r.Path()) > 8 && r.Path()[:8] == "/assets/" {
				code += r.Bytes
			}
		}
		kB := func(bytes int64) string { return fmt.Sprintf("%.0f kB", float64(bytes)/1000) }
		row("The dashboard: what a person's steps ask for, 1440 by 900 pixels, compressed", []string{"step", "requests", "bytes", "of them code"},
			step, fmt.Sprint(len(all)-asked), kB(bytes), kB(code))
		asked = len(all)
	}
	at := func(name, value string) {
		b.Helper()
		tab.Until(`new URLSearchParams(location.search).get(%s) === %s`, name, value)
	}
	tab.Open("/?asOf=" + day)
	count("open the province, nothing kept")
	tab.ClickAt(tab.Spot(".maplibregl-ctrl-zoom-in"))
	tab.Until(`new URLSearchParams(location.search).has('at')`)
	count("a zoom nearer")
	var before string
	tab.Eval(&before, `new URLSearchParams(location.search).get('at')`)
	tab.Drag(browsertest.Point{X: 900, Y: 300}, browsertest.Point{X: 300, Y: 300}) // so far that ground comes into sight of which there is no tile
	tab.Until(`new URLSearchParams(location.search).get('at') !== %s`, before)
	count("pan by 600 pixels")
	tab.Until(`(() => { const slider = document.querySelector('.day input[type=range]'); slider?.focus(); return document.activeElement === slider })()`)
	tab.Press(kb.ArrowLeft)
	at("asOf", "2024-09-29")
	count("move the day")
	tab.Open("/?asOf=" + day + "&unit=COMMUNE:32065&panel=unit")
	drawn()
	asked = len(server.Asked())
	tab.ClickAt(tab.Spot(".chosen .primary"))
	at("within", "COMMUNE:32065")
	count("drill down into a commune")
}
