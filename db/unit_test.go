package db_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestUnitPages reads every unit of a day page by page, the children of every unit, and the way back up.
func TestUnitPages(t *testing.T) {
	t.Parallel()
	l := load(t, 31)
	keys := l.keys(t)
	for _, day := range l.days {
		var want, got []string
		var on []db.OnDay
		var units []*wunit
		for _, level := range []string{"province", "district", "commune", "hamlet"} {
			var codes []string
			for _, u := range l.units {
				if u.level == level && u.valid(day) {
					codes = append(codes, level+" "+u.code)
					on = append(on, db.OnDay{Key: keys[u], Day: parse(day)})
					units = append(units, u)
				}
			}
			slices.Sort(codes)
			want = append(want, codes...)
		}
		for page := (db.PageArgs{First: 5}); ; {
			answer, err := l.d.Units(t.Context(), db.UnitFilter{}, parse(day), page)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Total != len(want) {
				t.Errorf("%s: total %d, want %d", day, answer.Total, len(want))
			}
			for _, u := range answer.Items {
				got = append(got, string(u.Level)+" "+u.Code)
			}
			if !answer.More {
				break
			}
			page.After = answer.Cursors[len(answer.Cursors)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", day, got, want)
		}
		ctx, statements := db.CountStatements(t.Context())
		children, err := l.d.Children(ctx, on, db.PageArgs{First: 3})
		if err != nil {
			t.Fatal(err)
		}
		ancestors, err := l.d.Ancestors(ctx, on)
		if err != nil {
			t.Fatal(err)
		}
		if n := statements.Load(); n != 2 {
			t.Errorf("%d statements", n)
		}
		for i, u := range units {
			var below, above []string
			for _, c := range units {
				if c.parentLevel == u.level && c.parentCode == u.code {
					below = append(below, c.code)
				}
			}
			slices.Sort(below)
			page := children[on[i]]
			if page.Total != len(below) || page.More != (len(below) > 3) || len(page.Items) != min(3, len(below)) {
				t.Fatalf("%s %s on %s: %d children of %d, want %v", u.level, u.code, day, len(page.Items), page.Total, below)
			}
			for n, c := range page.Items {
				if c.Code != below[n] {
					t.Errorf("child %d of %s %s on %s is %s, want %s", n, u.level, u.code, day, c.Code, below[n])
				}
			}
			for _, a := range l.chain(u, day)[1:] {
				above = append(above, a.code)
			}
			var got []string
			for _, a := range ancestors[on[i]] {
				got = append(got, a.Code)
			}
			if !slices.Equal(got, above) {
				t.Errorf("above %s %s on %s: %v, want %v", u.level, u.code, day, got, above)
			}
		}
	}
}

// names is a province of names that are hard to find.
var names = map[string]string{
	"bundle.json": `{"province": "96", "as_of": "2024-09-30", "source": "test"}`,
	"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to\n" +
		"province,96,Cà Mau,tinh,,,2004-01-01,\n" +
		"district,964,Cà Mau,thanh_pho,province,96,2004-01-01,\n" +
		"district,970,Đầm Dơi,huyen,province,96,2004-01-01,\n" +
		"commune,32002,4,phuong,district,964,2004-01-01,2024-12-01\n" +
		"commune,32003,10,phuong,district,964,2004-01-01,\n" +
		"commune,32152,Đầm Dơi,thi_tran,district,970,2004-01-01,\n" +
		"commune,32155,Tạ An Khương,xa,district,970,2004-01-01,\n" +
		"commune,32047,Khánh An,xa,district,970,2004-01-01,\n" +
		"commune,32048,Khanh Ân,xa,district,970,2004-01-01,\n" +
		"commune,32188,Rạch Gốc,thi_tran,district,970,2004-01-01,\n" +
		"commune,32201,Hòa Thành,xa,district,970,2004-01-01,\n" +
		"commune,32202,Thuỷ Lợi,xa,district,970,2004-01-01,\n" +
		"hamlet,A,10,khom,commune,32152,2004-01-01,\n" +
		"hamlet,B,4,khom,commune,32152,2004-01-01,\n" +
		"hamlet,C,4,khom,commune,32188,2004-01-01,\n" +
		"hamlet,D,Khu phố,ap,commune,32155,2004-01-01,\n" +
		"hamlet,E,100%,ap,commune,32155,2004-01-01,\n",
}

func TestSearch(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if _, err := importDir(t, d, write(t, names), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	other := map[string]string{
		"bundle.json": `{"province": "95", "as_of": "2024-09-30", "source": "test"}`,
		"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to\n" +
			"province,95,Bạc Liêu,tinh,,,2004-01-01,\n" +
			"hamlet,A,4,khom,province,95,2004-01-01,\n",
	}
	if _, err := importDir(t, d, write(t, other), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, day string
		level     db.Level
		within    *db.Ref
		codes     string // the first hits
		score     float64
	}{
		{text: "dam doi", codes: "970 32152", score: 0.85},
		{text: "Ðầm Dơi", codes: "970 32152", score: 0.95}, // with eth
		{text: "ĐẦM  DƠI", codes: "970 32152", score: 0.95},
		{text: "huyện Đầm Dơi", codes: "970 32152", score: 1},
		{text: "xã khánh an", codes: "32047 32048", score: 1},
		{text: "xa khanh an", codes: "32048 32047", score: 0.9},
		{text: "Khanh Ân", codes: "32048 32047", score: 0.95},
		{text: "TT. Rạch Gốc", codes: "32188", score: 1},
		{text: "TT.Rạch Gốc", codes: "32188", score: 1},
		{text: "thi tran rach goc", codes: "32188", score: 0.9},
		{text: "khom 4", codes: "A B C", score: 0.9},
		{text: "khom 4", within: &db.Ref{Level: db.LevelCommune, Code: "32188"}, codes: "C", score: 0.9},
		{text: "khóm", level: db.LevelHamlet, codes: "A B C A", score: 0.8},
		{text: "Phường 4", codes: "32002", score: 1},
		{text: "P.4", codes: "32002", score: 1},
		{text: "p 10", codes: "32003", score: 1},
		{text: "TP. Cà Mau", codes: "964", score: 1},
		{text: "Hoà Thành", codes: "32201", score: 0.95}, // the newer placement of the tone
		{text: "Thủy Lợi", codes: "32202", score: 0.95},
		{text: "Thuy\u0309 Lợi", codes: "32202", score: 0.95}, // in NFD
		{text: "ấp Khu phố", codes: "D", score: 1},
		{text: "khu phố", codes: "D", score: 0.95},
		{text: "100%", codes: "E", score: 0.95},
		{text: "an khuong", codes: "32155"},
		{text: "rach gok", codes: "32188"},
	} {
		day := c.day
		if day == "" {
			day = "2024-09-30"
		}
		hits, err := d.Search(t.Context(), db.SearchArgs{Text: c.text, Level: c.level, Within: c.within, Day: parse(day), First: 10})
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, h := range hits {
			codes = append(codes, h.Unit.Code)
		}
		if !strings.HasPrefix(strings.Join(codes, " ")+" ", c.codes+" ") {
			t.Errorf("%q: %v, want %s", c.text, codes, c.codes)
			continue
		}
		if c.score != 0 && (hits[0].Score < c.score-0.1 || hits[0].Score > c.score+1e-9 || (c.score > 0.8 && hits[0].Score != c.score)) {
			t.Errorf("%q: score %v, want %v", c.text, hits[0].Score, c.score)
		}
	}
	hits, err := d.Search(t.Context(), db.SearchArgs{Text: "Phường 4", Day: parse("2024-12-01"), First: 10})
	if err != nil || slices.ContainsFunc(hits, func(h db.Hit) bool { return h.Unit.Code == "32002" }) {
		t.Errorf("a name is found after its time: %v, %v", hits, err)
	}
	var e *db.Error
	if _, err := d.UnitByRef(t.Context(), db.Ref{Level: db.LevelHamlet, Code: "A"}, parse("2024-09-30")); !errors.As(err, &e) || e.Code != db.CodeBadInput || !strings.Contains(e.Message, "95/A, 96/A") {
		t.Errorf("a code of two provinces: %v", err)
	}
	if u, err := d.UnitByRef(t.Context(), db.Ref{Level: db.LevelHamlet, Code: "95/A"}, parse("2024-09-30")); err != nil || u.Province != "95" {
		t.Errorf("a code with its province: %+v, %v", u, err)
	}
	if token, err := d.Snapshot(t.Context()); err != nil || len(token) != 16 {
		t.Errorf("snapshot of two provinces: %q, %v", token, err)
	}
}
