package web

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"vunglom/db"
)

// FuzzPurpose says any purpose: it is kept as it was said, or refused with a sentence; nothing is dropped or cut.
func FuzzPurpose(f *testing.F) {
	for _, text := range []string{"", "rà soát", "%E1%BA%A1", "%", "%00", "%FF", " a ", strings.Repeat("a", purposeMost), strings.Repeat("%C3%A0", purposeMost/2+1), "a+b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, said string) {
		got, err := purpose([]string{said})
		plain, unreadable := url.PathUnescape(said)
		keeps := unreadable == nil && len(plain) <= purposeMost && utf8.ValidString(plain) && !strings.ContainsRune(plain, 0)
		var refused *db.Error
		if keeps != (err == nil) || err == nil && got != strings.TrimSpace(plain) || err != nil && (got != "" || !errors.As(err, &refused) || refused.Code != db.CodeBadInput) {
			t.Fatalf("%q is %q, %v", said, got, err)
		}
		if err == nil {
			if again, err := purpose([]string{url.PathEscape(got)}); err != nil || again != got {
				t.Errorf("%q, written as a header, is %q, %v", got, again, err)
			}
		}
		if _, err := purpose([]string{said, said}); err == nil {
			t.Errorf("%q said twice is taken", said)
		}
	})
}
