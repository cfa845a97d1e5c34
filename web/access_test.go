package web_test

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
)

var update = flag.Bool("update", false, "write the tables of docs/access.md anew")

// TestAccessIsWrittenDown: docs/access.md holds the matrix of the rules that are asked, and every rule has a right.
func TestAccessIsWrittenDown(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../docs/access.md", "do not edit -->\n", "<!-- end -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s lacks the marks of its tables", file)
	}
	want := before + begin + tables(t) + end + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Errorf("%s does not hold the rules as they are: go test ./web -run TestAccessIsWrittenDown -update", file)
	}
}

// tables writes the rules.
func tables(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	line := func(cells ...string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	head := func(first string, more ...string) {
		cells := []string{first}
		for _, role := range access.Roles() {
			cells = append(cells, string(role))
		}
		line(append(cells, more...)...)
		line(strings.Split(strings.Repeat("---,", len(cells)+len(more)-1)+"---", ",")...)
	}
	row := func(name string, right access.Right, more ...string) {
		if len(right.Roles()) == 0 {
			t.Errorf("%s has no rule", name)
		}
		cells := []string{name}
		for _, role := range access.Roles() {
			switch {
			case !role.Has(right):
				cells = append(cells, "")
			case right.Scoped():
				cells = append(cells, "○")
			default:
				cells = append(cells, "●")
			}
		}
		line(append(cells, more...)...)
	}
	b.WriteString("\n● everywhere, ○ in the caller's units.\n\n")
	head("right")
	for _, right := range access.Rights() {
		row("`"+string(right)+"`", right)
	}
	b.WriteString("\n### GraphQL\n\n")
	head("field", "right", "where it has to hold")
	for _, r := range graph.Rules() {
		row("`"+r.Name+"`", r.Right, string(r.Right), r.Where)
	}
	b.WriteString("\n### Paths, tiles and files\n\n`/graphql`, `/lgsp/v1`, `/tiles` and `/export` need what is asked of them. `/metrics` needs its right everywhere; `--metrics-listen` serves it alone at an address of its own, to whoever reaches that.\n\n")
	head("path", "right", "where it has to hold")
	for _, r := range web.Rules(web.Options{DB: dbtest.New(t), Log: slog.Default()}) {
		row("`"+r.Name+"`", r.Right, string(r.Right), r.Where)
	}
	b.WriteString("\n")
	return b.String()
}
