package outbound

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"vunglom/auth"
)

// Address tells whether a secret may be sent to an address: https, or http to the own machine, where nobody listens in; without a name, a
// password, a query or a fragment. Shown is what may be told of it, as one that is wrong may have a secret in it.
func Address(address string) (shown string, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	if u.Host != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && auth.Loopback(u.Hostname())) {
		return address, true
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String(), false
}

// RetryAfter reads the header Retry-After of an answer: seconds, or a date; 0: it says nothing that can be read.
func RetryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(date.Sub(now), 0)
	}
	return 0
}
