package bundle

import "testing"

func linesOf(lines ...int64) *Lines {
	l := new(Lines)
	for _, line := range lines {
		l.Add(line)
	}
	return l
}

func TestLines(t *testing.T) {
	var none *Lines
	if none.Has(1) || none.Len() != 0 {
		t.Error("no set holds something")
	}
	var l Lines
	for _, line := range []int64{1, 64, linesOfPage - 1, linesOfPage, 9_000_000_000} {
		if l.Has(line) || !l.Add(line) || l.Add(line) || !l.Has(line) || l.Has(line+1) && line != linesOfPage-1 {
			t.Errorf("line %d", line)
		}
	}
	if l.Len() != 5 {
		t.Errorf("%d lines", l.Len())
	}
}
