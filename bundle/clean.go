package bundle

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// repair is something that was put right in a text.
type repair uint8

// The repairs, in the order in which they are reported.
const (
	repairNFD       repair = 1 << iota // base letters with combining marks
	repairEth                          // U+00D0, U+00F0 where Đ, đ are meant
	repairLookalike                    // what code page 1258 and word processors leave behind
	repairSpaces                       // doubled spaces
)

var repairs = []struct {
	repair repair
	code   string
	what   string
}{
	{repairNFD, "nfd", "decomposed letters (NFD)"},
	{repairEth, "eth", "the Icelandic letter eth (U+00D0 or U+00F0) for Đ or đ"},
	{repairLookalike, "lookalike", "characters that only look like the right ones (loose tone marks, U+0189, no-break or zero-width spaces)"},
	{repairSpaces, "spaces", "doubled spaces"},
}

// message says what a repair changed.
func (r repair) message(column, is string) (code, message string) {
	for _, known := range repairs {
		if r == known.repair {
			return known.code, fmt.Sprintf("%s was written with %s; it is stored as %q, write it so at the source", column, known.what, is)
		}
	}
	return "", ""
}

// class is what a glance at a text's bytes tells.
type class uint8

const (
	classPlain   class = iota // composed, single spaces, printable: to be stored as it is
	classControl              // holds a control character
	classOdd                  // needs a closer look
)

// classify looks at each byte once. Vietnamese text as it should be (Latin letters up to
// U+024F, U+1E80 to U+1EFF, typographic quotes and dashes) is plain: none of these
// characters changes under NFC while no combining mark follows.
func classify(b []byte) class {
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				if c != '\n' && c != '\r' && c != '\t' {
					return classControl
				}
			} else if c == ' ' && i > 0 && b[i-1] == ' ' {
				return oddOrControl(b[i:])
			}
			continue
		}
		next := byte(0)
		if i+1 < len(b) {
			next = b[i+1]
		}
		plain := false
		switch c {
		case 0xC2:
			plain = next > 0xA0 && next != 0xAD // not U+0080–00A0, U+00AD
		case 0xC3:
			plain = next != 0x90 && next != 0xB0 // not eth
		case 0xC4, 0xC5:
			plain = true
		case 0xC6:
			plain = next != 0x89 // not U+0189
		case 0xE1:
			plain = next == 0xBA || next == 0xBB
			i++
		case 0xE2:
			plain = next == 0x80 && i+2 < len(b) && b[i+2] >= 0x90 && b[i+2] < 0xA8 // U+2010–2027
			i++
		}
		if !plain {
			return oddOrControl(b[i:])
		}
		i++
	}
	return classPlain
}

func oddOrControl(rest []byte) class {
	for _, c := range rest {
		if (c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f {
			return classControl
		}
	}
	return classOdd
}

// Tidy returns a text as the import stores a name: composed (NFC), with Đ for Ð, without doubled spaces.
func Tidy(s string) string {
	s, _ = tidy(s, true)
	return s
}

// tidy returns a text as it is to be stored, composed (NFC), and what was put right.
// Spaces are only joined in names, not in codes.
func tidy(s string, spaces bool) (string, repair) {
	var done repair
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 'Ð':
			done |= repairEth
			return 'Đ'
		case r == 'ð':
			done |= repairEth
			return 'đ'
		case r == 'Ɖ':
			done |= repairLookalike
			return 'Đ'
		case r == 'ɖ':
			done |= repairLookalike
			return 'đ'
		case r == 0x0340 || r == 0x0341:
			done |= repairLookalike
		case r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000:
			done |= repairLookalike
			return ' '
		case r == 0xAD || r >= 0x200B && r <= 0x200F || r == 0x2060 || r == 0xFEFF:
			done |= repairLookalike
			return -1
		}
		return r
	}, s)
	if !norm.NFC.IsNormalString(s) {
		// Code page 1258 has ê and a loose tone mark: composed in part. NFD is whole.
		if norm.NFD.IsNormalString(s) {
			done |= repairNFD
		} else if done&repairLookalike == 0 {
			done |= repairLookalike
		}
		s = norm.NFC.String(s)
	}
	if spaces && strings.Contains(s, "  ") {
		done |= repairSpaces
		for strings.Contains(s, "  ") {
			s = strings.ReplaceAll(s, "  ", " ")
		}
	}
	return strings.TrimSpace(s), done
}
