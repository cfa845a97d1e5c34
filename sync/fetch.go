package sync

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"vunglom/outbound"
)

// page is one answer that has come whole, and what it said.
type page struct {
	Hash    string `json:"hash"` // SHA-256 of the answer as it came, and the name under which that is kept
	Bytes   int64  `json:"bytes"`
	Records int64  `json:"records"`
	Next    string `json:"next,omitempty"`  // the cursor of the page behind it
	Total   string `json:"total,omitempty"` // how many records there are in all, as it says
}

// fetch asks a source.
type fetch struct {
	settings *Settings
	source   *Source
	client   *http.Client
	body     map[string]any // of each request, before it is added to
	login    *login
	veil     *outbound.Veil
	keep     keep
	now      func() time.Time
	log      *slog.Logger
}

// newFetch reads a source's secrets and authorities.
func newFetch(settings *Settings, source *Source, k keep, v *outbound.Veil, now func() time.Time, log *slog.Logger) (*fetch, error) {
	client, err := newClient(source, settings.Limits)
	if err != nil {
		return nil, err
	}
	l, err := newLogin(source, client, v)
	if err != nil {
		return nil, err
	}
	body, err := itemsOf(v, source.Body)
	if err != nil {
		return nil, err
	}
	return &fetch{settings, source, client, body, l, v, k, now, log}, nil
}

// page asks for the page behind some others, again and again where that may help.
func (f *fetch) page(ctx context.Context, before []page) (page, error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.MaxInterval, waits.Multiplier, waits.RandomizationFactor = f.settings.Retry.first, f.settings.Retry.longest, 2, 0.5
	return backoff.Retry(ctx, func() (page, error) {
		p, err := f.ask(ctx, before)
		var why *failure
		if errors.As(err, &why) && why.kind == runOut && f.login.renews() { // once: what is new and refused is not right
			f.login.forget()
			p, err = f.ask(ctx, before)
		}
		switch {
		case err == nil:
			return p, nil
		case !errors.As(err, &why) || why.kind != again:
			return p, backoff.Permanent(err)
		case why.after > 0:
			until := f.now().Add(why.after)
			if werr := f.keep.leaveAlone(until); werr != nil {
				return p, backoff.Permanent(errors.Join(err, werr))
			}
			if why.after > f.settings.Retry.after {
				return p, backoff.Permanent(errors.Join(err, leftAlone(until, f.keep)))
			}
			return p, errors.Join(err, &backoff.RetryAfterError{Duration: why.after})
		}
		return p, err
	}, backoff.WithBackOff(waits), backoff.WithMaxTries(uint(f.settings.Retry.Attempts)), backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, wait time.Duration) {
			var why *failure
			if errors.As(err, &why) {
				err = why
			}
			f.log.WarnContext(ctx, "sync: asked again later", "source", f.source.Name, "page", len(before)+1, "wait", wait.Round(time.Millisecond), "why", f.veil.Hide(err.Error()))
		}))
}

// ask sends one request and receives its answer.
func (f *fetch) ask(ctx context.Context, before []page) (p page, err error) {
	r, err := f.request(ctx, before)
	if err != nil {
		return p, err
	}
	answer, err := f.client.Do(r)
	if err != nil {
		return p, ofTransport(ctx, err)
	}
	defer answer.Body.Close()
	came, err := f.keep.receive(answer.Body, f.settings.Limits.AnswerBytes)
	if err != nil {
		if errors.Is(err, errTooLong) {
			return p, &failure{err: err}
		}
		return p, ofTransport(ctx, err)
	}
	defer func() {
		if err == nil {
			return
		}
		path, aside := f.keep.setAside(came, f.veil)
		var why *failure
		if errors.As(err, &why) && why.kind == final && came.bytes > 0 {
			why.err = fmt.Errorf("%[1]w; câu trả lời ở %[2]s · the answer is in %[2]s", why.err, path)
		}
		err = errors.Join(err, aside)
	}()
	if answer.StatusCode == http.StatusNoContent {
		if pages := f.source.Pages; pages != nil && pages.Total != "" { // it can't say how many there are; what the others said stands
			p.Total = "0"
			if len(before) > 0 {
				p.Total = before[len(before)-1].Total
			}
		}
		return f.keep.store(came, p)
	}
	e, malformed := f.look(came.path)
	if why := judge(answer, e, malformed, f.source.Success, true); why != nil {
		return p, why
	}
	p = page{Records: e.records}
	if pages := f.source.Pages; pages != nil {
		p.Next, p.Total = e.said[pages.Cursor], e.said[pages.Total]
	}
	return f.keep.store(came, p)
}

