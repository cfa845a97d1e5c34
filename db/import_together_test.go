package db_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/bundle"
	"vunglom/db"
)

// visited is a bundle of so many visits by one team to all of small's households, and of nothing else that is new.
func visited(name string, count int) map[string]string {
	text := "code,household_code,team_code,visited_on,outcome\n"
	for i := range count {
		text += fmt.Sprintf("%s%05d,%c,T1,2023-%02d-%02d,%s\n", name, i, 'A'+i%6, i%12+1, i%28+1, []string{"not_home", "guided", "declined"}[i%3])
	}
	return edited(only(small, "units.csv"), map[string]string{"visits.csv": text})
}

// TestReadersSeeTheOldState looks at everything stored at each step of an import, from another connection.
func TestReadersSeeTheOldState(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	before := content(t, l.sql)
	steps := 0
	files := edited(dirty, map[string]string{"visits.csv": visited("W", 100)["visits.csv"], "households.csv": small["households.csv"], "adoptions.csv": ""})
	if _, err := importDir(t, l.DB, write(t, files), db.ImportOptions{Step: func(name string, done, _ int64) {
		if done == 0 {
			steps++
			sameContent(t, "at the step "+name, before, content(t, l.sql))
		}
	}}); err != nil {
		t.Fatal(err)
	}
	if steps < 5 {
		t.Errorf("the import told only %d steps", steps)
	}
	if cmp.Equal(before, content(t, l.sql)) {
		t.Error("the import changed nothing")
	}
}

// TestImportsAtOnce runs imports of one province, and of another, side by side: they end as if one had come after the other.
func TestImportsAtOnce(t *testing.T) {
	t.Parallel()
	together, after := newLanding(t), newLanding(t)
	other := edited(small, map[string]string{"bundle.json": `{"province": "95", "as_of": "2024-09-30", "source": "other"}`, "reports.csv": ""})
	bundles := []map[string]string{visited("P", 300), visited("Q", 300), other, edited(only(small, "units.csv"), map[string]string{
		"addresses.csv": "scheme,code,lon,lat,kind\ndia_chi_so,9600000001,105.012,9.001,household\ndia_chi_so,9600000008,105.013,9.001,household\n"})}
	for _, l := range []*landing{together, after} {
		l.land(t, small, db.ImportOptions{})
	}
	var all sync.WaitGroup
	for _, files := range bundles {
		dir := write(t, files)
		all.Add(1)
		go func() {
			defer all.Done()
			b, err := bundle.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			defer b.Close()
			if _, err := together.Import(t.Context(), b, db.ImportOptions{Now: parse("2026-11-01")}); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	verified(t, together.DB)
	for _, files := range bundles {
		after.land(t, files, db.ImportOptions{Now: parse("2026-11-01")})
	}
	if diff := cmp.Diff(said(t, after.sql), said(t, together.sql)); diff != "" {
		t.Errorf("%.2000s", diff)
	}
	if got := texts(t, together.sql, "select count(*)::text from visit")[0]; got != "610" {
		t.Errorf("%s visits", got)
	}
}
