package db_test

import (
	"fmt"
	"strings"
	"testing"

	"vunglom/db"
)

// TestHamletByName declares hamlets by name: the one of that name in the declared commune on that day is taken, and no other.
func TestHamletByName(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	files := map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test", "synthetic": true}`,
		"units.csv": `level,code,name,kind,parent_level,parent_code,valid_from,valid_to
province,96,Cà Mau,tinh,,,2004-08-31,
commune,A,An Xuyên,xa,province,96,2004-08-31,
commune,B,Tắc Vân,xa,province,96,2004-08-31,
hamlet,H1,Khánh Vân,ap,commune,A,2004-08-31,
hamlet,H2,Khánh Vân,ap,commune,B,2004-08-31,
hamlet,H3,Tân Ân,ap,commune,A,2004-08-31,
hamlet,H4,Tấn Ấn,khom,commune,A,2004-08-31,
hamlet,H5,Xẻo Cũ,ap,commune,A,2004-08-31,2020-01-01
hamlet,H6,Xẻo Cũ,ap,commune,A,2020-01-01,
`,
		"addresses.csv": `scheme,code,lon,lat,kind,commune_code,hamlet_code,surveyed_on
local,1,105,9,household,A,Khánh Vân,
local,2,105,9,household,B,ẤP  KHANH VAN,
local,3,105,9,household,A,Tân Ân,
local,4,105,9,household,A,khóm Tấn Ấn,
local,5,105,9,household,,Khánh Vân,
local,6,105,9,household,A,Xẻo Cũ,
local,7,105,9,household,A,Xẻo Cũ,2019-01-01
local,8,105,9,household,A,H2,
local,9,105,9,household,B,Tân Ân,
local,10,105,9,household,C,Khánh Vân,
`,
		"households.csv": `code,address_scheme,address_code,commune_code,hamlet_code,registered_on
a,,,A,Khánh Vân,2022-06-01
b,local,99,A,Khánh Vân,2022-06-01
c,,,A,Tân Ân,2022-06-01
d,,,A,Xẻo Cũ,2019-12-31
`,
	}
	r := l.land(t, files, db.ImportOptions{})
	if got, want := strings.Join(texts(t, l.sql, `select code || ' ' || hamlet_code from address union all select code || ' ' || hamlet_code from household order by 1`), ", "),
		"1 H1, 2 H2, 4 H4, 6 H6, 7 H5, 8 H2, a H1, d H5"; got != want {
		t.Errorf("declared: %s; want %s", got, want)
	}
	var taken []string
	for _, p := range problems(r, "name_for_code") {
		if !p.Kept || p.Column != "hamlet_code" || !strings.Contains(p.Message, "write the code") {
			t.Errorf("%+v", p)
		}
		taken = append(taken, fmt.Sprintf("%s:%d %s", p.File, p.Line, p.Value))
	}
	if got, want := strings.Join(taken, ", "), "addresses.csv:2 Khánh Vân, addresses.csv:3 ẤP  KHANH VAN, addresses.csv:5 khóm Tấn Ấn, addresses.csv:7 Xẻo Cũ, addresses.csv:8 Xẻo Cũ, "+
		"households.csv:2 Khánh Vân, households.csv:5 Xẻo Cũ"; got != want {
		t.Errorf("taken as codes: %s; want %s", got, want)
	}
	says := map[string]string{
		"addresses.csv:4":  "Tân Ân is the name of 2 hamlets of commune A on 2024-09-30 (H3, H4); write the code of the one that is meant",
		"addresses.csv:6":  "no hamlet has the code Khánh Vân on 2024-09-30, but it is a name; give the commune_code too, or write the code",
		"addresses.csv:10": "no hamlet has the code Tân Ân on 2024-09-30, and none of commune B that name; correct it, or add that unit to units",
		"households.csv:4": "Tân Ân is the name of 2 hamlets of commune A on 2022-06-01 (H3, H4); write the code of the one that is meant",
	}
	for _, p := range problems(r, "reference") {
		where := fmt.Sprintf("%s:%d", p.File, p.Line)
		if want, ok := says[where]; ok {
			if p.Message != want || p.Kept {
				t.Errorf("%s: %q, want %q", where, p.Message, want)
			}
			delete(says, where)
		}
	}
	if len(says) > 0 {
		t.Errorf("not said: %v", says)
	}
	before := content(t, l.sql)
	l.land(t, files, db.ImportOptions{})
	sameContent(t, "the same names again", before, content(t, l.sql))
}
