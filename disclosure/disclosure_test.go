package disclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

var secret = []byte("a secret of these tests")

// drawTable makes any table: trees of any shape, mostly small counts.
func drawTable(t *rapid.T) *Table {
	units := rapid.IntRange(1, 40).Draw(t, "units")
	statuses := rapid.IntRange(1, 5).Draw(t, "statuses")
	table := &Table{Parents: []int{-1}}
	for s := range statuses {
		table.Statuses = append(table.Statuses, fmt.Sprint("status ", s))
	}
	for u := range units {
		table.Names = append(table.Names, fmt.Sprint("unit ", u))
		if u > 0 {
			table.Parents = append(table.Parents, rapid.IntRange(0, u-1).Draw(t, "parent"))
		}
		most := rapid.SampledFrom([]int{0, 1, 4, 12, 3000}).Draw(t, "most")
		table.Rest = append(table.Rest, rapid.SliceOfN(rapid.IntRange(0, most), statuses, statuses).Draw(t, "rest"))
	}
	return table
}

// checkNeighbours checks what Round promises of each count.
func checkNeighbours(t interface{ Errorf(string, ...any) }, base int, table *Table, rounded [][]int) {
	neighbour := func(what string, u, s, exact, published int) {
		if published%base != 0 || published < 0 || published-exact >= base || exact-published >= base || exact%base == 0 && exact != published {
			t.Errorf("%s of unit %d, status %d: %d published as %d", what, u, s, exact, published)
		}
	}
	sum := func(counts []int) (n int) {
		for _, c := range counts {
			n += c
		}
		return n
	}
	exact, rest := table.Totals(), make([][]int, len(rounded))
	for u := range rounded {
		rest[u] = append([]int(nil), rounded[u]...)
	}
	for u, p := range table.Parents[1:] {
		for s, n := range rounded[u+1] {
			rest[p][s] -= n
		}
	}
	for u := range rounded {
		for s := range rounded[u] {
			neighbour("total", u, s, exact[u][s], rounded[u][s])
			neighbour("rest", u, s, table.Rest[u][s], rest[u][s])
		}
		neighbour("all", u, -1, sum(exact[u]), sum(rounded[u]))
		neighbour("rest of all", u, -1, sum(table.Rest[u]), sum(rest[u]))
	}
}

func TestEveryTableIsRoundedToNeighboursThatAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		base := rapid.IntRange(LeastBase, 12).Draw(t, "base")
		r, err := NewRounder(base, append(secret, byte(rapid.IntRange(0, 255).Draw(t, "secret"))))
		if err != nil {
			t.Fatal(err)
		}
		rounded, err := r.Round(table)
		if err != nil {
			t.Fatal(err)
		}
		checkNeighbours(t, base, table, rounded)
		again, _ := NewRounder(base, r.secret)
		if other, _ := again.Round(table); !reflect.DeepEqual(other, rounded) {
			t.Errorf("the same table is rounded to %v and %v", rounded, other)
		}
		if idle, _ := r.Round(&Table{table.Names, table.Parents, table.Statuses, restOf(table, rounded)}); !reflect.DeepEqual(idle, rounded) {
			t.Errorf("a rounded table changes when rounded")
		}
	})
}

// restOf is what of totals lies in no part.
func restOf(table *Table, totals [][]int) [][]int {
	rest := make([][]int, len(totals))
	for u := range totals {
		rest[u] = append([]int(nil), totals[u]...)
	}
	for u, p := range table.Parents[1:] {
		for s, n := range totals[u+1] {
			rest[p][s] -= n
		}
	}
	return rest
}

// TestEveryValueUnderTheBaseMayBeBehindAFigure holds what the package says of hiding: beside a published table, those with one
// leaf more or less are published as the same by some secret.
func TestEveryValueUnderTheBaseMayBeBehindAFigure(t *testing.T) {
	const base = 5
	r, err := NewRounder(base, secret)
	if err != nil {
		t.Fatal(err)
	}
	table := province(rand.New(rand.NewPCG(1, 2)), 3, 4, 9)
	published, err := r.Round(table)
	if err != nil {
		t.Fatal(err)
	}
	other := &Table{table.Names, table.Parents, table.Statuses, restOf(table, published)}
	for u := range other.Rest {
		for s, counted := range other.Rest[u] {
			for n := max(0, counted-base+1); n < counted+base; n++ {
				other.Rest[u][s] = n
				if !somehowPublishedAs(t, other, published) {
					t.Fatalf("unit %d, status %d: %d is never published as %d", u, s, n, counted)
				}
			}
			other.Rest[u][s] = counted
		}
	}
}

