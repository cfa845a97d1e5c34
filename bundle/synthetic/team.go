package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// teamCode is the code of a hamlet's first, second … team.
func (h *hamlet) teamCode(k int) string {
	if k == 0 {
		return "CNS" + h.code
	}
	return fmt.Sprintf("CNS%s-%d", h.code, k+1)
}

// span is a team's time.
type span struct{ from, to int64 } // to 0: goes on

// teams lists a hamlet's teams in order.
func (s *story) teams() []span {
	var list []span
	first := s.founded
	if s.gapFrom != 0 {
		list = append(list, span{s.founded, s.gapFrom})
		first = s.gapTo
	}
	list = append(list, span{first, s.dissolved})
	if s.refounded != 0 {
		list = append(list, span{s.refounded, 0})
	}
	return list
}

// teamOn returns the code of the team at work on a day, "" if none.
func (h *hamlet) teamOn(d int64) string {
	for k, t := range h.teams() {
		if t.from <= d && (t.to == 0 || d < t.to) {
			return h.teamCode(k)
		}
	}
	return ""
}

var organizations = []string{"Chi bộ %s", "Ban nhân dân %s", "Đoàn Thanh niên %s", "Hội Phụ nữ %s", "Hội Nông dân %s", "Hội Cựu chiến binh %s", "Công an xã phụ trách %s", "Bưu điện văn hóa xã", "VNPT Cà Mau", "Viettel Cà Mau"}

// kindName is how a kind is written before a name.
var kindName = map[string]string{"ap": "ấp", "khom": "khóm", "xa": "xã", "phuong": "phường", "thi_tran": "thị trấn", "huyen": "huyện", "thanh_pho": "thành phố", "tinh": "tỉnh"}

func (u *unit) fullName() string   { return kindName[u.kind] + " " + u.name }
func (h *hamlet) fullName() string { return kindName[h.kind] + " " + h.name }

// writeTeams writes a hamlet's teams and their members.
func (l *land) writeTeams(ts tables, i int, p plots) {
	h := &l.hamlets[i]
	r := stream(l.seed, forTeam, uint64(i))
	serial := 0
	for k, t := range h.teams() {
		var lon, lat any
		if x, y, ok := l.base(i, p, r); ok {
			lon, lat = degrees(x, y)
		}
		ts["teams"].put(h.teamCode(k), "Tổ công nghệ số cộng đồng "+h.fullName(), "hamlet", "cnscd", h.code,
			fmt.Sprintf("Quyết định %d/QĐ-UBND của UBND %s", 20+r.IntN(180), l.communeNameOn(h, t.from)), date(t.from), date(t.to), lon, lat)
		current := t.from <= figureDay && (t.to == 0 || figureDay < t.to)
		l.writeMembers(ts["members"], h, k, t, current, &serial, r)
	}
}

// base is where a team meets: by a house amid the hamlet, or at the commune's office.
func (l *land) base(i int, p plots, r *rand.Rand) (x, y float64, ok bool) {
	h := &l.hamlets[i]
	switch {
	case h.noBase:
		return 0, 0, false
	case h.officeBase:
		s := l.seat(l.before[l.cells[h.cell].old].cells)
		return s.x + 0.02*r.Float64(), s.y + 0.02*r.Float64(), true
	}
	best, low := spot{}, math.Inf(1)
	for _, s := range l.houses(i, 5, p, r) {
		if d := dist2(s.x, s.y, h.x, h.y); d < low {
			best, low = s, d
		}
	}
	return best.x, best.y, true
}

// seat is where a commune of several cells has its offices: amid the one with most people,
// or, among equals, the most built.
func (l *land) seat(cells []int) spot {
	best := cells[0]
	for _, id := range cells {
		if l.cells[id].people > l.cells[best].people {
			best = id
		}
	}
	return l.centre(best)
}

func degrees(x, y float64) (any, any) {
	lon, lat := toDegrees(x, y)
	return lon, lat
}

