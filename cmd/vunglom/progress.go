package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// linesEvery is the least time between two plain lines about one step.
const linesEvery = 5 * time.Second

// Step reports the progress of long work: done of total in the named step, total 0 where it
// is not known. It may be called often and from several goroutines.
type Step func(name string, done, total int64)

// newProgress returns a Step that draws a bar where w is a terminal and writes plain lines
// elsewhere, and a function that ends the last step.
func newProgress(w io.Writer) (step Step, finish func()) {
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		bars := &bars{out: w}
		return bars.step, bars.finish
	}
	lines := &lines{out: w, now: time.Now}
	return lines.step, lines.finish
}

// bars draws one progress bar after another.
type bars struct {
	mu   sync.Mutex
	out  io.Writer
	name string
	bar  *progressbar.ProgressBar
}

func (b *bars) step(name string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar == nil || name != b.name {
		b.end()
		if total <= 0 {
			total = -1 // a spinner
		}
		b.name = name
		b.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.out),
			progressbar.OptionSetDescription(name),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionFullWidth(),
			progressbar.OptionUseANSICodes(true),
		)
	} else if total > 0 && total != b.bar.GetMax64() {
		b.bar.ChangeMax64(total)
	}
	_ = b.bar.Set64(done) // drawing is no reason to fail
}

func (b *bars) finish() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end()
}

func (b *bars) end() {
	if b.bar != nil {
		_ = b.bar.Finish()
		fmt.Fprintln(b.out)
		b.bar = nil
	}
}

// lines writes the beginning and the end of each step, and seldom something between.
type lines struct {
	mu          sync.Mutex
	out         io.Writer
	now         func() time.Time
	name        string
	began, said time.Time
	done        int64
}

func (l *lines) step(name string, done, total int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if name != l.name {
		l.end(now)
		l.name, l.began, l.said = name, now, now
		fmt.Fprintf(l.out, "%s …\n", name)
	}
	l.done = done
	if now.Sub(l.said) < linesEvery {
		return
	}
	l.said = now
	if total > 0 {
		fmt.Fprintf(l.out, "%s: %d / %d (%d %%)\n", name, done, total, done*100/total)
	} else {
		fmt.Fprintf(l.out, "%s: %d\n", name, done)
	}
}

func (l *lines) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(l.now())
}

func (l *lines) end(now time.Time) {
	if l.name == "" {
		return
	}
	count := ""
	if l.done > 0 {
		count = fmt.Sprintf(" %d,", l.done)
	}
	fmt.Fprintf(l.out, "%s:%s xong trong · done in %s\n", l.name, count, now.Sub(l.began).Round(100*time.Millisecond))
	l.name, l.done = "", 0
}