func somehowPublishedAs(t *testing.T, table *Table, want [][]int) bool {
	for n := range 400 {
		r, err := NewRounder(5, fmt.Appendf(nil, "secret number %09d", n))
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Round(table)
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(got, want) {
			return true
		}
	}
	return false
}

// province makes a table of communes, hamlets in them, and households of which few are in no hamlet.
func province(rng *rand.Rand, communes, hamlets, most int) *Table {
	t := &Table{Statuses: []string{"guided", "attempted", "not visited"}}
	add := func(name string, parent, most int) int {
		t.Names, t.Parents = append(t.Names, name), append(t.Parents, parent)
		t.Rest = append(t.Rest, []int{rng.IntN(most + 1), rng.IntN(most/5 + 1), rng.IntN(most + 1)})
		return len(t.Names) - 1
	}
	all := add("everything", -1, 0)
	top := add("province", all, 3)
	for c := range communes {
		commune := add(fmt.Sprint("commune ", c), top, 6)
		for h := range hamlets {
			add(fmt.Sprint("hamlet ", c, "/", h), commune, most)
		}
	}
	return t
}

func TestARoundedFigureIsRightOnAverage(t *testing.T) {
	const base, secrets = 5, 400
	table := province(rand.New(rand.NewPCG(3, 4)), 8, 14, 40)
	exact := table.Totals()
	bias := 0.0
	worst := 0.0
	means := make([][]float64, len(exact))
	for n := range secrets {
		r, err := NewRounder(base, fmt.Appendf(nil, "secret number %09d", n))
		if err != nil {
			t.Fatal(err)
		}
		rounded, err := r.Round(table)
		if err != nil {
			t.Fatal(err)
		}
		for u := range rounded {
			if means[u] == nil {
				means[u] = make([]float64, len(table.Statuses))
			}
			for s := range rounded[u] {
				means[u][s] += float64(rounded[u][s]-exact[u][s]) / secrets
			}
		}
	}
	cells := 0
	for u := range means {
		for _, m := range means[u] {
			bias += m
			worst = max(worst, math.Abs(m))
			cells++
		}
	}
	bias /= float64(cells)
	t.Logf("mean error %.3f households, of the worst cell %.2f", bias, worst)
	if math.Abs(bias) > 0.1 || worst > 1.5 { // a draw's own noise is 2.5/√400 = 0.12
		t.Errorf("the mean error is %.3f households, of the worst cell %.2f", bias, worst)
	}
}

func TestWhatDoesNotChangeStaysAsItWasPublished(t *testing.T) {
	r, err := NewRounder(5, secret)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	table := province(rng, 30, 14, 40)
	before, err := r.Round(table)
	if err != nil {
		t.Fatal(err)
	}
	const changes = 20
	changed := map[int]bool{}
	for range changes {
		u := 1 + rng.IntN(len(table.Names)-1)
		table.Rest[u][rng.IntN(3)]++
		for ; u >= 0; u = table.Parents[u] {
			changed[u] = true
		}
	}
	after, err := r.Round(table)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for u := range after {
		if !changed[u] && !reflect.DeepEqual(before[u], after[u]) {
			moved++
		}
	}
	t.Logf("%d of %d units without a change are published otherwise", moved, len(after)-len(changed))
	if moved > 3*changes {
		t.Errorf("%d changes moved %d units that did not change", changes, moved)
	}
}

func TestATableThatIsNoneIsRefused(t *testing.T) {
	if _, err := NewRounder(2, secret); err == nil {
		t.Error("base 2: whoever sees two figures of a count knows it")
	}
	if _, err := NewRounder(5, []byte("short")); err == nil {
		t.Error("a secret that can be guessed")
	}
	r, err := NewRounder(5, secret)
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]*Table{
		"nothing":             {},
		"a parent that comes": {[]string{"a", "b"}, []int{-1, 1}, []string{"s"}, [][]int{{1}, {1}}},
		"two tops":            {[]string{"a", "b"}, []int{-1, -1}, []string{"s"}, [][]int{{1}, {1}}},
		"less than nothing":   {[]string{"a"}, []int{-1}, []string{"s"}, [][]int{{-1}}},
		"a count too few":     {[]string{"a"}, []int{-1}, []string{"s", "t"}, [][]int{{1}}},
	} {
		if _, err := r.Round(table); err == nil {
			t.Errorf("%s is rounded", name)
		}
	}
}

// BenchmarkRound rounds a province of 64 communes and 896 hamlets: one month of the demo.
func BenchmarkRound(b *testing.B) {
	table := province(rand.New(rand.NewPCG(7, 8)), 64, 14, 400)
	r, err := NewRounder(5, secret)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Round(table); err != nil {
			b.Fatal(err)
		}
	}
}
