package outbound

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Veil knows the secrets of a run, and takes them out of whatever is told: a gateway may repeat what it was sent.
type Veil struct{ secrets []string }

const (
	veiled    = "•••"
	cutOff    = "…" // what Shortened ends with
	leastHalf = 4   // bytes of a secret's beginning that is known where the text was cut off
)

// Know adds a secret, as it is and as it stands in addresses, in JSON and between quotes.
func (v *Veil) Know(secret string) {
	inJSON, _ := json.Marshal(secret)
	quoted := strconv.Quote(secret)
	for _, form := range []string{secret, url.QueryEscape(secret), string(inJSON[1 : len(inJSON)-1]), quoted[1 : len(quoted)-1]} {
		if form != "" && !slices.Contains(v.secrets, form) {
			v.secrets = append(v.secrets, form)
		}
	}
	slices.SortFunc(v.secrets, func(a, b string) int { return len(b) - len(a) }) // one may hold another
}

// Read reads a secret and knows it.
func (v *Veil) Read(s Secret) (string, error) {
	text, err := s.Read()
	if err == nil {
		v.Know(text)
	}
	return text, err
}

// MostTold is how many bytes of an error or of a line of the log are told.
const MostTold = 2000

// Hide returns a text without the secrets, and without what could pass for another line of a log. It is cut only then; of
// what was cut before, the half of a secret is hidden too.
func (v *Veil) Hide(text string) string {
	text = v.replace(text)
	if parts := strings.Split(text, cutOff); len(parts) > 1 {
		for i := range parts[:len(parts)-1] {
			parts[i] = v.hideHalf(parts[i])
		}
		text = strings.Join(parts, cutOff)
	}
	return Shortened(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text), MostTold)
}

func (v *Veil) replace(text string) string {
	for _, secret := range v.secrets {
		text = strings.ReplaceAll(text, secret, veiled)
	}
	return text
}

// Beginning returns the beginning of a text that was cut off where it ends, as it came but for the secrets.
func (v *Veil) Beginning(text string) string { return v.hideHalf(v.replace(text)) }

// hideHalf hides the beginning of a secret that a text ends with.
func (v *Veil) hideHalf(text string) string {
	for _, secret := range v.secrets {
		for n := min(len(secret)-1, len(text)); n >= leastHalf; n-- {
			if whole, is := strings.CutSuffix(text, secret[:n]); is {
				return whole + veiled
			}
		}
	}
	return text
}

// hidden is an error of which no secret can be told.
type hidden struct {
	text string
	err  error
}

func (h *hidden) Error() string { return h.text }
func (h *hidden) Unwrap() error { return h.err }

// Error returns an error without the secrets.
func (v *Veil) Error(err error) error {
	if err == nil {
		return nil
	}
	return &hidden{v.Hide(err.Error()), err}
}

// Shortened cuts a text that is shown to so many bytes.
func Shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	cut := text[:most]
	for !utf8.ValidString(cut) && len(cut) > 0 {
		cut = cut[:len(cut)-1]
	}
	return cut + cutOff
}
