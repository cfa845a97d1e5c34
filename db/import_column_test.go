package db_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vunglom/bundle"
	"vunglom/db"
)

// without is a CSV file less one of its columns.
func without(t *testing.T, text, column string) string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	at := -1
	for i, cell := range records[0] {
		if cell == column {
			at = i
		}
	}
	for _, cells := range records {
		if at >= 0 {
			cells = append(cells[:at:at], cells[at+1:]...)
		}
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.String()
}

// other is the column with which a column says one thing: half of a position, an address or a parent is rejected.
var other = map[string]string{"lon": "lat", "lat": "lon", "address_scheme": "address_code", "address_code": "address_scheme",
	"parent_level": "parent_code", "parent_code": "parent_level"}

// TestOptionalColumns: a file may lack any column that is not required. Sent again without it, its rows keep what is stored, unless
// the column is one of those that tell rows apart.
func TestOptionalColumns(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	before := content(t, l.sql)
	tried := 0
	for _, table := range bundle.Tables {
		text, there := small[table.Name+".csv"]
		if !there {
			continue
		}
		identity := strings.Join(table.Identity, " ")
		for _, column := range table.Columns {
			if column.Required || !strings.Contains(text, column.Name) {
				continue
			}
			cut := without(t, without(t, text, column.Name), other[column.Name])
			r, err := importDir(t, l.DB, write(t, map[string]string{"bundle.json": small["bundle.json"], table.Name + ".csv": cut}), db.ImportOptions{DryRun: true})
			if err != nil {
				t.Errorf("%s without %s: %v", table.Name, column.Name, err)
				continue
			}
			tried++
			for _, c := range r.Tables {
				if changed := c.Inserted + c.Updated; c.Name == table.Name && (c.Rejected > 0 || changed > 0 && !strings.Contains(identity, column.Name)) {
					t.Errorf("%s without %s: %+v %+v", table.Name, column.Name, c.Count, r.Problems)
				}
			}
		}
	}
	if tried < 25 {
		t.Errorf("only %d columns were left out", tried)
	}
	sameContent(t, "dry runs", before, content(t, l.sql))
}

// TestRejectsThatCantBeCopied: an import that has landed says so, even where its rejected rows could not be copied.
func TestRejectsThatCantBeCopied(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := importDir(t, l.DB, write(t, dirty), db.ImportOptions{RejectsDir: filepath.Join(file, "rejects")})
	if err == nil || r.Failed != "" || r.Snapshot != "96-1" {
		t.Errorf("error %v, report: failed %q, snapshot %q", err, r.Failed, r.Snapshot)
	}
	verified(t, l.DB)
}
