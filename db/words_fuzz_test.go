package db

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzWords sends any text as the evidence of a challenge: it is refused with a sentence, or what is stored is a line that can be stored, of no more
// characters than are allowed, and cleaned again the same: sent again it is the same challenge.
func FuzzWords(f *testing.F) {
	for _, text := range []string{"", "đã đến xem", "Nhà khóa cửa,\r\n ð đã dọn đi", " \t\u00a0\u200b", "a\x00b", "\xff", "\u0085", "e\u0301\u0323", "\ufeffx\u202ey", strings.Repeat("ơ", MostEvidence+1), strings.Repeat("o\u031b", MostEvidence), "\U000e0001", "\u1100\u1161"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean, problem := cleanWords("evidence", text)
		if problem != nil {
			if clean != "" || problem.SentenceVi == "" || problem.SentenceEn == "" || problem.Field != "evidence" {
				t.Errorf("%q: %q, %+v", text, clean, problem)
			}
			return
		}
		if !utf8.ValidString(clean) || strings.ContainsFunc(clean, unicode.IsControl) || utf8.RuneCountInString(clean) > MostEvidence || strings.TrimSpace(clean) != clean {
			t.Errorf("%q is stored as %q", text, clean)
		}
		if again, problem := cleanWords("evidence", clean); problem != nil || again != clean {
			t.Errorf("%q is stored as %q, and cleaned again as %q, %+v", text, clean, again, problem)
		}
	})
}
