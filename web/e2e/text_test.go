package e2e

import (
	"encoding/json"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// words is what the dashboard says in a language.
type words struct {
	language string
	texts    map[string]any
}

func newWords(t *testing.T, language string) words {
	t.Helper()
	text, err := os.ReadFile("../app/src/text/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	w := words{language: language}
	if err := json.Unmarshal(text, &w.texts); err != nil {
		t.Fatal(err)
	}
	return w
}

// say is the text of a key with its values, such as say("legend.from", "lower", "80%").
func (w words) say(key string, values ...string) string {
	var at any = w.texts
	for part := range strings.SplitSeq(key, ".") {
		level, _ := at.(map[string]any)
		at = level[part]
	}
	text, ok := at.(string)
	if !ok {
		panic("e2e: there is no text " + key)
	}
	for i := 0; i < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{{"+values[i]+"}}", values[i+1])
	}
	return text
}

// number writes a number as the language does, computed apart from the page: exactly, halves away from zero.
func (w words) number(value float64, digits int) string {
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(value, 'f', -1, 64))
	return w.written(exact, digits)
}

func (w words) share(value float64) string {
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(value, 'f', -1, 64))
	return w.written(exact.Mul(exact, big.NewRat(100, 1)), 1) + "%"
}

func (w words) written(exact *big.Rat, digits int) string {
	whole, part, _ := strings.Cut(exact.FloatString(digits), ".")
	part = strings.TrimRight(part, "0")
	group, point := ",", "."
	if w.language == "vi" {
		group, point = ".", ","
	}
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if part == "" {
		return whole
	}
	return whole + point + part
}

// day writes a day as the language does.
func (w words) day(t *testing.T, iso string) string {
	t.Helper()
	at, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		t.Fatal(err)
	}
	if w.language == "vi" {
		return at.Format("2/1/2006")
	}
	text := at.Format("2 Jan 2006")
	return strings.Replace(text, "Sep", "Sept", 1) // as British English has it
}
