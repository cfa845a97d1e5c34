package synthetic

// The services of the province, in the table's order: the first three are counted in
// households and reproduce published figures.
var services = []struct{ code, vi, en, countedIn string }{
	{"online_public_service", "Dịch vụ công trực tuyến", "Online public services", "household"},
	{"e_payment", "Thanh toán điện tử", "Electronic payment", "household"},
	{"e_commerce", "Sàn thương mại điện tử", "E-commerce account", "household"},
	{"vneid", "Định danh điện tử VNeID", "VNeID digital identity", "person"},
	{"health_record", "Sổ sức khoẻ điện tử", "Electronic health record", "record"},
	{"vncare_account", "Tài khoản vnCare", "vnCare health account", "account"},
	{"health_booking", "Đặt lịch khám bệnh", "Medical appointment", "visit"},
}

// adoptions writes what a household took up: exactly what the quota marks is current on
// 2024-09-30; the rest came and went before, or came after.
func (m *home) adoptions(x *household, marked [3]bool) {
	r := m.r
	put := func(service int, from, to int64) {
		m.ts["adoptions"].put(x.code, services[service].code, date(from), date(to))
	}
	until := lastDay // the last day something can be taken up
	if x.to != 0 {
		until = x.to - 1
	}
	if x.firstVisit == 0 {
		// a few needed nobody to show them
		if from := max(x.from, figureDay+1); from <= until && r.Float64() < 0.0009*m.oddness {
			put(1, between(r, from, until), 0)
		}
		return
	}
	start := x.firstGuided
	for k := range 3 {
		switch {
		case marked[k]:
			from := between(r, start, min(figureDay, start+100))
			if from > start+20 && r.Float64() < 0.006 { // gave it up and came back
				put(k, start, between(r, start+1, from))
			}
			to := int64(0)
			if r.Float64() < 0.012 && figureDay+1 < until {
				to = between(r, figureDay+1, until)
			}
			put(k, from, to)
		case start == 0:
		case x.core && start < figureDay-60 && r.Float64() < 0.02:
			put(k, start, between(r, start+30, figureDay)) // given up by that day
		case r.Float64() < [3]float64{0.42, 0.38, 0.05}[k]:
			if from := max(start, figureDay+1); from <= until {
				put(k, between(r, from, until), 0)
			}
		}
	}
	if start != 0 && start <= until {
		for k, chance := range [3]float64{0.05, 0.035, 0.02} {
			if r.Float64() < chance {
				put(3+k, between(r, start, min(until, start+200)), 0)
			}
		}
	}
}
