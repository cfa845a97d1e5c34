package db

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vunglom/access"
)

//go:embed query/*.sql
var queryFiles embed.FS

// statement is a statement of query/: what it asks, and the right that whoever asks must have.
type statement struct {
	sql   string
	needs access.Right
}

// needsLine is the line in a statement's head that says what right it needs.
var needsLine = regexp.MustCompile(`(?m)^-- needs: ([a-z]+)$`)

// query returns the statement of query/NAME.sql. Statements are package variables, so that a missing file, or one that does
// not say what it answers and what right it needs, fails at start and in every test.
func query(name string) statement {
	text := queryText(name)
	found := needsLine.FindStringSubmatch(text)
	if found == nil || !slices.Contains(access.Rights(), access.Right(found[1])) {
		panic(fmt.Sprintf("db: query/%s.sql: a line of its head must say which right it needs: -- needs: %s", name, access.Published))
	}
	return statement{nameStatement(include(text), name), access.Right(found[1])}
}

func queryText(name string) string {
	text, err := queryFiles.ReadFile("query/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("db: %v", err))
	}
	if !strings.HasPrefix(string(text), "-- ") {
		panic(fmt.Sprintf("db: query/%s.sql: the first line must be a comment that says what it answers", name))
	}
	return string(text)
}

// include puts parts of statements where lines say "-- include: NAME": query/NAME.sql without its first line. What a
// coverage is, is written once that way, for the unit, the map and the gaps alike. Parts may include parts.
func include(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "-- include: "); ok {
			_, part, _ := strings.Cut(include(queryText(strings.TrimSpace(name))), "\n")
			line = part
		}
		b.WriteString(line)
	}
	return b.String()
}
