package db

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed query/*.sql
var queryFiles embed.FS

// query returns the text of query/NAME.sql. Statements are package variables, so that a
// missing file, or one that does not say what it answers, fails at start and in every test.
func query(name string) string {
	text, err := queryFiles.ReadFile("query/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("db: %v", err))
	}
	if !strings.HasPrefix(string(text), "-- ") {
		panic(fmt.Sprintf("db: query/%s.sql: the first line must be a comment that says what it answers", name))
	}
	return nameStatement(include(string(text)), name)
}

// include puts parts of statements where lines say "-- include: NAME": query/NAME.sql without its first line. What a
// coverage is, is written once that way, for the unit, the map and the gaps alike. Parts may include parts.
func include(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "-- include: "); ok {
			_, part, _ := strings.Cut(query(strings.TrimSpace(name)), "\n")
			line = part
		}
		b.WriteString(line)
	}
	return b.String()
}
