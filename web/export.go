package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/argument"
	"vunglom/db"
	"vunglom/export"
	"vunglom/table"
	"vunglom/validator"
)

// Files take a connection to the database for as long as they take, so only so many are made at once; who comes then
// waits for a while. A client that takes nothing for Options.Stall is dropped.
const (
	exportsAtOnce = 2
	exportWait    = 20 * time.Second
)

// exports serves /export/NAME.FORMAT: the files of the room export.
type exports struct {
	db      *db.DB
	log     *slog.Logger
	version string // of the program: another one may write other columns
	now     func() time.Time
	limit   time.Duration // how long nothing may come
	stall   time.Duration
	turns   chan struct{}
}

func newExports(o Options) *exports {
	return &exports{db: o.DB, log: o.Log, version: o.Version, now: o.Now, limit: o.Timeout, stall: o.Stall, turns: make(chan struct{}, exportsAtOnce)}
}

func (h *exports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, format, _ := strings.Cut(r.PathValue("file"), ".")
	values, err := argument.Parse(r.URL.RawQuery)
	if err != nil {
		refuse(w, r, h.log, err)
		return
	}
	f, err := export.Read(name, table.Format(format), values, db.Today(h.now()))
	if err != nil {
		refuse(w, r, h.log, err)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	hangs := time.AfterFunc(h.limit, cancel)
	defer hangs.Stop()
	goesOn := func() { hangs.Reset(h.limit + h.stall) } // the client may take as long in between
	if err := h.check(ctx, values, name); err != nil {
		refuse(w, r, h.log, err)
		return
	}
	persons, err := f.Persons(ctx, h.db)
	if err != nil {
		refuse(w, r, h.log, err)
		return
	}
	snapshot, err := h.db.Snapshot(ctx)
	if err != nil {
		refuse(w, r, h.log, err)
		return
	}
	caller := access.From(ctx)
	if tag := h.tag(ctx, f, snapshot); persons == nil && validator.Holds(r, tag) { // rows of persons are read anew, and logged, whoever has them already
		validator.Set(w.Header(), caller, tag)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if err := h.turn(ctx); err != nil {
		refuse(w, r, h.log, err)
		return
	}
	defer func() { <-h.turns }()
	goesOn()
	body := &patient{w: w, control: http.NewResponseController(w), stall: h.stall, goesOn: goesOn}
	f.Step = func(int) { goesOn() }
	err = f.Write(ctx, h.db, func(about *table.About) (io.Writer, error) {
		header := w.Header()
		validator.Set(header, caller, h.tag(ctx, f, about.Snapshot))
		header.Set("Content-Type", f.Format.MediaType())
		header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, f.FileName(about)))
		header.Set("X-Snapshot", about.Snapshot)
		header.Set("X-As-Of", about.AsOf.Format(time.DateOnly))
		if f.Format.Packed() {
			header.Set("No-Gzip-Compression", "") // for compressed, which takes it out
		}
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusOK)
			return nil, nil
		}
		return body, nil
	})
	switch {
	case err == nil:
	case body.begun || gone(r.Context(), err):
		h.log.WarnContext(r.Context(), "an export broke off", "request", RequestID(r.Context()), "file", f.Name, "error", err)
		panic(http.ErrAbortHandler) // the connection is cut: what the client has must not look whole
	default:
		refuse(w, r, h.log, err)
	}
}

// exportRights are what each file needs. Without one it is refused.
var exportRights = map[string]access.Right{
	"coverage":  access.Decisions,
	"gaps":      access.Decisions,
	"gap-areas": access.Decisions,
	"plan":      access.Decisions,
	"quality":   access.Decisions, // and persons; see check
	"addresses": access.Persons,
}

// check refuses a file to whoever may not have what it holds.
func (h *exports) check(ctx context.Context, values url.Values, name string) error {
	a := argument.New(values, db.Today(h.now()))
	within, day := a.Ref("within"), a.Boundaries()
	if day.IsZero() {
		day = a.Day("asOf")
	}
	rights := []access.Right{exportRights[name]}
	kinds := a.Choices("kinds", db.QualityKinds()...)
	if name == "quality" && (len(kinds) == 0 || slices.ContainsFunc(kinds, db.QualityOfPersons)) { // it lists the cases
		rights = append(rights, access.Persons)
	}
	for _, right := range rights {
		if err := h.db.CheckAbout(ctx, right, "/export/"+name, within, day); err != nil {
			return err
		}
	}
	return nil
}

// turn waits until a file may be made.
func (h *exports) turn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, exportWait)
	defer cancel()
	select {
	case h.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.DeadlineExceeded
	}
}

// tag is the file's entity tag: of the state of the data, of what is asked, and of where the caller may see rows of persons, because
// small gap areas are for who may. It is weak: the same rows may be compressed or not, and a workbook's parts come in any order.
func (h *exports) tag(ctx context.Context, f *export.File, snapshot string) string {
	made := h.version
	if cost := h.db.TeamCost; cost != nil {
		made += fmt.Sprintf(" %+v", *cost) // a plan is another under other costs
	}
	sum := sha256.Sum256([]byte(made + "\n" + personsOf(ctx) + "\n" + f.Key(snapshot)))
	return fmt.Sprintf(`W/"%s-%x"`, snapshot, sum[:6])
}

// patient writes an answer for as long as the client takes something of it, past the server's limit for whole answers.
type patient struct {
	w       http.ResponseWriter
	control *http.ResponseController
	stall   time.Duration
	goesOn  func() // is told of each write
	begun   bool
}

func (p *patient) Write(b []byte) (int, error) {
	p.begun = true
	p.goesOn()
	_ = p.control.SetWriteDeadline(time.Now().Add(p.stall)) // where it can't be moved, the server's own stands
	return p.w.Write(b)
}
