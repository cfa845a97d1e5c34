// Package validator lets clients keep what they were answered and ask whether it is still right (RFC 9110, 13), for every
// edge in the same way.
package validator

import (
	"net/http"
	"strings"

	"vunglom/access"
)

// Set says what an answer is, and who may keep it: nobody but the client where somebody vouches for it, anybody between
// otherwise. Any import may change any answer, so whoever keeps one asks before using it again.
func Set(header http.Header, caller access.Caller, tag string) {
	header.Set("ETag", tag)
	who := "public"
	if caller.SignedIn() {
		who = "private"
	}
	header.Set("Cache-Control", who+", no-cache")
	header.Add("Vary", "Authorization")
}

// Holds tells whether a client has what a tag names already.
func Holds(r *http.Request, tag string) bool {
	for _, list := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(list, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