// look reads an answer through without taking anything of it.
func (f *fetch) look(path string) (*envelope, error) {
	file, err := os.Open(path)
	if err != nil {
		return &envelope{}, err
	}
	defer file.Close()
	wanted := f.source.Success.paths()
	if p := f.source.Pages; p != nil {
		wanted = append(wanted, p.Cursor, p.Total)
	}
	return readEnvelope(file, f.source.Records, f.settings.Limits.RecordBytes, nil, wanted...)
}

// request makes the request for the page behind some others.
func (f *fetch) request(ctx context.Context, before []page) (*http.Request, error) {
	query, body := values(f.source.Query), maps.Clone(f.body)
	f.turn(query, body, before)
	headers := http.Header{}
	if err := f.login.prove(ctx, headers, body); err != nil {
		return nil, err
	}
	address := f.source.URL
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var r *http.Request
	var err error
	if f.source.Method == http.MethodGet {
		r, err = http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	} else {
		var content []byte
		if content, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
		r, err = http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(content))
		headers.Set("Content-Type", "application/json")
	}
	if err != nil {
		return nil, err
	}
	r.Header = headers
	return r, nil
}

// turn says which page is wanted.
func (f *fetch) turn(query url.Values, body map[string]any, before []page) {
	p := f.source.Pages
	if p == nil {
		return
	}
	set := func(name string, value any) {
		if f.source.Method == http.MethodGet {
			query.Set(name, fmt.Sprint(value))
		} else {
			body[name] = value
		}
	}
	switch p.By {
	case "page":
		set(p.Parameter, *p.First+len(before))
	case "offset":
		set(p.Parameter, recordsOf(before))
	case "cursor":
		if len(before) > 0 {
			set(p.Parameter, before[len(before)-1].Next)
		}
	}
	if p.SizeParameter != "" {
		set(p.SizeParameter, p.Size)
	}
}

func recordsOf(pages []page) (n int64) {
	for _, p := range pages {
		n += p.Records
	}
	return n
}

// errPages is the error of pages that can't be all there is, or come again.
var errPages = errors.New("các trang không khớp · the pages don't add up")

// last tells whether the last of some pages ends them, and refuses pages that come again, or lack something.
func (f *fetch) last(pages []page) (bool, error) {
	at, p := len(pages)-1, f.source.Pages
	if p == nil {
		return true, nil
	}
	end, n := pages[at], recordsOf(pages)
	if same := slices.IndexFunc(pages[:at], func(p page) bool { return p.Hash == end.Hash }); same >= 0 && end.Records > 0 {
		return true, fmt.Errorf("%[1]w: trang %[2]d giống hệt trang %[3]d; nếu nguồn không chia trang, hãy bỏ pages · page %[2]d is page %[3]d again; if the source has no pages, take pages out", errPages, at+1, same+1)
	}
	over := end.Records == 0
	if p.By == "cursor" {
		over = end.Next == ""
		if same := slices.IndexFunc(pages[:at], func(p page) bool { return p.Next == end.Next }); same >= 0 && !over {
			return true, fmt.Errorf("%[1]w: con trỏ của trang %[2]d đã có ở trang %[3]d · the cursor of page %[2]d is that of page %[3]d", errPages, at+1, same+1)
		}
	}
	total, err := strconv.ParseInt(end.Total, 10, 64)
	switch {
	case p.Total != "" && err != nil:
		return true, fmt.Errorf("%w: %[2]s không phải số bản ghi: %[3]q; hãy sửa pages.total · %[2]s is no number of records: %[3]q; mend pages.total", errPages, p.Total, end.Total)
	case p.Total != "" && over && n != total:
		return true, fmt.Errorf("%w: nguồn báo có %[2]d bản ghi, đã gửi %[3]d · the source says that there are %[2]d records, and sent %[3]d", errPages, total, n)
	case p.Total != "" && n > total:
		return true, fmt.Errorf("%w: nguồn báo có %[2]d bản ghi, đã gửi %[3]d · the source says that there are %[2]d records, and sent %[3]d", errPages, total, n)
	case p.Total != "" && p.By != "cursor" && n == total:
		over = true
	}
	return over, nil
}
