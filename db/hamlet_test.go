package db_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/gis/divide"
)

// derive draws hamlets and fails the test where a rule is broken afterwards.
func (l *landing) derive(t *testing.T, o db.DeriveOptions) *db.DeriveReport {
	t.Helper()
	if o.Rule == (divide.Options{}) {
		o.Rule = divide.Default
	}
	o.Province = "96"
	o.Now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	r, err := l.DeriveHamlets(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	verified(t, l.DB)
	return r
}

// count answers a statement of one number.
func count(t *testing.T, l *landing, statement string) int {
	t.Helper()
	n, err := strconv.Atoi(texts(t, l.sql, statement)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDeriveHamlets draws the hidden hamlets of the demo province and holds them against plain SQL, and against those that
// were hidden.
func TestDeriveHamlets(t *testing.T) {
	t.Parallel()
	shown, hidden := newLanding(t), newLanding(t)
	for l, hide := range map[*landing]*synthetic.Hidden{shown: nil, hidden: {Declare: 0.4, Misdeclare: 0.02}} {
		dir := filepath.Join(t.TempDir(), "bundle")
		if err := synthetic.Generate(t.Context(), synthetic.Options{Out: dir, Scale: 0.05, Hide: hide}); err != nil {
			t.Fatal(err)
		}
		if r, err := importDir(t, l.DB, dir, db.ImportOptions{}); err != nil || r.Rejected() > 0 {
			t.Fatal(err, r.Rejected())
		}
	}
	before := content(t, hidden.sql)
	trial := hidden.derive(t, db.DeriveOptions{DryRun: true})
	sameContent(t, "a dry run", before, content(t, hidden.sql))
	r := hidden.derive(t, db.DeriveOptions{})
	if trial.DryRun = false; trial.Support != r.Support || len(trial.Conflicts) != len(r.Conflicts) || trial.Snapshot != "96-2" || r.Snapshot != "96-2" {
		t.Errorf("a dry run said %d, %d, %s; then %d, %d, %s", trial.Support, len(trial.Conflicts), trial.Snapshot, r.Support, len(r.Conflicts), r.Snapshot)
	}
	hamlets := count(t, hidden, `select count(*) from unit where level = 'hamlet' and upper_inf(valid)`)
	if r.Derived != hamlets || len(r.Undrawn) > 0 || r.Drawn > 0 {
		t.Errorf("of %d hamlets %d were derived, %d drawn; undrawn: %+v", hamlets, r.Derived, r.Drawn, r.Undrawn)
	}

	// Every address that declares a hamlet lies in it on the day of its survey and today, or is named.
	named := map[string]bool{}
	for _, c := range r.Conflicts {
		named[c.Scheme+"/"+c.Code] = true
	}
	elsewhere := texts(t, hidden.sql, `
		select a.scheme || '/' || a.code
		from address a
		cross join unnest(array[a.surveyed_on, date '2026-11-01']) d (day)
		left join place_period i on i.place_id = a.place_id and i.period @> d.day
		left join unit u on u.id = i.hamlet_id
		where a.hamlet_code is not null and u.code is distinct from a.hamlet_code
		group by a.scheme, a.code`)
	for _, address := range elsewhere {
		if !named[address] {
			t.Errorf("%s lies in another hamlet than it declares and is not named", address)
		}
	}
	declaring := count(t, hidden, `select count(*) from address where hamlet_code is not null`)
	if len(elsewhere) != len(named) || r.Declaring != declaring || r.Support+len(named) != declaring {
		t.Errorf("%d addresses declare, %d lie elsewhere; the report says %d, %d support, %d conflicts", declaring, len(elsewhere), r.Declaring, r.Support, len(named))
	}
	if sum := count(t, hidden, `select sum(derived_support) from unit where level = 'hamlet' and upper_inf(valid)`); sum != r.Support {
		t.Errorf("the hamlets are supported by %d addresses, the report says %d", sum, r.Support)
	}

	// Hamlets tile the communes of every time: nothing uncovered, nothing twice, to 1 m² a commune.
	if bad := texts(t, hidden.sql, `
		select c.code || ' ' || c.valid || ': ' || (ST_Area(p.geometry::geography) - ST_Area(ST_Union(h.geometry)::geography)) || ', ' || (sum(h.area_km2) * 1e6 - ST_Area(p.geometry::geography))
		from unit c join polygon p on p.id = c.polygon_id join unit_period i on i.parent_id = c.id join unit u on u.id = i.unit_id and u.level = 'hamlet' join polygon h on h.id = u.polygon_id
		where c.level = 'commune' group by c.id, c.code, c.valid, p.id, p.geometry, i.period
		having abs(ST_Area(p.geometry::geography) - ST_Area(ST_Union(h.geometry)::geography)) > 1 or abs(sum(h.area_km2) * 1e6 - ST_Area(p.geometry::geography)) > 1`); len(bad) > 0 {
		t.Errorf("communes that are not tiled: %q", bad)
	}
	// A hamlet that passed on unchanged has one polygon.
	if n := count(t, hidden, `select count(*) from (select code from unit where level = 'hamlet' group by code having count(distinct polygon_id) <> 1 or count(polygon_id) <> count(*)) h`); n > 0 {
		t.Errorf("%d hamlets have several polygons, or times without", n)
	}

	// Against the truth.
	located := func(l *landing) map[string]string {
		of := map[string]string{}
		for _, row := range texts(t, l.sql, `select a.scheme || '/' || a.code || ' ' || u.code from address a join place_period i on i.place_id = a.place_id and i.period @> date '2024-09-30' join unit u on u.id = i.hamlet_id`) {
			address, hamlet, _ := strings.Cut(row, " ")
			of[address] = hamlet
		}
		return of
	}
	truth, derived := located(shown), located(hidden)
	right := 0
	for address, hamlet := range truth {
		if derived[address] == hamlet {
			right++
		}
	}
	if share := float64(right) / float64(len(truth)); share < 0.98 || len(derived) != len(truth) {
		t.Errorf("%.4f of %d addresses are in their hamlet; %d are in any", share, len(truth), len(derived))
	}

	// Again: nothing changes. With another fact, something does.
	before = content(t, hidden.sql)
	if again := hidden.derive(t, db.DeriveOptions{}); again.Changed != 0 || again.Snapshot != "96-2" || again.Support != r.Support {
		t.Errorf("deriving again changed %d units, snapshot %s", again.Changed, again.Snapshot)
	}
	sameContent(t, "deriving again", before, content(t, hidden.sql))
}

// plot is a commune of 3 km by 1 km, undivided, whose addresses say where its hamlets are: H1 in the west, H2 in the middle, H3 in the
// east. One in H3 declares H1.
func plot() map[string]string {
	files := map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`,
		"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry
province,96,Cà Mau,tinh,,,2004-08-31,,
commune,32002,An Xuyên,xa,province,96,2004-08-31,,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))"
hamlet,H1,1,ap,commune,32002,2004-08-31,,
hamlet,H2,2,ap,commune,32002,2004-08-31,,
hamlet,H3,3,ap,commune,32002,2004-08-31,,
`,
	}
	var rows strings.Builder
	rows.WriteString("scheme,code,lon,lat,kind,hamlet_code\n")
	for i := range 90 {
		lon, hamlet := 105+0.0003333*float64(i), "H"+strconv.Itoa(1+i/30)
		if i%3 == 0 {
			hamlet = ""
		}
		if i == 70 {
			hamlet = "H1"
		}
		fmt.Fprintf(&rows, "dia_chi_so,96%08d,%.7f,%.7f,household,%s\n", i, lon, 9.001+0.008*float64(i*7%30)/30, hamlet)
	}
	files["addresses.csv"] = rows.String()
	return files
}

func hamletOf(t *testing.T, l *landing) map[string]string {
	t.Helper()
	of := map[string]string{}
	for _, row := range texts(t, l.sql, `select right(a.code, 2) || ' ' || coalesce(u.code, '') from address a left join place_period i on i.place_id = a.place_id and i.period @> date '2026-11-01' left join unit u on u.id = i.hamlet_id`) {
		of[row[:2]] = row[3:]
	}
	return of
}

// drawnBy tells how each hamlet is drawn: "derived" or "drawn" and its area in ha; "": not at all.
func drawnBy(t *testing.T, l *landing) map[string]string {
	t.Helper()
	of := map[string]string{}
	for _, row := range texts(t, l.sql, `select u.code || ' ' || coalesce(case when u.derived_support is null then 'drawn' else 'derived' end || ' ' || round(p.area_km2::numeric * 100), '')
		from unit u left join polygon p on p.id = u.polygon_id where level = 'hamlet'`) {
		of[row[:2]] = row[3:]
	}
	return of
}

// TestDrawnWins checks that a drawn polygon wins over derived ones, before and after, and that bundles without one erase none.
func TestDrawnWins(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	files := plot()
	l.land(t, files, db.ImportOptions{})
	r := l.derive(t, db.DeriveOptions{})
	if r.Derived != 3 || len(r.Conflicts) != 1 || r.Declaring != 60 || r.Support != 59 {
		t.Fatalf("%+v", r)
	}
	if c := r.Conflicts[0]; c.Code != "9600000070" || c.Declares != "H1" || c.LiesIn != "H3" || c.LiesName != "ấp 3" || c.Outside || c.Metres == nil || *c.Metres < 1300 || *c.Metres > 1600 {
		t.Errorf("conflict %+v", c)
	}
	all := hamletOf(t, l)
	for i := range 90 {
		if got := all[fmt.Sprintf("%02d", i)]; i%30 > 0 && got != "H"+strconv.Itoa(1+i/30) {
			t.Errorf("address %d lies in %q", i, got)
		}
	}
	if n := count(t, l, `select derived_support from unit where code = 'H3'`); n != 19 {
		t.Errorf("H3 is supported by %d", n)
	}
	before := content(t, l.sql)
	l.land(t, files, db.ImportOptions{}) // empty cells
	sameContent(t, "the bundle once more", before, content(t, l.sql))

	// The middle is drawn, 0.4 km wider on each side: the derived ones give way at once.
	middle := "POLYGON((105.006 9,105.024 9,105.024 9.01,105.006 9.01,105.006 9))"
	units := func(code, number, geometry, derived string) map[string]string {
		return map[string]string{"bundle.json": files["bundle.json"], "units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,geometry,derived_from\n" +
			fmt.Sprintf("hamlet,%s,%s,ap,commune,32002,2004-08-31,%q,%s\n", code, number, geometry, derived)}
	}
	l.land(t, units("H2", "2", middle, ""), db.ImportOptions{})
	if got := drawnBy(t, l); !strings.HasPrefix(got["H2"], "drawn ") || !strings.HasPrefix(got["H1"], "derived ") || !strings.HasPrefix(got["H3"], "derived ") {
		t.Errorf("after H2 was drawn: %v", got)
	}
	drawn := hamletOf(t, l)
	for i := range 90 {
		want := "H2"
		if i <= 18 {
			want = "H1"
		} else if i > 72 {
			want = "H3"
		}
		if drawn[fmt.Sprintf("%02d", i)] != want {
			t.Errorf("address %d lies in %q, not %s", i, drawn[fmt.Sprintf("%02d", i)], want)
		}
	}
	// Deriving again shares out what is left.
	r = l.derive(t, db.DeriveOptions{})
	if r.Drawn != 1 || r.Derived != 2 || r.Declaring != 40 || len(r.Conflicts) != 16 {
		t.Errorf("beside a drawn hamlet: drawn %d, derived %d, declaring %d, conflicts %d", r.Drawn, r.Derived, r.Declaring, len(r.Conflicts))
	}
	for _, c := range r.Conflicts {
		if c.Outside || c.LiesIn != "H2" && c.LiesIn != "H3" {
			t.Errorf("conflict %+v", c)
		}
	}
	// A derived polygon from elsewhere does not replace a drawn one, but a drawn one a derived one.
	before = content(t, l.sql)
	l.land(t, units("H2", "2", "POLYGON((105.01 9,105.02 9,105.02 9.01,105.01 9.01,105.01 9))", "7"), db.ImportOptions{})
	sameContent(t, "a derived polygon of a drawn hamlet", before, content(t, l.sql))
	l.land(t, units("H1", "1", "POLYGON((105 9,105.006 9,105.006 9.01,105 9.01,105 9))", ""), db.ImportOptions{})
	if got := drawnBy(t, l); got["H1"] != "drawn 73" {
		t.Errorf("H1 was drawn: %v", got)
	}
	// The whole commune is drawn as one hamlet: the last derived one has no land left.
	l.land(t, units("H2", "2", "POLYGON((105.006 9,105.03 9,105.03 9.01,105.006 9.01,105.006 9))", ""), db.ImportOptions{})
	if got := drawnBy(t, l); got["H3"] != "" {
		t.Errorf("nothing is left for H3: %v", got)
	}
	if r = l.derive(t, db.DeriveOptions{}); len(r.Undrawn) != 1 || r.Undrawn[0].Code != "H3" || r.Undrawn[0].Reason != db.UndrawnNoLand || r.Changed != 0 {
		t.Errorf("%+v", r)
	}
}

// TestDerivedComesBack exports derived hamlets and imports them into another database: the same is stored there, and derived.
func TestDerivedComesBack(t *testing.T) {
	t.Parallel()
	l, other := newLanding(t), newLanding(t)
	l.land(t, plot(), db.ImportOptions{})
	l.derive(t, db.DeriveOptions{})
	dir := filepath.Join(t.TempDir(), "out")
	if err := l.Export(t.Context(), "96", dir, nil); err != nil {
		t.Fatal(err)
	}
	before := content(t, l.sql)
	l.landDir(t, dir, db.ImportOptions{})
	sameContent(t, "its own export", before, content(t, l.sql))
	other.landDir(t, dir, db.ImportOptions{})
	want, got := said(t, l.sql), said(t, other.sql)
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(want[table], got[table]) {
			t.Errorf("%s: %q came back as %q", table, want[table], got[table])
		}
	}
	if r := other.derive(t, db.DeriveOptions{}); r.Changed != 0 || r.Derived != 3 {
		t.Errorf("deriving what came back: %+v", r)
	}
}

// TestUndrawn names what can't be drawn, and takes a polygon away that nothing supports any more.
func TestUndrawn(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	files := plot()
	files["units.csv"] += "hamlet,H4,4,ap,commune,32002,2004-08-31,,\ncommune,32005,Tắc Vân,xa,province,96,2004-08-31,,\nhamlet,H5,5,ap,commune,32005,2004-08-31,,\n"
	files["addresses.csv"] += "dia_chi_so,9600000091,105.04,9.02,household,H5\ndia_chi_so,9600000092,105.04,9.02,household,H2\ndia_chi_so,9600000093,105.02,9.005,household,H5\n"
	l.land(t, files, db.ImportOptions{})
	r := l.derive(t, db.DeriveOptions{Day: parse("2020-01-01")})
	if len(r.Undrawn) != 2 || r.Undrawn[0] != (db.UndrawnHamlet{Code: "H4", Name: "ấp 4", Reason: db.UndrawnNoAddress}) ||
		r.Undrawn[1] != (db.UndrawnHamlet{Code: "H5", Name: "ấp 5", Reason: db.UndrawnNoCommune}) || r.Declaring != 63 || len(r.Conflicts) != 4 {
		t.Errorf("%+v", r)
	}
	if c := r.Conflicts[2]; c.Code != "9600000092" || !c.Outside || c.LiesIn != "" || c.Metres == nil || *c.Metres < 2000 {
		t.Errorf("an address outside its commune: %+v", c)
	}
	if c := r.Conflicts[1]; c.Code != "9600000091" || c.Outside || c.Metres != nil {
		t.Errorf("an address in no commune that declares a hamlet of one without a polygon: %+v", c)
	}
	if c := r.Conflicts[3]; c.Code != "9600000093" || !c.Outside || c.LiesIn == "" || c.Metres != nil {
		t.Errorf("an address in one commune that declares a hamlet of another, which has no polygon: %+v", c)
	}
	var out bytes.Buffer
	var back db.DeriveReport
	if err := r.WriteJSON(&out); err != nil || json.Unmarshal(out.Bytes(), &back) != nil || len(back.Conflicts) != 4 {
		t.Errorf("the report as JSON: %v %s", err, out.String())
	}
	// Nobody declares H3 any more.
	var kept []string
	for line := range strings.Lines(files["addresses.csv"]) {
		kept = append(kept, strings.ReplaceAll(line, ",H3", ","))
	}
	l.land(t, edited(only(files), map[string]string{"addresses.csv": strings.Join(kept, "")}), db.ImportOptions{})
	if got := drawnBy(t, l); !strings.HasPrefix(got["H3"], "derived") {
		t.Errorf("an import took a derived polygon away: %v", got)
	}
	l.derive(t, db.DeriveOptions{})
	if got := drawnBy(t, l); got["H3"] != "" {
		t.Errorf("H3 is still drawn: %v", got)
	}
}

func TestDeriveRefuses(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	if _, err := l.DeriveHamlets(t.Context(), db.DeriveOptions{Province: "96", Rule: divide.Default}); !db.IsNotFound(err) {
		t.Errorf("a province that is not loaded: %v", err)
	}
	if _, err := l.DeriveHamlets(t.Context(), db.DeriveOptions{Province: "96", Rule: divide.Options{LeastShare: 2}}); err == nil || !strings.Contains(err.Error(), "exclave") {
		t.Errorf("an exclave of 2: %v", err)
	}
	files := plot()
	files["units.csv"] = `level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry,derived_from
province,96,Cà Mau,tinh,,,2004-08-31,,,
commune,32002,An Xuyên,xa,province,96,2004-08-31,,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))",4
commune,32003,An,xa,province,96,2004-08-31,,,
hamlet,H1,1,ap,commune,32003,2004-08-31,,,3
hamlet,H2,2,ap,commune,32003,2004-08-31,,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))",0
hamlet,H3,3,ap,commune,32003,2004-08-31,,"POLYGON((105 9,105.03 9,105.03 9.01,105 9.01,105 9))",5
`
	delete(files, "addresses.csv")
	found := problems(l.land(t, files, db.ImportOptions{}), "bad_value")
	if len(found) != 3 || found[0].Line != 3 || found[1].Line != 5 || found[2].Line != 6 {
		t.Errorf("derived_from of a commune, without a geometry, of no address: %+v", found)
	}
	if got := drawnBy(t, l); len(got) != 1 || !strings.HasPrefix(got["H3"], "derived") {
		t.Errorf("a derived polygon in a bundle: %v", got)
	}
}
