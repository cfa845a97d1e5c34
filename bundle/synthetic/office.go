package synthetic

import (
	"fmt"
	"strconv"

	"vunglom/bundle/published"
)

// writeOffices writes the communes' one-stop counters and some post offices. The old
// communes' counters close when their commune ends; the new ones open at their seats.
func (l *land) writeOffices(o *out) {
	for i := range l.before {
		if l.plain {
			break // their counters are those below
		}
		u := &l.before[i].unit
		s := l.seat(l.before[i].cells)
		lon, lat := degrees(s.x, s.y)
		o.put("MC"+u.code, "one_stop", "Bộ phận Một cửa "+u.fullName(), u.code, lon, lat, date(day("2012-01-02")+int64(i*3)), date(l.ends(u)))
	}
	opened := reformDay
	if l.plain {
		opened = firstDay
	}
	for i := range l.after {
		u := &l.after[i].unit
		s := l.seatOf(i)
		lon, lat := degrees(s.x, s.y)
		o.put("HCC"+u.code, "one_stop", "Trung tâm Phục vụ hành chính công "+u.fullName(), u.code, lon, lat, date(opened), date(0))
	}
	for i := range l.before {
		if u := &l.before[i].unit; u.kind != "xa" || i%3 == 0 {
			s := l.seat(l.before[i].cells)
			lon, lat := degrees(s.x+0.15, s.y-0.1)
			o.put("BD"+u.code, "post_office", "Bưu điện "+u.fullName(), u.code, lon, lat, date(day("2008-03-03")), date(0))
		}
	}
	if l.plain {
		return
	}
	o.put("KH-VNPT", "other", "Điểm hỗ trợ chuyển đổi số TP. Cà Mau", "", 105.1522, 9.1769, date(day("2023-04-10")), date(0))
}

// seatOf is where a new commune has its offices: where the predecessor had them whose
// code, or else whose name, it bears, and else amid its people.
func (l *land) seatOf(i int) spot {
	c := &l.after[i]
	if c.fromBL {
		x, y := toPlane(c.lon, c.lat)
		return spot{x, y}
	}
	var same []int
	for _, id := range c.cells {
		if old := &l.before[l.cells[id].old]; old.code == c.code || old.name == c.name && same == nil {
			same = []int{id}
		}
	}
	if same == nil {
		same = c.cells
	}
	return l.seat(same)
}

func (l *land) writeServices(o *out) {
	for _, s := range services {
		o.put(s.code, s.vi, s.en, s.countedIn)
	}
}

func (l *land) writeTargets(o *out) {
	source := "Mục tiêu minh hoạ / illustrative target"
	put := func(measure, level, code string, share float64, due string) {
		o.put(measure, level, code, share, date(day(due)), source)
	}
	put("guided", "", "", 0.7, "2024-12-31")
	put("guided", "", "", 0.85, "2026-12-31")
	put("online_public_service", "", "", 0.7, "2026-12-31")
	put("e_payment", "", "", 0.6, "2026-12-31")
	put("e_commerce", "", "", 0.05, "2026-12-31")
	if l.plain {
		return
	}
	put("guided", "commune", "32248", 0.6, "2026-12-31")
	put("guided", "commune", "32002", 0.9, "2026-12-31")
}

// writeDesignations writes plausible designations of hard areas; the real lists are the
// state's, these only show how such rows look.
func (l *land) writeDesignations(o *out) {
	put := func(level, code, scheme, value string, from, to int64) {
		o.put(level, code, scheme, value, "Minh hoạ / illustrative", date(from), date(to))
	}
	areaFrom := day("2021-06-04")
	if l.plain {
		for i := range l.after {
			if v := []string{"III", "II", "I"}[i%3]; l.after[i].kind == "xa" && unitHash(l.seed, i, 200) < 0.3 {
				put("commune", l.after[i].code, "khu_vuc", v, firstDay, 0)
			}
		}
		put("commune", l.after[len(l.after)-1].code, "xa_dao", "co", firstDay, 0)
	}
	area := map[string]string{"973": "III", "971": "II", "966": "II", "972": "I", "970": "I"}
	seen := map[int]bool{}
	for i := range l.before {
		u := &l.before[i].unit
		v, ok := area[u.parent]
		if !ok || u.kind != "xa" || unitHash(l.seed, i, 200) > 0.45 {
			continue
		}
		put("commune", u.code, "khu_vuc", v, areaFrom, reformDay)
		if n := l.cells[l.before[i].cells[0]].new; !seen[n] {
			seen[n] = true
			put("commune", l.after[n].code, "khu_vuc", v, reformDay, 0)
		}
	}
	if !l.plain {
		put("commune", "32245", "xa_dao", "co", day("2022-01-01"), reformDay)
		put("commune", "32248", "xa_dao", "co", reformDay, 0)
	}
	hard, silent := 0, 0
	for _, i := range l.ranked(201) {
		h := &l.hamlets[i]
		far := l.cape(h) || h.isle >= 0
		if far && hard < max(2, len(l.hamlets)/60) {
			hard++
			put("hamlet", h.code, "dac_biet_kho_khan", "co", areaFrom, reformDay)
			put("hamlet", h.code, "dac_biet_kho_khan", "co", reformDay, 0)
		}
		if (far || unitHash(l.seed, i, 202) < 0.1) && silent < max(3, len(l.hamlets)/50) {
			silent++
			switch silent % 3 {
			case 0: // since then a mast stands there
				put("hamlet", h.code, "trang_song", "co", day("2022-01-01"), day("2024-06-15")+int64(silent))
			case 1:
				put("hamlet", h.code, "trang_song", "co", day("2022-01-01"), reformDay)
				put("hamlet", h.code, "trang_song", "co", reformDay, 0)
			default:
				put("hamlet", h.code, "lom_song", "co", day("2023-05-10"), reformDay)
			}
		}
	}
}

// writeReports writes what was published about the province, as published: "more than"
// is a lower bound, and a share keeps its own base. These are facts, each with its source.
func (l *land) writeReports(o *out) error {
	if l.province != Province {
		return nil // no totals are published: unknown, not 0
	}
	rows, err := published.Reports(l.province)
	if err != nil {
		return err
	}
	optionalDay := func(cell string) date {
		if cell == "" {
			return 0
		}
		return date(day(cell))
	}
	for _, r := range rows {
		value, err := strconv.ParseFloat(r[3], 64)
		if err != nil {
			return fmt.Errorf("published figures: %w", err)
		}
		var share any
		if r[8] != "" {
			if share, err = strconv.ParseFloat(r[8], 64); err != nil {
				return fmt.Errorf("published figures: %w", err)
			}
		}
		o.put(r[0], r[1], r[2], value, r[4], optionalDay(r[5]), optionalDay(r[6]), r[7], share, r[9])
	}
	return nil
}
