// Package argument reads the arguments of a question from a query string, under the names and in the forms that the
// API's queries give them: files and tiles ask alike.
package argument

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vunglom/db"
)

// Reader reads the arguments of one question. The first that is wrong is kept; what follows reads on without effect. The
// names asked for are the arguments that there are.
type Reader struct {
	values url.Values
	today  time.Time
	known  map[string]bool // asked for so far
	err    error
}

// New returns a reader of a query string. Today is the day that is asked about where none is named.
func New(values url.Values, today time.Time) *Reader {
	return &Reader{values: values, today: today, known: map[string]bool{}}
}

// Parse takes a query string apart. One that is written wrongly is refused: left out, it would ask another question.
func Parse(query string) (url.Values, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, BadInput("chuỗi truy vấn viết sai: %v", "the query string is written wrongly: %v", err)
	}
	return values, nil
}

// Known returns the names asked for so far, in order.
func (a *Reader) Known() []string { return slices.Sorted(maps.Keys(a.known)) }

// BadInput says in Vietnamese and in English what is wrong with a question.
func BadInput(vi, en string, args ...any) error { return say(db.CodeBadInput, vi, en, args) }

// NotFound says in Vietnamese and in English that what a question names does not exist.
func NotFound(vi, en string, args ...any) error { return say(db.CodeNotFound, vi, en, args) }

func say(code db.Code, vi, en string, args []any) error {
	return &db.Error{Code: code, Message: fmt.Sprintf(vi, args...) + " / " + fmt.Sprintf(en, args...)}
}

// Wrong keeps what is wrong with an argument, in Vietnamese and in English.
func (a *Reader) Wrong(vi, en string, args ...any) {
	if a.err == nil {
		a.err = BadInput(vi, en, args...)
	}
}

// Finish returns what was wrong: also an argument that nothing asked for, which is a slip of the pen.
func (a *Reader) Finish() error {
	for _, name := range slices.Sorted(maps.Keys(a.values)) {
		if !a.known[name] {
			a.Wrong("không có tham số %q; có: %s", "there is no argument %q; there are: %s", name, strings.Join(a.Known(), ", "))
		}
	}
	return a.err
}

// Text returns an argument that may stand once; "" where it is absent.
func (a *Reader) Text(name string) string {
	a.known[name] = true
	switch given := a.values[name]; {
	case len(given) == 0:
		return ""
	case len(given) > 1:
		a.Wrong("%[1]s có %[2]d lần; chỉ một lần thôi", "%[1]s stands there %[2]d times; once is all", name, len(given))
		return ""
	case given[0] == "" || strings.ContainsRune(given[0], 0):
		a.Wrong("%[1]s trống; hãy viết một giá trị hoặc bỏ nó", "%[1]s is empty; write a value or leave it out", name)
		return ""
	default:
		return given[0]
	}
}

// Has tells whether an argument stands there.
func (a *Reader) Has(name string) bool { return len(a.values[name]) > 0 }

// Choice returns one of the words allowed, in whichever case it is written.
func (a *Reader) Choice(name, otherwise string, allowed ...string) string {
	text := a.Text(name)
	if text == "" {
		return otherwise
	}
	for _, word := range allowed {
		if strings.EqualFold(word, text) {
			return word
		}
	}
	a.Wrong("%s không thể là %q; một trong: %s", "%s can't be %q; one of: %s", name, text, strings.Join(allowed, ", "))
	return otherwise
}

// Choices returns any of the words allowed: repeated, or with commas between. None: nil.
func (a *Reader) Choices(name string, allowed ...string) (words []string) {
	a.known[name] = true
	for _, given := range a.values[name] {
		for _, text := range strings.Split(given, ",") {
			i := slices.IndexFunc(allowed, func(word string) bool { return strings.EqualFold(word, strings.TrimSpace(text)) })
			if i < 0 {
				a.Wrong("%s không thể là %q; một hay nhiều trong: %s", "%s can't be %q; any of: %s", name, text, strings.Join(allowed, ", "))
				continue
			}
			words = append(words, allowed[i])
		}
	}
	return words
}

// Day returns a calendar day; today where it is absent.
func (a *Reader) Day(name string) time.Time {
	text := a.Text(name)
	if text == "" {
		return a.today
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		a.Wrong("%s là %q, không phải một ngày; hãy viết như 2024-09-30", "%s is %q, not a day; write it as 2024-09-30", name, text)
		return a.today
	}
	return day
}

// Today is the day that is asked about where none is named.
func (a *Reader) Today() time.Time { return a.today }

// Boundaries returns the day of the boundaries; zero where it is absent: those of the day asked about.
func (a *Reader) Boundaries() time.Time {
	if !a.Has("boundariesAsOf") {
		a.known["boundariesAsOf"] = true
		return time.Time{}
	}
	return a.Day("boundariesAsOf")
}

// Truth returns true or false.
func (a *Reader) Truth(name string, otherwise bool) bool {
	return a.Choice(name, strconv.FormatBool(otherwise), "true", "false") == "true"
}

