// Package lgsp is the REST edge for other agencies' systems, which come through the province's integration platform (LGSP): a
// thin face over the questions of package db that GraphQL asks too. What there is to ask, openapi.yaml says; tests drive the
// server from it, so that neither goes without the other.
package lgsp

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"vunglom/accept"
	"vunglom/access"
	"vunglom/argument"
	"vunglom/db"
	"vunglom/quota"
	"vunglom/validator"
)

// Root is where everything lies.
const Root = "/lgsp/v1/"

// Options are what the handler is made of.
type Options struct {
	DB       *db.DB
	Settings Settings
	Now      func() time.Time // the clock
	Clients  *quota.Clients   // who ask, and their shares; nil: nobody is counted
	Page     int              // the most items of a page

	// Judge says what an error of a question is for the one who asks: a status, a code of the API and a sentence. It sets the
	// headers that go with the status.
	Judge func(w http.ResponseWriter, r *http.Request, err error) (status int, code, message string)
}

type handler struct{ Options }

// New returns the handler of everything under Root. The context of a request says who asks (package access).
func New(options Options) http.Handler { return &handler{options} }

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, Root)
	if name == documentName {
		h.serveDocument(w, r)
		return
	}
	i := slices.IndexFunc(resources, func(s resource) bool { return s.name == name })
	if i < 0 {
		WriteProblem(w, http.StatusNotFound, string(db.CodeNotFound), fmt.Sprintf("không có %[1]s; có: %[2]s / there is no %[1]s; there are: %[2]s", r.URL.Path, strings.Join(paths(), ", ")))
		return
	}
	if takes(w, r, mediaJSON) {
		h.answer(w, r, &resources[i])
	}
}

// The media types of answers.
const (
	mediaJSON    = "application/json"
	mediaProblem = "application/problem+json"
)

// takes refuses other methods than GET and HEAD, and clients that don't take what there is.
func takes(w http.ResponseWriter, r *http.Request, media string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		WriteProblem(w, http.StatusMethodNotAllowed, string(db.CodeBadInput), "hãy dùng GET hoặc HEAD / use GET or HEAD")
		return false
	}
	ranges := strings.Join(r.Header.Values("Accept"), ",")
	if q, _ := accept.Quality(ranges, media); strings.TrimSpace(ranges) != "" && q == 0 {
		WriteProblem(w, http.StatusNotAcceptable, string(db.CodeBadInput), fmt.Sprintf("câu trả lời là %[1]s: hãy nhận kiểu ấy / the answer is %[1]s: accept that", media))
		return false
	}
	return true
}

// entryCost is what a question costs besides its items, as an entry point of GraphQL does.
const entryCost = 50

func (h *handler) answer(w http.ResponseWriter, r *http.Request, s *resource) {
	client := h.Clients.Of(r)
	leave, err := client.Enter()
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	defer leave()
	values, err := argument.Parse(r.URL.RawQuery)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	arguments := argument.New(values, db.Today(h.Now()))
	q := s.read(arguments)
	if err = arguments.Finish(); err == nil && q.page.First > h.Page {
		err = &db.Error{Code: db.CodeTooCostly, Message: fmt.Sprintf("first nhiều nhất là %[1]d / first is %[1]d at most", h.Page)}
	}
	if err == nil {
		err = client.Spend(entryCost + q.page.First*s.weight)
	}
	var a *answer
	if err == nil {
		a, err = h.ask(r, s, &q)
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	h.send(w, r, a)
}

// answer is what is sent: a part of a list, of whom and for whom.
type answer struct {
	Sender     *string `json:"sender"`
	Receiver   *string `json:"receiver"`
	Snapshot   string  `json:"snapshot"`
	AsOf       *string `json:"asOf"`
	Items      any     `json:"items"`
	TotalCount *int    `json:"totalCount"`
	Next       *string `json:"next"`
	More       *bool   `json:"more,omitempty"`
}

// ask answers a question out of one state of the data.
func (h *handler) ask(r *http.Request, s *resource, q *question) (*answer, error) {
	ctx := r.Context()
	a := &answer{Sender: optional(h.Settings.Agency), Receiver: optional(h.Settings.agencyOf(access.From(ctx)))}
	if !q.day.IsZero() {
		a.AsOf = optionalDate(&q.day)
	}
	return a, h.DB.Hold(ctx, func(held *db.DB) (err error) {
		if err = held.CheckAbout(ctx, s.right, Root+s.name, q.within, q.where()); err != nil {
			return err
		}
		if a.Snapshot, err = held.Snapshot(ctx); err != nil {
			return err
		}
		found, err := q.ask(ctx, held)
		if err != nil {
			return err
		}
		a.Items, a.TotalCount, a.Next, a.More = found.items, found.total, found.next, found.more
		return nil
	})
}

// send sends an answer, or says that the client has it.
func (h *handler) send(w http.ResponseWriter, r *http.Request, a *answer) {
	body, err := json.Marshal(a)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	h.sendKept(w, r, mediaJSON, append(body, '\n'))
}

// sendKept sends what a client may keep. The tag is weak: it may be compressed or not.
func (h *handler) sendKept(w http.ResponseWriter, r *http.Request, media string, body []byte) {
	sum := sha256.Sum256(body)
	tag := fmt.Sprintf(`W/"%x"`, sum[:12])
	validator.Set(w.Header(), access.From(r.Context()), tag)
	if validator.Holds(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone
	}
}

func (h *handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, code, message := h.Judge(w, r, err)
	WriteProblem(w, status, code, message)
}

// problem is an error as RFC 9457 has it. Its type is about:blank: what it means is the status, and the API's code.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

// WriteProblem answers a question that is not answered: with a code of the API, and a sentence that says what to change.
func WriteProblem(w http.ResponseWriter, status int, code, message string) {
	header := w.Header()
	for _, name := range []string{"ETag", "Content-Length"} {
		header.Del(name)
	}
	header.Set("Content-Type", mediaProblem)
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problem{"about:blank", http.StatusText(status), status, message, code}) // the client may be gone
}

// optional is nil for "".
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func date(day time.Time) string { return day.Format(time.DateOnly) }

func optionalDate(day *time.Time) *string {
	if day == nil {
		return nil
	}
	text := date(*day)
	return &text
}
