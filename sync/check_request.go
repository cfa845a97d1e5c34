package sync

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"vunglom/outbound"
)

// checkAddress wants https, or http to the own machine, where nobody listens in.
func (s *Settings) checkAddress(place at, address string) error {
	shown, ok := outbound.Address(address)
	if ok {
		return nil
	}
	return s.wrong(place, shown, "phải là địa chỉ https:// (http:// chỉ cho máy này), không có tên, mật khẩu hay ?…; tham số ghi ở query", "must be an https:// address (http:// for this machine only) without a name, a password or ?…; parameters stand in query")
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
	if source.Session != nil && source.Success == nil {
		source.Success = sessionSuccess()
	}
	return first(
		func() error { return s.checkAddress(place.to("url"), source.URL) },
		func() error { return s.checkHeaders(place.to("headers"), source.Headers) },
		func() error { return s.checkTexts(place.to("headers"), source.Headers) },
		func() error { return s.checkBody(place.to("body"), source.Body) },
		func() error { return s.checkQuery(place.to("query"), source.Query) },
		func() error { return s.checkToken(place.to("token"), source.Token) },
		func() error { return s.checkAccessKey(place.to("accessKey"), source.AccessKey) },
		func() error { return s.checkSession(place.to("session"), source.Session) },
		func() error {
			if source.Schedule == "" {
				return nil
			}
			times, err := cron.ParseStandard(source.Schedule)
			if err == nil && times.Next(time.Now()).IsZero() {
				return s.wrong(place.to("schedule"), source.Schedule, "không bao giờ đến; hãy ghi một ngày có thật", "never comes; write a day that exists")
			}
			if err != nil || strings.Contains(source.Schedule, "TZ=") {
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

// secretName is how secrets are called, wherever they stand.
var secretName = regexp.MustCompile(`(?i)authori[sz]ation|cookie|credential|token|secret|passw|passphrase|passcode|pwd|mat_?khau|key`)

func namesSecret(name string) bool {
	return secretName.MatchString(strings.ReplaceAll(strings.ToLower(name), "keyword", ""))
}

// told refuses a value that is a secret by its name and stands in the settings.
func (s *Settings) told(place at, name string) error {
	if !namesSecret(name) {
		return nil
	}
	return s.wrong(place.to(name), "•••", "theo tên là bí mật, không ghi thẳng vào tệp; hãy ghi {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN}", "is a secret by its name, and is not written here; write {env: VARIABLE} or {file: PATH}")
}

func (s *Settings) checkTexts(place at, texts map[string]Text) error {
	for _, name := range sortedKeys(texts) {
		if texts[name].plain == "" {
			continue
		}
		if err := s.told(place, name); err != nil {
			return err
		}
	}
	return nil
}

// checkBody looks at the values of a body, however deep.
func (s *Settings) checkBody(place at, items map[string]Item) error {
	for _, name := range sortedKeys(items) {
		item := items[name]
		if text, is := item.plain.(string); item.plain != nil && (!is || text != "") {
			if err := s.told(place, name); err != nil {
				return err
			}
		}
		if err := s.checkBody(place.to(name), item.fields); err != nil {
			return err
		}
		for i, inner := range item.list {
			if err := s.checkBody(place.to(name), map[string]Item{name: {plain: inner.plain}}); err != nil {
				return err
			}
			if err := s.checkBody(place.to(name, i), inner.fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkQuery refuses secrets in an address.
func (s *Settings) checkQuery(place at, query map[string]string) error {
	for _, name := range sortedKeys(query) {
		if namesSecret(name) {
			return s.wrong(place.to(name), "•••", "theo tên là bí mật, mà địa chỉ thì máy chủ ghi nhật ký; hãy gửi trong headers hoặc body, {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN}", "is a secret by its name, and servers log addresses; send it in headers or body, as {env: VARIABLE} or {file: PATH}")
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
	if t.Secret == (outbound.Secret{}) {
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
	if k.AccessKey == (outbound.Secret{}) || k.SecretKey == (outbound.Secret{}) {
		return s.wrong(place, "", "cần accessKey và secretKey, mỗi cái {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN}", "needs accessKey and secretKey, each {env: VARIABLE} or {file: PATH}")
	}
	return s.checkHeaders(place, map[string]Text{k.Header: {}})
}

// sessionSuccess is how gateways with sessions say that a request succeeded, where the settings do not say how.
func sessionSuccess() *Success {
	return &Success{Field: "error_code", Values: []string{"0"}, Message: "error_message"}
}

func (s *Settings) checkSession(place at, l *Session) error {
	if l == nil {
		return nil
	}
	if l.Field == "" {
		l.Field = "session"
	}
	if l.Success == nil {
		l.Success = sessionSuccess()
	}
	return first(
		func() error { return s.checkAddress(place.to("url"), l.URL) },
		func() error { return s.checkHeaders(place.to("headers"), l.Headers) },
		func() error { return s.checkTexts(place.to("headers"), l.Headers) },
		func() error { return s.checkTexts(place.to("body"), l.Body) },
		func() error { return s.checkQuery(place.to("query"), l.Query) },
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
