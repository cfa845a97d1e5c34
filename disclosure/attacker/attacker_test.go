package attacker

import "testing"

// TestWhatIsSuppressedByItselfIsFound: a count left out of a sum that is told is what the rest leaves.
func TestWhatIsSuppressedByItselfIsFound(t *testing.T) {
	var k Knowledge
	hidden, a, b := k.Count("hidden"), k.Count("a"), k.Count("b")
	k.Learn(1, 4, []int{hidden}) // it is under 5, and not 0
	k.Learn(12, 12, []int{a})
	k.Learn(30, 30, []int{b})
	k.Learn(45, 45, []int{hidden, a, b})
	if low, high := k.Bounds(); low[hidden] != 3 || high[hidden] != 3 {
		t.Errorf("the hidden count is %d to %d", low[hidden], high[hidden])
	}
}

// TestSumsRoundedByThemselvesAreFound: four counts of 1, each told as 5, and their sum of 4 told as 0: they do not add up, and that tells all.
func TestSumsRoundedByThemselvesAreFound(t *testing.T) {
	var k Knowledge
	var parts []int
	for _, name := range []string{"a", "b", "c", "d"} {
		part := k.Count(name)
		parts = append(parts, part)
		k.Learn(1, 9, []int{part})
	}
	k.Learn(0, 4, parts)
	low, high := k.Bounds()
	for _, part := range parts {
		if low[part] != 1 || high[part] != 1 {
			t.Errorf("%s is %d to %d", k.Name(part), low[part], high[part])
		}
	}
}

// TestClaimsTogetherTellMore: no claim by itself tells more of a count, all together do.
func TestClaimsTogetherTellMore(t *testing.T) {
	var k Knowledge
	a, b, c := k.Count("a"), k.Count("b"), k.Count("c")
	k.Learn(2, 2, []int{a, b})
	k.Learn(2, 2, []int{b, c})
	k.Learn(2, 2, []int{a, c})
	if low, high := k.Bounds(); low[a] != 0 || high[a] != 2 {
		t.Errorf("one by one they tell that a is %d to %d", low[a], high[a])
	}
	low, high, err := k.Exact(t.Context(), t.TempDir(), a)
	if err != nil || low != 1 || high != 1 {
		t.Errorf("a is %d to %d, %v", low, high, err)
	}
}

// TestADifferenceIsFollowed: claims about counts less others.
func TestADifferenceIsFollowed(t *testing.T) {
	var k Knowledge
	all, part := k.Count("all"), k.Count("part")
	k.Learn(0, Infinity, []int{all}, part)
	k.Learn(0, 4, []int{all})
	k.Learn(3, Infinity, []int{part})
	if low, high := k.Bounds(); low[all] != 3 || high[part] != 4 {
		t.Errorf("all is from %d, part up to %d", low[all], high[part])
	}
	k.Learn(-1, -1, []int{part}, all)
	if low, high := k.Bounds(); low[all] != 4 || high[part] != 3 {
		t.Errorf("all is from %d, part up to %d", low[all], high[part])
	}
}
