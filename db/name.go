package db

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookAlike puts the letter that was meant for the ones that published texts use in its place: Đ for eth and for the
// African D, the apostrophe for its curly forms.
var lookAlike = strings.NewReplacer("Ð", "Đ", "ð", "đ", "Ɖ", "Đ", "ɖ", "đ", "’", "'", "ʼ", "'")

// tidy returns a name in NFC, with the letters that were meant and single spaces.
func tidy(name string) string {
	return strings.Join(strings.Fields(lookAlike.Replace(norm.NFC.String(name))), " ")
}

// newPlacement puts tone marks where the newer spelling has them: hoà for hòa, thuỷ for thủy.
var newPlacement = strings.NewReplacer(
	"òa", "oà", "óa", "oá", "ỏa", "oả", "õa", "oã", "ọa", "oạ",
	"òe", "oè", "óe", "oé", "ỏe", "oẻ", "õe", "oẽ", "ọe", "oẹ",
	"ùy", "uỳ", "úy", "uý", "ủy", "uỷ", "ũy", "uỹ", "ụy", "uỵ",
)

// exact is the form in which two names with the same letters and tones are equal, however typed.
func exact(name string) string { return newPlacement.Replace(strings.ToLower(tidy(name))) }

// kinds are the usual abbreviations of kinds, in lower case. One letter is one only before a stop or a number: "P.4",
// "P 4", but not "P Trần".
var kinds = map[string]string{
	"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "p": "phường", "x": "xã", "h": "huyện", "q": "quận",
}

// expand writes out an abbreviated kind at the beginning of a tidy text: "TT. Rạch Gốc", "TP.Cà Mau", "P.4".
func expand(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		return text
	}
	kind, known := kinds[strings.ToLower(text[:end])]
	rest, stop := strings.CutPrefix(text[end:], ".")
	rest = strings.TrimSpace(rest)
	if !known || rest == "" {
		return text
	}
	if number := rest[0] >= '0' && rest[0] <= '9'; !stop && end == 1 && !number {
		return text
	}
	return kind + " " + rest
}

// natural compares two names as people order them: stretches of digits by their number, all else letter by letter.
func natural(a, b string) int {
	for a != "" && b != "" {
		an, arest := digits(a)
		bn, brest := digits(b)
		if an != "" && bn != "" {
			x, y := strings.TrimLeft(an, "0"), strings.TrimLeft(bn, "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = arest, brest
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits cuts the digits that a text begins with.
func digits(s string) (number, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}
