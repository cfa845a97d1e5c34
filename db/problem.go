package db

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"vunglom/bundle"
)

// problemsHeld is how many problems are held in memory; those beyond it wait in a temporary file.
const problemsHeld = 10_000

// problems are what is wrong with a bundle, however much that is. They are found in the order in which the tables are
// checked, and told by table, file and line: what no longer fits in memory goes to a file in sorted runs, which are merged
// when they are told.
type problems struct {
	order map[string]int // of the tables
	held  []bundle.Problem
	file  *os.File
	out   *bufio.Writer
	size  int64   // of the file
	runs  []int64 // where each begins
	count int64
	err   error // why some could not be kept
}

func newProblems() *problems {
	p := &problems{order: map[string]int{}}
	for i, t := range bundle.Tables {
		p.order[t.Name] = i + 1
	}
	return p
}

// add keeps one more.
func (p *problems) add(found bundle.Problem) {
	if len(p.held) == problemsHeld && p.err == nil {
		if err := p.spill(); err != nil {
			p.err = fmt.Errorf("the problems of the bundle do not fit on the disk: %w", err)
		}
	}
	if p.err == nil {
		p.held = append(p.held, found)
		p.count++
	}
}

// compare orders problems by table, file and line.
func (p *problems) compare(a, b *bundle.Problem) int {
	return cmp.Or(cmp.Compare(p.order[a.Table], p.order[b.Table]), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

func (p *problems) sort() {
	slices.SortStableFunc(p.held, func(a, b bundle.Problem) int { return p.compare(&a, &b) })
}

// spill writes what is held to the file, sorted.
func (p *problems) spill() error {
	if p.file == nil {
		file, err := os.CreateTemp("", "vunglom-problems-*")
		if err != nil {
			return err
		}
		p.file, p.out = file, bufio.NewWriter(nil)
		if err := os.Remove(file.Name()); err != nil { // it lasts as long as it is open, whatever happens to the program
			return err
		}
	}
	p.sort()
	p.runs = append(p.runs, p.size)
	counted := &countingWriter{to: p.file}
	p.out.Reset(counted)
	for i := range p.held {
		if err := writeProblem(p.out, &p.held[i]); err != nil {
			return err
		}
	}
	if err := p.out.Flush(); err != nil {
		return err
	}
	p.size += counted.n
	clear(p.held)
	p.held = p.held[:0]
	return nil
}

type countingWriter struct {
	to io.Writer
	n  int64
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	w.n += int64(n)
	return n, err
}

// each tells all problems in order; of one place in the order in which they were found.
func (p *problems) each(do func(bundle.Problem) error) error {
	p.sort()
	all := &problemRuns{of: p}
	for i, from := range p.runs {
		to := p.size
		if i+1 < len(p.runs) {
			to = p.runs[i+1]
		}
		run := &problemRun{number: i, in: bufio.NewReaderSize(io.NewSectionReader(p.file, from, to-from), 8<<10)}
		if err := all.next(run); err != nil {
			return err
		}
	}
	if err := all.next(&problemRun{number: len(p.runs), held: p.held}); err != nil {
		return err
	}
	heap.Init(all)
	for len(all.runs) > 0 {
		run := all.runs[0]
		if err := do(run.head); err != nil {
			return err
		}
		more, err := run.read()
		switch {
		case err != nil:
			return err
		case more:
			heap.Fix(all, 0)
		default:
			heap.Pop(all)
		}
	}
	return nil
}

// first are the first problems, at most n.
func (p *problems) first(n int) ([]bundle.Problem, error) {
	var list []bundle.Problem
	err := p.each(func(found bundle.Problem) error {
		if len(list) == n {
			return io.EOF
		}
		list = append(list, found)
		return nil
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return list, err
}

// problemRun is a sorted run: in the file, or what is held.
type problemRun struct {
	number int
	in     *bufio.Reader
	held   []bundle.Problem
	head   bundle.Problem
}

// read goes on to the next problem and tells whether there is one.
func (r *problemRun) read() (bool, error) {
	if r.in == nil {
		if len(r.held) == 0 {
			return false, nil
		}
		r.head, r.held = r.held[0], r.held[1:]
		return true, nil
	}
	if _, err := r.in.Peek(1); errors.Is(err, io.EOF) {
		return false, nil
	}
	err := readProblem(r.in, &r.head)
	return err == nil, err
}

// problemRuns is a heap of runs, by the problem at the head of each; of equals the earlier run first.
type problemRuns struct {
	of   *problems
	runs []*problemRun
}

func (all *problemRuns) next(run *problemRun) error {
	more, err := run.read()
	if more {
		all.runs = append(all.runs, run)
	}
	return err
}

func (all *problemRuns) Len() int { return len(all.runs) }
func (all *problemRuns) Less(i, j int) bool {
	a, b := all.runs[i], all.runs[j]
	return cmp.Or(all.of.compare(&a.head, &b.head), cmp.Compare(a.number, b.number)) < 0
}
func (all *problemRuns) Swap(i, j int) { all.runs[i], all.runs[j] = all.runs[j], all.runs[i] }
func (all *problemRuns) Push(any)      { panic("db: no run comes later") }
func (all *problemRuns) Pop() any {
	last := all.runs[len(all.runs)-1]
	all.runs = all.runs[:len(all.runs)-1]
	return last
}

// writeProblem writes a problem as the lengths and bytes of its texts.
func writeProblem(w *bufio.Writer, p *bundle.Problem) error {
	var number [binary.MaxVarintLen64]byte
	for _, text := range [...]string{p.Table, p.File, p.Column, p.Value, p.Code, p.Message} {
		if _, err := w.Write(number[:binary.PutUvarint(number[:], uint64(len(text)))]); err != nil {
			return err
		}
		if _, err := w.WriteString(text); err != nil {
			return err
		}
	}
	kept := uint64(0)
	if p.Kept {
		kept = 1
	}
	_, err := w.Write(number[:binary.PutUvarint(number[:], uint64(p.Line)<<1|kept)])
	return err
}

func readProblem(r *bufio.Reader, p *bundle.Problem) error {
	for _, text := range [...]*string{&p.Table, &p.File, &p.Column, &p.Value, &p.Code, &p.Message} {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return err
		}
		if n == uint64(len(*text)) { // most are those of the problem before
			if same, err := r.Peek(int(n)); err == nil && string(same) == *text {
				if _, err := r.Discard(int(n)); err != nil {
					return err
				}
				continue
			}
		}
		bytes := make([]byte, n)
		if _, err := io.ReadFull(r, bytes); err != nil {
			return err
		}
		*text = string(bytes)
	}
	n, err := binary.ReadUvarint(r)
	p.Line, p.Kept = int64(n>>1), n&1 != 0
	return err
}
