package sync

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/robfig/cron/v3"

	"vunglom/auth"
	"vunglom/bundle"
)

// The protocols: what a request proves itself with, and how it is sent if nothing else is said.
const (
	wso2      = "wso2"       // a bearer token of client_credentials; GET
	accessKey = "access-key" // a header made of keys, beside a token or without one; POST
	session   = "session"    // a login first; POST
	open      = "open"       // nothing but what headers say; GET
)

var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// at is a place in the settings: names of keys, and numbers of items.
type at []any

func (a at) to(steps ...any) at { return append(slices.Clone(a), steps...) }

// String writes a place as sources[0].columns.code.
func (a at) String() string {
	var s strings.Builder
	for _, step := range a {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&s, "[%d]", step)
		default:
			if s.Len() > 0 {
				s.WriteByte('.')
			}
			fmt.Fprint(&s, step)
		}
	}
	return s.String()
}

// wrong says which key has a value that can't be, where it stands, and what to do.
func (s *Settings) wrong(place at, value any, vi, en string) error {
	return fmt.Errorf("%s:%d: %s: %q: %s · %s", s.file, s.line(place), place, fmt.Sprint(value), vi, en)
}

// line returns the line at which a place, or what it would stand in, begins.
func (s *Settings) line(place at) int {
	line := 1
	var node ast.Node
	if s.tree != nil && len(s.tree.Docs) > 0 {
		node = s.tree.Docs[0].Body
	}
	for _, step := range place {
		var next ast.Node
		switch n := node.(type) {
		case ast.MapNode:
			for values := n.MapRange(); values.Next(); {
				if values.Key().String() == fmt.Sprint(step) {
					next, line = values.Value(), values.Key().GetToken().Position.Line
				}
			}
		case *ast.SequenceNode:
			if i, is := step.(int); is && i < len(n.Values) {
				next, line = n.Values[i], n.Values[i].GetToken().Position.Line
			}
		}
		if next == nil {
			break
		}
		node = next
	}
	return line
}

// span reads a time span, or takes what is the default.
func (s *Settings) span(place at, text string, otherwise, least, most time.Duration, into *time.Duration) error {
	if *into = otherwise; text == "" {
		return nil
	}
	span, err := time.ParseDuration(text)
	if err != nil || span < least || span > most {
		return s.wrong(place, text, fmt.Sprintf("hãy viết như 30s, 5m, 6h; từ %s đến %s", least, most), fmt.Sprintf("write it as 30s, 5m, 6h; %s to %s", least, most))
	}
	*into = span
	return nil
}

// amount takes a number, or what is the default.
func amount[N int | int64](s *Settings, place at, n *N, otherwise, most N) error {
	if *n == 0 {
		*n = otherwise
	}
	if *n < 1 || *n > most {
		return s.wrong(place, *n, fmt.Sprintf("hãy ghi từ 1 đến %d", most), fmt.Sprintf("write 1 to %d", most))
	}
	return nil
}

