package synthetic

// match puts a file's communes into the order of the land's; false if they aren't the same.
func (r *realUnits) match(l *land) bool {
	if len(r.communes) != len(l.after) {
		return false
	}
	shapes := make([]shape, len(l.after))
	for i, u := range r.communes {
		k := indexOf(l.after, u.code)
		if k < 0 {
			return false
		}
		shapes[k] = r.shapes[i]
	}
	for _, s := range shapes {
		if s == nil {
			return false
		}
	}
	r.shapes = shapes
	return true
}

// newPlain makes a land without history: each commune of the file is one cell.
func newPlain(r *realUnits) *land {
	l := &land{plain: true, facts: &facts{units: []unit{r.province}}, start: r.province.from}
	for i, u := range r.communes {
		c := commune{unit: u, cells: []int{i}}
		m := r.shapes[i][0][0]
		u.lon, u.lat = m[0].lon, m[0].lat
		l.before, l.between, l.after = append(l.before, c), append(l.between, c), append(l.after, c)
		l.cells = append(l.cells, cell{old: i, mid: i, new: i, areaShare: 1, urban: u.kind != "xa"})
		l.start = max(l.start, u.from)
	}
	return l
}

// people counts who lives in the communes that have cells; where no figure is published,
// as many as commonly live on such an area.
func (l *land) people() float64 {
	sum := 0.0
	for i := range l.after {
		if c := &l.after[i]; !c.fromBL {
			sum += c.people()
		}
	}
	return sum
}

func (c *commune) people() float64 {
	if c.population > 0 {
		return float64(c.population)
	}
	return c.areaKm2 * 210
}