// Whole returns a whole number of 32 bits.
func (a *Reader) Whole(name string, otherwise int) int {
	text := a.Text(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		a.Wrong("%s là %q, không phải một số nguyên", "%s is %q, not a whole number", name, text)
		return otherwise
	}
	return int(n)
}

// Number returns a finite number.
func (a *Reader) Number(name string, otherwise float64) float64 {
	text := a.Text(name)
	if text == "" {
		return otherwise
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		a.Wrong("%s là %q, không phải một số", "%s is %q, not a number", name, text)
		return otherwise
	}
	return x
}

// Optional returns a number, nil where it is absent.
func (a *Reader) Optional(name string) *float64 {
	if !a.Has(name) {
		a.known[name] = true
		return nil
	}
	x := a.Number(name, 0)
	return &x
}

// OptionalWhole returns a whole number, nil where it is absent.
func (a *Reader) OptionalWhole(name string) *int {
	if !a.Has(name) {
		a.known[name] = true
		return nil
	}
	n := a.Whole(name, 0)
	return &n
}

var levels = []string{"PROVINCE", "DISTRICT", "COMMUNE", "HAMLET"}

// Level returns a level of administration, in whichever case it is written.
func (a *Reader) Level(name, otherwise string) db.Level {
	return db.Level(strings.ToLower(a.Choice(name, otherwise, levels...)))
}

// Ref reads a unit, "COMMUNE:32041" or the API's {"level": "COMMUNE", "code": "32041"}; nil where it is absent.
func (a *Reader) Ref(name string) *db.Ref {
	text := a.Text(name)
	if text == "" {
		return nil
	}
	var unit struct{ Level, Code string }
	if strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &unit); err != nil {
			unit.Level = ""
		}
	} else {
		unit.Level, unit.Code, _ = strings.Cut(text, ":")
	}
	i := slices.IndexFunc(levels, func(level string) bool { return strings.EqualFold(level, unit.Level) })
	if i < 0 || unit.Code == "" {
		a.Wrong("%s là %q, không phải một đơn vị; hãy viết như COMMUNE:32041", "%s is %q, not a unit; write it as COMMUNE:32041", name, text)
		return nil
	}
	return &db.Ref{Level: db.Level(strings.ToLower(levels[i])), Code: unit.Code}
}

// Box reads a rectangle, west,south,east,north or the API's {"west": …}; nil where it is absent.
func (a *Reader) Box(name string) *db.Box {
	text := a.Text(name)
	if text == "" {
		return nil
	}
	var box db.Box
	var err error
	if strings.HasPrefix(text, "{") {
		err = json.Unmarshal([]byte(text), &box)
	} else {
		parts := strings.Split(text, ",")
		sides := []*float64{&box.West, &box.South, &box.East, &box.North}
		if len(parts) != len(sides) {
			err = strconv.ErrSyntax
		}
		for i := 0; i < len(sides) && err == nil; i++ {
			*sides[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
			if math.IsNaN(*sides[i]) || math.IsInf(*sides[i], 0) {
				err = strconv.ErrRange
			}
		}
	}
	if err != nil {
		a.Wrong("%s là %q; cần bốn số tây,nam,đông,bắc tính bằng độ, như 104.8,8.6,105.3,9.3", "%s is %q; four numbers west,south,east,north in degrees are needed, such as 104.8,8.6,105.3,9.3", name, text)
		return nil
	}
	if box.West >= box.East || box.South >= box.North {
		a.Wrong("%s rỗng: tây phải nhỏ hơn đông và nam nhỏ hơn bắc", "%s is empty: west must be less than east, and south less than north", name)
	}
	return &box
}

// reasons are the API's words for why a hamlet is a gap.
var reasons = []string{"NO_TEAM", "NOT_REGISTERED", "NEVER_VISITED", "BELOW_TARGET", "OUT_OF_REACH", "OVERLOADED", "STALE"}

// GapFilter reads which gaps are asked for: the fields of the API's filter, where it holds and on which boundaries.
func (a *Reader) GapFilter() db.GapFilter {
	filter := db.DefaultGapFilter()
	filter.Within, filter.Box, filter.Boundaries = a.Ref("within"), a.Box("bbox"), a.Boundaries()
	filter.RemoteOnly = a.Truth("remoteOnly", filter.RemoteOnly)
	filter.MinGapHouseholds = a.Whole("minGapHouseholds", filter.MinGapHouseholds)
	filter.Target = a.Number("target", filter.Target)
	filter.TeamReachMetres = a.Number("teamReachMetres", filter.TeamReachMetres)
	filter.MaxHouseholdsPerMember = a.Number("maxHouseholdsPerMember", filter.MaxHouseholdsPerMember)
	filter.StaleAfterMonths = a.Whole("staleAfterMonths", filter.StaleAfterMonths)
	for _, r := range a.Choices("reasons", reasons...) {
		filter.Reasons = append(filter.Reasons, db.Reason(r))
	}
	return filter
}
