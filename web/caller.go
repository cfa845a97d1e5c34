package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"vunglom/access"
	"vunglom/auth"
	"vunglom/db"
)

// purposeHeader is where a caller says why rows of persons are read; what no header can hold is percent-encoded.
const purposeHeader = "X-Purpose"

// purposeMost is how long a purpose may be, in bytes.
const purposeMost = 500

// known tells what follows who asks. A token that is there and not good is refused, never taken for none.
func known(o Options, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.Loopback && !toLoopback(r.Host) {
			refuse(w, r, o.Log, &access.Refusal{Code: access.Forbidden, Message: "với --auth none chương trình chỉ trả lời tại 127.0.0.1, [::1] hoặc localhost; nếu có máy chủ đứng trước, hãy dùng --auth oidc" +
				" / with --auth none the program answers at 127.0.0.1, [::1] or localhost only; behind another server use --auth oidc"})
			return
		}
		var caller access.Caller
		if o.Callers != nil {
			var err error
			if caller, err = o.Callers.Caller(r.Context(), r.Header.Get("Authorization")); err != nil {
				refuse(w, r, o.Log, err)
				return
			}
		}
		var err error
		if caller.Purpose, err = purpose(r.Header.Values(purposeHeader)); err != nil {
			refuse(w, r, o.Log, err)
			return
		}
		h.ServeHTTP(w, r.WithContext(access.With(r.Context(), caller)))
	})
}

// toLoopback tells whether a request was sent to this machine by its own name. A page of another host whose name suddenly leads
// here sends that name, and so does a server that stands in front.
func toLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return auth.Loopback(host)
}

// purpose reads why rows of persons are read. What the log can't keep is refused: who has said why is not entered as one who has not.
func purpose(said []string) (string, error) {
	if len(said) == 0 {
		return "", nil
	}
	text, err := url.PathUnescape(said[0])
	if err != nil || len(said) > 1 || len(text) > purposeMost || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", &db.Error{Code: db.CodeBadInput, Message: fmt.Sprintf("%[1]s: hãy nói lý do một lần, nhiều nhất %[2]d byte UTF-8, mã hóa kiểu %%20 những gì đầu đề không chứa được"+
			" / say the purpose once, in %[2]d bytes of UTF-8 at most, percent-encoded where a header can't hold it", purposeHeader, purposeMost)}
	}
	return strings.TrimSpace(text), nil
}

// refusedFor is the status of a refusal.
func refusedFor(w http.ResponseWriter, err error) (status int, refused *access.Refusal) {
	if !errors.As(err, &refused) {
		return 0, nil
	}
	switch refused.Code {
	case access.Unauthenticated:
		w.Header().Set("WWW-Authenticate", access.Challenge)
		return http.StatusUnauthorized, refused
	case access.Unanswered:
		w.Header().Set("Retry-After", "5")
		return http.StatusServiceUnavailable, refused
	}
	return http.StatusForbidden, refused
}
