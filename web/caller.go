package web

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"vunglom/access"
	"vunglom/auth"
)

// purposeHeader is where a caller says why rows of persons are read; what no header can hold is percent-encoded.
const purposeHeader = "X-Purpose"

// purposeMost is how much of a purpose is kept, in bytes.
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
		caller.Purpose = purpose(r.Header.Get(purposeHeader))
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

func purpose(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	if len(text) > purposeMost || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return ""
	}
	return text
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
