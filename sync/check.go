package sync

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// The protocols: what a request proves itself with, and how it is sent if nothing else is said.
const (
	wso2      = "wso2"       // a bearer token of client_credentials; GET
	accessKey = "access-key" // a header made of keys, beside a token or without one; POST
	session   = "session"    // a login first; POST
	open      = "open"       // nothing but what headers say; GET
)

var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// at is a place in the settings: names of keys, and numbers of items.
type at []any

func (a at) to(steps ...any) at { return append(slices.Clone(a), steps...) }

// String writes a place as sources[0].columns.code.
func (a at) String() string {
	var s strings.Builder
	for _, step := range a {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&s, "[%d]", step)
		default:
			if s.Len() > 0 {
				s.WriteByte('.')
			}
			fmt.Fprint(&s, step)
		}
	}
	return s.String()
}

// wrong says which key has a value that can't be, where it stands, and what to do.
func (s *Settings) wrong(place at, value any, vi, en string) error {
	return fmt.Errorf("%s:%d: %s: %q: %s · %s", s.file, s.line(place), place, fmt.Sprint(value), vi, en)
}

// line returns the line at which a place, or what it would stand in, begins.
func (s *Settings) line(place at) int {
	line := 1
	var node ast.Node
	if s.tree != nil && len(s.tree.Docs) > 0 {
		node = s.tree.Docs[0].Body
	}
	for _, step := range place {
		var next ast.Node
		switch n := node.(type) {
		case ast.MapNode:
			for values := n.MapRange(); values.Next(); {
				if values.Key().String() == fmt.Sprint(step) {
					next, line = values.Value(), values.Key().GetToken().Position.Line
				}
			}
		case *ast.SequenceNode:
			if i, is := step.(int); is && i < len(n.Values) {
				next, line = n.Values[i], n.Values[i].GetToken().Position.Line
			}
		}
		if next == nil {
			break
		}
		node = next
	}
	return line
}

// span reads a time span, or takes what is the default.
func (s *Settings) span(place at, text string, otherwise, least, most time.Duration, into *time.Duration) error {
	if *into = otherwise; text == "" {
		return nil
	}
	span, err := time.ParseDuration(text)
	if err != nil || span < least || span > most {
		return s.wrong(place, text, fmt.Sprintf("hãy viết như 30s, 5m, 6h; từ %s đến %s", least, most), fmt.Sprintf("write it as 30s, 5m, 6h; %s to %s", least, most))
	}
	*into = span
	return nil
}

// amount takes a number, or what is the default.
func amount[N int | int64](s *Settings, place at, n *N, otherwise, most N) error {
	if *n == 0 {
		*n = otherwise
	}
	if *n < 1 || *n > most {
		return s.wrong(place, *n, fmt.Sprintf("hãy ghi từ 1 đến %d", most), fmt.Sprintf("write 1 to %d", most))
	}
	return nil
}

func first(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) check() error {
	r, l := &s.Retry, &s.Limits
	err := first(
		func() error {
			if s.KeepDays < 0 || s.KeepDays > 3650 {
				return s.wrong(at{"keepDays"}, s.KeepDays, "hãy ghi từ 0 đến 3650 ngày", "write 0 to 3650 days")
			}
			return nil
		},
		func() error {
			return s.span(at{"resumeWithin"}, s.ResumeWithin, 6*time.Hour, 0, 30*24*time.Hour, &s.resume)
		},
		func() error { return amount(s, at{"retry", "attempts"}, &r.Attempts, 6, 100) },
		func() error {
			return s.span(at{"retry", "first"}, r.First, time.Second, time.Millisecond, time.Hour, &r.first)
		},
		func() error {
			return s.span(at{"retry", "longest"}, r.Longest, 5*time.Minute, time.Millisecond, 24*time.Hour, &r.longest)
		},
		func() error {
			return s.span(at{"retry", "after"}, r.After, 15*time.Minute, 0, 24*time.Hour, &r.after)
		},
		func() error {
			return s.span(at{"limits", "time"}, l.Time, 5*time.Minute, time.Millisecond, 24*time.Hour, &l.time)
		},
		func() error { return amount(s, at{"limits", "answerBytes"}, &l.AnswerBytes, 1<<30, 1<<40) },
		func() error { return amount(s, at{"limits", "recordBytes"}, &l.RecordBytes, 1<<20, 8<<20) },
		func() error { return amount(s, at{"limits", "runBytes"}, &l.RunBytes, 4<<30, 1<<42) },
		func() error { return amount(s, at{"limits", "pages"}, &l.Pages, 10_000, 1_000_000) },
	)
	if err != nil {
		return err
	}
	if len(s.Sources) == 0 {
		return s.wrong(at{"sources"}, "", "trống; hãy ghi ít nhất một nguồn", "empty; name at least one source")
	}
	known := map[string]bool{}
	for i, source := range s.Sources {
		place := at{"sources", i}
		if source == nil || !sourceName.MatchString(source.Name) {
			name := ""
			if source != nil {
				name = source.Name
			}
			return s.wrong(place.to("name"), name, `hãy đặt tên bằng chữ thường không dấu, số và "-"`, `name it with small letters, digits and "-"`)
		}
		if known[source.Name] {
			return s.wrong(place.to("name"), source.Name, "đã có ở trên; hãy đặt tên khác", "is there already; name it otherwise")
		}
		known[source.Name] = true
		if err := first(func() error { return s.checkRequest(place, source) }, func() error { return s.checkAnswer(place, source) }, func() error { return s.checkTable(place, source) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Settings) names() string {
	var names []string
	for _, source := range s.Sources {
		names = append(names, source.Name)
	}
	return strings.Join(names, ", ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