// writeMembers writes a team's members: exactly the quota on 2024-09-30 for the team at
// work that day, and those who came and went before and after.
func (l *land) writeMembers(o *out, h *hamlet, k int, t span, current bool, serial *int, r *rand.Rand) {
	put := func(role string, joined, left int64) {
		if t.to != 0 && (left == 0 || left > t.to) {
			left = t.to
		}
		if left != 0 && left <= joined {
			return
		}
		*serial++
		var trained date
		if r.Float64() < 0.82 {
			if d := joined + 5 + r.Int64N(120); d <= lastDay && (left == 0 || d < left) {
				trained = date(d)
			}
		}
		org := organizations[r.IntN(len(organizations))]
		if len(org) > 3 && org[len(org)-2:] == "%s" {
			org = fmt.Sprintf(org, h.fullName())
		}
		o.put(fmt.Sprintf("TV%s%03d", h.code, *serial), h.teamCode(k), role, org, date(joined), date(left), trained)
	}
	n := h.members
	if !current {
		n = 3 + r.Int64N(4)
	}
	for m := range n {
		role := "member"
		switch m {
		case 0:
			role = "lead"
		case 1:
			role = "deputy"
		}
		joined := t.from
		if m > 1 && current && r.Float64() < 0.25 {
			joined = between(r, t.from, figureDay)
		}
		left := int64(0)
		if current && r.Float64() < 0.07 {
			left = between(r, figureDay+30, lastDay-60)
			put(role, joined, left)
			if r.Float64() < 0.8 { // somebody follows
				put(role, left, 0)
			}
			continue
		}
		put(role, joined, left)
	}
	if current && figureDay-t.from > 200 && r.Float64() < 0.35 { // one who left before that day
		put("member", t.from, between(r, t.from+60, figureDay))
	}
	if current && t.to == 0 && r.Float64() < 0.15 { // one who came later
		put("member", between(r, figureDay+1, lastDay-30), 0)
	}
}

// writeService writes the units that a team serves beside its own.
func (l *land) writeService(o *out) {
	early := 0
	for i := range l.hamlets {
		h := &l.hamlets[i]
		n := l.besides(i)
		if n < 0 {
			continue
		}
		m := &l.hamlets[n]
		k := len(m.teams()) - 1
		switch {
		case h.helped && m.dissolved == 0:
			to := date(0)
			if i%2 == 0 {
				to = date(min(lastDay-20, h.dissolved+240))
			}
			o.put(m.teamCode(k), "hamlet", h.code, date(h.dissolved), to)
		case h.commune && h.dissolved == 0:
			from := max(h.teams()[len(h.teams())-1].from+30, day("2023-02-01"))
			o.put(h.teamCode(len(h.teams())-1), "commune", l.communeOn(h, from), date(from), date(from+300))
		case m.gapFrom == 0 && m.founded+60 < h.founded && early < max(2, len(l.hamlets)/45):
			early++ // until the hamlet has a team of its own
			o.put(m.teamCode(0), "hamlet", h.code, date(m.founded+30), date(h.founded))
		}
	}
}

// besides returns the nearest of the hamlets that touch this one, or -1 for an island.
func (l *land) besides(i int) int {
	if l.nextTo == nil {
		l.nextTo = l.touching()
	}
	return int(l.nextTo[i])
}

// writeTaskForces writes the Project 06 task forces: one for the province, one of its
// police, one for every district, commune and hamlet. They are never counted as teams.
func (l *land) writeTaskForces(o *out) {
	from := day("2022-04-15")
	put := func(code, name, level, unitCode string, from, to int64) {
		o.put(code, name, level, "de_an_06", unitCode, "Đề án 06, Quyết định 06/QĐ-TTg", date(from), date(to), nil, nil)
	}
	name := ""
	for i := range l.facts.units {
		if u := &l.facts.units[i]; u.level == "province" {
			name = u.fullName()
		}
	}
	put("DA06-"+l.province, "Tổ công tác Đề án 06 "+name, "province", l.province, from, 0)
	put("DA06-CA", "Tổ công tác Đề án 06 Công an "+name, "province", l.province, from, 0)
	for i := range l.facts.units {
		if u := &l.facts.units[i]; u.level == "district" {
			put("DA06-"+u.code, "Tổ công tác Đề án 06 "+u.fullName(), "district", u.code, from+10, reformDay)
		}
	}
	for i := range l.before {
		if l.plain {
			break
		}
		u := &l.before[i].unit
		put("DA06-"+u.code, "Tổ công tác Đề án 06 "+u.fullName(), "commune", u.code, from+20+int64(i%15), l.ends(u))
	}
	opened := reformDay
	if l.plain {
		opened = from
	}
	for i := range l.after {
		if u := &l.after[i].unit; !l.after[i].fromBL {
			put("DA06-"+u.code+"-2025", "Tổ công tác Đề án 06 "+u.fullName(), "commune", u.code, opened, 0)
		}
	}
	for i := range l.hamlets {
		h := &l.hamlets[i]
		put("DA06-"+h.code, "Tổ công tác Đề án 06 "+h.fullName(), "hamlet", h.code, from+45+int64(i%60), 0)
	}
}

// ends is the day an old commune's offices close: when it merges into one with another
// code, else with the reform.
func (l *land) ends(u *unit) int64 {
	for _, s := range l.facts.successions {
		if s.level == "commune" && s.on == mergeDay && s.from == u.code && s.to != u.code {
			return mergeDay
		}
	}
	return reformDay
}
