package browsertest

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Point is a place in the window, in CSS pixels from its upper left corner.
type Point struct{ X, Y float64 }

// seek finds what a person, or their screen reader, finds by its role and its name: both as the browser computes them. It has to
// be in sight, and one of its kind.
const seek = `((role, name) => {
	const found = [...document.querySelectorAll('a,button,input,select,summary,textarea,table,[role],[tabindex],h1,h2,h3,section,aside,nav')]
		.filter((one) => one.computedRole === role && one.computedName === name && one.checkVisibility() && !one.closest('[inert]'))
	if (found.length > 1) throw new Error(found.length + ' are ' + role + ' "' + name + '"')
	return found[0]
})(%s, %s)`

// There waits until there is something of a role and a name, such as "button" and "Play".
func (t *Tab) There(role, name string) {
	t.tb.Helper()
	t.Until(seek, role, name)
}

// Where waits until there is something of a role and a name that a pointer can reach, brings it into sight, and tells where its
// middle is.
func (t *Tab) Where(role, name string) Point {
	t.tb.Helper()
	return t.where(seek, role, name)
}

// Spot is Where for what a CSS selector finds.
func (t *Tab) Spot(selector string) Point {
	t.tb.Helper()
	return t.where(`document.querySelector(%s)`, selector)
}

func (t *Tab) where(script string, arguments ...any) (at Point) {
	t.tb.Helper()
	t.Eventually(func() error {
		var found *Point
		err := t.eval(&found, `(() => {
			const one = `+script+`
			if (!one) return null
			one.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
			const { left, right, top, bottom } = one.getBoundingClientRect()
			const at = { X: (left + right) / 2, Y: (top + bottom) / 2 }
			const hit = document.elementFromPoint(at.X, at.Y)
			return hit && (one.contains(hit) || hit.contains(one) && hit.closest('label')) ? at : null
		})()`, arguments...)
		if err == nil && found == nil {
			err = fmt.Errorf("nothing to be reached is %v", arguments)
		}
		if err != nil {
			return err
		}
		at = *found
		return nil
	})
	return at
}

// Click clicks what has a role and a name.
func (t *Tab) Click(role, name string) {
	t.tb.Helper()
	t.ClickAt(t.Where(role, name))
}

// ClickAt clicks a place.
func (t *Tab) ClickAt(at Point) {
	t.tb.Helper()
	t.PointAt(at)
	t.Do(chromedp.MouseClickXY(at.X, at.Y))
}

// PointAt moves the pointer to a place.
func (t *Tab) PointAt(at Point) {
	t.tb.Helper()
	t.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		if err := input.DispatchMouseEvent(input.MouseMoved, at.X-3, at.Y-3).Do(ctx); err != nil {
			return err
		}
		return input.DispatchMouseEvent(input.MouseMoved, at.X, at.Y).Do(ctx)
	}))
}

// Drag draws from one place to another with the button held.
func (t *Tab) Drag(from, to Point) {
	t.tb.Helper()
	t.PointAt(from)
	t.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		press := func(kind input.MouseType, at Point) error {
			return input.DispatchMouseEvent(kind, at.X, at.Y).WithButton(input.Left).WithButtons(1).WithClickCount(1).Do(ctx)
		}
		if err := press(input.MousePressed, from); err != nil {
			return err
		}
		for step := 1; step <= 10; step++ {
			part := float64(step) / 10
			if err := press(input.MouseMoved, Point{from.X + (to.X-from.X)*part, from.Y + (to.Y-from.Y)*part}); err != nil {
				return err
			}
			time.Sleep(16 * time.Millisecond) // as fast as a hand: a jump is no drag
		}
		return press(input.MouseReleased, to)
	}))
}

// Press presses keys one after another, as kb has them, or writes a text.
func (t *Tab) Press(keys string) {
	t.tb.Helper()
	t.Do(chromedp.KeyEvent(keys))
}

// Tab presses the tabulator.
func (t *Tab) Tab() {
	t.tb.Helper()
	t.Press(kb.Tab)
}

// Choose chooses an option of a list by what it says.
func (t *Tab) Choose(list, option string) {
	t.tb.Helper()
	t.There("combobox", list)
	t.Until(`(() => {
		const list = `+seek+`
		const option = [...list.options].find((one) => one.text === %s)
		if (!option) return false
		Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(list, option.value)
		list.dispatchEvent(new Event('change', { bubbles: true }))
		return true
	})()`, "combobox", list, option)
}

// Write puts a text into a field in place of what is there.
func (t *Tab) Write(field, text string) {
	t.tb.Helper()
	t.Until(`(() => {
		const field = [...document.querySelectorAll('input,textarea')].find((one) => one.computedName === %s && one.checkVisibility())
		field?.focus()
		field?.select()
		return field && document.activeElement === field
	})()`, field)
	t.Press(text)
}