func first(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) check() error {
	r, l := &s.Retry, &s.Limits
	err := first(
		func() error {
			if s.KeepDays < 0 || s.KeepDays > 3650 {
				return s.wrong(at{"keepDays"}, s.KeepDays, "hãy ghi từ 0 đến 3650 ngày", "write 0 to 3650 days")
			}
			return nil
		},
		func() error {
			return s.span(at{"resumeWithin"}, s.ResumeWithin, 6*time.Hour, 0, 30*24*time.Hour, &s.resume)
		},
		func() error { return amount(s, at{"retry", "attempts"}, &r.Attempts, 6, 100) },
		func() error {
			return s.span(at{"retry", "first"}, r.First, time.Second, time.Millisecond, time.Hour, &r.first)
		},
		func() error {
			return s.span(at{"retry", "longest"}, r.Longest, 5*time.Minute, time.Millisecond, 24*time.Hour, &r.longest)
		},
		func() error {
			return s.span(at{"limits", "time"}, l.Time, 5*time.Minute, time.Millisecond, 24*time.Hour, &l.time)
		},
		func() error { return amount(s, at{"limits", "answerBytes"}, &l.AnswerBytes, 1<<30, 1<<40) },
		func() error { return amount(s, at{"limits", "recordBytes"}, &l.RecordBytes, 1<<20, 8<<20) },
		func() error { return amount(s, at{"limits", "runBytes"}, &l.RunBytes, 4<<30, 1<<42) },
		func() error { return amount(s, at{"limits", "pages"}, &l.Pages, 10_000, 1_000_000) },
	)
	if err != nil {
		return err
	}
	if len(s.Sources) == 0 {
		return s.wrong(at{"sources"}, "", "trống; hãy ghi ít nhất một nguồn", "empty; name at least one source")
	}
	known := map[string]bool{}
	for i, source := range s.Sources {
		place := at{"sources", i}
		if source == nil || !sourceName.MatchString(source.Name) {
			name := ""
			if source != nil {
				name = source.Name
			}
			return s.wrong(place.to("name"), name, `hãy đặt tên bằng chữ thường không dấu, số và "-"`, `name it with small letters, digits and "-"`)
		}
		if known[source.Name] {
			return s.wrong(place.to("name"), source.Name, "đã có ở trên; hãy đặt tên khác", "is there already; name it otherwise")
		}
		known[source.Name] = true
		if err := first(func() error { return s.checkRequest(place, source) }, func() error { return s.checkAnswer(place, source) }, func() error { return s.checkTable(place, source) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) names() string {
	var names []string
	for _, source := range s.Sources {
		names = append(names, source.Name)
	}
	return strings.Join(names, ", ")
}

// checkAddress wants https, or http to the own machine, where nobody listens in.
func (s *Settings) checkAddress(place at, address string) error {
	u, err := url.Parse(address)
	if err == nil && u.Host != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil &&
		(u.Scheme == "https" || u.Scheme == "http" && auth.Loopback(u.Hostname())) {
		return nil
	}
	if err == nil { // an address may have a secret in it, where it does not belong
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		address = u.String()
	} else {
		address = ""
	}
	return s.wrong(place, address, "phải là địa chỉ https:// (http:// chỉ cho máy này), không có tên, mật khẩu hay ?…; tham số ghi ở query", "must be an https:// address (http:// for this machine only) without a name, a password or ?…; parameters stand in query")
}

func (s *Settings) checkRequest(place at, source *Source) error {
	needs := func(key string, there bool) error {
		if !there {
			return s.wrong(place.to(key), "", "thiếu, mà protocol "+source.Protocol+" cần", "is missing, and protocol "+source.Protocol+" needs it")
		}
		return nil
	}
	none := func(key string, there bool) error {
		if there {
			return s.wrong(place.to(key), "…", "protocol "+source.Protocol+" không dùng; hãy bỏ", "protocol "+source.Protocol+" does not use it; take it out")
		}
		return nil
	}
	method := "GET"
	var err error
	switch source.Protocol {
	case wso2:
		err = first(func() error { return needs("token", source.Token != nil) }, func() error { return none("accessKey", source.AccessKey != nil) }, func() error { return none("session", source.Session != nil) })
	case accessKey:
		method = "POST"
		err = first(func() error { return needs("accessKey", source.AccessKey != nil) }, func() error { return none("session", source.Session != nil) })
	case session:
		method = "POST"
		err = first(func() error { return needs("session", source.Session != nil) }, func() error { return none("accessKey", source.AccessKey != nil) }, func() error { return none("token", source.Token != nil) })
	case open:
		err = first(func() error { return none("token", source.Token != nil) }, func() error { return none("accessKey", source.AccessKey != nil) }, func() error { return none("session", source.Session != nil) })
	default:
		err = s.wrong(place.to("protocol"), source.Protocol, "một trong: wso2, access-key, session, open", "one of: wso2, access-key, session, open")
	}
	if err != nil {
		return err
	}
	if source.Method == "" {
		source.Method = method
	}
	if source.Method != "GET" && source.Method != "POST" || source.Method == "GET" && source.Session != nil {
		return s.wrong(place.to("method"), source.Method, "GET hoặc POST; protocol session chỉ POST", "GET or POST; protocol session is POST alone")
	}
	if source.Method == "GET" && source.Body != nil {
		return s.wrong(place.to("body"), "…", "GET không có thân; hãy dùng query, hoặc method: POST", "a GET has no body; use query, or method: POST")
	}
	return first(
		func() error { return s.checkAddress(place.to("url"), source.URL) },
		func() error { return s.checkHeaders(place.to("headers"), source.Headers) },
		func() error { return s.checkToken(place.to("token"), source.Token) },
		func() error { return s.checkAccessKey(place.to("accessKey"), source.AccessKey) },
		func() error { return s.checkSession(place.to("session"), source.Session) },
		func() error {
			if source.Schedule == "" {
				return nil
			}
			if _, err := cron.ParseStandard(source.Schedule); err != nil || strings.Contains(source.Schedule, "TZ=") {
				return s.wrong(place.to("schedule"), source.Schedule, `hãy viết như "30 2 * * *" (02:30 mỗi ngày, giờ Việt Nam) hoặc "@every 6h"`, `write it as "30 2 * * *" (02:30 every day, Vietnam's time) or "@every 6h"`)
			}
			return nil
		},
	)
}

var headerName = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~-]+$`)

func (s *Settings) checkHeaders(place at, headers map[string]Text) error {
	for name, text := range headers {
		if !headerName.MatchString(name) || slices.Contains([]string{"host", "content-length", "transfer-encoding", "connection"}, strings.ToLower(name)) || strings.ContainsAny(text.plain, "\r\n\x00") {
			return s.wrong(place.to(name), "", "không phải tiêu đề HTTP gửi được; hãy sửa tên, viết giá trị trên một dòng", "is no header that can be sent; mend its name, write its value on one line")
		}
	}
	return nil
}

func (s *Settings) checkToken(place at, t *Token) error {
	if t == nil {
		return nil
	}
	if t.ID.empty() {
		return s.wrong(place.to("id"), "", "hãy ghi mã ứng dụng (consumer key)", "name the client id (consumer key)")
	}
	if t.Secret == (Secret{}) {
		return s.wrong(place.to("secret"), "", "hãy ghi {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN}", "write {env: VARIABLE} or {file: PATH}")
	}
	if t.In == "" {
		t.In = "basic"
	}
	if t.In != "basic" && t.In != "body" {
		return s.wrong(place.to("in"), t.In, "basic hoặc body", "basic or body")
	}
	return s.checkAddress(place.to("url"), t.URL)
}

func (s *Settings) checkAccessKey(place at, k *AccessKey) error {
	if k == nil {
		return nil
	}
	if k.Header == "" {
		k.Header = "lgspaccesstoken"
	}
	if k.AccessKey == (Secret{}) || k.SecretKey == (Secret{}) {
		return s.wrong(place, "", "cần accessKey và secretKey, mỗi cái {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN}", "needs accessKey and secretKey, each {env: VARIABLE} or {file: PATH}")
	}
	return s.checkHeaders(place, map[string]Text{k.Header: {}})
}

func (s *Settings) checkSession(place at, l *Session) error {
	if l == nil {
		return nil
	}
	if l.Field == "" {
		l.Field = "session"
	}
	return first(
		func() error { return s.checkAddress(place.to("url"), l.URL) },
		func() error { return s.checkHeaders(place.to("headers"), l.Headers) },
		func() error { return s.checkSuccess(place.to("success"), l.Success) },
	)
}

func (s *Settings) checkSuccess(place at, success *Success) error {
	if success == nil {
		return nil
	}
	if success.Field == "" {
		return s.wrong(place.to("field"), "", "hãy ghi trường cho biết thành công, như error_code", "name the field that tells of success, such as error_code")
	}
	if len(success.Values) == 0 {
		return s.wrong(place.to("values"), "", `hãy ghi các giá trị nghĩa là thành công, như ["0"]`, `list the values that mean success, such as ["0"]`)
	}
	return nil
}

func (s *Settings) checkAnswer(place at, source *Source) error {
	if err := s.checkSuccess(place.to("success"), source.Success); err != nil || source.Pages == nil {
		return err
	}
	p := source.Pages
	place = place.to("pages")
	if !slices.Contains([]string{"page", "offset", "cursor"}, p.By) {
		return s.wrong(place.to("by"), p.By, "một trong: page, offset, cursor", "one of: page, offset, cursor")
	}
	if p.Parameter == "" {
		return s.wrong(place.to("parameter"), "", "hãy ghi tên tham số của trang", "name the parameter of the page")
	}
	if (p.By == "cursor") != (p.Cursor != "") {
		return s.wrong(place.to("cursor"), p.Cursor, "đi cùng by: cursor: đường dẫn tới con trỏ trang sau trong câu trả lời", "goes with by: cursor: the path of the next page's cursor in an answer")
	}
	if p.First == 0 {
		p.First = 1
	}
	return amount(s, place.to("size"), &p.Size, 1000, 1_000_000)
}

func (s *Settings) checkTable(place at, source *Source) error {
	table := bundle.TableNamed(source.Table)
	if table == nil {
		var names []string
		for _, t := range bundle.Tables {
			names = append(names, t.Name)
		}
		return s.wrong(place.to("table"), source.Table, "một trong: "+strings.Join(names, ", "), "one of: "+strings.Join(names, ", "))
	}
	for _, name := range sortedKeys(source.Columns) {
		if err := s.checkColumn(place.to("columns", name), table, name, source.Columns[name]); err != nil {
			return err
		}
	}
	for _, c := range table.Columns {
		if c.Required && source.Columns[c.Name] == nil {
			return s.wrong(place.to("columns", c.Name), "", "bảng "+table.Name+" cần cột này; hãy ghi trường hoặc constant", "the table "+table.Name+" needs this column; name a field or a constant")
		}
	}
	if scope := source.Scope; scope != nil && (scope.Field == "" || len(scope.Codes) == 0) {
		return s.wrong(place.to("scope"), "", "cần field (trường có mã đơn vị) và codes (các mã được phép)", "needs field (that has the unit's code) and codes (that are allowed)")
	}
	return s.checkMeta(place.to("bundle"), source)
}

func (s *Settings) checkColumn(place at, table *bundle.Table, name string, c *Column) error {
	i := table.Index(name)
	if i < 0 {
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		return s.wrong(place, name, "bảng "+table.Name+" không có cột này; các cột: "+strings.Join(names, ", "), "the table "+table.Name+" has no such column; its columns: "+strings.Join(names, ", "))
	}
	if c == nil || (c.Field == "") == (c.Constant == nil) {
		return s.wrong(place, "", "hãy ghi hoặc field, hoặc constant", "write either field or constant")
	}
	kind := table.Columns[i].Type
	ways := 0
	for _, way := range []bool{c.Constant != nil, len(c.Date) > 0, c.Number != "", c.Codes != nil} {
		if way {
			ways++
		}
	}
	switch {
	case ways > 1:
		return s.wrong(place, "", "constant, date, number, codes: chỉ dùng một", "constant, date, number, codes: use one of them")
	case len(c.Date) > 0 && kind != bundle.Date:
		return s.wrong(place.to("date"), strings.Join(c.Date, ", "), name+" không phải ngày", name+" is no date")
	case c.Number != "" && kind != bundle.Number && kind != bundle.Integer:
		return s.wrong(place.to("number"), c.Number, name+" không phải số", name+" is no number")
	case c.Number != "" && c.Number != "local":
		return s.wrong(place.to("number"), c.Number, "hãy ghi local, hoặc bỏ đi", "write local, or take it out")
	}
	for _, way := range c.Date {
		if !knownDate(way) {
			return s.wrong(place.to("date"), way, "hãy viết như dd/MM/yyyy, \"yyyy-MM-ddTHH:mm:ss\", hoặc rfc3339, unix, unixMillis", "write it as dd/MM/yyyy, \"yyyy-MM-ddTHH:mm:ss\", or rfc3339, unix, unixMillis")
		}
	}
	return nil
}

func (s *Settings) checkMeta(place at, source *Source) error {
	m := &source.Bundle
	if m.Source == "" {
		m.Source = source.Name
	}
	if m.Province == "" {
		return s.wrong(place.to("province"), "", `hãy ghi mã tỉnh, như "96"`, `write the province's code, such as "96"`)
	}
	if _, err := time.Parse(time.DateOnly, m.AsOf); m.AsOf != "" && err != nil {
		return s.wrong(place.to("asOf"), m.AsOf, "hãy viết như 2025-07-01", "write it as 2025-07-01")
	}
	if m.SRID < 0 || m.SRID > 999999 {
		return s.wrong(place.to("srid"), m.SRID, "hãy ghi số EPSG, như 4326 hoặc 9207", "write the EPSG number, such as 4326 or 9207")
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
