package bundle

// Lines is a set of line numbers of a file. It takes a bit for each line that the file has up to the last of them, so
// that a file of which every line is in it takes no more than an eighth of its lines in bytes.
type Lines struct {
	pages map[int64]*[linesOfPage / 64]uint64
	count int64
}

// linesOfPage is how many lines share a page: a file with few lines in the set takes a page for each of them.
const linesOfPage = 1 << 12

// Add puts a line in and tells whether it was not there yet.
func (l *Lines) Add(line int64) bool {
	if l.pages == nil {
		l.pages = map[int64]*[linesOfPage / 64]uint64{}
	}
	page := l.pages[line/linesOfPage]
	if page == nil {
		page = new([linesOfPage / 64]uint64)
		l.pages[line/linesOfPage] = page
	}
	at := line % linesOfPage
	if page[at/64]>>(at%64)&1 != 0 {
		return false
	}
	page[at/64] |= 1 << (at % 64)
	l.count++
	return true
}

// Has tells whether a line is in the set.
func (l *Lines) Has(line int64) bool {
	if l == nil {
		return false
	}
	page := l.pages[line/linesOfPage]
	at := line % linesOfPage
	return page != nil && page[at/64]>>(at%64)&1 != 0
}

// Len is how many lines are in the set.
func (l *Lines) Len() int64 {
	if l == nil {
		return 0
	}
	return l.count
}
