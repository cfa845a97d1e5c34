package e2e

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"
)

// walkSearch: by keyboard alone, and without marks, a unit is found and gone to.
func walkSearch(v *visit) {
	var answer struct {
		Search []struct {
			Unit struct{ Level, Code, FullName string }
		}
	}
	v.demo.ask(v.T, &answer, `query ($day: Date!) { search(text: "dam doi", asOf: $day, first: 3) { unit { level code fullName } } }`, map[string]any{"day": lastDay})
	if len(answer.Search) == 0 {
		v.Fatal("the API finds no dam doi")
	}
	first := answer.Search[0].Unit
	v.open("")
	v.Press("/")
	v.Until(`document.activeElement.computedName === %s`, v.say("search.label"))
	v.Press("dam doi")
	v.Until(`document.querySelector('.search [role=option][aria-selected="true"]')?.innerText.startsWith(%s)`, first.FullName)
	v.Press(kb.ArrowDown)
	v.Until(`document.querySelectorAll('.search [role=option]')[0].ariaSelected === 'false' || document.querySelectorAll('.search [role=option]').length === 1`)
	v.Press(kb.ArrowUp)
	v.Until(`document.querySelectorAll('.search [role=option]')[0].ariaSelected === 'true'`)
	v.Press(kb.Enter)
	v.at("unit", first.Level+":"+first.Code)
	v.says(".path", first.FullName)
	v.drawn()
	// What is not there is said, and Escape closes.
	v.Press("/")
	v.Until(`document.activeElement.computedName === %s`, v.say("search.label"))
	v.Press("zzqx")
	v.says(".search", v.say("search.nothing"))
	v.Press(kb.Escape)
	v.Until(`document.querySelector('.search .card').hidden`)
}

// walkLink: a link brings another person to the same view: map, day, classes, measure, unit, panel.
func walkLink(v *visit) {
	seen := v.look(middleLongitude, middleLatitude, v.whole(), "asOf=2026-03-31&classesAsOf=2026-10-31&measure=GAP_HOUSEHOLDS&layers=teams&minGapHouseholds=5&panel=gaps")
	v.choose(v.pick(seen).FullName)
	v.loaded()
	// What is copied is taken on its way to the clipboard, which all tabs share.
	v.Eval(nil, `void (navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve() })`)
	v.ClickAt(v.Spot(`.tool[title="` + v.say("share.label") + `"]`))
	v.says("header", v.say("share.copied"))
	var link string
	v.Eval(&link, `copied`)
	path, found := strings.CutPrefix(link, v.demo.URL)
	if !found {
		v.Fatalf("the link %s", link)
	}
	other := *v
	other.Tab = v.demo.browser.Tab(v.T, v.demo.URL, v.screen)
	other.Open(path)
	other.drawn()
	other.loaded()
	if v.phone() {
		v.openLegend()
		other.openLegend()
	}
	for _, part := range []string{".legend", ".path", ".chosen", "#panel-content", ".day"} {
		other.Eventually(func() error {
			if one, two := v.said(part), other.said(part); one != two || one == "" {
				return fmt.Errorf("%s says %q, to the other person %q", part, one, two)
			}
			return nil
		})
	}
	if one, two := v.query(), other.query(); one.Encode() != two.Encode() {
		v.Errorf("the address is %v, the other person's %v", one, two)
	}
}

// walkExport: every file of what is shown comes, and the table of figures holds the API's.
func walkExport(v *visit) {
	folder := v.TempDir()
	v.Downloads(folder)
	v.open("boundariesAsOf=2024-12-01")
	answered := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "boundariesAsOf": "2024-12-01", "measure": "SHARE"})
	v.ClickAt(v.Spot(`.tool[title="` + v.say("export.label") + `"]`))
	var links []string
	v.Eval(&links, `[...document.querySelectorAll('.popover a[download]')].map((one) => one.getAttribute('href'))`)
	if len(links) != 20 {
		v.Errorf("%d links to files: %q", len(links), links)
	}
	for _, link := range links {
		body := v.demo.fetch(v.T, link)
		var rows int
		switch path, _, _ := strings.Cut(link, "?"); filepath.Ext(path) {
		case ".csv":
			rows = bytes.Count(body, []byte("\n")) - 1
		case ".geojson":
			var collection struct{ Features []json.RawMessage }
			if err := json.Unmarshal(body, &collection); err != nil {
				v.Errorf("%s: %v", link, err)
			}
			rows = len(collection.Features)
		case ".xlsx":
			rows = rowsOfBook(v.T, body)
		case ".gpkg":
			if !bytes.HasPrefix(body, []byte("SQLite format 3\x00")) {
				v.Errorf("%s begins with %q", link, body[:min(16, len(body))])
			}
			continue // what is in it is read where it is made
		}
		if rows < 1 || strings.HasPrefix(link, "/export/coverage.") && rows != answered.UnitCount {
			v.Errorf("%s: %d rows, on the map are %d units", link, rows, answered.UnitCount)
		}
	}
	v.Click("link", v.say("export.coverage", "level", strings.ToLower(v.say("level.COMMUNE")))+": "+v.say("format.csv"))
	var file []byte
	v.Eventually(func() (err error) { file, err = downloaded(folder, ".csv"); return err })
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\uFEFF")))).ReadAll()
	if err != nil || len(rows) != answered.UnitCount+1 {
		v.Fatalf("%d rows, %v", len(rows), err)
	}
	// Each unit has a row that holds its code and its households yet to be guided.
	for _, f := range answered.Figures {
		found := false
		for _, row := range rows[1:] {
			cells := "\x00" + strings.Join(row, "\x00") + "\x00"
			found = found || strings.Contains(cells, "\x00"+f.Code+"\x00") && (f.GapHouseholds == nil || strings.Contains(cells, "\x00"+strconv.FormatFloat(*f.GapHouseholds, 'f', -1, 64)+"\x00"))
		}
		if !found {
			v.Errorf("no row of %s with %v households", f.FullName, f.GapHouseholds)
		}
	}
}

