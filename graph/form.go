package graph

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vunglom/db"
	"vunglom/graph/scalar"
)

// mediaForm is the media type of a request with a file: https://github.com/jaydenseric/graphql-multipart-request-spec
const mediaForm = "multipart/form-data"

// preflights are the headers of which a request with a file has one. Any page may have a browser send a form to anywhere; one with such a
// header it sends only where the server has said beforehand that the page may, and this one never does.
var preflights = []string{"GraphQL-Preflight", "Apollo-Require-Preflight"}

// form is a request with a file, which is read as it comes: the operation first, so that it may be refused before the file is received.
type form struct {
	parts *multipart.Reader
	name  string // of the file's part

	variable string // that the file belongs to
	into     *scalar.Received
}

// The refusals of a form.
var (
	refusedForm = &refusal{http.StatusBadRequest, `yêu cầu multipart phải có các phần theo thứ tự: operations (đối tượng JSON, biến của tệp là null), map ({"0": ["variables.upload"]}), rồi một tệp tên "0"` +
		` / a multipart request has these parts, in this order: operations (a JSON object in which the file's variable is null), map ({"0": ["variables.upload"]}), then one file named "0"`}
	refusedPreflight = &refusal{http.StatusForbidden, "gửi tệp cần đầu đề GraphQL-Preflight: 1, để không trang web nào khác gửi thay được / sending a file needs the header GraphQL-Preflight: 1, so that no other page can do it"}
	tooLarge         = &refusal{http.StatusRequestEntityTooLarge, "yêu cầu quá lớn: hãy gửi ít hơn / the request is too large: send less"}
	unreadable       = &refusal{http.StatusBadRequest, "không đọc được yêu cầu / the request could not be read"}
	noRoom           = &refusal{http.StatusInsufficientStorage, "máy chủ không ghi được tệp: hãy báo người quản trị / the server could not write the file: tell its administrator"}
)

// openForm reads a request with a file up to the file.
func (h *Handler) openForm(w http.ResponseWriter, r *http.Request, boundary string) (*graphql.RawParams, *form, *refusal) {
	if preflights := r.Header.Get(preflights[0]) + r.Header.Get(preflights[1]); preflights == "" {
		return nil, nil, refusedPreflight
	}
	if r.ContentLength > h.limits.Upload {
		return nil, nil, tooLarge
	}
	body := &coming{from: http.MaxBytesReader(w, r.Body, h.limits.Upload), control: http.NewResponseController(w), stall: h.stall}
	return readForm(body, boundary, h.limits.BodyBytes)
}

// coming is a body that may take long, as long as it goes on.
type coming struct {
	from    io.Reader
	control *http.ResponseController
	stall   time.Duration
}

func (c *coming) Read(p []byte) (int, error) {
	_ = c.control.SetReadDeadline(time.Now().Add(c.stall)) // where it can't be moved, the server's own stands
	return c.from.Read(p)
}

// readForm reads the operation and where its file belongs; most is how many bytes each may have.
func readForm(body io.Reader, boundary string, most int64) (*graphql.RawParams, *form, *refusal) {
	f := &form{parts: multipart.NewReader(body, boundary)}
	operations, refused := f.text("operations", most)
	if refused != nil {
		return nil, nil, refused
	}
	params, refused := parseBody(operations)
	if refused != nil {
		return nil, nil, refused
	}
	belongs, refused := f.text("map", most)
	if refused != nil {
		return nil, nil, refused
	}
	var places map[string][]string
	if err := readJSON(belongs, &places); err != nil || len(places) != 1 {
		return nil, nil, refusedForm
	}
	for name, paths := range places {
		variable, is := "", false
		if len(paths) == 1 {
			variable, is = strings.CutPrefix(paths[0], "variables.")
		}
		value, given := params.Variables[variable]
		if !is || !given || value != nil {
			return nil, nil, refusedForm
		}
		f.name, f.variable, f.into = name, variable, &scalar.Received{}
		params.Variables[variable] = scalar.Upload{Received: f.into}
	}
	return params, f, nil
}

// text reads a part of the form that is JSON.
func (f *form) text(name string, most int64) ([]byte, *refusal) {
	part, refused := f.next(name)
	if refused != nil {
		return nil, refused
	}
	text, err := io.ReadAll(io.LimitReader(part, most+1))
	switch {
	case err != nil:
		return nil, refusedFor(err)
	case int64(len(text)) > most:
		return nil, tooLarge
	}
	return text, nil
}

func (f *form) next(name string) (*multipart.Part, *refusal) {
	part, err := f.parts.NextPart()
	switch {
	case errors.Is(err, io.EOF):
		return nil, refusedForm
	case err != nil:
		return nil, refusedFor(err)
	case part.FormName() != name:
		return nil, refusedForm
	}
	return part, nil
}

// refusedFor is the refusal of a body that could not be read.
func refusedFor(err error) *refusal {
	if most := new(http.MaxBytesError); errors.As(err, &most) {
		return tooLarge
	}
	return unreadable
}

// onDisk tells an error of the disk from one of the client.
type onDisk struct {
	to  io.Writer
	err error
}

func (w *onDisk) Write(p []byte) (n int, err error) {
	n, w.err = w.to.Write(p)
	return n, w.err
}

// receive writes the file to the disk; it is the last part.
func (f *form) receive(to io.Writer) *refusal {
	part, refused := f.next(f.name)
	if refused != nil {
		return refused
	}
	file := &onDisk{to: to}
	if _, err := io.Copy(file, part); file.err != nil {
		return noRoom
	} else if err != nil {
		return refusedFor(err)
	}
	if _, err := f.parts.NextPart(); err == nil {
		return refusedForm
	} else if !errors.Is(err, io.EOF) {
		return refusedFor(err)
	}
	return nil
}

// receiveFile has the file of a form on the disk before its operation runs, in what is to be closed once that has. From here on the
// request has the time of any other.
func (h *Handler) receiveFile(w http.ResponseWriter, f *form) (*db.Upload, *refusal) {
	upload, err := h.room()
	var full *db.Error
	switch {
	case errors.As(err, &full):
		w.Header().Set("Retry-After", "30")
		return nil, &refusal{http.StatusServiceUnavailable, full.Message}
	case err != nil:
		h.log.Error("no room for an upload", "error", err)
		return nil, noRoom
	}
	if refused := f.receive(upload); refused != nil {
		upload.Close()
		return nil, refused
	}
	f.into.File = upload
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Now().Add(h.limits.Timeout + time.Minute))
	return upload, nil
}
