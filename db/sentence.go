package db

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// words is the same text in Vietnamese and in English.
type words struct{ vi, en string }

// number writes a number with at most so many decimals as each language does: 1.234,5 and 1,234.5.
func number(v float64, decimals int) words {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, part, _ := strings.Cut(text, ".")
	part = strings.TrimRight(part, "0")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	write := func(thousands, point string) string {
		b := []byte(sign)
		for i := range len(whole) {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b = append(b, thousands...)
			}
			b = append(b, whole[i])
		}
		if part != "" {
			b = append(append(b, point...), part...)
		}
		return string(b)
	}
	return words{write(".", ","), write(",", ".")}
}

func whole(n int) words { return number(float64(n), 0) }

// compared writes a value and its threshold with as few decimals, from those given, as tell them apart: nobody shall
// read that 70% is below 70%.
func compared(value, threshold float64, decimals int) (words, words) {
	a, b := number(value, decimals), number(threshold, decimals)
	for d := decimals + 1; a == b && value != threshold && d <= 12; d++ {
		a, b = number(value, d), number(threshold, d)
	}
	return a, b
}

// dateWords writes a day: 15/02/2024 and 15 February 2024.
func dateWords(day time.Time) words {
	return words{day.Format("02/01/2006"), day.Format("2 January 2006")}
}

// capital makes the first letter of a sentence a capital.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// plural returns the English word for one or for several.
func plural(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}