// rowsOfBook is how many rows the first sheet of a workbook has beneath its head.
func rowsOfBook(t *testing.T, file []byte) int {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	return len(rows) - 1
}

// downloaded is the file of an ending that a browser has put whole into a folder.
func downloaded(folder, ending string) ([]byte, error) {
	found, err := filepath.Glob(filepath.Join(folder, "*"+ending))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("%d files %s in the folder: %w", len(found), ending, err)
	}
	return os.ReadFile(found[0])
}

// walkPicture: the map is saved as a picture with its title and legend around it.
func walkPicture(v *visit) {
	folder := v.TempDir()
	v.Downloads(folder)
	answered := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"})
	seen := v.look(middleLongitude, middleLatitude, v.whole(), "")
	v.ClickAt(v.Spot(`.tool[title="` + v.say("export.label") + `"]`))
	v.Click("button", v.say("export.picture"))
	var file []byte
	v.Eventually(func() (err error) { file, err = downloaded(folder, ".png"); return err })
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		v.Fatal(err)
	}
	size := picture.Bounds()
	if float64(size.Dx()) <= seen.width || float64(size.Dy()) <= seen.height {
		v.Errorf("the picture is %v, the map alone %v by %v", size, seen.width, seen.height)
	}
	counted := map[int]int{}
	for y := range size.Dy() {
		for x := range size.Dx() {
			if class, painted := answered.classOf(colourAt(picture, x, y)); painted {
				counted[class]++
			}
		}
	}
	for class := range answered.Legend {
		if counted[class] < 400 { // its box in the legend alone is as large
			v.Errorf("class %d has %d pixels", class, counted[class])
		}
	}
}

// walkPrint: on paper stand title, day, legend, map and table.
func walkPrint(v *visit) {
	answered := v.demo.coverageMap(v.T, map[string]any{"asOf": lastDay, "measure": "SHARE"})
	v.open("")
	v.Eval(nil, `dispatchEvent(new Event('beforeprint'))`)
	want := []string{v.say("measure.SHARE") + " — tỉnh Cà Mau", v.say("print.day", "day", v.day(v.T, lastDay)), v.say("print.synthetic")}
	for _, c := range answered.Legend {
		want = append(want, v.share(c.Lower)+" – "+v.share(c.Upper))
	}
	var said string
	v.Eval(&said, `document.querySelector('.paper').textContent.replace(/\s+/g, ' ')`)
	for _, text := range want {
		if !strings.Contains(said, text) {
			v.Errorf("on paper there is no %q", text)
		}
	}
	var rows, picture int
	v.Eval(&rows, `document.querySelectorAll('.paper tbody tr').length`)
	v.Eval(&picture, `document.querySelector('.paper canvas')?.width ?? 0`)
	if rows != answered.UnitCount || picture == 0 {
		v.Errorf("%d rows of %d, and a map of %d pixels", rows, answered.UnitCount, picture)
	}
	v.Eval(nil, `dispatchEvent(new Event('afterprint'))`)
	v.Until(`!document.querySelector('.paper')`)
	var pdf []byte
	v.Do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPrintBackground(true).Do(ctx)
		return err
	}))
	if !bytes.HasPrefix(pdf, []byte("%PDF")) || bytes.Count(pdf, []byte("/Type /Page\n"))+bytes.Count(pdf, []byte("/Type /Page ")) < 2 {
		v.Errorf("%d bytes of PDF without a map's and a table's pages", len(pdf))
	}
	v.Until(`!document.querySelector('.paper')`)
	v.drawn()
}
