package db

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"vunglom/bundle"
)

// Count tells what became of a table's rows: Read = Inserted + Updated + Unchanged + Rejected. Rows of erased households are not taken up:
// they are counted beside, and never named.
type Count struct {
	Read      int64 `json:"read"`
	Inserted  int64 `json:"inserted"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"`
	Rejected  int64 `json:"rejected"`
	Erased    int64 `json:"erased,omitempty"`
}

// TableCount is a table's name and its count.
type TableCount struct {
	Name string
	Count
}

// Report is what an import did. Its JSON is the contract's.
type Report struct {
	Tables   []TableCount     // every table of the contract, in the order in which they were taken
	Problems []bundle.Problem // by table, file and line; the first ten thousand, see Each
	Snapshot string           // the province's snapshot after the import; of a dry run: the one it would have had
	DryRun   bool
	Failed   string // why the bundle as a whole did not land; empty: it did

	all *problems // nil: Problems are all
}

// Each tells every problem, by table, file and line, until do fails.
func (r *Report) Each(do func(bundle.Problem) error) error {
	if r.all != nil {
		return r.all.each(do)
	}
	for _, p := range r.Problems {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

// Noted is the number of problems.
func (r *Report) Noted() int64 {
	if r.all != nil {
		return r.all.count
	}
	return int64(len(r.Problems))
}

// MarshalJSON writes the contract's object: tables by name, problems, snapshot.
func (r *Report) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	err := r.WriteJSON(&out)
	return out.Bytes(), err
}

// WriteJSON writes that object one problem at a time, each on its own line: a report can be longer than its bundle.
func (r *Report) WriteJSON(w io.Writer) error {
	tables := make(map[string]Count, len(r.Tables))
	for _, t := range r.Tables {
		tables[t.Name] = t.Count
	}
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if _, err := out.WriteString("{\"tables\": "); err != nil {
		return err
	}
	if err := e.Encode(tables); err != nil {
		return err
	}
	separator := ",\"problems\": [\n"
	err := r.Each(func(p bundle.Problem) error {
		if _, err := out.WriteString(separator); err != nil {
			return err
		}
		separator = ","
		return e.Encode(&p)
	})
	if err != nil {
		return err
	}
	if r.Noted() == 0 {
		if _, err := out.WriteString(separator); err != nil {
			return err
		}
	}
	end, err := json.Marshal(struct {
		Snapshot string `json:"snapshot"`
		DryRun   bool   `json:"dryRun,omitempty"`
		Failed   string `json:"failed,omitempty"`
	}{r.Snapshot, r.DryRun, r.Failed})
	if err != nil {
		return err
	}
	if _, err := out.WriteString("]," + string(end[1:]) + "\n"); err != nil {
		return err
	}
	return out.Flush()
}

// Rejected is the number of rows that did not land.
func (r *Report) Rejected() int64 {
	var n int64
	for _, t := range r.Tables {
		n += t.Rejected
	}
	return n
}

// journal gathers what an import finds: counts, problems, and which rows were rejected.
type journal struct {
	counts   map[*bundle.Table]*Count
	hide     func(string) string
	problems *problems
	rejected map[*bundle.Table]map[string]*bundle.Lines // by table and file
	files    []string
	sources  map[string]int16
}

func newJournal(hide func(string) string) *journal {
	j := &journal{hide: hide, counts: map[*bundle.Table]*Count{}, problems: newProblems(), rejected: map[*bundle.Table]map[string]*bundle.Lines{}, sources: map[string]int16{}}
	for _, t := range bundle.Tables {
		j.counts[t] = &Count{}
	}
	return j
}

func (j *journal) count(t *bundle.Table) *Count { return j.counts[t] }

// source numbers the bundle's files, so that a staged row names its file in two bytes.
func (j *journal) source(file string) int16 {
	n, ok := j.sources[file]
	if !ok {
		n = int16(len(j.files))
		j.files = append(j.files, file)
		j.sources[file] = n
	}
	return n
}

// add takes a problem of a table (nil: of the bundle). A row is rejected once, however many problems name it.
func (j *journal) add(t *bundle.Table, p bundle.Problem) {
	if t != nil {
		p.Table = t.Name
	}
	p.Value, p.Message = j.hide(p.Value), j.hide(p.Message)
	j.problems.add(p)
	if p.Kept || t == nil {
		return
	}
	files := j.rejected[t]
	if files == nil {
		files = map[string]*bundle.Lines{}
		j.rejected[t] = files
	}
	lines := files[p.File]
	if lines == nil {
		lines = new(bundle.Lines)
		files[p.File] = lines
	}
	if lines.Add(p.Line) {
		j.counts[t].Rejected++
	}
}

// report tells what was gathered.
func (j *journal) report() (*Report, error) {
	r := &Report{all: j.problems}
	for _, t := range bundle.Tables {
		r.Tables = append(r.Tables, TableCount{t.Name, *j.counts[t]})
	}
	var err error
	r.Problems, err = j.problems.first(problemsHeld)
	return r, err
}
