package synthetic

// hidden tells what an address of a hamlet declares where hamlets are hidden. Luck is drawn apart from the province's
// own, so that hiding moves no house. Serial tells the hamlet's addresses apart.
func (l *land) hidden(hamlet, serial int) (code string) {
	key := mix(l.seed, forHidden, uint64(hamlet))
	if unitHash(key, serial, 0) >= l.hide.Declare {
		return ""
	}
	if unitHash(key, serial, 1) < l.hide.Misdeclare {
		if wrong := l.mistaken(hamlet, unitHash(key, serial, 2), unitHash(key, serial, 3)); wrong >= 0 {
			return l.hamlets[wrong].code
		}
	}
	return l.hamlets[hamlet].code
}

// mistaken is the hamlet that is written instead: the next one, as a surveyor takes it who does not know the border, or
// any other of the commune, as a slip of the pen does; -1 where there is none.
func (l *land) mistaken(hamlet int, slip, which float64) int {
	if slip < 0.8 {
		return l.besides(hamlet)
	}
	var others []int
	for _, id := range l.before[l.cells[l.hamlets[hamlet].cell].old].cells {
		for _, h := range l.cells[id].hamlets {
			if h != hamlet {
				others = append(others, h)
			}
		}
	}
	if len(others) == 0 {
		return -1
	}
	return others[int(which*float64(len(others)))]
}
