package db_test

import (
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestCarriedIntoAUnitThatGoesOn: the own report of a commune that takes another in is one part's; where nothing is known
// of the other part, the sum isn't known either. Nor is it known what of a report goes to which part of a split without addresses.
func TestCarriedIntoAUnitThatGoesOn(t *testing.T) {
	t.Parallel()
	box := func(i string) string {
		return `"POLYGON((105.` + i + ` 9,105.` + i + `9 9,105.` + i + `9 9.01,105.` + i + ` 9.01,105.` + i + ` 9))"`
	}
	unit := func(code, from, to, area string) string {
		return "commune," + code + ",Xã " + code + ",xa,province,96," + from + "," + to + "," + box(area) + "\n"
	}
	files := map[string]string{
		"bundle.json": `{"province": "96", "as_of": "2025-12-31", "source": "merger", "synthetic": true}`,
		"units.csv": "level,code,name,kind,parent_level,parent_code,valid_from,valid_to,geometry\nprovince,96,Cà Mau,tinh,,,2004-01-01,,\n" +
			unit("32001", "2004-01-01", "", "1") + unit("32002", "2004-01-01", "2025-01-01", "2") +
			unit("32006", "2004-01-01", "", "4") + unit("32007", "2004-01-01", "2025-01-01", "5") +
			unit("32003", "2004-01-01", "2025-01-01", "3") + unit("32004", "2025-01-01", "", "6") + unit("32005", "2025-01-01", "", "7"),
		"successions.csv": "from_level,from_code,to_level,to_code,effective_on,extent\n" +
			"commune,32002,commune,32001,2025-01-01,whole\ncommune,32007,commune,32006,2025-01-01,whole\n" +
			"commune,32003,commune,32004,2025-01-01,part\ncommune,32003,commune,32005,2025-01-01,part\n",
		"reports.csv": "level,unit_code,measure,value,qualifier,as_of,base,share,source\n" +
			"commune,32001,households_guided,100,gte,2024-06-30,hộ,0.5,Sở\ncommune,32003,households_guided,7,gte,2024-06-30,hộ,0.5,Sở\n" +
			"commune,32006,households_guided,40,gte,2024-06-30,hộ,0.5,Sở\ncommune,32007,households_guided,2,gte,2024-06-30,hộ,0.9,Sở\n",
	}
	d := dbtest.New(t)
	if _, err := importDir(t, d, write(t, files), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code   string
		guided int // -1: unknown
		note   string
	}{
		{"32001", -1, "vào ngày 2024-09-30 không có số liệu nào về xã Xã 32002, nơi có một phần địa bàn của đơn vị này; không cộng một phần chưa biết như là 0 / " +
			"nothing is known on 2024-09-30 of xã Xã 32002, of which this unit has a part; an unknown part is not added as 0"},
		{"32004", -1, "không biết vào ngày 2024-09-30 địa bàn này thuộc đơn vị nào: không có địa chỉ hộ, và không có một đơn vị duy nhất mà nó kế tục / " +
			"nothing tells to which unit its ground belonged on 2024-09-30: no household address, and no single unit that it continued"},
		{"32006", 42, "tổng của phần chia từ 2 báo cáo; tỷ lệ của chúng có mẫu số riêng nên không tính trung bình / " +
			"the sum of parts of 2 reports; their shares stand on bases of their own and are not averaged"},
	} {
		unit, err := d.UnitByRef(t.Context(), db.Ref{Level: db.LevelCommune, Code: c.code}, parse("2025-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		on := db.OnBoundaries{OnDay: db.OnDay{Key: unit.Key(), Day: parse("2024-09-30")}, Boundaries: parse("2025-06-30")}
		found, err := d.CoverageOn(t.Context(), []db.OnBoundaries{on})
		if err != nil {
			t.Fatal(err)
		}
		got, basis := found[on], db.BasisReport
		if c.guided < 0 {
			basis = db.BasisNone
		}
		if got.Basis != basis || got.Share != nil || (got.Guided == nil) != (c.guided < 0) || got.Guided != nil && *got.Guided != c.guided {
			t.Errorf("%s: %v", c.code, shown(got))
		}
		if got.Note == nil || !strings.EqualFold(*got.Note, c.note) {
			t.Errorf("%s: the note is %v, want %q", c.code, text(got.Note), c.note)
		}
	}
}

func text(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}
