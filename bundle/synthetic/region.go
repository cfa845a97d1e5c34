package synthetic

// commune is an old or a new commune of the drawn province.
type commune struct {
	unit
	cells  []int // its cells
	fromBL bool  // a new commune none of whose predecessors was of this province
}

// cell is the ground that one succession moved: part of one old and of one new commune.
// Hamlets divide it.
type cell struct {
	old, mid, new int // indexes of communes: before 2024-12-01, until 2025-07-01, since
	areaShare     float64
	areaKm2       float64
	people        float64
	urban         bool
	hamlets       []int
	x, y          float64 // middle, km
}

// land is the province divided: communes of all times, cells and hamlets.
type land struct {
	facts *facts
	ground
	seed     uint64
	province string    // its code
	plain    bool      // no history: the communes are those of the file, one cell each
	start    int64     // plain: the day they begin
	hide     *Hidden   // nil: hamlets are drawn
	oddness  float64   // how much likelier oddities are than in the full province
	before   []commune // on 2024-09-30: 101
	between  []commune // from 2024-12-01 to 2025-07-01: 100
	after    []commune // since 2025-07-01: 64
	cells    []cell
	hamlets  []hamlet
	nextTo   []int32 // per hamlet: a touching one; made by besides
}

// validOn says whether a unit exists on a day.
func (u *unit) validOn(d int64) bool { return u.from <= d && (u.to == 0 || d < u.to) }

// communesOn returns the communes of one day.
func (f *facts) communesOn(d int64) []commune {
	var list []commune
	for _, u := range f.units {
		if u.level == "commune" && u.validOn(d) {
			list = append(list, commune{unit: u})
		}
	}
	return list
}

func indexOf(list []commune, code string) int {
	for i := range list {
		if list[i].code == code {
			return i
		}
	}
	return -1
}

// newLand lists communes and cells; the ground is divided by draw.
func newLand(f *facts) *land {
	l := &land{facts: f, before: f.communesOn(figureDay), between: f.communesOn(mergeDay), after: f.communesOn(reformDay)}
	merged := map[string]string{} // old code → code after 2024-12-01
	for i := range l.before {
		merged[l.before[i].code] = l.before[i].code
	}
	for _, s := range f.successions {
		if s.level == "commune" && s.on == mergeDay {
			merged[s.from] = s.to
		}
	}
	for _, s := range f.successions {
		if s.level != "commune" || s.on != reformDay {
			continue
		}
		for i := range l.before {
			if merged[l.before[i].code] != s.from {
				continue
			}
			c := cell{old: i, mid: indexOf(l.between, s.from), new: indexOf(l.after, s.to)}
			c.urban = l.before[i].kind != "xa"
			c.areaShare = 1
			switch o := l.before[i]; {
			case o.kind == "phuong" && len(o.name) <= 2:
				c.areaShare = 0.16
			case o.kind == "phuong":
				c.areaShare = 0.35
			case o.kind == "thi_tran":
				c.areaShare = 0.5
			}
			if s.extent == "part" {
				c.areaShare *= 0.55
			}
			id := len(l.cells)
			l.cells = append(l.cells, c)
			l.before[c.old].cells = append(l.before[c.old].cells, id)
			l.between[c.mid].cells = append(l.between[c.mid].cells, id)
			l.after[c.new].cells = append(l.after[c.new].cells, id)
		}
	}
	for i := range l.after {
		l.after[i].fromBL = len(l.after[i].cells) == 0
	}
	return l
}

func filled(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

func (l *land) cellNamed(old, new string) int {
	for i, c := range l.cells {
		if l.before[c.old].code == old && l.after[c.new].code == new {
			return i
		}
	}
	return -1
}
