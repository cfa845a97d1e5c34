package synthetic

import "fmt"

// writeOtherAddresses writes a hamlet's addresses of other schemes and kinds, surveyed
// after the day of the figures.
func (l *land) writeOtherAddresses(a *out, i int, p plots) {
	h := &l.hamlets[i]
	r := stream(l.seed, forExtra, uint64(i))
	n := 1 + r.IntN(2)
	if h.built {
		n += r.IntN(8)
	}
	for k, s := range l.houses(i, int64(n), p, r) {
		serial := i*10 + k
		lon, lat := degrees(s.x, s.y)
		scheme, code, kind, label := "local", "NVH"+h.code, "public", "Nhà văn hoá "+h.fullName()
		switch {
		case k == 3:
			scheme, code, kind, label = "dinh_danh_dia_diem", fmt.Sprintf("%s.%s.%d", l.province, h.code, k), "agency", ""
		case k > 0:
			scheme, code, kind, label = "vpostcode", fmt.Sprintf("VN%s%08d", l.province, serial), "business", ""
		}
		if k == 5 {
			kind = "other"
		}
		declared := h.code
		if l.hide != nil {
			declared = l.hidden(i, -1-k)
		}
		a.put(scheme, code, lon, lat, kind, "", declared, label, date(between(r, day("2025-08-04"), day("2026-03-27"))))
	}
}

// writeStrays writes what lies nowhere: addresses off the coast, in no polygon, who lives
// there, and households that have neither an address nor declare where they belong.
func (l *land) writeStrays(ts tables) {
	a, hh := ts["addresses"], ts["households"]
	r := stream(l.seed, forExtra, 1<<40)
	rafts := 0
	for _, p := range l.offshore() { // fish farms
		if r.Float64() > 0.02 {
			continue
		}
		rafts++
		lon, lat := degrees(p.x, p.y)
		code := fmt.Sprintf("BE%03d", rafts)
		a.put("local", code, lon, lat, "other", "", "", fmt.Sprintf("Bè nuôi cá số %d", rafts), date(day("2025-09-15")+int64(rafts)))
		if rafts <= 6 {
			hh.put(fmt.Sprintf("HHBE%03d", rafts), "local", code, "", "", whole(1+r.IntN(4)), date(day("2025-10-01")+int64(rafts)), date(0))
		}
		if rafts == 14 {
			break
		}
	}
	for k := range 9 { // boat people: neither address nor declaration
		hh.put(fmt.Sprintf("HHGHE%03d", k+1), "", "", "", "", whole(1+r.IntN(5)), date(day("2025-03-03")+int64(11*k)), date(0))
	}
}
