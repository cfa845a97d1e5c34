package web_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"testing"

	"vunglom/bundle"
	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
)

// loaded is a small demo province in a database of the test's own, served.
func loaded(t *testing.T) (h http.Handler, raw *sql.DB) {
	t.Helper()
	d, url := demoed(t)
	h, _ = served(d)
	return h, dbtest.SQL(t, url)
}

// demoed returns a pool on a database that holds a fiftieth of the demo province, and where that is.
func demoed(t *testing.T) (d *db.DB, url string) {
	t.Helper()
	url = dbtest.Filled(t, "demo", func(url string) {
		d, err := dbtest.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		folder := filepath.Join(t.TempDir(), "demo")
		if err := synthetic.Generate(t.Context(), synthetic.Options{Out: folder, Scale: 0.02}); err != nil {
			t.Fatal(err)
		}
		importFolder(t, d, folder)
	})
	d, err := dbtest.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, url
}

func importFolder(t *testing.T, d *db.DB, folder string) {
	t.Helper()
	b, err := bundle.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := d.Import(t.Context(), b, db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
}

// sheet is a file's rows, cell by the name of its column, all as text; "" is unknown.
type sheet []map[string]string

// exported gets a file as CSV with the API's names.
func exported(t *testing.T, h http.Handler, name string, arguments url.Values) sheet {
	t.Helper()
	arguments = maps.Clone(arguments)
	arguments.Set("headers", "name")
	w := get(t, h, "/export/"+name+".csv?"+arguments.Encode())
	if w.Code != http.StatusOK {
		t.Fatalf("%s?%s: %d %s", name, arguments.Encode(), w.Code, w.Body)
	}
	return readCSV(t, w.Body.Bytes())
}

func readCSV(t *testing.T, text []byte) (rows sheet) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// answer asks the API and returns what `data` holds.
func answer(t *testing.T, h http.Handler, query string) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	w := do(t, h, http.MethodPost, "/graphql", string(body), "Content-Type", "application/json")
	var a struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Errors != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return a.Data
}

// shown writes a value of an answer as a cell of a CSV with the API's names.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// compareCells compares columns with the fields of the same names.
func compareCells(t *testing.T, what string, row map[string]string, object map[string]any, names ...string) {
	t.Helper()
	for _, name := range names {
		got, there := row[name]
		if !there {
			t.Fatalf("%s: no column %s", what, name)
		}
		if got != shown(object[name]) {
			t.Errorf("%s: %s is %q in the file, %v in the API", what, name, got, object[name])
		}
	}
}
