package db_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"vunglom/db"
	"vunglom/db/dbtest"
)

var update = flag.Bool("update", false, "write testdata/query.golden anew")

// TestQuery prepares every statement for questions and compares the types of its parameters and columns with a golden
// file: a change of a type is seen before a caller meets it.
func TestQuery(t *testing.T) {
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	files, err := filepath.Glob("query/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	var got strings.Builder
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		text := db.Query(name)
		if strings.HasPrefix(text, "-- part:") {
			continue
		}
		signature, err := describe(ctx, conn, text)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		fmt.Fprintf(&got, "%s\n%s", name, signature)
	}
	golden := filepath.Join("testdata", "query.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("types differ; -update accepts them:\n%s", diff)
	}
}

// describe returns a line for the parameters and one for the columns of a statement, with their types.
func describe(ctx context.Context, conn *pgx.Conn, text string) (string, error) {
	names, sql := bind(text)
	d, err := conn.Prepare(ctx, "", sql)
	if err != nil {
		return "", err
	}
	typeName := func(oid uint32) string {
		if t, ok := conn.TypeMap().TypeForOID(oid); ok {
			return t.Name
		}
		return fmt.Sprint(oid)
	}
	params := make([]string, len(d.ParamOIDs))
	for i, oid := range d.ParamOIDs {
		name := fmt.Sprintf("$%d", i+1)
		if i < len(names) {
			name = names[i]
		}
		params[i] = name + " " + typeName(oid)
	}
	slices.Sort(params)
	columns := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		columns[i] = f.Name + " " + typeName(f.DataTypeOID)
	}
	return fmt.Sprintf("  in  %s\n  out %s\n", strings.Join(params, ", "), strings.Join(columns, ", ")), nil
}

var (
	commentLine = regexp.MustCompile(`(?m)--.*$`)
	parameter   = regexp.MustCompile(`@([a-zA-Z_][a-zA-Z0-9_]*)`)
)

// bind writes $1, $2 … for a statement's named parameters, as pgx does, and returns their names in that order.
func bind(text string) (names []string, sql string) {
	sql = parameter.ReplaceAllStringFunc(commentLine.ReplaceAllString(text, ""), func(p string) string {
		i := slices.Index(names, p[1:])
		if i < 0 {
			i = len(names)
			names = append(names, p[1:])
		}
		return fmt.Sprintf("$%d", i+1)
	})
	return names, sql
}
